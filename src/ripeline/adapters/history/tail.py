"""What is accepted and not yet history: rows in memory beside the files of a cut, read as one with them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from ripeline.adapters.columnar.columns import ACTS, definitions, listed, quoted
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.history.called import store_calls
from ripeline.adapters.history.decided import store_decisions
from ripeline.adapters.history.judged import store_acts
from ripeline.adapters.history.seen import SeenIds
from ripeline.adapters.history.told_dispositions import store_dispositions
from ripeline.adapters.history.told_outcomes import store_outcomes
from ripeline.adapters.history.writer import SUMMARIES, HistoryWriter
from ripeline.intake.calls import Call
from ripeline.intake.decisions import Decision
from ripeline.intake.dispositions import Disposition
from ripeline.intake.outcomes import Outcome
from ripeline.ports.history import Book, Cut, HistoryFile


class Tail(HistoryWriter):
    """Holds calls behind a cut as tables `tail_<kind>`, with identifiers numbered behind those of the files."""

    def __init__(self, con: duckdb.DuckDBPyConnection, book: Book, root: Path, seen: SeenIds | None = None) -> None:
        """Take what every writer takes, and whoever knows which message ids may be in files at all."""
        super().__init__(con, book, root)
        self._seen = seen
        self._began_with = dict(self._counters)
        if seen is not None:
            seen.follow(self.cut)

    def follow(self) -> bool:
        """Go on with the files of the last cut where these hold what the others held; say whether that can be done.

        Whatever was judged meanwhile lies in relation to the files as they were.
        """
        cut = self._book.cut()
        same = cut.position == self.cut.position and self._book.counters() == self._began_with
        if not same or {"judgements", "misplaced"} & self._tables.keys():
            return False
        self.cut = cut
        if self._seen is not None:
            self._seen.follow(cut)
        return True

    def known(self, ids: Iterable[str]) -> Mapping[str, int | None]:
        """Return those of some message ids that history knows, with their digests where these were kept."""
        asked = list(ids) if self._seen is None else self._seen.maybe(list(ids))
        return super().known(asked) if asked else {}

    def append(
        self,
        calls: Iterable[Call],
        decisions: Iterable[Decision] = (),
        outcomes: Iterable[Outcome] = (),
        dispositions: Iterable[Disposition] = (),
    ) -> None:
        """Add what was accepted, each message once, in order."""
        store_calls(self, calls)
        store_decisions(self, decisions)
        store_outcomes(self, outcomes)
        store_dispositions(self, dispositions)

    def write_out(self, cause: str, at_us: int, position: int) -> None:
        """Make the tables files of history, which end at a position of the inbox; nothing is changed where that fails."""
        writer = HistoryWriter(self.con, self._book, self._root, self.cut, self._counters)
        try:
            store_acts(writer, {kind: table_of(kind) for kind in self._tables})
            for kind in self._tables:
                if kind not in (*ACTS, *SUMMARIES):
                    writer.store(kind, table_of(kind))
            writer.commit(cause, at_us, position)
        except BaseException:
            writer.discard()
            raise

    def names_in(self, events: Collection[str]) -> set[str]:
        """Return the identifiers that events came with, by the events' ids."""
        load(self.con, "asked_ids", {"id": "UUID"}, ({"id": one} for one in events))
        own = " UNION ALL ".join(f"SELECT id, who FROM {table_of(kind)}" for kind in ACTS if kind in self._tables)
        found = self._names_of(f"({own})") if own else {}
        # Files are long, and most events are judged soon after they came.
        return set((found if len(found) == len(events) else self._names_of(self.acts())).values())

    def _names_of(self, acts: str) -> dict[object, str]:
        query = f"SELECT a.id, i.value FROM {acts} a JOIN {self.view('identifiers')} i ON i.who = a.who"
        return dict(self.con.execute(f"{query} WHERE a.id IN (SELECT id FROM asked_ids)").fetchall())

    def stored(self, kind: str) -> str:
        """Return SQL that reads files and tail together."""
        return self.view(kind)

    @property
    def whole(self) -> Cut:
        """The cut with the tail's tables: files without a path."""
        return replace(self.cut, files=(*self.cut.files, *self._tables.values()))

    def view(self, kind: str) -> str:
        """Return SQL that reads files and tail together."""
        files = super().view(kind)
        if kind not in self._tables:
            return files
        return f"(SELECT * FROM {files} UNION ALL BY NAME SELECT * FROM {table_of(kind)})"

    @property
    def _tables(self) -> dict[str, HistoryFile]:
        return {file.kind: file for file in self._new}

    def _store(self, kind: str, table: str, *, in_order: bool = False) -> int:
        del in_order  # rows in memory lie in no order
        (rows,) = self.con.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
        if rows:
            self._add(kind, table, int(rows))
        return int(rows)

    def _add(self, kind: str, table: str, rows: int) -> None:
        columns, own = self._filled(kind, table), table_of(kind)
        before = self._tables.get(kind)
        known = {} if before is None else dict(before.columns)
        if before is None:
            self.con.execute(f"CREATE OR REPLACE TABLE {own} ({definitions(columns)})")
        for name in columns.keys() - known.keys() if before is not None else ():
            self.con.execute(f"ALTER TABLE {own} ADD COLUMN {quoted(name)} {columns[name]}")
        self.con.execute(f"INSERT INTO {own} BY NAME SELECT {listed(columns)} FROM {table}")
        least = self._least(kind, table)
        if before is not None:
            self._new.remove(before)
            earlier = [ts for ts in (before.least_ts, least) if ts is not None]
            rows, least = rows + before.rows, min(earlier, default=None)
        self._new.append(HistoryFile(kind, "", rows, least, known | columns))


def table_of(kind: str) -> str:
    """Return the table that holds the tail of a kind."""
    return f"tail_{kind}"
