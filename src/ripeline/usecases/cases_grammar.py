"""Every key of a cases file, once: what it takes and what it means."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ripeline.definition import syntax
from ripeline.definition.reading import BadValue, Path, Reading, clipped, told
from ripeline.definition.shapes import Field, Json, Listing, Record, Shape, Table, Word
from ripeline.definition.words import FLAG, TEXT
from ripeline.vocabulary.history import EVENT_TYPES
from ripeline.vocabulary.issues import Place, did_you_mean
from ripeline.vocabulary.points import micro_of
from ripeline.vocabulary.scores import Contribution
from ripeline.vocabulary.values import NUMBER, read_date, read_time

MOST_TIMES = 100_000
"""An event is repeated at most this often."""

MOST_CASES = 2_000

JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
"""What reads as a number where it is not quoted; a postcode such as 01234 stays text."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that a case names under `expect`. value: as the score carries it, None for null.

    Points and likelihood are in millionths; contributions are lines.
    """

    name: str
    place: Place
    value: object


def _points(text: str) -> int:
    if not NUMBER.fullmatch(text):
        raise BadValue(f"{clipped(text)} is no number of points")
    return micro_of(text)


def _time(text: str) -> int:
    found = read_time(text)
    if found is None:
        raise BadValue(f"{clipped(text)} is no time")
    return found


def _moment(text: str) -> str:
    if read_date(text) is None and read_time(text) is None:
        raise BadValue(f"{clipped(text)} is neither a date nor a time")
    return text


def _times(text: str) -> int:
    if not re.fullmatch("[0-9]{1,6}", text) or not 1 <= int(text) <= MOST_TIMES:
        raise BadValue(f"{clipped(text)} cannot be read")
    return int(text)


def _event_type(text: str) -> str:
    if text not in EVENT_TYPES:
        raise BadValue(f"{clipped(text)} is not known", did_you_mean(text, EVENT_TYPES))
    return text


def once(node: syntax.Mapping, reading: Reading) -> Iterator[syntax.Entry]:
    """Yield the entries of a mapping; a key that is written again is an issue."""
    for entry in node:
        if entry.first_line is None:
            yield entry
        else:
            message = f"{clipped(entry.key)} is written twice; the first is on line {entry.first_line}"
            reading.problem("duplicate-key", message, entry.key_place, "keep one of them")


def plain(node: syntax.Yaml, reading: Reading) -> object:
    """Return what a node holds: None, bool, Decimal, str, or lists and mappings of them."""
    match node:
        case syntax.Unreadable() | syntax.Scalar(text=None):
            return None
        case syntax.Scalar(_, str(text), quoted, _):
            if quoted or (text not in {"true", "false"} and not JSON_NUMBER.fullmatch(text)):
                return text
            return text == "true" if text in {"true", "false"} else Decimal(text)
        case syntax.Sequence(_, items, _):
            return [plain(item, reading) for item in items]
        case syntax.Mapping():
            return {entry.key: plain(entry.value, reading) for entry in once(node, reading)}
    raise AssertionError(node)


@dataclass(frozen=True, slots=True)
class Facts:
    """A mapping of any names to any values, as an event or a trait call carries them."""

    what: str
    nested: bool

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return the values by name."""
        if not isinstance(node, syntax.Mapping):
            reading.wrong_type(node, path, self.what)
            return None
        for entry in node:
            if isinstance(entry.value, syntax.Mapping) and not self.nested:
                reading.wrong_type(entry.value, (*path, entry.key), "a single value or a list")
        return plain(node, reading)

    def schema(self) -> Json:
        """Return the JSON Schema of the mapping."""
        return {"type": "object", "description": self.what}


@dataclass(frozen=True, slots=True)
class Lines:
    """Points by the name of their line: a rule, or `limit:` and what it limits."""

    what: str = "points by name, such as {trial_download: 12.5}"

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return the lines in the order of the file."""
        if not isinstance(node, syntax.Mapping):
            reading.wrong_type(node, path, self.what)
            return None
        entries = list(once(node, reading))
        points = (POINTS.read(entry.value, (*path, entry.key), reading) for entry in entries)
        return tuple(
            Contribution(entry.key, micro)
            for entry, micro in zip(entries, points, strict=True)
            if isinstance(micro, int)
        )

    def schema(self) -> Json:
        """Return the JSON Schema of the mapping."""
        return {"type": "object", "additionalProperties": POINTS.schema()}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value under `expect`. or_null: null is expected where nothing is there."""

    inner: Shape
    or_null: bool = False

    @property
    def what(self) -> str:
        """What it takes, in words."""
        return self.inner.what

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return an Expectation."""
        if self.or_null and isinstance(node, syntax.Scalar) and node.text is None:
            return Expectation(path[-1], node.place, None)
        value = self.inner.read(node, path, reading)
        return None if value is None else Expectation(path[-1], node.place, value)

    def schema(self) -> Json:
        """Return the JSON Schema of the value."""
        return {"anyOf": [self.inner.schema(), {"type": "null"}]} if self.or_null else self.inner.schema()


@dataclass(frozen=True, slots=True)
class NotEmpty:
    """A mapping in which something is said."""

    inner: Record

    @property
    def what(self) -> str:
        """What it takes, in words."""
        return self.inner.what

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return what the mapping holds."""
        if isinstance(node, syntax.Mapping) and not node.entries:
            message = f"{told(path)} names nothing"
            reading.problem("bad-value", message, node.place, "such as {engagement: 12.5}")
        return self.inner.read(node, path, reading)

    def schema(self) -> Json:
        """Return the JSON Schema of the mapping."""
        return {**self.inner.schema(), "minProperties": 1}


