"""Who is told what happens, and what they are told."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from ripeline.handoff.chat_text import chat_text
from ripeline.handoff.destinations import Chat, MailServer, OutboxSettings, Secret, Webhook
from ripeline.handoff.links import link_of
from ripeline.handoff.packet import Packet
from ripeline.handoff.sales import USUAL_HOURS, Sales
from ripeline.usecases.announce import Occasion, Outside, messages, telling, webhooks
from ripeline.vocabulary.calendar import UTC_ZONE
from ripeline.vocabulary.handoffs import ACCEPTED, WITHDRAWN, Handoff
from ripeline.vocabulary.happenings import Happening, Telling
from ripeline.vocabulary.messages import Message
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.sales import Salesperson
from tests.unit.handoff.test_links import GIVEN_US, OPENED, SECRET
from tests.unit.handoff.test_packet import PACKET

TEXT = Secret("", ("x",))
HOOKS = {
    "crm": Webhook("https://crm.example", TEXT),
    "dwh": Webhook("https://dwh.example", TEXT, frozenset({"level.changed"})),
}
CHATS = {"sales": Chat("slack", TEXT), "floor": Chat("teams", TEXT)}
MAIL = MailServer("smtp.example", 25, "none", "leads@acme.example")
PEOPLE = {
    name: Salesperson(name, name.capitalize(), f"{name}@acme.example", USUAL_HOURS)
    for name in ("maria", "jon", "petra")
}
OUTSIDE = Outside(OutboxSettings(webhooks=HOOKS, mail=MAIL, chats=CHATS), Sales(PEOPLE), "https://leads.acme.example")


def happening(type_: str = "handoff.created", to: tuple[str, ...] = ("maria",)) -> Happening:
    return Happening(type_, GIVEN_US, {"number": 7}, Name("user", "ada"), 7, to)


def made(
    type_: str = "handoff.created",
    to: tuple[str, ...] = ("maria",),
    handoff: Handoff = OPENED,
    packet: Packet | None = PACKET,
    outside: Outside = OUTSIDE,
) -> dict[str, Message]:
    told = Telling(type_, 7, GIVEN_US, 3, to, 1)
    return {one.destination: one for one in messages(Occasion(outside, told, handoff, packet, UTC_ZONE, SECRET))}


def body(message: Message) -> dict[str, Any]:
    return dict(json.loads(message.body))


def answers(text: str) -> list[str]:
    found = [link_of(token, SECRET) for token in re.findall(r"https://leads\.acme\.example/answer/([\w.-]+)", text)]
    return [one.answer for one in found if one is not None and (one.number, one.owner) == (7, "maria")]


def test_webhooks_get_what_they_asked_for() -> None:
    (one,) = webhooks(OUTSIDE.outbox, happening(), 3)
    assert (one.kind, one.destination, one.about, one.sequence, one.made_us) == ("webhook", "crm", "ada", 3, GIVEN_US)
    assert body(one) == {
        "type": "handoff.created",
        "timestamp": "2026-03-27T09:00:00.000000Z",
        "sequence": 3,
        "data": {"number": 7},
    }
    assert [one.destination for one in webhooks(OUTSIDE.outbox, happening("level.changed"), 3)] == ["crm", "dwh"]


@pytest.mark.parametrize(
    ("type_", "mailed", "chats"),
    [
        ("handoff.created", True, True),
        ("handoff.warned", True, False),
        ("handoff.breached", True, True),
        ("handoff.withdrawn", True, False),
        ("handoff.unattended", True, False),
        ("handoff.answered", False, False),
        ("stage.changed", False, False),
    ],
)
def test_people_are_told_what_concerns_them(type_: str, mailed: bool, chats: bool) -> None:
    whole = telling(OUTSIDE, happening(type_), 3)
    assert (whole is not None) == (mailed or chats)
    assert whole is None or whole == Telling(type_, 7, GIVEN_US, 3, ("maria",))
    no_mail = replace(OUTSIDE, outbox=replace(OUTSIDE.outbox, mail=None))
    assert (telling(no_mail, happening(type_), 3) is not None) == chats
    no_chats = replace(OUTSIDE, outbox=replace(OUTSIDE.outbox, chats={}))
    assert (telling(no_chats, happening(type_), 3) is not None) == mailed


def test_the_owner_gets_the_packet_with_links() -> None:
    found = made()
    assert found.keys() == {"maria@acme.example", "sales", "floor"}
    mail = body(found["maria@acme.example"])
    assert mail["subject"] == "New lead: Ada Example (Corp) asked to talk to sales"
    assert "Please answer until Sat 2026-03-28 09:00 (UTC)." in mail["text"]
    assert answers(mail["text"]) == answers(mail["html"]) == ["accept", "reject", "recycle"]
    assert "Pricing page" in mail["text"]
    assert "Pricing page" in mail["html"]
    for name in ("sales", "floor"):
        assert answers(found[name].body.decode()) == ["accept", "reject", "recycle"]
        assert "It is Maria's." in found[name].body.decode()
    assert {one.sequence for one in found.values()} == {3}


def test_without_an_address_mails_and_chats_say_how_to_answer() -> None:
    found = made(outside=replace(OUTSIDE, url=None))
    mail = body(found["maria@acme.example"])
    assert "/answer/" not in found["maria@acme.example"].body.decode() + found["sales"].body.decode()
    assert "To answer: ripeline handoffs accept 7, or by the API; reject and recycle likewise." in " ".join(
        mail["text"].split()
    )
    assert "ripeline handoffs accept 7" in mail["html"]
    assert body(found["sales"]).keys() == {"text"}
    for name in ("sales", "floor"):
        assert "To answer: ripeline handoffs accept 7, or by the API" in found[name].body.decode()


def test_who_has_it_no_more_is_not_told_that_they_have() -> None:
    """Somebody else has it, or it is over; that is told by a message of its own."""
    assert made(handoff=replace(OPENED, owner="jon")) == {}
    assert made(handoff=replace(OPENED, state=WITHDRAWN, closed_us=GIVEN_US)) == {}


def test_a_manager_is_told_without_links() -> None:
    found = made("handoff.breached", ("maria", "petra"))
    assert found.keys() == {"maria@acme.example", "petra@acme.example", "sales", "floor"}
    assert body(found["maria@acme.example"])["subject"] == "Overdue: Ada Example"
    assert "It was not seen to in time. It is open, and maria has it." in body(found["petra@acme.example"])["text"]
    assert answers(body(found["maria@acme.example"])["text"]) == ["accept", "reject", "recycle"]
    assert "/answer/" not in found["petra@acme.example"].body.decode()


def test_warnings_name_the_promise() -> None:
    mail = body(made("handoff.warned")["maria@acme.example"])
    assert mail["subject"] == "Soon due: Ada Example"
    assert "Please answer until Sat 2026-03-28 09:00 (UTC): that time is nearly over." in " ".join(mail["text"].split())
    taken = replace(OPENED, state=ACCEPTED, touch_due_us=GIVEN_US)
    touch = " ".join(body(made("handoff.warned", handoff=taken)["maria@acme.example"])["text"].split())
    assert "Be in touch until Fri 2026-03-27 09:00 (UTC)" in touch


def test_what_is_taken_back_is_said_in_short() -> None:
    gone = replace(OPENED, state=WITHDRAWN, why="It was a bot.", closed_us=GIVEN_US)
    found = made("handoff.withdrawn", handoff=gone)
    assert found.keys() == {"maria@acme.example"}
    text = body(found["maria@acme.example"])["text"]
    assert text.splitlines()[:3] == ["Taken back: Ada Example", "", "It was a bot."]
    assert "Pricing page" not in text
    assert "ripeline handoffs" not in text


def test_the_manager_is_told_whose_work_nobody_attends_to() -> None:
    found = made("handoff.unattended", ("petra",), handoff=replace(OPENED, state=ACCEPTED))
    assert found.keys() == {"petra@acme.example"}
    text = body(found["petra@acme.example"])["text"]
    assert text.splitlines()[:3] == [
        "Nobody attends to: Ada Example",
        "",
        "Maria works it, and is absent. Give it to somebody else?",
    ]
    left = made("handoff.unattended", ("petra",), handoff=replace(OPENED, state=ACCEPTED, owner="eve"))
    assert "eve works it, and is none of the salespeople any more." in body(left["petra@acme.example"])["text"]


def test_without_a_packet_they_are_told_all_the_same() -> None:
    mail = body(made(packet=None)["maria@acme.example"])
    assert mail["subject"] == "New lead: ada"
    assert answers(mail["text"]) == ["accept", "reject", "recycle"]


def test_whoever_left_is_not_written_to() -> None:
    assert made("handoff.warned", ("eve",)) == {}


def test_what_a_visitor_wrote_is_no_markup_in_chats() -> None:
    """Slack reads neither plain_text nor escaped text as markup; Teams' TextRun knows no Markdown."""
    text, links = "<!channel> [x](http://evil.example) *b*", [("Accept", "https://x.example/a")]
    slack = json.loads(chat_text("slack", text, links))
    assert slack["text"] == "&lt;!channel&gt; [x](http://evil.example) *b*"
    assert slack["blocks"][0]["text"] == {"type": "plain_text", "text": text, "emoji": False}
    assert slack["blocks"][1]["text"] == {"type": "mrkdwn", "text": "<https://x.example/a|Accept>"}
    card = json.loads(chat_text("teams", text, links))["attachments"][0]["content"]
    assert card["body"] == [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text}]}]
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Accept", "url": "https://x.example/a"}]
