"""One-click links: looking at one changes nothing, since mail scanners do that too; sending its form answers."""

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ripeline.entry.server.operations import TEXT, Content, Operation
from ripeline.entry.server.services import Services
from ripeline.handoff.answers import USUAL_REASONS, WrongStateError
from ripeline.handoff.links import Link, link_of, why_not
from ripeline.handoff.packet import line
from ripeline.usecases.answer import NotYoursError, Rights
from ripeline.usecases.packet_words import headline, sections, verdict
from ripeline.usecases.page import HEADERS, packet_page, page, paragraph
from ripeline.usecases.said import Said
from ripeline.usecases.salespeople import local_text
from ripeline.vocabulary.calendar import UTC_ZONE, Zone, day_text
from ripeline.vocabulary.handoffs import ACCEPTED, RECYCLED, REJECTED, Handoff
from ripeline.vocabulary.issues import InputError

MOST_BYTES = 64 * 1024
"""Of a form."""

MOST_FIELDS = 20

ASKS = {
    "accept": "Do you take this lead on?",
    "reject": "Why do you send this lead back? It cools down before it may come again.",
    "recycle": "Until when is this lead to be left alone?",
}
DOES = {"accept": "Accept", "reject": "Reject", "recycle": "Send back until that day"}
"""What each answer asks, and what its button says."""

FORM = {
    "type": "object",
    "properties": {"reason": TEXT, "comment": TEXT, "until": TEXT},
    "additionalProperties": False,
}


def answer_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, path = _Answers(services), "/answer/{token}"
    shown, form = Content(TEXT, "text/html"), Content(FORM, "application/x-www-form-urlencoded", needed=False)
    return [
        Operation("GET", path, does.shown, shown, scope=None),
        Operation("POST", path, does.answered, shown, scope=None, body=form),
    ]


class _Answers:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def shown(self, request: Request) -> Response:
        """The page that a link in a mail leads to; nothing is answered yet."""
        link, one, refused = self._asked(request)
        if link is None or one is None:
            return refused
        return await self._form(link, one)

    async def answered(self, request: Request) -> Response:
        """Answer a handoff by the link in a mail, as its owner."""
        link, one, refused = self._asked(request)
        if link is None or one is None:
            return refused
        form = await _form_of(request)
        if form is None:
            return _page(413, "Too much", "Nothing was changed: that is more than the form holds.")
        at_us, rights = self._with.now_us(), Rights(link.owner, frozenset({link.owner}), link.given_us)
        said = Said(link.answer, form.get("reason"), form.get("comment"), form.get("until"))
        try:
            await self._with.live.ask(lambda serving: serving.says(link.number, said, rights, at_us))
        except (NotYoursError, WrongStateError):
            return self._over(link)
        except InputError as error:
            return await self._form(link, one, str(error))
        self._with.live.wake()
        return self._done(link.number)

    def _done(self, number: int) -> Response:
        one = self._with.book.handoff(number)[0]
        plan = None if one is None else self._with.live.plans.get(one.definition)
        zone = UTC_ZONE if plan is None else plan.zone
        return _page(200, "Thank you", "It is written down." if one is None else _told(one, zone))

    def _asked(self, request: Request) -> tuple[Link | None, Handoff | None, Response]:
        """Return what a link says and its handoff, or an answer that says why it is worth nothing."""
        link = link_of(request.path_params["token"], self._with.book.link_secret())
        if link is None:
            return None, None, _page(404, "No such link", "This link is not complete, or was never one of ours.")
        one = self._with.book.handoff(link.number)[0]
        if why_not(link, one, self._with.now_us()) is not None:
            return None, None, self._over(link)
        return link, one, Response()

    def _over(self, link: Link) -> Response:
        """Return a page that says why a link does not answer any more."""
        one = self._with.book.handoff(link.number)[0]
        why = why_not(link, one, self._with.now_us()) or "This lead was answered already."
        return _page(410, "This link is used up", f"{why} Nothing was changed.")

    async def _form(self, link: Link, one: Handoff, wrong: str = "") -> Response:
        """Return the page with the lead and the form of an answer. wrong: what was not right about the last try."""
        at_us, status = self._with.now_us(), 400 if wrong else 200
        title, told, more = one.lead.value, ASKS[link.answer], list[str]()
        try:
            packet, zone = await self._with.live.ask(lambda serving: serving.packet(link.number, at_us))
            title, more = headline(packet), [verdict(packet)]
            shown = sections(packet, zone)
        except InputError:  # nothing more is known of the lead
            shown = []
        plan = self._with.live.plans.get(one.definition)
        reasons = (plan.definition.handoff.reasons if plan else ()) or USUAL_REASONS
        form = "".join([paragraph(f"That cannot be: {wrong}") if wrong else "", _fields(link.answer, reasons)])
        html = packet_page(line(title), more, shown, form=f'<form method="post">{paragraph(told)}{form}</form>')
        return HTMLResponse(html, status, headers=dict(HEADERS))


def _fields(answer: str, reasons: Sequence[str]) -> str:
    chosen = '<option value="">choose one</option>' + "".join(
        f'<option value="{escape(one)}">{escape(one.replace("_", " "))}</option>' for one in reasons
    )
    comment = '<label>More about it<textarea name="comment" rows="2" maxlength="2000"></textarea></label>'
    fields = {
        "accept": "",
        "reject": f'<label>Reason<select name="reason" required>{chosen}</select></label>{comment}',
        "recycle": f'<label>Until<input type="date" name="until" required></label>{comment}',
    }[answer]
    return f'{fields}<button class="button first">{DOES[answer]}</button>'


async def _form_of(request: Request) -> Mapping[str, str] | None:
    """Return what a form says, None where it is too much."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    try:
        found = parse_qs(body.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    return {name: values[0] for name, values in found.items()}


def _told(one: Handoff, zone: Zone) -> str:
    again = "" if one.resting_until is None else f" until {day_text(one.resting_until)}"
    touch = "" if one.touch_due_us is None else f" Be in touch by {local_text(one.touch_due_us, zone)} ({zone.name})."
    told = {
        ACCEPTED: f"You have accepted this lead.{touch}",
        REJECTED: f"You have rejected this lead. It cools down{again}.",
        RECYCLED: f"This lead is left alone{again}.",
    }
    return told.get(one.state, f"This lead is {one.state}.")


def _page(status: int, title: str, text: str) -> Response:
    return HTMLResponse(page(title, [paragraph(text)]), status, headers=dict(HEADERS))
