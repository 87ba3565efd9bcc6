"""Which handoffs, or which lines of the log of stages, somebody asks for."""

from collections.abc import Mapping

from ripeline.ports.handoffs import USUAL, HandoffsAsked, StagesAsked
from ripeline.vocabulary.handoffs import STATES
from ripeline.vocabulary.issues import InputError, did_you_mean

MOST = 1_000
MOST_WHOLE = 10**15 - 1
"""More than there ever are of anything; every store can hold it."""


def handoffs_asked(parameters: Mapping[str, str]) -> HandoffsAsked:
    """Return which handoffs parameters ask for: `state=open,waiting&owner=maria&limit=50`.

    Raises InputError for a parameter that is not known or takes something else.
    """
    must_be(parameters, ("state", "owner", "lead", "definition", "limit", "offset"))
    states = tuple(part for part in parameters.get("state", "").split(",") if part)
    for state in states:
        if state not in STATES:
            raise InputError(f'no handoff is "{state}"; {did_you_mean(state, STATES)}')
    equal = {name: parameters[name] for name in ("owner", "definition") if name in parameters}
    limit, offset = min(whole(parameters, "limit", USUAL), MOST), whole(parameters, "offset", 0)
    return HandoffsAsked(equal, states, limit, offset, parameters.get("lead"))


def stages_asked(parameters: Mapping[str, str]) -> StagesAsked:
    """Return which lines of the log of stages parameters ask for."""
    must_be(parameters, ("after", "lead", "definition", "limit"))
    limit = max(1, min(whole(parameters, "limit", USUAL), MOST))
    return StagesAsked(whole(parameters, "after", 0), parameters.get("definition"), parameters.get("lead"), limit)


def must_be(parameters: Mapping[str, str], known: tuple[str, ...]) -> None:
    """Raise InputError for a parameter that is not known."""
    for name in parameters:
        if name not in known:
            raise InputError(f'"{name}" is no parameter; {did_you_mean(name, known)}')


def whole(parameters: Mapping[str, str], name: str, usual: int) -> int:
    """Return a parameter that is a whole number.

    >>> whole({"limit": "50"}, "limit", 100), whole({}, "limit", 100)
    (50, 100)
    """
    text = parameters.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST_WHOLE))):
        raise InputError(f"{name} takes a whole number from 0 to {MOST_WHOLE:,}")
    return int(text)
