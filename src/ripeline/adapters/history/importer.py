"""One import: rows of a file stored, what was refused written down, all or nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb

from ripeline.adapters.history.import_calls import import_calls
from ripeline.adapters.history.import_events import import_events
from ripeline.adapters.history.import_leads import import_leads
from ripeline.adapters.history.import_outcomes import import_outcomes
from ripeline.adapters.history.writer import HistoryWriter, write_rejects
from ripeline.intake.erased import ERASED
from ripeline.ports.files import EventFile, Imported, LeadFile, OutcomeFile, SourceFile
from ripeline.ports.history import COMPACTION
from ripeline.ports.imports import Import, ImportBook
from ripeline.vocabulary.calendar import Zone

Rejects = list[tuple[int, str, str]]
MOST_SHOWN = 20
"""Refused rows that a dry run tells of."""


class FileImporter:
    """Imports one file, whose rows lie in the table `source_rows` of its connection."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        book: ImportBook,
        root: Path,
        at_us: int,
        *,
        by: str = "",
        dry: bool = False,
    ) -> None:
        """Take the connection, the book, the workspace's folder, and the time for the log.

        by: who imports. dry: nothing is stored, only told what would be.
        """
        self.con, self._book, self._root, self._at_us = con, book, root, at_us
        self._writer = HistoryWriter(con, book, root, imports=True)
        self._by, self._dry = by, dry

    def leads(self, file: SourceFile, how: LeadFile, source: str, zone: Zone) -> Imported:
        """Store what a file states of leads."""
        return self._import("leads", file, source, lambda: import_leads(self._writer, file.kinds, how, source, zone))

    def events(self, file: SourceFile, how: EventFile, source: str, zone: Zone) -> Imported:
        """Store the events of a file."""
        return self._import("events", file, source, lambda: import_events(self._writer, file.kinds, how, source, zone))

    def calls(self, file: SourceFile, source: str, zone: Zone) -> Imported:
        """Store the tracking calls of a file of JSON Lines."""
        what: dict[str, int] = {}

        def store() -> tuple[int, Rejects]:
            stored, rejects = import_calls(self._writer, file.kinds, source, zone)
            what.update(stored)
            return sum(stored.values()), rejects

        return replace(self._import("calls", file, source, store), what=what)

    def outcomes(self, file: SourceFile, how: OutcomeFile, source: str, zone: Zone) -> Imported:
        """Store the outcomes of a file."""
        return self._import(
            "outcomes", file, source, lambda: import_outcomes(self._writer, file.kinds, how, source, zone)
        )

    def _import(self, what: str, file: SourceFile, source: str, store: Callable[[], tuple[int, Rejects]]) -> Imported:
        try:
            added, bad = store()
            rejects = self._nameless([*file.rejects, *_placed(file, bad)])
            if not self._dry:
                return self._committed(what, file, source, added, rejects)
        except BaseException:
            self._writer.discard()
            raise
        self._writer.discard()
        first = sorted(rejects)[:MOST_SHOWN]
        return Imported(
            file.rows, added, len(rejects), first=first, leads=self._writer.named, new_leads=self._writer.new
        )

    def _committed(self, what: str, file: SourceFile, source: str, added: int, rejects: Rejects) -> Imported:
        """Make what was stored part of history, and write down where it came from."""
        path = write_rejects(self._root, source, rejects) if rejects else None
        cause = f"import {source}" if self._writer.has_news else COMPACTION
        self._writer.store_again()

        def note(manifest: int) -> None:
            told = (manifest, self._at_us, what, Path(file.file).name, source, file.rows, added, len(rejects))
            self._book.note_import(Import(*told, None if path is None else path.name, self._by))

        try:
            self._writer.commit(cause, self._at_us, beside=note)
        except BaseException:
            if path is not None:
                path.unlink(missing_ok=True)
            raise
        done = Imported(file.rows, added, len(rejects), path, leads=self._writer.named, new_leads=self._writer.new)
        return replace(done, number=self._book.imports()[0].number)

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
