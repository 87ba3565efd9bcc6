"""What is said of salespeople and teams by command or API, and how it lies over ripeline.toml.

One rule: field by field, what was said here goes before the file. What nobody said here stays as the file has it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

Kind = Literal["people", "teams"]
PEOPLE: Final = "people"
TEAMS: Final = "teams"
NEEDED: Final[Mapping[Kind, str]] = {PEOPLE: "mail", TEAMS: "members"}
"""The field without which there is no person, or no team."""
Raw = Mapping[str, Any]
"""The section [sales] as it is written."""


@dataclass(frozen=True, slots=True)
class SalesEntry:
    """What was said of somebody, or of a team: fields as the file writes them. removed: there is none of that name."""

    kind: Kind
    name: str
    told: Raw = field(default_factory=dict)
    removed: bool = False


def overlaid(raw: Raw, entries: Iterable[SalesEntry]) -> dict[str, Any]:
    """Return the section as it holds: entries over the file. Who was removed is a member of no team.

    What was said of somebody who left the file says nothing, unless it makes a whole person. The outcome may still be
    wrong, and is checked like a file.
    """
    tables = {kind: dict(raw.get(kind, {})) for kind in (PEOPLE, TEAMS)}
    gone = list[str]()
    for one in entries:
        table = tables[one.kind]
        if one.removed:
            table.pop(one.name, None)
            gone += [one.name] if one.kind == PEOPLE else []
        elif one.name in table or NEEDED[one.kind] in one.told:
            table[one.name] = _over(table.get(one.name, {}), one.told)
    tables[TEAMS] = {name: _without(team, gone) for name, team in tables[TEAMS].items()}
    return {**raw, **{kind: table for kind, table in tables.items() if table or kind in raw}}


def _over(written: object, told: Raw) -> object:
    # What is no table is wrong in the file, and is told so when it is read.
    return {**written, **told} if isinstance(written, dict) else written


def _without(team: object, gone: Sequence[str]) -> object:
    if not isinstance(team, dict) or not isinstance(team.get("members"), list):
        return team
    return {**team, "members": [name for name in team["members"] if name not in gone]}


def entry_with(entries: Iterable[SalesEntry], kind: Kind, name: str, fields: Raw) -> SalesEntry:
    """Return the entry of a name after fields were said: None gives a field back to the file.

    Whoever was removed is there again, with nothing but these fields and what the file says.
    """
    known = next((one for one in entries if (one.kind, one.name) == (kind, name)), SalesEntry(kind, name))
    told = {} if known.removed else dict(known.told)
    told.update(fields)
    return replace(known, told={key: value for key, value in told.items() if value is not None}, removed=False)
