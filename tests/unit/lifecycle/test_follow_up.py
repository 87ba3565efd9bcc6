"""Who is to be followed up, worked by hand from the rules of tasks."""

from dataclasses import replace

import pytest

from ripeline.entry.bootstrap.shipped import references
from ripeline.lifecycle.standing import standing
from ripeline.ports.lifecycle import LeadNow
from ripeline.scoring.profile import Profile
from ripeline.usecases.follow_up import Found, lately_since, reason_of
from ripeline.usecases.load_plan import load_plan
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.scores import LeadScore, Score
from ripeline.vocabulary.stages import StageChange
from tests.acceptance.live.shop import DEFINITION

TABLES = references()
PLAN = load_plan(DEFINITION.replace("required: []", "required: [email]"), "shop", "shop.yaml", TABLES)
NOW = 1_774_602_000_000_000
"""2026-03-27 09:00 UTC."""


def lead(fit: str = "poor", interest: str = "high", action: str = "follow_up", **told: str) -> LeadNow:
    score = LeadScore(
        fit=Score(0, fit, ()),
        engagement=Score(0, interest, ()),
        rating="C1",
        action=action,
        meets_definition=False,
        stage="lead",
        likelihood=None,
        suppressed_by=told.get("suppressed_by"),
        hand_raise=told.get("hand_raise"),
        reachable="unreachable" not in told,
    )
    return LeadNow(Name("user", "ada"), (), score, Profile([], NOW, PLAN.tables), None, None)


def found(
    stage: str = "lead", *, with_sales: bool = False, resting_until: int | None = None, by: str = "maria"
) -> Found:
    lines = [StageChange("d", Name("user", "ada"), "mql", stage, 0, "person", "", "f", by, resting_until, number=1)]
    return Found(PLAN, "d", NOW, standing(lines if stage != "lead" else []), stage, "event", with_sales)


def test_the_poorest_fit_with_the_highest_interest_may_be_a_promoter() -> None:
    assert reason_of(lead(), found()) == "promoter"
    assert reason_of(lead(fit="fair"), found()) == "follow_up"
    assert reason_of(lead(interest="medium"), found()) == "follow_up"
    assert reason_of(lead(action="nurture"), found()) is None


@pytest.mark.parametrize(
    ("who", "where"),
    [
        (lead(suppressed_by="staff"), found()),
        (lead(unreachable="yes"), found()),
        (lead(), found(with_sales=True)),
        (lead(), found("mql")),
        (lead(), found("sales_accepted")),
        (lead(), found("disqualified")),
        (lead(), found("recycled", resting_until=PLAN.zone.day(NOW) + 1)),
    ],
)
def test_nobody_is_asked_to_follow_up(who: LeadNow, where: Found) -> None:
    assert reason_of(who, where) is None


def test_after_the_rest_it_may_be_followed_up() -> None:
    assert reason_of(lead(), found("recycled", resting_until=PLAN.zone.day(NOW))) == "promoter"


@pytest.mark.parametrize("stage", ["customer", "disqualified"])
def test_whoever_asks_again_is_heard(stage: str) -> None:
    asks = lead(action="handoff", hand_raise="asked", email="")
    assert reason_of(asks, found(stage)) == "asked_again"
    # Also where a deal was imported, and nobody here decided.
    assert reason_of(asks, found(stage, by="")) == "asked_again"
    assert reason_of(asks, found(stage, with_sales=True)) is None
    assert reason_of(lead(action="handoff", hand_raise="asked", suppressed_by="staff"), found(stage)) is None


def test_lately_is_within_the_cool_down_and_a_day_at_least() -> None:
    """90 days before 27 March 2026 is 27 December; its day is over. In Berlin days begin at 23:00 UTC in winter."""
    assert lately_since(PLAN, NOW) == NOW - 9 * 3_600_000_000 - 3_600_000_000 - 89 * DAY_US
    stages = replace(PLAN.definition.stages, cool_down=0)
    never = replace(PLAN, definition=replace(PLAN.definition, stages=stages))
    assert lately_since(never, NOW) == NOW - 10 * 3_600_000_000
