"""How much came from which source, hour by hour: of files, which never change, counted once."""

from collections.abc import Iterable

from ripeline.adapters.columnar.store import Store
from ripeline.ports.sources import HOUR_US, SourceHour

KINDS = ("events", "set_aside", "traits")
"""Files that hold what clients sent: acts, and what was said of people."""


class SourceHours:
    """What came by source and hour; it remembers what files hold, and reads each of them once."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._of: dict[str, list[SourceHour]] = {}

    def look(self, store: Store) -> list[SourceHour]:
        """Return what came, in no order; a source and an hour may stand there several times."""
        there = {file.path: file.kind for file in store.cut.files if file.kind in KINDS and file.path}
        for path in self._of.keys() - there.keys():
            del self._of[path]
        for path in there.keys() - self._of.keys():
            self._of[path] = _counted(store, store.rows_of(path))
        in_memory = [file.kind for file in store.cut.files if file.kind in KINDS and not file.path]
        tails = (one for kind in in_memory for one in _counted(store, f"tail_{kind}"))
        return [*(one for hours in self._of.values() for one in hours), *tails]


def _counted(store: Store, rows: str) -> list[SourceHour]:
    found: Iterable[tuple[str, int, int, int, int]] = store.con.execute(
        f"SELECT source, known // {HOUR_US}, count(*), min(known), max(known) FROM {rows} GROUP BY 1, 2"
    ).fetchall()
    return [SourceHour(*row) for row in found]
