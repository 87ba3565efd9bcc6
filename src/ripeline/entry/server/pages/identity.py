"""Who a lead is: merging two and taking one apart again, what that changes shown first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.deciding import MERGE, UNMERGE, Asked, Deciding, Looked
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.services import USUAL_WAIT_S, Services
from ripeline.handoff.packet import Person
from ripeline.usecases.identity import change_record
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.scores import LeadScore

KINDS: Final[Mapping[str, str]] = {
    "user": _("user id"),
    "crm": _("id in the CRM"),
    "email": _("mail address"),
    "anonymous": _("device"),
}
"""What kinds of identifiers are called."""

Moved = tuple[int, Person]

TITLES: Final = {MERGE: _("Is this one person?"), UNMERGE: _("Take a name out?")}


@dataclass(frozen=True, slots=True)
class Side:
    """A lead before or after a decision. fit, interest: how many more micro-points than others have now, by who they are."""

    lead: str
    person: Person
    score: LeadScore
    fit: tuple[Moved, ...] = ()
    interest: tuple[Moved, ...] = ()


class Identity:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with, self._deciding = services, Deciding(services)

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            *(Page("GET", f"/leads/{kind}", "decide", partial(self.shown, kind)) for kind in TITLES),
            *(Page("POST", f"/leads/{kind}", "decide", partial(self.decided, kind)) for kind in TITLES),
        ]

    async def shown(self, kind: str, visit: Visit) -> Response:
        """What a decision would change."""
        return await self._page(visit, _asked(kind, visit.request.query_params))

    async def decided(self, kind: str, visit: Visit) -> Response:
        """Decide, and go back to the lead once its scores are those of what was decided."""
        asked = _asked(kind, await form_of(visit.request))
        try:
            decisions = await self._deciding.decisions(asked, visit.at_us)
        except InputError:
            return await self._page(visit, asked)
        if not await self._with.live.at(self._deciding.make(decisions, visit.who.name), USUAL_WAIT_S):
            raise ApiError(504, "not_yet", "It is decided, and holds in a moment: look at the lead again.")
        told = {"lead": asked.lead, "done": kind, "identifier": asked.identifier}
        return sent_to(f"/leads/of?{urlencode(told)}")

    async def _page(self, visit: Visit, asked: Asked) -> Response:
        told: dict[str, Any] = {"title": TITLES[asked.kind], "asked": asked, "wrong": "", "before": [], "after": []}
        try:
            decisions = await self._deciding.decisions(asked, visit.at_us)
        except InputError as error:
            return visit.shown("decide.html", told | {"wrong": str(error)}, 400)
        looked = await self._deciding.look(asked, decisions)
        told |= {"pairs": change_record(looked.change)["decisions"], "kinds": KINDS}
        told |= {"before": list(_before(looked)), "after": list(_after(looked))}
        return visit.shown("decide.html", told)


def _asked(kind: str, said: Mapping[str, str]) -> Asked:
    return Asked(kind, said.get("lead", "").strip(), said.get("identifier", "").strip())


def _before(looked: Looked) -> Iterator[Side]:
    return (Side(lead, looked.before[lead], score) for lead, score in looked.change.before.items())


def _after(looked: Looked) -> Iterator[Side]:
    """Yield the leads that there would be, each with how far it is from those that there are."""
    now = list(_before(looked))
    for lead, score in looked.change.after.items():
        fit = tuple((score.fit.micro - one.score.fit.micro, one.person) for one in now)
        interest = tuple((score.engagement.micro - one.score.engagement.micro, one.person) for one in now)
        yield Side(lead, looked.after[lead], score, fit, interest)
