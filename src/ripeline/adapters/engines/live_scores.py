"""Everybody's scores by one definition, kept current: all of them anew with the day, else those who were touched."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from ripeline.adapters.columnar.columns import quoted, text_of
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.chosen import order_of, where_of
from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.files import records
from ripeline.adapters.engines.kin import links_around
from ripeline.adapters.engines.levels import levels_of
from ripeline.adapters.engines.lots import is_drawn_sql
from ripeline.adapters.engines.python import FEW, PythonEngine
from ripeline.identity.links import Links
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked, Group, LeadsAsked, LevelChange, unwatched
from ripeline.scoring.sql.accounts import lower_accounts
from ripeline.vocabulary.people import RANK, Name
from ripeline.vocabulary.scores import UNKNOWN_FIT
from ripeline.vocabulary.stages import LEAD
from ripeline.vocabulary.tasks import FOLLOW_UP

Levels = tuple[str, str]
"""Of fit and of engagement."""

Row = tuple[Any, ...]
AT_ONCE = 5_000
"""Rows of a long list that are read together."""

FEWEST_SWEPT, SWEPT_PART = 2_000, 10
"""It is quicker to score everybody when more were touched than this, and than one in so many of all leads."""


@dataclass
class LiveScores:
    """Scores of one plan.

    due_us: when time alone may move them next; swept_us: when everybody was scored last; rolled_up: their accounts are
    those of now; level: by how many steps their likelihoods are moved.
    """

    plan: Plan
    table: str
    due_us: int = 0
    swept_us: int | None = None
    rolled_up: bool = False
    level: int = 0

    def sweep(self, store: Store, as_of_us: int) -> None:
        """Score everybody."""
        self.rolled_up = False
        DuckEngine(store).score(self.plan, Asked(as_of_us, accounts=True), unwatched)
        store.con.execute(f"CREATE OR REPLACE TABLE {self.table} AS SELECT * FROM results")
        self.due_us, self.swept_us = self._next_due(store, as_of_us), as_of_us
        self.level = self._level(store, as_of_us)

    def touch(
        self, store: Store, identifiers: Iterable[str], as_of_us: int, changes: list[LevelChange] | None = None
    ) -> set[str] | None:
        """Score those whose identifiers took part in something; leave out who became part of somebody else.

        Returns those of them who may not stay at their stage, or are to be followed up; None where everybody was scored.
        changes: to it are added those whose levels changed, where not everybody was scored.
        """
        self.rolled_up = False
        concerned, links = around(store, identifiers)
        whose = links.until(as_of_us)
        # Of whom a device was beside them not all links are here; nothing changes for these.
        people = sorted({whose.person(key) for key in concerned} & links.about)
        is_many = len(people) > max(FEWEST_SWEPT, self._leads(store) // SWEPT_PART)
        # What was known before today can still come in, and then everybody's likelihood may move.
        if is_many or self._level(store, as_of_us) != self.level:
            self.sweep(store, as_of_us)
            return None
        before = {} if changes is None else _levels(store, self.table, "lead IN (SELECT value FROM touched)")
        left = self._accounts_of_touched(store)
        store.con.execute(f"DELETE FROM {self.table} WHERE lead IN (SELECT value FROM touched)")
        engine = PythonEngine(store) if len(people) <= FEW else DuckEngine(store)
        engine.score_people(self.plan, people, links, as_of_us)
        store.con.execute(f"INSERT INTO {self.table} SELECT * FROM results")
        if changes is not None:
            changes += self._changes(store, before)
        stays = f"stage = '{LEAD}' AND NOT meets_definition AND rating IS NOT NULL AND action <> '{FOLLOW_UP}'"
        moves = f"NOT ({stays}) OR {is_drawn_sql(self.plan, 'results')}"
        moving = {lead for (lead,) in store.con.execute(f"SELECT lead FROM results WHERE {moves}").fetchall()}
        return moving | self._moving_accounts(store, left | self._accounts_of_touched(store))

    def _accounts_of_touched(self, store: Store) -> set[str]:
        """Return the accounts of those touched, where these qualify."""
        if self.plan.definition.per == "lead":
            return set()
        query = f"SELECT DISTINCT account FROM {self.table} WHERE lead IN (SELECT value FROM touched)"
        return {account for (account,) in store.con.execute(query).fetchall() if account is not None}

    def _moving_accounts(self, store: Store, accounts: Iterable[str]) -> set[str]:
        """Return a lead of each of some accounts that may not stay where its leads stand, or is to be followed up."""
        wanted = ", ".join(map(text_of, accounts))
        if not wanted:
            return set()
        rolled = lower_accounts(self.plan, f"(SELECT * FROM {self.table} WHERE account IN ({wanted}))")
        query = (
            f"SELECT min(s.lead) FROM ({rolled}) a JOIN {self.table} s ON s.account = a.account GROUP BY a.account "
            f"HAVING bool_or(s.stage <> '{LEAD}') "
            f"OR any_value(a.meets_definition OR a.action = '{FOLLOW_UP}' OR {is_drawn_sql(self.plan, 'a', 'account')})"
        )
        return {lead for (lead,) in store.con.execute(query).fetchall()}

    def _changes(self, store: Store, before: Mapping[str, Levels]) -> list[LevelChange]:
        """Return whose levels are others than before. Who was not there before stood at the beginning."""
        beginning = (UNKNOWN_FIT, self.plan.definition.engagement.levels[-1].name)
        moved = {
            lead: (before.get(lead, beginning), now)
            for lead, now in _levels(store, "results", "TRUE").items()
            if before.get(lead, beginning) != now
        }
        names = _names(store, moved) if moved else {}
        pairs = ((names[lead], tuple(zip(*levels, strict=True))) for lead, levels in moved.items())
        return [LevelChange(name, *levels) for name, levels in pairs]

    def show_stages(self, store: Store, stages: Mapping[str, str]) -> None:
        """Show leads where they stand from now on, by the names they are shown by."""
        rows = ({"name": lead, "after": stage} for lead, stage in stages.items())
        if stages:
            load(store.con, "moved", {"name": "VARCHAR", "after": "VARCHAR"}, rows)
            store.con.execute(f"UPDATE {self.table} SET stage = moved.after FROM moved WHERE lead = moved.name")

    def _level(self, store: Store, as_of_us: int) -> int:
        return levels_of(store, self.plan, Asked(as_of_us)).get(as_of_us, 0)

    def _leads(self, store: Store) -> int:
        return int(store.con.execute(f"SELECT count(*) FROM {self.table}").fetchall()[0][0])

    def page(self, store: Store, asked: LeadsAsked) -> tuple[int, list[Mapping[str, object]]]:
        """Return how many leads fit, and one page of them, points in micro-points."""
        return _page(store, self.table, asked)

    def counts(self, store: Store, choices: Sequence[tuple[Group, ...]]) -> list[int]:
        """Return how many leads fit each of some choices, at least one: they are counted in one go, which takes a sixth."""
        wheres = [where_of(groups) for groups in choices]
        counts = ", ".join(f"count(*) FILTER (WHERE {where})" for where, _ in wheres)
        values = [value for _, of_one in wheres for value in of_one]
        return list(store.con.execute(f"SELECT {counts} FROM {self.table}", values).fetchall()[0])

    def each(self, store: Store, asked: LeadsAsked, columns: Sequence[str], most: int) -> Iterator[list[Row]]:
        """Return some columns of all that fit, in order, whatever the limit: some rows after others.

        They are those of one moment, and may be read on another thread, on one alone.
        """
        where, values = where_of(asked.groups)
        query = f"SELECT {', '.join(map(quoted, columns))} FROM {self.table} WHERE {where} ORDER BY {order_of(asked)} LIMIT {most}"
        return _in_parts(store.con.cursor(), query, values)

    def accounts(self, store: Store, asked: LeadsAsked) -> tuple[int, list[Mapping[str, object]]]:
        """Return how many accounts of the leads fit, and one page of them."""
        rolled_up = f"{self.table}_accounts"
        if not self.rolled_up:
            store.con.execute(f"CREATE OR REPLACE TABLE {rolled_up} AS {lower_accounts(self.plan, self.table)}")
            self.rolled_up = True
        return _page(store, rolled_up, asked)

    def account(self, store: Store, account: str) -> Mapping[str, object] | None:
        """Return one account of the leads, None where nobody belongs to it who counts."""
        rows = f"(SELECT * FROM {self.table} WHERE account = {text_of(account)})"
        return next(iter(records(store.con.execute(lower_accounts(self.plan, rows)))), None)

    def midnights(self, until_us: int) -> Iterator[int]:
        """Yield the first instants of the days since everybody was scored, up to an instant."""
        zone = self.plan.zone
        if self.swept_us is not None:
            for day in range(zone.day(self.swept_us) + 1, zone.day(until_us) + 1):
                yield zone.first_instant(day)

    def _next_due(self, store: Store, as_of_us: int) -> int:
        """Scores move by themselves at midnight alone, and when something dated later comes about."""
        midnight = self.plan.zone.last_instant(self.plan.zone.day(as_of_us)) + 1
        later = " UNION ALL ".join(
            f"SELECT min(ts) AS ts FROM {kind} WHERE ts > {as_of_us}"
            for kind in ("events", "traits", "links", "group_links", "dispositions")
        )
        (first,) = store.con.execute(f"SELECT min(ts) FROM ({later})").fetchall()[0]
        return midnight if first is None else min(midnight, int(first))


def _levels(store: Store, table: str, where: str) -> dict[str, Levels]:
    """Return levels of fit and engagement by lead."""
    rows = store.con.execute(f"SELECT lead, fit_level, engagement_level FROM {table} WHERE {where}").fetchall()
    return {lead: (fit, engagement) for lead, fit, engagement in rows}


def _names(store: Store, leads: Iterable[str]) -> dict[str, Name]:
    """Return leads with what kind of identifier they are shown by."""
    load(store.con, "moved", {"name": "VARCHAR"}, ({"name": lead} for lead in leads))
    rows = store.con.execute("SELECT i.kind, i.value FROM identifiers i JOIN moved ON i.value = moved.name").fetchall()
    found = sorted((Name(kind, value) for kind, value in rows), key=lambda one: RANK[one.kind], reverse=True)
    return {one.value: one for one in found}


def _page(store: Store, table: str, asked: LeadsAsked) -> tuple[int, list[Mapping[str, object]]]:
    where, values = where_of(asked.groups)
    (total,) = store.con.execute(f"SELECT count(*) FROM {table} WHERE {where}", values).fetchall()[0]
    order = order_of(asked)
    # Only what is sorted by is sorted, and the page's rows are read then: far down a long list that is three times as quick.
    page = f"SELECT rowid FROM {table} WHERE {where} ORDER BY {order} LIMIT {asked.limit} OFFSET {asked.offset}"
    found = store.con.execute(f"SELECT * FROM {table} WHERE rowid IN ({page}) ORDER BY {order}", values)
    return int(total), list(records(found))


def _in_parts(con: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> Iterator[list[Row]]:
    try:
        found = con.execute(query, values)
        while rows := found.fetchmany(AT_ONCE):
            yield rows
    finally:
        con.close()


def around(store: Store, identifiers: Iterable[str]) -> tuple[set[int], Links]:
    """Return the keys of all who may be concerned, with their links; `touched` then holds their texts.

    Rows of scores are found by text, and somebody else's identifier of another kind may have the same.
    """
    load(store.con, "touched", {"value": "VARCHAR"}, ({"value": one} for one in identifiers))
    same = "SELECT who FROM identifiers WHERE value IN (SELECT value FROM touched)"
    concerned, links = set[int](), Links({})
    while found := {key for (key,) in store.con.execute(same).fetchall()} - concerned:
        links = links_around(store, concerned | found)
        concerned |= links.about
        load(store.con, "around", {"who": "BIGINT"}, ({"who": key} for key in concerned))
        store.con.execute(
            "INSERT INTO touched SELECT value FROM identifiers WHERE who IN (SELECT who FROM around) "
            "EXCEPT SELECT value FROM touched"
        )
    return concerned, links
