"""`ripeline learn`."""

import os
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated

from cyclopts import Parameter, validators

from ripeline.definition.words import LONGEST_DEFINITION_NAME
from ripeline.entry.cli.files import must_have_folder, write, write_reports
from ripeline.entry.cli.options import WHOLE, DefinitionOption, WorkspaceOption, now_us, out, progress
from ripeline.entry.cli.show_learned import show_learned
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.learn_told import MOST_RULES, USUAL_RULES, LearnTold
from ripeline.vocabulary.issues import InputError

WinWithin = Annotated[str | None, Parameter(help="In how many days a lead has to be won, such as 30d. Default: ever.")]
AsOf = Annotated[str | None, Parameter(help="Learn only from what was known by then: a date or a time. Default: now.")]
ScoreAt = Annotated[
    str | None,
    Parameter(
        help="At which moments leads are looked at: every:4d, created+1h, handoffs (when they were given to sales), or a "
        "file with columns lead and as_of. "
        "Default: every:7d, or created+1h where there are no events."
    ),
]
Ignore = Annotated[tuple[str, ...], Parameter(help="Traits and events that are left out, with commas between them.")]
Keep = Annotated[tuple[str, ...], Parameter(help="Traits and events that are used though they may know the outcome.")]
MaxRules = Annotated[
    int,
    Parameter(validator=validators.Number(gte=1, lte=MOST_RULES), help="Most criteria and signals together, up to 25."),
]
Repeat = Annotated[bool, Parameter(help="Who was won can be won again, as in a shop.", negative=())]
Capacity = Annotated[str | None, Parameter(help="How many leads sales can answer, such as 40/week.")]
Ordered = Annotated[bool, Parameter(help="Leads without times were imported in order of time.", negative=())]
Seed = Annotated[int, WHOLE, Parameter(help="Where draws are made, by chance that can be repeated.")]
StartingFrom = Annotated[
    Path | None,
    Parameter(help="A definition to start from: it is corrected where deals clearly contradict it, and added to."),
]
Output = Annotated[Path | None, Parameter(name=("--output", "-o"), help="Write the proposed definition to this file.")]
Report = Annotated[Path | None, Parameter(help="Write the whole report as a page to this file, with charts.")]
Json = Annotated[Path | None, Parameter(help="Write the whole report as JSON to this file.")]


def learn(
    *,
    workspace: WorkspaceOption,
    win_within: WinWithin = None,
    as_of: AsOf = None,
    score_at: ScoreAt = None,
    ignore: Ignore = (),
    keep: Keep = (),
    max_rules: MaxRules = USUAL_RULES,
    repeat: Repeat = False,
    capacity: Capacity = None,
    ordered: Ordered = False,
    seed: Seed = 0,
    definition: DefinitionOption = None,
    starting_from: StartingFrom = None,
    output: Output = None,
    report: Report = None,
    json: Json = None,
) -> None:
    """Learn from deals won and lost what a definition should be.

    It reads history and proposes a definition, with the evidence for each rule; it changes nothing in the workspace.
    Where deals tell nothing, or there are too few of them, it says so and writes no definition.
    """
    for file in (output, report, json):
        must_have_folder(file)
    learning, found = _learning(), find_workspace(workspace)
    starts = starting_from is not None
    told = LearnTold(as_of, win_within, score_at, ignore, keep, max_rules, repeat, capacity, seed, ordered, starts)
    file = starting_from or found.definition(definition)
    with progress() as watching:
        record, text = learning.learn_from(found, file, told, name_of(output), now_us(), watching)
    if text is not None and output is not None:
        write(output, text)
    write_reports(record, learning.page_of, report, json)
    show_learned(out, record, output)


def _learning() -> ModuleType:
    """Return what learns, or raise InputError where what it needs is not installed."""
    # Before numpy comes in: on few cores its own choice of threads is many times slower.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        return import_module("ripeline.entry.bootstrap.learn")
    except ModuleNotFoundError as error:
        if error.name != "numpy":
            raise
        raise InputError("learning needs more than scoring does; install it: pip install 'ripeline[learn]'") from error


def name_of(output: Path | None) -> str:
    """Return how a proposed definition is called: as its file, without what no name may hold."""
    plain = "learned" if output is None else re.sub(r'[@/\\"]|[^ -~]', "_", output.stem)
    return plain[:LONGEST_DEFINITION_NAME].strip() or "learned"