@dataclass(frozen=True, slots=True)
class Statements:
    """Traits that were always known, or a list of what was told at which time."""

    what: str = "a mapping of traits, or a list of {time, known_at, trusted, traits}"

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return what was told, each as a mapping with `traits`."""
        if isinstance(node, syntax.Sequence):
            return Listing(STATEMENT, self.what).read(node, path, reading)
        traits = TRAITS.read(node, path, reading)
        return None if traits is None else ({"traits": traits},)

    def schema(self) -> Json:
        """Return the JSON Schema of both ways."""
        return {"anyOf": [TRAITS.schema(), {"type": "array", "items": STATEMENT.schema()}]}


POINTS = Word("points, such as 12.5 (at most 6 decimals)", _points, {"type": "number"}, plain=True)
TIME = Word("a time such as 2026-03-01T10:00:00Z (UTC where it names no zone)", _time)
MOMENT = Word("a date (the end of that local day) or a time such as 2026-03-01T10:00:00Z", _moment)
TIMES_OF = Listing(TIME, "a time or a list of times", or_one=True)
TIMES = Word(f"how often, 1 to {MOST_TIMES}", _times, {"type": "integer", "minimum": 1}, plain=True)
TRAITS = Facts("a mapping of traits", nested=False)
STATEMENT = Record(
    {
        "time": Field(TIME, "since when it is true; absent: undated, older than everything else"),
        "known_at": Field(TIME, "when it was received (its time)"),
        "trusted": Field(FLAG, "false: it came from a web page (true)"),
        "traits": Field(TRAITS, "the traits; null unsets one", required=True),
    }
)
EVENT = Record(
    {
        "type": Field(Word("one of track, page, screen", _event_type, {"enum": [*EVENT_TYPES]}), "(track)"),
        "name": Field(TEXT, "name of the track call, or of the page"),
        "time": Field(TIMES_OF, "when it happened", required=True),
        "times": Field(TIMES, "how often it happened at each of these times (1)"),
        "known_at": Field(TIME, "when it was received (its time)"),
        "trusted": Field(FLAG, "false: it came from a web page (true)"),
        "properties": Field(Facts("a mapping of properties", nested=True), "read as properties.x"),
        "context": Field(Facts("a mapping", nested=True), "read as context.x"),
    },
    "an event, such as {name: Trial Downloaded, time: 2026-03-01T10:00:00Z}",
)
EXPECT = Record(
    {
        **{score: Field(Wanted(POINTS), "points, compared exactly") for score in ("fit", "engagement")},
        "fit_level": Field(Wanted(TEXT), "the level of fit"),
        "engagement_level": Field(Wanted(TEXT), "the level of engagement"),
        "rating": Field(Wanted(TEXT, or_null=True), "the cell's name; null where suppressed"),
        "action": Field(Wanted(TEXT), "what to do"),
        "meets_definition": Field(Wanted(FLAG), "whether the lead is an MQL"),
        "stage": Field(Wanted(TEXT), "mql, lead, sales_qualified or suppressed"),
        "likelihood": Field(Wanted(POINTS, or_null=True), "from the learned table"),
        "suppressed_by": Field(Wanted(TEXT, or_null=True), "the suppression that holds"),
        "hand_raise": Field(Wanted(TEXT, or_null=True), "the signal of the open hand-raise"),
        "unknown": Field(Wanted(Listing(TEXT, "a list of criteria")), "criteria that cannot be decided"),
        "contributions": Field(Wanted(Lines()), "every line of engagement"),
        "fit_contributions": Field(Wanted(Lines()), "every line of fit"),
    }
)
CASE = Record(
    {
        "as_of": Field(MOMENT, "the moment that is scored", required=True),
        "known_at": Field(MOMENT, "only what was received by then"),
        "traits": Field(Statements(), "what is known of the lead"),
        "events": Field(Listing(EVENT, "a list of events"), "what the lead did"),
        "answered": Field(TIMES_OF, "when sales answered a handoff of the lead"),
        "expect": Field(NotEmpty(EXPECT), "what is compared, such as engagement: 12.5", required=True),
    },
    "a case: as_of, traits, events, answered, expect",
)
ROOT: Mapping[str, Shape] = {
    "definition": TEXT,
    "define": Word("a definition as a block of text: `define: |`", str),
    "cases": Table(CASE, "cases by name", MOST_CASES),
}
