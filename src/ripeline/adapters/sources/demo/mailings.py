"""The company's newsletter: sent every other Tuesday, opened by some, left by a few."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from ripeline.adapters.sources.demo.acts import DemoEvent
from ripeline.adapters.sources.demo.calendar import TODAY
from ripeline.adapters.sources.demo.people import Character, DemoLead

_FIRST_SENDING: Final = datetime(2026, 1, 13, 8, 0, tzinfo=UTC)
_EVERY: Final = timedelta(days=14)
_SUBSCRIBED_SHARE: Final = 0.42
_ASKED_FOR_IT: Final = 0.5  # the others were put on the list by the company
_CLICKED_OF_OPENED: Final = 0.14
_LEAVES: Final = 0.012
# A few mail programs open every mail by themselves, which is why an opening is weak evidence.
_OPENS_EVERYTHING: Final = 0.12


def mailings(rng: random.Random, lead: DemoLead) -> Iterator[DemoEvent]:
    """Yield what happens with the newsletters of one lead until it leaves the list or the story ends."""
    if lead.character is Character.LISTED or rng.random() > _SUBSCRIBED_SHARE:
        return
    if rng.random() < _ASKED_FOR_IT:
        yield DemoEvent(lead.id, "Newsletter Subscribed", lead.created + timedelta(minutes=rng.randint(1, 20)))
    likes_to_open = 1.0 if rng.random() < _OPENS_EVERYTHING else rng.random() * 0.6
    for sent in _sendings_after(lead.created):
        issue = f"newsletter-{sent:%m-%d}"
        yield DemoEvent(lead.id, "Email Delivered", sent + timedelta(seconds=rng.randint(0, 900)), asset=issue)
        if rng.random() < likes_to_open:
            opened = sent + timedelta(minutes=rng.randint(20, 600))
            yield from _reading(rng, lead, opened, issue)
        if rng.random() < _LEAVES:
            yield DemoEvent(lead.id, "Unsubscribed", sent + timedelta(minutes=rng.randint(700, 760)))
            return


def _sendings_after(created: datetime) -> Iterator[datetime]:
    sent = _FIRST_SENDING
    while sent.date() <= TODAY:
        if sent > created:
            yield sent
        sent += _EVERY


def _reading(rng: random.Random, lead: DemoLead, opened: datetime, issue: str) -> Iterator[DemoEvent]:
    yield DemoEvent(lead.id, "Email Opened", opened, asset=issue)
    if rng.random() < _CLICKED_OF_OPENED:
        yield DemoEvent(lead.id, "Email Clicked", opened + timedelta(minutes=1), asset=issue, campaign="newsletter")
