"""Salespeople: who there is, when they work, and in which teams."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.issues import InputError, did_you_mean

Span = tuple[int, int]
"""Minutes of the local day (from, until); a span to midnight ends at 1,440."""
Week = tuple[tuple[Span, ...], ...]
"""The spans of each weekday, Monday first, ascending and apart."""

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_MINUTES: Final = 1_440
EXAMPLE_WEEK: Final = "Mon-Fri 09:00-12:30, 13:30-17:30; Sat 10:00-12:00"
_BETWEEN = re.compile(r"[, ]+")
_PART = re.compile(r"([A-Za-z][A-Za-z, -]*)([0-9][0-9:, -]*)")
MOST_WEIGHT: Final = 20
_SPAN = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody works: spans of each weekday by the clocks of a zone.

    holidays: numbers of days on which nobody works, ascending, each once.
    """

    zone: Zone
    week: Week
    holidays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody is away, the first and the last one, as day numbers."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Salesperson:
    """Somebody to whom leads are handed. label: what people call them.

    weight: how many leads they get in turn where others get one. capacity: handoffs a working day, None for any number.
    absences: ascending, with a day between two of them.
    """

    name: str
    label: str
    mail: str
    hours: Hours
    weight: int = 1
    capacity: int | None = None
    absences: tuple[Absence, ...] = ()

    def absent_until(self, day: int) -> int | None:
        """Return the last day of the absence that a day lies in, None where they are here."""
        return next((one.last for one in self.absences if one.first <= day <= one.last), None)


@dataclass(frozen=True, slots=True)
class Team:
    """Salespeople by name who take leads in turn. manager: who is told when a promise is broken."""

    name: str
    members: tuple[str, ...]
    manager: str | None = None


def read_week(text: str) -> Week:
    """Return the hours of a week as people write them, or raise InputError.

    >>> read_week("Mon-Tue 09:00-12:00, 13:00-24:00; Sun 10:00-12:00")[1:7:5]
    (((540, 720), (780, 1440)), ((600, 720),))
    """
    week: dict[int, tuple[Span, ...]] = {}
    for part in text.split(";"):
        days, spans = _read_part(part.strip())
        for day in days:
            if day in week:
                raise InputError(f"{WEEKDAYS[day]} stands twice; write all times of a day at one place")
            week[day] = spans
    return tuple(week.get(day, ()) for day in range(7))


def _read_part(text: str) -> tuple[list[int], tuple[Span, ...]]:
    match = _PART.fullmatch(text)
    if match is None:
        raise InputError(f'"{text}" cannot be read; write weekdays and their times, such as "{EXAMPLE_WEEK}"')
    days, times = (_BETWEEN.split(words.strip(", ")) for words in match.groups())
    return [day for word in days for day in _read_days(word)], _apart(times)


def _read_days(word: str) -> Iterator[int]:
    ends = [_weekday(name) for name in word.split("-", 1)]
    yield from ((ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1))


def _weekday(name: str) -> int:
    if name not in WEEKDAYS:
        raise InputError(f'"{name}" is no weekday; {did_you_mean(name, WEEKDAYS)}')
    return WEEKDAYS.index(name)


def _apart(times: list[str]) -> tuple[Span, ...]:
    spans = sorted(map(_read_span, times))
    for (begun, until), (following, end) in pairwise(spans):
        if following < until:
            raise InputError(f"{_span_text((begun, until))} and {_span_text((following, end))} overlap")
    return tuple(spans)


def _read_span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    begun, until = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) if match else (0, 0)
    if match is None or until > DAY_MINUTES:
        raise InputError(f'"{text}" is no time of day; write such as 09:00-12:30, or 18:00-24:00')
    if until <= begun:
        raise InputError(f'"{text}" ends before it begins; a night is written as "Mon 22:00-24:00; Tue 00:00-06:00"')
    return begun, until


def week_text(week: Week) -> str:
    """Return the hours of a week as people write them, alike days that follow each other as one.

    >>> week_text(read_week("Mon 09:00-17:00; Tue 09:00-17:00; Thu 09:00-17:00"))
    'Mon-Tue 09:00-17:00; Thu 09:00-17:00'
    """
    parts = []
    for spans, group in groupby(range(7), key=lambda day: week[day]):
        days = list(group)
        names = WEEKDAYS[days[0]] if len(days) == 1 else f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
        if spans:
            parts.append(f"{names} {', '.join(map(_span_text, spans))}")
    return "; ".join(parts)


def _span_text(span: Span) -> str:
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in span)
