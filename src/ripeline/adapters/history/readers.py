"""Who reads files of history says so, so that those which hold an erased person go once nobody reads them any more.

Each reader holds a lock that is named for how many erasures there were when it opened the book. The lock goes with
its process, however that ends.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic

FOLDER = "readers"
WAIT_S = 30.0


class Reading:
    """One reader of a workspace's files; for one thread."""

    def __init__(self, root: Path) -> None:
        """Take the workspace's folder; nothing is held yet."""
        self._folder = root / FOLDER
        self._lock: sqlite3.Connection | None = None
        self._held = -1

    def follow(self, generation: Callable[[], int]) -> None:
        """Hold what is read from here on, and let go what was read before. generation: how many erasures there are."""
        while (now := generation()) != self._held:
            self.close()
            self._folder.mkdir(exist_ok=True)
            self._lock = sqlite3.connect(_file(self._folder, now), isolation_level=None, timeout=WAIT_S)
            self._lock.execute("BEGIN")
            self._lock.execute("SELECT count(*) FROM sqlite_schema").fetchall()
            self._held = now

    def close(self) -> None:
        """Let go."""
        if self._lock is not None:
            self._lock.close()
        self._lock, self._held = None, -1


def wait_for_readers(root: Path, generation: int, wait_s: float) -> bool:
    """Wait until nobody reads what was there before some erasure; say whether nobody does.

    generation: the erasure's number. Locks that nobody needs any more are removed.
    """
    until = monotonic() + wait_s
    for file in sorted((root / FOLDER).glob("*.lock")):
        if file.stem.isdigit() and int(file.stem) < generation:
            if not _is_free(file, max(0.0, until - monotonic())):
                return False
            file.unlink(missing_ok=True)
    return True


def _is_free(file: Path, wait_s: float) -> bool:
    lock = sqlite3.connect(file, isolation_level=None, timeout=wait_s)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return False
    finally:
        lock.close()
    return True


def _file(folder: Path, generation: int) -> Path:
    return folder / f"{generation}.lock"
