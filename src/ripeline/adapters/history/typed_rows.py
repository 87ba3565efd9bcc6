"""The rows of a file with the twins of its columns, ready to become history."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from ripeline.adapters.columnar.columns import quoted, text_of
from ripeline.adapters.history.cells import CELL_TWINS, cell_twins, first_looks, hard_cells
from ripeline.adapters.history.times import instant, tidy, written_time
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.columns import name_of

ROWS = "source_rows"
UNIT, PAIR = "chr(31)", "chr(30)"


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """A column that tells a time: what it becomes, whether it must be there, where it stands."""

    name: str
    column: str
    needed: bool


def plain(kinds: Mapping[str, str], column: str) -> str:
    """Return SQL of a column as plain text, NULL where it is empty; numbers and texts of JSON alike."""
    name = f"s.{quoted(column)}"
    if kinds.get(column) != "json":
        return f"nullif({name}, '')"
    return f"nullif(CASE WHEN {name} = 'null' THEN NULL ELSE json_extract_string({name}, '$') END, '')"


def timed_rows(
    con: duckdb.DuckDBPyConnection,
    kinds: Mapping[str, str],
    zone: Zone,
    texts: Mapping[str, str],
    times: Sequence[TimeColumn],
) -> None:
    """Make the view `timed`: line, texts (name to SQL over `s`), times in microseconds, and `problem`.

    problem: why a row cannot be used, NULL where it can.
    """
    tidied = [f"{tidy(plain(kinds, time.column))} AS {quoted(time.name)}" for time in times]
    selected = ", ".join(["s.line", *(f"{sql} AS {quoted(name)}" for name, sql in texts.items()), *tidied])
    readings = []
    for time in times:
        absolute, local = written_time(quoted(time.name))
        readings += [f"{absolute} AS {quoted(time.name + ' abs')}", f"{local} AS {quoted(time.name + ' loc')}"]
    inner = f"SELECT *{''.join(', ' + reading for reading in readings)} FROM (SELECT {selected} FROM {ROWS} s)"
    outer = ["line", *map(quoted, texts)]
    for time in times:
        at = instant(quoted(time.name + " abs"), quoted(time.name + " loc"), zone)
        outer += [f"{quoted(time.name)} AS {quoted(time.name + ' text')}", f"{at} AS {quoted(time.name + ' us')}"]
    con.execute(f"CREATE OR REPLACE VIEW timed AS SELECT {', '.join(outer)} FROM ({inner})")


def time_problems(times: Sequence[TimeColumn]) -> list[str]:
    """Return the WHEN branches that name what is wrong with a row's times."""
    branches = []
    for time in times:
        text, at = quoted(time.name + " text"), quoted(time.name + " us")
        if time.needed:
            branches.append(f"WHEN {text} IS NULL THEN {text_of(f'no time in {time.column}')}")
        unread = f"{text_of(f'{time.column} is no time that can be read: ')} || {text}"
        branches.append(f"WHEN {text} IS NOT NULL AND {at} IS NULL THEN {unread}")
    return branches


def add_twins(con: duckdb.DuckDBPyConnection, rows: str, kinds: Mapping[str, str], keys: Mapping[str, str]) -> None:
    """Make the view `typed`: rows, and for each column its twins under `key:twin`.

    rows: a table with `line`; kinds: how columns are typed; keys: the key of each column's values.
    """
    wanted = {column: kinds[column] for column in keys}
    looks = first_looks(con, ROWS, wanted)
    hard_cells(con, ROWS, {column: kind for column, kind in wanted.items() if looks[column].hard})
    selected, joins = ["r.*"], [f"JOIN {ROWS} s ON s.line = r.line"]
    for number, (column, key) in enumerate(keys.items()):
        cell, kind = f"s.{quoted(column)}", kinds[column]
        alias = f"h{number}" if looks[column].hard else None
        if alias:
            joins.append(f"LEFT JOIN hard {alias} ON {alias}.raw = {cell} AND {alias}.kind = {text_of(kind)}")
        twins = cell_twins(cell, kind, looks[column], alias)
        selected += [f"{twins[twin]} AS {quoted(f'{key}:{twin}')}" for twin in CELL_TWINS if twins[twin] != "NULL"]
    con.execute(f"CREATE OR REPLACE VIEW typed AS SELECT {', '.join(selected)} FROM {rows} r {' '.join(joins)}")


def said(columns: Sequence[str]) -> str:
    """Return SQL of everything a row says, in one text: the same for equal rows of differently ordered files."""
    pairs = [
        f"CASE WHEN s.{quoted(column)} <> '' THEN {text_of(column)} || {PAIR} || s.{quoted(column)} END"
        for column in sorted(columns)
    ]
    return f"concat_ws({UNIT}, {', '.join(pairs)})" if pairs else "''"


def refused(con: duckdb.DuckDBPyConnection, kinds: Mapping[str, str]) -> list[tuple[int, str, str]]:
    """Return (line, problem, row) of the rows in `judged` that have a problem; a row shows what it held."""
    found = con.execute(
        f"SELECT j.line, j.problem, s.* EXCLUDE (line) FROM judged j JOIN {ROWS} s ON s.line = j.line "
        "WHERE j.problem IS NOT NULL ORDER BY j.line"
    )
    names = [name_of(column[0]) for column in found.description or []][2:]
    return [(int(row[0]), str(row[1]), _shown(kinds, names, row[2:])) for row in found.fetchall()]


def _shown(kinds: Mapping[str, str], names: Sequence[str], cells: Sequence[str | None]) -> str:
    """Write a row as JSON of what it holds."""
    held = {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
    values = {name: json.loads(cell) if kinds.get(name) == "json" else cell for name, cell in held.items()}
    return json.dumps({name: value for name, value in values.items() if value is not None}, ensure_ascii=False)
