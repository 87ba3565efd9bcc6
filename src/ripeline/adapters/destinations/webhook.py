"""Webhooks, signed so that the receiver knows who sent them."""

from collections.abc import Sequence

from ripeline.adapters.destinations.http import HttpAnswer, HttpDestination
from ripeline.handoff.retry import Answer, asked_seconds, outcome_of_http
from ripeline.handoff.signing import signed_headers
from ripeline.ports.outbox import Begun
from ripeline.vocabulary.messages import Message


class WebhookReceiver:
    """One receiver of webhooks."""

    def __init__(self, url: str, keys: Sequence[bytes], *, allow_private: bool, kept: int) -> None:
        """Take the address, and the keys to sign with, the newest first."""
        self._keys = tuple(keys)
        self._http = HttpDestination(url, allow_private=allow_private, kept=kept)

    async def send(self, message: Message, at_us: int, begun: Begun) -> Answer:  # noqa: ARG002 - it may arrive twice
        """Make one attempt; the receiver knows by the id what it has already."""
        headers = signed_headers(self._keys, message.id, message.body, at_us)
        return read_answer(await self._http.post(message.body, headers), at_us)

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.close()


def read_answer(told: HttpAnswer, at_us: int) -> Answer:
    """Return what an answer of HTTP comes to; of its body nothing is kept."""
    if told.status is None:
        return Answer("failed", None, told.error)
    outcome = outcome_of_http(told.status)
    return Answer(outcome, told.status, _error(told.status), asked_seconds(told.retry_after, at_us))


def _error(status: int) -> str:
    match status // 100:
        case 2:
            return ""
        case 3:
            return "it answered with a redirect, which is not followed; set the address it has now"
    return "it wants no more (410 Gone); take it out of the settings" if status == 410 else f"it answered {status}"
