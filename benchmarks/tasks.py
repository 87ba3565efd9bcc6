"""What is measured, one task a process: each prints its figures as one line of JSON.

Wall and CPU seconds are of the work alone; peak memory is that of the whole process. What a formulation
computed is written to a file, so that the caller can compare the rows.
"""

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from benchmarks.generate import AS_OF_US, BIG, FULL, SMALL, Data
from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.adapters.columnar.columns import text_of
from ripeline.adapters.columnar.store import Store, connect
from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.leads import StoredHistory
from ripeline.adapters.engines.prepare import prepare
from ripeline.adapters.history.import_events import import_events
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.adapters.sources.files import open_source
from ripeline.adapters.tables.references import ShippedReferences
from ripeline.definition.read import read_definition
from ripeline.plan.build import build_plan
from ripeline.plan.nodes import Plan
from ripeline.plan.weights import units_of
from ripeline.ports.files import EventFile
from ripeline.ports.scores import Asked
from ripeline.scoring.lower import lower_scores
from ripeline.usecases.explain import explain, explanation_record

DEFINITION = Path(__file__).parent / "definition.yaml"
COLUMNS = "fit, fit_level, engagement, engagement_level, rating"
OTHERS_MEMORY = "16GB"
LEADS_EXPLAINED = 100
SECONDS_EXPLAINING = 120

Figures = dict[str, float]


@contextmanager
def _timed(figures: Figures, name: str) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    figures[f"{name} wall"] = time.perf_counter() - wall
    figures[f"{name} cpu"] = time.process_time() - cpu


def _plan() -> Plan:
    references = ShippedReferences()
    definition = read_definition(DEFINITION.read_text(), "benchmark", references.zones(), DEFINITION.name)
    return build_plan(definition, references.zone(definition.timezone), references.tables())


def _store(data: Data, memory: str) -> Store:
    con = connect(memory)
    con.execute(f"SET temp_directory = {text_of(str(data.root / 'spill'))}")
    book = SqliteBook(data.root / "book.sqlite")
    store = Store(con, data.root, book.cut())
    book.close()
    return store


def _quiet(_: str, __: float | None) -> None:
    """Nobody watches."""


# Full rescores


def ripeline(data: Data, out: Path, memory: str = "1200MB") -> Figures:
    """Score everybody, then the query once more by itself."""
    plan, store, figures = _plan(), _store(data, memory), Figures()
    with _timed(figures, "whole"):
        DuckEngine(store).score(plan, Asked(AS_OF_US), _quiet)
    figures["peak"] = _peak()
    store.con.execute(
        f"COPY (SELECT lead, {COLUMNS} FROM results ORDER BY lead) TO {text_of(str(out))} (FORMAT parquet)"
    )
    frame = prepare(store, plan, Asked(AS_OF_US))
    query = lower_scores(plan, frame.facts, frame.moment)
    with _timed(figures, "query"):
        store.con.execute(f"CREATE OR REPLACE TABLE scored AS {query}")
    return figures


def ripeline_2gb(data: Data, out: Path) -> Figures:
    """The same with a little more memory, for many more leads."""
    return ripeline(data, out, "2GB")


def hand(data: Data, out: Path) -> Figures:
    """The best SQL by hand over the same files."""
    return _by_hand(data, out, "SORTED", "1200MB")


def wide(data: Data, out: Path) -> Figures:
    """One `sum(CASE ...)` a signal over events in order of arrival."""
    return _by_hand(data, out, "WIDE", OTHERS_MEMORY)


def _by_hand(data: Data, out: Path, form: str, memory: str) -> Figures:
    from benchmarks import hand_sql

    con, figures = connect(memory), Figures()
    con.execute(f"SET temp_directory = {text_of(str(data.root / 'spill'))}")
    hand_sql.open_views(con, data, arrival=form == "WIDE")
    with _timed(figures, "query"):
        con.execute(getattr(hand_sql, form))
    with _timed(figures, "named"):
        con.execute(hand_sql.NAMED)
    for unit in ("wall", "cpu"):
        figures[f"whole {unit}"] = figures[f"query {unit}"] + figures.pop(f"named {unit}")
    figures["peak"] = _peak()
    con.execute(f"COPY (SELECT lead, {COLUMNS} FROM results ORDER BY lead) TO {text_of(str(out))} (FORMAT parquet)")
    return figures


def chdb(data: Data, out: Path) -> Figures:
    """Engagement in ClickHouse."""
    from benchmarks import chdb_form

    return _engagement(data, out, chdb_form.score)


def polars(data: Data, out: Path) -> Figures:
    """Engagement in Polars."""
    from benchmarks import polars_form

    return _engagement(data, out, polars_form.score)


