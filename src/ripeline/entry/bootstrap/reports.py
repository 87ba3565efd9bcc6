"""Reports on stages and handoffs; what is read from the book alone has a connection of its own, since it takes its time."""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ripeline.adapters.book import handoffs as rows
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.first_touch import CAMPAIGN, MEDIUM, channels_of_keys, first_channels
from ripeline.adapters.engines.journeys import journeys
from ripeline.adapters.sources.files import open_source, text_rows
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.definitions import live_plans, plan_named
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.workspace import Workspace
from ripeline.handoff.report import GROUPS, Handled, sla_report
from ripeline.handoff.sales import Sales
from ripeline.insight.funnel import Passage, funnel, passages
from ripeline.insight.journey import Journey
from ripeline.plan.nodes import Plan
from ripeline.usecases.funnel import came_to, funnel_record, whole_cohorts
from ripeline.usecases.shadow import Refused, Told, compared_record
from ripeline.usecases.sla import Period, sla_record
from ripeline.vocabulary.handoffs import HELD, WAITING
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.logins import Only
from ripeline.vocabulary.people import Name

Record = dict[str, Any]


def live_plan(workspace: Workspace, name: str) -> Plan:
    """Return the plan of a definition that is live, or raise InputError."""
    return plan_named(live_plans(workspace), name)


def leads_given(workspace: Workspace, period: Period) -> set[Name]:
    """Return whose handoffs were given to somebody in a period, and those whose handoffs nobody has yet."""
    with book_connection(workspace) as db:
        waiting = {lead for lead, _ in rows.leads_ungiven(db)}
        return rows.leads_given(db, period.from_us, period.until_us) | waiting


def channels_of(store: Store, leads: Collection[Name], at_us: int) -> Mapping[Name, str]:
    """Return by which channel leads first came, of those of whom it is known."""
    return first_channels(store, leads, references().tables().channels, at_us)


def sla_of(
    workspace: Workspace,
    sales: Sales,
    by: str,
    period: Period,
    as_of_us: int,
    channels: Mapping[Name, str],
    only: Only = None,
) -> Record:
    """Return how sales answered the handoffs of a period, as it stands at an instant.

    channels: by which leads came, where that is asked. only: of those that came by some of them.
    """
    with book_connection(workspace) as db:
        report = sla_report(_handled(db, period, channels, only), by, sales, as_of_us)
        return sla_record(report, by, period, sales.hours.zone, _ungiven(db, channels, only))


def _ungiven(db: sqlite3.Connection, channels: Mapping[Name, str], only: Only) -> Mapping[str, int]:
    if only is None:
        return rows.ungiven(db)
    return {HELD: 0, WAITING: 0} | Counter(
        state for lead, state in rows.leads_ungiven(db) if channels.get(lead) in only
    )


def handoffs_of(
    workspace: Workspace,
    sales: Sales,
    by: str,
    group: Collection[str | None],
    period: Period,
    channels: Mapping[Name, str],
    only: Only = None,
) -> list[Handled]:
    """Return the handoffs of a period that a group of the report counts, the last one first; group: empty for all."""
    with book_connection(workspace) as db:
        every = _handled(db, period, channels, only)
        found = [one for one in every if not group or GROUPS[by](one, sales) in group]
    return sorted(found, key=lambda one: (-one.first_us, -one.handoff.number))


def _handled(db: sqlite3.Connection, period: Period, channels: Mapping[Name, str], only: Only) -> Iterable[Handled]:
    found = rows.handled(db, period.from_us, period.until_us)
    told = (replace(one, channel=channels.get(one.handoff.lead)) for one in found)
    return told if only is None else (one for one in told if one.channel in only)


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


@dataclass(frozen=True, slots=True)
class FunnelAsked:
    """Which funnel somebody wants. apart: what MQLs are told apart by; only: those alone who came by some channels."""

    by: str
    within: int
    apart: str | None = None
    only: Only = None


def funnels_of(store: Store, plan: Plan, asked: FunnelAsked, periods: Sequence[Period], now_us: int) -> list[Record]:
    """Return how far those came who first were MQLs in the cohorts of each of some periods."""
    found, records = _mqls(store, plan, now_us, asked.only, asked.apart), []
    for period in (whole_cohorts(one, asked.by, plan.zone) for one in periods):
        span = period.from_us, period.until_us
        made = funnel(found, asked.by, span, asked.within, plan.zone, now_us)
        records.append(funnel_record(made, plan, asked.by, period, asked.within, asked.apart))
    return records


def leads_of_funnel(
    store: Store, plan: Plan, period: Period, step: str | None, within: int, now_us: int, only: Only = None
) -> list[Passage]:
    """Return who first was an MQL in a period and came to a step, whom the funnel counts."""
    mqls = _mqls(store, plan, now_us, only)
    found, _ = passages(mqls, (period.from_us, period.until_us), within, plan.zone)
    return came_to(found, step)


def _mqls(store: Store, plan: Plan, now_us: int, only: Only, apart: str | None = None) -> list[Journey]:
    """Return everybody who moved, or those who came by some channels. apart: what they are told apart by."""
    lines = [] if store.stages is None else store.stages.lines(plan.fingerprint, now_us)
    found, _ = journeys(store, lines, (), now_us)
    if only is not None or apart == "channel":
        channels = _came(store, found, now_us, MEDIUM)
        found = {key: replace(one, channel=channels.get(key)) for key, one in found.items()}
    if apart == "campaign":
        campaigns = _came(store, found, now_us, CAMPAIGN)
        found = {key: replace(one, campaign=campaigns.get(key)) for key, one in found.items()}
    return [one for one in found.values() if only is None or one.channel in only]


def _came(store: Store, found: Mapping[int, Journey], now_us: int, part: str) -> Mapping[int, str]:
    return channels_of_keys(store, found.keys(), references().tables().channels, now_us, part)
