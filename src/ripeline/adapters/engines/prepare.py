"""The tables beside history that a plan's SQL reads."""

from collections.abc import Sequence
from dataclasses import replace

from ripeline.adapters.columnar.columns import BASE, listed
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.derived_fields import load_derived_fields
from ripeline.adapters.engines.kin import keys_of_leads, links_around
from ripeline.adapters.engines.logged import load_lines
from ripeline.adapters.engines.lookups import load_lookups, load_phones
from ripeline.adapters.engines.subjects import is_crowded, load_subjects
from ripeline.adapters.engines.whose import load_reach, load_tied
from ripeline.identity.links import Links
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.scoring.dialects import DUCKDB
from ripeline.scoring.sql.frame import Facts, Frame, Moment


def prepare_subjects(store: Store, plan: Plan, asked: Asked, *, counted: bool = False) -> Frame:
    """Make the tables that say whose history is asked for; return the frame its SQL is written for.

    counted: also since when each subject is known, which the Python reader finds by itself.

    Raises InputError where a lead that is asked for is not in the history at all.
    """
    if asked.rows is not None:
        keys = keys_of_leads(store, {lead for lead, _ in asked.rows})
        links = links_around(store, set(keys.values()), asked.known_us)
        rows = [(keys[lead], as_of_us) for lead, as_of_us in asked.rows]
        return prepare_people(store, plan, asked, links, rows, counted=counted)
    load_lines(store, plan, asked)
    frame = frame_of_everybody(store, plan, asked)
    load_subjects(store, frame, counted=counted)
    return frame


def frame_of_everybody(store: Store, plan: Plan, asked: Asked) -> Frame:
    """Make the tables that say whose what is; return the frame of everybody at one instant, not looked for yet.

    The keys of leads of whom stages were logged are in `logged_keys` already, where that matters.
    """
    store.know(asked.known_us)
    facts = replace(facts_of(store), tied=load_tied(store, asked))
    return Frame(plan, facts, Moment(asked.as_of_us, asked.known_us), DUCKDB)


def prepare_people(
    store: Store, plan: Plan, asked: Asked, links: Links, rows: Sequence[tuple[int, int]], *, counted: bool = False
) -> Frame:
    """The same for (identifier, instant) rows, with all the links around the identifiers."""
    store.know(asked.known_us)
    only = load_reach(store, plan, links, rows)
    frame = Frame(plan, facts_of(store), Moment(asked.as_of_us, asked.known_us, each=True, only=only), DUCKDB)
    load_subjects(store, frame, counted=counted)
    return frame


def facts_of(store: Store) -> Facts:
    """Return what is known of a history before it is looked at."""
    return Facts(
        event_columns=store.columns["events"],
        trait_columns=store.columns["traits"],
        earliest_us=store.earliest_us,
        answered=store.has("dispositions"),
    )


def prepare(store: Store, plan: Plan, asked: Asked) -> Frame:
    """Make all the tables that a plan's SQL reads beside history; return the frame it is written for."""
    return completed(store, plan, prepare_subjects(store, plan, asked, counted=True))


def completed(store: Store, plan: Plan, frame: Frame) -> Frame:
    """Make what a plan's SQL reads beside the subjects, which were counted; return the frame it is written for."""
    if frame.moment.each:
        frame = _brought_near(store, frame)
    _load_units(store, plan)
    load_lookups(store, plan, near=frame.moment.each)
    return completed_beside(store, frame)


def completed_beside(store: Store, frame: Frame) -> Frame:
    """Make what is left to make where the tables of units and look-ups of the plan are there already."""
    load_derived_fields(store, frame)
    facts = replace(frame.facts, untrusted=store.untrusted(), crowded=is_crowded(store, frame))
    known = replace(frame, facts=facts)
    load_phones(store, known)
    return known


def _brought_near(store: Store, frame: Frame) -> Frame:
    """Make `near_events` of whoever is asked for, so that signals read these and not history, each by itself."""
    keys = ", ".join(map(str, frame.moment.only)) or "SELECT who FROM reach"
    columns = event_columns(store, frame.plan)
    store.con.execute(f"CREATE OR REPLACE TABLE near_events AS SELECT {columns} FROM events WHERE who IN ({keys})")
    return replace(frame, facts=replace(frame.facts, near=frozenset({"events"})))


def event_columns(store: Store, plan: Plan) -> str:
    """Return the columns of events that a plan reads."""
    fields = (f"{key}:{twin}" for key in plan.fields for twin in store.twins_of("events", key))
    return listed([*BASE["events"], *fields])


def _load_units(store: Store, plan: Plan) -> None:
    rows = (
        {"signal": index, "age": age, "micro": micro}
        for index, one in enumerate(plan.signals)
        for age, micro in enumerate(one.units.by_age[: one.horizon])
    )
    load(store.con, "units", {"signal": "INTEGER", "age": "BIGINT", "micro": "BIGINT"}, rows)
