"""Where leads would stand by other thresholds of levels: those of now, and those of weeks behind us."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from ripeline.adapters.columnar.columns import text_of
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.duck import DuckEngine
from ripeline.definition.model import Definition, Level
from ripeline.insight.thresholds import Stand, Week
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked, Progress, unwatched
from ripeline.scoring.dialects import DUCKDB
from ripeline.scoring.sql.levels import level_of
from ripeline.vocabulary.points import MICRO
from ripeline.vocabulary.scores import UNKNOWN_FIT

_MAY = "(rating IS NOT NULL AND reachable)"
_WHERE = (
    f"CAST(floor(fit / {MICRO}) AS BIGINT) AS fit, CAST(floor(engagement / {MICRO}) AS BIGINT) AS engagement, "
    f"fit_level = '{UNKNOWN_FIT}' AS unknown, {_MAY} AS may, raised"
)
_WON = (
    "SELECT i.value AS lead, arg_max(o.outcome, o.ts) = 'won' AS won FROM outcomes o JOIN identifiers i ON i.who = o.who "
    "GROUP BY 1"
)


def stands(con: duckdb.DuckDBPyConnection, table: str, tried: Definition) -> list[Stand]:
    """Return how leads of a table of scores stand, and where they would by the levels of a definition."""
    unknown = f"WHEN fit_level = '{UNKNOWN_FIT}' THEN '{UNKNOWN_FIT}'"
    fit = level_of(DUCKDB, "fit", tried.fit.levels, unknown)
    engagement = level_of(DUCKDB, "engagement", tried.engagement.levels)
    found = con.execute(
        f"SELECT fit_level, engagement_level, {fit} AS f, {engagement} AS e, rating IS NULL AS s, {_MAY} AS m, raised, "
        f"stage, count(*) FROM {table} GROUP BY ALL"
    ).fetchall()
    return [Stand((row[0], row[1]), (row[2], row[3]), *row[4:]) for row in found]


def spread(con: duckdb.DuckDBPyConnection, table: str, part: str) -> dict[int, int]:
    """Return how many leads have so many whole points. part: fit, where it is known, or engagement."""
    unknown = f"WHERE fit_level <> '{UNKNOWN_FIT}'" if part == "fit" else ""
    found = con.execute(
        f"SELECT CAST(floor({part} / {MICRO}) AS BIGINT), count(*) FROM {table} {unknown} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return dict(found)


class StoredWeeks:
    """How leads stood at the ends of weeks, and at the end of the week before: how many, alike in whole points.

    It stands on its own: nobody is in it by name, and history may change meanwhile.
    """

    def __init__(self, days: Sequence[int], file: Path) -> None:
        """Take the last day of each week, and what lead_steps wrote."""
        self._days = days
        self._con = duckdb.connect()
        self._con.execute(f"CREATE TABLE steps AS SELECT * FROM read_parquet({text_of(str(file))})")

    def entering(self, tried: Definition) -> list[Week]:
        """Return of each week who came to be an MQL in it; a threshold with parts of a point counts as the next whole one."""
        before, after = (self._meets(tried, side) for side in ("before", "after"))
        found = self._con.cursor().execute(
            "SELECT week, CAST(sum(counts) AS BIGINT), CAST(coalesce(sum(counts) FILTER (WHERE won), 0) AS BIGINT) "
            f"FROM steps WHERE ({after}) AND NOT ({before}) GROUP BY 1"
        )
        counts = {week: told for week, *told in found.fetchall()}
        return [Week(day, *counts.get(place, (0, 0))) for place, day in enumerate(self._days)]

    def _meets(self, tried: Definition, side: str) -> str:
        rows = (*(level.name for level in tried.fit.levels), UNKNOWN_FIT)
        handed = [
            (row, level.name)
            for row in rows
            for level in tried.engagement.levels
            if tried.matrix[row][level.name].action == "handoff"
        ]
        unknown = f"WHEN {side}_unknown THEN '{UNKNOWN_FIT}'"
        fit = level_of(DUCKDB, f"{side}_fit", _whole(tried.fit.levels), unknown)
        engagement = level_of(DUCKDB, f"{side}_engagement", _whole(tried.engagement.levels))
        cells = ", ".join(f"({text_of(row)}, {text_of(column)})" for row, column in handed)
        is_handed = f"({fit}, {engagement}) IN ({cells})" if cells else "FALSE"
        return f"{side}_may AND ({side}_raised OR {is_handed})"


def _whole(levels: tuple[Level, ...]) -> tuple[Level, ...]:
    return tuple(Level(level.name, -(-level.lowest // MICRO)) for level in levels)


def lead_steps(store: Store, plan: Plan, days: Sequence[int], file: Path, progress: Progress) -> None:
    """Write how leads stood at the ends of days, each with how they stood at the one before; it takes its time.

    days: one more than weeks.
    """
    con, engine = store.con, DuckEngine(store)
    for number, day in enumerate(days):
        progress("looking at everybody as of earlier weeks", number / len(days))
        at_us = plan.zone.last_instant(day)
        engine.score(plan, Asked(at_us, at_us), unwatched)
        con.execute(f"CREATE OR REPLACE TABLE stands AS SELECT lead, {_WHERE} FROM results")
        if number:
            into = "CREATE OR REPLACE TABLE steps AS" if number == 1 else "INSERT INTO steps"
            con.execute(f"{into} {_steps(number - 1)}")
        con.execute("CREATE OR REPLACE TABLE stood AS SELECT * FROM stands")
    con.execute(f"COPY steps TO {text_of(str(file))} (FORMAT parquet)")


def _steps(week: int) -> str:
    """Return SQL of how many leads went from where to where, alike in whole points."""
    nobody = {"fit": "0", "engagement": "0", "unknown": "TRUE", "may": "FALSE", "raised": "FALSE"}
    before = ", ".join(f"coalesce(b.{name}, {none}) AS before_{name}" for name, none in nobody.items())
    after = ", ".join(f"a.{name} AS after_{name}" for name in nobody)
    return (
        f"SELECT {week} AS week, {before}, {after}, coalesce(w.won, FALSE) AS won, count(*) AS counts "
        f"FROM stands a LEFT JOIN stood b ON b.lead = a.lead LEFT JOIN ({_WON}) w ON w.lead = a.lead GROUP BY ALL"
    )
