"""`ripeline advance`: what a server does all the time, once, where none runs."""

from ripeline.entry.bootstrap.lifecycle import advance_now
from ripeline.entry.cli.options import AsOf, Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.score import plan_of
from ripeline.entry.cli.show import counted
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.handoffs import STATES


def advance(*, workspace: WorkspaceOption, as_of: AsOf = None, format: Format = "text") -> None:
    """Move leads from stage to stage by their scores, give handoffs out, and see to their clocks.

    A running server does so all the time; this is for workspaces without one. What was imported is held back until
    `ripeline release` says how many a day may go to sales.
    """
    found = find_workspace(workspace)
    at_us = now_us() if as_of is None else instant_of_text(as_of, plan_of(found, None).zone)
    record = advance_now(found, at_us)
    if format == "json":
        print_json(record)
        return
    states = ", ".join(f"{record['handoffs'][one]:,} {one}" for one in STATES if record["handoffs"].get(one))
    out.print(f"{counted(record['moved'], 'move')} from stage to stage. Handoffs: {states or 'none'}.", highlight=False)
