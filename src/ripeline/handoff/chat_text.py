"""A plain text as chats take it, with buttons below it."""

import json
from collections.abc import Sequence
from typing import Any

from ripeline.handoff.destinations import ChatKind

Link = tuple[str, str]
"""What a button says, and its address."""


def chat_text(kind: ChatKind, text: str, links: Sequence[Link] = ()) -> bytes:
    """Return the body of an incoming webhook that says a text. Nothing in it is markup, or becomes a link.

    >>> chat_text("slack", "a < b")
    b'{"text": "a &lt; b"}'
    """
    told = _slack(text, links) if kind == "slack" else _teams(text, links)
    return json.dumps(told).encode()


def _slack(text: str, links: Sequence[Link]) -> dict[str, Any]:
    told: dict[str, Any] = {"text": _escaped(text)}
    if links:
        # Where there are blocks, the text is what a notification shows.
        shown = " · ".join(f"<{address}|{_escaped(said)}>" for said, address in links)
        told["blocks"] = [
            {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}},
            {"type": "section", "text": {"type": "mrkdwn", "text": shown}},
        ]
    return told


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams(text: str, links: Sequence[Link]) -> dict[str, Any]:
    # A TextBlock would read Markdown, and what a visitor wrote could become a link.
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text}]}],
        "actions": [{"type": "Action.OpenUrl", "title": said, "url": address} for said, address in links],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}
