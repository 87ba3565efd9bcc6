"""Whoever was erased is not left in files, nor in backups that are known."""

from collections.abc import Iterator

from ripeline.usecases.doctor.case import Case, Finding
from ripeline.vocabulary.calendar import instant_text


def erasures(case: Case) -> Iterator[Finding]:
    """Find files and backups that hold somebody who was erased."""
    left = [path for path in case.state.unremoved if case.examined.lies_there(path)]
    if left:
        message = f"{len(left):,} files may hold somebody who was erased; somebody was reading them, or it broke off"
        yield Finding("history", message, "remove them with: ripeline doctor --tidy", "warning")
    for backup in case.state.backups:
        if case.examined.lies_there(backup):
            message = f"it was made before somebody was erased at {instant_text(case.state.erased_us or 0)}"
            advice = "make another one and remove it; to restore it without them: ripeline restore --erased-in"
            yield Finding(backup, message, advice, "warning")
