"""Whether leads are still those for whom a definition was made: an index for each score and trait, and what moved."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report import review_words as words
from ripeline.usecases.report.bars import share_bar
from ripeline.usecases.report.frame import as_table, grid, section, sign
from ripeline.usecases.report.markup import NOTHING, Html, called, joined, p, said, tag
from ripeline.usecases.report.numbers import counted, number, percent

Record = Mapping[str, Any]

EXPLAINED: Final = (
    "The population stability index compares everybody of then with everybody now, by tenths of a number or by values: "
    "below 0.1 stable, above 0.25 changed. Half a lead is added to each part, so that none is empty. Too few to tell: "
    "chance alone moves it as much."
)
SIGNS: Final = {"stable": "yes", "look": "no", "changed": "no", "too_few": "plain"}


def stability(record: Record) -> Html:
    """Return the section."""
    scores, traits = record["stability"]["scores"], record["stability"]["traits"]
    every = [*scores, *sorted(traits, key=lambda one: -one["psi"])]
    moved = [one for one in every if words.moved(one)]
    rows = ([_name(one, scores), _index(one), said(words.moved(one))] for one in every)
    table = grid(("Of", "Index", "What moved most"), rows, kind="list")
    return section(
        "Are leads still those of then?", said(_lead(moved)), p(EXPLAINED, "small words"), table, *map(_bands, moved)
    )


def _lead(moved: Sequence[Record]) -> str:
    if not moved:
        return "Nothing moved more than chance moves it."
    return f"{counted(len(moved), 'thing')} moved: {', '.join(one['name'] for one in moved[:3])}."


def _name(one: Record, scores: Sequence[Record]) -> Html:
    return said(one["name"]) if one in scores else called(one["name"])


def _index(one: Record) -> Html:
    verdict = one["verdict"]
    return joined([said(number(one["psi"], 2)), sign(words.VERDICTS[verdict], SIGNS[verdict])], " ")


def _bands(one: Record) -> Html:
    """Return then beside now, part by part."""
    then, now = (sum(band[when] for band in one["bands"]) or 1 for when in ("then", "now"))
    longest = max(max(band["then"] / then, band["now"] / now) for band in one["bands"]) or 1
    rows = (
        [
            called(band["name"]),
            joined(
                [
                    _side("then", band["then"] / then, "rest", longest),
                    _side("now", band["now"] / now, "plus", longest),
                ]
            ),
        ]
        for band in one["bands"]
    )
    table = grid(("", "Share of leads, then and now"), rows, kind="list clocks")
    return as_table(f"{one['name']}, part by part", table) if one["bands"] else NOTHING


def _side(side: str, share: float, kind: str, longest: float) -> Html:
    bar = tag("span", share_bar(share / longest, kind))
    return tag("div", tag("span", said(side)), bar, tag("span", said(percent(share))), class_="share")
