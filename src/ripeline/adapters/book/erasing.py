"""The book as an erasure needs it."""

from collections.abc import Sequence

from ripeline.adapters.book import erasures as rows
from ripeline.adapters.book import notes
from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.adapters.book.views import remove_views
from ripeline.intake.erased import Tombstones
from ripeline.ports.erasures import Erasure


class ErasingBook(SqliteBook):
    """A book that people are erased from."""

    def secret_tombstones(self) -> Tombstones:
        """Return who was erased, with a secret in any case."""
        rows.make_secret(self._db)
        return self.tombstones()

    def adopt_secret(self, secret: str) -> None:
        """Hash with another book's secret, or raise InputError where this book has one of its own."""
        rows.adopt_secret(self._db, secret)

    def note_backup(self, file: str, at_us: int) -> None:
        """Remember where a backup was written to."""
        rows.note_backup(self._db, file, at_us)

    def backups_before(self, at_us: int) -> list[str]:
        """Return the files of backups that were written until an instant."""
        return rows.backups_before(self._db, at_us)

    def erasures(self) -> Sequence[Erasure]:
        """Return all erasures, the youngest first."""
        return rows.erasures(self._db)

    def failed_of(self, stones: Tombstones) -> list[int]:
        """Return the numbers of failed events that name somebody who is erased."""
        return list(rows.failed_of(self._db, stones))

    def note_erased(self, stones: Tombstones, new: Erasure) -> None:
        """Write an erasure down, inside the transaction that makes its manifest."""
        rows.note_erased(self._db, stones, new)

    def messages_of(self, stones: Tombstones) -> list[int]:
        """Return the numbers of messages of the outbox that concern somebody who is erased."""
        return list(rows.messages_of(self._db, stones))

    def notes_of(self, stones: Tombstones) -> list[int]:
        """Return the numbers of notes that are about somebody who is erased, or name them."""
        return list(notes.erased_notes(self._db, stones))

    def remove_mentions(self, failed: Sequence[int], messages: Sequence[int], stones: Tombstones) -> None:
        """Remove failed events, messages, notes, logged stages and views of those who are erased, inside a transaction.

        failed, messages: as `failed_of` and `messages_of` tell them; to look for them takes long, and nobody else can
        write meanwhile.
        """
        notes.remove_notes(self._db, self.notes_of(stones))
        rows.remove_failed(self._db, failed)
        rows.remove_messages(self._db, messages, stones)
        rows.remove_stages(self._db, stones)
        remove_views(self._db, stones)

    def outlived_by(self, manifest: int) -> list[str]:
        """Return the paths of files that a manifest, or one before it, was the first not to name."""
        return rows.outlived_by(self._db, manifest)

    def named_files(self) -> frozenset[str]:
        """Return the paths of the files that are not forgotten."""
        return frozenset(path for (path,) in self._db.execute("SELECT path FROM files"))

    def overwrite(self) -> bool:
        """Leave nothing of what was deleted in the book's files; say whether that was possible just now."""
        return rows.overwrite(self._db)
