"""What sales has to answer: a list with clocks, one handoff with its packet, and the forms of each answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from starlette.responses import Response

from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.pages.persons import persons
from ripeline.entry.server.services import Services
from ripeline.handoff.answers import USUAL_REASONS, VERBS, WrongStateError
from ripeline.ports.handoffs import HandoffsAsked
from ripeline.usecases.answer import NotYoursError, Rights
from ripeline.usecases.packet_words import Section, headline, sections, verdict
from ripeline.usecases.said import Said
from ripeline.usecases.salespeople import left_text
from ripeline.vocabulary.calendar import SECOND_US
from ripeline.vocabulary.handoffs import ACCEPTED, HELD, OPEN, WAITING, Handoff
from ripeline.vocabulary.issues import InputError

MOST: Final = 100
SOON_US: Final = 3_600 * SECOND_US

SHOWN: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "to_answer": ("To answer", (OPEN,)),
    "accepted": ("Being worked", (ACCEPTED,)),
    "waiting": ("With nobody yet", (WAITING, HELD)),
}
"""Parts of the queue, with the states of what is in them."""

TITLES: Final = {
    "accept": "Accept",
    "touch": "I was in touch",
    "reject": "Reject",
    "recycle": "Not now",
    "disqualify": "Never",
    "qualify": "Qualify",
    "won": "Won",
    "lost": "Lost",
    "reassign": "Give to somebody else",
}
"""What each answer is called on its button, in the order of the page."""


DONE: Final = {
    "accept": "Accepted: it is yours.",
    "touch": "Noted that you were in touch.",
    "reject": "Rejected; it cools down.",
    "recycle": "Left alone until then.",
    "disqualify": "Disqualified.",
    "qualify": "Qualified.",
    "won": "Won.",
    "lost": "Lost; it cools down.",
    "reassign": "Given to somebody else.",
}
"""What is said once an answer is written down."""


@dataclass(frozen=True, slots=True)
class Row:
    """A handoff as the list shows it.

    clock: what is promised next, in words; haste: late, soon, later, or none where no clock runs; asked: what the lead
    asked for, in words.
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
        return self.one.rating if self.one.by_lot is None else f"{self.one.rating}, by lot"


