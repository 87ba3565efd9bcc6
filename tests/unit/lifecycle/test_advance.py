"""When leads move, worked by hand from the rules of stages."""

from collections.abc import Sequence

import pytest

from ripeline.definition.model import Stages
from ripeline.lifecycle.advance import Move, Now, advance, ended
from ripeline.lifecycle.standing import Standing, standing
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.scores import LeadScore, Score
from ripeline.vocabulary.stages import StageChange

ADA, BOB = Name("user", "ada"), Name("user", "bob")
RULES = Stages(fall_engagement=50_000_000, fall_fit=20_000_000)


def scored(*, meets: bool, engagement: int = 60, fit: int = 30, **more: str) -> LeadScore:
    told = {"stage": "mql" if meets else "lead", "action": "handoff" if meets else "nurture"} | more
    return LeadScore(
        fit=Score(fit * 1_000_000, "good", ()),
        engagement=Score(engagement * 1_000_000, "high", ()),
        rating="hot",
        action=told["action"],
        meets_definition=meets,
        stage=told["stage"],
        likelihood=None,
        suppressed_by=told.get("suppressed_by"),
        hand_raise=told.get("hand_raise"),
    )


def line(number: int, after: str, *, lead: Name = ADA, **more: object) -> StageChange:
    told = {"before": "lead", "at_us": number, "cause": "event", "why": "", "fingerprint": "f"} | more
    return StageChange(definition="d", lead=lead, after=after, number=number, **told)  # type: ignore[arg-type]


def at(*lines: StageChange) -> Standing:
    return standing(lines)


def moved(stand: Standing, score: LeadScore, rules: Stages = RULES, **now: object) -> str | None:
    told = {"day": 100, "cause": "event"} | now
    move = advance(stand, Now(score, **told), rules)  # type: ignore[arg-type]
    return None if move is None else move.after


MQL = at(line(1, "mql"))


@pytest.mark.parametrize(
    ("score", "after"),
    [
        (scored(meets=True), None),
        (scored(meets=False, engagement=50, fit=20), None),
        (scored(meets=False, engagement=49, fit=90), "lead"),
        (scored(meets=False, engagement=90, fit=19), "lead"),
        # A hand that is raised keeps it up whatever the points are.
        (scored(meets=True, engagement=0, fit=0, hand_raise="demo"), None),
        (scored(meets=False, suppressed_by="staff"), "suppressed"),
    ],
)
def test_an_mql_falls_below_its_own_line(score: LeadScore, after: str | None) -> None:
    assert moved(MQL, score) == after


def test_without_a_line_to_fall_below_it_falls_when_the_definition_is_not_met() -> None:
    assert moved(MQL, scored(meets=False, engagement=59), Stages()) == "lead"
    assert moved(MQL, scored(meets=True), Stages()) is None


@pytest.mark.parametrize("cause", ["set_aside", "unmerge", "erasure"])
def test_what_rested_on_evidence_that_is_gone_falls_also_above_the_line(cause: str) -> None:
    assert moved(MQL, scored(meets=False), cause=cause) == "lead"
    assert moved(MQL, scored(meets=True), cause=cause) is None


def test_a_new_definition_takes_nothing_from_sales() -> None:
    low = scored(meets=False, engagement=0)
    assert moved(MQL, low, cause="definition", with_sales=True) is None
    assert moved(MQL, low, cause="definition") == "lead"
    assert moved(MQL, low, cause="time", with_sales=True) == "lead"


def test_leads_rise_when_the_definition_is_met() -> None:
    assert moved(at(), scored(meets=True)) == "mql"
    assert moved(at(), scored(meets=False)) is None
    asked = scored(meets=True, hand_raise="quote", stage="sales_qualified")
    assert moved(at(), asked) == "sales_qualified"
    assert moved(MQL, asked) == "sales_qualified"
    # The raised hand is over; the matrix still says handoff.
    assert moved(at(line(1, "sales_qualified")), scored(meets=True)) is None


@pytest.mark.parametrize("stage", ["recycled", "lost"])
def test_a_rejected_lead_cools_down_unless_it_raises_its_hand(stage: str) -> None:
    resting = at(line(1, "mql"), line(2, stage, cause="person", by="maria", resting_until=101, follows=(1,)))
    assert moved(resting, scored(meets=True), day=100) is None
    assert moved(resting, scored(meets=True), day=101) == "mql"
    assert moved(resting, scored(meets=True, hand_raise="demo"), day=100) == "mql"
    assert moved(resting, scored(meets=False, suppressed_by="staff", hand_raise="demo"), day=100) == "suppressed"


