"""Which message ids may be history already: hashes in memory, in order, so that a few are looked up without a scan."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from ripeline.adapters.columnar.columns import text_of
from ripeline.adapters.columnar.spool import load
from ripeline.ports.history import Cut, HistoryFile

MOST_CONSTANTS = 50
"""So many hashes are looked for by their values; blocks of the table that hold none of these are skipped."""

_HASHES = {
    "events": "hash(id)",
    "set_aside": "hash(id)",
    "group_links": "hash(id)",
    "traits": "hash(TRY_CAST(digest AS UUID))",
}


class SeenIds:
    """Hashes of the ids in history files, kept up with the cut; about 8 bytes a message."""

    def __init__(self, con: duckdb.DuckDBPyConnection, root: Path) -> None:
        """Take the connection whose memory is used."""
        self._con, self._root = con, root
        self._read = frozenset[str]()
        con.execute("CREATE OR REPLACE TABLE seen_ids (hash UBIGINT)")

    def follow(self, cut: Cut) -> None:
        """Take in the files that are new in a cut; of files that are gone the ids stay, which only costs a look."""
        new = [file for file in cut.files if file.kind in _HASHES and file.path not in self._read]
        if new:
            self._con.execute(f"CREATE OR REPLACE TABLE further_ids AS {' UNION ALL '.join(self._hashes(new))}")
            # Files that were written anew hold what others held.
            self._con.execute(
                "INSERT INTO seen_ids SELECT hash FROM further_ids WHERE hash NOT IN "
                "(SELECT s.hash FROM seen_ids s SEMI JOIN further_ids f ON f.hash = s.hash) ORDER BY hash"
            )
            self._con.execute("DROP TABLE further_ids")
        self._read |= {file.path for file in new}

    def _hashes(self, files: Sequence[HistoryFile]) -> Iterator[str]:
        """Yield queries of the hashes in files, one for each kind."""
        for kind, hashed in _HASHES.items():
            paths = [text_of(str(self._root / file.path)) for file in files if file.kind == kind]
            if paths:
                yield f"SELECT {hashed} AS hash FROM read_parquet([{', '.join(paths)}], union_by_name = true)"

    def maybe(self, ids: Sequence[str]) -> list[str]:
        """Return those of some ids that may be history: all that are, and hardly any other."""
        load(self._con, "asked_seen", {"id": "UUID"}, ({"id": one} for one in ids))
        hashes = self._con.execute("SELECT hash(id) FROM asked_seen").fetchall()
        listed = ", ".join(str(found) for (found,) in hashes)
        among = listed if len(hashes) <= MOST_CONSTANTS else "SELECT hash(id) FROM asked_seen"
        if not hashes:
            return []
        found = self._con.execute(f"SELECT DISTINCT hash FROM seen_ids WHERE hash IN ({among})").fetchall()
        if not found:
            return []
        hits = ", ".join(str(hit) for (hit,) in found)
        rows = self._con.execute(f"SELECT CAST(id AS VARCHAR) FROM asked_seen WHERE hash(id) IN ({hits})").fetchall()
        return [one.replace("-", "") for (one,) in rows]
