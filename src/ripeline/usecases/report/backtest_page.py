"""What definitions would have done on history, as a page for people: the record of a backtest, explained and drawn."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ripeline.usecases.report.backtest_asked import asked
from ripeline.usecases.report.backtest_days import days_to_win
from ripeline.usecases.report.backtest_differ import differ
from ripeline.usecases.report.backtest_figures import side_by_side
from ripeline.usecases.report.backtest_groups import groups
from ripeline.usecases.report.backtest_missed import missed
from ripeline.usecases.report.backtest_summary import in_short, summary
from ripeline.usecases.report.backtest_weeks import weeks
from ripeline.usecases.report.backtest_words import step
from ripeline.usecases.report.frame import document, foot
from ripeline.usecases.report.markup import Html, joined, p, said, tag

Record = Mapping[str, Any]

TITLES: Final = {1: "What this definition would have done", 2: "What two definitions would have done"}


def backtest_page(record: Record) -> str:
    """Return a whole page in HTML that needs nothing else. record: of usecases.backtest."""
    title = TITLES[len(record["definitions"])]
    period = f"from {record['from']} to {record['to']}"
    head = joined([p(f"Ripeline: backtest {period}", "eyebrow"), tag("h1", said(title))])
    made = f"Made by ripeline backtest, {period}, with a look every {step(record)}."
    return document(title, [head, *_parts(record), foot(made)])


def _parts(record: Record) -> Iterator[Html]:
    yield from summary(record)
    yield in_short(record)
    yield side_by_side(record)
    yield weeks(record)
    yield days_to_win(record)
    yield groups(record)
    yield missed(record)
    yield differ(record)
    yield asked(record)
