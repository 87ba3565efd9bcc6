"""What a definition says in sentences, by the one that stands in the documentation."""

import pytest

from ripeline.adapters.templates import load_template, template_names
from ripeline.usecases.definition_words import (
    RuleTold,
    afterwards,
    criterion_told,
    handed_over,
    levels_text,
    mql_text,
    promises,
    signal_told,
)
from tests.unit.definition.acme import ACME
from tests.unit.definition.texts import read

DEFINITION = read(ACME)
SIGNALS = {one.name: signal_told(one) for one in DEFINITION.engagement.signals}


def test_what_an_mql_is() -> None:
    assert mql_text(DEFINITION) == (
        "A lead is marketing qualified (an MQL) when it has good, fair or unknown fit with high interest, or asked for "
        "sales (Demo request or Quote). Its email or phone must be known."
    )
    assert [(row, column) for row, column, _ in handed_over(DEFINITION)] == [
        ("good", "high"),
        ("fair", "high"),
        ("unknown", "high"),
    ]
    assert levels_text(DEFINITION.engagement.levels) == "high from 60 points, medium from 25 points, else low"


def test_what_cannot_become_one_is_said() -> None:
    text = ACME.replace("handoff", "nurture").replace("nurture:\n  accept", "handoff:\n  accept")
    text = text.replace(", hand_raise: true", "").replace(", hand_raise: {open_for: 30d, to: sales_qualified}", "")
    assert "when it never is." in mql_text(read(text))


def test_accounts_and_what_need_not_be_known() -> None:
    told = mql_text(read(ACME.replace("required: [email, phone]", "required: []\nper: account")))
    assert told.startswith("An account is marketing qualified")
    assert "must be known" not in told


@pytest.mark.parametrize(
    ("name", "points", "how", "of"),
    [
        ("trial_download", "+25", "each time; half is left after 30 days; 30 at most together", "Trial Downloaded"),
        (
            "pricing_page",
            "+8",
            (
                "each time; half is left after 14 days; at most 3 a day; only for 90 days; "
                "where context.page.path like '/pricing%'"
            ),
            "any page",
        ),
        ("newsletter", "+10", "each time; loses 50% every 30 days; at most 1 count", "Newsletter Subscribed"),
        ("cart", "+0.05", "for each unit of properties.price; fades to nothing in 30 days", "Product Added"),
        ("repeat_visit", "+10", "once, while there were at least 3 visits within 7 days", "any page"),
        ("active_days", "+1", "for each day with it; half is left after 7 days", "any page"),
        (
            "not_asking",
            "-10",
            (
                "once, while it happened at least 5 times within 60 days; "
                "and no Link Clicked or Form Submitted in that time"
            ),
            "Email Delivered",
        ),
        ("gone_quiet", "-10", "while there was none for 45 days", "any event"),
        ("past_views", "+1", "for each unit of total_visits; 10 at most together", "total_visits"),
        (
            "mail_opened",
            "+1",
            "each time; only for 30 days; supports other evidence, and never carries a lead alone",
            "Email Opened",
        ),
    ],
)
def test_signals(name: str, points: str, how: str, of: str) -> None:
    told = SIGNALS[name]
    assert (told.points, told.how, told.of) == (points, how, of)


def test_who_asks_for_sales() -> None:
    assert {name for name, told in SIGNALS.items() if told.asks} == {"demo_request", "quote"}


def test_criteria() -> None:
    told = {one.name: criterion_told(one) for one in DEFINITION.fit.criteria}
    assert told["mid_size"] == RuleTold("100 to 500 people", "+30", "", when="company_size between 100 and 500")
    assert told["dach"].how == "only what was imported or sent by a server counts"


def test_what_is_promised_and_what_comes_later() -> None:
    assert promises(DEFINITION) == [
        "A handoff is accepted or rejected within 4 business hours.",
        "The lead is contacted within 1 business day.",
        "Who asked for sales is accepted within 30 business minutes.",
        "Who asked for sales is contacted within 2 business hours.",
    ]
    assert afterwards(DEFINITION)[0] == "An MQL is a lead again with interest under 50 or fit under 20."
    plain = read(ACME.replace("  mql: {fall", "  # mql: {fall").replace("cool_down: 90d", "cool_down: 9d"))
    assert afterwards(plain)[:2] == [
        "An MQL is a lead again when it no longer meets the definition.",
        "Who was rejected by sales does not qualify again for 9 days.",
    ]


@pytest.mark.parametrize("template", template_names())
def test_every_rule_of_every_template_is_told(template: str) -> None:
    definition = read(load_template(template))
    for told in (*map(criterion_told, definition.fit.criteria), *map(signal_told, definition.engagement.signals)):
        assert told.label
        assert told.how or told.when
        assert told.points[0] in "+-"
