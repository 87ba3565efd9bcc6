"""Who was to be removed on many days: the same scores as ever, for the ends of days."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import links_around
from ripeline.adapters.engines.live_scores import LiveScores
from ripeline.adapters.engines.prepare import completed, prepare_people
from ripeline.adapters.engines.python import FEW, histories
from ripeline.identity.links import Links
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.scoring.evaluate import NOBODY_YET, judge, observe
from ripeline.scoring.lower import lower_scores
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.removals import REMOVABLE_STAGES, REMOVE, OtherDay
from ripeline.vocabulary.scores import UNKNOWN_FIT

LOOKED = "removal_looked"
"""Whom there is no need to look at before an instant. waits: for something else than time alone."""

QUEUE = "removal_queue"
"""Who is to be looked at, in order."""

_STAGES = ", ".join(f"'{stage}'" for stage in sorted(REMOVABLE_STAGES))


def last_other_days(
    store: Store, plan: Plan, keys: Sequence[int], days: Iterable[int], at_us: int
) -> dict[int, OtherDay]:
    """Return the last of some local days on which the persons of identifiers were not to be removed; none where always.

    at_us: now; a day that is over is looked at as it was at its last instant.
    """
    moments = [(day, min(_end_of(plan.zone, day), at_us)) for day in days]
    asked = [(key, day, as_of_us) for key in keys for day, as_of_us in moments]
    links = links_around(store, set(keys))
    rows = [(key, as_of_us) for key, _, as_of_us in asked]
    others = _others_one_by_one if len(rows) <= FEW else _others_by_sql
    found = dict[int, OtherDay]()
    for subject, action, fit, engagement in others(store, plan, links, rows, at_us):
        key, day, _ = asked[subject]
        if key not in found or found[key].day < day:
            found[key] = OtherDay(day, action, fit or "", engagement or "")
    return found


_Others = Iterable[tuple[int, str | None, str | None, str | None]]
"""Subjects that were not to be removed, each with action and levels; None where nobody knew it."""


def _others_by_sql(store: Store, plan: Plan, links: Links, rows: Sequence[tuple[int, int]], at_us: int) -> _Others:
    frame = prepare_people(store, plan, Asked(at_us, rows=()), links, rows, counted=True)
    store.con.execute(f"DELETE FROM subjects WHERE since_day = {NOBODY_YET}")
    frame = completed(store, plan, frame)
    scored = lower_scores(plan, frame.facts, frame.moment)
    return store.con.execute(
        f"SELECT a.subject, s.action, s.fit_level, s.engagement_level FROM asked_for a LEFT JOIN ({scored}) s "
        f"ON s.subject = a.subject WHERE s.action IS DISTINCT FROM '{REMOVE}' OR s.fit_level = '{UNKNOWN_FIT}'"
    ).fetchall()


def _others_one_by_one(store: Store, plan: Plan, links: Links, rows: Sequence[tuple[int, int]], at_us: int) -> _Others:
    frame = prepare_people(store, plan, Asked(at_us, rows=()), links, rows)
    for subject, then_us, history in histories(store, frame):
        if not history.is_known:
            yield subject, None, None, None
            continue
        score = judge(plan, observe(plan, history, then_us), plan.zone.day(then_us))
        if score.action != REMOVE or score.fit.level == UNKNOWN_FIT:
            yield subject, score.action, score.fit.level, score.engagement.level


@lru_cache(maxsize=8_192)
def _end_of(zone: Zone, day: int) -> int:
    return zone.last_instant(day)


class Candidates:
    """Whom current scores would have removed, by every definition, and whom there is no need to look at yet.

    What is remembered lies in tables, as long as the connection lives.
    """

    def __init__(self, scores: Mapping[str, LiveScores]) -> None:
        """Take everybody's scores by each definition that is live."""
        self._scores = scores
        self._next, self._size = 0, 0

    def queue(self, store: Store, at_us: int, listed: Iterable[str], *, again: bool) -> None:
        """Put whoever is to be looked at into the queue. listed: who is on the list; again: look at them as well."""
        self._load_listed(store, listed)
        kept = "" if again else " AND lead NOT IN (SELECT lead FROM removal_listed)"
        store.con.execute(
            f"CREATE OR REPLACE TABLE {QUEUE} AS SELECT lead, row_number() OVER (ORDER BY lead) - 1 AS place "
            f"FROM ({self._to_be_removed()}) WHERE lead NOT IN (SELECT lead FROM {LOOKED} WHERE from_us > {at_us}){kept}"
        )
        self._next, self._size = 0, int(store.con.execute(f"SELECT count(*) FROM {QUEUE}").fetchall()[0][0])

    def some(self, store: Store, most: int) -> list[str]:
        """Return the next of the queue."""
        if not self.left:
            return []
        end = self._next + most
        query = f"SELECT lead FROM {QUEUE} WHERE place >= {self._next} AND place < {end} ORDER BY place"
        self._next = min(end, self._size)
        return [lead for (lead,) in store.con.execute(query).fetchall()]

    @property
    def left(self) -> int:
        """How many are in the queue still."""
        return self._size - self._next

    def among(self, store: Store, names: Iterable[str]) -> list[str]:
        """Return those of some names whom current scores would have removed."""
        load(store.con, "removal_names", {"lead": "VARCHAR"}, ({"lead": one} for one in names))
        query = self._to_be_removed("AND lead IN (SELECT lead FROM removal_names)")
        return [lead for (lead,) in store.con.execute(query).fetchall()]

    def gone(self, store: Store, listed: Iterable[str]) -> list[str]:
        """Return those on the list whom current scores would not have removed."""
        self._load_listed(store, listed)
        query = f"SELECT lead FROM removal_listed EXCEPT ({self._to_be_removed()})"
        return [lead for (lead,) in store.con.execute(query).fetchall()]

    def note(self, store: Store, looked: Iterable[tuple[str, int, bool]]) -> None:
        """Remember whom there is no need to look at before an instant, and whether something else may change that."""
        rows = [{"lead": lead, "from_us": from_us, "waits": waits} for lead, from_us, waits in looked]
        if rows:
            load(store.con, "removal_new", {"lead": "VARCHAR", "from_us": "BIGINT", "waits": "BOOLEAN"}, rows)
            store.con.execute(f"INSERT INTO {LOOKED} SELECT * FROM removal_new")

    def forget(self, store: Store, names: Iterable[str] | None = None) -> None:
        """Forget whom there was no need to look at: some names, or everybody."""
        if names is None:
            columns = "lead VARCHAR, from_us BIGINT, waits BOOLEAN"
            store.con.execute(f"CREATE OR REPLACE TABLE {LOOKED} ({columns})")
            return
        load(store.con, "removal_names", {"lead": "VARCHAR"}, ({"lead": one} for one in names))
        store.con.execute(f"DELETE FROM {LOOKED} WHERE lead IN (SELECT lead FROM removal_names)")

    def forget_waiting(self, store: Store) -> None:
        """Forget whom something else than time kept off the list."""
        store.con.execute(f"DELETE FROM {LOOKED} WHERE waits")

    def _load_listed(self, store: Store, listed: Iterable[str]) -> None:
        load(store.con, "removal_listed", {"lead": "VARCHAR"}, ({"lead": one} for one in listed))

    def _to_be_removed(self, only: str = "") -> str:
        """Return SQL of leads; where two are shown by one text, nobody can say whom the list means."""
        return " INTERSECT ".join(
            f"(SELECT lead FROM {one.table} WHERE TRUE {only} GROUP BY lead HAVING count(*) = 1 AND "
            f"bool_and(action = '{REMOVE}' AND fit_level <> '{UNKNOWN_FIT}' AND stage IN ({_STAGES})))"
            for one in self._scores.values()
        )
