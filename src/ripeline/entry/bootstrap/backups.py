"""Writes backups of workspaces and makes workspaces from them."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import ripeline
from ripeline.adapters.archive.tar import TarWriter, opened_tar
from ripeline.adapters.book.snapshot import copy_book, look_at
from ripeline.entry.bootstrap.doctor import examined_workspace
from ripeline.entry.bootstrap.erase import erase_again, opened_erasing_book
from ripeline.entry.bootstrap.history import opened_book, opened_reading
from ripeline.entry.bootstrap.outbox import hold_copy
from ripeline.entry.workspace import SETTINGS_FILE, Workspace, find_workspace
from ripeline.intake.erased import Tombstones
from ripeline.ports.history import Cut
from ripeline.ports.scores import Progress
from ripeline.ports.workspace import Examined, Packed
from ripeline.usecases.backup import BOOK, LIST, Contents, backup, belongs, contents_of, must_be_whole
from ripeline.usecases.restore import restore
from ripeline.vocabulary.issues import InputError

LANGUAGES = "locale/*/LC_MESSAGES/ripeline.[pm]o"
BESIDE_HISTORY = (
    *("qualification.yaml", "definitions/*.yaml", ".ripeline/*.json", "rejects/*.csv", LANGUAGES),
    SETTINGS_FILE,
)


def back_up(workspace: Workspace, to: Path, now_us: int, progress: Progress) -> Contents:
    """Write a backup of a workspace to a new file, and read it back; the server and imports go on meanwhile."""
    if to.exists():
        raise InputError(f"{to} exists already; a backup is a new file")
    with (
        opened_reading(workspace),
        _disk_errors(to),
        tempfile.TemporaryDirectory(prefix=f".{to.name}.", dir=to.absolute().parent) as beside,
    ):
        copy, tar = Path(beside) / BOOK, Path(beside) / "backup.tar"
        copy_book(workspace.book, copy, progress)
        state = look_at(copy).state
        if state is None:
            raise InputError(f"the book is damaged; see: ripeline doctor -w {workspace.root}")
        files = {BOOK: copy, **_history(workspace, state.cut), **_beside_history(workspace)}
        _must_have_room(to, sum(path.stat().st_size for path in files.values()))
        contents = _packed(tar, files, (state.accepted, state.cut.number), now_us, progress)
        _must_read_back(tar, contents, progress)
        tar.rename(to)
        _synced(to.absolute().parent)
    with opened_erasing_book(workspace) as book:
        book.note_backup(str(to.absolute()), now_us)
    return contents


def _history(workspace: Workspace, cut: Cut) -> dict[str, Path]:
    files = {file.path: workspace.root / file.path for file in cut.files}
    missing = [path for path, file in files.items() if not file.is_file()]
    if missing:
        raise InputError(f"{missing[0]} is missing; see: ripeline doctor -w {workspace.root}")
    return files


def _beside_history(workspace: Workspace) -> dict[str, Path]:
    found = (path for pattern in BESIDE_HISTORY for path in sorted(workspace.root.glob(pattern)) if path.is_file())
    return {name: path for path in found if belongs(name := path.relative_to(workspace.root).as_posix())}


def _packed(tar: Path, files: Mapping[str, Path], moment: tuple[int, int], now_us: int, progress: Progress) -> Contents:
    with os.fdopen(os.open(tar, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        writer = TarWriter(file)
        contents = backup(writer, files, moment, (ripeline.__version__, now_us), progress)
        writer.close()
    return contents


def _must_read_back(tar: Path, contents: Contents, progress: Progress) -> None:
    with opened_tar(tar) as reader:
        found, text = reader.read(belongs, LIST, progress)
    if contents_of(text) != contents:
        raise InputError("what was written cannot be read back; look at the disk")
    must_be_whole(contents, found)


def _must_have_room(to: Path, needed: int) -> None:
    free = shutil.disk_usage(to.absolute().parent).free
    if free < needed:
        raise InputError(f"{to} needs {needed:,} bytes, and {free:,} are left on its disk")


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from error


def _synced(folder: Path) -> None:
    """Make a new name in a folder last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def bring_back(
    backup_file: Path, folder: Path, now_us: int, progress: Progress, erased: Tombstones | None = None
) -> Contents:
    """Make a workspace in an empty or absent folder from a backup, or raise InputError and leave no trace.

    erased: who is not to come back with it.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is not empty; a backup is restored into a new or empty folder")
    with _disk_errors(folder):
        made = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        try:
            unpacked = _Unpacked(backup_file, folder, progress, erased or Tombstones(), now_us)
            return restore(unpacked, now_us, progress)
        except BaseException:
            shutil.rmtree(folder / _Unpacked.PLACE, ignore_errors=True)
            if made:
                with suppress(OSError):
                    folder.rmdir()
            raise


class _Unpacked:
    """A backup in a folder inside the one it is meant for, on the same disk also where that is a disk of its own."""

    PLACE = ".restoring"

    def __init__(self, backup_file: Path, folder: Path, progress: Progress, erased: Tombstones, now_us: int) -> None:
        self._erased, self._now_us = erased, now_us
        self._file, self._folder, self._progress = backup_file, folder, progress
        self._place = folder / self.PLACE

    def unpack(self) -> tuple[Iterable[Packed], bytes]:
        self._place.mkdir(mode=0o700)
        with opened_tar(self._file) as reader:
            _must_have_room(self._place, self._file.stat().st_size)
            return reader.read(belongs, LIST, self._progress, self._place)

    def examined(self) -> AbstractContextManager[Examined]:
        workspace = Workspace(self._place)
        with opened_book(workspace):
            pass  # brought to its current form
        return examined_workspace(workspace)

    def put_in_place(self) -> None:
        """The settings come last: before them it is no workspace."""
        erase_again(find_workspace(self._place), self._erased, self._now_us, self._progress)
        hold_copy(self._place / BOOK, self._now_us)
        names = sorted((path.name for path in self._place.iterdir()), key=lambda name: name == SETTINGS_FILE)
        for name in names:
            (self._place / name).rename(self._folder / name)
        self._place.rmdir()
        _synced(self._folder)
