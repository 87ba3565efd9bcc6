"""What a fact can be: text, number, boolean, list or nothing, typed once when it is written.

A value keeps, beside itself, the twins under which conditions may read it: text that reads as a
number has a number, text that reads as an ISO date has a day. Both readers of a plan look only at
these twins, so neither ever converts anything.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from ripeline.vocabulary.calendar import DAY_US, EARLIEST_US, EPOCH_DAY, LATEST_US, SECOND_US, day_number
from ripeline.vocabulary.points import MICRO, half_even

LARGEST_NUMBER = 10**18 - 1
"""In millionths: 12 digits before the point and 6 behind it, decimal(18,6)."""

TWINS = ("text", "number", "boolean", "texts", "numbers", "folded", "summand", "day", "instant")
"""Every reading a value may have, in the order columns are written."""

NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
LONG_NUMBER = re.compile(r"-?[0-9]{1,12}\.[0-9]{7,}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([01][0-9]|2[0-3]):([0-5][0-9])"
    r"(?::([0-5][0-9])(?:\.([0-9]{1,9}))?)?(?:(Z)|([+-])([01][0-9]|2[0-3]):?([0-5][0-9]))?"
)
_USUAL_LENGTH = len("2026-11-22T08:15:00.250Z")
_HIGHEST_POWER, _LOWEST_POWER = 12, -30
"""Powers of ten beyond which a number is surely out of range, or surely rounds to zero."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Value:
    """One typed fact and its twins.

    text: the text itself; None for other kinds.
    number: in millionths, a number or text that reads as one.
    boolean: true or false.
    texts, numbers: the elements of a list, by kind.
    folded: case-folded text, kept only where it is not what lower-casing ASCII gives.
    summand: in millionths, text that reads as a number with more than six decimals; counts in sums only.
    day: day number of text that is an ISO date. instant: microseconds of text that is an ISO time.
    """

    text: str | None = None
    number: int | None = None
    boolean: bool | None = None
    texts: tuple[str, ...] | None = None
    numbers: tuple[int, ...] | None = None
    folded: str | None = None
    summand: int | None = None
    day: int | None = None
    instant: int | None = None

    @property
    def fold(self) -> str | None:
        """The text as `lower` and `ilike` read it."""
        if self.folded is not None or self.text is None:
            return self.folded
        return self.text.lower()

    @property
    def addend(self) -> int | None:
        """The number that `sum(...)` adds, in thousandths, half to even; None where it is no number."""
        micro = self.summand if self.number is None else self.number
        return None if micro is None else half_even(micro, 1000)

    @property
    def plain(self) -> object:
        """The value as evidence shows it: text, int, Decimal, bool or a list of them."""
        if self.boolean is not None:
            return self.boolean
        if self.texts is not None or self.numbers is not None:
            return [*(self.texts or ()), *(_plain_number(number) for number in self.numbers or ())]
        if self.number is None:
            return self.text
        plain = _plain_number(self.number)
        return plain if self.text in {None, str(plain)} else self.text

    @property
    def said(self) -> object:
        """The value as it was said, as JSON has it: text that reads as a number stays text."""
        if self.boolean is not None:
            return self.boolean
        if self.texts is not None or self.numbers is not None:
            return [*(self.texts or ()), *map(json_number, self.numbers or ())]
        return self.text if self.text is not None else None if self.number is None else json_number(self.number)


def typed(raw: object) -> Value | None:
    """Return a JSON value with its twins; None for null, empty text and what holds nothing.

    >>> typed(12.5).number, typed("007").number, typed("x").number
    (12500000, 7000000, None)
    """
    if raw is None or isinstance(raw, Value):
        return raw
    if isinstance(raw, bool):
        return Value(boolean=raw)
    if isinstance(raw, int | float | Decimal):
        return _typed_number(Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw))
    if isinstance(raw, list | tuple):
        return _typed_list(raw)
    return _typed_text(str(raw))


def typed_cell(text: str) -> Value | None:
    """Return a cell of a CSV file with its twins: text, but `true` and `false` are booleans."""
    return Value(boolean=text == "true") if text in {"true", "false"} else typed(text)


