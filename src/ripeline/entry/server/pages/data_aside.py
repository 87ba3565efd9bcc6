"""Events that people did not do themselves: what was set aside and why; restored, or set aside by hand, after a look."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from ripeline.entry.bootstrap.live import acts_of
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.services import Services
from ripeline.ports.acts import SetAsideFor
from ripeline.usecases.arrived import ASIDE
from ripeline.usecases.set_aside import LONGEST_REASON, MOST_NAMED, Choice, acts_asked, chosen_by_hand
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError

PATH: Final = "/data/aside"
MOST_REASONS, MOST_EACH = 50, 8
WAIT_S: Final = 5.0
KINDS: Final = {"set_aside": _("Set aside"), "restore": _("Restore")}
DONE: Final = {
    "set_aside": _("Set aside: they count no more."),
    "restore": _("Restored: they count again."),
}


class AsidePages:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "decide", self.shown),
            Page("GET", PATH + "/look", "decide", self.looked),
            Page("POST", PATH, "decide", self.judged),
        ]

    async def shown(self, visit: Visit) -> Response:
        """What is set aside, by reasons."""
        return await self._page(visit, {})

    async def looked(self, visit: Visit) -> Response:
        """What would be set aside or restored, before it is."""
        said = dict(visit.request.query_params)
        kind = _kind(said)
        try:
            choice = await self._choice(said, kind, visit.at_us)
        except InputError as error:
            return await self._page(visit, said, str(error))
        told = {
            "title": _("{what}?", what=KINDS[kind]),
            "kind": kind,
            "called": KINDS[kind],
            "said": said,
            "choice": choice,
        }
        return visit.shown("data_aside_look.html", told | {"most": MOST_NAMED})

    async def judged(self, visit: Visit) -> Response:
        """Set events aside, or restore them."""
        said = await form_of(visit.request)
        choice = await self._choice(said, _kind(said), visit.at_us)
        position = self._with.book.decide(choice.judgements, visit.who.name)
        self._with.live.wake()
        await self._with.live.at(position, WAIT_S)
        return sent_to(f"{PATH}?done={_kind(said)}")

    async def _choice(self, said: Mapping[str, str], kind: str, at_us: int) -> Choice:
        wanted = {name: said.get(name, "").strip() or None for name in ("lead", "user_agent")}
        asked = acts_asked(None, None, None, wanted["lead"], wanted["user_agent"])
        reason = said.get("reason", "")
        return await self._with.live.ask(
            lambda serving: chosen_by_hand(acts_of(serving.history.store), asked, kind, reason, at_us)
        )

    async def _page(self, visit: Visit, said: Mapping[str, str], wrong: str = "") -> Response:
        found = await self._with.live.ask(
            lambda serving: acts_of(serving.history.store).set_aside_for(MOST_REASONS, MOST_EACH)
        )
        told = {
            "title": _("Set aside"),
            "groups": [_group(one) for one in found],
            "total": sum(one.events for one in found),
            "said": said,
            "wrong": wrong,
            "longest": LONGEST_REASON,
            "done": DONE.get(visit.request.query_params.get("done", ""), ""),
        }
        return visit.shown("data_aside.html", told, 400 if wrong else 200)


def _kind(said: Mapping[str, str]) -> str:
    return "restore" if said.get("what") == "restore" else "set_aside"


def _group(one: SetAsideFor) -> dict[str, object]:
    """Return a reason as the page shows it."""
    why = one.reason if one.by_hand else ASIDE.get(one.reason, one.reason)
    people = [
        {"one": each, "asked": f"{each.kind}:{each.identifier}", "last": instant_text(each.last_us)} for each in one.of
    ]
    return {"why": f"{why[:1].upper()}{why[1:]}", "one": one, "people": people}
