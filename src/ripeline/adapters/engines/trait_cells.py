"""Traits of leads as cells to count: of each trait its text, its number, the days since a date, and true or false."""

from collections.abc import Iterator, Mapping

from ripeline.scoring.sql.frame import Frame
from ripeline.vocabulary.points import MICRO

TEXT, NUMBER, AGE, FLAG = "text", "number", "age", "flag"
"""Columns of a trait, each with its place behind it; numbers and ages are in millionths."""

A_NUMBER, A_LIST = " a number", " a list"
"""What stands for values that are no texts; no condition names a text that begins with a space."""


def cell_columns(frame: Frame) -> Iterator[str]:
    """Yield the columns of each trait of a plan, over the profile `p`; NULL where a trait has no such reading."""
    for place, trait in enumerate(frame.plan.traits):
        twins = {twin: f"p.{frame.dialect.name_of(f'{trait}:{twin}')}" for twin in frame.trait_twins(trait)}
        yield f"{_text(twins)} AS {TEXT}_{place}"
        yield f"{twins.get('number', 'CAST(NULL AS BIGINT)')} AS {NUMBER}_{place}"
        yield f"{_age(frame, twins)} AS {AGE}_{place}"
        yield f"{twins.get('boolean', 'CAST(NULL AS BOOLEAN)')} AS {FLAG}_{place}"


def _text(twins: Mapping[str, str]) -> str:
    """Return SQL of what a trait holds, as text."""
    known = "CASE WHEN {} IS NOT NULL THEN '{}' END"
    read = {
        "text": "{}",
        "boolean": "CASE WHEN {0} THEN 'true' WHEN NOT {0} THEN 'false' END",
        "number": known.format("{}", A_NUMBER),
        "texts": known.format("{}", A_LIST),
        "numbers": known.format("{}", A_LIST),
    }
    parts = [sql.format(twins[twin]) for twin, sql in read.items() if twin in twins]
    return f"coalesce({', '.join([*parts, 'CAST(NULL AS VARCHAR)'])})"


def _age(frame: Frame, twins: Mapping[str, str]) -> str:
    today = "p.today" if frame.moment.each else frame.today
    days = [
        twins[twin] if twin == "day" else frame.any_day(twins[twin]) for twin in ("day", "instant") if twin in twins
    ]
    return f"({today} - coalesce({', '.join(days)})) * {MICRO}" if days else "CAST(NULL AS BIGINT)"
