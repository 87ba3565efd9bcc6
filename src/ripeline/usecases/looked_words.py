"""What signals make of an event, in words: what it counts for, and where it counts for nothing, why."""

from collections.abc import Sequence
from typing import Final

from ripeline.definition.model import Accrual, Definition, Frequency, Inactivity, TraitUnits
from ripeline.scoring.looked_at import Look, PartRead
from ripeline.usecases.report.words import enumerated
from ripeline.vocabulary.issues import did_you_mean

LONGEST_VALUE: Final = 60

_SAID: Final = {
    "counts": "counts; so much happened to this lead that the points of single events are not worked out here",
    "no_points": "counts; this signal gives no points",
    "full": "counts, and gives nothing more: as much as may count came before it",
    "later": "counts from its time on, which is still to come",
    "untrusted": "only what was imported or sent with a server key counts; this came with a web key",
}


def look_text(look: Look) -> str:
    """Return what a signal makes of an event; nothing where its points say it all."""
    match look.found:
        case "gives":
            return "asks for sales" if look.signal.hand_raise is not None else ""
        case "where" | "closed":
            return "; ".join(map(part_text, look.parts))
        case "too_few" | "too_old" | "adds_nothing" | "stopped" | "stops":
            return _counted_text(look)
        case _:
            return _SAID.get(look.found, "")


def part_text(part: PartRead) -> str:
    """Return why a part of a condition does not hold.

    >>> part_text(PartRead("properties.price > 10", False, (("properties.price", 5),)))
    'properties.price > 10 is not so: properties.price is 5'
    >>> part_text(PartRead("company_size > 10", None, (("company_size", None),)))
    'company_size > 10 cannot be told: company_size is not known'
    """
    values = enumerated([f"{key} is {_value(value)}" for key, value in part.values], "and")
    return f"{part.text} {'cannot be told' if part.answer is None else 'is not so'}: {values}"


def nearest(looks: Sequence[Look]) -> list[Look]:
    """Return the looks that are told of an event: those that count; else those that wanted its type and name."""
    # That nobody was silent is so of nearly every event, and told only where there is nothing else.
    wanted = [one for one in looks if one.found not in {"type", "name"} and not is_idle(one)]
    told = [one for one in wanted if one.counts] or [one for one in wanted if is_named(one)] or wanted
    return told or [one for one in looks if is_idle(one)]


def is_named(look: Look) -> bool:
    """Say whether a signal is meant for events of some names."""
    form = look.signal.form
    return not isinstance(form, TraitUnits) and form.match.names is not None


def is_idle(look: Look) -> bool:
    """Say whether a signal waits for silence, and there was none."""
    return isinstance(look.signal.form, Inactivity) and look.found == "adds_nothing"


def is_unnamed(looks: Sequence[Look]) -> bool:
    """Say whether no signal that is told of gives points for an event, or is meant for events of its name."""
    return not any(one.micro or is_named(one) for one in looks)


def no_signal_text(definition: Definition, kind: str, name: str) -> str:
    """Return that no signal wants what is of this type and name, and which is nearest."""
    signals = [one.form for one in definition.engagement.signals if not isinstance(one.form, TraitUnits)]
    known = {named for form in signals if form.match.type in {"any", kind} for named in form.match.names or ()}
    called = f'{kind} calls named "{name}"' if name else f"{kind} calls without a name"
    near = did_you_mean(name, known) if name else ""
    return f"No signal looks at {called}{f'; {near}' if near else ''}"


def _counted_text(look: Look) -> str:
    form = look.signal.form
    match look.found, form:
        case "too_few", Frequency(at_least=least):
            return f"{look.units} of {least} so far"
        case "too_old", Frequency(window=window):
            return f"older than the {_days(window)} that are looked at"
        case "too_old", Accrual(within=within):
            return "older than anything that counts" if within is None else f"older than the {_days(within)} that count"
        case "stops", Frequency(window=window):
            return f"stops it for {_days(window)}"
        case "stopped", Frequency(without=without):
            return (
                f"gives nothing while there was {enumerated((without and without.names) or ('another event',), 'or')}"
            )
        case _, Inactivity():
            return "counts; there was no silence to end"
        case _, Accrual(measure=measure) | Frequency(measure=measure):
            return f"counts, and adds nothing to {measure.field or measure.kind}"
        case _:
            return ""


def _days(days: int) -> str:
    return "one day" if days == 1 else f"{days} days"


def _value(value: object) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{_cut(', '.join(map(str, value)))}]"
    return f'"{_cut(value)}"' if isinstance(value, str) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
