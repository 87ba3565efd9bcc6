"""Leads that are nearest to the line between being handed over and not, by their interest."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from ripeline.definition.model import Definition
from ripeline.scoring.dialects import DUCKDB


@dataclass(frozen=True, slots=True)
class Near:
    """A lead, and how many micro-points of interest lie between it and the line."""

    lead: str
    micro: int


def ripening(con: duckdb.DuckDBPyConnection, table: str, definition: Definition, most: int) -> list[Near]:
    """Return who lacks least interest to be handed over, with the fit that they have; nobody who cannot be reached."""
    where = "NOT meets_definition AND rating IS NOT NULL AND reachable AND stage = 'lead' AND engagement < line"
    return _near(con, table, definition, where, "line - engagement", most)


def falling(con: duckdb.DuckDBPyConnection, table: str, definition: Definition, most: int) -> list[Near]:
    """Return who meets the definition with least interest to spare; nobody who asked for sales."""
    return _near(
        con, table, definition, "meets_definition AND NOT raised AND engagement >= line", "engagement - line", most
    )


def _near(
    con: duckdb.DuckDBPyConnection, table: str, definition: Definition, where: str, apart: str, most: int
) -> list[Near]:
    lined = f"SELECT lead, engagement, meets_definition, rating, reachable, raised, stage, {_line(definition)} AS line FROM {table}"
    found = con.execute(f"SELECT lead, {apart} AS apart FROM ({lined}) WHERE {where} ORDER BY apart, lead LIMIT {most}")
    return [Near(*row) for row in found.fetchall()]


def _line(definition: Definition) -> str:
    """Return SQL of the least interest with which a lead of some fit is handed over, NULL where none is enough."""
    cases = []
    for row in definition.rows():
        lowest = _lowest(definition, row)
        if lowest:
            cases.append(f"WHEN {DUCKDB.text(row)} THEN {min(lowest)}")
    return f"CASE fit_level {' '.join(cases)} END" if cases else "CAST(NULL AS BIGINT)"


def _lowest(definition: Definition, row: str) -> Sequence[int]:
    *levels, _ = definition.engagement.levels
    return [level.lowest for level in levels if definition.matrix[row][level.name].action == "handoff"]
