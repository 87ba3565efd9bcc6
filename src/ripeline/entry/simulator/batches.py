"""Messages put together to the bodies that clients send."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ripeline.entry.bootstrap.traffic import Message, stamp

FLUSH_AFTER_S = 1.0
"""How long a client keeps messages that do not fill a batch yet."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages that go out together, by one key. at_s: when, in seconds after the start."""

    at_s: float
    by_server: bool
    messages: tuple[Message, ...]

    def body(self, sent_us: int | None) -> bytes:
        """Return it as a body. sent_us: the time of sending, None for none."""
        events = b",".join(message.raw for message in self.messages)
        sent = b"" if sent_us is None else b',"sentAt":"%s"' % stamp(sent_us)
        return b'{"batch":[%s]%s}' % (events, sent)


def batches(messages: Iterable[Message], size: int) -> Iterator[Batch]:
    """Yield batches in the order in which they are due: full ones, those that waited enough, and at last what is left."""
    waiting: dict[bool, list[Message]] = {}
    last_s = 0.0
    for message in messages:
        last_s = message.at_s
        for key in [key for key, kept in waiting.items() if kept[0].at_s + FLUSH_AFTER_S <= message.at_s]:
            yield _batch(waiting.pop(key), message.at_s)
        kept = waiting.setdefault(message.by_server, [])
        kept.append(message)
        if len(kept) == size:
            yield _batch(waiting.pop(message.by_server), message.at_s)
    for kept in waiting.values():
        yield _batch(kept, last_s)


def _batch(kept: list[Message], at_s: float) -> Batch:
    return Batch(min(at_s, kept[0].at_s + FLUSH_AFTER_S), kept[0].by_server, tuple(kept))