def _engagement(data: Data, out: Path, score: Callable[[Data, Path], None]) -> Figures:
    figures, raw = Figures(), out.with_suffix(".raw")
    with _timed(figures, "query"):
        score(data, raw)
    figures["peak"] = _peak()
    duckdb.connect().execute(
        f"COPY (SELECT i.value AS lead, r.engagement FROM read_parquet({text_of(str(raw))}) r "
        f"JOIN {data.of('identifiers')} i ON i.who = r.person ORDER BY lead) TO {text_of(str(out))} (FORMAT parquet)"
    )
    raw.unlink()
    return figures


# The rest


def definition(data: Data, out: Path) -> Figures:
    """From text to plan to SQL, in milliseconds."""
    store, references, figures = _store(data, "1200MB"), ShippedReferences(), Figures()
    tables, zones = references.tables(), references.zones()
    frame = prepare(store, _plan(), Asked(AS_OF_US))
    text, steps = DEFINITION.read_text(), {"read": [], "lower": [], "lower cold": []}
    for _ in range(30):
        start = time.perf_counter()
        read = read_definition(text, "benchmark", zones, DEFINITION.name)
        steps["read"].append(time.perf_counter() - start)
        for name in ("lower cold", "lower"):
            if name == "lower cold":
                units_of.cache_clear()
            start = time.perf_counter()
            plan = build_plan(read, references.zone(read.timezone), tables)
            query = lower_scores(plan, frame.facts, frame.moment)
            steps[name].append(time.perf_counter() - start)
    out.write_text(query)
    return figures | {name: 1000 * statistics.median(times) for name, times in steps.items()}


def explaining(data: Data, out: Path) -> Figures:
    """`explain` of single leads in a warm process, in milliseconds; busy ones more often than others."""
    plan, store = _plan(), _store(data, "1200MB")
    history = StoredHistory(store)
    drawn = store.con.execute(
        "SELECT i.value FROM (SELECT who FROM events USING SAMPLE 2000 ROWS (reservoir, 7)) e "
        "JOIN identifiers i ON i.who = e.who ORDER BY md5(i.value)"
    ).fetchall()
    leads = [lead for (lead,) in drawn[: LEADS_EXPLAINED + 1]]
    times: list[float] = []
    for lead in leads:
        start = time.perf_counter()
        record = explanation_record(explain(plan, history, lead, AS_OF_US))
        times.append(1000 * (time.perf_counter() - start))
        if sum(times) > 1000 * SECONDS_EXPLAINING:
            break
    out.write_text(json.dumps(record, indent=1))
    first, *warm = times
    warm.sort()
    return {
        "first": first,
        "p50": statistics.median(warm),
        "p95": warm[min(len(warm) * 95 // 100, len(warm) - 1)],
        "leads": len(warm),
        "peak": _peak(),
    }


def importing(data: Data, out: Path) -> Figures:
    """A CSV file of events without ids into an empty workspace, and the same file once more."""
    figures = Figures()
    with tempfile.TemporaryDirectory(dir=data.root) as folder:
        root = Path(folder)
        for name in ("first", "again"):
            with _timed(figures, name):
                added = _import(root, data.csv)
            figures[f"{name} rows"] = added
    figures["peak"] = _peak()
    out.write_text("")
    return figures


def importing_more(data: Data, out: Path) -> Figures:
    """The same file into the workspace that has everything already; what was written is removed again."""
    figures = Figures()
    with tempfile.TemporaryDirectory(dir=data.root) as folder:
        root = Path(folder)
        shutil.copy(data.root / "book.sqlite", root / "book.sqlite")
        shutil.copytree(data.root / "history", root / "history", copy_function=lambda a, b: Path(b).hardlink_to(a))
        with _timed(figures, "more"):
            figures["more rows"] = _import(root, data.csv)
    out.write_text("")
    return figures


def _import(root: Path, file: Path) -> int:
    con, book = connect(), SqliteBook(root / "book.sqlite")
    con.execute(f"SET temp_directory = {text_of(str(root / 'spill'))}")
    source = open_source(con, file)
    writer = HistoryWriter(con, book, root)
    how = EventFile(lead="lead", name="name", time="time", type="type")
    added, rejects = import_events(writer, source.kinds, how, file.stem, ShippedReferences().zone("UTC"))
    if rejects:
        raise ValueError(f"refused: {rejects[:3]}")
    writer.commit("import", AS_OF_US)
    book.close()
    con.close()
    return added


def _peak() -> float:
    """The most memory this process had, in GB."""
    # Not ru_maxrss: it starts with what the process was forked from.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024 / 1e9


TASKS: dict[str, Callable[[Data, Path], Figures]] = {
    task.__name__: task
    for task in (
        ripeline,
        ripeline_2gb,
        hand,
        wide,
        chdb,
        polars,
        definition,
        explaining,
        importing,
        importing_more,
    )
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("size", choices=("full", "small", "big"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    size = {"full": FULL, "small": SMALL, "big": BIG}[options.size]
    print(json.dumps(TASKS[options.task](Data(size, options.folder / size.name), options.out)))
