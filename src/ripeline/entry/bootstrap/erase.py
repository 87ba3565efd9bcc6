"""Erases people from a workspace, also while its server runs."""

import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ripeline.adapters.book.erasing import ErasingBook
from ripeline.adapters.columnar.columns import ACTS
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.leads import StoredHistory
from ripeline.adapters.history.erasing import count_erased, leave_out_erased, load_erased, unnamed_files
from ripeline.adapters.history.readers import WAIT_S, wait_for_readers
from ripeline.adapters.history.writer import LONGEST_WAIT_S, BusyError, HistoryWriter, writing_history
from ripeline.entry.bootstrap.history import connection
from ripeline.entry.bootstrap.live import LiveHistory, opened_store
from ripeline.entry.workspace import Workspace
from ripeline.intake.erased import ERASED, Tombstone, Tombstones
from ripeline.ports.erasures import Erasure
from ripeline.ports.scores import Progress
from ripeline.usecases.erase import Person, person_of
from ripeline.vocabulary.issues import InputError

CAUSE = "erasure"
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Found:
    """Who is to be erased, and how much there is of them, by what it is."""

    person: Person
    removes: dict[str, int]


def find_person(workspace: Workspace, lead: str, at_us: int) -> Found | None:
    """Return what erasing a lead would remove; None where the lead was erased already. InputError where nobody is it."""
    with opened_erasing_book(workspace) as book, opened_store(workspace) as store:
        stones = book.secret_tombstones()
        person = _person(store, lead, at_us, stones)
        if person is None:
            return None
        theirs = Tombstones(stones.secret, person.stones)

        def view(kind: str) -> str:
            return f"stored_{kind}" if kind in ACTS else kind

        load_erased(store.con, theirs, view)
        failed, messages = book.failed_of(theirs), book.messages_of(theirs)
        beside = {"failed_events": len(failed), "messages": len(messages), "notes": len(book.notes_of(theirs))}
        return Found(person, count_erased(store.con, view) | beside)


def erase(
    workspace: Workspace, lead: str, reason: str, at_us: int, progress: Progress
) -> tuple[Person, Erasure] | None:
    """Erase a lead, so that every reader agrees from the erasure's position on; None where that was done already.

    What was accepted is written to files first, since the inbox holds requests of many people, and once more after it.
    Where the erasure broke off before that, this completes it. Files that hold the person are there until `finish`.
    """
    history = LiveHistory(workspace, keeps_failed=True)
    try:
        progress("writing what was accepted to files", None)
        write_out(history, at_us)
        progress("writing files anew", None)
        with writing_history(workspace.root), opened_erasing_book(workspace) as book:
            done = _erase(workspace, book, lead, reason, at_us)
        write_out(history, at_us)
    finally:
        history.close()
    return done


def finish(workspace: Workspace, progress: Progress, wait_s: float = WAIT_S) -> bool:
    """Remove all that still holds anything of those who were erased; say whether nothing does any more.

    Files go when nobody reads them any more. Doing it again does no harm, and completes what was broken off.
    """
    with opened_erasing_book(workspace) as book:
        last = next(iter(book.erasures()), None)
        if last is None:
            return True
        progress("waiting for those who read", None)
        unread = wait_for_readers(workspace.root, last.number, wait_s)
        stones = book.tombstones()
        with writing_history(workspace.root):
            if unread:
                _remove_files(workspace.root, book, last.manifest)
            _clean_rejects(workspace.root, stones)
        failed, messages = book.failed_of(stones), book.messages_of(stones)
        with book.writing():
            book.remove_mentions(failed, messages, stones)
        progress("writing the book anew", None)
        return book.overwrite() and unread


def erase_again(workspace: Workspace, stones: Tombstones, at_us: int, progress: Progress) -> None:
    """Erase whoever tombstones of the same workspace stand for from an older state of it, which nobody uses yet."""
    if not stones:
        return
    with opened_erasing_book(workspace) as book:
        book.adopt_secret(stones.secret)
    history = LiveHistory(workspace, keeps_failed=True)
    try:
        write_out(history, at_us)
        with writing_history(workspace.root), opened_erasing_book(workspace) as book:
            con = connection(workspace)
            own = book.tombstones()
            new = [one for one in stones.stones if one not in own.stones]
            try:
                writer = HistoryWriter(con, book, workspace.root)
                leave_out(writer, book, own, new, "restored from a backup", at_us)
            finally:
                con.close()
        write_out(history, at_us)
    finally:
        history.close()
    finish(workspace, progress)


