"""A failed event as the API and the command line tell it."""

from ripeline.ports.intake import FailedEvent
from ripeline.vocabulary.calendar import instant_text


def failed_record(one: FailedEvent) -> dict[str, object]:
    """Return a failed event as plain values."""
    return {
        "id": one.id,
        "position": one.position,
        "place": one.place,
        "received_at": instant_text(one.received_us),
        "source": one.source,
        "reason": one.reason,
        "detail": one.detail,
        "event": one.event.decode("utf-8", "replace"),
    }
