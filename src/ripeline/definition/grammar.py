"""Every key of a definition, once: what it takes and what it means. The JSON Schema is made from this."""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from ripeline.definition.condition_text import ConditionError, parse_condition, parse_name
from ripeline.definition.model import Fade, FrequencyCap, HalfLife, Measure, Promise, Step
from ripeline.definition.shapes import BadValue, Either, Field, Listing, Record, Table, Word
from ripeline.vocabulary.calendar import OLDEST_AGE
from ripeline.vocabulary.issues import did_you_mean
from ripeline.vocabulary.points import MICRO
from ripeline.vocabulary.scores import ACTIONS

LONGEST_TEXT = 500
MOST_COUNT = 1_000_000


def _pattern(pattern: str, convert: Callable[[re.Match[str]], object]) -> Callable[[str], object]:
    compiled = re.compile(pattern)

    def read(text: str) -> object:
        match = compiled.fullmatch(text)
        if match is None:
            raise BadValue(f'"{text}" cannot be read')
        return convert(match)

    return read


def _choice(*words: str) -> Word:
    def read(text: str) -> str:
        if text not in words:
            raise BadValue(f'"{text}" is not known', did_you_mean(text, words))
        return text

    return Word(f"one of {', '.join(words)}", read, {"enum": list(words)})


def _read_points(match: re.Match[str]) -> int:
    micro = int(Decimal(match[0]) * MICRO)
    if abs(micro) > 10_000 * MICRO:
        raise BadValue(f"{match[0]} is out of range", "points lie between -10000 and 10000", "points-range")
    return micro


def _read_days(match: re.Match[str]) -> int:
    days = int(match[1])
    if not 1 <= days <= OLDEST_AGE:
        raise BadValue(f"{match[0]} is out of range", f"between 1d and {OLDEST_AGE}d")
    return days


def _read_count(match: re.Match[str]) -> int:
    count = int(match[0])
    if count > MOST_COUNT:
        raise BadValue(f"{match[0]} is out of range", f"at most {MOST_COUNT}")
    return count


def _read_share(match: re.Match[str]) -> int:
    share = int(Decimal(match[1]) * 1000)
    if share > 100_000:
        raise BadValue(f"{match[0]} is more than 100%")
    return share


