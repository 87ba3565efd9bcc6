"""What requests come to by the pure reading alone, to compare a server's answers and its history with."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from ripeline.intake.calls import REASONS, Call, Receipt, RefusedError, read_call
from ripeline.intake.unpack import UnreadableError, parts_of, unpacked
from ripeline.vocabulary.calendar import EARLIEST_US
from ripeline.vocabulary.history import EVENT_TYPES
from ripeline.vocabulary.values import Value, typed
from tests.acceptance.live.hostile import Hostile

NOW_US = 1_790_000_000_000_000
UNREADABLE = frozenset({"not_json", "not_gzip", "not_a_batch", "duplicate_keys", "too_large"})


def outcomes(request: Hostile) -> list[Call | RefusedError] | UnreadableError:
    """Read a request as the server does: nothing but these two errors may ever be raised."""
    try:
        parts = parts_of(unpacked(request.body))
    except UnreadableError as error:
        return error
    kind = None if parts.batch else "" if request.route == "batch" else request.route
    sent_at = parts.sent_at if parts.sent_at is not None else request.headers.get("SentAt")
    retried = "X-Retry-Count" in request.headers
    receipt = Receipt(NOW_US, "web", trusted=False, kind=kind, sent_at=sent_at, retried=retried)
    return [_outcome(event, receipt) for event in parts.events]


def _outcome(event: bytes, receipt: Receipt) -> Call | RefusedError:
    try:
        return read_call(event, receipt)
    except RefusedError as why:
        return why


def must_be_sound(request: Hostile) -> int:
    """Hold every event of a request to the promise: it can be written, or its reason is known; return how many."""
    found = outcomes(request)
    if isinstance(found, UnreadableError):
        assert found.code in UNREADABLE, found.code
        assert request.events is None or found.code == "too_large", found.message
        return 0
    assert request.events in {None, len(found)}
    for one in found:
        if isinstance(one, Call):
            _must_be_writable(one)
        else:
            assert one.reason in REASONS, one.reason
            assert len(one.detail.encode()) <= 1_000
    return len(found)


def _must_be_writable(call: Call) -> None:
    assert EARLIEST_US <= call.time_us <= call.known_us
    names = [text for text in (call.user, call.device, call.previous) if text is not None]
    assert all(0 < len(text) <= 255 for text in names)
    assert names, "somebody is named"
    twins = {**{name: typed(raw) for name, raw in call.fields.items()}, **call.traits()}
    for text in (*names, call.name, *twins):
        assert "\x00" not in text
        assert msgspec.json.encode(text)
    for value in twins.values():
        if value is not None:
            _must_fit(value)


def _must_fit(value: Value) -> None:
    """As columns of 64 bits and texts without NUL."""
    numbers = (value.number, value.summand, value.day, value.instant, *(value.numbers or ()))
    assert all(abs(number) < 2**63 for number in numbers if number is not None)
    texts = (value.text, value.folded, *(value.texts or ()))
    assert not any("\x00" in text for text in texts if text is not None)
    assert msgspec.json.encode([*texts, *numbers])


@dataclass
class Sums:
    """What accepted requests come to, in order of their positions: each message once, the first that came."""

    sent: int = 0
    copies: int = 0
    failed: int = 0
    events: int = 0
    others: int = 0
    _digests: dict[str, int] = field(default_factory=dict)

    def take(self, found: Iterable[Call | RefusedError]) -> None:
        """Count the events of one request."""
        for one in found:
            self.sent += 1
            if isinstance(one, RefusedError):
                self.failed += 1
            elif one.id not in self._digests:
                self._digests[one.id] = one.digest
                self.events += one.kind in EVENT_TYPES
                self.others += one.kind not in EVENT_TYPES
            else:
                same = self._digests[one.id] == one.digest
                self.copies += same
                self.failed += not same
