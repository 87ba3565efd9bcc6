"""An explanation as a table that a salesperson can read aloud."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape

from ripeline.entry.cli.show import table
from ripeline.usecases.evidence_words import evidence_text
from ripeline.usecases.explain import Explanation, evidence_of, label_of
from ripeline.vocabulary.calendar import day_text, instant_text
from ripeline.vocabulary.points import points_text, shown_parts, shown_text, tenths_text
from ripeline.vocabulary.scores import Score

ACTIONS = {
    "handoff": "hand over to sales now",
    "follow_up": "let a salesperson follow up",
    "nurture": "keep nurturing",
    "remove": "remove from the contact database",
    "none": "do nothing",
}


def show_explanation(console: Console, explanation: Explanation) -> None:
    """Print the verdict in a sentence, every point of both scores, and what comes next."""
    moment = f"as of {instant_text(explanation.as_of_us)}, by {explanation.plan.version}"
    console.print(f"[bold]{escape(explanation.lead)}[/], {moment}", highlight=False, soft_wrap=True)
    for line in _verdict(explanation):
        console.print(line, highlight=False, soft_wrap=True)
    console.print()
    for part, title, score in (
        ("fit", "Fit: who they are", explanation.score.fit),
        ("engagement", "Interest: what they do", explanation.score.engagement),
    ):
        console.print(table(title, ["why", "points", "evidence"], _rows(explanation, part, score), ("points",)))
    for line in _outlook(explanation):
        console.print(line, highlight=False, soft_wrap=True)


def _verdict(explanation: Explanation) -> Iterator[str]:
    score = explanation.score
    if score.suppressed_by is not None:
        yield f"Suppressed by the rule [bold]{score.suppressed_by}[/]: nothing is done."
        return
    levels = f"{score.fit.level} fit, {score.engagement.level} interest"
    yield f"{levels}: rated [bold]{escape(score.rating or '')}[/], so {ACTIONS[score.action]}."
    if score.hand_raise is not None:
        labels = {one.name: one.signal.label for one in explanation.plan.signals}
        yield f"The person asked to talk to sales: {escape(labels[score.hand_raise])}."
    meets = "meets" if score.meets_definition else "does not meet"
    likely = "" if score.likelihood is None else f" The likelihood of winning is {points_text(score.likelihood)}."
    yield f"The lead {meets} the definition of an MQL; its stage is {explanation.stage}.{likely}"
    if explanation.account is not None:
        yield f"It belongs to the account [bold]{escape(explanation.account)}[/]."


def _rows(explanation: Explanation, part: str, score: Score) -> Iterator[Sequence[str]]:
    shown = shown_parts([line.micro for line in score.contributions])
    for line, tenths in zip(score.contributions, shown, strict=True):
        evidence = evidence_text(evidence_of(explanation, part, line))
        yield label_of(explanation, part, line), tenths_text(tenths), evidence
    yield f"= {score.level} {'fit' if part == 'fit' else 'interest'}", shown_text(score.micro), ""


def _outlook(explanation: Explanation) -> Iterator[str]:
    score, labels = explanation.score, {one.name: one.signal.label for one in explanation.plan.signals}
    if score.unknown:
        criteria = {one.name: one.label for one in explanation.plan.criteria}
        yield f"Not known yet: {', '.join(criteria[name] for name in score.unknown)}."
    fall = explanation.fall
    if fall is not None:
        yield f"If nothing happens: {fall.fit} fit and {fall.engagement} interest on {day_text(fall.day)}."
    for way in explanation.ways_up[:3]:
        times = "once" if way.events == 1 else f"{way.events} times"
        yield f"Reaches {way.level} interest with: {labels[way.signal]} {times} today."