def _read_text(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise BadValue("a text has 1 to 500 characters")
    return text


def _read_condition(text: str) -> object:
    try:
        return parse_condition(text)
    except ConditionError as error:
        raise BadValue(str(error), error.hint, "bad-condition") from error


def _read_sum(match: re.Match[str]) -> Measure:
    if match[1] is None:
        return Measure(match[0])
    try:
        name = parse_name(match[1])
    except ConditionError as error:
        raise BadValue(str(error), error.hint) from error
    if name.root == "trait":
        raise BadValue(f'"{match[1]}" is no property', "sum(properties.x) adds a property of the events")
    return Measure("sum", name.key)


def _read_cap(match: re.Match[str]) -> FrequencyCap:
    return FrequencyCap(_positive(match[1]), match[2].removeprefix("per "))


def _positive(text: str) -> int:
    if not 1 <= int(text) <= MOST_COUNT:
        raise BadValue(f"{text} is out of range", f"between 1 and {MOST_COUNT}")
    return int(text)


def _read_window(match: re.Match[str]) -> tuple[int, int]:
    window = re.fullmatch(r"([0-9]+)d", match[2])
    if window is None:
        raise BadValue(f'"{match[2]}" is no number of days')
    return _positive(match[1]), _read_days(window)


def _json_text(pattern: str) -> dict[str, object]:
    return {"type": "string", "pattern": f"^{pattern}$"}


_DAYS, _PROMISE, _SHARE = r"([0-9]{1,6})d", r"([0-9]{1,6})([mhd])", r"([0-9]{1,3}(?:\.[0-9]{1,3})?)%"
_CAP, _WINDOW = r"([0-9]{1,7}) (per day|per week|per month|ever)", r"([0-9]{1,7}) within ([0-9]{1,6}d)"
_MEASURE = r"(?:count|days|visits|minutes|sum\((.+)\))"

TEXT = Word("a text", _read_text)
POINTS = Word(
    "points, such as 25 or -0.5 (at most 3 decimals)",
    _pattern(r"-?[0-9]{1,5}(\.[0-9]{1,3})?", _read_points),
    {"type": "number", "minimum": -10_000, "maximum": 10_000, "multipleOf": 0.001},
    plain=True,
)
COUNT = Word(
    "a whole number", _pattern(r"[0-9]{1,7}", _read_count), {"type": "integer", "minimum": 0}, plain=True
)
DAYS = Word("a number of days, such as 30d", _pattern(_DAYS, _read_days), _json_text(_DAYS))
PROMISE = Word(
    "a time such as 30m, 4h or 1d",
    _pattern(_PROMISE, lambda m: Promise(_positive(m[1]), m[2])),
    _json_text(_PROMISE),
)
SHARE = Word("a percentage, such as 25%", _pattern(_SHARE, _read_share), _json_text(_SHARE))
FLAG = Word(
    "true or false", _pattern("true|false", lambda m: m[0] == "true"), {"type": "boolean"}, plain=True
)
NUMBER = Word(
    "a number of at most 6 decimals",
    _pattern(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", lambda m: int(Decimal(m[0]) * MICRO)),
    {"type": "number"},
    plain=True,
)
CONDITION = Word("a condition, such as \"company_size >= 100 and country in ('DE', 'AT')\"", _read_condition)
EVENT_TYPE = _choice("track", "page", "screen", "any")
EVENT_NAMES = Listing(TEXT, "the name of an event or a list of names", or_one=True)

DECAY = Either(
    Word("none", _pattern("none", lambda _: "none"), {"enum": ["none"]}),
    Record(
        {
            "half_life": Field(DAYS, "half of the points are left after this many days"),
            "fade": Field(DAYS, "points fall in a straight line to nothing at this age"),
            "step": Field(
                Record(
                    {
                        "lose": Field(SHARE, "the share that is lost, such as 50%", required=True),
                        "every": Field(DAYS, "how often", required=True),
                    }
                ),
                "a share is lost every so many days",
            ),
        },
        one_of=("half_life", "fade", "step"),
    ),
    "none, {half_life: 30d}, {fade: 60d} or {step: {lose: 50%, every: 30d}}",
)
HAND_RAISE = Either(
    FLAG,
    Record(
        {
            "open_for": Field(DAYS, "how long it stays open without an answer (30d)"),
            "to": Field(_choice("mql", "sales_qualified"), "the stage it leads to (mql)"),
        }
    ),
    "true or {open_for: 30d, to: sales_qualified}",
)
MATCH = {
    "event": Field(EVENT_NAMES, "name of the track call, or of the page; a list means any; absent: any name"),
    "type": Field(EVENT_TYPE, "track (default), page, screen or any"),
    "when": Field(CONDITION, "a condition on properties.x, context.x, and traits by their bare names"),
}
LIMITS = {
    "at_most": Field(POINTS, "cap on the positive sum"),
    "floor": Field(POINTS, "floor of the negative sum"),
}
CRITERION = Record(
    {
        "label": Field(TEXT, "how it is called on screen; default: the key in words"),
        "when": Field(CONDITION, "a condition on traits", required=True),
        "points": Field(POINTS, "points where the condition is true", required=True),
        "group": Field(TEXT, "a group of fit.groups"),
        "trusted": Field(FLAG, "read trusted traits only"),
    },
    "a mapping with when and points",
)
SIGNAL = Record(
    {
        "label": Field(TEXT, "how it is called on screen; default: the key in words"),
        **MATCH,
        "points": Field(POINTS, "points for each unit of the measure; negative allowed", required=True),
        "measure": Field(
            Word(
                "count, days, visits, minutes or sum(properties.x)",
                _pattern(_MEASURE, _read_sum),
                _json_text(_MEASURE),
            ),
            "what is counted per person and day (count)",
        ),
        "decay": Field(DECAY, "how points fade"),
        "cap": Field(POINTS, "most points of this signal"),
        "floor": Field(POINTS, "least points of this signal, where they are negative"),
        "group": Field(TEXT, "a group of engagement.groups"),
        "at_most": Field(
            Word("such as 3 per day, per week, per month, or 1 ever", _pattern(_CAP, _read_cap), _json_text(_CAP)),
            "frequency cap on the measure; the youngest count",
        ),
        "within": Field(DAYS, "only days younger than this count"),
        "at_least": Field(
            Word("such as 3 within 7d", _pattern(_WINDOW, _read_window), _json_text(_WINDOW)),
            "points once while the measure in the window is at least this",
        ),
        "without": Field(Record(MATCH), "with at_least: none of these happened in the same window"),
        "inactive": Field(DAYS, "points while nothing matching happened for this many days"),
        "trait": Field(TEXT, "points for each whole unit of a numeric trait"),
        "evidence": Field(_choice("weak", "normal"), "weak: supports other evidence, never carries"),
        "hand_raise": Field(HAND_RAISE, "the person asked to talk to sales"),
        "trusted": Field(FLAG, "count only what came by import, CRM or a server key"),
    },
    "a mapping with points",
)
GROUP = Record(LIMITS)
FIT_GROUP = Record({"first": Field(FLAG, "in order, the first that is true counts"), **LIMITS})
LEVELS = Table(POINTS, "levels with their lowest score, best first")
FIT = Record(
    {
        "min_known": Field(COUNT, "with fewer known criteria the fit level is unknown (1)"),
        **LIMITS,
        "criteria": Field(Table(CRITERION, "criteria by name"), "who fits"),
        "groups": Field(Table(FIT_GROUP, "groups by name"), "criteria limited together"),
        "levels": Field(LEVELS, "lowest score of each level, best first", required=True),
    }
)
ENGAGEMENT = Record(
    {
        **LIMITS,
        "weak_share": Field(SHARE, "how much weak evidence may add to the rest (25%)"),
        "signals": Field(Table(SIGNAL, "signals by name"), "what shows interest"),
        "groups": Field(Table(GROUP, "groups by name"), "signals limited together"),
        "levels": Field(LEVELS, "lowest score of each level, best first", required=True),
    }
)
CELL = Either(
    _choice(*ACTIONS),
    Record(
        {
            "action": Field(_choice(*ACTIONS), f"one of {', '.join(ACTIONS)}", required=True),
            "rating": Field(TEXT, "how the cell is called (A1 ... U3)"),
        }
    ),
    "an action, or {action, rating}",
)
PROMISES = {
    "accept_within": Field(PROMISE, "business hours until sales accepts; 1d is one business day"),
    "first_touch_within": Field(PROMISE, "business hours until the first contact"),
}
DEFINITION = Record(
    {
        "version": Field(_choice("1"), "version of this file format, 1", required=True),
        "name": Field(TEXT, "name of the definition (the file's stem)"),
        "timezone": Field(TEXT, "zone whose midnights count, such as Europe/Berlin (UTC)"),
        "required": Field(
            Listing(TEXT, "a list of traits", or_one=True),
            "one of these must be known before a lead can be an MQL ([email, phone])",
        ),
        "fit": Field(FIT, "who they are: levels, criteria", required=True),
        "engagement": Field(ENGAGEMENT, "what they do: levels, signals", required=True),
        "matrix": Field(
            Table(Table(CELL, "a cell for every interest level"), "a row for every fit level and unknown"),
            "what to do for each fit and interest level",
            required=True,
        ),
        "suppress": Field(
            Table(
                Record({"when": Field(CONDITION, "a condition on traits", required=True)}),
                "suppressions by name",
            ),
            "leads that are left out: own staff, competitors",
        ),
        "stages": Field(
            Record(
                {
                    "mql": Field(
                        Record(
                            {
                                "fall_below": Field(
                                    Record({"engagement": Field(POINTS), "fit": Field(POINTS)}),
                                    "an MQL falls when a score is below this",
                                )
                            }
                        ),
                        "the stage mql",
                    ),
                    "cool_down": Field(DAYS, "time after a rejection before a lead may qualify again (90d)"),
                    "remove_after": Field(DAYS, "time in the remove cell before removal is proposed (180d)"),
                }
            ),
            "how stages remember",
        ),
        "handoff": Field(
            Record(
                {
                    **PROMISES,
                    "hand_raise": Field(Record(PROMISES), "the same for people who asked to talk to sales"),
                    "reasons": Field(Listing(TEXT, "a list of words"), "why sales may send a lead back"),
                }
            ),
            "what sales promises",
        ),
        "accounts": Field(
            Record(
                {
                    "breadth": Field(POINTS, "points for each further interested person (5)"),
                    "breadth_cap": Field(POINTS, "most of them (20)"),
                }
            ),
            "how persons add up for their company",
        ),
        "learned": Field(
            Record(
                {
                    "likelihood": Field(
                        Record(
                            {
                                "of": Field(
                                    _choice("fit + engagement", "fit", "engagement"), "the sum", required=True
                                ),
                                "table": Field(
                                    Listing(Listing(NUMBER, "[points, likelihood]"), "a list of rows"),
                                    "rows [least points, likelihood], ascending",
                                    required=True,
                                ),
                            }
                        ),
                        "calibrated probability of winning",
                    )
                }
            ),
            "written by `ripeline learn`",
        ),
    }
)


def decay_of(raw: object) -> HalfLife | Fade | Step | None:
    """Return the decay that the values read for `decay` mean."""
    match raw:
        case {"half_life": int(days)}:
            return HalfLife(days)
        case {"fade": int(days)}:
            return Fade(days)
        case {"step": {"lose": int(lose), "every": int(every)}}:
            return Step(Fraction(lose, 100_000), every)
    return None
