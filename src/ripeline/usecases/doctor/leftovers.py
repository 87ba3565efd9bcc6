"""No file lies in history that no manifest names: such are left by imports that were killed."""

from collections.abc import Iterator, Sequence

from ripeline.ports.workspace import BookState, FileOnDisk
from ripeline.usecases.doctor.case import Case, Finding

OLD_US = 24 * 3_600 * 1_000_000
"""A file that is younger may be in the making."""


def leftovers(case: Case) -> Iterator[Finding]:
    """Find what was left over."""
    unnamed = _unnamed(case.state, case.examined.on_disk())
    if unnamed:
        old, size = len(old_leftovers(case.state, unnamed, case.now_us)), sum(file.bytes for file in unnamed)
        yield Finding(
            "history",
            f"no manifest names {len(unnamed):,} of its files ({size:,} bytes), {old:,} of them older than a day",
            "they count nowhere; ripeline doctor --tidy removes those that are older than a day",
            "warning",
        )


def old_leftovers(state: BookState, on_disk: Sequence[FileOnDisk], now_us: int) -> list[FileOnDisk]:
    """Return the files that no manifest ever named and that nobody can be writing any more."""
    return [file for file in _unnamed(state, on_disk) if now_us - file.changed_us > OLD_US]


def _unnamed(state: BookState, on_disk: Sequence[FileOnDisk]) -> list[FileOnDisk]:
    return [file for file in on_disk if file.path not in state.named]
