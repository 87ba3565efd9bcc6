"""Times as files write them, to instants: dates, ISO times with and without zone, epochs.

Two steps, so that no long expression is written twice: `written_time` reads what a cell shows, an
absolute and a local reading; `instant` turns whichever there is into an instant.
"""

from ripeline.adapters.history.cells import WHOLE_TIME, day_of_date, local_time, millionths, shift_of, whole_time
from ripeline.vocabulary.calendar import DAY_US, EARLIEST_US, EPOCH_DAY, LATEST_US, Zone

_TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,9})?)?"
_SHIFT = "(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])"


def tidy(cell: str) -> str:
    """Return a cell without the blanks and words that some exports put around a zone."""
    return (
        f"CASE WHEN contains({cell}, ' ') THEN replace(replace(trim({cell}), ' UTC', 'Z'), ' +', '+') ELSE {cell} END"
    )


def written_time(text: str) -> tuple[str, str]:
    """Return SQL of the instant a tidy text tells by itself, and of the local time it shows otherwise.

    Whole numbers are epochs, told apart by their length: up to 11 digits seconds, up to 14
    milliseconds, else microseconds; eight digits are a date.
    """
    compact = f"(substr({text}, 1, 4) || '-' || substr({text}, 5, 2) || '-' || substr({text}, 7, 2))"
    absolute = _ladder(
        text,
        [
            (WHOLE_TIME + "Z", whole_time(text)),
            (_TIME + _SHIFT, f"{local_time(text)} - {shift_of(text)}"),
            ("-?[0-9]{9,11}", f"TRY_CAST({text} AS BIGINT) * 1000000"),
            ("-?[0-9]{12,14}", f"TRY_CAST({text} AS BIGINT) * 1000"),
            ("-?[0-9]{15,17}", f"TRY_CAST({text} AS BIGINT)"),
            ("-?[0-9]{9,11}\\.[0-9]{1,6}", millionths(text)),
        ],
    )
    local = _ladder(
        text,
        [
            (WHOLE_TIME, whole_time(text)),
            (_TIME, local_time(text)),
            ("[0-9]{4}-[0-9]{2}-[0-9]{2}", _midnight(text)),
            ("[0-9]{8}", _midnight(compact)),
        ],
    )
    return absolute, f"CASE WHEN NOT ends_with({text}, 'Z') THEN {local} END"


def instant(absolute: str, local: str, zone: Zone) -> str:
    """Return SQL of the instant, given the columns of both readings; NULL where there is none.

    zone: where clocks stood that name none; see Zone.from_local.
    """
    pairs = zip(zone.rows, zone.rows[1:], strict=False)
    breaks = [(start + max(old, new), new) for (_, old), (start, new) in pairs]
    cases = " ".join(f"WHEN {local} >= {start} THEN {offset}" for start, offset in reversed(breaks))
    offset = f"CASE {cases} ELSE {zone.rows[0][1]} END" if cases else str(zone.rows[0][1])
    found = f"coalesce({absolute}, {local} - {offset})"
    return f"CASE WHEN {found} BETWEEN {EARLIEST_US} AND {LATEST_US} THEN {found} END"


def _ladder(text: str, cases: list[tuple[str, str]]) -> str:
    steps = " ".join(f"WHEN regexp_full_match({text}, '{pattern}') THEN {sql}" for pattern, sql in cases)
    return f"CASE {steps} END"


def _midnight(text: str) -> str:
    return f"(({day_of_date(text)}) - {EPOCH_DAY}) * {DAY_US}"
