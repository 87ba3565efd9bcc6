"""How sales answers, counted by hand.

Maria works Monday to Friday from 9 to 17, Jon at any hour. Instants are hours since Monday 2026-03-02 at 00:00 UTC.
"""

import random
from collections import Counter
from dataclasses import replace
from typing import Any, cast

import pytest

from ripeline.handoff.report import GROUPS, Answers, Handled, sla_report
from ripeline.handoff.sales import Sales
from ripeline.usecases.sla import Period, period_asked, rate_record, sla_record
from ripeline.vocabulary.calendar import SECOND_US, UTC_ZONE
from ripeline.vocabulary.handoffs import Handoff
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.rates import Rate, at_rank
from ripeline.vocabulary.sales import Hours, Salesperson, Team, read_week

HOUR = 3_600 * SECOND_US
MONDAY = 1_772_409_600 * SECOND_US
"""2026-03-02T00:00:00Z."""

WEEKDAYS = Hours(UTC_ZONE, read_week("Mon-Fri 09:00-17:00"))
ALWAYS = Hours(UTC_ZONE, read_week("Mon-Sun 00:00-24:00"))
SALES = Sales(
    {
        "maria": Salesperson("maria", "Maria", "m@x.example", WEEKDAYS),
        "jon": Salesperson("jon", "Jon", "j@x.example", ALWAYS),
    },
    {"all": Team("all", ("maria", "jon"))},
)
INSTANTS = ("assigned", "accept_due", "touch_due", "accepted", "touched", "closed")


def given(state: str = "open", owner: str = "maria", **told: object) -> Handled:
    """A handoff. told: instants in hours since Monday by their names, and any other field; `signal` and `times` too."""
    instants: dict[str, Any] = {
        f"{name}_us": MONDAY + cast("int", told.pop(name)) * HOUR for name in INSTANTS if name in told
    }
    more: dict[str, Any] = {name: told.pop(name) for name in ("signal", "channel", "times", "breached") if name in told}
    made = Handoff("d", Name("user", "ada"), "mql", "event", "f" * 16, MONDAY, state=state, owner=owner)
    return Handled(replace(made, **instants, **cast("dict[str, Any]", told)), MONDAY, **more)


def report(*handled: Handled, by: str | None = None, now: int = 1_000) -> dict[str | None, Answers]:
    """Of all under "", and by group."""
    made = sla_report(handled, by, SALES, MONDAY + now * HOUR)
    return {"": made.total, **made.groups}


def test_states_are_counted_once_each() -> None:
    """Eight handoffs: worked, won and lost are 3 accepted; 3 sent back; so of 6 answers 3, which is enough for a rate."""
    all_ = report(
        given("accepted"),
        given("won"),
        given("lost"),
        given("rejected", reason="no_budget"),
        # Accepted at first, then sent back: sent back.
        given("recycled", accepted=9),
        given("disqualified"),
        given("withdrawn"),
        given("open"),
    )[""]
    assert (all_.given, all_.accepted, all_.still_open) == (8, 3, 1)
    assert all_.acceptance == Rate(3, 6)
    assert dict(all_.rejected) == {"no_budget": 1}


def test_too_few_are_no_rate() -> None:
    """Of 4 answers no share is told; of 5 it is: 4 of 5 is 80 %.

    Wilson at 95 %, z = 1.96, so z² = 3.8415: (0.8 + 3.8415/10) / (1 + 3.8415/5) = 1.18415 / 1.7683 = 0.6697; half of it
    is 1.96 / 1.7683 x sqrt((0.16 + 3.8415/20) / 5) = 1.1084 x sqrt(0.070415) = 1.1084 x 0.26536 = 0.2941.
    """
    assert rate_record(Rate(4, 4)) == {"count": 4, "of": 4, "share": None, "low": None, "high": None}
    told = rate_record(Rate(4, 5))
    assert told["share"] == 0.8
    assert told["low"] == pytest.approx(0.3756, abs=0.0002)
    assert told["high"] == pytest.approx(0.9638, abs=0.0002)


def test_nothing_and_everything_have_intervals_inside() -> None:
    """0 of 10 and 10 of 10 are z² / (10 + z²) = 3.8415 / 13.8415 = 0.2775 wide, and end at 0 and 1."""
    none, all_ = Rate(0, 10).interval, Rate(10, 10).interval
    assert none == pytest.approx((0, 0.2775), abs=0.0002)
    assert all_ == pytest.approx((0.7225, 1), abs=0.0002)


