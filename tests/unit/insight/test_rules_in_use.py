"""What rules are worth in use, counted by hand."""

import pytest

from ripeline.entry.bootstrap.shipped import references
from ripeline.insight.in_use import Handed, Points, RuleKey
from ripeline.insight.proposals import of_dead, of_rules
from ripeline.insight.rules_in_use import EVERYBODY, NOBODY, Use, disagreed, uses
from ripeline.vocabulary.points import MICRO
from ripeline.vocabulary.rates import Rate
from tests.unit.insight.in_use import handed, look, plan_of

PLAN = plan_of(references().tables())
LARGE, STUDENT, DEMO = ("fit", "large"), ("fit", "student"), ("engagement", "demo")


def used(points: dict[RuleKey, Points], given: Handed, since: dict[str, int] | None = None) -> dict[str, Use]:
    found = uses(PLAN, (look(50, {}), look(100, points)), since or {}, given)
    return {one.key[1]: one for one in found}


def test_dead_rules() -> None:
    """Nobody has a fax, and all have the same from "large"; who asked, and what gives nothing, is never dead."""
    points = {LARGE: Points(100, 20 * MICRO, 20 * MICRO), STUDENT: Points(3, -5 * MICRO, 0), DEMO: Points(100, 10, 20)}
    found = used(points, handed([]), {"demo": 4, "often": 0})
    assert {name: one.dead for name, one in found.items()} == {
        "large": EVERYBODY,
        "student": None,
        "fax": NOBODY,
        "demo": None,
        "often": NOBODY,
        "asked": None,
        "zero": None,
    }
    told = {one.what: one.why for one in of_dead(list(found.values()))}
    assert list(told) == ['"Large": remove it', '"Fax": remove it', '"Often": remove it']
    assert "nobody did since then what it listens for" in told['"Often": remove it']
    assert (found["demo"].since, found["often"].since, found["fax"].since) == (4, 0, None)


def test_where_nothing_comes_in_no_rule_is_to_blame() -> None:
    """Rules that listen to acts heard nothing at all: that is said, and that nobody has a fax, but no more."""
    silent = used({}, handed([]), {"demo": 0, "often": 0})
    first, *others = of_dead(list(silent.values()))
    assert (first.what, first.counts) == ("See whether events still come in", {"leads_who_did": Rate(0, 100)})
    assert "did any of the 2 things that rules listen for" in first.why
    assert {one.what for one in others} == {f'"{name}": remove it' for name in ("Large", "Student", "Fax")}
    assert len(list(of_dead([silent["often"]]))) == 1


def test_an_empty_workspace_has_no_dead_rules() -> None:
    assert {one.dead for one in uses(PLAN, (look(0, {}), look(0, {})), {}, handed([]))} == {None}


def test_what_sales_makes_of_a_rule() -> None:
    """Of eleven with a demo, one is accepted; of twelve without, ten. One is not answered, and counts as handed over."""
    answers = ["yes", *["no"] * 10, *["yes"] * 10, "no", "no", None]
    found = used({}, handed(answers, {DEMO: [10] * 11 + [0] * 13}))["demo"]
    assert (found.said.handed, found.said.having, found.said.others) == (Rate(11, 24), Rate(1, 11), Rate(10, 12))
    assert disagreed([found]) == [found]
    (proposal,) = of_rules([found])
    assert proposal.what == '"Demo": lower its points, from 10 to 5'
    assert proposal.change is not None
    assert (proposal.change.path, proposal.change.value) == (("engagement", "signals", "demo", "points"), 5)


def test_sales_may_like_whom_a_rule_lowers() -> None:
    answers = ["yes"] * 12 + ["no"] * 12
    found = used({}, handed(answers, {STUDENT: [-5] * 12 + [0] * 12}))
    assert disagreed(list(found.values())) == [found["student"]]
    (proposal,) = of_rules(list(found.values()))
    assert proposal.change is not None
    assert (proposal.change.path, proposal.change.value) == (("fit", "criteria", "student", "points"), -2)


@pytest.mark.parametrize(
    ("having", "others"), [((0, 9), (50, 50)), ((4, 12), (8, 12)), ((8, 12), (4, 12)), ((12, 12), (0, 12))]
)
def test_no_disagreement(having: tuple[int, int], others: tuple[int, int]) -> None:
    """Nine are too few; four against eight of twelve is what chance brings; more accepted with it is agreement."""
    answers = [word for yes, of in (having, others) for word in ["yes"] * yes + ["no"] * (of - yes)]
    found = used({}, handed(answers, {DEMO: [10] * having[1] + [0] * others[1]}))
    assert disagreed(list(found.values())) == []