def fold(text: str) -> str:
    """Return text as case-blind comparisons see it: NFKC, then full case folding.

    >>> fold("STRASSE") == fold("Straße")
    True
    """
    return unicodedata.normalize("NFKC", text).casefold()


def storable(text: str) -> str:
    """Return text that every store can hold: NUL and lone surrogates become U+FFFD."""
    if text.isascii() and "\x00" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", text)


def read_date(text: str) -> int | None:
    """Return the day number of an ISO date, or None."""
    return _read_date(text) if DATE.fullmatch(text) else None


@lru_cache(maxsize=2**12)
def _read_date(text: str) -> int | None:
    """Days come again and again."""
    try:
        return day_number(date.fromisoformat(text))
    except ValueError:
        return None


def read_time(text: str) -> int | None:
    """Return the instant of an ISO time, without a zone read as UTC; None where it is none.

    >>> read_time("1970-01-01T01:00:00+01:00"), read_time("1970-01-01")
    (0, None)
    """
    if (usual := read_usual_time(text)) is not None:
        return usual
    match = TIME.fullmatch(text)
    if not match or (day := read_date(match[1])) is None:
        return None
    _, hour, minute, second, fraction, _, sign, hours, minutes = match.groups()
    shift = 0 if sign is None else (int(hours) * 60 + int(minutes)) * (-1 if sign == "-" else 1)
    seconds = ((int(hour) * 60 + int(minute) - shift) * 60) + int(second or 0)
    at = (day - EPOCH_DAY) * DAY_US + seconds * SECOND_US + int((fraction or "0")[:6].ljust(6, "0"))
    return at if EARLIEST_US <= at <= LATEST_US else None


def read_usual_time(text: str) -> int | None:
    """Return the instant of a time as browsers write it, which is read far quicker; None for any other form.

    >>> read_usual_time("1970-01-01T00:00:00.001Z"), read_usual_time("1970-01-01T00:00:00Z")
    (1000, None)
    """
    if len(text) != _USUAL_LENGTH or text[4:20:3] != "--T::." or text[23] != "Z" or text[11:13] > "23":
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    seconds = (at.hour * 60 + at.minute) * 60 + at.second
    instant = (at.toordinal() - 1 - EPOCH_DAY) * DAY_US + seconds * SECOND_US + at.microsecond
    return instant if EARLIEST_US <= instant <= LATEST_US else None


def _typed_text(text: str) -> Value | None:
    if not text:
        return None
    text = storable(text)
    folded = None if text.isascii() else fold(text)
    return Value(
        text=text,
        number=int(Decimal(text) * MICRO) if NUMBER.fullmatch(text) else None,
        folded=folded,
        summand=_micro(Decimal(text)) if LONG_NUMBER.fullmatch(text) else None,
        day=read_date(text),
        instant=read_time(text),
    )


def _typed_number(number: Decimal) -> Value | None:
    if not number.is_finite():
        return None
    micro = _micro(number)
    return _typed_text(str(number)) if micro is None else Value(number=micro)


def _typed_list(items: list[object] | tuple[object, ...]) -> Value:
    values = [value for item in items if (value := typed(item)) is not None]
    texts = tuple(value.text for value in values if value.text is not None)
    numbers = tuple(value.number for value in values if value.number is not None)
    return Value(texts=texts, numbers=numbers)


def _micro(number: Decimal) -> int | None:
    if number.adjusted() > _HIGHEST_POWER:
        return None
    numerator, denominator = number.as_integer_ratio() if number.adjusted() > _LOWEST_POWER else (0, 1)
    micro = half_even(numerator * MICRO, denominator)
    return micro if abs(micro) <= LARGEST_NUMBER else None


def json_number(micro: int) -> int | float | str:
    """Return a number of millionths; as text where a float would change it.

    >>> json_number(12_000_000), json_number(149_900_000), json_number(123_456_789_012_345_678)
    (12, 149.9, '123456789012.345678')
    """
    whole, rest = divmod(micro, MICRO)
    exact = Decimal(micro) / MICRO
    if not rest:
        return whole
    return float(exact) if Decimal(repr(float(exact))) == exact else str(exact)


def _plain_number(micro: int) -> int | Decimal:
    whole, rest = divmod(micro, MICRO)
    return whole if rest == 0 else (Decimal(micro) / MICRO).normalize()
