"""The whole way on whole data sets: import, check, score by both engines, explain, and all points add up."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from ripeline.adapters.columnar.store import Store
from ripeline.entry.bootstrap.history import engine_of
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.cli.score import plan_of
from ripeline.entry.workspace import find_workspace
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.usecases.score import asked_at
from tests.acceptance.examples import EXAMPLES, Example
from tests.acceptance.examples import ripeline_here as ripeline

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

Row = dict[str, str]
ENGINES = ("duckdb", "python")


@dataclass(frozen=True)
class Played:
    """An example with its history imported. said: what imports printed; first: scores at its moment."""

    example: Example
    folder: Path
    workspace: Path
    said: list[str]
    first: Path

    @property
    def as_of(self) -> str:
        return self.example.moments[0]

    def score(self, file: str, *options: object) -> Path:
        """Run `ripeline score` into a file of the folder; return it."""
        done = ripeline("score", "-w", self.workspace, "-o", self.folder / file, *options)
        assert done.returncode == 0, done.stderr
        return self.folder / file


@pytest.fixture(
    scope="session",
    params=[EXAMPLES[0], *(pytest.param(one, marks=pytest.mark.slow) for one in EXAMPLES[1:])],
    ids=lambda one: one.name,
)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    example: Example = request.param
    if not example.present:
        pytest.skip(f"{example.data} is not here: set RIPELINE_SHARED_DATA to the folder with the data sets")
    folder = tmp_path_factory.mktemp(example.name)
    workspace = example.make(folder)
    said = example.import_all(folder)
    new = Played(example, folder, workspace, said, folder / "first.csv")
    new.score("first.csv", "--as-of", new.as_of)
    return new


@dataclass(frozen=True)
class Opened:
    """What the engines need to run without the command line."""

    store: Store
    plan: Plan
    asked: Asked


@pytest.fixture
def opened(played: Played) -> Iterator[Opened]:
    workspace = find_workspace(played.workspace)
    plan = plan_of(workspace, None)
    with opened_store(workspace) as store:
        yield Opened(store, plan, asked_at(plan, 0, played.as_of, None))


def rows_of(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_an_import_brings_every_row(played: Played) -> None:
    assert len(played.said) == len(played.example.counts)
    for said, count in zip(played.said, played.example.counts, strict=True):
        assert f": {count:,} rows read, {count:,} new, 0 refused." in said


def test_importing_again_changes_nothing(played: Played) -> None:
    for said, count in zip(played.example.import_all(played.folder), played.example.counts, strict=True):
        assert f": {count:,} rows read, 0 new" in said
        assert ", 0 refused." in said
    again = played.score("again.csv", "--as-of", played.as_of)
    assert again.read_bytes() == played.first.read_bytes()


def test_check_finds_nothing_to_say(played: Played) -> None:
    done = ripeline("check", played.workspace / "qualification.yaml", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["issues"]) == (0, [])


def test_every_lead_is_scored_once_and_in_order_of_bytes(played: Played) -> None:
    leads = [row["lead"].encode() for row in rows_of(played.first)]
    assert leads == sorted(set(leads))
    assert len(leads) > 1_000


def test_both_engines_write_the_same_bytes(played: Played) -> None:
    python = played.score("python.csv", "--as-of", played.as_of, "--engine", "python")
    assert python.read_bytes() == played.first.read_bytes()


def test_both_engines_write_the_same_bytes_in_every_format(played: Played, opened: Opened) -> None:
    for engine in ENGINES:
        scores = engine_of(opened.store, engine).score(opened.plan, opened.asked, lambda what, done: None)
        for suffix in ("csv", "json", "parquet"):
            scores.write(played.folder / f"{engine}-all.{suffix}")
    for suffix in ("csv", "json", "parquet"):
        duckdb, python = ((played.folder / f"{engine}-all.{suffix}").read_bytes() for engine in ENGINES)
        assert duckdb == python, suffix
    assert (played.folder / "duckdb-all.csv").read_bytes() == played.first.read_bytes()


def test_the_lines_of_every_lead_sum_to_its_score_on_both_engines(played: Played, opened: Opened) -> None:
    by_sql, by_python = (
        list(engine_of(opened.store, engine).contributions(opened.plan, opened.asked)) for engine in ENGINES
    )
    assert by_sql == by_python
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for lead, part, _, micro in by_sql:
        sums[lead, part] += micro
    for row in rows_of(played.first):
        for part in ("fit", "engagement"):
            assert sums.pop((row["lead"], part), 0) == Decimal(row[part]) * 1_000_000, (row["lead"], part)
    assert not sums


def test_explanations_add_up_to_the_rows_of_the_score_file(played: Played) -> None:
    rows = rows_of(played.first)
    best = max(rows, key=lambda row: Decimal(row["engagement"]))
    least = min(rows, key=lambda row: Decimal(row["fit"]) + Decimal(row["engagement"]))
    for row in (best, least, rows[len(rows) // 2]):
        done = ripeline("explain", row["lead"], "-w", played.workspace, "--as-of", played.as_of, "--format", "json")
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        for part in ("fit", "engagement"):
            lines = told[part]["contributions"]
            assert all(line["points"] != "0" for line in lines)
            assert sum(Decimal(line["points"]) for line in lines) == Decimal(told[part]["points"])
            assert (told[part]["points"], told[part]["level"]) == (row[part], row[f"{part}_level"])
        for key in ("lead", "as_of", "definition", "action", "stage"):
            assert told[key] == row[key]
        assert (told["rating"] or "", told["likelihood"] or "") == (row["rating"], row["likelihood"])
        assert told["meets_definition"] == (row["meets_definition"] == "true")


def test_a_moment_for_each_lead_gives_the_rows_of_runs_at_single_moments(played: Played) -> None:
    expected: list[Row] = []
    for number, moment in enumerate(played.example.moments):
        single = played.score("single.csv", "--as-of", moment) if number else played.first
        rows = rows_of(single)
        expected += rows[number :: len(rows) // 400 + 1]
    wanted = played.folder / "moments.csv"
    with wanted.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["lead", "as_of"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(reversed(expected))
    expected.sort(key=lambda row: (row["lead"].encode(), row["as_of"]))
    for engine in ENGINES:
        assert rows_of(played.score("at.csv", "--at", wanted, "--engine", engine)) == expected, engine


def test_the_lead_that_the_readme_explains_is_one_to_hand_over(played: Played) -> None:
    for command in played.example.commands():
        if command[:2] == ["ripeline", "explain"]:
            done = ripeline(*command[1:], folder=played.folder)
            assert done.returncode == 0, done.stderr
            assert "so hand over to sales now" in " ".join(done.stdout.split())
