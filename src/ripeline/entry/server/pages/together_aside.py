"""Setting aside all that ticked leads did: how many events of how many leads first, then it is done in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.responses import Response

from ripeline.entry.bootstrap.live import acts_of
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.leads_address import PATH, Address
from ripeline.entry.server.pages.leads_told import Told
from ripeline.entry.server.pages.page import Page, Visit, form_of
from ripeline.entry.server.pages.together import MOST_ASIDE, chosen_leads
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.intake.decisions import Judgement
from ripeline.usecases.set_aside import LONGEST_REASON, acts_asked, chosen_by_hand
from ripeline.vocabulary.issues import InputError

ASIDE: Final = PATH + "/aside"
WAIT_S: Final = 5.0
LOOKED_AT: Final = "looked at before anybody decides"
"""Stands for the reason while events are only counted."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What would be set aside: events by lead, those of whom nothing counts left out, and the judgements that do it."""

    events: dict[str, int]
    judgements: list[Judgement]

    @property
    def total(self) -> int:
        """All events."""
        return sum(self.events.values())


class TogetherAside:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [Page("GET", ASIDE, "decide", self.shown), Page("POST", ASIDE, "decide", self.decided)]

    async def shown(self, visit: Visit) -> Response:
        """Who is meant, and how many events that are."""
        address, found = await chosen_leads(self._with, visit, MOST_ASIDE)
        return self._page(visit, address, found, await self._meant(found, LOOKED_AT, visit.at_us))

    async def decided(self, visit: Visit) -> Response:
        """Set them aside: all of them or, where others are meant by now, none."""
        form = await form_of(visit.request)
        address, found = await chosen_leads(self._with, visit, MOST_ASIDE)
        reason = form.get("reason", "").strip()
        meant = await self._meant(found, reason or LOOKED_AT, visit.at_us)
        if (form.get("total"), form.get("events")) != (str(found.total), str(meant.total)):
            return self._page(visit, address, found, meant, _("Others are meant by now: look once more."))
        if not 0 < len(reason) <= LONGEST_REASON:
            return self._page(
                visit, address, found, meant, _("Say why, in 1 to {count} letters.", count=LONGEST_REASON)
            )
        if meant.judgements:
            position = self._with.book.decide(meant.judgements, visit.who.name)
            self._with.live.wake()
            await self._with.live.at(position, WAIT_S)
        return self._page(visit, address, found, meant, is_done=True)

    async def _meant(self, found: Told, reason: str, at_us: int) -> Meant:
        meant = Meant({}, [])
        for row in found.rows:
            lead = str(row["lead"])
            # Lead by lead: others ask of history meanwhile.
            count, judgements = await self._with.live.ask(partial(_of_one, lead, reason, at_us))
            if count:
                meant.events[lead] = count
                meant.judgements.extend(judgements)
        return meant

    def _page(
        self, visit: Visit, address: Address, found: Told, meant: Meant, wrong: str = "", *, is_done: bool = False
    ) -> Response:
        told = {"title": _("Set aside what they did"), "address": address, "found": found, "meant": meant}
        told |= {"wrong": wrong, "is_done": is_done, "longest": LONGEST_REASON}
        return visit.shown("together_aside.html", told, 400 if wrong else 200)


def _of_one(lead: str, reason: str, at_us: int, serving: Serving) -> tuple[int, Sequence[Judgement]]:
    """Return how many events of a lead count, and what sets them aside."""
    try:
        choice = chosen_by_hand(
            acts_of(serving.history.store), acts_asked(None, None, None, lead, None), "set_aside", reason, at_us
        )
    except InputError:  # nothing of theirs counts, or nobody goes by that name alone
        return 0, ()
    return choice.events, choice.judgements
