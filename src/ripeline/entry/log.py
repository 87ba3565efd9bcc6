"""What a server notes: one line of JSON for each noteworthy thing, on standard error.

Nothing of anybody's data is ever in it: no ids, addresses, bodies or queries. So of an error only its kind and its place in
our code are told, never its message, and of what libraries say only the part that is the same every time.
"""

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

import msgspec

import ripeline
from ripeline.vocabulary.calendar import instant_text

_log = logging.getLogger("ripeline")
_OURS = str(Path(ripeline.__file__).parent)

Fact = str | int | float | bool | None | dict[str, str]


def note(what: str, level: int = logging.INFO, **facts: Fact) -> None:
    """Note a noteworthy thing with facts that name nobody."""
    _log.log(level, what, extra={"facts": facts})


def note_error(what: str, error: BaseException) -> None:
    """Note that something went wrong: the error's kind and its place, never its message."""
    note(what, logging.ERROR, **_told(error))


def place_of(trace: TracebackType | None) -> str | None:
    """Return the innermost place in our code that a trace goes through, such as "entry/log.py:12"."""
    ours = [frame for frame in traceback.extract_tb(trace) if frame.filename.startswith(_OURS)]
    if not ours:
        return None
    return f"{Path(ours[-1].filename).relative_to(_OURS).as_posix()}:{ours[-1].lineno}"


def start_log(level: str) -> None:
    """Have everything noted from a level on, also what libraries warn of, and what ends a thread."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine())
    logging.basicConfig(handlers=[handler], level=max(logging.WARNING, logging.getLevelName(level.upper())), force=True)
    _log.setLevel(level.upper())
    # A log that cannot be written is no reason to write where it is written to.
    logging.raiseExceptions = False
    threading.excepthook = lambda ended: note("a thread ended", logging.ERROR, **_told(ended.exc_value))


def _told(error: BaseException | None) -> dict[str, Fact]:
    return {} if error is None else {"error": type(error).__name__, "place": place_of(error.__traceback__)}


class _OneLine(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        line = {
            "at": instant_text(int(record.created * 1_000_000)),
            "level": record.levelname.lower(),
            "what": _what(record, error),
            **getattr(record, "facts", {}),
            **_told(error),
        }
        return msgspec.json.encode(line).decode()


def _what(record: logging.LogRecord, error: BaseException | None) -> str:
    """Of libraries' messages the first line as it is written in their code, without the values that belong into it."""
    if error is not None:
        return "defect"
    said = str(record.msg).partition("\n")[0]
    return said if record.name == _log.name else f"{record.name}: {said}"
