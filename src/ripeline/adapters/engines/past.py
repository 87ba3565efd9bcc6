"""What was known of leads at moments of the past, as arrays to learn from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ripeline.adapters.columnar.columns import BASE
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.acts_then import acts_then
from ripeline.adapters.engines.kin import keys_of_leads, links_around
from ripeline.adapters.engines.leads_then import load_leads_then
from ripeline.adapters.engines.lookups import load_lookups, load_phones
from ripeline.adapters.engines.prepare import completed, prepare_subjects
from ripeline.adapters.engines.then import all_traits, frame_then, stated_traits
from ripeline.adapters.engines.whose import REACH, load_reach
from ripeline.learning.arrays import Floats, added_up
from ripeline.learning.people import Deals, People
from ripeline.learning.sample import Trait
from ripeline.learning.snapshots import Snapshots
from ripeline.learning.traits import is_name, is_writable, trait_of
from ripeline.plan.nodes import Plan
from ripeline.ports.learning import NearClosing, Scored, Then
from ripeline.ports.scores import Asked
from ripeline.scoring.dialects import DUCKDB
from ripeline.scoring.lower import OF_RULES, lower_contributions, lower_scores
from ripeline.scoring.profile import UNDATED
from ripeline.scoring.sql.frame import SOURCES, Frame
from ripeline.scoring.sql.profile import profile_steps
from ripeline.vocabulary.calendar import EVER, NEVER, SECOND_US
from ripeline.vocabulary.phones import PHONE_TRAITS
from ripeline.vocabulary.points import MICRO

NEAR_US = 600 * SECOND_US
"""An event so near to the outcome goes with it."""

TOLD_TWICE = ("email_domain", "company_domain", "company_plain", *(one for one in PHONE_TRAITS if one != "phone_valid"))
"""Derived traits of which nearly everybody has another value."""


class StoredPast:
    """The history of one cut, as it was known at any instant."""

    def __init__(self, store: Store) -> None:
        """Take the store to read."""
        self._store = store

    def traits(self) -> list[str]:
        """Return the names of all traits, derived ones too."""
        return all_traits(self._store, TOLD_TWICE)

    def stated(self) -> list[str]:
        """Return the names of the traits that were stated."""
        return stated_traits(self._store)

    def made_from(self, traits: Collection[str]) -> set[str]:
        """Return these traits, and those that are derived from them."""
        return {*traits, *(made for made, sources in SOURCES.items() if not set(traits).isdisjoint(sources))}

    def events(self) -> list[str]:
        """Return the names of all events."""
        found = self._store.con.execute("SELECT DISTINCT name FROM events WHERE name IS NOT NULL ORDER BY 1").fetchall()
        return [name for (name,) in found]

    def near_closing(self, plan: Plan, people: People, as_of_us: int) -> list[NearClosing]:
        """Return which events there are, and how near they are to the first outcome of their lead."""
        frame = prepare_subjects(self._store, replace(plan, signals=()), Asked(as_of_us, as_of_us))
        con = self._store.con
        con.register("closed", {"who": people.key, "closed_us": people.closed_us()})
        events = f"SELECT {frame.subject('events')}, e.type, e.name, e.ts {frame.of('events')}"
        found = con.execute(
            f"SELECT type, name, count(*), count(*) FILTER (WHERE abs(closed_us - ts) <= {NEAR_US}) FROM ({events}) e "
            "JOIN closed c ON c.who = e.subject WHERE name IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()
        con.unregister("closed")
        return [NearClosing(*row) for row in found]

    def scored(self, plan: Plan, snapshots: Snapshots) -> Scored:
        """Return what a definition says of each snapshot, by what was known then."""
        frame = self._framed(plan, snapshots)
        scored = lower_scores(plan, frame.facts, frame.moment)
        found = self._store.con.execute(
            f"SELECT (fit + engagement) / {MICRO} AS points, coalesce(action = 'handoff', FALSE) AS handed "
            f"FROM ({scored}) ORDER BY subject"
        ).fetchnumpy()
        return Scored(found["points"], found["handed"])

    def units(self, plan: Plan, snapshots: Snapshots) -> dict[str, Floats]:
        """Return what each rule of a definition counted at each snapshot, in units of its points; see own.Own."""
        frame = self._framed(plan, snapshots)
        rules = [("fit", one) for one in plan.criteria] + [("engagement", one.signal) for one in plan.signals]
        lines = lower_contributions(plan, frame.facts, frame.moment)
        found = self._store.con.execute(
            f"SELECT subject, part || '.' || name AS rule, micro FROM ({lines}) WHERE {OF_RULES}"
        ).fetchnumpy()
        units = {}
        for part, rule in rules:
            own = found["rule"] == f"{part}.{rule.name}"
            told = found["micro"][own] / (rule.points or 1)
            units[f"{part}.{rule.name}"] = added_up(found["subject"][own], len(snapshots), told)
        return units

    def _framed(self, plan: Plan, snapshots: Snapshots) -> Frame:
        """Load everything that a definition reads of snapshots; their subjects are the places of their rows."""
        store = self._store
        store.know(None)
        self._load_reach(plan, snapshots)
        return completed(store, plan, frame_then(store, plan, int(snapshots.at_us.max())))

    def people(self, plan: Plan, as_of_us: int) -> People:
        """Return everybody of whom something is known by an instant, and the outcomes known by then."""
        load_leads_then(self._store, plan, as_of_us)
        con = self._store.con
        found = con.execute("SELECT subject, seen, arrived FROM leads_then ORDER BY place").fetchnumpy()
        deals = con.execute("SELECT place, ended, won FROM deals_then ORDER BY 1, 2, 3").fetchnumpy()
        return People(
            found["subject"], found["seen"], found["arrived"], Deals(deals["place"], deals["ended"], deals["won"])
        )

    def keys(self, leads: Sequence[str]) -> Mapping[str, int]:
        """Return the key of each lead by any of its identifiers; InputError where nobody has one."""
        return keys_of_leads(self._store, leads)

    def then(self, plan: Plan, snapshots: Snapshots, ignored: Sequence[str]) -> Then:
        """Return what was known at each snapshot, less traits and events that are ignored."""
        if not len(snapshots):
            return Then({}, None, ())
        store = self._store
        store.know(None)
        self._load_reach(plan, snapshots)
        own = [one for one in self.traits() if one not in ignored and is_writable(one)]
        asked = replace(plan, traits=tuple(own), trusted_traits=(), fields=(), derived_fields=(), signals=())
        frame = frame_then(store, asked, int(snapshots.at_us.max()))
        acts = acts_then(store, frame, ignored)
        return Then(_traits_then(store, frame, len(snapshots)), acts, _undated(store))

    def _load_reach(self, plan: Plan, snapshots: Snapshots) -> None:
        """Make `reach` and `asked_for`: of every snapshot whose history is its lead's, as far as was known by then."""
        store, con = self._store, self._store.con
        if store.has("links") or store.has("bonds"):
            links = links_around(store, set(snapshots.key.tolist()), when_known=True)
            load_reach(store, plan, links, list(zip(snapshots.key.tolist(), snapshots.at_us.tolist(), strict=True)))
        else:
            con.register("snapshots", snapshots.columns(plan.zone))
            con.execute("CREATE OR REPLACE TABLE asked_for AS SELECT * FROM snapshots")
            con.unregister("snapshots")
            ends = {"who": "person", "from_us": str(EVER), "until_us": str(NEVER)}
            columns = ", ".join(f"CAST({ends.get(name, name)} AS BIGINT) AS {name}" for name in REACH)
            con.execute(f"CREATE OR REPLACE TABLE reach AS SELECT {columns} FROM asked_for")
        con.execute("CREATE OR REPLACE TABLE subjects AS SELECT * FROM asked_for")


