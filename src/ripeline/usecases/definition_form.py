"""A definition as a form: its usual values as fields, and fields that were changed written back into the text."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ripeline.definition.edit import with_value, without
from ripeline.definition.model import Accrual, Decay, Definition, Fade, HalfLife, Step
from ripeline.definition.read import check_text
from ripeline.definition.told import facts_of_criterion, facts_of_signal
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.points import micro_of, points_text
from ripeline.vocabulary.scores import ACTIONS

Fields = Mapping[str, str]
"""By the place of a value in the file, such as "fit/criteria/buyer/points": what a person reads and writes."""

LONGEST: Final = 1_000
"""Characters in a field."""

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,6})?")
_DAYS: Final = re.compile(r"[1-9][0-9]{0,3}")
_DECAYS: Final = {HalfLife: "half_life", Fade: "fade", Step: "step"}


def fields_of(definition: Definition) -> dict[str, str]:
    """Return the fields of a definition in the order of the file."""
    return dict(_fields(definition))


def with_fields(text: str, definition: Definition, said: Fields, zones: Collection[str]) -> str:
    """Return the text with all fields changed that say something else than it does; every other character stays.

    definition: of the text; said: fields that are not in it are not looked at. InputError where a value cannot be, also
    where the whole would be wrong with it.
    """
    now = fields_of(definition)
    for place, value in said.items():
        if place in now and value.strip() != now[place]:
            text = _written(text, Place(place, _called(place, now)), value.strip(), said)
    must_be_right(text, definition.name, zones)
    return text


def must_be_right(text: str, name: str, zones: Collection[str]) -> None:
    """Raise InputError with the first thing that is wrong with a text."""
    wrong = next((issue for issue in check_text(text, name, zones)[1] if issue.is_error), None)
    if wrong is not None:
        raise InputError(f"{wrong.message}; {wrong.hint}" if wrong.hint else wrong.message)


def number_said(what: str, value: str) -> Decimal:
    """Return a number that somebody wrote as it stands in the file, or raise InputError.

    >>> number_said("points", "+2.50")
    Decimal('2.5')
    """
    return Decimal(points_text(micro_said(what, value)))


def micro_said(what: str, value: str) -> int:
    """Return the micro-points that somebody wrote, or raise InputError."""
    if not _NUMBER.fullmatch(value):
        raise InputError(f'{what}: "{value}" is no number; write such as 25, -5 or 0.5')
    return micro_of(value)


def decay_said(what: str, kind: str, days: str) -> dict[str, str]:
    """Return a decay that somebody chose as it stands in the file, or raise InputError."""
    if kind not in {"half_life", "fade"}:
        raise InputError(f'{what}: points fade by half_life or fade, not by "{kind}"')
    if not _DAYS.fullmatch(days):
        raise InputError(f'{what}: in how many days they fade is a whole number from 1 to 9999, not "{days}"')
    return {kind: f"{days}d"}


def _fields(definition: Definition) -> Iterator[tuple[str, str]]:
    for criterion in definition.fit.criteria:
        yield from _of_rule(f"fit/criteria/{criterion.name}", facts_of_criterion(criterion))
    for part, levels in (("fit", definition.fit.levels), ("engagement", definition.engagement.levels)):
        yield from ((f"{part}/levels/{level.name}", points_text(level.lowest)) for level in levels)
    for signal in definition.engagement.signals:
        at = f"engagement/signals/{signal.name}"
        yield from _of_rule(at, facts_of_signal(signal))
        if signal.points > 0:
            yield f"{at}/cap", "" if signal.cap is None else points_text(signal.cap)
        if isinstance(signal.form, Accrual):
            yield f"{at}/decay", _DECAYS.get(type(signal.form.decay), "none")
            yield f"{at}/days", _days(signal.form.decay)
    for row, cells in definition.matrix.items():
        yield from ((f"matrix/{row}/{column}", cell.action) for column, cell in cells.items())


def _of_rule(at: str, facts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield f"{at}/label", facts["label"]
    yield f"{at}/points", facts["points"]
    yield f"{at}/when", facts.get("when", "")


def _days(decay: Decay) -> str:
    match decay:
        case HalfLife(days) | Fade(days):
            return str(days)
        case Step(_, every):
            return str(every)
    return ""


# ---- writing ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands. called: what people call the rule or level that it is of."""

    text: str
    called: str

    @property
    def path(self) -> list[str]:
        """The keys from the top."""
        return self.text.split("/")


def _called(place: str, now: Fields) -> str:
    at = place.rpartition("/")[0]
    return now.get(f"{at}/label", place.rpartition("/")[2])


def _written(text: str, place: Place, value: str, said: Fields) -> str:
    if len(value) > LONGEST:
        raise InputError(f"{place.called}: at most {LONGEST:,} characters")
    top, kind, *_, last = place.path
    if top == "matrix":
        return _with_action(text, place.path, value)
    if kind == "levels":
        return with_value(text, place.path, number_said(f"where {place.called} begins", value))
    return _WRITERS[last](text, place, value, said)


def _with_action(text: str, path: list[str], value: str) -> str:
    if value not in ACTIONS:
        raise InputError(f'there is no action "{value}"; actions are {", ".join(ACTIONS)}')
    with suppress(InputError):  # a cell may be an action, or a mapping that has one
        return with_value(text, [*path, "action"], value)
    return with_value(text, path, value)


def _with_label(text: str, place: Place, value: str, _: Fields) -> str:
    if not value:
        raise InputError(f"{place.called}: it must be called something")
    return with_value(text, place.path, value)


def _with_number(text: str, place: Place, value: str, _: Fields) -> str:
    if not value and place.path[-1] == "cap":
        return without(text, place.path)
    return with_value(text, place.path, number_said(f"points of {place.called}", value))


def _with_condition(text: str, place: Place, value: str, _: Fields) -> str:
    return with_value(text, place.path, value) if value else without(text, place.path)


def _with_decay(text: str, place: Place, _: str, said: Fields) -> str:
    """Write both fields of a decay: it does no harm to write them twice."""
    *at, _ = place.path
    kind, days = (said.get("/".join([*at, name]), "").strip() for name in ("decay", "days"))
    if kind in {"none", ""}:
        return without(text, [*at, "decay"])
    if kind == "step":
        return text
    return with_value(text, [*at, "decay"], decay_said(place.called, kind, days))


_WRITERS: Final[Mapping[str, Callable[[str, Place, str, Fields], str]]] = {
    "label": _with_label,
    "points": _with_number,
    "cap": _with_number,
    "when": _with_condition,
    "decay": _with_decay,
    "days": _with_decay,
}
