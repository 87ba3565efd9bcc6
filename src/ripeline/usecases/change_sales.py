"""Change salespeople and teams: each verb returns what is said anew, checked like a file, or raises InputError."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ripeline.handoff.sales import Sales
from ripeline.handoff.sales_entries import PEOPLE, TEAMS, Kind, Raw, SalesEntry, entry_with, overlaid
from ripeline.vocabulary.calendar import day_text
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.sales import Absence, Salesperson
from ripeline.vocabulary.values import read_date

IN_WORDS: Final = {PEOPLE: "salesperson", TEAMS: "team"}
THEIR_TEAMS: Final = "teams"
"""What is said of a person and stands in the teams."""

Entries = Sequence[SalesEntry]


class NobodyError(InputError):
    """There is no person, or no team, of a name."""


@dataclass(frozen=True, slots=True)
class SaidOfSales:
    """What the file has, and what was said besides. read: reads both together, or raises InputError."""

    raw: Raw
    entries: Entries
    read: Callable[[Raw], Sales]

    def sales(self, changed: Entries = ()) -> Sales:
        """Return how sales is set up once some entries took the place of theirs."""
        return self.read(self.overlaid(changed))

    def overlaid(self, changed: Entries = ()) -> Raw:
        """Return the section as it would be written."""
        new = {(one.kind, one.name): one for one in (*self.entries, *changed)}
        return overlaid(self.raw, new.values())

    def names(self, kind: Kind) -> Sequence[str]:
        """Return the names that there are."""
        return list(self.overlaid().get(kind, {}))


def set_person(said: SaidOfSales, name: str, fields: Raw) -> Entries:
    """Say fields of somebody, who is new where there is nobody of that name; None gives one back to the file.

    `teams` are all those of which they are a member from now on.
    """
    own = {key: value for key, value in fields.items() if key != THEIR_TEAMS}
    changed: Entries = [entry_with(said.entries, PEOPLE, name, own)]
    if THEIR_TEAMS in fields:
        changed = [*changed, *_joins(said, name, fields[THEIR_TEAMS])]
    return _checked(said, PEOPLE, name, changed)


def set_team(said: SaidOfSales, name: str, fields: Raw) -> Entries:
    """Say fields of a team, which is new where there is none of that name; None gives one back to the file."""
    return _checked(said, TEAMS, name, [entry_with(said.entries, TEAMS, name, fields)])


def remove(said: SaidOfSales, kind: Kind, name: str) -> Entries:
    """Remove somebody, or a team, also where the file has them. Who is needed elsewhere stays."""
    _must_be(said, kind, name)
    changed = [SalesEntry(kind, name, removed=True)]
    try:
        said.sales(changed)
    except InputError as error:
        raise InputError(f"{name} cannot be removed: {error}") from error
    return changed


def absent(said: SaidOfSales, name: str, first: str, last: str | None) -> Entries:
    """Say that somebody is absent, from a day until another one, or on that day alone."""
    away = _span(first, last or first)
    return _with_absences(said, name, [*_person(said, name).absences, away])


def back(said: SaidOfSales, name: str, days: tuple[str | None, str | None], at_us: int) -> Entries:
    """Say that somebody is not absent on some days, from a first one until a last one.

    Without a first one: from today on, until the end of the absence that they are in.
    """
    person, (first, last) = _person(said, name), days
    here = _present_absence(person, at_us) if first is None else _span(first, last or first)
    if first is None and last is not None:
        here = _span(day_text(here.first), last)
    return _with_absences(said, name, [part for one in person.absences for part in _less(one, here)])


def anew(said: SaidOfSales, decide: Callable[[SaidOfSales], Entries]) -> Entries:
    """Return what is decided and was not said before."""
    before = {(one.kind, one.name): one for one in said.entries}
    return [one for one in decide(said) if one != before.get((one.kind, one.name), SalesEntry(one.kind, one.name))]


def changed_text(one: SalesEntry) -> str:
    """Return of whom something was said, and what by now.

    >>> changed_text(SalesEntry(PEOPLE, "maria", {"weight": 2})), changed_text(SalesEntry(TEAMS, "dach", removed=True))
    ('salesperson maria: weight', 'team dach: removed')
    """
    told = "removed" if one.removed else ", ".join(sorted(one.told)) or "as ripeline.toml has it"
    return f"{IN_WORDS[one.kind]} {one.name}: {told}"


def _present_absence(person: Salesperson, at_us: int) -> Absence:
    today = person.hours.zone.day(at_us)
    until = person.absent_until(today)
    if until is None:
        raise InputError(f"{person.name} is not absent today; say on which days they are here after all")
    return Absence(today, until)


def _less(one: Absence, here: Absence) -> Iterator[Absence]:
    """Yield what is left of an absence without some days."""
    before, after = Absence(one.first, min(one.last, here.first - 1)), Absence(max(one.first, here.last + 1), one.last)
    yield from (part for part in (before, after) if part.first <= part.last)


def _with_absences(said: SaidOfSales, name: str, absences: Sequence[Absence]) -> Entries:
    written = [f"{day_text(one.first)} to {day_text(one.last)}" for one in absences]
    return _checked(said, PEOPLE, name, [entry_with(said.entries, PEOPLE, name, {"absent": written})])


def _span(first: str, last: str) -> Absence:
    begins, ends = _day("first", first), _day("last", last)
    if ends < begins:
        raise InputError(f"{first} to {last} ends before it begins")
    return Absence(begins, ends)


def _day(what: str, text: str) -> int:
    day = read_date(text)
    if day is None:
        raise InputError(f'{what}: "{text}" is no date; write such as 2026-12-24')
    return day


def _person(said: SaidOfSales, name: str) -> Salesperson:
    _must_be(said, PEOPLE, name)
    return said.sales().people[name]


def _must_be(said: SaidOfSales, kind: Kind, name: str) -> None:
    known = said.names(kind)
    if name not in known:
        raise NobodyError(f'"{name}" is no {IN_WORDS[kind]} here; {did_you_mean(name, known) or "there is none"}')


def _joins(said: SaidOfSales, name: str, wanted: object) -> Iterator[SalesEntry]:
    """Yield the teams of which somebody becomes a member, or is one no more."""
    teams = said.overlaid().get(TEAMS, {})
    if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
        raise InputError('teams takes a list of names, such as ["dach"]')
    for one in wanted:
        if one not in teams:
            raise InputError(f'teams: "{one}" is no team; {did_you_mean(one, teams) or "there is none"}')
    for team, written in teams.items():
        members = list(written.get("members", []) if isinstance(written, dict) else [])
        if (name in members) != (team in wanted):
            new = [*members, name] if team in wanted else [one for one in members if one != name]
            yield entry_with(said.entries, TEAMS, team, {"members": new})


def _checked(said: SaidOfSales, kind: Kind, name: str, changed: Entries) -> Entries:
    """Return what is said anew, if it can be meant and there is somebody of whom it is said."""
    said.sales(changed)
    if name not in said.overlaid(changed).get(kind, {}):
        known = said.names(kind)
        needed = "a mail" if kind == PEOPLE else "members"
        hint = f" ({did_you_mean(name, known)})" if known else ""
        raise NobodyError(f'"{name}" is no {IN_WORDS[kind]} here{hint}; a new one needs {needed}')
    return changed
