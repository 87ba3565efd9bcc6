"""The salespeople of a workspace: as its file has them, and as was said since; with the time zones that ship."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from ripeline.adapters.book.audit import note
from ripeline.adapters.book.handoffs import owned_by, owners
from ripeline.adapters.book.sales import last_change, sales_entries, write_entry
from ripeline.adapters.book.snapshot import looked_at
from ripeline.adapters.book.sqlite import transaction
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.log import note as log
from ripeline.entry.sales_settings import sales_settings
from ripeline.entry.workspace import Workspace, find_workspace
from ripeline.handoff.routing import away
from ripeline.handoff.sales import Sales
from ripeline.handoff.sales_entries import Raw, SalesEntry
from ripeline.usecases.change_sales import Entries, SaidOfSales, anew, changed_text
from ripeline.usecases.salespeople import Record, sales_record
from ripeline.vocabulary.changes import Change
from ripeline.vocabulary.handoffs import Handoff
from ripeline.vocabulary.issues import InputError

Version = tuple[int, int, int, int]
"""Differs once file or book say something else."""


class Salespeople:
    """The salespeople of a workspace by now, for one thread; file and book are read anew when either was changed."""

    def __init__(self, workspace: Workspace, db: sqlite3.Connection) -> None:
        """Take the workspace and the book's connection. Raises InputError where they cannot be read."""
        self._workspace, self._db = workspace, db
        self.version = self._last_version()
        self._sales = self._read()

    def now(self) -> Sales:
        """Return how sales is set up. While it cannot be read, what was read last holds."""
        version = self._last_version()
        if version != self.version:
            self.version = version
            try:
                self._sales = self._read()
            except InputError:
                # What is wrong may hold addresses.
                log("salespeople cannot be read; the last ones hold", logging.ERROR)
        return self._sales

    def record(self, at_us: int) -> Record:
        """Return how sales is set up, from where, and whose handoffs nobody attends to, as plain values."""
        sales, entries = self.now(), sales_entries(self._db)
        return sales_record(sales, entries, self._unattended(sales, at_us), at_us)

    def change(self, decide: Callable[[SaidOfSales], Entries], by: str, at_us: int) -> Sales:
        """Write down what is decided on what is said by now, all or nothing; return how sales is set up then."""
        with transaction(self._db):
            for one in anew(self._said(), decide):
                write_entry(self._db, one, by, at_us)
                note(self._db, Change(at_us, by, "sales_changed", changed_text(one)))
        return self.now()

    def _unattended(self, sales: Sales, at_us: int) -> list[tuple[Handoff, str]]:
        found = ((name, away(sales, name, at_us)) for name in owners(self._db))
        return [(one, why) for name, why in found if why is not None for one in owned_by(self._db, name)]

    def _last_version(self) -> Version:
        try:
            file = self._workspace.settings.stat()
        except OSError:
            return 0, 0, 0, last_change(self._db)
        return file.st_mtime_ns, file.st_size, file.st_ino, last_change(self._db)

    def _read(self) -> Sales:
        workspace = find_workspace(self._workspace.root)
        try:
            return _read(workspace, sales_entries(self._db))
        except InputError as error:
            raise InputError(f"{workspace.settings}: {error}") from error

    def _said(self) -> SaidOfSales:
        raw = find_workspace(self._workspace.root).sales
        return SaidOfSales(raw, sales_entries(self._db), lambda written: sales_settings(written, references()))


@contextmanager
def opened_salespeople(workspace: Workspace) -> Iterator[Salespeople]:
    """Open the salespeople of a workspace, for a command."""
    with book_connection(workspace) as db:
        yield Salespeople(workspace, db)


def sales_as_it_lies(workspace: Workspace) -> Sales:
    """Return how sales is set up without changing anything, not even a book of an older form; InputError as ever."""
    entries = list[SalesEntry]()
    with suppress(InputError, sqlite3.Error), looked_at(workspace.book) as db:
        entries = sales_entries(db)
    return _read(workspace, entries)


def _read(workspace: Workspace, entries: Entries) -> Sales:
    def read(written: Raw) -> Sales:
        return sales_settings(written, references())

    try:
        return SaidOfSales(workspace.sales, entries, read).sales()
    except InputError as error:
        besides = " (with what was said by command or API besides)" if _reads(workspace.sales, read) else ""
        raise InputError(f"{error}{besides}") from error


def _reads(raw: Raw, read: Callable[[Raw], Sales]) -> bool:
    try:
        read(raw)
    except InputError:
        return False
    return True
