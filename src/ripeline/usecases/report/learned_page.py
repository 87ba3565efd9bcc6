"""What was learned from deals won and lost, as a page for people: the record of `report.json`, explained and drawn."""

from collections.abc import Iterator, Mapping
from typing import Any

from ripeline.usecases.report.basis import basis
from ripeline.usecases.report.corrected import changed_in, corrected
from ripeline.usecases.report.doubts import doubts
from ripeline.usecases.report.figures import figures, own_is_better, right_order
from ripeline.usecases.report.frame import document, foot, tiles
from ripeline.usecases.report.likelihood import likelihood
from ripeline.usecases.report.line import handed_a_week, line
from ripeline.usecases.report.markup import NOTHING, Html, called, joined, p, said, tag
from ripeline.usecases.report.no_rules import LEADS, TITLES, advice, meaning
from ripeline.usecases.report.numbers import counted, number, percent, told
from ripeline.usecases.report.quality import goals
from ripeline.usecases.report.reliability import reliability
from ripeline.usecases.report.rules import points_table
from ripeline.usecases.report.tried import tried
from ripeline.usecases.report.words import handed, looks, minute

Record = Mapping[str, Any]


def learned_page(record: Record) -> str:
    """Return a whole page in HTML that needs nothing else. record: of usecases.learned_record.

    Where nothing was learned it is short, and says what that means and what would help.
    """
    title = TITLES.get(record["verdict"]) or _title(record)
    parts = _learned(record) if record["verdict"] == "learned" else _nothing(record)
    head = joined([p("Ripeline: learned from deals won and lost", "eyebrow"), tag("h1", said(title))])
    return document(title, [head, *parts, _foot(record)])


def _title(record: Record) -> str:
    if record["starting_from"] is None:
        return f"{counted(len(record['rules']), 'rule')} to tell who will be won"
    changes = len(changed_in(record["starting_from"]))
    return f"{counted(changes, 'change')} to your definition" if changes else "Your definition stands"


def _learned(record: Record) -> Iterator[Html]:
    yield p(right_order(record["evaluation"]), "lead")
    yield _proposal(record)
    yield _tiles(record)
    yield corrected(record)
    yield points_table(record)
    yield figures(record)
    yield reliability(record)
    yield likelihood(record)
    yield line(record)
    yield doubts(record)
    yield tried(record)
    yield basis(record)


def _nothing(record: Record) -> Iterator[Html]:
    yield p(LEADS[record["verdict"]], "lead")
    yield p("So no points are proposed, and nothing changes.")
    yield meaning(record)
    yield advice(record)
    yield doubts(record)
    yield basis(record)


def _proposal(record: Record) -> Html:
    begin = joined([said("This is a proposal,"), tag("strong", called(record["definition"]))], " ")
    rest = said("; nothing has changed. Read the rules, change what you know better, preview it, then publish it.")
    keep = NOTHING
    if record["starting_from"] is None and own_is_better(record["evaluation"]):
        told = " Your own points foretold better: keep them, or let them be corrected with"
        keep = joined([said(told), tag("code", said("--starting-from"))], " ")
    return tag("p", begin, rest, keep, class_="words")


def _tiles(record: Record) -> Html:
    data, proposed, weekly = record["data"], record["line"], handed_a_week(record)
    what = handed(record["asked"])
    asked = goals(proposed, what)
    met = sum(goal.is_met is True for goal in asked)
    week = "" if weekly is None else f", about {number(weekly)} a week"
    return tiles(
        [
            ("Leads learned from", f"{data['leads_looked_at']:,}", _won(data)),
            ("Handed over", told(proposed["flagged"]), f"of {what}s{week}"),
            ("Wins held", told(proposed["caught"]), "of all wins are among them"),
            ("Public quality bar", f"{met} of {len(asked)}", "goals met"),
        ]
    )


def _won(data: Record) -> str:
    share = percent(data["won"] / data["snapshots"])
    return f"{share} won" if looks(data) == "lead" else f"{share} of {counted(data['snapshots'], 'snapshot')} won"


def _foot(record: Record) -> Html:
    asked = record["asked"]
    made = f"Made by ripeline learn from what was known by {minute(asked['as_of'])}, with seed {asked['seed']}."
    return foot(made)