@pytest.mark.parametrize("stage", ["sales_accepted", "sales_qualified", "opportunity", "customer", "disqualified"])
def test_no_score_overwrites_what_sales_decided(stage: str) -> None:
    decided = at(line(1, stage, cause="person", by="maria"))
    for score in (
        scored(meets=False, engagement=0, fit=0),
        scored(meets=True, hand_raise="demo"),
        scored(meets=False, suppressed_by="staff"),
    ):
        assert moved(decided, score) is None


def test_suppression_ends_where_it_began() -> None:
    suppressed = at(
        line(1, "recycled", cause="person", by="maria", resting_until=120),
        line(2, "suppressed", resting_until=120, follows=(1,)),
    )
    free = scored(meets=False)
    assert moved(suppressed, free, day=119) == "recycled"
    assert moved(suppressed, free, day=120) == "lead"
    assert moved(at(line(1, "suppressed")), scored(meets=True)) == "mql"


# ---- leads that become one person, and two again ------------------------------------------------------


def test_suppression_does_not_shorten_a_rest() -> None:
    rejected = line(1, "recycled", by="maria", resting_until=120)
    suppressed = line(2, "suppressed", before="recycled", resting_until=120, follows=(1,))
    assert moved(at(rejected, suppressed), scored(meets=True)) == "recycled"
    assert moved(at(rejected, suppressed), scored(meets=True), day=120) == "mql"


def test_of_two_that_become_one_the_one_that_is_further_stands() -> None:
    lines: Sequence[StageChange] = (
        line(1, "mql"),
        line(2, "sales_accepted", cause="person", by="maria", follows=(1,)),
        line(3, "mql", lead=BOB),
    )
    both = standing(lines)
    assert both.stage == "sales_accepted"
    assert not both.is_logged
    move = advance(both, Now(scored(meets=True), 100, "merge"), RULES)
    assert move == Move("sales_accepted", "merge", "Leads became one person; this one stands at sales_accepted.")
    merged = line(4, "sales_accepted", cause="merge", follows=(2, 3))
    assert standing((*lines, merged)).is_logged
    # Taken back: each stands where its own lines say, and Ada, who has the line of the merge, gets one more.
    ada, bob = standing((lines[0], lines[1], merged)), standing(lines[2:])
    assert (ada.stage, ada.is_logged) == ("sales_accepted", False)
    assert (bob.stage, bob.is_logged) == ("mql", True)


def test_a_merge_that_is_taken_back_leaves_no_stage_behind() -> None:
    mine, theirs = line(1, "mql"), line(2, "customer", lead=BOB, cause="person", by="jon")
    merged = line(3, "customer", cause="merge", follows=(1, 2))
    ada = standing((mine, merged))
    assert ada.stage == "mql"
    move = advance(ada, Now(scored(meets=True), 100, "unmerge"), RULES)
    assert move is not None
    assert (move.after, move.cause) == ("mql", "unmerge")
    ended = line(4, "mql", cause="unmerge", follows=(1,))
    assert standing((mine, merged, ended)).is_logged
    # Merged once more: both their last lines count again.
    again = standing((mine, theirs, merged, ended))
    assert again.stage == "customer"


def test_what_a_person_decided_of_both_stays_with_the_name_they_decided_it_of() -> None:
    mine, merged = line(1, "mql"), line(3, "mql", cause="merge", follows=(1, 2))
    accepted = line(4, "sales_accepted", cause="person", by="maria", follows=(3,))
    assert standing((mine, merged, accepted)).stage == "sales_accepted"
    assert standing((line(2, "mql", lead=BOB),)).stage == "mql"


def test_a_customer_who_buys_again_is_a_customer_and_a_second_loss_rests_anew() -> None:
    customer, lost = at(line(1, "customer", by="maria")), at(line(1, "lost", by="maria", resting_until=20))
    assert ended(customer, ("won", 5), 10, RULES) is None
    assert ended(lost, ("won", 5), 10, RULES) == Move("customer", "person", "The deal was won.")
    again = ended(lost, ("lost", 5), 100, RULES)
    assert again == Move("lost", "person", "The deal was lost.", 100 + RULES.cool_down)
    assert ended(lost, ("lost", 1), 100, RULES) is None, "the log knows it"


def test_only_what_a_person_decided_just_so_is_said_already() -> None:
    recycled = at(line(1, "recycled", by="maria", resting_until=20))
    assert recycled.is_said("recycled", 20)
    assert not recycled.is_said("recycled", 30), "it rests longer from now on"
    assert not at(line(1, "sales_qualified")).is_said("sales_qualified", None), "a score led there, nobody said so"
    assert not at().is_said("lead", None)
