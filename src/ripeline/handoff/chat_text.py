"""A plain text as chats take it."""

import json

from ripeline.handoff.destinations import ChatKind


def chat_text(kind: ChatKind, text: str) -> bytes:
    """Return the body of an incoming webhook that says a text.

    >>> chat_text("slack", "a < b")
    b'{"text": "a &lt; b"}'
    """
    if kind == "slack":
        shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return json.dumps({"text": shown}).encode()
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": text, "wrap": True}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return json.dumps({"type": "message", "attachments": [attachment]}).encode()
