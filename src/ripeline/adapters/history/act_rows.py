"""Acts as rows on their way into the engine: lines of JSON, put together from cells that are remembered as such.

There are far more acts than anything else, and most of their cells were seen before.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from ripeline.adapters.columnar.columns import TWIN_TYPES
from ripeline.adapters.history.room import Room
from ripeline.intake.calls import Call
from ripeline.vocabulary.columns import REST, column_of
from ripeline.vocabulary.values import TWINS, Value, storable, typed

SHORT = 64
"""Letters of values that are remembered."""

BASE = {
    "user": "VARCHAR",
    "device": "VARCHAR",
    "ts": "BIGINT",
    "known": "BIGINT",
    "source": "VARCHAR",
    "row": "BIGINT",
    "trusted": "BOOLEAN",
    "type": "VARCHAR",
    "name": "VARCHAR",
    "id": "UUID",
    "digest": "BIGINT",
    "aside": "BOOLEAN",
}
"""What every act has: whose it is, by their text, and what kind of an act."""

_encoded = msgspec.json.Encoder().encode


class _Act(msgspec.Struct, gc=False):
    """The columns of BASE."""

    user: str | None
    device: str | None
    ts: int
    known: int
    source: str
    row: int
    trusted: bool
    type: str
    name: str
    id: str
    digest: int
    aside: bool


class ActRows:
    """Makes lines of acts, and remembers which columns these have."""

    def __init__(self, room: Room) -> None:
        """Take which columns there may be; begin with no line."""
        self._room, self._rests = room, False

    def line(self, row: int, call: Call) -> bytes:
        """Return an act as a line; row: its place among all calls."""
        act = _Act(
            call.user,
            call.device,
            call.time_us,
            call.known_us,
            call.source,
            row,
            call.trusted,
            call.kind,
            call.name,
            call.id,
            call.digest,
            call.suspicion is not None,
        )
        line = bytearray(_encoded(act))
        del line[-1:]
        rest, admitted = dict[str, object](), self._room.admitted
        for field in call.fields.items():
            names, cells = _cells_of(field)
            if names in admitted or self._room.has(names, trusted=call.trusted):
                line += cells
            else:
                rest[field[0]] = said(field[1])
        if rest:
            self._rests = True
            line += b"," + _encoded({REST: rest_of(rest)})[1:-1]
        line += b"}\n"
        return bytes(line)

    def columns(self) -> Mapping[str, str]:
        """Return the types of all columns by their names."""
        further = sorted({name for names in self._room.admitted for name in names})
        rest = {REST: "VARCHAR"} if self._rests else {}
        return BASE | rest | {name: TWIN_TYPES[name.rpartition(":")[2]] for name in further}


def said(raw: object) -> object:
    """Return what a value of JSON says, as history tells it."""
    value = typed(raw)
    return None if value is None else value.said


def rest_of(values: Mapping[str, object]) -> str:
    """Return values that have no column, by name, as one text."""
    return storable(_encoded(values).decode())


def twins_of(name: str, value: Value) -> Iterator[tuple[str, object]]:
    """Yield a value's columns by name, each with what it holds."""
    return ((f"{name}:{twin}", found) for twin in TWINS if (found := getattr(value, twin)) is not None)


def _cells_of(field: tuple[str, object]) -> tuple[tuple[str, ...], bytes]:
    """Return the names of a field's columns, and their cells as they stand in a line."""
    name, raw = field
    short = isinstance(raw, int | float) or (type(raw) is str and len(raw) <= SHORT)
    return _cells_once(name, raw) if short else _cells(name, raw)


def _cells(name: str, raw: object) -> tuple[tuple[str, ...], bytes]:
    value = typed(raw)
    twins = {} if value is None else dict(twins_of(name, value))
    cells = (b"," + _encoded({column_of(twin): cell})[1:-1] for twin, cell in twins.items())
    return tuple(twins), b"".join(cells)


_cells_once = lru_cache(maxsize=2**16, typed=True)(_cells)
