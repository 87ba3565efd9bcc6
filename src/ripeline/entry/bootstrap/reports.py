"""Reports on stages and handoffs, read from the book; each on a connection of its own, since they take their time."""

from typing import Any

from ripeline.adapters.book import handoffs as rows
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.workspace import Workspace
from ripeline.handoff.report import sla_report
from ripeline.handoff.sales import Sales
from ripeline.usecases.sla import Period, sla_record

Record = dict[str, Any]


def sla_of(workspace: Workspace, sales: Sales, by: str, period: Period, as_of_us: int) -> Record:
    """Return how sales answered the handoffs of a period, as it stands at an instant."""
    with book_connection(workspace) as db:
        handled = rows.handled(db, period.from_us, period.until_us)
        report = sla_report(handled, by, sales, as_of_us)
        return sla_record(report, by, period, sales.hours.zone, rows.ungiven(db))
