"""`ripeline test`."""

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from ripeline.definition.read import check_text
from ripeline.entry.bootstrap.history import engine_of
from ripeline.entry.bootstrap.live import stored_histories
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.cli.options import out
from ripeline.entry.workspace import find_workspace, text_of
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Engine
from ripeline.usecases.cases_file import CaseFile, read_cases
from ripeline.usecases.load_plan import load_plan
from ripeline.usecases.run_cases import CaseResult, result_lines, run_cases
from ripeline.vocabulary.history import LeadHistory
from ripeline.vocabulary.issues import DefinitionError, InputError


def test(
    cases: Path,
    *,
    workspace: Annotated[
        Path | None, Parameter(name=("--workspace", "-w"), help="Whose definition, where the cases name none.")
    ] = None,
) -> int:
    """Run cases with hand-worked sums against a definition, by both readers.

    Parameters
    ----------
    cases
        A file of cases, or a folder of such files.
    """
    files = sorted(cases.glob("*.yaml")) if cases.is_dir() else [cases]
    if not files:
        raise InputError(f"{cases} holds no cases: no .yaml file lies in it")
    results = [result for file in files for result in _run(file, workspace)]
    failed = [result for result in results if not result.passed]
    for result in failed:
        out.print(escape("\n".join(result_lines(result))), highlight=False, soft_wrap=True)
        out.print()
    colour = "red" if failed else "green"
    out.print(f"[{colour}]{len(results) - len(failed)} passed, {len(failed)} failed[/]", highlight=False)
    return 1 if failed else 0


def _run(file: Path, workspace: Path | None) -> list[CaseResult]:
    found = read_cases(text_of(file), str(file))
    plan = _plan(file, found, workspace)
    with ExitStack() as opened:

        def duckdb(leads: Mapping[str, LeadHistory]) -> Engine:
            folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="ripeline-"))
            return engine_of(opened.enter_context(stored_histories(Path(folder), leads)), "duckdb")

        return run_cases(found.cases, plan, {"DuckDB": duckdb})


def _plan(file: Path, cases: CaseFile, workspace: Path | None) -> Plan:
    """Return the plan of the definition that cases are about; issues of an inline one stand in the cases' file."""
    if cases.define is not None:
        inline = cases.define
        definition, issues = check_text(inline.text, file.stem, references().zones())
        if definition is None:
            raise DefinitionError(str(file), map(inline.here, issues))
        return load_plan(inline.text, file.stem, str(file), references())
    if cases.definition is not None:
        path = file.parent / cases.definition
    elif workspace is not None:
        path = find_workspace(workspace).definition(None)
    else:
        raise InputError(f"{file} names no definition: add `definition: PATH`, or say whose it is with -w")
    return load_plan(text_of(path), path.stem, str(path), references())
