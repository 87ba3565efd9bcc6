"""Reports on stages and handoffs; what is read from the book alone has a connection of its own, since it takes its time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ripeline.adapters.book import handoffs as rows
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.first_touch import first_channels
from ripeline.adapters.engines.journeys import journeys
from ripeline.adapters.sources.files import open_source, text_rows
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.definitions import live_plans, plan_named
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.workspace import Workspace
from ripeline.handoff.report import sla_report
from ripeline.handoff.sales import Sales
from ripeline.insight.funnel import funnel
from ripeline.plan.nodes import Plan
from ripeline.usecases.funnel import funnel_record, whole_cohorts
from ripeline.usecases.shadow import Refused, Told, compared_record
from ripeline.usecases.sla import Period, sla_record
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.people import Name

Record = dict[str, Any]


def live_plan(workspace: Workspace, name: str) -> Plan:
    """Return the plan of a definition that is live, or raise InputError."""
    return plan_named(live_plans(workspace), name)


def leads_given(workspace: Workspace, period: Period) -> set[Name]:
    """Return whose handoffs were given to somebody in a period."""
    with book_connection(workspace) as db:
        return rows.leads_given(db, period.from_us, period.until_us)


def channels_of(store: Store, leads: Collection[Name], at_us: int) -> Mapping[Name, str]:
    """Return by which channel leads first came, of those of whom it is known."""
    return first_channels(store, leads, references().tables().channels, at_us)


def sla_of(
    workspace: Workspace, sales: Sales, by: str, period: Period, as_of_us: int, channels: Mapping[Name, str]
) -> Record:
    """Return how sales answered the handoffs of a period, as it stands at an instant. channels: by which leads came."""
    with book_connection(workspace) as db:
        found = rows.handled(db, period.from_us, period.until_us)
        handled = (replace(one, channel=channels.get(one.handoff.lead)) for one in found) if channels else found
        report = sla_report(handled, by, sales, as_of_us)
        return sla_record(report, by, period, sales.hours.zone, rows.ungiven(db))


def shadow_of(store: Store, plan: Plan, told: Sequence[Told], now_us: int, refused: Sequence[Refused] = ()) -> Record:
    """Return our MQLs beside those that the company's CRM tells of."""
    lines = [] if store.stages is None else store.stages.lines(plan.fingerprint, now_us)
    return compared_record(lambda leads: journeys(store, lines, leads, now_us), told, plan, now_us, refused)


def read_mqls(store: Store, file: Path, lead: str, time: str, accepted: str | None) -> tuple[list[Told], list[Refused]]:
    """Return what the columns of a CRM's file tell, and its rows that have no right form."""
    opened = open_source(store.con, file)
    for column in (lead, time, accepted):
        if column is not None and column not in opened.kinds:
            raise InputError(f'{file} has no column "{column}"; {did_you_mean(column, opened.kinds)}')
    columns = (lead, time) if accepted is None else (lead, time, accepted)
    found = text_rows(store.con, opened, columns)
    lines = range(1, len(found) + 1) if opened.lines is None else opened.lines()
    told = [Told(f"line {line}", *cells) for line, cells in zip(lines, found, strict=True)]
    return told, [Refused(f"line {line}", why) for line, why, _ in opened.rejects]


def funnel_of(store: Store, plan: Plan, by: str, period: Period, within: int, now_us: int) -> Record:
    """Return how far those came who first were MQLs in the cohorts of a period."""
    period = whole_cohorts(period, by, plan.zone)
    lines = [] if store.stages is None else store.stages.lines(plan.fingerprint, now_us)
    found, _ = journeys(store, lines, (), now_us)
    made = funnel(found.values(), by, (period.from_us, period.until_us), within, plan.zone, now_us)
    return funnel_record(made, plan, by, period, within)
