"""What was accepted is there, and is being applied."""

from collections.abc import Iterator

from ripeline.usecases.doctor.book import FROM_BACKUP
from ripeline.usecases.doctor.case import Case, Finding
from ripeline.vocabulary.calendar import instant_text

LATE_US = 10 * 60 * 1_000_000
"""A server that runs applies what it accepted within seconds."""


def inbox(case: Case) -> Iterator[Finding]:
    """Find requests that are lost, that nobody can read, or that nobody applies."""
    state = case.state
    if max(state.applied, state.cut.position) > state.accepted:
        message = (
            f"positions run backwards: accepted {state.accepted:,}, applied {state.applied:,}, in files up to "
            f"{state.cut.position:,}"
        )
        yield Finding("inbox", message, FROM_BACKUP)
    missing = state.accepted - state.cut.position - state.waiting
    if missing > 0:
        message = f"{missing:,} accepted requests behind position {state.cut.position:,} are neither here nor in files"
        yield Finding("inbox", message, FROM_BACKUP)
    if state.keyless:
        message = f"{state.keyless:,} requests came with a key that the book does not know"
        yield Finding("inbox", message, FROM_BACKUP)
    if state.unapplied_us is not None and case.now_us - state.unapplied_us > LATE_US:
        message = (
            f"what was accepted since {instant_text(state.unapplied_us)} is not applied "
            f"(position {state.applied:,} of {state.accepted:,})"
        )
        yield Finding("inbox", message, "start the server, or see in its log why it cannot go on", "warning")
