"""The report of a backtest: everything that was found is said, and how sure it is, in words for people who sell."""

from collections.abc import Mapping
from typing import Any

from ripeline.usecases.report.backtest_page import backtest_page
from tests.unit.learning.backtest_reports import (
    BOTH_EMPTY,
    EMPTY,
    ENDLESS,
    FEW,
    FIRST,
    ONE,
    SAME,
    SECOND,
    TWO,
    UNRIPE,
)
from tests.unit.learning.learned_reports import Read, rate


def read(record: Mapping[str, Any]) -> Read:
    return Read(backtest_page(record))


def text(record: Mapping[str, Any]) -> str:
    """All that a page says, as if no mark stood between words."""
    return read(record).text.replace(" ;", ";").replace(" .", ".").replace(" ,", ",").replace(" )", ")")


def test_everything_that_was_found_is_said() -> None:
    told = text(TWO)
    for said in (
        "What two definitions would have done",
        "wide would have caught more of the wins: 72 % at 10.0 MQLs a week, against 32 % by narrow at 3.0 MQLs a week.",
        "It caught 11 wins that the other missed, and missed 1 that the other caught, beyond luck.",
        "It would have made 28 MQLs more.",
        "MQLs a week 10.0 / 3.0",
        "Won within 30 days 35 % / 90 %",
        "wide would have had 35 % of 34 MQLs won within 30 days; narrow would have had 90 % of 10 MQLs won",
        "The intervals do not overlap (21 % to 52 % against 60 % to 98 %): that is more than luck.",
        "MQLs before met it when the period began already 7 0",
        "Accepted by sales of MQLs that sales answered 1 of 3 too few to tell a share nobody yet",
        "were MQLs before 72 % 52 % to 86 %; 18 of 25 32 % 17 % to 52 %; 8 of 25",
        "wide would have made 0 to 20 MQLs a week, most in that of 2026-01-05; narrow would have made 2 to 4 MQLs",
        "Of 2 weeks some MQLs have not had their 30 days",
        "2026-01-19 15 4 of 14 1 2026-01-26 5 nobody yet 5",
        "2026-01-12 0 no MQLs 0",
        "wide caught 18 wins, half of them within 9 days of the MQL, three quarters within 16; narrow caught 8 wins",
        "days are known to a week",
        "Won more often than all other groups, beyond luck: good (fit) for wide.",
        "paid search no MQLs 90 %",
        "wide would have missed 7 of 25 wins; narrow would have missed 17 of 25 wins.",
        "it said: keep nurturing 6 times and hand over 1 time. Who was to be handed over got there after the last look",
        "The last 1 of 17.",
        "M-1 won 2026-01-20 fair fit (35.0) medium interest (−19.0) hand over",
        "wide alone would have made 30 MQLs, 16 % of 25 won in time; narrow alone would have made 2 MQLs, 1 of 1 won",
        "Is either won more often? That is too few to compare.",
        "only narrow 2 leads 1 of 1 too few to tell a share 1 win caught S-1, S-2",
        "Everybody was looked at 5 times, each time as it was known then.",
        "Definitions wide@0123456789abcdef, narrow@fedcba9876543210 Period 2026-01-06 to 2026-02-01",
        "the first look at which they meet the definition, so days are known to a week",
    ):
        assert said.replace("\u00a0", " ") in told, said


def test_one_definition_stands_alone() -> None:
    told = text(ONE)
    assert "wide would have made 40 MQLs, 10.0 a week, and caught 72 % of 25 wins (52 % to 86 %, at 95 %)." in told
    assert "so days are known to a day" in told
    for other in ("Where they differ", " / ", "the other"):
        assert other not in told


def test_nobody_is_said_to_be_nobody() -> None:
    told = text(EMPTY)
    for said in (
        "wide would have made 0 MQLs, 0.0 a week, and nobody was won in the period, so nothing tells",
        "wide would have had no MQLs whose 30 days are over.",
        "Nobody would have become an MQL in any week of the period.",
        "caught 0 wins, too few to tell how long it takes",
        "Nobody was won in the period, so nobody was missed.",
    ):
        assert said in told, said
    assert "Which MQLs are won" not in told
    assert "Nobody was won in the period, so nothing tells which definition is better: wide" in text(BOTH_EMPTY)


def test_a_definition_beside_itself_does_not_differ() -> None:
    told = text(SAME)
    assert "Both would have caught 18 of 25 wins: wide, the first at 10.0 MQLs a week, wide, the second at" in told
    assert "They caught the same wins." in told
    assert "They do not differ" in told


def test_definitions_of_one_name_are_told_apart() -> None:
    renamed = {**TWO, "definitions": [FIRST, {**SECOND, "definition": "wide@fedcba9876543210"}]}
    assert "wide @01234567 would have caught more of the wins" in text(renamed)
    assert "by wide @fedcba98 at 3.0" in text(renamed)


def test_the_better_definition_is_told_first_wherever_it_stands() -> None:
    turned = {**TWO, "definitions": [SECOND, FIRST], "differ": [TWO["differ"][0], *TWO["differ"][:0:-1]]}
    told = text(turned)
    assert "wide would have caught more of the wins: 72 % at 10.0 MQLs a week, against 32 % by narrow" in told
    assert "missed 1 that the other caught" in told


def test_what_may_be_luck_is_said_to_be() -> None:
    """Of four wins that one alone caught nothing can be told, nor where the others are nearly as many."""
    for own, others in ((4, 0), (13, 12)):
        differ = [
            TWO["differ"][0],
            *({**side, "caught": many} for side, many in zip(TWO["differ"][1:], (own, others), strict=True)),
        ]
        assert "which may be luck" in text({**TWO, "differ": differ})


def test_few_are_counted_and_no_share_is_told() -> None:
    told = text(FEW)
    assert "too few to compare" in told
    assert "In no two groups have enough MQLs had their days" in told
    assert not read(FEW).every("line", "whisker")


def test_days_that_are_not_over_are_no_losses() -> None:
    told = text(UNRIPE)
    assert "Of no week all MQLs have had their 30 days" in told
    assert "nobody yet" in told
    (hollow, *_), rest = read(UNRIPE).every("rect", "hollow"), read(UNRIPE).every("rect", "rest")
    assert len(rest) == 1  # the legend's
    assert hollow


def test_bars_of_weeks_stand_where_they_should() -> None:
    # Up to 20: of the first of four weeks eight were won, and twelve not; of the third one is not known yet.
    bars = {
        kind: [(bar["x"], bar["y"], bar["height"]) for bar in read(ONE).every("rect", kind) if "%" in str(bar["y"])]
        for kind in ("plus", "rest", "hollow")
    }
    assert bars["plus"] == [("3%", "60%", "40%"), ("53%", "80%", "20%")]
    assert bars["rest"] == [("3%", "0%", "60%"), ("53%", "30%", "50%")]
    assert bars["hollow"] == [("53%", "25%", "5%"), ("78%", "75%", "25%")]


def test_dates_below_many_weeks_leave_room_for_one_another() -> None:
    below = [attrs for name, attrs in read(ENDLESS).tags if name == "text" and attrs.get("dy") == "18"]
    assert len(below) == 4


def test_intervals_are_those_of_the_record() -> None:
    (low, high) = (rate(12, 34)[end] for end in ("low", "high"))
    assert f"{100 * low:.0f} % to {100 * high:.0f} %; 12 of 34" in text(ONE)
