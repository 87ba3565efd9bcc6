"""A definition in sentences, for anyone in the company: what an MQL is here, and what becomes of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ripeline.definition.model import (
    Accrual,
    Cell,
    Criterion,
    Decay,
    Definition,
    Fade,
    Form,
    Frequency,
    FrequencyCap,
    HalfLife,
    Inactivity,
    Level,
    Measure,
    Promise,
    Signal,
    Step,
    TraitUnits,
)
from ripeline.definition.render import condition_text
from ripeline.definition.told import share_text
from ripeline.definition.words import WHOLE
from ripeline.usecases.report.words import enumerated
from ripeline.vocabulary.points import points_text

DOES: Final = {
    "handoff": "hand over to sales now",
    "follow_up": "let a salesperson follow up",
    "nurture": "keep nurturing",
    "remove": "remove from the contact database",
    "none": "do nothing",
}
"""What each action means."""

_UNITS: Final = {"h": "business hour", "m": "business minute", "d": "business day"}
_MEASURES: Final = {
    "count": "each time",
    "days": "for each day with it",
    "visits": "for each visit",
    "minutes": "for each minute",
}


@dataclass(frozen=True, slots=True)
class RuleTold:
    """One rule. points: with their sign; how: when they count, and how they fade; of: which events, by their names.

    asks: whether it asks for sales; when: of a rule of fit, its condition as the definition writes it.
    """

    label: str
    points: str
    how: str
    of: str = ""
    asks: bool = False
    when: str = ""


def mql_text(definition: Definition) -> str:
    """Return in one or two sentences what an MQL is."""
    raised = [one.label for one in definition.engagement.signals if one.hand_raise is not None]
    whose = "An account is" if definition.per == "account" else "A lead is"
    columns = dict.fromkeys(column for _, column, _ in handed_over(definition))
    has = [f"{_rows(definition, column)} fit with {column} interest" for column in columns]
    asked = f"asked for sales ({enumerated(raised, 'or')})" if raised else ""
    when = ", or ".join(part for part in (f"has {enumerated(has, 'or')}" if has else "", asked) if part)
    known = f" Its {enumerated(definition.required, 'or')} must be known." if definition.required else ""
    return f"{whose} marketing qualified (an MQL) when it {when or 'never is'}.{known}"


def handed_over(definition: Definition) -> list[tuple[str, str, Cell]]:
    """Return the cells whose leads sales gets now, as (fit, interest, cell)."""
    cells = ((row, column, cell) for row, found in definition.matrix.items() for column, cell in found.items())
    return [one for one in cells if one[2].action == "handoff"]


def _rows(definition: Definition, column: str) -> str:
    return enumerated([row for row, here, _ in handed_over(definition) if here == column], "or")


def levels_text(levels: Sequence[Level]) -> str:
    """Return where levels begin.

    >>> levels_text([Level("good", 50_000_000), Level("fair", 25_000_000), Level("poor", 0)])
    'good from 50 points, fair from 25 points, else poor'
    """
    *others, last = levels
    return ", ".join([*(f"{one.name} from {_points(one.lowest)}" for one in others), f"else {last.name}"])


def criterion_told(one: Criterion) -> RuleTold:
    """Return a rule of fit in words."""
    trusted = "only what was imported or sent by a server counts" if one.trusted else ""
    return RuleTold(one.label, signed(one.points), trusted, when=condition_text(one.when))


def signal_told(one: Signal) -> RuleTold:
    """Return a rule of interest in words."""
    return RuleTold(one.label, signed(one.points), "; ".join(_how(one)), _of(one.form), one.hand_raise is not None)


def promises(definition: Definition) -> list[str]:
    """Return what sales promises, a sentence each."""
    given = definition.handoff
    told = (
        (given.accept_within, "A handoff is accepted or rejected within {}."),
        (given.first_touch_within, "The lead is contacted within {}."),
        (given.raise_accept_within, "Who asked for sales is accepted within {}."),
        (given.raise_first_touch_within, "Who asked for sales is contacted within {}."),
    )
    return [sentence.format(_promise(promise)) for promise, sentence in told if promise is not None]


def afterwards(definition: Definition) -> list[str]:
    """Return what becomes of leads later, a sentence each."""
    stages = definition.stages
    floors = ((stages.fall_engagement, "interest"), (stages.fall_fit, "fit"))
    falls = enumerated([f"{what} under {points_text(least)}" for least, what in floors if least is not None], "or")
    falls = falls or "when it no longer meets the definition"
    return [
        f"An MQL is a lead again {'with ' if 'under' in falls else ''}{falls}.",
        f"Who was rejected by sales does not qualify again for {stages.cool_down} days.",
        f"Who belongs in a cell that removes for {stages.remove_after} days comes on the removal list.",
    ]


def signed(micro: int) -> str:
    """Return points with their sign.

    >>> signed(5_000_000), signed(-500_000)
    ('+5', '-0.5')
    """
    return f"{'+' if micro > 0 else ''}{points_text(micro)}"


# ---- one signal ---------------------------------------------------------------------------------------------


def _how(one: Signal) -> Iterator[str]:
    yield from _form(one.form)
    if one.cap is not None:
        yield f"{points_text(one.cap)} at most together"
    if one.floor is not None:
        yield f"{points_text(one.floor)} at least together"
    if one.gate is not None:
        yield f"only where {condition_text(one.gate)}"
    if one.weak:
        yield "supports other evidence, and never carries a lead alone"
    if one.trusted:
        yield "only what was imported or sent by a server counts"


def _form(form: Form) -> Iterator[str]:
    match form:
        case TraitUnits(trait):
            yield f"for each unit of {trait}"
        case Inactivity(_, days):
            yield f"while there was none for {_days(days)}"
        case Frequency(_, measure, cap, least, window, without):
            yield f"once, while {_at_least(least, measure)} within {_days(window)}"
            if without is not None:
                yield f"and no {enumerated(without.names or (f'other {without.type}',), 'or')} in that time"
            yield from _frequency_cap(cap)
        case Accrual(_, measure, decay, cap, within):
            yield _MEASURES.get(measure.kind, f"for each unit of {measure.field}")
            yield from _fades(decay)
            yield from _frequency_cap(cap)
            if within is not None:
                yield f"only for {_days(within)}"
    if not isinstance(form, TraitUnits) and form.match.where is not None:
        yield f"where {condition_text(form.match.where)}"


def _fades(decay: Decay) -> Iterator[str]:
    match decay:
        case HalfLife(days):
            yield f"half is left after {_days(days)}"
        case Fade(days):
            yield f"fades to nothing in {_days(days)}"
        case Step(lose, every):
            yield f"loses {share_text(int(lose * WHOLE))} every {_days(every)}"


def _frequency_cap(cap: FrequencyCap | None) -> Iterator[str]:
    if cap is not None:
        yield f"at most {cap.most} {'count' if cap.per == 'ever' else f'a {cap.per}'}"


def _at_least(least: int, measure: Measure) -> str:
    if measure.kind == "count":
        return f"it happened at least {least} times"
    return f"there were at least {least} {measure.field or measure.kind}"


def _of(form: Form) -> str:
    if isinstance(form, TraitUnits):
        return form.trait
    match = form.match
    return enumerated(match.names, "or") if match.names else f"any {'event' if match.type == 'any' else match.type}"


def _promise(promise: Promise) -> str:
    return f"{promise.amount} {_UNITS[promise.unit]}{'' if promise.amount == 1 else 's'}"


def _days(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"


def _points(micro: int) -> str:
    return f"{points_text(micro)} points"
