"""A salesperson says what became of a task; the hand that was raised again is answered with it."""

from dataclasses import dataclass, replace
from typing import Literal

from ripeline.handoff.answers import WrongStateError
from ripeline.intake.dispositions import Disposition
from ripeline.ports.handoffs import HandoffBook
from ripeline.usecases.answer import Rights
from ripeline.usecases.said import words_of
from ripeline.usecases.task_record import task_record
from ripeline.vocabulary.happenings import TASK_CLOSED, Happening
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.tasks import DISMISSED, DONE, UNANSWERED, Task

TaskVerb = Literal["done", "dismiss"]


@dataclass(frozen=True, slots=True)
class TaskAnswer:
    """What somebody says of a task, and what they may answer."""

    verb: TaskVerb
    comment: str | None
    rights: Rights
    at_us: int


def task_wanted(book: HandoffBook, number: int) -> Task:
    """Return a task by its number, or raise InputError where there is none."""
    found = book.tasks.task(number)
    if found is None:
        raise InputError(f"there is no task {number}; list them with: ripeline tasks list")
    return found


def answer_task(book: HandoffBook, number: int, said: TaskAnswer, shown: Name) -> tuple[Task, int | None]:
    """Close a task, inside a transaction; return it, and the position from which history knows an answered hand.

    shown: the name that the lead is shown by now. Raises InputError where it is closed already; nothing changes then.
    """
    one = task_wanted(book, number)
    said.rights.must_allow(f"task {number}", one.owner)
    if one.state not in UNANSWERED:
        by = f" by {one.closed_by}" if one.closed_by else ""
        raise WrongStateError(f"task {number} is {one.state}{by}, so there is nothing to answer any more")
    closed = _closed(one, said)
    book.tasks.change(closed)
    position = None if one.hand_raise is None else book.tell_disposition(_disposition(said, shown))
    told = (closed.owner,) if closed.owner else ()
    book.tell([Happening(TASK_CLOSED, said.at_us, task_record(closed), one.lead, number, told)])
    return closed, position


def _closed(one: Task, said: TaskAnswer) -> Task:
    by = said.rights.by
    state = DONE if said.verb == "done" else DISMISSED
    return replace(
        one,
        state=state,
        owner=one.owner or by,
        closed_us=said.at_us,
        closed_by=by,
        comment=words_of("comment", said.comment),
    )


def _disposition(said: TaskAnswer, shown: Name) -> Disposition:
    return Disposition(shown, "followed_up" if said.verb == "done" else "dismissed", said.at_us, said.rights.by)
