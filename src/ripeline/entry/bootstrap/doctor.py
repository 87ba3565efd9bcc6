"""Looks at workspaces as they are, and removes what was left over."""

import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from ripeline.adapters.book.snapshot import look_at
from ripeline.adapters.history.examined import ExaminedFiles
from ripeline.adapters.history.writer import writing_history
from ripeline.definition.read import check_text
from ripeline.entry.bootstrap.erase import finish
from ripeline.entry.bootstrap.history import connection
from ripeline.entry.bootstrap.sales import sales_as_it_lies
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.workspace import Workspace, text_of
from ripeline.handoff.sales import Sales
from ripeline.ports.history import Cut, HistoryFile
from ripeline.ports.workspace import BookLook, FileOnDisk
from ripeline.usecases.doctor.leftovers import old_leftovers
from ripeline.vocabulary.issues import Issue


@contextmanager
def examined_workspace(workspace: Workspace) -> Iterator["ExaminedWorkspace"]:
    """Open a workspace to look at it; nothing in it is changed."""
    con = connection(workspace)
    try:
        yield ExaminedWorkspace(workspace, ExaminedFiles(con, workspace.root))
    finally:
        con.close()


def tidy(workspace: Workspace, now_us: int) -> list[FileOnDisk]:
    """Remove what killed imports left in history more than a day ago; return what was removed.

    Nobody writes history meanwhile, and a file that any manifest ever named stays, but for what an erasure left.
    """
    state = look_at(workspace.book).state
    if state is not None and state.unremoved:
        finish(workspace, lambda _, __: None, wait_s=0)
    with writing_history(workspace.root):
        with examined_workspace(workspace) as examined:
            state, on_disk = examined.book().state, examined.on_disk()
        old = [] if state is None else old_leftovers(state, on_disk, now_us)
        for file in old:
            (workspace.root / file.path).unlink(missing_ok=True)
    return old


class ExaminedWorkspace:
    """A workspace as the doctor looks at it."""

    def __init__(self, workspace: Workspace, history: ExaminedFiles) -> None:
        """Take the workspace and its files of history."""
        self._workspace, self._history = workspace, history

    def book(self) -> BookLook:
        """Return how the book is."""
        return look_at(self._workspace.book)

    def stored(self, file: HistoryFile, *, every_row: bool) -> tuple[int, Mapping[str, str]]:
        """Return the rows and columns of a file as it lies there, or raise InputError where it cannot be read."""
        return self._history.stored(file, every_row=every_row)

    def on_disk(self) -> Sequence[FileOnDisk]:
        """Return all files in the folder of history."""
        return self._history.on_disk()

    def repeated(self, cut: Cut, kind: str, columns: Sequence[str], one_in: int) -> int:
        """Return how many different values of columns are there more than once."""
        return self._history.repeated(cut, kind, columns, one_in)

    def definitions(self) -> Mapping[str, Sequence[Issue]]:
        """Return the issues of every definition, by its file."""
        zones = references().zones()
        return {
            str(file): check_text(text_of(file), file.stem, zones)[1] for file in self._workspace.definitions().values()
        }

    def sales(self) -> Sales:
        """Return how sales is set up, or raise InputError."""
        return sales_as_it_lies(self._workspace)

    def lies_there(self, file: str) -> bool:
        """Say whether there is a file of a path anywhere."""
        return (self._workspace.root / file).is_file()

    def free_bytes(self) -> int:
        """Return how much room there is left."""
        return shutil.disk_usage(self._workspace.root).free

    def open_to_others(self) -> Sequence[str]:
        """Return the book's files and the backups in the workspace that others than their owner may read."""
        files = [
            path
            for pattern in (f"{self._workspace.book.name}*", "*.tar")
            for path in sorted(self._workspace.root.glob(pattern))
        ]
        return [str(path) for path in files if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
