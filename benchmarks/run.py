"""Measures Ripeline against hand-written SQL, chdb and Polars, and what it learns against others; writes docs/benchmarks.md.

`make bench` runs it; `make bench ARGS=--small` tries it on little data; `make bench ARGS=--learning` renews only the part
about learning. Every task has a process of its own and
the formulations take turns (A B A B), so that whatever else the machine does troubles all of them alike.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.generate import BIG, FULL, NAMES, SMALL, Data, Size, prepared
from ripeline.adapters.columnar.columns import text_of

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
RESCORES = ("ripeline", "hand", "wide", "chdb", "polars")
OTHERS = ("definition", "explaining", "importing", "importing_more")
LABELS = {
    ("ripeline", "whole"): "**Ripeline, everything**: `DuckEngine.score`, to results by lead",
    ("hand", "whole"): "Hand-written SQL, everything: to results by lead",
    ("ripeline", "query"): "Ripeline, its query alone",
    ("hand", "query"): "Hand-written SQL, without names of leads",
    ("wide", "whole"): "Wide `sum(CASE ...)`, events in order of arrival",
    ("chdb", "query"): "chdb, engagement only",
    ("polars", "query"): "Polars, engagement only",
}

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure, what it should be, and how it is written."""

    what: str
    figure: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def row(self) -> str:
        """The goal as a row of a table."""
        met = self.figure >= self.limit if self.at_least else self.figure <= self.limit
        ratio = self.limit / self.figure if self.at_least else self.figure / self.limit
        sign, verdict = ("≥" if self.at_least else "≤"), "met" if met else f"missed, by {ratio:.2f}x"
        return f"| {self.what} | {sign} {self.limit:,g} {self.unit} | {_short(self.figure)} {self.unit} | {verdict} |"


def main() -> None:
    """Make the data, measure, compare, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a million events; prints, writes no page")
    parser.add_argument("--big", action="store_true", help="also 20 million leads within 2 GB; takes minutes")
    parser.add_argument("--rounds", type=int, default=5, help="how often the rescores take turns")
    parser.add_argument("--only", nargs="+", choices=(*RESCORES, *OTHERS), help="measure these only; writes no page")
    parser.add_argument("--learning", action="store_true", help="renew only the part of the page about learning")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RIPELINE_BENCH_DATA", HERE / "data")))
    options = parser.parse_args()
    if options.learning:
        PAGE.write_text(_with_part(PAGE.read_text(), _learning()))
        return
    name, size = ("small", SMALL) if options.small else ("full", FULL)
    data = prepared(size, options.data)
    chosen = options.only or (*RESCORES, *OTHERS)
    rescores = _rescores(name, data, [task for task in RESCORES if task in chosen], options.rounds)
    others = {task: _run(task, name, options.data) for task in OTHERS if task in chosen}
    if options.big:
        prepared(BIG, options.data)
        others["big"] = _run("ripeline_2gb", "big", options.data)
    if options.only:
        print(json.dumps({"rescores": _medians(rescores), **others}, indent=1))
        return
    page = _page(size, options.rounds, rescores, others, "" if options.small else _learning())
    print(page)
    if not options.small:
        PAGE.write_text(page)


# Measuring


def _rescores(name: str, data: Data, tasks: list[str], rounds: int) -> dict[str, list[Figures]]:
    found: dict[str, list[Figures]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        outs = {task: Path(folder) / f"{task}.parquet" for task in tasks}
        for number in range(rounds):
            for task in tasks:
                found[task].append(_run(task, name, data.root.parent, outs[task]))
            if number == 0:
                _compare(outs)
    return found


def _run(task: str, size: str, folder: Path, out: Path | None = None) -> Figures:
    with tempfile.TemporaryDirectory() as scratch:
        file = out or Path(scratch) / "out"
        command = [sys.executable, "-m", "benchmarks.tasks", task, size, str(folder), str(file)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=HERE.parent)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    print(task, {key: round(value, 2) for key, value in figures.items()}, file=sys.stderr, flush=True)
    return figures


def _compare(outs: dict[str, Path]) -> None:
    """Every formulation must have the same rows as Ripeline: all columns, or engagement where it has no more."""
    if "ripeline" not in outs:
        return
    con, ours = duckdb.connect(), text_of(str(outs["ripeline"]))
    for task, out in outs.items():
        theirs = text_of(str(out))
        if task in {"chdb", "polars"}:  # they leave out whom nothing was seen of
            differing = (
                f"SELECT count(*) FROM {ours} o LEFT JOIN {theirs} t ON t.lead = o.lead "
                "WHERE o.engagement <> coalesce(t.engagement, 0)"
            )
        else:
            differing = f"SELECT count(*) FROM (FROM ((FROM {ours} EXCEPT ALL FROM {theirs}) UNION ALL (FROM {theirs} EXCEPT ALL FROM {ours})))"
        (count,) = con.execute(differing).fetchall()[0]
        assert count == 0, f"{task} differs from Ripeline in {count} rows"


def _medians(rescores: dict[str, list[Figures]]) -> dict[str, Figures]:
    return {
        task: {key: statistics.median(one[key] for one in runs) for key in runs[0]} for task, runs in rescores.items()
    }


def _ratio(rescores: dict[str, list[Figures]], one: tuple[str, str], other: tuple[str, str]) -> float:
    """The median over the rounds of a ratio of CPU seconds within a round."""
    pairs = zip(rescores[one[0]], rescores[other[0]], strict=True)
    return statistics.median(a[f"{one[1]} cpu"] / b[f"{other[1]} cpu"] for a, b in pairs)


# The page


def _learning() -> str:
    """Return the part of the page about learning."""
    command = [sys.executable, "-m", "benchmarks.learning"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=HERE.parent).stdout.strip()


def _with_part(page: str, part: str) -> str:
    """Return a page with another text from a part's own heading to the next one of its rank."""
    head, _, _ = part.partition("\n")
    before, found, after = page.partition(f"\n{head}\n")
    assert found, f"the page has no part {head}"
    _, _, rest = after.partition("\n## ")
    return f"{before}\n{part}\n\n## {rest}"


