"""`ripeline advance`: what a server does all the time, once, where none runs."""

from ripeline.entry.bootstrap.advance import advance_now
from ripeline.entry.cli.options import AsOf, Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.score import plan_of
from ripeline.entry.cli.show import counted
from ripeline.entry.workspace import Workspace, find_workspace
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.handoffs import STATES
from ripeline.vocabulary.issues import InputError


def advance(*, workspace: WorkspaceOption, as_of: AsOf = None, format: Format = "text") -> None:
    """Move leads from stage to stage by their scores, give handoffs out, and see to their clocks.

    A running server does so all the time; this is for workspaces without one. What was imported is held back until
    `ripeline release` says how many a day may go to sales.
    """
    found = find_workspace(workspace)
    record = advance_now(found, _instant(found, as_of))
    if format == "json":
        print_json(record)
        return
    states = ", ".join(f"{record['handoffs'][one]:,} {one}" for one in STATES if record["handoffs"].get(one))
    out.print(f"{counted(record['moved'], 'move')} from stage to stage. Handoffs: {states or 'none'}.", highlight=False)


def _instant(workspace: Workspace, as_of: str | None) -> int:
    """Return the instant that is meant; the log of stages is never taken back, so it cannot be one still to come."""
    by_now = now_us()
    at_us = by_now if as_of is None else instant_of_text(as_of, plan_of(workspace, None).zone)
    if at_us > by_now:
        raise InputError(
            f"--as-of {as_of} means {instant_text(at_us)}, which is still to come; leads are moved up to now at most, "
            "which is what is done without it"
        )
    return at_us
