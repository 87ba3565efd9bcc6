"""What definitions would have done, figure by figure, one beside the other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report.backtest_words import Side, apart, days, each_told, rate_cell, sides, won_told
from ripeline.usecases.report.frame import headed, section
from ripeline.usecases.report.markup import NOTHING, Html, joined, p, said, tag
from ripeline.usecases.report.numbers import SURE, counted, number, percent
from ripeline.usecases.report.scale import Scale

Record = Mapping[str, Any]

_SHARES: Final = Scale(0.0, 1.0, ())


def side_by_side(record: Record) -> Html:
    """Return the section."""
    every = sides(record)
    rows = ([_about(*name), *(said_of(one) for _, one in every)] for name, said_of in _figures(record))
    note = p(f"Bars go from {percent(0)} to {percent(1)}; the thin line shows between which two it lies, at {SURE}.")
    table = headed([NOTHING, *(name for name, _ in every)], rows, kind="sides")
    return section("The figures", _lead(every, days(record)), table, tag("div", note, class_="small"))


def _lead(every: Sequence[Side], within: str) -> Html:
    """Return how often MQLs were won, and whether that tells definitions apart."""
    shares = [[name, said(f"would have had {_won(one['won'], within)}")] for name, one in every]
    rest = [said(apart(*(one["won"] for _, one in every)))] if len(every) > 1 else []
    return joined([each_told(shares), *rest], " ")


def _won(rate: Record, within: str) -> str:
    if not rate["of"]:
        return f"no MQLs whose {within} are over"
    return f"{won_told(rate)} MQLs won within {within}"


def _about(name: str, more: str) -> Html:
    return joined([said(name), tag("span", said(more), class_="small below")])


def _strong(text: str) -> Html:
    return tag("strong", said(text))


def _figures(record: Record) -> Iterator[tuple[tuple[str, str], Callable[[Record], Html]]]:
    yield ("MQLs", "met it for the first time in the period"), lambda one: _strong(f"{one['mqls']:,}")
    yield ("MQLs a week", "on average"), lambda one: _strong(number(one["per_week"], 1))
    yield ("MQLs before", "met it when the period began already"), lambda one: _strong(f"{one['before']:,}")
    won = (f"Won within {days(record)}", "of MQLs whose days are over")
    yield won, lambda one: rate_cell(one["won"], _SHARES)
    accepted = ("Accepted by sales", "of MQLs that sales answered")
    yield accepted, lambda one: rate_cell(one["accepted"], _SHARES)
    caught = ("Wins caught", "of all who were won in the period, those who were MQLs before")
    yield caught, lambda one: rate_cell(one["caught"], _SHARES)
    yield ("From MQL to win", "half of the wins caught"), lambda one: _strong(_half(one["days_to_win"]))


def _half(found: Record) -> str:
    return "too few" if found["half"] is None else f"within {counted(found['half'], 'day')}"
