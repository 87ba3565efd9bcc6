"""What a backtest says in short: which definition would have caught more of the wins, and at what cost."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report.backtest_words import Side, days, sides, weekly
from ripeline.usecases.report.frame import tiles
from ripeline.usecases.report.markup import Html, joined, p, said, tag
from ripeline.usecases.report.numbers import SURE, between, counted, number, told
from ripeline.vocabulary.rates import Rate

Record = Mapping[str, Any]

_EVEN: Final = 0.5


def summary(record: Record) -> Iterator[Html]:
    """Yield which definition would have caught more of the wins, at how many MQLs a week, and how sure that is."""
    every = sides(record)
    if len(every) == 1:
        yield tag("p", _alone(every[0]), class_="lead")
        return
    best, other = sorted(every, key=lambda side: -side[1]["caught"]["count"])
    yield tag("p", _against(best, other), class_="lead")
    if best[1]["caught"]["of"]:
        own, others = sorted((one["caught"] for one in record["differ"][1:]), reverse=True)
        yield p(_same(own) if own == others else _more(own, others, best[1]["mqls"] - other[1]["mqls"]), "words")


def _alone(side: Side) -> Html:
    name, one = side
    made = f"would have made {counted(one['mqls'], 'MQL')}, {number(one['per_week'], 1)} a week, and"
    return joined([name, said(made), said(_caught(one["caught"]))], " ")


def _caught(caught: Record) -> str:
    if not caught["of"]:
        return "nobody was won in the period, so nothing tells whether they were the right ones."
    if caught["share"] is None:
        return f"caught {told(caught)} wins: too few to tell a share."
    return f"caught {told(caught)} of {counted(caught['of'], 'win')} ({between(caught)}, at {SURE})."


def _against(best: Side, other: Side) -> Html:
    """Return which of two definitions caught more of the wins, and at how many MQLs a week."""
    (first, one), (second, another) = best, other
    caught, less = one["caught"], another["caught"]
    at, beside = said(f"at {weekly(one)},"), said(f"at {weekly(another)}.")
    if not caught["of"]:
        begin = said("Nobody was won in the period, so nothing tells which definition is better:")
        return joined([begin, first, at, second, beside], " ")
    if caught["count"] == less["count"]:
        begin = said(f"Both would have caught {caught['count']:,} of {counted(caught['of'], 'win')}:")
        return joined([begin, first, at, second, beside], " ")
    more = said(f"would have caught more of the wins: {told(caught)}")
    return joined([first, more, at, said("against"), said(told(less)), said("by"), second, beside], " ")


def _more(own: int, others: int, mqls: int) -> str:
    """Return which wins one definition alone caught, whether that may be luck, and what it costs in MQLs.

    Both saw the same wins, so only those tell that one caught and the other missed.
    """
    chance = Rate(own, own + others).interval
    may_be = chance is None or chance[0] <= _EVEN
    cost = f"{counted(abs(mqls), 'MQL')} {'more' if mqls > 0 else 'fewer'}" if mqls else "as many MQLs"
    return (
        f"It caught {counted(own, 'win')} that the other missed, and missed {others or 'none'} that the other caught, "
        f"{'which may be luck' if may_be else 'beyond luck'}. It would have made {cost}."
    )


def _same(own: int) -> str:
    return f"Each caught {counted(own, 'win')} that the other missed." if own else "They caught the same wins."


def in_short(record: Record) -> Html:
    """Return what matters most, large: of two definitions first one's, then the other's."""
    every = record["definitions"]
    whose = " (the first and the second definition)" if len(every) > 1 else ""
    return tiles(
        [
            ("MQLs a week", _each(every, lambda one: number(one["per_week"], 1)), f"on average{whose}"),
            (f"Won within {days(record)}", _each(every, lambda one: _share(one["won"])), "of MQLs whose days are over"),
            ("Wins caught", _each(every, lambda one: _share(one["caught"])), "were MQLs before they were won"),
            ("Days to win", _each(every, _half), "from MQL to half of the wins caught"),
        ]
    )


def _each(every: Sequence[Record], text: Callable[[Record], str]) -> str:
    """Return a figure of each definition; once where they are the same."""
    return " / ".join(dict.fromkeys(map(text, every)))


def _share(rate: Record) -> str:
    return told(rate) if rate["of"] else "nobody yet"


def _half(one: Record) -> str:
    half = one["days_to_win"]["half"]
    return "too few" if half is None else f"{half:,}"
