"""Deciding about many leads together: who they are and how many first, then it is done to each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from starlette.responses import Response

from ripeline.entry.bootstrap import removal_desk as desk
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.leads_address import PATH, Address, ticked_of
from ripeline.entry.server.pages.leads_told import Told, page_told
from ripeline.entry.server.pages.page import Page, Visit, form_of
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.handoff.answers import WrongStateError
from ripeline.usecases.removal_record import LONGEST_REASON, reason_of
from ripeline.vocabulary.issues import InputError

MOST: Final = 500
"""Leads that are decided about together: each takes a moment."""

MOST_ASIDE: Final = 50
"""Leads whose events are set aside together: each is looked for in all of history."""

HOLD, LIFT = "hold", "lift"
Does = Callable[[Serving, str], object]


@dataclass(frozen=True, slots=True)
class Words:
    """What is done to leads, in words. others: what those are who were left as they were."""

    title: str
    means: str
    button: str
    done: str
    others: str


WORDS: Final[Mapping[str, Words]] = {
    HOLD: Words(
        _("Keep from removal"),
        _("Nobody of them is proposed for removal, whatever the scores say, until somebody lifts that."),
        _("Put on hold"),
        _("on hold now"),
        _("were on hold already"),
    ),
    LIFT: Words(
        _("Keep no more"),
        _("Whoever of them is on hold may be proposed for removal again, where the scores say so."),
        _("Lift holds"),
        _("on hold no more"),
        _("were not on hold"),
    ),
}


class Together:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            *(Page("GET", f"{PATH}/{kind}", "decide", partial(self.shown, kind)) for kind in WORDS),
            *(Page("POST", f"{PATH}/{kind}", "decide", partial(self.decided, kind)) for kind in WORDS),
        ]

    async def shown(self, kind: str, visit: Visit) -> Response:
        """Who is meant, and how many they are."""
        address, found = await chosen_leads(self._with, visit, MOST)
        return self._page(kind, visit, address, found)

    async def decided(self, kind: str, visit: Visit) -> Response:
        """Do it to each of them."""
        form, (address, found) = await form_of(visit.request), await chosen_leads(self._with, visit, MOST)
        if form.get("total") != str(found.total):
            return self._page(kind, visit, address, found, wrong=_("Others are meant by now: look once more."))
        try:
            does = self._does(kind, visit, form)
        except InputError as error:
            return self._page(kind, visit, address, found, wrong=str(error))
        done = [await self._with.live.ask(partial(_done, does, str(row["lead"]))) for row in found.rows]
        counts = {"done": done.count(True), "left": done.count(False), "gone": done.count(None)}
        return self._page(kind, visit, address, found, **counts)

    def _does(self, kind: str, visit: Visit, form: Mapping[str, str]) -> Does:
        at_us, by = visit.at_us, visit.who.name
        if kind == LIFT:
            return lambda serving, lead: desk.lift(serving.check.board, serving.history.store, lead, by, at_us)
        why = reason_of(form.get("reason", ""))
        return lambda serving, lead: desk.hold(serving.check.board, serving.history.store, lead, why, by, at_us)

    def _page(self, kind: str, visit: Visit, address: Address, found: Told, **more: Any) -> Response:  # noqa: ANN401 - what a template takes
        told: dict[str, object] = {"title": WORDS[kind].title, "words": WORDS[kind], "kind": kind, "hold": HOLD}
        told |= {"address": address, "found": found, "longest": LONGEST_REASON}
        told |= {"wrong": "", "done": None, "left": 0, "gone": 0} | more
        return visit.shown("together.html", told, 400 if told["wrong"] else 200)


async def chosen_leads(services: Services, visit: Visit, most: int) -> tuple[Address, Told]:
    """Return which leads are meant; InputError where there are too many, or nobody is ticked."""
    address = ticked_of(visit.request.query_params.multi_items())
    name = services.name(address.definition or None)
    found = await services.live.ask(
        lambda serving: page_told(serving, name, address.only(), visit.at_us, {}, limit=most)
    )
    if found.total > most:
        raise InputError(f"These are {found.total:,} leads, and {most} at most are decided about together.")
    return address, found


def _done(does: Does, lead: str, serving: Serving) -> bool | None:
    """Do it to a lead; say whether there was anything to do, None where nobody is found by that name any more."""
    try:
        does(serving, lead)
    except WrongStateError:
        return False
    except InputError:
        return None
    return True
