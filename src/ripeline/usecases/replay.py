"""A failed event sent again: as it was, or as somebody repaired it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import msgspec

from ripeline.intake.calls import RefusedError
from ripeline.intake.erased import ERASED
from ripeline.ports.intake import FailedEvent, Request, WriteKey
from ripeline.usecases.read_requests import read_requests
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError


def replayed(failed: FailedEvent, repaired: Mapping[str, Any] | None, now_us: int) -> Request:
    """Return the request that brings a failed event again, known from now on, dated as it was.

    Raises InputError where it was not repaired and cannot be read as it is.
    """
    if failed.reason == ERASED:
        raise InputError(f"failed event {failed.id} was of somebody who was erased: nothing of it is left to send")
    record = dict(repaired) if repaired is not None else _as_it_was(failed)
    if not record.get("timestamp") and not record.get("originalTimestamp"):
        record["timestamp"] = instant_text(failed.received_us)
    record.pop("sentAt", None)
    return Request(now_us, failed.key_id, msgspec.json.encode({"batch": [record]}), kind=failed.kind)


def replayed_as_they_are(some: Iterable[FailedEvent], now_us: int) -> Iterator[tuple[FailedEvent, Request]]:
    """Yield failed events with the requests that bring them again, those that can be read as they are."""
    for one in some:
        with suppress(InputError):
            yield one, replayed(one, None, now_us)


def why_refused(request: Request, keys: Mapping[int, WriteKey]) -> RefusedError | None:
    """Return why the event of a request would fail, as far as it says so itself; None where it may count."""
    outcomes = [one.outcome for one in read_requests([(0, request)], keys)]
    return next((one for one in outcomes if isinstance(one, RefusedError)), None)


def _as_it_was(failed: FailedEvent) -> dict[str, Any]:
    try:
        record = msgspec.json.decode(failed.event)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InputError(f"failed event {failed.id} cannot be read: send it repaired") from error
    if not isinstance(record, dict):
        raise InputError(f"failed event {failed.id} is no object: send it repaired")
    return record