def tombstones_of(workspace: Workspace) -> Tombstones:
    """Return who was erased from a workspace."""
    with opened_erasing_book(workspace) as book:
        return book.tombstones()


def holding_backups(workspace: Workspace) -> list[str]:
    """Return the backups, as far as the workspace knows them, that hold somebody who was erased."""
    with opened_erasing_book(workspace) as book:
        last = next(iter(book.erasures()), None)
        files = [] if last is None else book.backups_before(last.at_us)
    return [file for file in files if Path(file).exists()]


@contextmanager
def opened_erasing_book(workspace: Workspace) -> Iterator[ErasingBook]:
    """Open the book of a workspace to erase."""
    book = ErasingBook(workspace.book)
    try:
        yield book
    finally:
        book.close()


def write_out(history: LiveHistory, at_us: int) -> None:
    """Write everything that was accepted to files; BusyError where others keep writing."""
    for _ in range(MOST_TRIES):
        history.advance()
        if history.judge(at_us):
            history.advance()
        if history.write_out(at_us, LONGEST_WAIT_S) is not None:
            return
    raise BusyError("others keep writing history; try again")


def _person(store: Store, lead: str, at_us: int, stones: Tombstones) -> Person | None:
    try:
        return person_of(StoredHistory(store), lead, at_us, stones)
    except InputError:
        if stones.is_name(lead) or stones.is_name(lead.partition(":")[2]):
            return None
        raise


def _erase(
    workspace: Workspace, book: ErasingBook, lead: str, reason: str, at_us: int
) -> tuple[Person, Erasure] | None:
    known, con = book.secret_tombstones(), connection(workspace)
    try:
        writer = HistoryWriter(con, book, workspace.root)
        person = _person(Store(con, workspace.root, writer.cut), lead, at_us, known)
        if person is None:
            return None
        leave_out(writer, book, known, person.stones, reason, at_us)
    finally:
        con.close()
    return person, book.erasures()[0]


def leave_out(
    writer: HistoryWriter, book: ErasingBook, known: Tombstones, new: Sequence[Tombstone], reason: str, at_us: int
) -> None:
    """Leave everybody whom tombstones stand for out of history and book, in one transaction.

    Who was removed before may have come back since: of them nothing more goes.
    """
    lasting = (one for one in known.stones if not one.removed)
    stones = Tombstones(known.secret, (*lasting, *(one.unending() for one in new)))
    noted = Tombstones(known.secret, (*known.stones, *new))
    load_erased(writer.con, stones, writer.view)
    failed, messages = book.failed_of(stones), book.messages_of(stones)
    beside = {"failed_events": len(failed), "messages": len(messages), "notes": len(book.notes_of(stones))}
    removed = count_erased(writer.con, writer.view) | beside

    def note(manifest: int) -> None:
        book.remove_mentions(failed, messages, stones)
        book.note_erased(noted, at_us, reason, removed, manifest)

    try:
        leave_out_erased(writer)
        writer.commit(CAUSE, at_us, beside=note)
    except BaseException:
        writer.discard()
        raise


def _remove_files(root: Path, book: ErasingBook, manifest: int) -> None:
    """Remove files that no manifest names since the erasure, and what killed writers left: nobody writes just now."""
    for path in book.outlived_by(manifest):
        (root / path).unlink(missing_ok=True)
        book.forget_file(path)
    for file in unnamed_files(root, book.named_files()):
        file.unlink()


def _clean_rejects(root: Path, stones: Tombstones) -> None:
    """Leave nothing in files of refused rows but line and reason of those that name somebody who was erased."""
    for file in sorted((root / "rejects").glob("*.csv")):
        with file.open(newline="", encoding="utf-8") as source:
            rows = list(csv.reader(source))
        at_us = file.stat().st_mtime_ns // 1000
        kept = [[row[0], ERASED, ""] if stones.told_in(" ".join(row[1:]), at_us) else row for row in rows]
        if kept != rows:
            beside = file.with_suffix(".csv.new")
            with beside.open("w", newline="", encoding="utf-8") as target:
                csv.writer(target).writerows(kept)
                target.flush()
                os.fsync(target.fileno())
            beside.replace(file)
