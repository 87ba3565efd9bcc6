"""An import that was undone is as if it had never been, whatever came after it and however files were written anew."""

import csv
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeline.adapters.book.imports import ImportingBook
from ripeline.adapters.columnar.columns import BASE, MANIFEST
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.history.importer import FileImporter
from ripeline.adapters.history.judged import settle_acts
from ripeline.adapters.history.undoing import Undo
from ripeline.adapters.history.writer import SUMMARIES, HistoryWriter
from ripeline.adapters.sources.files import open_source
from ripeline.ports.files import EventFile, LeadFile, OutcomeFile
from ripeline.ports.history import COMPACTION
from ripeline.ports.scores import Asked
from ripeline.vocabulary.issues import InputError
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
    opened: {event: [A, B], points: 1, at_most: 2 per week}
    quiet: {type: any, inactive: 14d, points: -5}
  levels: {high: 10, low: 0}
matrix:
  good: {high: handoff, low: nurture}
  fair: {high: handoff, low: nurture}
  poor: {high: nurture, low: remove}
  unknown: {high: handoff, low: nurture}
"""
Row = tuple[str, ...]

names = st.sampled_from(("ada", "Bob", "ada@x.example", "Ada@X.example"))
mails = st.sampled_from(("", "ada@x.example", "bob@x.example"))
days = st.sampled_from(("2026-03-01", "2026-03-02"))
sources = st.sampled_from(("crm", "shop"))
KINDS = {
    "leads": (("id", "at", "created", "size", "email"), LeadFile("id", "created", "at")),
    "undated": (("id", "plan", "email"), LeadFile("id")),
    "events": (("lead", "name", "time"), EventFile("lead", "name", "time")),
    "given": (("id", "lead", "name", "time"), EventFile("lead", "name", "time", id="id")),
    "outcomes": (("lead", "outcome", "time"), OutcomeFile("lead", "time", "outcome")),
    "calls": ((), None),
}
CELLS = {
    "id": names,
    "lead": names,
    "at": days,
    "created": days,
    "size": st.sampled_from(("99", "100")),
    "plan": st.sampled_from(("Pro", "free")),
    "email": mails,
    "name": st.sampled_from("AB"),
    "time": days,
    "outcome": st.sampled_from(("won", "lost")),
}
CALLS = st.sampled_from(
    (
        '{"type": "identify", "userId": "ada", "timestamp": "2026-03-01", "messageId": "m1", "traits": {"size": 100}}',
        '{"type": "identify", "userId": "ada", "anonymousId": "d1", "timestamp": "2026-03-01", "traits": {"plan": "Pro"}}',
        '{"type": "track", "event": "A", "anonymousId": "d1", "timestamp": "2026-03-01", "messageId": "m2"}',
        '{"type": "track", "event": "B", "userId": "Bob", "anonymousId": "d1", "timestamp": "2026-03-02"}',
        '{"type": "group", "userId": "Bob", "groupId": "acme", "timestamp": "2026-03-01", "traits": {"size": 7}}',
        '{"type": "alias", "userId": "Bob", "previousId": "d2", "timestamp": "2026-03-01"}',
    )
)


@dataclass(frozen=True)
class File:
    """A file to import."""

    kind: str
    source: str
    rows: Sequence[Row]


@st.composite
def files(draw: st.DrawFn) -> File:
    kind = draw(st.sampled_from(tuple(KINDS)))
    cells = [CALLS] if kind == "calls" else [CELLS[column] for column in KINDS[kind][0]]
    rows = draw(st.lists(st.tuples(*cells), min_size=1, max_size=4))
    if kind == "given":  # what an id stands for does not change from file to file
        rows = [(f"{lead}{name}{day}", lead, name, day) for _, lead, name, day in rows]
    return File(kind, draw(sources), rows)


class Workspace:
    """A folder that files are imported into."""

    def __init__(self, root: Path) -> None:
        self.root, self.con = root, shared_connection()
        self.book = ImportingBook(root / "book.sqlite")

    def bring(self, file: File, at_us: int) -> int:
        """Import a file; return the number of the import."""
        header, how = KINDS[file.kind]
        importer = FileImporter(self.con, self.book, self.root, at_us)
        path = self.root / ("rows.jsonl" if how is None else "rows.csv")
        with path.open("w", newline="", encoding="utf-8") as out:
            if how is None:
                out.write("".join(f"{row}\n" for (row,) in file.rows))
            else:
                csv.writer(out).writerows([header, *file.rows])
        opened, zone = open_source(self.con, path), REFERENCES.zone("UTC")
        match how:
            case None:
                importer.calls(opened, file.source, zone)
            case LeadFile():
                importer.leads(opened, how, file.source, zone)
            case EventFile():
                importer.events(opened, how, file.source, zone)
            case OutcomeFile():
                importer.outcomes(opened, how, file.source, zone)
        return self.book.imports()[0].number

    def undo(self, number: int) -> None:
        imports = self.book.imports()
        one = next(one for one in imports if one.number == number)
        Undo(HistoryWriter(self.con, self.book, self.root), self.book, imports, one).carry_out(0, "")

    def rewrite(self) -> None:
        """Write all files of a kind as one, as compaction does with enough of them."""
        writer = HistoryWriter(self.con, self.book, self.root)
        settle_acts(writer)
        for kind in BASE:
            own = [file for file in writer.cut.files if file.kind == kind]
            if len(own) > 1 and kind not in (*SUMMARIES, "misplaced"):
                writer.merge(own)
        writer.commit(COMPACTION, 0)

    @property
    def store(self) -> Store:
        return Store(self.con, self.root, self.book.cut())


@contextmanager
def opened() -> Iterator[Workspace]:
    with tempfile.TemporaryDirectory(prefix="ripeline-undo-") as folder:
        made = Workspace(Path(folder))
        yield made
        made.book.close()


def facts(workspace: Workspace) -> dict[str, list[Row]]:
    """Return everything that is stored, with names for numbers; of sequences their order alone."""
    con = workspace.store.con
    known = dict(con.execute("SELECT who, kind || ' ' || value FROM identifiers").fetchall())
    numbered = "SELECT seq FROM traits UNION ALL SELECT seq FROM account_traits"
    orders = dict(con.execute(f"SELECT seq, row_number() OVER (ORDER BY seq) FROM ({numbered})").fetchall())
    found: dict[str, list[Row]] = {"identifiers": sorted((name,) for name in known.values())}
    for kind in BASE:
        if kind in (*SUMMARIES, "identifiers", "again", "misplaced"):
            continue
        rows = con.execute(f"SELECT * FROM {kind}")
        columns = [column[0] for column in rows.description or []]
        tables = {"seq": orders, **dict.fromkeys(("who", "device", "one", "other"), known)}
        # What nobody ever said has no column; where the last of it went, one without values may be left.
        found[kind] = sorted(
            tuple(
                f"{column}={tables[column][value] if column in tables else value}"
                for column, value in sorted(zip(columns, row, strict=True))
                if value is not None and column != MANIFEST
            )
            for row in rows.fetchall()
        )
    return found


def told(workspace: Workspace) -> object:
    sql, python = both_readings(workspace.store, plan_of(DEFINITION), Asked(AS_OF))
    assert sql == python
    return without_subjects(sql)


@pytest.mark.slow
@settings(
    max_examples=most(12), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(st.lists(files(), min_size=2, max_size=5), st.data())
def test_what_is_undone_has_never_been(brought: list[File], data: st.DataObject) -> None:
    undone = data.draw(st.lists(st.integers(0, len(brought) - 1), min_size=1, max_size=3, unique=True), "undone")
    after = {one: data.draw(st.integers(one, len(brought) - 1), f"{one} is undone after") for one in undone}
    anew = data.draw(st.sets(st.integers(0, len(brought) - 1)), "written anew")
    with opened() as workspace:
        _go(workspace, brought, undone, after, anew)
        once, scores = facts(workspace), told(workspace)
    with opened() as workspace:
        for place, file in enumerate(brought):
            if place not in undone:
                workspace.bring(file, place)
        assert facts(workspace) == once
        assert told(workspace) == scores


def _go(
    workspace: Workspace, brought: Sequence[File], undone: Sequence[int], after: dict[int, int], anew: Collection[int]
) -> None:
    numbers = []
    for place, file in enumerate(brought):
        numbers.append(workspace.bring(file, place))
        if place in anew:
            workspace.rewrite()
        for one in undone:
            if after[one] == place:
                workspace.undo(numbers[one])


def test_an_undo_that_breaks_off_changes_nothing() -> None:
    """Another import is done before it is: it is not carried out on what it did not see, and leaves no file behind."""
    leads = File("undated", "crm", [("ada", "Pro", "ada@x.example")])
    with opened() as workspace:
        number = workspace.bring(leads, 0)
        undo = Undo(
            HistoryWriter(workspace.con, workspace.book, workspace.root),
            workspace.book,
            workspace.book.imports(),
            workspace.book.imports()[0],
        )
        workspace.bring(File("undated", "shop", [("ada", "free", "")]), 1)
        before, cut = facts(workspace), workspace.book.cut()
        with pytest.raises(InputError, match="another import"):
            undo.carry_out(2, "")
        assert workspace.book.cut() == cut
        assert facts(workspace) == before
        assert workspace.book.imports()[1].undone_us is None
        stored = {path.relative_to(workspace.root).as_posix() for path in workspace.root.rglob("*.parquet")}
        assert stored == {file.path for file in cut.files}
        workspace.undo(number)
        assert facts(workspace) != before
