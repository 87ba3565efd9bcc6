"""The single values of a definition: points, days, shares, conditions."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from ripeline.definition.condition_text import ConditionError, parse_condition, parse_name
from ripeline.definition.model import FrequencyCap, Measure, Promise
from ripeline.definition.reading import BadValue, clipped
from ripeline.definition.shapes import Word
from ripeline.vocabulary.calendar import OLDEST_AGE
from ripeline.vocabulary.issues import did_you_mean
from ripeline.vocabulary.looks import PATTERN, Moments, read_moments
from ripeline.vocabulary.points import MICRO

LONGEST_TEXT = 500
LONGEST_DEFINITION_NAME = 60
MOST_COUNT = 1_000_000
MOST_POINTS = 10_000
WHOLE = 100_000
"""A share of 100 %, in thousandths of a percent."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_DAYS, _PROMISE, _SHARE = r"([0-9]{1,6})d", r"([0-9]{1,6})([mhd])", r"([0-9]{1,3}(?:\.[0-9]{1,3})?)%"
_CAP, _WINDOW = r"([0-9]{1,7}) (per day|per week|per month|ever)", r"([0-9]{1,7}) within ([0-9]{1,6})d"
_MEASURE = r"(?:count|days|visits|minutes|sum\((.+)\))"
_POINTS = r"-?[0-9]{1,5}(\.[0-9]{1,3})?"


def _pattern(pattern: str, convert: Callable[[re.Match[str]], object]) -> Callable[[str], object]:
    compiled = re.compile(pattern)

    def read(text: str) -> object:
        match = compiled.fullmatch(text)
        if match is None:
            raise BadValue(f"{clipped(text)} cannot be read")
        return convert(match)

    return read


def _read_moments(text: str) -> Moments:
    found = read_moments(text)
    if found is None:
        raise BadValue(f"{clipped(text)} cannot be read")
    return found


def _json_text(pattern: str) -> dict[str, object]:
    return {"type": "string", "pattern": f"^{pattern}$"}


def choice(*words: str) -> Word:
    """Return the kind of value that is one of these words."""

    def read(text: str) -> str:
        if text not in words:
            raise BadValue(f"{clipped(text)} is not known", did_you_mean(text, words))
        return text

    return Word(f"one of {', '.join(words)}", read, {"enum": list(words)})


def _points(least: int, most: int, what: str) -> Word:
    def convert(match: re.Match[str]) -> int:
        micro = int(Decimal(match[0]) * MICRO)
        if not least * MICRO <= micro <= most * MICRO:
            raise BadValue(f"{match[0]} is out of range", f"between {least} and {most}", "points-range")
        return micro

    return Word(what, _pattern(_POINTS, convert), {"type": "number", "minimum": least, "maximum": most}, plain=True)


def _read_days(match: re.Match[str]) -> int:
    return _between(match[1], 1, OLDEST_AGE)


def _read_count(match: re.Match[str]) -> int:
    return _between(match[0], 0, MOST_COUNT)


def _positive(text: str) -> int:
    return _between(text, 1, MOST_COUNT)


def _between(text: str, least: int, most: int) -> int:
    if not least <= int(text) <= most:
        raise BadValue(f"{text} is out of range", f"between {least} and {most}")
    return int(text)


def _read_share(match: re.Match[str]) -> int:
    share = int(Decimal(match[1]) * 1000)
    if share > WHOLE:
        raise BadValue(f"{match[0]} is more than 100%")
    return share


def _read_text(text: str) -> str:
    if _CONTROL.search(text):
        raise BadValue(f"{clipped(text)} has a line break or another character that does not show")
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise BadValue(f"a text has 1 to {LONGEST_TEXT} characters")
    return text


def _read_definition_name(text: str) -> str:
    # Scores carry name@fingerprint, and files are called by it.
    if len(_read_text(text)) > LONGEST_DEFINITION_NAME or set(text) & set('@/\\"'):
        raise BadValue(f"{clipped(text)} cannot be the name of a definition")
    return text


def _read_condition(text: str) -> object:
    try:
        return parse_condition(text)
    except ConditionError as error:
        raise BadValue(str(error), error.hint, "bad-condition") from error


def _read_measure(match: re.Match[str]) -> Measure:
    if match[1] is None:
        return Measure(match[0])
    hint = "sum(properties.x) adds a property of the events"
    try:
        name = parse_name(match[1])
    except ConditionError as error:
        raise BadValue(str(error), hint) from error
    if name.root not in {"properties", "context"}:
        raise BadValue(f"{clipped(match[1])} is not a property of events", hint)
    return Measure("sum", name.key)


def _read_cap(match: re.Match[str]) -> FrequencyCap:
    return FrequencyCap(_positive(match[1]), match[2].removeprefix("per "))


def _read_window(match: re.Match[str]) -> tuple[int, int]:
    return _positive(match[1]), _between(match[2], 1, OLDEST_AGE)


def _read_promise(match: re.Match[str]) -> Promise:
    return Promise(_positive(match[1]), match[2])


def _read_number(match: re.Match[str]) -> int:
    return int(Decimal(match[0]) * MICRO)


VERSION: Final = Word("1", _pattern("1", lambda _: 1), {"const": 1}, plain=True)
TEXT: Final = Word("a text", _read_text, {"type": ["string", "number", "boolean"]})
DEFINITION_NAME: Final = Word(
    'a name of at most 60 characters without @, /, \\ and "',
    _read_definition_name,
    {"type": ["string", "number"]},
)
POINTS: Final = _points(-MOST_POINTS, MOST_POINTS, "points, such as 25 or -0.5 (at most 3 decimals)")
AT_MOST: Final = _points(0, MOST_POINTS, "points of 0 or more, such as 60 (at most 3 decimals)")
AT_LEAST: Final = _points(-MOST_POINTS, 0, "points of 0 or less, such as -20 (at most 3 decimals)")
COUNT: Final = Word(
    "a whole number", _pattern("[0-9]{1,7}", _read_count), {"type": "integer", "minimum": 0}, plain=True
)
NUMBER: Final = Word(
    "a number of at most 6 decimals",
    _pattern(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", _read_number),
    {"type": "number"},
    plain=True,
)
FLAG: Final = Word(
    "true or false", _pattern("true|false", lambda match: match[0] == "true"), {"type": "boolean"}, plain=True
)
DAYS: Final = Word("a number of days, such as 30d", _pattern(_DAYS, _read_days), _json_text(_DAYS))
MOMENTS: Final = Word("moments such as every:7d or created+1h", _read_moments, _json_text(f"({PATTERN})"))
PROMISE: Final = Word("a time such as 30m, 4h or 1d", _pattern(_PROMISE, _read_promise), _json_text(_PROMISE))
SHARE: Final = Word("a percentage, such as 25%", _pattern(_SHARE, _read_share), _json_text(_SHARE))
CONDITION: Final = Word("a condition, such as \"company_size >= 100 and country in ('DE', 'AT')\"", _read_condition)
MEASURE: Final = Word(
    "count, days, visits, minutes or sum(properties.x)",
    _pattern(_MEASURE, _read_measure),
    _json_text(_MEASURE),
)
FREQUENCY_CAP: Final = Word(
    "a number and a period: 3 per day, 3 per week, 3 per month or 1 ever",
    _pattern(_CAP, _read_cap),
    _json_text(_CAP),
)
FREQUENCY: Final = Word(
    "a number and a window, such as 3 within 7d", _pattern(_WINDOW, _read_window), _json_text(_WINDOW)
)
NO_DECAY: Final = Word("none", _pattern("none", lambda _: "none"), {"const": "none"})
