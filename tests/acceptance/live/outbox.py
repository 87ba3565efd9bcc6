"""A server with messages to deliver: settings of it, messages put into its book, and what became of them."""

import time
from contextlib import closing
from dataclasses import replace
from typing import Any

import msgspec

from ripeline.adapters.book.inbox import connected
from ripeline.adapters.book.outbox import next_sequence, put
from ripeline.adapters.book.sqlite import transaction
from ripeline.entry.workspace import FIRST_SETTINGS
from ripeline.handoff.chat_text import chat_text
from ripeline.vocabulary.messages import Message
from tests.acceptance.live.served import Served

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
START_US = 1_774_602_000 * 10**6  # 2026-03-27T09:00:00Z, when the shop's clock starts


def settings(web: int = 0, post: int = 0, send: str = "true") -> str:
    """Return settings of a workspace that sends to a web server and a mail server, of itself next to nothing."""
    told = f"{FIRST_SETTINGS}\n[outbox]\nsend = {send}\n"
    for name in ("crm", "slow") if web else ():
        told += f'[outbox.webhooks.{name}]\nurl = "http://127.0.0.1:{web}/{name}"\nsecret = "{SECRET}"\nallow_private = true\n'
        told += 'events = ["definition.published"]\n'
    if web:
        told += f'[outbox.chats.sales]\nkind = "slack"\nurl = "http://127.0.0.1:{web}/services/T0/hunter2"\nallow_private = true\n'
    if post:
        told += f'[outbox.mail]\nhost = "127.0.0.1"\nport = {post}\nsecurity = "none"\nfrom = "leads@acme.example"\n'
    return told


def webhook(to: str = "crm", lead: str = "ada", said: object = None, at_us: int = START_US) -> Message:
    body = {"type": "handoff.created", "timestamp": "2026-03-27T09:00:00Z", "data": said or {"lead": lead}}
    return Message("", "webhook", to, lead, 0, "handoff.created", msgspec.json.encode(body), at_us)


def mail(to: str = "kim@acme.example", lead: str = "ada") -> Message:
    body = {"to": to, "subject": f"{lead} is ripe", "text": "Call them.", "html": ""}
    return Message("", "mail", to, lead, 0, "handoff.created", msgspec.json.encode(body), START_US)


def chat() -> Message:
    return Message("", "chat", "sales", "ada", 0, "handoff.created", chat_text("slack", "ada is ripe"), START_US)


def told(served: Served, *messages: Message) -> list[str]:
    """Put messages into the book of a server as one happening each, in one transaction; return their ids."""
    with closing(connected(served.workspace.book)) as db, transaction(db):
        return put(db, [replace(one, sequence=next_sequence(db, one.about)) for one in messages])


def states(served: Served, limit: int = 1_000) -> dict[str, str]:
    """Return how messages stand, by their ids."""
    return {one["id"]: one["state"] for one in served.read(f"/api/outbox?limit={limit}")["messages"]}


def shown(served: Served, message_id: str) -> dict[str, Any]:
    return served.read(f"/api/outbox/{message_id}")


def settled(served: Served, within_s: float = 60) -> dict[str, int]:
    """Wait until nothing waits or is being sent, however the clock stands; return how many messages are in each state."""
    until, found = time.monotonic() + within_s, dict[str, int]()
    while time.monotonic() < until:
        found = counts(served)
        if not found.get("waiting") and not found.get("sending"):
            return found
        time.sleep(0.05)
    raise AssertionError(f"not settled in time: {found}, {served.log()}")


def counts(served: Served) -> dict[str, int]:
    """Return how many messages are in each state, as the metrics tell it."""
    lines = served.ask("/metrics").body.decode().splitlines()
    found = (line.split('"') for line in lines if line.startswith("ripeline_outbox_messages{"))
    return {state: int(count.removeprefix("} ")) for _, state, count in found if count != "} 0"}
