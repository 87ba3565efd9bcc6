"""Every hand-worked case, by the Python reader and by engines over stored history."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.adapters.columnar.store import Store, connect
from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.python import PythonEngine
from ripeline.adapters.history.from_records import store_histories
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.adapters.tables.references import ShippedReferences
from ripeline.definition.read import read_definition
from ripeline.plan.build import build_plan
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked, Engine, Progress, Scores
from ripeline.usecases.cases_file import CaseFile, read_cases
from ripeline.usecases.run_cases import CaseResult, EngineOver, result_lines, run_cases
from ripeline.vocabulary.history import LeadHistory
from ripeline.vocabulary.scores import Contribution

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.yaml"))
REFERENCES = ShippedReferences()

pytestmark = pytest.mark.engine_duckdb


@cache
def case_file(file: Path) -> CaseFile:
    return read_cases(file.read_text(encoding="utf-8"), file.name)


def plan_of(file: Path) -> Plan:
    cases = case_file(file)
    text = cases.define.text if cases.define else (HERE / str(cases.definition)).read_text(encoding="utf-8")
    definition = read_definition(text, file.stem, REFERENCES.zones(), file.name)
    return build_plan(definition, REFERENCES.zone(definition.timezone), REFERENCES.tables())


class LeadByLead:
    """An engine that is asked for (lead, moment) rows instead of everybody: another way through the SQL."""

    def __init__(self, engine: Engine, leads: Sequence[str]) -> None:
        self._engine, self._leads = engine, leads

    def _rows(self, asked: Asked) -> Asked:
        return Asked(asked.as_of_us, asked.known_us, tuple((lead, asked.as_of_us) for lead in self._leads))

    def score(self, plan: Plan, asked: Asked, progress: Progress) -> Scores:
        return self._engine.score(plan, self._rows(asked), progress)

    def contributions(self, plan: Plan, asked: Asked) -> Sequence[tuple[str, str, str, int]]:
        return self._engine.contributions(plan, self._rows(asked))


def engines(root: Path) -> dict[str, EngineOver]:
    """Engines over histories stored once in a temporary workspace."""
    stores: list[Store] = []

    def store(leads: Mapping[str, LeadHistory]) -> Store:
        if not stores:
            book = SqliteBook(root / "book.sqlite")
            con = connect(threads=2)
            writer = HistoryWriter(con, book, root)
            store_histories(writer, leads)
            writer.commit("cases", 0)
            stores.append(Store(con, root, book.cut()))
            book.close()
        return stores[0]

    return {
        "DuckDB": lambda leads: DuckEngine(store(leads)),
        "DuckDB lead by lead": lambda leads: LeadByLead(DuckEngine(store(leads)), list(leads)),
        "Python over files": lambda leads: PythonEngine(store(leads)),
    }


@cache
def results(file: Path, root: Path) -> dict[str, CaseResult]:
    found = run_cases(case_file(file).cases, plan_of(file), engines(root))
    return {result.case.name: result for result in found}


ALL = [(file, case.name) for file in FILES for case in case_file(file).cases]


@pytest.fixture(scope="session")
def root_of(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Path, Path]:
    return {file: tmp_path_factory.mktemp(file.stem) for file in FILES}


@pytest.mark.parametrize(("file", "name"), ALL, ids=[f"{file.stem}-{name}" for file, name in ALL])
def test_case_comes_out_as_worked_by_hand(file: Path, name: str, root_of: Mapping[Path, Path]) -> None:
    result = results(file, root_of[file])[name]
    assert result.passed, "\n".join(result_lines(result))


@pytest.mark.parametrize(("file", "name"), ALL, ids=[f"{file.stem}-{name}" for file, name in ALL])
def test_lines_add_up_and_stand_in_the_order_written(file: Path, name: str, root_of: Mapping[Path, Path]) -> None:
    result = results(file, root_of[file])[name]
    for score in (result.score.fit, result.score.engagement):
        assert sum(line.micro for line in score.contributions) == score.micro
    told = {"contributions": result.score.engagement, "fit_contributions": result.score.fit}
    for one in result.case.expect:
        if one.name in told:
            assert names(one.value) == names(told[one.name].contributions)


def names(lines: object) -> list[str]:
    assert isinstance(lines, tuple)
    return [line.name for line in lines if isinstance(line, Contribution)]


def test_there_are_enough_of_them() -> None:
    assert len(ALL) >= 45
