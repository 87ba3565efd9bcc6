"""Everybody's scores by one definition, kept current: all of them anew with the day, else those who were touched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ripeline.adapters.columnar.columns import quoted
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.python import PythonEngine
from ripeline.plan.nodes import Plan
from ripeline.ports import Asked, LeadsAsked

MOST_TOUCHED = 2_000
"""From so many leads on it is quicker to score everybody."""


def _quiet(_: str, __: float | None) -> None:
    """Nobody watches."""


@dataclass
class LiveScores:
    """Scores of one plan. due_us: when time alone may move them next."""

    plan: Plan
    table: str
    due_us: int = 0

    def sweep(self, store: Store, as_of_us: int) -> None:
        """Score everybody."""
        DuckEngine(store).score(self.plan, Asked(as_of_us), _quiet)
        store.con.execute(f"CREATE OR REPLACE TABLE {self.table} AS SELECT * FROM results")
        self.due_us = self._next_due(store, as_of_us)

    def touch(self, store: Store, identifiers: Iterable[str], as_of_us: int) -> None:
        """Score those whose identifiers took part in something; leave out who became somebody else's."""
        leads, gone = _touched(store, identifiers)
        if len(leads) > MOST_TOUCHED:
            self.sweep(store, as_of_us)
            return
        load(store.con, "stale", {"lead": "VARCHAR"}, ({"lead": lead} for lead in (*leads, *gone)))
        store.con.execute(f"DELETE FROM {self.table} WHERE lead IN (SELECT lead FROM stale)")
        if leads:
            PythonEngine(store).score(
                self.plan, Asked(as_of_us, rows=tuple((lead, as_of_us) for lead in leads)), _quiet
            )
            store.con.execute(f"INSERT INTO {self.table} SELECT * FROM results")

    def page(self, store: Store, asked: LeadsAsked) -> tuple[int, list[Mapping[str, object]]]:
        """Return how many leads fit, and one page of them, points in micro-points."""
        names = list(asked.equal)
        where = " AND ".join(["TRUE", *(f"{quoted(name)} = ?" for name in names)])
        values = [asked.equal[name] for name in names]
        (total,) = store.con.execute(f"SELECT count(*) FROM {self.table} WHERE {where}", values).fetchall()[0]
        order = ", ".join(f"{quoted(name)} {'DESC' if down else 'ASC'} NULLS LAST" for name, down in asked.order)
        found = store.con.execute(
            f"SELECT * FROM {self.table} WHERE {where} ORDER BY {order} LIMIT {asked.limit} OFFSET {asked.offset}",
            values,
        )
        columns = [column[0] for column in found.description or []]
        return int(total), [dict(zip(columns, row, strict=True)) for row in found.fetchall()]

    def _next_due(self, store: Store, as_of_us: int) -> int:
        """Scores move by themselves at midnight alone, and when something dated later comes about."""
        midnight = self.plan.zone.last_instant(self.plan.zone.day(as_of_us)) + 1
        later = " UNION ALL ".join(
            f"SELECT min(ts) AS ts FROM {kind} WHERE ts > {as_of_us}" for kind in ("events", "traits", "links")
        )
        (first,) = store.con.execute(f"SELECT min(ts) FROM ({later})").fetchall()[0]
        return midnight if first is None else min(midnight, int(first))


def _touched(store: Store, identifiers: Iterable[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the leads that some identifiers may concern, and the devices among them that are nobody by themselves.

    A device's events may go from one of its users to another, so all of its users are concerned.
    """
    load(store.con, "touched", {"value": "VARCHAR"}, ({"value": one} for one in identifiers))
    own = "SELECT who, value FROM identifiers WHERE value IN (SELECT value FROM touched)"
    tied = f"SELECT DISTINCT device FROM links WHERE device IN (SELECT who FROM ({own}))"
    users = f"SELECT DISTINCT who FROM links WHERE device IN ({tied})"
    gone = store.con.execute(f"SELECT DISTINCT value FROM ({own}) WHERE who IN ({tied})").fetchall()
    leads = store.con.execute(
        f"SELECT value FROM ({own}) WHERE who NOT IN ({tied}) UNION "
        f"SELECT value FROM identifiers WHERE who IN ({users})"
    ).fetchall()
    return [value for (value,) in leads], [value for (value,) in gone]
