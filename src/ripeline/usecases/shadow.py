"""Our MQLs beside those of the company's CRM: what the CRM says is read, and the comparison told as plain values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ripeline.insight.journey import Journey
from ripeline.insight.shadow import Called, Compared, Group, Shadow, first_called, shadow
from ripeline.plan.nodes import Plan
from ripeline.usecases.moments import instant_of_text
from ripeline.usecases.sla import Period, rate_record
from ripeline.vocabulary.calendar import Zone, instant_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.rates import at_rank

Record = dict[str, Any]
YES: Final = ("true", "yes", "1", "accepted")
NO: Final = ("false", "no", "0", "rejected")
NAMED: Final = 5
"""How many leads or rows that cannot be used are named."""


@dataclass(frozen=True, slots=True)
class Told:
    """A row as the CRM has it, as text: where it stands, who, when, whether sales accepted."""

    where: str
    lead: str
    time: str
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be read, and why."""

    where: str
    why: str


def called_of(rows: Iterable[Told], zone: Zone, now_us: int) -> tuple[list[Called], list[Refused]]:
    """Return what rows say, and those that cannot be read."""
    found, refused = list[Called](), list[Refused]()
    for row in rows:
        try:
            found.append(_called(row, zone, now_us))
        except InputError as error:
            refused.append(Refused(row.where, str(error)))
    return found, refused


def _called(row: Told, zone: Zone, now_us: int) -> Called:
    if not row.lead.strip():
        raise InputError("names no lead")
    word = row.accepted.strip().lower()
    if word and word not in YES + NO:
        raise InputError(f'"{row.accepted}" is neither accepted ({", ".join(YES)}) nor not ({", ".join(NO)})')
    at_us = instant_of_text(row.time, zone)
    if zone.day(at_us) > zone.day(now_us):
        raise InputError(f'"{row.time}" is still to come')
    return Called(row.lead.strip(), at_us, word in YES if word else None)


def period_of(called: Sequence[Called], refused: Sequence[Refused], zone: Zone) -> Period:
    """Return from the first instant of the first day to the last of the last one; InputError where there is none."""
    if not called:
        told = "".join(f"; {one.where}: {one.why}" for one in refused[:1])
        raise InputError(f"the CRM's list names no lead with a time, so there is nothing to compare with{told}")
    times = [one.at_us for one in called]
    return Period(zone.first_instant(zone.day(min(times))), zone.last_instant(zone.day(max(times))))


def compared_record(
    find: Callable[[Sequence[str]], tuple[Mapping[int, Journey], Mapping[str, int]]],
    rows: Sequence[Told],
    plan: Plan,
    now_us: int,
    refused: Sequence[Refused] = (),
) -> Record:
    """Compare what the CRM says with ours, and return it as `ripeline shadow --format json` writes it.

    find: returns everybody who was moved and whom these leads name, and whose they are. refused: rows without a form.
    """
    called, unread = called_of(rows, plan.zone, now_us)
    refused = [*refused, *unread]
    period = period_of(called, refused, plan.zone)
    journeys, known = find([one.lead for one in called])
    theirs = first_called((known[one.lead], one) for one in called if one.lead in known)
    compared = shadow(journeys, theirs, period.from_us, period.until_us, plan.zone)
    unknown = list(dict.fromkeys(one.lead for one in called if one.lead not in known))
    return _record(compared, plan.version, period, len(called) + len(refused), (unknown, refused))


def _record(
    compared: Shadow,
    definition: str,
    period: Period,
    rows: int,
    left_out: tuple[Sequence[str], Sequence[Refused]],
) -> Record:
    unknown, refused = left_out
    return {
        "definition": definition,
        "from": instant_text(period.from_us),
        "to": instant_text(period.until_us),
        "rows": rows,
        "unknown": {"count": len(unknown), "first": list(unknown[:NAMED])},
        "refused": {
            "count": len(refused),
            "first": [{"where": one.where, "why": one.why} for one in refused[:NAMED]],
        },
        "groups": {name: _group(group) for name, group in compared.groups.items()},
        "earlier": _earlier(compared.days_earlier),
    }


def _group(group: Group) -> Record:
    return {
        "leads": group.leads,
        "accepted": rate_record(group.accepted),
        "won": rate_record(group.won),
        "causes": dict(sorted(group.causes.items())),
        "examples": [_example(one) for one in group.examples],
    }


def _example(one: Compared) -> Record:
    return {
        "lead": one.lead,
        "ours_at": None if one.ours_us is None else instant_text(one.ours_us),
        "theirs_at": None if one.theirs_us is None else instant_text(one.theirs_us),
        "cause": one.cause,
        "why": one.why,
        "stage": one.stage,
        "accepted": one.accepted,
        "won": one.won,
    }


def _earlier(days: Sequence[int]) -> Mapping[str, int | None]:
    return {
        "compared": len(days),
        "ours": sum(day > 0 for day in days),
        "theirs": sum(day < 0 for day in days),
        "same_day": sum(day == 0 for day in days),
        "median_days": at_rank(days, 50),
    }
