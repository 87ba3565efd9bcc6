"""Leads at moments of the past, each by what was known by then: the frame that a plan's SQL is written for."""

from collections.abc import Collection, Sequence

from ripeline.adapters.columnar.columns import BASE
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import links_around
from ripeline.adapters.engines.prepare import completed, facts_of
from ripeline.adapters.engines.subjects import load_subjects
from ripeline.adapters.engines.whose import load_reach
from ripeline.plan.nodes import Plan
from ripeline.scoring.dialects import DUCKDB
from ripeline.scoring.sql.frame import SOURCES, Frame, Moment


def frame_of_rows(store: Store, plan: Plan, rows: Sequence[tuple[int, int]]) -> Frame:
    """Make the tables that a plan's SQL reads, for (identifier, instant) rows; their subjects are their places."""
    store.know(None)
    load_reach(store, plan, links_around(store, {key for key, _ in rows}, when_known=True), rows)
    return completed(store, plan, frame_then(store, plan, max(at_us for _, at_us in rows)))


def frame_then(store: Store, plan: Plan, last_us: int) -> Frame:
    """Make `subjects` of `asked_for`, whose `reach` is there already, up to an instant; return the frame of them."""
    frame = Frame(plan, facts_of(store), Moment(last_us, each=True, then=True), DUCKDB)
    load_subjects(store, frame, counted=True)
    return frame


def stated_traits(store: Store) -> list[str]:
    """Return the traits that were ever stated."""
    return sorted({name.rpartition(":")[0] for name in store.columns["traits"] - BASE["traits"].keys()})


def all_traits(store: Store, besides: Collection[str]) -> list[str]:
    """Return all traits that were ever stated, and those derived from them but for some."""
    stated = stated_traits(store)
    derived = (one for one, sources in SOURCES.items() if one not in besides and not set(sources).isdisjoint(stated))
    return [*stated, *(one for one in derived if one not in stated)]
