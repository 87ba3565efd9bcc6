"""What sales has to answer: a list with clocks, one handoff with its packet, and the forms of each answer."""

from collections.abc import Sequence
from typing import Final

import msgspec
from starlette.responses import Response

from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.pages.persons import persons
from ripeline.entry.server.pages.queue_told import MOST, PARTS, QueueAsked, queue_asked, row_of
from ripeline.entry.server.services import Services
from ripeline.handoff.answers import USUAL_REASONS, VERBS, WrongStateError
from ripeline.usecases.answer import NotYoursError, Rights
from ripeline.usecases.packet_words import Section, headline, sections, verdict
from ripeline.usecases.said import Said
from ripeline.vocabulary.handoffs import Handoff
from ripeline.vocabulary.issues import InputError

TITLES: Final = {
    "accept": _("Accept"),
    "touch": _("I was in touch"),
    "reject": _("Reject"),
    "recycle": _("Not now"),
    "disqualify": _("Never"),
    "qualify": _("Qualify"),
    "won": _("Won"),
    "lost": _("Lost"),
    "reassign": _("Give to somebody else"),
}
"""What each answer is called on its button, in the order of the page."""


DONE: Final = {
    "accept": _("Accepted: it is yours."),
    "touch": _("Noted that you were in touch."),
    "reject": _("Rejected; it cools down."),
    "recycle": _("Left alone until then."),
    "disqualify": _("Disqualified."),
    "qualify": _("Qualified."),
    "won": _("Won."),
    "lost": _("Lost; it cools down."),
    "reassign": _("Given to somebody else."),
}
"""What is said once an answer is written down."""


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
        """What is to be answered, what is due first on top: a part of it as a list, or all of it as a board."""
        asked = queue_asked(visit, visit.request.query_params)
        found = {name: self._found(visit, asked, name) for name in PARTS}
        shown = list(PARTS) if asked.view == "board" else [asked.part]
        rows = {name: [row_of(self._with, one, visit.at_us) for one in found[name][1]] for name in shown}
        told = {"title": _("Queue"), "asked": asked, "parts": PARTS, "rows": rows, "people": self._people()}
        told |= {"counts": {name: total for name, (total, _) in found.items()}}
        leads = [row.one.lead.asked for part in rows.values() for row in part]
        told["leads"] = await persons(self._with, leads, visit.at_us)
        return visit.shown("queue.html", told | _done(visit))

    def _people(self) -> dict[str, str]:
        return {name: one.label for name, one in sorted(self._with.sales.people.items())}

    def _found(self, visit: Visit, asked: QueueAsked, part: str) -> tuple[int, Sequence[Handoff]]:
        """Return how many there are in a part, and the first of them where they are shown."""
        most = MOST if asked.view == "board" or part == asked.part else 1
        return self._with.book.handoffs(PARTS[part].asked(asked.owner, visit.at_us, most))

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
            return await self._page(visit, one, _("This one is {owner}'s to answer.", owner=owner), 403)
        except WrongStateError as error:
            return await self._page(visit, self._wanted(visit), str(error), 409)
        except InputError as error:
            return await self._page(visit, one, str(error), 400)
        self._with.live.wake()
        kept = "".join(f"&{name}={said}" for name, said in queue_asked(visit, form).kept.items())
        return sent_to(f"/queue?done={verb}&number={one.number}{kept}")

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
            told = _("Nothing more is known of this lead.")
        plan = self._with.live.plans.get(one.definition)
        reasons = (plan.definition.handoff.reasons if plan else ()) or USUAL_REASONS
        # A form that was refused is shown again, and knows where it came from.
        came = await form_of(visit.request) if visit.request.method == "POST" else visit.request.query_params
        record = {
            "title": title,
            "kept": queue_asked(visit, came).kept,
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


def _done(visit: Visit) -> dict[str, object]:
    """Return what was just answered, in words; nothing where nothing was."""
    asked = visit.request.query_params
    number = asked.get("number", "")
    return {"done": DONE.get(asked.get("done", ""), "") if number.isdecimal() else "", "done_number": number}


def _verbs(one: Handoff) -> list[str]:
    """Return the answers that a handoff can be given where it stands, the usual ones first."""
    return [verb for verb in TITLES if verb == "reassign" or one.state in VERBS[verb][0]]
