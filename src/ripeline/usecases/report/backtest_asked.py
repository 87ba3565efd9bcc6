"""What a backtest was asked, and how it answers."""

from collections.abc import Mapping
from typing import Any

from ripeline.usecases.report.backtest_words import days, step
from ripeline.usecases.report.frame import facts, section
from ripeline.usecases.report.markup import Html, called, joined, said
from ripeline.usecases.report.numbers import counted

Record = Mapping[str, Any]


def asked(record: Record) -> Html:
    """Return the section."""
    lead = f"Everybody was looked at {counted(record['looks'], 'time')}, each time as it was known then."
    lines = {
        "Definitions" if record["differ"] else "Definition": _definitions(record),
        "Period": said(f"{record['from']} to {record['to']}"),
        **{name: said(text) for name, text in _how(record).items()},
    }
    return section("What was asked, and how", said(lead), facts(lines))


def _definitions(record: Record) -> Html:
    return joined((called(one["definition"]) for one in record["definitions"]), ", ")


def _how(record: Record) -> dict[str, str]:
    every, within = step(record), days(record)
    return {
        "Looks": (
            f"At the end of the day before the period, then of every {every} to its last. What became known later "
            "does not count; who is the same person is as it is known now."
        ),
        "MQL": (
            f"A person is an MQL at the first look at which they meet the definition, so days are known to a {every}. "
            "Who met it before the period, or was won before, is no new MQL."
        ),
        "Won in time": f"Within {within} of that look. An MQL whose days are not over counts as neither won nor lost.",
        "Accepted": "By sales in truth, after that look, of those whom it answered.",
        "Caught": "Won in the period, and an MQL at a look before, be it one before the period.",
        "Beware": (
            "A definition that was learned from this period has seen its outcomes: learn with --as-of, and judge on "
            "what came after."
        ),
    }
