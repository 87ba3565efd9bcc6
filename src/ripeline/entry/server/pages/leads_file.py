"""All leads that are chosen as a file: read a part at a time, so that a million of them need no room."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from ripeline.entry.server.pages.leads_address import Address
from ripeline.entry.server.pages.leads_told import known_of, trait_text
from ripeline.entry.server.serving import Serving
from ripeline.usecases.csv_text import csv_lines
from ripeline.usecases.leads_asked import POINTS
from ripeline.vocabulary.points import MICRO

MOST: Final = 1_000_000
MOST_NAMED: Final = 5_000
"""Leads whose names and traits are told, too: these are read from history, which takes long for many."""

_LEVELS: Final = {"fit": "fit_level", "engagement": "engagement_level"}

Row = Sequence[Any]


def file_told(serving: Serving, name: str, address: Address, columns: Sequence[str], at_us: int) -> Iterator[str]:
    """Return the file in parts; they may be read on another thread."""
    store, scores, asked = serving.history.store, serving.scores[name], address.asked(1)
    titles = ["lead", *(one for column in columns for one in (column, _LEVELS.get(column)) if one)]
    if scores.counts(store, [asked.groups])[0] > MOST_NAMED:
        return _lines(titles, titles, scores.each(store, asked, titles, MOST))
    rows = [row for part in scores.each(store, asked, titles, MOST_NAMED) for row in part]
    more = ["name", "email", *address.traits]
    return _lines(titles, [*titles, *more], [list(_named(serving, rows, address.traits, at_us))])


def _named(serving: Serving, rows: Sequence[Row], traits: Sequence[str], at_us: int) -> Iterator[Row]:
    people, stated = known_of(serving, [row[0] for row in rows], traits, at_us)
    for lead, *others in rows:
        said = stated.get(lead, {})
        yield lead, *others, people[lead].name, people[lead].email, *(trait_text(said.get(one)) for one in traits)


def _lines(columns: Sequence[str], titles: Sequence[str], parts: Iterable[Sequence[Row]]) -> Iterator[str]:
    """Yield lines; columns: what the first cells of each row are."""
    points = {place for place, column in enumerate(columns) if column in POINTS}
    yield csv_lines([titles])
    for rows in parts:
        yield csv_lines([_number(cell) if place in points else cell for place, cell in enumerate(row)] for row in rows)


def _number(micro: int | None) -> float | None:
    # Of six digits behind the point as written: a float of so few is told as the same ones.
    return None if micro is None else micro // MICRO if micro % MICRO == 0 else micro / MICRO
