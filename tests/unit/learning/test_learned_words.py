"""The report of learning: everything that was found is said, in words for people who sell."""

from typing import Any

import pytest

from ripeline.usecases.report.quality import goals
from tests.unit.learning.learned_reports import (
    AGAIN,
    CORRECTED,
    FEW,
    FOLDS,
    NO_SIGNAL,
    ONE_PART,
    RECORD,
    TOO_FEW,
    judgement,
    rate,
    read,
)


def test_everything_that_was_found_is_said() -> None:
    told = read(RECORD).text
    for said in (
        "3 rules to tell who will be won",
        "the right one first in 84 of 100 pairs; your own points in 66, Odoo's method in 85, a coin would in 50",
        "Leads learned from 400 10 % of 1,600 snapshots won",
        "Handed over 25 % of leads, about 10 a week",
        "Wins held 55 % of all wins",
        "Best in AUC: Odoo's method. Best in lift, log loss and Brier score: the learned points.",
        "Judged on the last stretch of time, of which nothing was learned.",
        "lie 2.1 percentage points apart",
        "In 2 of 2 groups",
        "−1 points mean a likelihood of 0 %, 33 points 34 %.",
        "the pair of levels is",
        "Sales can answer 20 leads a week: that fits.",
        "12 or more",
        "5 to below 20",
        "24.0 times (60 % against 2 %)",
        "2 names left out",
        "Tags left out It knows.",
        "Last visit left out: ask It may know.",
        "Quality used as asked It may, too.",
        "price list It tells early from late.",
        "1 trait came without a time",
        "At most 5 rules were taken",
        "400 of 500 known leads could be learned from.",
        "looked at every 4 days: 1,600 snapshots",
        "160 snapshots (10 %) followed by a win within 30 days, 1,440 not.",
        "420 snapshots from 2025-11-03 on",
        "9.5 standard errors better than everybody's chance",
        "2026-03-31 21:59 UTC",
        "Left out as asked city",
    ):
        assert said in told


def test_rules_stand_by_part_and_points_with_what_speaks_for_them() -> None:
    told = read(RECORD).text
    fit = told.index("Fit: who the lead is (2 rules)")
    software = told.index("Industry: software +12 +9 to +15 with 60 % of 100 without 13 % of 300 4 of 5")
    visits = told.index("Visits from 3 may be nothing −4 −9 to +1")
    engagement = told.index("Engagement: what the lead does (1 rule)")
    assert fit < software < visits < engagement < told.index("Demo asked, half after 14 days +21", engagement)
    assert told.count("may be nothing") == 1


def test_few_deals_are_judged_without_the_others() -> None:
    told = read(FOLDS).text
    assert "in 84 of 100 pairs; a coin would in 50." in told
    assert "on leads that the others foretold" in told
    assert "your own points" not in told


def test_where_only_one_part_has_rules_points_are_the_line() -> None:
    told = read(ONE_PART).text
    assert "Leads with 12 points or more are handed over; with 12 points the likelihood is 13 %." in told
    assert "Who is handed over" not in told
    assert "Outcomes have no times" in told
    assert "Nobody said how many leads sales can answer" in told


def test_where_leads_can_be_won_again_the_line_is_told_by_snapshots() -> None:
    told = read(AGAIN).text
    assert "hands over 25 % of snapshots and holds 55 % of wins" in told
    assert "the proposed line is not on it" in told


def test_of_too_few_no_share_is_told() -> None:
    told = read(FEW).text
    assert "hands over 1 of 3 of leads" in told
    assert told.count("cannot be told") == 3


def test_many_undated_names_are_folded_away() -> None:
    told = read({**RECORD, "undated": [f"field {number}" for number in range(41)]}).text
    assert "41 traits came without a time" in told
    assert "All 41 names" in told


def test_no_signal_is_an_answer() -> None:
    found = read(NO_SIGNAL)
    for said in (
        "No signal: nothing that is known foretells who is won",
        "1.2 standard errors worse than everybody's chance; at least 2 better are needed",
        "with 160 snapshots won and 1,440 not a signal that is worth anything would have shown",
        "in 51 of 100 pairs (49 to 53, at 95 %)",
        "What would help",
        "2 names below left out: what was honestly known before can be used with --keep NAME",
        "Tags left out",
    ):
        assert said in found.text
    assert not [name for name, _ in found.tags if name in {"svg", "figure"}]


def test_not_enough_says_how_many_are_needed() -> None:
    found = read(TOO_FEW)
    assert "Not enough evidence to tell who is won" in found.text
    assert (
        "At least 10 leads that were won and 10 that were not are needed to try at all, and 100 of each" in found.text
    )
    assert "0 leads: nobody could be looked at before an outcome." in found.text
    assert not [name for name, _ in found.tags if name in {"svg", "figure"}]


@pytest.mark.parametrize(
    ("flagged", "caught", "best", "worst", "met"),
    [
        (rate(15, 100), rate(60, 100), rate(50, 100), rate(5, 100), [True, True, True]),
        (rate(14, 100), rate(59, 100), rate(49, 100), rate(5, 100), [False, False, False]),
        (rate(36, 100), rate(100, 100), rate(1, 100), rate(0, 100), [False, True, True]),
        (rate(35, 100), rate(2, 4), rate(0, 100), rate(0, 100), [True, None, False]),
    ],
)
def test_goals_are_met_or_not(
    flagged: dict[str, Any], caught: dict[str, Any], best: dict[str, Any], worst: dict[str, Any], met: list[bool | None]
) -> None:
    line = {"flagged": flagged, "caught": caught, "best_tenth": best, "worst_tenth": worst}
    assert [goal.is_met for goal in goals(line, "lead")] == met


def test_where_ones_own_points_did_better_that_is_said() -> None:
    """But not where they only did in one figure, nor of a definition that was started from."""
    better = {**RECORD["evaluation"], "rule_score": judgement(0.9, 0.25, 0.08, 4.0)}
    told = "Your own points foretold better: keep them, or let them be corrected with --starting-from"
    assert told in read({**RECORD, "evaluation": better}).text
    assert told not in read(RECORD).text
    half = {**RECORD["evaluation"], "rule_score": judgement(0.9, 0.35, 0.10, 1.9)}
    assert told not in read({**RECORD, "evaluation": half}).text
    assert told not in read({**CORRECTED, "evaluation": better}).text
