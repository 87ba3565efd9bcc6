"""When a call happened, by three clocks: the caller's when it happened and when it was sent, and ours."""

from ripeline.vocabulary.calendar import DAY_US, EARLIEST_US, EPOCH_DAY, LATEST_US, SECOND_US
from ripeline.vocabulary.values import read_date, read_time, read_usual_time

TRUSTED_SKEW_US = 30 * SECOND_US
"""A difference up to this is travel, not a wrong clock."""

_EPOCH_DIGITS = ((11, 1_000_000), (14, 1_000), (17, 1))
_SHORTEST_EPOCH = 9


def read_stated(stated: object) -> int | None:
    """Return the instant that a call states, None where it states none.

    Texts are ISO times or dates, without a zone read as UTC; whole numbers epochs, told apart by their length.

    Raises ValueError for what is no time.
    """
    if type(stated) is str and (usual := read_usual_time(stated)) is not None:
        return usual
    if stated is None or stated == "":
        return None
    if isinstance(stated, bool) or not isinstance(stated, str | int | float):
        raise ValueError("a time is a text or a number")  # noqa: TRY004 - one kind of error for all that is wrong
    found = _read_text(str(stated).strip())
    if found is None or not EARLIEST_US <= found <= LATEST_US:
        raise ValueError(f"{str(stated)[:40]} is no time")
    return found


def _read_text(text: str) -> int | None:
    if "T" in text:  # most are; no date and no epoch has one
        return read_time(text)
    if text.removeprefix("-").isascii() and text.removeprefix("-").isdigit():
        return _read_epoch(text)
    day = read_date(text)
    return read_time(text) if day is None else (day - EPOCH_DAY) * DAY_US


def _read_epoch(text: str) -> int | None:
    digits = len(text.removeprefix("-"))
    if digits < _SHORTEST_EPOCH:
        return None
    return next((int(text) * unit for most, unit in _EPOCH_DIGITS if digits <= most), None)


def event_time(stated_us: int | None, sent_us: int | None, received_us: int, *, waited: bool) -> int:
    """Return when a call happened by our clock, never later than its receipt.

    A caller's clock that is off by more than half a minute is set right by how far it is off when the call
    was sent. waited: a retry or a time of sending that is never renewed explains a late receipt; then it is
    no fault of the clock.

    >>> minute = 60_000_000
    >>> event_time(10 * minute, 11 * minute, 71 * minute, waited=False) // minute
    70
    >>> event_time(10 * minute, 11 * minute, 71 * minute, waited=True) // minute
    10
    """
    if stated_us is None:
        return received_us
    skew_us = 0 if sent_us is None else received_us - sent_us
    ahead, behind = skew_us < -TRUSTED_SKEW_US, skew_us > TRUSTED_SKEW_US and not waited
    # A time of sending far in the future would move it to before there were dates.
    return min(max(stated_us + skew_us, EARLIEST_US) if ahead or behind else stated_us, received_us)
