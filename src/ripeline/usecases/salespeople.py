"""How sales is set up, and who is at work at an instant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ripeline.handoff.contact import ContactRules
from ripeline.handoff.hours import at_work_from
from ripeline.handoff.sales import Route, Sales
from ripeline.handoff.sales_entries import PEOPLE, TEAMS, SalesEntry
from ripeline.vocabulary.calendar import SECOND_US, Zone, day_text, instant_text
from ripeline.vocabulary.handoffs import Handoff
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.sales import WEEKDAYS, Hours, Salesperson, Team, week_text

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether somebody is at work at an instant; if not, from when on, and the last day of an absence they are in."""

    at_work: bool
    from_us: int
    absent_until: int | None


def presence(person: Salesperson, at_us: int) -> Presence:
    """Return whether somebody is at work."""
    from_us = at_work_from(person, at_us)
    return Presence(from_us == at_us, from_us, person.absent_until(person.hours.zone.day(at_us)))


def sales_record(
    sales: Sales, entries: Sequence[SalesEntry], unattended: Iterable[tuple[Handoff, str]], at_us: int
) -> Record:
    """Return how sales is set up as `ripeline sales --format json` writes it.

    entries: what was said besides the file; unattended: handoffs of people who are absent or gone, and which of both.
    """
    told = {(one.kind, one.name): sorted(one.told) for one in entries if not one.removed}
    return {
        "as_of": instant_text(at_us),
        **_hours(sales.hours),
        "warn_at": share_text(sales.warn_at),
        "on_breach": list(sales.on_breach),
        "contact": _contact(sales.contact),
        "people": [_person(one, at_us, told.get((PEOPLE, one.name), [])) for one in sales.people.values()],
        "teams": [_team(one, told.get((TEAMS, one.name), [])) for one in sales.teams.values()],
        "routes": [_route(one) for one in sales.routes],
        "removed": [{"kind": one.kind, "name": one.name} for one in entries if one.removed],
        "unattended": [_unattended(one, why) for one, why in unattended],
        "warnings": [message for message, _ in left_out(sales)],
    }


def left_out(sales: Sales) -> Iterator[tuple[str, str]]:
    """Yield which leads and people the settings leave out, each with what to do."""
    if sales.routes and sales.routes[-1].when is not None:
        yield "a lead that no route fits has no owner", "a last route without a condition takes all others"
    routed = {one.team for one in sales.routes}
    for name in sales.teams:
        if name not in routed:
            yield f"no route leads to team {name}", "write a route to it, or leave it out"
    in_teams = {name for team in sales.teams.values() for name in (*team.members, team.manager)}
    for name, person in sales.people.items():
        if name not in in_teams:
            yield f"{person.label} is in no team", f'"{name}" can be a member or the manager of one'


def share_text(share: int) -> str:
    """Return thousandths of a percent as a percentage.

    >>> share_text(75_000), share_text(12_500)
    ('75%', '12.5%')
    """
    return f"{points_text(share * 1000)}%"


def local_text(instant_us: int, zone: Zone) -> str:
    """Return the weekday, date and time that clocks of a zone show, to the minute.

    >>> from ripeline.vocabulary.calendar import UTC_ZONE
    >>> local_text(0, UTC_ZONE)
    'Thu 1970-01-01 00:00'
    """
    shown = instant_text(instant_us + zone.offset(instant_us))[:16].replace("T", " ")
    return f"{WEEKDAYS[zone.day(instant_us) % 7]} {shown}"


def _hours(hours: Hours) -> Record:
    return {
        "timezone": hours.zone.name,
        "hours": week_text(hours.week),
        "holidays": [day_text(day) for day in hours.holidays],
    }


def _contact(rules: ContactRules) -> Record:
    return {
        "touches_per_week": rules.touches,
        "mails_per_week": rules.mails,
        "mails": list(rules.mail_names),
        "needs_consent": rules.consent_told or None,
        "needs_consent_when_asked": rules.also_when_asked,
    }


def _unattended(one: Handoff, why: str) -> Record:
    return {"number": one.number, "lead": one.lead.value, "state": one.state, "owner": one.owner, "why": why}


def _person(person: Salesperson, at_us: int, told: Sequence[str]) -> Record:
    now = presence(person, at_us)
    return {
        "name": person.name,
        "label": person.label,
        "mail": person.mail,
        **_hours(person.hours),
        "weight": person.weight,
        "capacity": person.capacity,
        "absent": [{"from": day_text(one.first), "to": day_text(one.last)} for one in person.absences],
        "at_work": now.at_work,
        "at_work_from": instant_text(now.from_us),
        "absent_until": None if now.absent_until is None else day_text(now.absent_until),
        "told": list(told),
    }


def _team(team: Team, told: Sequence[str]) -> Record:
    return {"name": team.name, "members": list(team.members), "manager": team.manager, "told": list(told)}


def _route(route: Route) -> Record:
    return {"when": None if route.when is None else route.told, "team": route.team}


def left_text(left_us: int) -> str:
    """Return how long something still has, or by how much it is late.

    >>> left_text(90 * 60 * 1_000_000), left_text(-5 * 60 * 1_000_000), left_text(50 * 3_600 * 1_000_000)
    ('in 1 h 30 min', 'late by 5 min', 'in 2 d 2 h')
    """
    told = span_text(abs(left_us))
    return f"in {told}" if left_us >= 0 else f"late by {told}"


def span_text(span_us: int) -> str:
    """Return how long something takes, in whole minutes; of what takes days also the hours.

    >>> span_text(59 * 1_000_000), span_text(90 * 60 * 1_000_000), span_text(2_881 * 60 * 1_000_000)
    ('0 min', '1 h 30 min', '2 d')
    """
    minutes = span_us // (60 * SECOND_US)
    days, hours, rest = minutes // 1_440, minutes // 60 % 24, minutes % 60
    parts = [(days, "d"), (hours, "h"), (0 if days else rest, "min")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"
