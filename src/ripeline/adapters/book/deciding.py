"""Who decides about the leads of a workspace: one process at a time moves them and gives their handoffs out."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LOCK: Final = "deciding.lock"


@contextmanager
def deciding(root: Path, is_taken: Callable[[], None]) -> Iterator[None]:
    """Be the one who decides in a workspace; a process that dies is so no more.

    is_taken: called while somebody else decides, and then it is tried again; what it raises ends that.
    """
    lock = sqlite3.connect(root / LOCK, isolation_level=None, timeout=0)
    try:
        while not _takes(lock):
            is_taken()
        yield
    finally:
        lock.close()


def _takes(lock: sqlite3.Connection) -> bool:
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