def test_times_are_working_time_of_who_answered() -> None:
    """Given Friday at 16:00, which is hour 112, accepted on Monday at 10:00, hour 178: Maria worked two hours of that."""
    friday: dict[str, Any] = {"assigned": 4 * 24 + 16, "accepted": 7 * 24 + 10, "touched": 7 * 24 + 11}
    told = report(given("accepted", **friday), given("accepted", owner="jon", **friday))[""]
    assert [time // HOUR for time in told.accept_times] == [2, 66]
    assert [time // HOUR for time in told.touch_times] == [3, 67]


def test_half_and_nine_of_ten() -> None:
    """Accepted after 1 to 10 hours of Jon's time: half within 5, nine of ten within 9. Of four nothing is told."""
    ten = [given("accepted", owner="jon", assigned=0, accepted=hours) for hours in (3, 1, 2, 10, 9, 8, 7, 6, 5, 4)]
    made = sla_report(ten, None, SALES, MONDAY + 1_000 * HOUR)
    record = sla_record(made, "owner", Period(0, 1), UTC_ZONE, {})
    times = {"count": 10, "half_within_s": 5 * 3_600, "most_within_s": 9 * 3_600}
    assert record["total"]["time_to_accept"] == times
    four = sla_record(sla_report(ten[:4], None, SALES, MONDAY), "owner", Period(0, 1), UTC_ZONE, {})
    assert four["total"]["time_to_accept"] == {"count": 4, "half_within_s": None, "most_within_s": None}


@pytest.mark.parametrize(
    ("one", "kept"),
    [
        (given("accepted", accept_due=12, accepted=12), Rate(1, 1)),
        (given("accepted", accept_due=12, accepted=13), Rate(0, 1)),
        # Rejected in time is answered in time.
        (given("rejected", accept_due=12, closed=11), Rate(1, 1)),
        (given("rejected", accept_due=12, accepted=13, closed=14), Rate(0, 1)),
        # Nobody answers: broken once it is over, and nothing yet before.
        (given("open", accept_due=19), Rate(0, 1)),
        (given("open", accept_due=20), Rate(0, 0)),
        # Withdrawn before it was over: nobody owed anything; after it: it was broken.
        (given("withdrawn", accept_due=12, closed=11), Rate(0, 0)),
        (given("withdrawn", accept_due=12, closed=13), Rate(0, 1)),
        # Taken by somebody to whom it was never given: nothing was promised.
        (given("accepted", accepted=9), Rate(0, 0)),
        # Two let it lapse, the third answered in time.
        (given("accepted", accept_due=12, accepted=11, lapsed=("x", "y")), Rate(1, 3)),
    ],
)
def test_promises_to_answer(one: Handled, kept: Rate) -> None:
    assert report(one, now=20)[""].accepting == kept


@pytest.mark.parametrize(
    ("one", "kept"),
    [
        (given("accepted", touch_due=12, touched=12), Rate(1, 1)),
        (given("accepted", touch_due=12, touched=13), Rate(0, 1)),
        (given("accepted", touch_due=19), Rate(0, 1)),
        (given("accepted", touch_due=20), Rate(0, 0)),
        # Sent back before anybody had to be in touch.
        (given("rejected", touch_due=12, closed=11), Rate(0, 0)),
        (given("rejected", touch_due=12, closed=13), Rate(0, 1)),
        # Somebody was in touch who won a deal; when is not known.
        (given("won", touch_due=12, closed=15), Rate(0, 0)),
        (given("won", touch_due=12, touched=11, closed=15), Rate(1, 1)),
    ],
)
def test_promises_to_be_in_touch(one: Handled, kept: Rate) -> None:
    assert report(one, now=20)[""].touching == kept


def test_half_of_seven_are_four() -> None:
    """Half of seven are 3.5, so the fourth; nine tenths are 6.3, so the seventh."""
    seven = (1, 2, 3, 4, 5, 6, 99)
    assert (at_rank(seven, 50), at_rank(seven, 90)) == (4, 99)


def test_who_let_it_lapse_has_that_and_nothing_else() -> None:
    """Maria let one lapse that Jon answered; both have one more."""
    told = report(
        given("accepted", owner="jon", accept_due=30, accepted=26, lapsed=("maria",), times=2, breached=True),
        given("accepted", owner="jon", accept_due=30, accepted=26),
        given("accepted", accept_due=12, accepted=11),
        by="owner",
    )
    assert {name: (one.given, one.lapsed, one.accepting) for name, one in told.items()} == {
        "": (3, 1, Rate(3, 4)),
        "jon": (2, 0, Rate(2, 2)),
        "maria": (1, 1, Rate(1, 2)),
    }
    assert (told[""].breached, told[""].reassigned) == (1, 1)
    # By anything else, who let it lapse is in its row.
    by_team = report(given("accepted", owner="jon", lapsed=("maria",)), by="team")
    assert {name: (one.given, one.lapsed) for name, one in by_team.items()} == {"": (1, 1), "all": (1, 1)}


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("owner", ["maria", "kim"]),
        # Kim is in no team, and had the lead before: nobody's turn.
        ("team", ["north", None]),
        ("definition", ["d@ffffffffffffffff"]),
        ("way", ["hand_raise", "matrix"]),
        ("signal", ["asked", None]),
        ("reason", ["no_need"]),
    ],
)
def test_groups(by: str, names: list[str | None]) -> None:
    one = given("rejected", team="north", hand_raise="asked", signal="asked", reason="no_need")
    other = given("lost", owner="kim", reason="too expensive")
    assert list(report(one, other, by=by))[1:] == names