def _page(
    size: Size, rounds: int, rescores: dict[str, list[Figures]], others: dict[str, Figures], learning: str
) -> str:
    medians, best = _medians(rescores), ("hand", "whole")
    rows = []
    for (task, part), label in LABELS.items():
        figures, base = medians[task], best if part == "whole" else ("hand", "query")
        rows.append(
            f"| {label} | {figures[f'{part} wall']:.2f} | {figures[f'{part} cpu']:.2f} | "
            f"{_ratio(rescores, (task, part), base):.2f} | {figures['peak']:.2f} |"
        )
    return PAGE_TEXT.format(
        machine=_machine(),
        versions=_versions(),
        rounds=rounds,
        events=size.events,
        leads=size.leads,
        devices=size.devices,
        names=len(NAMES),
        rescores="\n".join(rows),
        goals="\n".join(goal.row for goal in _goals(rescores, others)),
        details="\n".join(_details(others)),
        learning=learning,
        notes=(HERE / "notes.md").read_text().strip(),
    )


def _goals(rescores: dict[str, list[Figures]], others: dict[str, Figures]) -> list[Goal]:
    peak = statistics.median(one["peak"] for one in rescores["ripeline"])
    rate = others["importing"]["first rows"] / others["importing"]["first wall"]
    whole = ("ripeline", "whole")
    return [
        Goal("full rescore against hand-written SQL (CPU)", _ratio(rescores, whole, ("hand", "whole")), 1.15, "x"),
        Goal("full rescore against the wide form (CPU)", _ratio(rescores, whole, ("wide", "whole")), 0.4, "x"),
        Goal("peak memory of a full rescore", peak, 1.5, "GB"),
        Goal("definition to SQL", others["definition"]["lower cold"], 10, "ms"),
        Goal("`explain` of one lead, warm (p50)", others["explaining"]["p50"], 150, "ms"),
        Goal("import of events from CSV", rate, 300_000, "rows/s", at_least=True),
    ]


def _details(others: dict[str, Figures]) -> list[str]:
    definition, explaining = others["definition"], others["explaining"]
    first, more = others["importing"], others["importing_more"]
    lines = [
        f"- **Definition to SQL**: {definition['lower cold']:.1f} ms with nothing cached, {definition['lower']:.1f} ms when "
        f"its weights are known; reading and checking the YAML before takes {definition['read']:.0f} ms.",
        f"- **`explain`**, {explaining['leads']:.0f} leads, busy ones drawn more often: p50 {explaining['p50']:.0f} ms, p95 "
        f"{explaining['p95']:.0f} ms, the first in a process {explaining['first']:.0f} ms; peak {explaining['peak']:.2f} GB.",
        f"- **Import** of {first['first rows']:,.0f} events from CSV, three properties, no ids, into an empty workspace: "
        f"{first['first wall']:.1f} s wall, {first['first cpu']:.1f} s CPU, peak {first['peak']:.2f} GB. The same file once "
        f"more, which changes nothing: {first['again wall']:.1f} s. Into the workspace with all events: "
        f"{more['more wall']:.1f} s wall, {more['more cpu']:.1f} s CPU.",
    ]
    if "big" in others:
        big = others["big"]
        lines.append(
            f"- **20 million leads** with `memory_limit` 2 GB: finishes, {big['whole wall']:.0f} s wall, "
            f"{big['whole cpu']:.0f} s CPU, peak {big['peak']:.2f} GB."
        )
    return lines


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 1000 else f"{figure:.3g}"


def _machine() -> str:
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "a CPU"
    )
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return f"{model}, {os.cpu_count()} cores, {memory / 2**20:.0f} GiB of memory"


def _lines(file: str) -> list[str]:
    path = Path(file)
    return path.read_text().splitlines() if path.exists() else []


def _versions() -> str:
    from importlib.metadata import version

    return ", ".join(f"{name} {version(name)}" for name in ("duckdb", "chdb", "polars"))


PAGE_TEXT = """\
# Benchmarks

Written by `make bench` (`benchmarks/run.py`); do not edit, but for the notes, which are in `benchmarks/notes.md`.

**Machine**: {machine}. {versions}. Each figure is the median of {rounds} runs, each in its own process; the
formulations took turns, and a ratio is the median of the ratios within a turn, of CPU seconds: other work was
done on the machine at the same time, which makes wall times upper bounds.

**Data** (`benchmarks/generate.py`): {events:,} events of {names} names by {leads:,} leads in 180 days, and
{devices:,} anonymous devices tied to them, written as an import writes them: Parquet, sorted by name, identifier
and time. **Definition** (`benchmarks/definition.yaml`): 20 signals, 10 criteria, 5 x 4 matrix.
All formulations join identifiers to persons and come to the same rows for every lead; the run stops if not.

## Full rescore

| formulation | wall s | CPU s | CPU ratio | peak GB |
| --- | ---: | ---: | ---: | ---: |
{rescores}

The ratio is to the hand-written SQL: "everything" to everything, the others to the line without names. Ripeline and
the hand-written SQL ran with a `memory_limit` of 1,200 MB, the others without one.

## Goals

| what | goal | measured | |
| --- | ---: | ---: | --- |
{goals}

{details}

{learning}

## Notes

{notes}
"""

if __name__ == "__main__":
    main()
