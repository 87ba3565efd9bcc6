"""What the outside may be told of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ripeline.vocabulary.people import Name

STAGE_CHANGED: Final = "stage.changed"
HANDOFF_CREATED: Final = "handoff.created"
HANDOFF_ANSWERED: Final = "handoff.answered"
HANDOFF_WARNED: Final = "handoff.warned"
HANDOFF_BREACHED: Final = "handoff.breached"
HANDOFF_WITHDRAWN: Final = "handoff.withdrawn"
HANDOFF_UNATTENDED: Final = "handoff.unattended"
TASK_CREATED: Final = "task.created"
TASK_CLOSED: Final = "task.closed"
NURTURE_ENTERED: Final = "nurture.entered"
NURTURE_LEFT: Final = "nurture.left"
LEVEL_CHANGED: Final = "level.changed"
DEFINITION_PUBLISHED: Final = "definition.published"

HAPPENINGS: Final[Mapping[str, str]] = {
    STAGE_CHANGED: "a lead moved from one stage to another",
    HANDOFF_CREATED: "a salesperson has a lead to answer",
    HANDOFF_ANSWERED: "a salesperson answered, or said what became of a lead",
    HANDOFF_WARNED: "a promised time is nearly over",
    HANDOFF_BREACHED: "a promised time is over",
    HANDOFF_WITHDRAWN: "a handoff was taken back before it was answered",
    HANDOFF_UNATTENDED: "who works a lead is absent, or gone",
    TASK_CREATED: "a salesperson has something to do about a lead, without urgency",
    TASK_CLOSED: "a task was done or dismissed, or is taken back",
    NURTURE_ENTERED: "a lead is on the list of leads to nurture from now on",
    NURTURE_LEFT: "a lead is not on the list of leads to nurture any more",
    LEVEL_CHANGED: "fit or interest of a lead reached another level",
    DEFINITION_PUBLISHED: "another version of a definition is live",
}
"""Every kind, with what it means; webhooks may ask for each."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, to be told in the same transaction that makes it true.

    lead: whom it is about, None for nobody; number: the handoff or task, where it is about one; to: salespeople who
    are told besides whoever listens to everything.
    """

    type: str
    at_us: int
    data: Mapping[str, object]
    lead: Name | None = None
    number: int | None = None
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """A happening that people are still to be told of: by mail those named, by chat everybody who listens there.

    number: the handoff; sequence: the number of the happening among what is told of the lead. entry: its own number,
    0 until it is written.
    """

    type: str
    number: int
    at_us: int
    sequence: int
    to: tuple[str, ...] = ()
    entry: int = 0
