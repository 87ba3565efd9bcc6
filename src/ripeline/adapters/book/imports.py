"""The book as imports need it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.ports.imports import Import

_COLUMNS = (
    "manifest, at_us, what, file, source, rows, added, refused, rejects, by, number, undone_us, undone_by, removed"
)


class ImportingBook(SqliteBook):
    """A book that imports are written down in."""

    def imports(self) -> Sequence[Import]:
        """Return all imports, the youngest first."""
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM imports ORDER BY number DESC")
        return [replace(Import(*told), removed=json.loads(removed)) for *told, removed in rows]

    def note_import(self, one: Import) -> None:
        """Write an import down, inside the transaction that makes its manifest."""
        told = (one.manifest, one.at_us, one.what, one.file, one.source, one.rows, one.added, one.refused)
        self._db.execute(
            "INSERT INTO imports (manifest, at_us, what, file, source, rows, added, refused, rejects, by) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*told, one.rejects, one.by),
        )

    def note_undone(self, number: int, at_us: int, by: str, removed: Mapping[str, int], manifest: int) -> None:
        """Write down that an import was undone, inside the transaction that makes the manifest without it."""
        self._db.execute(
            "UPDATE imports SET undone_us = ?, undone_by = ?, removed = ?, undone_manifest = ? WHERE number = ?",
            (at_us, by, json.dumps(dict(removed)), manifest, number),
        )
