"""Files of history without those who were erased: written anew where they hold something of them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb

from ripeline.adapters.columnar.columns import ACTS, described
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.history.addresses import load_addresses
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.intake.erased import ERASED, Tombstones
from ripeline.vocabulary.calendar import EVER, NEVER

STONES = {"kind": "VARCHAR", "hash": "VARCHAR", "from_us": "BIGINT", "until_us": "BIGINT", "removed": "BOOLEAN"}
_WHOLE = f"from_us = {EVER} AND until_us = {NEVER}"
_ALONE = f"(SELECT of FROM erased_spans WHERE {_WHOLE})"
_THEIRS = "EXISTS (SELECT 1 FROM erased_spans WHERE of = who AND ts >= from_us AND ts < until_us)"
_OF_EVENTS = "id IN (SELECT id FROM erased_events)"
LEAVING: Mapping[str, str] = {
    **dict.fromkeys(("events", "set_aside", "traits", "group_links", "outcomes", "dispositions"), _THEIRS),
    "links": f"(who IN {_ALONE} OR device IN {_ALONE})",
    **dict.fromkeys(("bonds", "retractions"), f"(one IN {_ALONE} OR other IN {_ALONE})"),
    "identifiers": f"who IN {_ALONE}",
    **dict.fromkeys(("judgements", "misplaced"), _OF_EVENTS),
    "again": f"({_THEIRS} OR coalesce(who IN {_ALONE}, FALSE) OR coalesce(other IN {_ALONE}, FALSE))",
}
"""Which rows of each kind are of somebody who is erased. Summaries are made anew with what they sum up; what was said
of accounts is no person's."""

COUNTED: Mapping[str, Sequence[str]] = {
    "events": ACTS,
    "statements": ("traits",),
    "links": ("links", "bonds"),
    "group_links": ("group_links",),
    "outcomes": ("outcomes",),
    "dispositions": ("dispositions",),
}
"""What is told of an erasure, each with the kinds of files it lies in."""


def load_erased(con: duckdb.DuckDBPyConnection, stones: Tombstones, view: Callable[[str], str]) -> None:
    """Make `erased_spans` (of, from_us, until_us) of the identifiers that tombstones stand for.

    view: SQL that reads a kind of history.
    """
    load_stones(con, stones)
    con.execute(
        f"CREATE OR REPLACE TABLE erased_spans AS SELECT i.who AS of, t.from_us, t.until_us FROM {view('identifiers')} i "
        "JOIN tombstones t ON t.kind = i.kind AND t.hash = " + _hash(stones, "i.value")
    )
    acts = " UNION ALL ".join(f"SELECT id FROM {view(kind)} WHERE {_THEIRS}" for kind in ACTS)
    con.execute(f"CREATE OR REPLACE TABLE erased_events AS {acts}")


def load_stones(con: duckdb.DuckDBPyConnection, stones: Tombstones) -> None:
    """Make the table `tombstones`."""
    load(con, "tombstones", STONES, ({name: getattr(one, name) for name in STONES} for one in stones.stones))


def _hash(stones: Tombstones, column: str) -> str:
    """Return SQL of how a column's identifiers are kept in tombstones."""
    return f"sha256('{stones.secret}' || {column})"


def count_erased(con: duckdb.DuckDBPyConnection, view: Callable[[str], str]) -> dict[str, int]:
    """Return how much there is of those in `erased_spans`, by what it is."""
    return {
        name: sum(
            int(con.execute(f"SELECT count(*) FROM {view(kind)} WHERE {LEAVING[kind]}").fetchall()[0][0])
            for kind in kinds
        )
        for name, kinds in COUNTED.items()
    }


def leave_out_erased(writer: HistoryWriter) -> None:
    """Write files anew that hold something of those in `erased_spans`; the caller commits."""
    for file in writer.cut.files:
        leaving = LEAVING.get(file.kind)
        if leaving is not None and writer.holds(file, leaving):
            writer.replace(file, f"NOT ({leaving})")


def refuse_erased(writer: HistoryWriter, stones: Tombstones, names: Mapping[str, str]) -> None:
    """Refuse rows of the table `judged` that name somebody who was erased.

    names: columns that hold a name, each with its kind. A device of theirs that somebody else has now is struck out.
    Rows of those who were removed are refused where they are dated, and from before that.
    """
    if not stones:
        return
    con = writer.con
    load_stones(con, stones)
    alone = f"(({_WHOLE}) OR ({_removed_later(con)}))"
    mails = [column for column, kind in names.items() if kind in {"user", "email"}]
    load_addresses(con, " UNION ALL ".join(f"SELECT {_column(column)} AS raw FROM judged" for column in mails))
    con.execute(
        "CREATE OR REPLACE TABLE erased_mails AS SELECT raw, t.* FROM addresses JOIN tombstones t ON t.kind = 'email' "
        f"AND t.hash = {_hash(stones, 'address')}"
    )
    named = [
        f"EXISTS (SELECT 1 FROM erased_mails t WHERE t.raw = judged.{_column(column)} AND {alone})" for column in mails
    ]
    named += [_covered(stones, column, kind, alone) for column, kind in names.items() if kind in {"user", "crm"}]
    con.execute(f"UPDATE judged SET problem = '{ERASED}' WHERE {' OR '.join(named)}")
    devices = [column for column, kind in names.items() if kind == "anonymous"]
    for column in devices:
        others = "TRUE" if column == "previous" else '"user" IS NOT NULL'
        con.execute(
            f"UPDATE judged SET {_column(column)} = NULL WHERE {others} AND {_covered(stones, column, 'anonymous', alone)}"
        )
    if "device" in devices:
        then = 't.from_us <= "ts us" AND t.until_us > "ts us"'
        con.execute(
            f"UPDATE judged SET problem = '{ERASED}' WHERE \"user\" IS NULL AND "
            f"{_covered(stones, 'device', 'anonymous', then)}"
        )


def _removed_later(con: duckdb.DuckDBPyConnection) -> str:
    """Return SQL of whether somebody was removed after the moment of a row of `judged`."""
    return 'removed AND "ts us" < until_us' if "ts us" in described(con, "judged") else "FALSE"


def _covered(stones: Tombstones, column: str, kind: str, when: str) -> str:
    same = f"t.kind = '{kind}' AND t.hash = {_hash(stones, _column(column))}"
    return f"EXISTS (SELECT 1 FROM tombstones t WHERE {same} AND {when})"


def _column(name: str) -> str:
    return f'"{name}"'


def unnamed_files(root: Path, named: frozenset[str]) -> list[Path]:
    """Return the files in the folder of history that no manifest ever named."""
    files = (path for path in sorted((root / "history").rglob("*")) if path.is_file() or path.is_symlink())
    return [path for path in files if path.relative_to(root).as_posix() not in named]
