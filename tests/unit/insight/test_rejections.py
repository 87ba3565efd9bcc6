"""What tells leads sent back from accepted ones, on small companies whose truth is plain."""

import random

from ripeline.definition.render import condition_text
from ripeline.entry.bootstrap.shipped import references
from ripeline.insight.from_rejections import of_reasons
from ripeline.insight.in_use import Cells, Handed
from ripeline.insight.proposals import Proposal
from ripeline.insight.rejections import Reason, facts_of, reasons, words_of
from ripeline.vocabulary.points import MICRO
from tests.unit.insight.in_use import TEXT, handed, plan_of

TABLES = references().tables()
DEMO, OFTEN = ("engagement", "demo"), ("engagement", "often")
ANSWERS = ["too small"] * 20 + ["yes"] * 20 + ["no budget"] * 20


def numbers(*values: int | None) -> Cells:
    texts = [None if one is None else str(one) for one in values]
    return Cells(texts, [None if one is None else one * MICRO for one in values])


def by_text(given: Handed) -> dict[str, Reason]:
    return {one.text: one for one in reasons(given.given, given)}


def proposed(given: Handed, text: str = TEXT) -> list[Proposal]:
    return list(of_reasons(reasons(given.given, given), plan_of(TABLES, text).definition, given))


def change(one: Proposal) -> tuple[str, object]:
    assert one.change is not None
    return ".".join(one.change.path), one.change.value


def test_reasons_are_counted_however_they_are_written() -> None:
    found = by_text(handed(["too_small", "Too  small", "TOO SMALL ", None, "yes", "no_need"]))
    assert {text: one.count for text, one in found.items()} == {"too small": 3, "no need": 1}
    assert words_of("Kein\nBudget\x1b") == "kein budget"
    assert not found["too small"].is_enough


def test_a_band_of_a_number() -> None:
    """The small ones are sent back: nobody else has fewer than 30, and none of them is accepted."""
    size = numbers(*([10] * 10 + [20] * 10), *([30, 60, 90, 120] * 5), *([30, 60, 90, 120] * 5))
    found = by_text(handed(ANSWERS, size=size))
    best = found["too small"].found[0]
    assert best.fact.when is not None
    assert condition_text(best.fact.when) == "size < 30"
    assert (best.back.count, best.back.of, best.accepted.count, best.accepted.of) == (20, 20, 0, 20)
    assert found["no budget"].found == []
    assert found["no budget"].tried > 0


def test_few_of_many_are_excluded_and_some_lose_points() -> None:
    """Of 20 nobody is accepted: Wilson's interval ends at 16 %, so it is points; of 40 at 9 %, so it is an exclusion.

    Levels are 15 and 5 points apart, so one of 5 is the least step.
    """
    (one,) = proposed(handed(["x"] * 20 + ["yes"] * 20, role=Cells(["student"] * 20 + ["boss"] * 20)))
    assert one.kind == "criterion"
    # The definition has that criterion already: it is lowered.
    assert change(one) == ("fit.criteria.student.points", -10)
    (one,) = proposed(handed(["student"] * 40 + ["yes"] * 40, job=Cells(["student"] * 40 + ["boss"] * 40)))
    assert one.kind == "exclusion"
    assert change(one) == ("suppress.student_2", {"when": "job = 'student'"})
    (one,) = proposed(handed(["no"] * 20 + ["yes"] * 20, job=Cells(["a"] * 20 + ["b"] * 20)))
    assert change(one) == ("fit.criteria.reason_no", {"label": "No: job = 'a'", "when": "job = 'a'", "points": -5})


def test_what_is_not_known_tells_too() -> None:
    (one,) = proposed(handed(["x"] * 20 + ["yes"] * 20, job=Cells([None] * 20 + ["a", "b"] * 10)))
    assert change(one)[1] == {"label": "X: job is null", "when": "job is null", "points": -5}


def test_true_and_false_are_booleans() -> None:
    texts = ["true"] * 20 + ["false"] * 40
    found = facts_of(handed(ANSWERS, paid=Cells(texts, is_boolean=True), said=Cells(texts)))
    assert {condition_text(one.when) for one in found if one.when} == {
        "paid",
        "paid = false",
        "said = 'true'",
        "said = 'false'",
    }


def test_somebodys_own_texts_are_not_tried() -> None:
    """Fewer than five have it; it has no form that people see; all have it."""
    texts = ["rare"] * 4 + ["a\x1bb"] * 16 + ["two  spaces"] * 20 + ["x" * 101] * 20
    assert facts_of(handed(ANSWERS, job=Cells(texts), same=Cells(["all"] * 60))) == []


def test_a_signal_that_carries_leads_is_capped() -> None:
    """The unripe have 60 points from demos alone; of accepted ones half have 20 or fewer of 60."""
    points = {DEMO: [60] * 20 + [20] * 20 + [0] * 20, OFTEN: [0] * 20 + [40] * 40}
    (one,) = proposed(handed(["not yet"] * 20 + ["yes"] * 20 + ["other"] * 20, points))
    assert (one.kind, change(one)) == ("cap", ("engagement.signals.demo.cap", 20))


def test_a_signal_that_gives_its_points_once_loses_half() -> None:
    points = {OFTEN: [8] * 20 + [0] * 20, DEMO: [10] * 40}
    (one,) = proposed(handed(["not yet"] * 20 + ["yes"] * 20, points))
    assert (one.kind, change(one)) == ("points", ("engagement.signals.often.points", 4))


def test_who_is_sent_back_for_something_else_explains_nothing() -> None:
    """Sales accepts nobody with a demo, for want of a budget. The small ones had as many demos as anybody."""
    answers = ["too small"] * 40 + ["no budget"] * 40 + ["yes"] * 40
    demos = [10, 0] * 20 + [10] * 40 + [0] * 40
    found = by_text(handed(answers, {DEMO: demos, OFTEN: [8] * 120}))
    assert found["too small"].found == []
    assert {one.fact.signal for one in found["no budget"].found} == {"demo"}


def test_nothing_is_found_where_nothing_is() -> None:
    """Of forty companies whose leads are sent back by a coin, hardly one shows anything (2.5 % are allowed)."""
    shown = 0
    for seed in range(40):
        chance = random.Random(seed)
        answers = [chance.choice(["yes", "x"]) for _ in range(120)]
        one, two = (Cells([chance.choice("abcdef") for _ in answers]) for _ in range(2))
        size = numbers(*(chance.randrange(1_000) for _ in answers))
        shown += bool(by_text(handed(answers, one=one, two=two, size=size))["x"].found)
    assert shown <= 3
