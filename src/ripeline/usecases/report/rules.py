"""The points table: each rule with what speaks for it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ripeline.learning.evidence import RESAMPLES
from ripeline.usecases.report.bars import points_bar, share_bar, times_found
from ripeline.usecases.report.frame import section, sign
from ripeline.usecases.report.markup import NOTHING, Html, called, joined, p, said, tag
from ripeline.usecases.report.numbers import SURE, counted, signed, told
from ripeline.usecases.report.scale import Scale, scale_of
from ripeline.usecases.report.words import PARTS, looks

Record = Mapping[str, Any]

COLUMNS: Final = ("Rule", "Points", "Points, drawn", "Won, with it and without", "Found again")


def points_table(record: Record) -> Html:
    """Return the section."""
    rules = sorted(record["rules"], key=lambda one: -one["points"])
    scale = scale_of([0, *(end for one in rules for end in (*one["interval"], one["points"]))])
    longest = max([one[side]["share"] or 0 for one in rules for side in ("with", "without")])
    heads = tag("thead", tag("tr", *(tag("th", said(name), scope="col") for name in COLUMNS)))
    bodies = (_part(name, rules, scale, longest or 1) for name in PARTS)
    return section("The points", _lead(rules), _explained(record), tag("table", heads, *bodies, class_="grid rules"))


def _lead(rules: Sequence[Record]) -> Html:
    most, least = rules[0], rules[-1]
    best = [said("Most points:"), called(most["label"]), said(f"({signed(most['points'])}).")]
    worst = [said("Most taken away:"), called(least["label"]), said(f"({signed(least['points'])}).")]
    return joined([*(best if most["points"] > 0 else []), *(worst if least["points"] < 0 else [])], " ")


def _explained(record: Record) -> Html:
    what = looks(record["data"])
    fading = any(one["fades"] for one in record["rules"])
    half = " With it is also who has half the points of a rule that fades." if fading else ""
    return p(
        "A rule gives its points while it is true of a lead. The thin line shows between which two they lie, at "
        f"{SURE}. Won: of the {what}s of which it is true, and of the others.{half} Found again: in how many of "
        f"{RESAMPLES} redraws of the leads the rule, or one much like it, was found; where few, another rule would do "
        "as well.",
        "small words",
    )


def _part(name: str, rules: Iterable[Record], scale: Scale, longest: float) -> Html:
    own = [one for one in rules if one["part"] == name]
    if not own:
        return NOTHING
    title = f"{PARTS[name]} ({counted(len(own), 'rule')})"
    head = tag("tr", tag("th", said(title), colspan=len(COLUMNS), scope="rowgroup"), class_="part")
    return tag("tbody", head, *(_rule(one, scale, longest) for one in own))


def _rule(one: Record, scale: Scale, longest: float) -> Html:
    low, high = one["interval"]
    between = tag("span", said(f"{signed(low)} to {signed(high)}"), class_="small below")
    sides = ("with", "plus"), ("without", "rest")
    return tag(
        "tr",
        tag("th", _label(one), scope="row"),
        tag("td", said(signed(one["points"])), between, class_="points"),
        tag("td", points_bar(one["points"], low, high, scale)),
        tag("td", *(_won(side, one[side], kind, longest) for side, kind in sides), class_="won"),
        tag("td", *_again(one)),
    )


def _again(one: Record) -> Iterable[Html]:
    """Return how often a rule was found again; of a rule that was given there is nothing to find."""
    if one["found_again"] is None:
        return [tag("span", said("given" if one["points"] == one["was"] else "corrected"), class_="small")]
    told = tag("span", said(f"{one['found_again']} of {RESAMPLES}"), class_="small")
    return [times_found(one["found_again"], RESAMPLES), told]


def _label(one: Record) -> Html:
    """Return what a rule is called, with a warning where its points may as well point the other way."""
    low, high = one["interval"]
    warning = [sign("may be nothing", "no")] if low <= 0 <= high else []
    return joined([called(one["label"]), *warning], " ")


def _won(side: str, rate: Record, kind: str, longest: float) -> Html:
    """Return how many were won of those of whom a rule is true, or of the others. longest: the share of a whole bar."""
    few = rate["share"] is None
    bar = NOTHING if few else share_bar(rate["share"] / longest, kind)
    text = told(rate) if few else f"{told(rate)} of {rate['of']:,}"
    return tag("div", tag("span", said(side)), tag("span", bar), tag("span", said(text)), class_="share")
