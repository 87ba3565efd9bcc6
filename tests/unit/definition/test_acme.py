"""The file that has every key once."""

from fractions import Fraction

from ripeline.definition.model import (
    Accounts,
    Accrual,
    Cell,
    EventMatch,
    Fade,
    Frequency,
    FrequencyCap,
    HandRaise,
    Inactivity,
    Measure,
    Promise,
    Step,
    TraitUnits,
)
from tests.unit.definition.acme import ACME
from tests.unit.definition.texts import checked, read


def test_it_has_no_issue() -> None:
    assert checked(ACME) == []


def test_every_form_of_signal_is_read() -> None:
    forms = {signal.name: signal.form for signal in read(ACME).engagement.signals}
    any_track = EventMatch("track", ("Newsletter Subscribed",))
    assert forms["newsletter"] == Accrual(
        any_track, Measure("count"), Step(Fraction(1, 2), 30), FrequencyCap(1, "ever"), None
    )
    assert forms["cart"] == Accrual(
        EventMatch("track", ("Product Added",)), Measure("sum", "properties.price"), Fade(30), None, None
    )
    assert forms["not_asking"] == Frequency(
        EventMatch("track", ("Email Delivered",)), Measure("count"), None, 5, 60,
        EventMatch("track", ("Link Clicked", "Form Submitted")),
    )  # fmt: skip
    assert forms["gone_quiet"] == Inactivity(EventMatch("any", None), 45)
    assert forms["past_views"] == TraitUnits("total_visits")


def test_points_are_micro_points() -> None:
    definition = read(ACME)
    assert [level.lowest for level in definition.fit.levels] == [50_000_000, 25_000_000, 0]
    assert {signal.name: signal.points for signal in definition.engagement.signals}["cart"] == 50_000


def test_hand_raises_are_read_in_both_spellings() -> None:
    raised = {signal.name: signal.hand_raise for signal in read(ACME).engagement.signals if signal.hand_raise}
    assert raised == {"demo_request": HandRaise(30, "mql"), "quote": HandRaise(30, "sales_qualified")}


def test_the_matrix_names_ratings_by_letter_and_number() -> None:
    matrix = read(ACME).matrix
    assert matrix["good"]["high"] == Cell("handoff", "hot")
    assert matrix["poor"]["low"] == Cell("remove", "C3")
    assert matrix["unknown"]["high"] == Cell("handoff", "U1")


def test_what_follows_from_scores_is_read() -> None:
    definition = read(ACME)
    assert definition.handoff.accept_within == Promise(4, "h")
    assert definition.handoff.raise_accept_within == Promise(30, "m")
    assert definition.accounts == Accounts(5_000_000, 20_000_000)
    assert definition.likelihood is not None
    assert definition.likelihood.table[-1] == (60_000_000, 210_000)


def test_defaults_fill_what_is_not_said() -> None:
    text = (
        "version: 1\nfit: {levels: {good: 1}}\nengagement: {levels: {high: 1}}\n"
        "matrix: {good: {high: handoff}, unknown: {high: none}}\n"
    )
    definition = read(text)
    assert (definition.name, definition.timezone) == ("test", "UTC")
    assert definition.required == ("email", "phone")
    assert definition.fit.min_known == 1
    assert definition.engagement.weak_share == 25_000
    assert (definition.stages.cool_down, definition.stages.remove_after) == (90, 180)
    assert definition.accounts == Accounts(5_000_000, 20_000_000)


def test_a_hand_raise_of_false_is_none() -> None:
    text = ACME.replace("hand_raise: true", "hand_raise: false")
    signals = {signal.name: signal for signal in read(text).engagement.signals}
    assert signals["demo_request"].hand_raise is None


def test_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    assert read("\ufeff" + ACME.replace("\n", "\r\n")) == read(ACME)
