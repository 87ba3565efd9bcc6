"""Everybody looked at again and again: after the first time only those whose score can have risen since."""

from collections.abc import Iterator
from dataclasses import replace

from ripeline.adapters.columnar.columns import BASE, listed
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.derived_fields import load_derived_fields
from ripeline.adapters.engines.lookups import load_phones
from ripeline.adapters.engines.prepare import prepare_subjects
from ripeline.adapters.engines.subjects import is_crowded
from ripeline.definition.model import EventMatch
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.scoring.dialects import DUCKDB
from ripeline.scoring.rising import rising
from ripeline.scoring.sql.frame import Frame

IDENTIFIERS = {
    "events": ("who",),
    "traits": ("who",),
    "links": ("who", "device"),
    "bonds": ("one", "other"),
    "group_links": ("who",),
}
"""What each table of history tells something about."""


def only_news_matters(store: Store, plan: Plan) -> bool:
    """Say whether what is new, and what grows old, tells all whose scores can have risen.

    Where something was set aside or taken back, what came earlier may count again.
    """
    return rising(plan) is not None and not (store.has("judgements") or store.has("retractions"))


def frame_of_news(store: Store, plan: Plan, asked: Asked, since_us: int, done: str) -> Frame:
    """Make the tables that a plan's SQL reads of those whose scores can have risen since an instant.

    The tables of units and look-ups of the plan are there already. done: a table of persons who are not asked for.
    """
    frame = prepare_subjects(store, plan, asked, counted=True)
    con = store.con
    about = " UNION ".join([*_news(since_us, asked.as_of_us), *_old(plan, asked.as_of_us)])
    con.execute(
        "CREATE OR REPLACE TABLE stirred AS SELECT DISTINCT coalesce(r.person, a.who) AS person "
        f"FROM ({about}) a LEFT JOIN tied r ON r.who = a.who WHERE coalesce(r.person, a.who) NOT IN (SELECT person FROM {done})"
    )
    con.execute(
        "CREATE OR REPLACE TABLE subjects AS SELECT * FROM subjects WHERE subject IN (SELECT person FROM stirred)"
    )
    return _completed(store, _brought_near(store, frame, asked.as_of_us))


def _news(since_us: int, as_of_us: int) -> Iterator[str]:
    """Yield SQL of identifiers of whom something came to be known since an instant: it happened, or was told late."""
    for table, names in IDENTIFIERS.items():
        late = f"(ts > {since_us} OR known > {since_us})" if "known" in BASE[table] else f"ts > {since_us}"
        for name in names:
            yield f"SELECT {name} AS who FROM {table} WHERE ts <= {as_of_us} AND {late}"


def _old(plan: Plan, as_of_us: int) -> Iterator[str]:
    """Yield SQL of identifiers of whom something speaks less against them as time goes by."""
    for match in rising(plan) or ():
        yield f"SELECT who FROM events WHERE ts <= {as_of_us} AND {_matches(match)}"


def _matches(match: EventMatch) -> str:
    of_type = "TRUE" if match.type == "any" else f"type = {DUCKDB.text(match.type)}"
    if match.names is None:
        return of_type
    return f"{of_type} AND name IN ({', '.join(map(DUCKDB.text, match.names))})"


def _brought_near(store: Store, frame: Frame, as_of_us: int) -> Frame:
    """Make `near_events` and `near_traits` of the subjects, so that nothing reads all of history."""
    columns = [
        *BASE["events"],
        *(f"{key}:{twin}" for key in frame.plan.fields for twin in store.twins_of("events", key)),
    ]
    whose = (
        "who IN (SELECT person FROM stirred UNION SELECT who FROM tied WHERE person IN (SELECT person FROM stirred))"
    )
    for table, read in (("events", listed(columns)), ("traits", "*")):
        store.con.execute(
            f"CREATE OR REPLACE TABLE near_{table} AS SELECT {read} FROM {table} WHERE ts <= {as_of_us} AND {whose}"
        )
    return replace(frame, facts=replace(frame.facts, near=frozenset({"events", "traits"})))


def _completed(store: Store, frame: Frame) -> Frame:
    load_derived_fields(store, frame)
    facts = replace(frame.facts, untrusted=store.untrusted(), crowded=is_crowded(store, frame))
    known = replace(frame, facts=facts)
    load_phones(store, known)
    return known
