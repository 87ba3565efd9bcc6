"""Everybody looked at again and again: after the first time only those whose score can have risen since."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ripeline.adapters.columnar.columns import BASE
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.prepare import completed_beside, event_columns, prepare_subjects
from ripeline.definition.model import EventMatch
from ripeline.plan.build import matches_of
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.scoring.dialects import DUCKDB
from ripeline.scoring.rising import raising, rising
from ripeline.scoring.sql.frame import SLACK_US, Frame
from ripeline.vocabulary.calendar import DAY_US

MOST_APART = 0.25
"""Of more people than such a share everything is read where it lies: to lay what is theirs apart takes longer."""

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


def keep_seen(store: Store) -> None:
    """Remember who was there at a look at everybody, whose `subjects` still stand."""
    store.con.execute("CREATE OR REPLACE TABLE seen AS SELECT subject FROM subjects")


def frame_of_news(store: Store, plan: Plan, asked: Asked, since_us: int, done: str) -> Frame:
    """Make the tables that a plan's SQL reads of those whose scores can have risen since an instant, or of everybody.

    The tables of units and look-ups of the plan are there already, and who was seen by then. done: a table of persons
    who are not asked for.
    """
    frame = prepare_subjects(store, plan, asked, counted=True)
    con = store.con
    about = " UNION ".join([*_news(plan, since_us, asked.as_of_us), *_older(plan, since_us, asked.as_of_us)])
    con.execute(
        f"CREATE OR REPLACE TABLE stirred AS SELECT DISTINCT coalesce(r.person, a.who) AS person FROM ({about}) a "
        f"LEFT JOIN tied r ON r.who = a.who WHERE coalesce(r.person, a.who) NOT IN (SELECT person FROM {done})"
    )
    # Who is new may meet a definition by whatever made them known.
    con.execute(
        f"INSERT INTO stirred SELECT subject FROM subjects ANTI JOIN seen USING (subject) "
        f"WHERE subject NOT IN (SELECT person FROM {done} UNION ALL SELECT person FROM stirred)"
    )
    keep_seen(store)
    ((many, everybody),) = con.execute(
        "SELECT (SELECT count(*) FROM stirred), (SELECT count(*) FROM subjects)"
    ).fetchall()
    if many <= MOST_APART * everybody:
        con.execute(
            "CREATE OR REPLACE TABLE subjects AS SELECT * FROM subjects s SEMI JOIN stirred n ON n.person = s.subject"
        )
        frame = _brought_near(store, frame, asked.as_of_us)
    return completed_beside(store, frame)


def _news(plan: Plan, since_us: int, as_of_us: int) -> Iterator[str]:
    """Yield SQL of identifiers of whom something came to be known since an instant: it happened, or was told late."""
    for table, names in IDENTIFIERS.items():
        late = f"(ts > {since_us} OR known > {since_us})" if "known" in BASE[table] else f"ts > {since_us}"
        raises = f" AND {_any_of(raising(plan))}" if table == "events" else ""
        for name in names:
            yield f"SELECT {name} AS who FROM {table} WHERE ts <= {as_of_us} AND {late}{raises}"


def _older(plan: Plan, since_us: int, as_of_us: int) -> Iterator[str]:
    """Yield SQL of identifiers of whom something speaks less against them than it did at an instant."""
    for one in rising(plan) or ():
        first, last = since_us - one.last * DAY_US - SLACK_US, as_of_us - one.first * DAY_US + SLACK_US
        yield f"SELECT who FROM events WHERE ts BETWEEN {first} AND {last} AND ts <= {as_of_us} AND {_matches(one.match)}"


def _any_of(matches: Iterable[EventMatch]) -> str:
    """Return the condition that an event is one of some, but for what else is asked of its fields."""
    return "(" + (" OR ".join(dict.fromkeys(map(_matches, matches))) or "FALSE") + ")"


def _matches(match: EventMatch) -> str:
    of_type = "" if match.type == "any" else f"type = {DUCKDB.text(match.type)}"
    of_name = "" if match.names is None else f"name IN ({', '.join(map(DUCKDB.text, match.names))})"
    return " AND ".join(part for part in (of_type, of_name) if part) or "TRUE"


def _brought_near(store: Store, frame: Frame, as_of_us: int) -> Frame:
    """Make `near_events` and `near_traits` of the subjects, so that nothing reads all of history."""
    whose = (
        "who IN (SELECT person FROM stirred UNION SELECT who FROM tied WHERE person IN (SELECT person FROM stirred))"
    )
    counted = _any_of(match for one in frame.plan.signals for match in matches_of(one.signal.form))
    for table, read, which in (("events", event_columns(store, frame.plan), f" AND {counted}"), ("traits", "*", "")):
        store.con.execute(
            f"CREATE OR REPLACE TABLE near_{table} AS SELECT {read} FROM {table} WHERE ts <= {as_of_us} AND {whose}{which}"
        )
    return replace(frame, facts=replace(frame.facts, near=frozenset({"events", "traits"})))
