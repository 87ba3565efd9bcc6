"""Scores do not depend on how history came in: order, files, overlaps and repetitions change nothing."""

import csv
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.history.import_events import import_events
from ripeline.adapters.history.import_leads import import_leads
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.adapters.sources.files import open_source
from ripeline.ports.files import EventFile, LeadFile
from ripeline.ports.scores import Asked
from tests.how_many import most
from tests.parity.definitions import REFERENCES, plan_of
from tests.parity.histories import at
from tests.parity.workspace import both_readings, shared_connection, without_subjects

pytestmark = pytest.mark.engine_duckdb

AS_OF = at("2026-03-31T21:59:59.999999Z")
DEFINITION = """
version: 1
timezone: Europe/Berlin
fit:
  criteria:
    large: {when: "size >= 100", points: 5}
    named: {when: "lower(plan) like 'pro%'", points: -3}
  levels: {good: 5, fair: 0, poor: -3}
engagement:
  signals:
    opened: {event: [A, B], points: 1, at_most: 2 per week, decay: {half_life: 7d}, evidence: weak}
    bought: {event: B, measure: sum(properties.n), points: 0.5, cap: 20}
    came: {type: page, measure: visits, points: 2, within: 30d}
    stayed: {type: page, measure: minutes, points: 1}
    quiet: {type: any, inactive: 14d, points: -5}
    eager: {event: A, at_least: 2 within 7d, without: {event: B}, points: 3}
  levels: {high: 10, low: 0}
matrix:
  good: {high: handoff, low: nurture}
  fair: {high: handoff, low: nurture}
  poor: {high: nurture, low: remove}
  unknown: {high: handoff, low: nurture}
"""
Row = tuple[str, ...]
EVENTS = ("id", "lead", "type", "name", "time", "n")
LEADS = ("id", "at", "size", "plan")

days = st.integers(1, 31).map(lambda day: f"2026-03-{day:02d}")
clocks = st.sampled_from(("00:00", "09:00", "09:20", "09:50:00.000001", "22:30", "23:59"))
times = st.tuples(days, clocks).map("T".join)
names = st.sampled_from(("ada", "Bob", "çem"))
acts = st.tuples(
    names,
    st.sampled_from(("track", "page")),
    st.sampled_from("AB"),
    times,
    st.sampled_from(("", "5", "0.0015", "x", "-2")),
)
facts = st.tuples(
    names, times, st.sampled_from(("", "99", "100", "many")), st.sampled_from(("", "Pro", "ＰＲＯ", "free"))
)


def _numbered(rows: Sequence[Row]) -> list[Row]:
    """Give every event an id of its own."""
    return [(str(number), *row) for number, row in enumerate(rows)]


@contextmanager
def imported(events: Sequence[Sequence[Row]], leads: Sequence[Sequence[Row]], *, ids: bool) -> Iterator[Store]:
    """Import files of events and of leads, one after the other, as one source each."""
    con = shared_connection()
    with tempfile.TemporaryDirectory(prefix="ripeline-arrival-") as folder:
        root = Path(folder)
        book = SqliteBook(root / "book.sqlite")
        how_events = EventFile("lead", "name", "time", "type", id="id" if ids else None)
        how_leads = LeadFile("id", at="at")
        for rows in events:
            _import(con_writer(book, root), root, EVENTS if ids else EVENTS[1:], rows, how_events)
        for rows in leads:
            _import(con_writer(book, root), root, LEADS, rows, how_leads)
        yield Store(con, root, book.cut())
        book.close()


def con_writer(book: SqliteBook, root: Path) -> HistoryWriter:
    return HistoryWriter(shared_connection(), book, root)


def _import(writer: HistoryWriter, root: Path, header: Row, rows: Sequence[Row], how: EventFile | LeadFile) -> None:
    path = root / "rows.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    source, zone = open_source(writer.con, path), REFERENCES.zone("UTC")
    if isinstance(how, EventFile):
        import_events(writer, source.kinds, how, "shop", zone)
    else:
        import_leads(writer, source.kinds, how, "crm", zone)
    writer.commit("import", 0)


def _files(data: st.DataObject, rows: Sequence[Row], label: str) -> list[list[Row]]:
    """Deal rows to files in another order; some rows are in several files."""
    shuffled = data.draw(st.permutations(rows), label)
    homes = data.draw(st.lists(st.sets(st.integers(0, 2), min_size=1), min_size=len(rows), max_size=len(rows)))
    files: list[list[Row]] = [[], [], []]
    for row, own in zip(shuffled, homes, strict=True):
        for home in own:
            files[home].append(row)
    return [file for file in files if file]


@settings(
    max_examples=most(10), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(
    st.lists(acts, min_size=1, max_size=12, unique=True),
    st.lists(facts, min_size=1, max_size=6, unique_by=lambda row: row[:2]),
    st.booleans(),
    st.data(),
)
def test_order_files_overlaps_and_repetition_change_nothing(
    happened: list[Row], stated: list[Row], ids: bool, data: st.DataObject
) -> None:
    events = _numbered(happened) if ids else list(happened)
    plan = plan_of(DEFINITION)
    with imported([events], [stated], ids=ids) as store:
        sql, python = both_readings(store, plan, Asked(AS_OF))
    assert sql == python
    event_files, lead_files = _files(data, events, "events"), _files(data, stated, "leads")
    if ids:
        event_files[0] = [*event_files[0], *event_files[0]]
    with imported([*event_files, event_files[0]], [*lead_files, lead_files[0]], ids=ids) as store:
        dealt, dealt_python = both_readings(store, plan, Asked(AS_OF))
    assert dealt == dealt_python
    assert without_subjects(dealt) == without_subjects(sql)
