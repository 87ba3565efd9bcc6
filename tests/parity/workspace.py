"""A throw-away workspace: histories and links made in Python, stored as files, read by both engines."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.adapters.columnar.columns import BASE
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store, connect
from ripeline.adapters.engines.prepare import prepare
from ripeline.adapters.engines.python import histories
from ripeline.adapters.history.from_records import store_histories
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.scoring.evaluate import evaluate
from ripeline.scoring.lower import lower_contributions, lower_scores
from ripeline.scoring.sql.frame import Frame
from ripeline.vocabulary.history import LeadHistory
from ripeline.vocabulary.scores import LeadScore
from tests.parity.histories import Answer, Link, Merge


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one reader says.

    rows: (lead, subject, the columns of a score); lines: (lead, subject, part, place, name, micro).
    """

    rows: Sequence[tuple[Any, ...]]
    lines: Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Deal:
    """What became of a lead."""

    lead: str
    won: bool
    at_us: int


@cache
def shared_connection() -> duckdb.DuckDBPyConnection:
    """One connection for all examples: opening one costs more than most of them."""
    return connect(threads=1)


@contextmanager
def stored(
    leads: Mapping[str, LeadHistory],
    links: Sequence[Link] = (),
    merges: Sequence[Merge] = (),
    answers: Sequence[Answer] = (),
    deals: Sequence[Deal] = (),
) -> Iterator[Store]:
    """Store histories, and what is told of them, in a workspace of their own, for as long as the block lasts."""
    con = shared_connection()
    with tempfile.TemporaryDirectory(prefix="ripeline-parity-") as folder:
        root = Path(folder)
        book = SqliteBook(root / "book.sqlite")
        writer = HistoryWriter(con, book, root)
        store_histories(writer, leads)
        keys = {lead: number for number, lead in enumerate(leads, start=1)}  # as store_histories numbers them
        store_told(writer, keys, links, merges, answers)
        _store(writer, "outcomes", (_outcome(keys[one.lead], one, number) for number, one in enumerate(deals)))
        writer.commit("records", 0)
        yield Store(con, root, book.cut())
        book.close()


def store_told(
    writer: HistoryWriter,
    keys: Mapping[str, int],
    links: Sequence[Link],
    merges: Sequence[Merge],
    answers: Sequence[Answer],
) -> None:
    """Store what is told of leads, by the keys of these."""
    _store(
        writer, "links", ({"who": keys[one.user], "device": keys[one.device], **_told(one, one.id)} for one in links)
    )
    bonds = (
        {"one": keys[one.one], "other": keys[one.other], "decided": one.id, **_told(one, one.id)} for one in merges
    )
    _store(writer, "bonds", bonds)
    given = ({"who": keys[one.lead], **_told(one, number)} for number, one in enumerate(answers))
    _store(writer, "dispositions", given)


def _store(writer: HistoryWriter, kind: str, rows: Iterator[dict[str, object]]) -> None:
    load(writer.con, "told_records", BASE[kind], rows)
    writer.store(kind, "told_records")


def _told(one: Link | Merge | Answer, number: int) -> dict[str, object]:
    return {"ts": one.time_us, "known": one.known_us, "id": f"{number:032x}"}


def _outcome(who: int, deal: Deal, number: int) -> dict[str, object]:
    return {"who": who, "outcome": "won" if deal.won else "lost", "ts": deal.at_us, "id": f"{number:032x}"}


def both_readings(store: Store, plan: Plan, asked: Asked) -> tuple[Reading, Reading]:
    """Return what SQL and Python say, from one preparation."""
    frame = prepare(store, plan, asked)
    names = dict(
        store.con.execute("SELECT s.subject, i.value FROM subjects s JOIN identifiers i ON i.who = s.person").fetchall()
    )
    return _sql(store, frame, names), _python(store, frame, names)


def _sql(store: Store, frame: Frame, names: Mapping[int, str]) -> Reading:
    scores = store.con.execute(lower_scores(frame.plan, frame.facts, frame.moment)).fetchall()
    lines = store.con.execute(lower_contributions(frame.plan, frame.facts, frame.moment)).fetchall()
    return Reading(
        sorted((names[subject], subject, *row) for subject, *row in scores),
        sorted((names[line[0]], *line) for line in _numbered(lines)),
    )


def _numbered(lines: Sequence[tuple[int, str, int, str, int]]) -> Iterator[tuple[int, str, int, str, int]]:
    """Number the lines of each part from 0: what counts is their order."""
    for (subject, part), of_part in groupby(lines, key=lambda line: (line[0], line[1])):
        for place, (_, _, _, name, micro) in enumerate(of_part):
            yield subject, part, place, name, micro


def _python(store: Store, frame: Frame, names: Mapping[int, str]) -> Reading:
    rows: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []
    for subject, as_of_us, history in histories(store, frame):
        score = evaluate(frame.plan, history, as_of_us)
        rows.append((names[subject], subject, *_row(score)))
        for part, lines_of in (("fit", score.fit), ("engagement", score.engagement)):
            numbered = enumerate(lines_of.contributions)
            lines.extend((names[subject], subject, part, place, one.name, one.micro) for place, one in numbered)
    return Reading(sorted(rows), sorted(lines))


def _row(score: LeadScore) -> tuple[Any, ...]:
    return (
        score.fit.micro,
        score.fit.level,
        score.engagement.micro,
        score.engagement.level,
        score.rating,
        score.action,
        score.meets_definition,
        score.stage,
        score.likelihood,
        score.reachable,
        score.hand_raise is not None,
    )


def without_subjects(reading: Reading) -> Reading:
    """Return the same without the numbers of subjects, for readings that number them differently."""
    return Reading(
        sorted((lead, *rest) for lead, _, *rest in reading.rows),
        sorted((lead, *rest) for lead, _, *rest in reading.lines),
    )


def assert_same(one: Reading, other: Reading) -> None:
    """Fail with what only one of two readings says."""
    for said, elsewhere in ((one, other), (other, one)):
        rows = [row for row in said.rows if row not in elsewhere.rows]
        lines = [line for line in said.lines if line not in elsewhere.lines]
        assert (rows, lines) == ([], []), f"only one reader says: {rows} {lines}"
