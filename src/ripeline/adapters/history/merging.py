"""Small files of history become larger ones, so that a server that runs for years does not end in thousands."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ripeline.adapters.columnar.columns import ORDER
from ripeline.adapters.history.writer import SUMMARIES, HistoryWriter
from ripeline.ports.history import Cut, HistoryFile

TOGETHER = 8
"""So many files of about one size become one. A row is written anew once for each power of it."""

LARGEST = TOGETHER**7
"""Rows of files that stay as they are, about two million."""

KINDS = tuple(kind for kind in ORDER if kind not in (*SUMMARIES, "misplaced"))
"""Summaries go with what they sum up, and what is misplaced is settled soon."""


def merge_small(writer: HistoryWriter) -> bool:
    """Merge files of about one size wherever there are enough of them; say whether there were any."""
    found = list(alike(writer.cut))
    for files in found:
        writer.merge(files)
    return bool(found)


def alike(cut: Cut) -> Iterator[Sequence[HistoryFile]]:
    """Yield files of one kind and about one size that are enough to be merged."""
    sizes = defaultdict[tuple[str, int], list[HistoryFile]](list)
    for file in cut.files:
        if file.kind in KINDS and file.rows < LARGEST:
            sizes[file.kind, _power(file.rows)].append(file)
    return (files for files in sizes.values() if len(files) >= TOGETHER)


def _power(rows: int) -> int:
    """Return the greatest power of TOGETHER that is not above a number of rows."""
    power = 0
    while rows >= TOGETHER ** (power + 1):
        power += 1
    return power
