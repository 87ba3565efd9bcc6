"""One-click links: what lets the owner of a handoff answer it from a mail, without a password."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

import msgspec

from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.handoffs import ACCEPTED, OPEN, Handoff

ANSWERS: Final = ("accept", "reject", "recycle")
"""What can be answered by a link."""

LASTS_US: Final = 30 * DAY_US
LONGEST: Final = 1_000
_FOR: Final = b"ripeline.answer.1."


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says: its holder may give this answer to a handoff, as it was given to its owner at an instant.

    until_us: from then on it is worth nothing.
    """

    number: int
    owner: str
    given_us: int
    answer: str
    until_us: int


def links_of(one: Handoff) -> tuple[Link, ...]:
    """Return what the owner of a handoff may answer by a link; nothing where nobody is to answer it."""
    if one.state != OPEN or one.owner is None or one.assigned_us is None:
        return ()
    until_us = one.assigned_us + LASTS_US
    return tuple(Link(one.number, one.owner, one.assigned_us, answer, until_us) for answer in ANSWERS)


def token_of(link: Link, secret: bytes) -> str:
    """Return the token of a link, which goes into an address."""
    told = [link.number, link.owner, link.given_us, link.answer, link.until_us]
    payload = _text(msgspec.json.encode(told))
    return f"{payload}.{_signature(payload, secret)}"


def link_of(token: str, secret: bytes) -> Link | None:
    """Return what a token says that was made with a secret, None for any other text."""
    payload, dot, signature = token.partition(".")
    known = dot and len(token) <= LONGEST and token.isascii()
    if not known or not hmac.compare_digest(signature, _signature(payload, secret)):
        return None
    number, owner, given_us, answer, until_us = msgspec.json.decode(
        urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=tuple[int, str, int, str, int]
    )
    return Link(number, owner, given_us, answer, until_us)


def why_not(link: Link, one: Handoff | None, at_us: int) -> str | None:
    """Return why a link does not answer a handoff any more, in a sentence; None where it does."""
    if one is None:
        return "What this link was for is there no more."
    if at_us >= link.until_us:
        return "This link is too old to answer by."
    if (one.owner, one.assigned_us) != (link.owner, link.given_us):
        return "This lead was given to somebody else meanwhile, or anew; the link of the last mail answers it."
    if one.state == ACCEPTED and link.answer == "accept":
        return "You have accepted this lead already."
    if one.state not in {OPEN, ACCEPTED}:
        return f"This lead was answered already: it is {one.state}."
    return None


def _signature(payload: str, secret: bytes) -> str:
    return _text(hmac.digest(secret, _FOR + payload.encode(), "sha256"))


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
