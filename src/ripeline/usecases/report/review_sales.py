"""What each rule is worth in use, and what the reasons say for which sales sends leads back."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report import review_words as words
from ripeline.usecases.report.bars import share_bar
from ripeline.usecases.report.frame import grid, section, sign
from ripeline.usecases.report.markup import NOTHING, Html, called, joined, p, said, tag
from ripeline.usecases.report.numbers import MINUS, SURE, told
from ripeline.usecases.report.words import PARTS

Record = Mapping[str, Any]

EXPLAINED: Final = (
    "Leads with points: then and now. Accepted: of the leads that sales answered since then, with points from the rule "
    "when they were handed over, and without. Sales disagrees where fewer are accepted with it than without though it "
    "gives points (or more, though it takes points away), more clearly than chance brings among so many rules. Two "
    "rules that mostly go together look alike here."
)
TRIED: Final = (
    "Everything that was known of leads when they were handed over is tried. What is told is more frequent among leads "
    "of a reason than among accepted ones, and than among all others, more clearly than chance brings where so much is "
    f"tried, at {SURE}."
)
COLUMNS: Final = ("Rule", "Points", "Leads with points", "Accepted, with it and without", "Of handed over")


def rules(record: Record) -> Html:
    """Return the section."""
    heads = tag("thead", tag("tr", *(tag("th", said(name), scope="col") for name in COLUMNS)))
    bodies = (_part(part, [one for one in record["rules"] if one["part"] == part]) for part in PARTS)
    return section(
        "Rules in use",
        said(words.handoffs(record["handoffs"])),
        p(EXPLAINED, "small words"),
        tag("table", heads, *bodies, class_="grid rules"),
    )


def _part(part: str, own: Sequence[Record]) -> Html:
    if not own:
        return NOTHING
    head = tag("tr", tag("th", said(PARTS[part]), colspan=len(COLUMNS), scope="rowgroup"), class_="part")
    return tag("tbody", head, *map(_rule, own))


def _rule(one: Record) -> Html:
    leads = one["with_points"]
    sides = ("accepted_with", "plus", "with"), ("accepted_without", "rest", "without")
    return tag(
        "tr",
        tag("th", _label(one), scope="row"),
        tag("td", said(one["points"].replace("-", MINUS)), class_="points"),
        tag("td", said(f"{leads['now']:,}"), tag("span", said(f"{leads['then']:,} then"), class_="small below")),
        tag("td", *(_accepted(name, one[key], kind) for key, kind, name in sides), class_="won"),
        tag("td", said(told(one["at_handoff"]) if one["at_handoff"]["of"] else "-"), class_="small"),
    )


def _label(one: Record) -> Html:
    found = words.rule(one)
    return joined([called(one["label"]), *([sign(found, "no")] if found else [])], " ")


def _accepted(name: str, rate: Record, kind: str) -> Html:
    bar = NOTHING if rate["share"] is None else share_bar(rate["share"], kind)
    return tag("div", tag("span", said(name)), tag("span", bar), tag("span", said(words.share(rate))), class_="share")


def reasons(record: Record) -> Html:
    """Return the section."""
    found = record["reasons"]
    if not found:
        return section(
            "Why sales sent leads back", said("Nothing was sent back, so there are no reasons to learn from.")
        )
    rows = ([called(one["reason"] or "(no reason)"), said(f"{one['count']:,}"), _apart(one)] for one in found)
    back = sum(one["count"] for one in found)
    table = grid(("Reason", "Leads", "What tells them from accepted ones"), rows, numbers=(1,), kind="list clocks")
    note = p(TRIED, "small words")
    return section("Why sales sent leads back", said(f"{back:,} leads were sent back since then."), table, note)


def _apart(one: Record) -> Html:
    further = (found["what"] for found in one["apart"][1:])
    more = "; also: " + ", ".join(further) if one["apart"][1:] else ""
    return joined([said(words.reason(one)), tag("span", said(more), class_="small")])
