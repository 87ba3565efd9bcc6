"""A review of a definition in use as a page for people: the record of `ripeline review --json`, explained and drawn."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report import review_words
from ripeline.usecases.report.frame import document, section, sign, tiles
from ripeline.usecases.report.markup import NOTHING, Html, called, joined, p, said, tag
from ripeline.usecases.report.numbers import SURE, counted, number, told
from ripeline.usecases.report.review_chances import cells, chances
from ripeline.usecases.report.review_sales import reasons, rules
from ripeline.usecases.report.review_stability import stability

Record = Mapping[str, Any]

KINDS: Final = {
    "calibration": "likelihood",
    "threshold": "levels",
    "rule": "sales disagrees",
    "exclusion": "exclusion",
    "criterion": "criterion",
    "cap": "cap",
    "points": "points",
    "drift": "leads changed",
    "dead": "dead rule",
}


def review_page(record: Record) -> str:
    """Return a whole page in HTML that needs nothing else. record: of usecases.review_record."""
    proposals = record["proposals"]
    title = f"{counted(len(proposals), 'proposal')} for a definition in use" if proposals else "Nothing to propose"
    head = joined([p("Ripeline: review of a definition in use", "eyebrow"), tag("h1", said(title))])
    which = tag("p", joined([tag("strong", called(record["definition"])), said(review_words.period(record))], " "))
    parts = (stability, chances, cells, rules, reasons)
    return document(
        title, [head, which, _tiles(record), _proposals(proposals), *(part(record) for part in parts), _foot()]
    )


def _tiles(record: Record) -> Html:
    leads, meeting, mqls, answers = (record[name] for name in ("leads", "meeting", "mqls", "handoffs"))
    weekly = "not known" if mqls["per_week"] is None else number(mqls["per_week"], 1)
    room = mqls["capacity_per_week"]
    return tiles(
        [
            ("Leads", f"{leads['now']:,}", f"{leads['then']:,} then"),
            ("Meet the definition", f"{meeting['now']:,}", f"{meeting['then']:,} then"),
            ("MQLs a week", weekly, "by what they did" if room is None else f"sales can answer {room:,}"),
            (
                "Accepted by sales",
                told(answers["acceptance"]) if answers["acceptance"]["of"] else "-",
                f"of {answers['accepted'] + answers['sent_back']:,} answered",
            ),
        ]
    )


def _proposals(proposals: Sequence[Record]) -> Html:
    lead = "What chance alone hardly explains, the clearest first; then what changed, and what is dead."
    if not proposals:
        lead = "Nothing is clear enough to propose a change."
    note = p(
        "These are proposals; nothing has changed. Change what you agree with, preview it, then publish it.", "small"
    )
    return section("What might be done", said(lead), *map(_proposal, proposals), note if proposals else NOTHING)


def _proposal(one: Record) -> Html:
    head = tag("h3", joined([said(one["what"]), sign(KINDS[one["kind"]], "plain")], " "))
    return tag("div", head, p(one["why"], "words"), _yaml(one["yaml"]), class_="block")


def _yaml(text: str | None) -> Html:
    return NOTHING if text is None else tag("pre", tag("code", joined(map(_line, text.splitlines()), "\n")))


def _line(text: str) -> Html:
    """Return a line with its spaces in front, which are part of what YAML says."""
    bare = text.lstrip(" ")
    return joined([*[NOTHING] * (len(text) - len(bare)), said(bare)], " ")


def _foot() -> Html:
    sure = f"At {SURE}: of 100 such intervals about 95 hold the true figure. The same figures as JSON: --json FILE."
    return tag("footer", p("Made by ripeline review, which changes nothing in a workspace."), p(sure))
