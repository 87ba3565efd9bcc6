"""What the interest of several persons comes to: worked by hand, the greatest and 5 for each further one, at most 20."""

import pytest

from ripeline.plan.nodes import Plan
from ripeline.scoring.accounts import Interest, least_interest, roll_up
from ripeline.vocabulary.points import MICRO
from ripeline.vocabulary.scores import Score
from tests.parity.definitions import plan_of

DEFINITION = """
version: 1
fit: {levels: {good: 0}}
engagement:
  signals: {hit: {event: Hit, points: 1}}
  levels: {LEVELS}
matrix: {good: {CELLS}, unknown: {CELLS}}
accounts: {breadth: 5, breadth_cap: 20}
"""


def plan(**levels: int) -> Plan:
    written = ", ".join(f"{name}: {least}" for name, least in levels.items())
    cells = ", ".join(f"{name}: nurture" for name in levels)
    return plan_of(DEFINITION.replace("LEVELS", written).replace("CELLS", cells))


USUAL = plan(high=60, medium=25, low=0)


def rolled(points: dict[str, float], by: Plan = USUAL) -> Score:
    return roll_up(by, [Interest(lead, int(value * MICRO)) for lead, value in points.items()])


def lines(score: Score) -> list[tuple[str, float]]:
    return [(line.name, line.micro / MICRO) for line in score.contributions]


def test_one_person() -> None:
    score = rolled({"ada": 59.5})
    assert (score.micro, score.level, lines(score)) == (59_500_000, "medium", [("lead:ada", 59.5)])


def test_further_persons_from_medium_on() -> None:
    # 59.5 + 5 (bob, just medium) + 0 (cyd, just below)
    score = rolled({"cyd": 24.999999, "bob": 25, "ada": 59.5})
    assert (score.micro, score.level) == (64_500_000, "high")
    assert lines(score) == [("lead:ada", 59.5), ("lead:bob", 5)]


def test_the_cap_is_a_line_of_its_own() -> None:
    """The example of docs/accounts.md: 70 + 5 further x 5 = 95, less the 5 over the cap of 20."""
    score = rolled({"gus": 24.9, "flo": 25, "eve": 28, "dan": 30, "cyd": 30, "bob": 41.5, "ada": 70})
    assert (score.micro, score.level) == (90_000_000, "high")
    further = [(f"lead:{one}", 5) for one in ("bob", "cyd", "dan", "eve", "flo")]
    assert lines(score) == [("lead:ada", 70), *further, ("limit:breadth", -5)]


def test_of_equals_the_first_name_is_the_best() -> None:
    assert lines(rolled({"ç": 30, "z": 30})) == [("lead:z", 30), ("lead:ç", 5)]


def test_nobody_is_interested() -> None:
    score = rolled({"ada": -4, "bob": -9})
    assert (score.micro, score.level, lines(score)) == (-4_000_000, "low", [("lead:ada", -4)])
    assert lines(rolled({"ada": 0})) == []


@pytest.mark.parametrize(
    ("levels", "least"),
    [
        ({"high": 60, "medium": 25, "low": 0}, 25),
        ({"hot": 80, "warm": 40, "cold": 0}, 40),
        ({"high": 60, "medium": 25, "low": 5, "none": 0}, 25),
        ({"yes": 10, "no": 0}, 10),
        ({"all": 0}, None),
    ],
)
def test_from_which_interest_on_a_further_person_counts(levels: dict[str, int], least: int | None) -> None:
    """That of the level medium, else of the last level but one."""
    assert least_interest(plan(**levels).definition) == (None if least is None else least * MICRO)
