"""The queue as its pages tell it: its parts, what of it is asked for, and each handoff as a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.page import Visit
from ripeline.entry.server.services import Services
from ripeline.ports.handoffs import HandoffsAsked
from ripeline.usecases.salespeople import left_text
from ripeline.vocabulary.calendar import DAY_US, SECOND_US, instant_text
from ripeline.vocabulary.handoffs import (
    ACCEPTED,
    DISQUALIFIED,
    HELD,
    LOST,
    OPEN,
    RECYCLED,
    REJECTED,
    WAITING,
    WITHDRAWN,
    WON,
    Handoff,
)

MOST: Final = 100
SOON_US: Final = 3_600 * SECOND_US
LATELY_DAYS: Final = 7

View = Literal["list", "board"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the queue, with the states of what is in it.

    is_anybodys: who looks at their own sees it too, since nobody has it; days: of what is over, how long it is shown.
    """

    title: str
    states: tuple[str, ...]
    is_anybodys: bool = False
    days: int | None = None

    def asked(self, owner: str | None, at_us: int, most: int) -> HandoffsAsked:
        """Return which handoffs are in it. owner: whose; None for everybody's."""
        equal = {} if owner is None or self.is_anybodys else {"owner": owner}
        since_us = None if self.days is None else at_us - self.days * DAY_US
        return HandoffsAsked(equal, self.states, most, closed_since_us=since_us)


PARTS: Final[Mapping[str, Part]] = {
    "to_answer": Part(_("To answer"), (OPEN,)),
    "accepted": Part(_("Being worked"), (ACCEPTED,)),
    "waiting": Part(_("With nobody yet"), (WAITING, HELD), is_anybodys=True),
    "closed": Part(_("Lately closed"), (WON, LOST, REJECTED, RECYCLED, DISQUALIFIED, WITHDRAWN), days=LATELY_DAYS),
}
"""The tabs of the list, and the columns of the board."""


@dataclass(frozen=True, slots=True)
class QueueAsked:
    """What of the queue an address is about. whose: mine or all; own: which salesperson asks, None for somebody else."""

    part: str
    whose: str
    view: View
    own: str | None

    @property
    def owner(self) -> str | None:
        """Whose handoffs are shown, None for everybody's."""
        return self.own if self.whose == "mine" else None

    @property
    def kept(self) -> Mapping[str, str]:
        """What whoever opens a handoff comes back to; the part is not kept, since an answer moves it to another one."""
        usual = {"whose": "mine" if self.own else "all", "view": "list"}
        return {name: said for name, said in (("whose", self.whose), ("view", self.view)) if said != usual[name]}

    def address(self, **changed: str) -> str:
        """Return the address of the same with something else."""
        return f"/queue?{urlencode({'show': self.part, 'whose': self.whose, 'view': self.view, **changed})}"

    def opened(self, number: int) -> str:
        """Return the address of a handoff from which one comes back to the same."""
        return f"/queue/{number}" + (f"?{urlencode(self.kept)}" if self.kept else "")


def queue_asked(visit: Visit, said: Mapping[str, str]) -> QueueAsked:
    """Return what an address, or a form that comes from it, asks for; ApiError where there is no such part."""
    part, own = said.get("show", "to_answer"), visit.who.person
    if part not in PARTS:
        raise ApiError(404, "no_such_part", "the queue has no such part")
    whose = "mine" if own and said.get("whose", "mine") == "mine" else "all"
    view: View = "board" if said.get("view") == "board" else "list"
    return QueueAsked(part, whose, view, own)


@dataclass(frozen=True, slots=True)
class Row:
    """A handoff as it is shown.

    clock: what is promised next, or what became of it, in words; haste: late, soon, later, or none where no clock runs;
    asked: what the lead asked for, in words.
    """

    one: Handoff
    clock: str
    haste: str
    asked: str | None

    @property
    def why(self) -> str:
        """Why it came, in a word or two."""
        if self.asked:
            return self.asked
        return self.one.rating if self.one.by_lot is None else _("{rating}, by lot", rating=self.one.rating)

    @property
    def over(self) -> str | None:
        """When it was over, None while it is not."""
        return None if self.one.closed_us is None else instant_text(self.one.closed_us)


def row_of(services: Services, one: Handoff, at_us: int) -> Row:
    """Return a handoff as it is shown."""
    plan = services.live.plans.get(one.definition)
    labels = {} if plan is None else {signal.signal.name: signal.signal.label for signal in plan.signals}
    return _row(one, at_us, labels.get(one.hand_raise or "", one.hand_raise))


def _row(one: Handoff, at_us: int, asked: str | None) -> Row:
    due_us = one.accept_due_us if one.state == OPEN else one.touch_due_us if one.touched_us is None else None
    if due_us is None or one.closed_us is not None:
        return Row(one, _without_clock(one), "none", asked)
    left_us = due_us - at_us
    left = left_text(left_us)
    clock = _("answer {left}", left=left) if one.state == OPEN else _("be in touch {left}", left=left)
    haste = "late" if left_us < 0 else "soon" if left_us < SOON_US else "later"
    return Row(one, clock, haste, asked)


def _without_clock(one: Handoff) -> str:
    """Return how a handoff stands that no clock runs for."""
    if one.closed_us is not None:
        return f"{one.state}: {one.reason.replace('_', ' ')}" if one.reason else one.state
    if one.qualified_us is not None:
        return _("qualified")
    return one.why if one.owner is None else _("no clock runs")
