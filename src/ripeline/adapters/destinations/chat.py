"""Incoming webhooks of chats, Slack's and Teams'."""

import re
from dataclasses import replace
from typing import Final

from ripeline.adapters.destinations.http import HttpDestination
from ripeline.adapters.destinations.webhook import read_answer
from ripeline.handoff.destinations import ChatKind
from ripeline.handoff.retry import Answer
from ripeline.ports.outbox import Begun
from ripeline.vocabulary.messages import Message

_SLACKS_WORD: Final = re.compile(rb"[a-z_]{3,40}")
_TEAMS_FAILURE: Final = b"Webhook message delivery failed"
"""What older webhooks of Teams say with 200 when they did not take a message."""


class ChatReceiver:
    """One incoming webhook of a chat."""

    def __init__(self, kind: ChatKind, url: str, *, allow_private: bool) -> None:
        """Take its kind and its address, which is its secret too."""
        self._kind = kind
        self._http = HttpDestination(url, allow_private=allow_private, kept=1)

    async def send(self, message: Message, at_us: int, begun: Begun) -> Answer:  # noqa: ARG002 - it may arrive twice
        """Make one attempt."""
        told = await self._http.post(message.body, {})
        answer = read_answer(told, at_us)
        if self._kind == "teams" and told.body.startswith(_TEAMS_FAILURE):
            return Answer("failed", told.status, "Teams did not take it")
        word = told.body.strip()
        if self._kind == "slack" and answer.outcome != "delivered" and _SLACKS_WORD.fullmatch(word):
            return replace(answer, error=f"{answer.error}: {word.decode()}")
        return answer

    async def close(self) -> None:
        """Let go of the connection."""
        await self._http.close()
