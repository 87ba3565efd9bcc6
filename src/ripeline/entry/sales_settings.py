"""The section [sales] of ripeline.toml: salespeople, their hours, teams, and which leads go to which."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from ripeline.definition.reading import BadValue
from ripeline.definition.render import condition_text
from ripeline.definition.words import SHARE, WHOLE
from ripeline.entry.condition_settings import condition_on_traits
from ripeline.entry.settings import check_keys
from ripeline.handoff.contact import USUAL_MAILS, ContactRules
from ripeline.handoff.sales import ON_BREACH, USUAL_HOURS, USUAL_WARNING, Route, Sales
from ripeline.ports.definitions import References
from ripeline.vocabulary.addresses import address_of
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.sales import MOST_WEIGHT, Absence, Hours, Salesperson, Team, read_week
from ripeline.vocabulary.values import read_date

HOURS: Mapping[str, type] = {"timezone": str, "hours": str, "holidays": list}
PERSON: Mapping[str, type] = {**HOURS, "mail": str, "label": str, "weight": int, "capacity": int, "absent": list}
TEAM: Mapping[str, type] = {"members": list, "manager": str}
ROUTE: Mapping[str, type] = {"when": str, "team": str}

MOST_CAPACITY = 1_000
MOST_A_WEEK = 1_000
LONGEST_LABEL = 100
EVERYBODY = "everybody"
"""The team of all salespeople, where no team is written."""

_NAME = re.compile(r"[a-z0-9_]{1,60}")


def sales_settings(raw: Mapping[str, Any], references: References) -> Sales:
    """Return how sales is set up, or raise InputError at the first thing that cannot be meant."""
    hours = _hours("sales", raw, USUAL_HOURS, references)
    people = {name: _person(name, one, hours, references) for name, one in _named(raw, "people", PERSON)}
    teams = {name: _team(name, one, people) for name, one in _named(raw, "teams", TEAM)}
    if people and not teams:
        teams = {EVERYBODY: Team(EVERYBODY, tuple(people))}
    return Sales(people, teams, _routes(raw, teams), hours, _warn_at(raw), _on_breach(raw), _contact(raw))


def _named(raw: Mapping[str, Any], kind: str, known: Mapping[str, type]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, one in raw.get(kind, {}).items():
        where = f"sales.{kind}.{name}"
        if not _NAME.fullmatch(name):
            raise InputError(
                f'"{name}" cannot be a name in [sales.{kind}]: a to z, 0 to 9 and _, at most 60 characters'
            )
        if not isinstance(one, dict):
            raise InputError(f"{where} takes a table; write [{where}]")
        check_keys(where, one, known)
        yield name, one


def _hours(where: str, raw: Mapping[str, Any], usual: Hours, references: References) -> Hours:
    zone, week, holidays = usual.zone, usual.week, usual.holidays
    if "timezone" in raw:
        zone = references.zone(_one_of(f"{where}.timezone", raw["timezone"], references.zones(), "time zone"))
    if "hours" in raw:
        with _at(f"{where}.hours"):
            week = read_week(raw["hours"])
    if "holidays" in raw:
        days = {_day(f"{where}.holidays", one) for one in raw["holidays"]}
        holidays = tuple(sorted(days))
    return Hours(zone, week, holidays)


def _person(name: str, raw: Mapping[str, Any], usual: Hours, references: References) -> Salesperson:
    where = f"sales.people.{name}"
    return Salesperson(
        name,
        _label(where, raw.get("label", name.replace("_", " ").title())),
        _mail(where, raw),
        _hours(where, raw, usual, references),
        _count(where, raw, "weight", MOST_WEIGHT) or 1,
        _count(where, raw, "capacity", MOST_CAPACITY),
        _absences(f"{where}.absent", raw.get("absent", [])),
    )


def _label(where: str, text: str) -> str:
    if not 0 < len(text.strip()) <= len(text) <= LONGEST_LABEL or not text.isprintable():
        raise InputError(f"{where}.label takes 1 to {LONGEST_LABEL} characters on one line")
    return text


def _mail(where: str, raw: Mapping[str, Any]) -> str:
    if "mail" not in raw:
        raise InputError(f'[{where}] lacks mail; write such as mail = "maria@acme.example"')
    address = address_of(raw["mail"])
    if address is None:
        raise InputError(f'{where}.mail: "{raw["mail"]}" is no e-mail address of anybody')
    return address


def _count(where: str, raw: Mapping[str, Any], key: str, most: int) -> int | None:
    count = raw.get(key)
    if count is not None and not 1 <= count <= most:
        raise InputError(f"{where}.{key} takes a whole number from 1 to {most:,}")
    return None if count is None else int(count)


def _absences(where: str, written: Sequence[object]) -> tuple[Absence, ...]:
    """Return absences in order; what overlaps, or follows on the next day, is one."""
    joined: list[Absence] = []
    for one in sorted((_absence(where, one) for one in written), key=lambda one: one.first):
        if joined and one.first <= joined[-1].last + 1:
            joined[-1] = Absence(joined[-1].first, max(joined[-1].last, one.last))
        else:
            joined.append(one)
    return tuple(joined)


def _absence(where: str, written: object) -> Absence:
    first, to, last = str(written).partition(" to ")
    begins, ends = _day(where, first), _day(where, last if to else first)
    if ends < begins:
        raise InputError(f'{where}: "{written}" ends before it begins')
    return Absence(begins, ends)


def _day(where: str, written: object) -> int:
    day = read_date(str(written)) if isinstance(written, str | date) else None
    if day is None:
        raise InputError(f'{where}: "{written}" is no date; write such as "2026-12-24"')
    return day


def _team(name: str, raw: Mapping[str, Any], people: Mapping[str, Salesperson]) -> Team:
    where = f"sales.teams.{name}"
    members = [_one_of(f"{where}.members", one, people, "salesperson") for one in raw.get("members", [])]
    if not members:
        raise InputError(f'[{where}] has no members; write such as members = ["maria", "jon"]')
    if twice := {one for one in members if members.count(one) > 1}:
        raise InputError(f'{where}.members: "{min(twice)}" stands twice; who is to get more leads has a greater weight')
    manager = raw.get("manager")
    return Team(name, tuple(members), manager and _one_of(f"{where}.manager", manager, people, "salesperson"))


def _routes(raw: Mapping[str, Any], teams: Mapping[str, Team]) -> tuple[Route, ...]:
    if "routes" not in raw and len(teams) == 1:
        return (Route(next(iter(teams)), None, EVERYBODY),)
    routes: list[Route] = []
    for number, one in enumerate(raw.get("routes", []), 1):
        where = f"sales.routes, number {number}"
        if routes and routes[-1].when is None:
            raise InputError(f"{where}: no lead comes so far, since the route before it has no condition")
        routes.append(_route(where, one, teams, is_first=not routes))
    if teams and not routes:
        raise InputError('there are teams and no routes; write [[sales.routes]] with team = "..." and when = "..."')
    return tuple(routes)


def _route(where: str, raw: object, teams: Mapping[str, Team], *, is_first: bool) -> Route:
    if not isinstance(raw, dict):
        raise InputError(f"{where} takes a table; write [[sales.routes]]")
    check_keys("sales.routes", raw, ROUTE)
    if "team" not in raw:
        raise InputError(f"{where} lacks a team; {did_you_mean('', teams)}")
    team = _one_of(f"{where}, team", raw["team"], teams, "team")
    if "when" not in raw:
        return Route(team, None, EVERYBODY if is_first else f"{EVERYBODY} else")
    condition = condition_on_traits(f"{where}, when", raw["when"], "a route")
    return Route(team, condition, condition_text(condition))


def _contact(raw: Mapping[str, Any]) -> ContactRules:
    touches, mails = (_count("sales", raw, f"{name}_per_week", MOST_A_WEEK) for name in ("touches", "mails"))
    names = raw.get("mails", USUAL_MAILS)
    if not names or not all(isinstance(one, str) and one for one in names):
        raise InputError('sales.mails takes names of track calls, such as ["Email Delivered"]')
    if "needs_consent" not in raw:
        if raw.get("needs_consent_when_asked"):
            raise InputError("sales.needs_consent_when_asked goes with sales.needs_consent, which says what is needed")
        return ContactRules(touches, mails, tuple(names))
    consent = condition_on_traits("sales.needs_consent", raw["needs_consent"], "a consent")
    told, when_asked = condition_text(consent), bool(raw.get("needs_consent_when_asked"))
    return ContactRules(touches, mails, tuple(names), consent, told, when_asked)


def _warn_at(raw: Mapping[str, Any]) -> int:
    if "warn_at" not in raw:
        return USUAL_WARNING
    try:
        share = int(str(SHARE.convert(raw["warn_at"])))
    except BadValue as error:
        raise InputError(f'sales.warn_at: {error}; write such as "75%"') from error
    if not 0 < share < WHOLE:
        raise InputError("sales.warn_at lies between 0% and 100%: it is told before a promise is broken")
    return share


def _on_breach(raw: Mapping[str, Any]) -> tuple[str, ...]:
    wanted = {_one_of("sales.on_breach", one, ON_BREACH, "thing to do") for one in raw.get("on_breach", ON_BREACH)}
    return tuple(one for one in ON_BREACH if one in wanted)


def _one_of(where: str, name: object, known: "Mapping[str, object] | Sequence[str] | frozenset[str]", what: str) -> str:
    if not isinstance(name, str) or name not in known:
        raise InputError(f'{where}: "{name}" is no {what}; {did_you_mean(str(name), known) or f"there is no {what}"}')
    return name


@contextmanager
def _at(where: str) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