def _undated(store: Store) -> list[str]:
    """Return the traits that were stated without a time."""
    keys: dict[str, list[str]] = {}
    for name in sorted(store.columns["traits"] - BASE["traits"].keys()):
        keys.setdefault(name.rpartition(":")[0], []).append(name)
    told = {
        key: f"bool_or(ts = {UNDATED} AND ({' OR '.join(f'{_quoted(name)} IS NOT NULL' for name in names)}))"
        for key, names in keys.items()
    }
    if not told:
        return []
    (found,) = store.con.execute(f"SELECT {', '.join(told.values())} FROM traits").fetchall()
    return [key for key, undated in zip(told, found, strict=True) if undated]


def _traits_then(store: Store, frame: Frame, rows: int) -> dict[str, Trait]:
    """Return every trait of each snapshot."""
    load_lookups(store, frame.plan, near=True)
    load_phones(store, frame)
    named = [(trait, place) for place, trait in enumerate(frame.plan.traits) if frame.trait_twins(trait)]
    columns = [column for trait, place in named for column in _columns(frame, trait, place)]
    if not columns:
        return {}
    steps = ", ".join(f"{name} AS ({select})" for name, select in profile_steps(frame))
    found = store.con.execute(f"WITH {steps} SELECT {', '.join(columns)} FROM profile p ORDER BY subject").fetchnumpy()
    return {
        trait: trait_of({name.partition("_")[0]: found[name] for name in found if name.endswith(f"_{place}")}, rows)
        for trait, place in named
    }


def _columns(frame: Frame, trait: str, place: int) -> list[str]:
    """Return SQL of a trait's readings, each named by its twin and the trait's place."""
    twins = {twin: f"p.{frame.dialect.name_of(f'{trait}:{twin}')}" for twin in frame.trait_twins(trait)}
    days = [
        twins[twin] if twin == "day" else frame.any_day(twins[twin]) for twin in ("day", "instant") if twin in twins
    ]
    if is_name(trait):
        days, twins = [], {"text": f"coalesce({', '.join(_as_text(twins))})"}
    columns = [f"{twins[twin]} AS {twin}_{place}" for twin in ("text", "number", "boolean") if twin in twins]
    return [*columns, *([f"p.today - coalesce({', '.join(days)}) AS age_{place}"] if days else [])]


def _as_text(twins: Mapping[str, str]) -> list[str]:
    """Return SQL of what a trait holds as text; whole numbers by their digits."""
    number = [f"CAST({twins['number']} // 1000000 AS VARCHAR)"] if "number" in twins else []
    return [*([twins["text"]] if "text" in twins else []), *number, "NULL"]


def _quoted(name: str) -> str:
    return DUCKDB.name_of(name)
