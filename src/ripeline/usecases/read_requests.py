"""Requests of clients to calls that count and events that do not; the same whoever reads them, and whenever."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from ripeline.intake.calls import Call, Receipt, RefusedError, read_call
from ripeline.intake.decisions import DECISIONS, Decision, read_decision
from ripeline.intake.dispositions import DISPOSITIONS, Disposition, read_dispositions
from ripeline.intake.erased import ERASED
from ripeline.intake.outcomes import OUTCOMES, Outcome, read_outcomes
from ripeline.intake.unpack import Parts, UnreadableError, parts_of, unpacked
from ripeline.ports.intake import FailedEvent, Request, WriteKey

MOST_KEPT = 64 * 1024
"""Bytes that are kept of an event that does not count."""


class Taken(msgspec.Struct, frozen=True, gc=False):
    """One event of a request, and what it came to. place: which of the request's events it is."""

    position: int
    place: int
    request: Request
    event: bytes
    outcome: Call | Decision | Outcome | Disposition | RefusedError

    def failed(self, why: RefusedError) -> FailedEvent:
        """Return it as an event that does not count; of what somebody did who was erased nothing is kept."""
        return FailedEvent(
            position=self.position,
            place=self.place,
            received_us=self.request.received_us,
            key_id=self.request.key_id,
            kind=self.request.kind,
            reason=why.reason,
            detail=why.detail,
            event=b"" if why.reason == ERASED else self.event[:MOST_KEPT],
        )


def read_requests(requests: Iterable[tuple[int, Request]], keys: Mapping[int, WriteKey]) -> Iterator[Taken]:
    """Yield every event of some requests, in order."""
    for position, request in requests:
        yield from _events_of(position, request, keys[request.key_id])


def _events_of(position: int, request: Request, key: WriteKey) -> Iterator[Taken]:
    if request.kind == ERASED:
        return
    if request.kind in DECISIONS:
        yield Taken(position, 0, request, request.body, _decided(request.kind, request, position))
        return
    if request.kind in {OUTCOMES, DISPOSITIONS}:
        yield from _told(position, request)
        return
    try:
        parts = parts_of(unpacked(request.body))
    except UnreadableError as error:
        yield Taken(position, 0, request, request.body, RefusedError(error.code, error.message))
        return
    receipt = _receipt(request, key, parts)
    for place, event in enumerate(parts.events):
        yield Taken(position, place, request, event, _outcome(event, receipt))


def _decided(kind: str, request: Request, position: int) -> Decision | RefusedError:
    try:
        return read_decision(kind, request.body, request.received_us, position)
    except RefusedError as why:
        return why


def _told(position: int, request: Request) -> Iterator[Taken]:
    try:
        outcomes = request.kind == OUTCOMES
        found: Sequence[Outcome | Disposition] = (
            read_outcomes(request.body) if outcomes else read_dispositions(request.body, request.received_us)
        )
    except RefusedError as why:
        yield Taken(position, 0, request, request.body, why)
        return
    for place, one in enumerate(found):
        yield Taken(position, place, request, request.body, one)


def _outcome(event: bytes, receipt: Receipt) -> Call | RefusedError:
    try:
        return read_call(event, receipt)
    except RefusedError as why:
        return why


def _receipt(request: Request, key: WriteKey, parts: Parts) -> Receipt:
    return Receipt(
        received_us=request.received_us,
        source=key.source,
        trusted=key.trusted,
        kind=None if parts.batch else request.kind or "",
        sent_at=parts.sent_at if parts.sent_at is not None else request.sent_at,
        retried=request.retried,
    )
