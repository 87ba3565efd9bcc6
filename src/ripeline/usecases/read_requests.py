"""Requests of clients to calls that count and events that do not; the same whoever reads them, and whenever."""

from collections.abc import Iterable, Iterator, Mapping

from ripeline.intake.calls import Call, Receipt, RefusedError, read_call
from ripeline.intake.unpack import Parts, UnreadableError, parts_of, unpacked
from ripeline.ports import FailedEvent, Request, WriteKey

MOST_KEPT = 64 * 1024
"""Bytes that are kept of an event that does not count."""


def read_requests(
    requests: Iterable[tuple[int, Request]], keys: Mapping[int, WriteKey]
) -> Iterator[tuple[int, Call | FailedEvent]]:
    """Yield (position, what it came to) for every event of some requests, in order."""
    for position, request in requests:
        for one in _events_of(position, request, keys[request.key_id]):
            yield position, one


def _events_of(position: int, request: Request, key: WriteKey) -> Iterator[Call | FailedEvent]:
    try:
        parts = parts_of(unpacked(request.body))
    except UnreadableError as error:
        reason = RefusedError(error.code, error.message)
        yield _failed(position, 0, request, key, request.body, reason)
        return
    receipt = _receipt(request, key, parts)
    for place, event in enumerate(parts.events):
        try:
            yield read_call(event, receipt)
        except RefusedError as reason:
            yield _failed(position, place, request, key, event, reason)


def _receipt(request: Request, key: WriteKey, parts: Parts) -> Receipt:
    return Receipt(
        received_us=request.received_us,
        source=key.source,
        trusted=key.trusted,
        kind=None if parts.batch else request.kind or "",
        sent_at=parts.sent_at if parts.sent_at is not None else request.sent_at,
        retried=request.retried,
    )


def _failed(position: int, place: int, request: Request, key: WriteKey, event: bytes, why: RefusedError) -> FailedEvent:
    return FailedEvent(
        position=position,
        place=place,
        received_us=request.received_us,
        source=key.source,
        trusted=key.trusted,
        kind=request.kind,
        reason=why.reason,
        detail=why.detail,
        event=event[:MOST_KEPT],
    )
