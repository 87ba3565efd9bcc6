"""Score leads: everybody at one instant, or each at its own."""

from collections.abc import Sequence

from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked, Engine, Progress, Scores
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.issues import InputError


def score(plan: Plan, engine: Engine, asked: Asked, progress: Progress, *, known_only: bool = False) -> Scores:
    """Return the scores that were asked for. known_only: of known persons, not of anonymous visitors."""
    scores = engine.score(plan, asked, progress)
    if known_only:
        scores.keep_known()
    return scores


def asked_at(plan: Plan, now_us: int, as_of: str | None, known_at: str | None) -> Asked:
    """Return what a command asks for; as_of and known_at as text, now and everything where not given."""
    at = now_us if as_of is None else instant_of_text(as_of, plan.zone)
    return Asked(at, None if known_at is None else instant_of_text(known_at, plan.zone))


def asked_rows(plan: Plan, rows: Sequence[tuple[str, str]], known_at: str | None) -> Asked:
    """Return what a file of (lead, as_of) rows asks for."""
    moments = tuple((lead, _at(plan, lead, as_of, line)) for line, (lead, as_of) in enumerate(rows, start=2))
    if not moments:
        raise InputError("the file of moments has no rows")
    known = None if known_at is None else instant_of_text(known_at, plan.zone)
    return Asked(max(at for _, at in moments), known, moments)


def _at(plan: Plan, lead: str, as_of: str, line: int) -> int:
    if not lead:
        raise InputError(f"line {line} of the file of moments names no lead")
    try:
        return instant_of_text(as_of, plan.zone)
    except InputError as error:
        raise InputError(f"line {line} of the file of moments: {error}") from error
