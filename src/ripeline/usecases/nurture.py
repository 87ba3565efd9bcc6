"""Leads join the list of those to nurture, and leave it: written down and told in one transaction."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from ripeline.ports.handoffs import USUAL, HandoffBook
from ripeline.ports.nurture import NurtureChange
from ripeline.usecases.handoffs_asked import must_be, whole
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.calendar import Zone, day_text, instant_text
from ripeline.vocabulary.happenings import NURTURE_ENTERED, NURTURE_LEFT, Happening
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.nurture import FELL, NEW, Member, NurtureAsked, Nurtured
from ripeline.vocabulary.stages import CAUSES, EVENT, QUIET, RECYCLED, TIME
from ripeline.vocabulary.values import read_date

Record = dict[str, Any]

MOST = 10_000
"""Leads on a page."""


def members_of(changes: Sequence[NurtureChange], fallen: AbstractSet[str], at_us: int) -> list[Member]:
    """Return whoever joins. fallen: names of leads that were something else before they were leads again."""
    return [Member(one.key, at_us, _joined_by(one.nurtured, fallen)) for one in changes if one.joins]


def _joined_by(one: Nurtured, fallen: AbstractSet[str]) -> str:
    if one.stage == RECYCLED:
        return RECYCLED
    return FELL if one.lead in fallen else NEW


def is_quiet(causes: AbstractSet[str]) -> bool:
    """Say whether nobody is told of what causes brought about: what a lead does itself is told in any case."""
    return EVENT not in causes and min(causes, key=CAUSES.index, default=TIME) in QUIET


def change_list(
    book: HandoffBook,
    definition: str,
    changes: Sequence[NurtureChange],
    joined: Sequence[Member],
    told: Sequence[Happening],
) -> None:
    """Write down who joins a list and who leaves it, and have it told, inside a transaction."""
    book.nurtured.change(definition, joined, [one.key for one in changes if not one.joins])
    book.tell(told)


def happenings(
    changes: Sequence[NurtureChange], joined: Mapping[int, Member], version: str, at_us: int
) -> list[Happening]:
    """Return what is told of changes, of those that somebody has a name for. version: of the definition."""
    return [_happening(one, joined.get(one.key), version, at_us) for one in changes if one.name is not None]


def _happening(one: NurtureChange, member: Member | None, version: str, at_us: int) -> Happening:
    if member is None:
        data = {"definition": version, **nurtured_record(one.nurtured), "left_at": instant_text(at_us)}
        return Happening(NURTURE_LEFT, at_us, data, one.name)
    entered = replace(one.nurtured, joined_us=member.joined_us, by=member.by)
    return Happening(NURTURE_ENTERED, at_us, {"definition": version, **nurtured_record(entered)}, one.name)


def nurtured_record(one: Nurtured) -> Record:
    """Return a lead on the list as plain values."""
    return {
        "lead": one.lead,
        "joined_at": None if one.joined_us is None else instant_text(one.joined_us),
        "joined_by": one.by,
        "stage": one.stage or None,
        "resting_until": None if one.resting_until is None else day_text(one.resting_until),
        "fit_level": one.fit_level or None,
        "engagement_level": one.engagement_level or None,
        "email": one.email,
        "consent": one.consent,
    }


COLUMNS = tuple(nurtured_record(Nurtured("", None, None, "", "", "")))
"""What is told of each lead, in this order."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What tables of offices take for the beginning of a formula."""


def safe_cells(record: Record, columns: Sequence[str] = COLUMNS) -> list[str]:
    """Return a record as cells of CSV: what visitors sent is text to whoever opens it, never a formula."""
    return [f"'{cell}" if cell.startswith(FORMULAS) else cell for cell in (record[name] or "" for name in columns)]


def since_of(text: str, zone: Zone) -> int:
    """Return the instant from which on leads are asked for: of a date the first one of that local day.

    Raises InputError for what is no time.
    """
    day = read_date(text.strip())
    return instant_of_text(text, zone) if day is None else zone.first_instant(day)


def nurture_asked(parameters: Mapping[str, str], since_us: int | None) -> NurtureAsked:
    """Return which page parameters ask for: `limit=100&offset=0&since=TIME`; since_us: that time.

    Raises InputError for a parameter that is not known or takes something else.
    """
    must_be(parameters, ("limit", "offset", "since", "definition", "min_position", "wait"))
    limit, offset = whole(parameters, "limit", USUAL), whole(parameters, "offset", 0)
    if limit > MOST:
        raise InputError(f"limit is at most {MOST:,}; read on with offset")
    return NurtureAsked(since_us, limit, offset)
