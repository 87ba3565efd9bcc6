"""Events that failed: why, what came, and the way back in, repaired or as they are."""

from typing import Any, Final

import msgspec
from starlette.responses import Response

from ripeline.entry.server.answers import ApiError, number_of
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.pages.payload import payload_text
from ripeline.entry.server.services import Services
from ripeline.ports.intake import FailedEvent
from ripeline.usecases.arrived import failed_text
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError

PATH: Final = "/data/failed"
ON_A_PAGE: Final = 50
MOST_AT_ONCE: Final = 1_000
NEWEST: Final = 2**63 - 1
WAIT_S: Final = 5.0
"""How long it is waited whether what was sent again fails again."""

DONE: Final = {
    "replayed": _("Sent again: it counts now."),
    "sent": _("Sent again."),
    "dismissed": _("Dismissed: it is kept, and not shown."),
}


class FailedPages:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "bring_in", self.shown),
            Page("GET", PATH + "/{number:int}", "bring_in", self.one),
            Page("POST", PATH + "/{number:int}/replay", "bring_in", self.replayed),
            Page("POST", PATH + "/{number:int}/dismiss", "bring_in", self.dismissed),
            Page("POST", PATH + "/all", "bring_in", self.all),
        ]

    async def shown(self, visit: Visit) -> Response:
        """Those nobody has dealt with, the youngest first, of one reason or of all."""
        reason, book = visit.request.query_params.get("reason", ""), self._with.book
        before = number_of(visit.request, "before", NEWEST)
        found = (
            book.failed_of_reason(reason, before, ON_A_PAGE + 1)
            if reason
            else book.failed_events(before, ON_A_PAGE + 1)
        )
        rows, counts = found[:ON_A_PAGE], book.failed_reasons()
        told = {
            "title": _("Failed"),
            "rows": [_row(one) for one in rows],
            "reasons": [(name, failed_text(name).rstrip("."), count) for name, count in counts.items()],
            "reason": reason,
            "count": counts.get(reason, 0),
            "total": sum(counts.values()),
            "newest": rows[0].id if rows else 0,
            "most": MOST_AT_ONCE,
            "older": rows[-1].id if len(found) > ON_A_PAGE else None,
            "done": DONE.get(visit.request.query_params.get("done", ""), ""),
        }
        return visit.shown("data_failed.html", told)

    async def one(self, visit: Visit) -> Response:
        """One of them with what came, to be repaired."""
        again = "again" in visit.request.query_params
        wrong = _("It was sent again, and failed again, for the reason below.") if again else ""
        return self._page(visit, self._wanted(visit), wrong, status=200)

    async def replayed(self, visit: Visit) -> Response:
        """Send it again: repaired where a text comes with the form, else as it is; nothing is sent that fails anyway."""
        failed, form = self._wanted(visit), await form_of(visit.request)
        text = form.get("event")
        try:
            repaired = None if text is None else _repaired(text)
            refused = self._with.book.why_refused(failed, repaired, visit.at_us)
        except InputError as error:
            return self._page(visit, failed, str(error), text)
        if refused is not None:
            why = failed_text(refused.reason, refused.detail)
            return self._page(visit, failed, _("It would fail again, and was not sent. {why}", why=why), text)
        return await self._sent(self._with.book.replay(failed.id, repaired, visit.who.name, visit.at_us))

    async def _sent(self, position: int) -> Response:
        self._with.live.wake()
        if not await self._with.live.at(position, WAIT_S):
            return sent_to(f"{PATH}?done=sent")
        again = self._with.book.failed_at((position, 0))
        return sent_to(f"{PATH}?done=replayed" if again is None else f"{PATH}/{again.id}?again=1")

    async def dismissed(self, visit: Visit) -> Response:
        """Leave it out for good."""
        self._with.book.dismiss(self._wanted(visit).id, visit.who.name, visit.at_us)
        return sent_to(f"{PATH}?done=dismissed")

    async def all(self, visit: Visit) -> Response:
        """Dismiss all that failed for a reason and were there when the count was shown, or send them again."""
        form = await form_of(visit.request)
        reason, until = form.get("reason", ""), form.get("until", "")
        if not until.isdecimal() or len(until) > len(str(NEWEST)):
            raise ApiError(400, "bad_form", "this form is not one of ours")
        who = visit.who.name
        if form.get("what") == "dismiss":
            self._with.book.dismiss_reason(reason, min(int(until), NEWEST), who, visit.at_us)
            return sent_to(f"{PATH}?done=dismissed")
        self._with.book.replay_reason(reason, min(int(until), NEWEST - 1), MOST_AT_ONCE, who, visit.at_us)
        self._with.live.wake()
        return sent_to(f"{PATH}?done=sent")

    def _wanted(self, visit: Visit) -> FailedEvent:
        try:
            return self._with.book.failed_event(visit.request.path_params["number"])
        except InputError as error:
            raise ApiError(404, "no_such_event", str(error)) from error

    def _page(
        self, visit: Visit, failed: FailedEvent, wrong: str, text: str | None = None, status: int = 400
    ) -> Response:
        told = {"title": _("Failed event {id}", id=str(failed.id)), "row": _row(failed), "wrong": wrong}
        told |= {"text": payload_text(failed.event) if text is None else text}
        return visit.shown("data_failed_one.html", told, status)


def _repaired(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise InputError(f"This is no JSON object, and was not sent: {error}.") from error


def _row(one: FailedEvent) -> dict[str, object]:
    return {
        "id": one.id,
        "why": failed_text(one.reason, one.detail),
        "reason": one.reason,
        "received": instant_text(one.received_us),
        "source": one.source,
        "came": one.event[:400].decode("utf-8", "replace"),
    }
