"""The demo company's story as traffic without end: messages of tracking clients, each with when it is to be sent.

The same seed, run and start make the same messages to the byte. When the story has come to its end it is told
again of other people, whose names carry the number of the round.
"""

import random
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from itertools import count
from typing import Final

import msgspec

from ripeline.adapters.sources.demo.acts import DemoEvent
from ripeline.adapters.sources.demo.calendar import FIRST_DAY, TODAY
from ripeline.adapters.sources.demo.visitors import ROUND, Draft, drafts_of
from ripeline.adapters.sources.demo_company import invent_demo_company

Pace = Callable[[int, float], float]
"""From a message's number and its second in the story to the second at which it is sent."""

_BEGINS: Final = datetime.combine(FIRST_DAY, time(), UTC)
_LASTS_S: Final = ((TODAY - FIRST_DAY).days + 1) * 86_400
_MARK: Final = ROUND.encode()
_COPIED: Final = 0.01
_BROKEN: Final = 0.005
_UNORDERED: Final = 0.08
_LATE: Final = 0.02
_MOST_UNORDERED_US: Final = 5 * 60_000_000
_MOST_LATE_US: Final = 3 * 86_400_000_000
_REMEMBERED: Final = 5_000


class Message(msgspec.Struct, frozen=True, gc=False):
    """One message of a client, as bytes.

    at_s: when it is to be sent, in seconds after the start. reason: why it cannot count, None where it can.
    copy: it was sent before, and this is what a client sends that is not sure of it.
    """

    id: str
    by_server: bool
    kind: str
    name: str
    time_us: int
    at_s: float
    raw: bytes
    reason: str | None = None
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Play:
    """How the story is played: run, the name that all ids begin with; broken: some messages cannot count."""

    run: str
    start_us: int
    pace: Pace
    broken: bool = False


def at_rate(per_second: float) -> Pace:
    """Return the pace of so many messages a second.

    >>> at_rate(50)(100, 0.0)
    2.0
    """
    return lambda number, _: number / per_second


def at_speed(times: float) -> Pace:
    """Return the pace of the story itself, so many times as fast as life.

    >>> at_speed(3600)(0, 7200.0)
    2.0
    """
    return lambda _, story_s: story_s / times


class Traffic:
    """The company's story as calls, ready to be told."""

    def __init__(self, *, seed: int = 7, leads: int = 2000, mails: bool = True) -> None:
        """Invent it. mails: with what happens to mails, which a server key is needed for."""
        company, acts = invent_demo_company(leads=leads, seed=seed), defaultdict[str, list[DemoEvent]](list)
        for act in company.events:
            acts[act.lead].append(act)
        drafts = [draft for lead in company.leads for draft in drafts_of(seed, lead, acts[lead.id])]
        # The sort is stable: calls of one lead in one second keep their order.
        drafts.sort(key=lambda draft: draft.at)
        self._seed = seed
        self._story = [((one.at - _BEGINS).total_seconds(), one) for one in drafts if mails or not one.by_server]

    def messages(self, play: Play) -> Iterator[Message]:
        """Yield messages in the order in which they are sent, without end."""
        rng, recent = random.Random(f"{self._seed} chances"), deque[Message](maxlen=_REMEMBERED)  # noqa: S311 - to be repeatable
        number = count()
        for story_s, suffix, draft in self._told():
            place = next(number)
            at_s = play.pace(place, story_s)
            message = _message(f"{play.run}-{place:x}", draft, suffix, at_s, play.start_us + _when_us(rng, at_s))
            chance = rng.random()
            if play.broken and chance < _BROKEN and recent:
                yield _broken(rng, message, rng.choice(recent))
                continue
            yield message
            recent.append(message)
            if chance > 1 - _COPIED:
                yield _again(rng.choice(recent), play.pace(next(number), story_s))

    def _told(self) -> Iterator[tuple[float, bytes, Draft]]:
        for round_ in count():
            suffix = b".%d" % round_ if round_ else b""
            for story_s, draft in self._story:
                yield round_ * _LASTS_S + story_s, suffix, draft


def _message(id_: str, draft: Draft, suffix: bytes, at_s: float, time_us: int) -> Message:
    said = b"%s,%s" % (draft.who, draft.what)
    raw = b'{"messageId":"%s","timestamp":"%s",%s}' % (id_.encode(), stamp(time_us), said.replace(_MARK, suffix))
    return Message(id_, draft.by_server, draft.kind, draft.name, time_us, at_s, raw)


def _when_us(rng: random.Random, at_s: float) -> int:
    """Return when it happened, in microseconds after the start: mostly when it is sent."""
    sent_us, chance = int(at_s * 1_000_000), rng.random()
    if chance < _LATE:
        return sent_us - rng.randrange(_MOST_LATE_US)
    return sent_us - rng.randrange(_MOST_UNORDERED_US) if chance < _LATE + _UNORDERED else sent_us


def _again(message: Message, at_s: float) -> Message:
    return msgspec.structs.replace(message, at_s=at_s, copy=True)


def _broken(rng: random.Random, message: Message, other: Message) -> Message:
    """Return a message as it comes from a client that is wrong, with the reason that the intake will find."""
    raw, begins = message.raw, b'{"messageId":"%s",' % message.id.encode()
    said = raw.removeprefix(begins)
    reason, changed = rng.choice(
        (
            ("no_message_id", b"{" + said),
            ("unknown_type", raw.replace(b'"type":"', b'"type":"un', 1)),
            ("impossible_time", raw.replace(stamp(message.time_us), b"yesterday", 1)),
            ("not_json", raw[:-1] + b',"price":12,5}'),
            ("duplicate_keys", begins + b'"messageId":"twice",' + said),
            ("no_lead_id", begins + b'"type":"track","event":"Pricing Viewed","userId":"undefined"}'),
            ("no_event_name", begins + b'"type":"track","userId":"nobody-in-particular"}'),
            ("id_reused", b""),
        )
    )
    if reason == "id_reused":
        reused = b'{"messageId":"%s","type":"track","event":"Reused","userId":"nobody"}' % other.id.encode()
        return msgspec.structs.replace(other, at_s=message.at_s, raw=reused, reason=reason)
    return msgspec.structs.replace(
        message, id="" if reason == "no_message_id" else message.id, raw=changed, reason=reason
    )


def stamp(instant_us: int) -> bytes:
    """Write an instant as browsers do, in milliseconds.

    >>> stamp(1_790_000_000_123_456)
    b'2026-09-21T14:13:20.123Z'
    """
    second, part_us = divmod(instant_us, 1_000_000)
    return b"%s.%03dZ" % (_second(second), part_us // 1000)


@lru_cache(maxsize=4096)
def _second(second: int) -> bytes:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S").encode()