class Queue:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/queue", "answer", self.shown),
            Page("GET", "/queue/{number:int}", "answer", self.one),
            Page("POST", "/queue/{number:int}/{verb}", "answer", self.answered),
        ]

    async def shown(self, visit: Visit) -> Response:
        """What is to be answered, what is due first on top."""
        part = visit.request.query_params.get("show", "to_answer")
        if part not in SHOWN:
            raise ApiError(404, "no_such_part", "the queue has no such part")
        whose = visit.request.query_params.get("whose", "mine" if visit.who.person else "all")
        mine = visit.who.person if whose == "mine" and part != "waiting" else None
        counts = {name: self._found(states, mine, 1)[0] for name, (_, states) in SHOWN.items()}
        total, found = self._found(SHOWN[part][1], mine, MOST)
        told = {"title": "Queue", "part": part, "parts": SHOWN, "counts": counts, "whose": whose, "total": total}
        told |= {"rows": [row_of(self._with, one, visit.at_us) for one in found], "people": self._people()}
        told["leads"] = await persons(self._with, [one.lead.asked for one in found], visit.at_us)
        return visit.shown("queue.html", told | _done(visit))

    def _people(self) -> dict[str, str]:
        return {name: one.label for name, one in sorted(self._with.sales.people.items())}

    def _found(self, states: tuple[str, ...], owner: str | None, most: int) -> tuple[int, Sequence[Handoff]]:
        equal = {} if owner is None else {"owner": owner}
        return self._with.book.handoffs(HandoffsAsked(equal, states, most))

    async def one(self, visit: Visit) -> Response:
        """One handoff with its packet and the answers that it can be given."""
        return await self._page(visit, self._wanted(visit))

    async def answered(self, visit: Visit) -> Response:
        """Answer a handoff; then the next one is shown."""
        one, form = self._wanted(visit), await form_of(visit.request)
        verb = visit.request.path_params["verb"]
        if verb not in TITLES:
            raise ApiError(404, "no_such_answer", "there is no such answer")
        fields = {name: value for name in Said.__struct_fields__ if name != "verb" and (value := form.get(name))}
        said, rights = msgspec.convert({"verb": verb, **fields}, Said), self._rights(visit)
        try:
            await self._with.live.ask(lambda serving: serving.says(one.number, said, rights, visit.at_us))
        except NotYoursError:
            owner = self._with.sales.label(one.owner or "nobody")
            return await self._page(visit, one, f"This one is {owner}'s to answer.", 403)
        except WrongStateError as error:
            return await self._page(visit, self._wanted(visit), str(error), 409)
        except InputError as error:
            return await self._page(visit, one, str(error), 400)
        self._with.live.wake()
        return sent_to(f"/queue?done={verb}&number={one.number}")

    def _wanted(self, visit: Visit) -> Handoff:
        number = visit.request.path_params["number"]
        one = self._with.book.handoff(number)[0]
        if one is None:
            raise ApiError(404, "no_such_handoff", f"there is no handoff {number}")
        return one

    def _rights(self, visit: Visit) -> Rights:
        who = visit.who
        if who.may("administer"):
            return Rights(who.person or who.name)
        return self._with.rights_of(who.person) if who.person else Rights(who.name, frozenset())

    async def _page(self, visit: Visit, one: Handoff, wrong: str = "", status: int = 200) -> Response:
        shown, title, told = list[Section](), one.lead.value, ""
        try:
            packet, zone = await self._with.live.ask(lambda serving: serving.packet(one.number, visit.at_us))
            shown, title, told = sections(packet, zone, self._people()), headline(packet), verdict(packet)
        except InputError:  # nothing more is known of the lead
            told = "Nothing more is known of this lead."
        plan = self._with.live.plans.get(one.definition)
        reasons = (plan.definition.handoff.reasons if plan else ()) or USUAL_REASONS
        record = {
            "title": title,
            "row": row_of(self._with, one, visit.at_us),
            "verdict": told,
            "sections": shown,
            "verbs": _verbs(one),
            "titles": TITLES,
            "reasons": reasons,
            "people": self._people(),
            "wrong": wrong,
        }
        return visit.shown("handoff.html", record, status)


def row_of(services: Services, one: Handoff, at_us: int) -> Row:
    """Return a handoff as a list shows it."""
    plan = services.live.plans.get(one.definition)
    labels = {} if plan is None else {signal.signal.name: signal.signal.label for signal in plan.signals}
    return _row(one, at_us, labels.get(one.hand_raise or "", one.hand_raise))


def _done(visit: Visit) -> dict[str, object]:
    """Return what was just answered, in words; nothing where nothing was."""
    asked = visit.request.query_params
    number = asked.get("number", "")
    return {"done": DONE.get(asked.get("done", ""), "") if number.isdecimal() else "", "done_number": number}


def _verbs(one: Handoff) -> list[str]:
    """Return the answers that a handoff can be given where it stands, the usual ones first."""
    return [verb for verb in TITLES if verb == "reassign" or one.state in VERBS[verb][0]]


def _row(one: Handoff, at_us: int, asked: str | None) -> Row:
    due_us = one.accept_due_us if one.state == OPEN else one.touch_due_us if one.touched_us is None else None
    if due_us is None or one.closed_us is not None:
        return Row(one, one.why if one.owner is None else "no clock runs", "none", asked)
    left_us = due_us - at_us
    what = "answer" if one.state == OPEN else "be in touch"
    haste = "late" if left_us < 0 else "soon" if left_us < SOON_US else "later"
    return Row(one, f"{what} {left_text(left_us)}", haste, asked)
