"""`ripeline backtest`."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ripeline.entry.bootstrap.replay import backtested
from ripeline.entry.cli.files import must_have_folder, write_reports
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json, progress
from ripeline.entry.cli.show_backtest import show_backtest
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.backtest import USUAL_DAYS, BacktestAsked, within_asked
from ripeline.usecases.report.backtest_page import backtest_page
from ripeline.usecases.sla import period_asked


def backtest(
    definition: Path,
    *,
    workspace: WorkspaceOption,
    against: Annotated[Path | None, Parameter(help="Another definition to compare with.")] = None,
    from_: Annotated[
        str | None, Parameter(name="--from", help="The first day. Default: a year before the last.")
    ] = None,
    to: Annotated[str | None, Parameter(name="--to", help="The last day. Default: now.")] = None,
    step: Annotated[Literal["1d", "1w"], Parameter(help="How often everybody is looked at.")] = "1w",
    win_within: Annotated[str, Parameter(help="In how many days an MQL has to be won.")] = "90d",
    report: Annotated[Path | None, Parameter(help="Write everything as a page to this file, with charts.")] = None,
    json: Annotated[Path | None, Parameter(help="Write everything as JSON to this file.")] = None,
    format: Format = "text",
) -> None:
    """Judge a definition by what it would have done on history, as it was known then.

    Parameters
    ----------
    definition
        The file of the definition; it need not be published.
    """
    for file in (report, json):
        must_have_folder(file)
    found, at_us, within = find_workspace(workspace), now_us(), within_asked(win_within)
    with progress() as watching:
        record = backtested(
            found,
            [definition, *([] if against is None else [against])],
            lambda zone: BacktestAsked(period_asked(from_, to, zone, at_us, USUAL_DAYS), step, within, at_us),
            watching,
        )
    write_reports(record, backtest_page, report, json)
    if format == "json":
        print_json(record)
    else:
        show_backtest(out, record)
