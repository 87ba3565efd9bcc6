"""One import: rows of a file stored, what was refused written down, all or nothing."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from ripeline.adapters.history.import_calls import import_calls
from ripeline.adapters.history.import_events import import_events
from ripeline.adapters.history.import_leads import import_leads
from ripeline.adapters.history.import_outcomes import import_outcomes
from ripeline.adapters.history.writer import HistoryWriter, write_rejects
from ripeline.intake.erased import ERASED
from ripeline.ports.files import EventFile, Imported, LeadFile, OutcomeFile, SourceFile
from ripeline.vocabulary.calendar import Zone

Rejects = list[tuple[int, str, str]]


class FileImporter:
    """Imports one file, whose rows lie in the table `source_rows` of its connection."""

    def __init__(self, con: duckdb.DuckDBPyConnection, writer: HistoryWriter, root: Path, at_us: int) -> None:
        """Take the connection, the writer of history, the workspace's folder, and the time for the log."""
        self.con, self._writer, self._root, self._at_us = con, writer, root, at_us

    def leads(self, file: SourceFile, how: LeadFile, source: str, zone: Zone) -> Imported:
        """Store what a file states of leads."""
        return self._import(file, source, lambda: import_leads(self._writer, file.kinds, how, source, zone))

    def events(self, file: SourceFile, how: EventFile, source: str, zone: Zone) -> Imported:
        """Store the events of a file."""
        return self._import(file, source, lambda: import_events(self._writer, file.kinds, how, source, zone))

    def calls(self, file: SourceFile, source: str, zone: Zone) -> Imported:
        """Store the tracking calls of a file of JSON Lines."""
        what: dict[str, int] = {}

        def store() -> tuple[int, Rejects]:
            stored, rejects = import_calls(self._writer, file.kinds, source, zone)
            what.update(stored)
            return sum(stored.values()), rejects

        done = self._import(file, source, store)
        return Imported(done.read, done.added, done.rejected, done.rejects, what)

    def outcomes(self, file: SourceFile, how: OutcomeFile, source: str, zone: Zone) -> Imported:
        """Store the outcomes of a file."""
        return self._import(file, source, lambda: import_outcomes(self._writer, file.kinds, how, source, zone))

    def _import(self, file: SourceFile, source: str, store: Callable[[], tuple[int, Rejects]]) -> Imported:
        try:
            added, bad = store()
            self._writer.commit(f"import {source}", self._at_us)
        except BaseException:
            self._writer.discard()
            raise
        rejects = self._nameless([*file.rejects, *_placed(file, bad)])
        path = write_rejects(self._root, source, rejects) if rejects else None
        return Imported(file.rows, added, len(rejects), path)

    def _nameless(self, rejects: Rejects) -> Rejects:
        """Keep nothing of rows that name somebody who was erased but that they were there."""
        erased = self._writer.tombstones
        named = {row for row in rejects if row[1] == ERASED or (erased and erased.told_in(f"{row[1]} {row[2]}"))}
        return [(row[0], ERASED, "") if row in named else row for row in rejects]


def _placed(file: SourceFile, bad: Rejects) -> Rejects:
    """Put refused rows on their exact lines, where a row's number is not its line."""
    if not bad or file.lines is None:
        return bad
    lines = file.lines()
    return [(lines[row - 2], reason, text) for row, reason, text in bad]