def test_periods() -> None:
    """Days from their first to their last instant; thirty of them, today's among them, where nobody says so."""
    now = MONDAY + 30 * HOUR  # Tuesday 06:00
    assert period_asked("2026-03-02", "2026-03-02", UTC_ZONE, now) == Period(MONDAY, MONDAY + 24 * HOUR - 1)
    assert period_asked("2026-03-02T05:00:00Z", None, UTC_ZONE, now) == Period(MONDAY + 5 * HOUR, now)
    # Tuesday is the thirtieth day of those that begin 29 days earlier: 28 before Monday.
    assert period_asked(None, None, UTC_ZONE, now) == Period(MONDAY - 28 * 24 * HOUR, now)
    with pytest.raises(InputError, match="before it begins"):
        period_asked("2026-03-03", "2026-03-02", UTC_ZONE, now)


@pytest.mark.parametrize("by", [by for by in GROUPS if by != "reason"])
def test_groups_add_up_to_the_total(by: str) -> None:
    """Whatever happened to three hundred handoffs: nothing of them is lost or counted twice between the groups."""
    rng = random.Random(by)
    total, *groups = report(*(anything(rng) for _ in range(300)), by=by, now=100).values()
    assert len(groups) > 1 or by == "definition"
    assert total.states == sum((one.states for one in groups), Counter())
    assert total.rejected == sum((one.rejected for one in groups), Counter())
    for name in ("acceptance", "accepting", "touching"):
        rates = [getattr(one, name) for one in groups]
        assert getattr(total, name) == Rate(sum(one.count for one in rates), sum(one.of for one in rates)), name
    for name in ("breached", "reassigned", "lapsed"):
        assert getattr(total, name) == sum(getattr(one, name) for one in groups), name
    assert sorted(total.accept_times) == sorted(time for one in groups for time in one.accept_times)
    assert total.given == 300


def anything(rng: random.Random) -> Handled:
    answered = rng.randrange(12, 90)
    told: dict[str, Any] = {"assigned": rng.randrange(12), "accept_due": rng.randrange(12, 110), "touch_due": 80}
    state = rng.choice(["open", "accepted", "rejected", "recycled", "disqualified", "withdrawn", "won", "lost"])
    if state in {"accepted", "won", "lost"}:
        told |= {"accepted": answered, "touched": answered + 5}
    if state not in {"open", "accepted"}:
        told["closed"] = answered + 9
    told |= {"reason": rng.choice(["no_need", "too_small"]), "lapsed": rng.choice([(), ("jon",), ("maria", "kim")])}
    told |= {"team": rng.choice([None, "north"]), "hand_raise": rng.choice([None, "asked"])}
    told |= {"signal": rng.choice(["asked", None]), "channel": rng.choice(["email", None])}
    told |= {"times": rng.randrange(1, 3), "breached": rng.random() < 0.3}
    return given(state, rng.choice(["maria", "jon", "kim"]), **told)
