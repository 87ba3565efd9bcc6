"""What changed, in the words of the trade and in the order of the file."""

import pytest

from ripeline.adapters.templates import load_template, template_names
from ripeline.definition.diff import change_text, changes
from tests.unit.definition.acme import ACME
from tests.unit.definition.texts import definition_text, read

TWO_RIVALS = (
    "suppression \"competitors\": when email_domain = 'rival.example' -> email_domain in ('rival.example', 'x.example')"
)


def told(old: str, new: str) -> list[str]:
    return [change_text(change) for change in changes(read(old), read(new))]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("points: 25 ", "points: 30 ", 'signal "Downloaded the trial": points 25 -> 30'),
        ("{half_life: 30d}", "{half_life: 14d}", 'signal "Downloaded the trial": half-life 30d -> 14d'),
        ("{half_life: 7d}", "{fade: 7d}", 'signal "Active days": decay half-life 7d -> fade 7d'),
        ("cap: 30 ", "", 'signal "Downloaded the trial": cap 30 -> none'),
        ("3 per day", "5 per week", 'signal "Pricing page": frequency cap 3 per day -> 5 per week'),
        ("3 within 7d", "4 within 14d", 'signal "Repeat visit": at least 3 within 7d -> 4 within 14d'),
        ("inactive: 45d", "inactive: 60d", 'signal "Gone quiet": inactive 45d -> 60d'),
        ("label: Downloaded the trial", "label: Trial",
         'signal "Downloaded the trial": label Downloaded the trial -> Trial'),
        ("hand_raise: true", "hand_raise: false",
         'signal "Demo request": hand-raise open for 30d, to mql -> none'),
        ("in ('DE', 'AT', 'CH')", "in ('DE', 'AT')",
         "criterion \"Dach\": when country in ('DE', 'AT', 'CH') -> country in ('DE', 'AT')"),
        ("good: 50", "good: 60", "good fit from 50 -> 60"),
        ("high: 60", "high: 70", "high engagement from 60 -> 70"),
        ("fair:    {high: handoff", "fair:    {high: nurture",
         "matrix: fair fit + high interest: handoff -> nurture"),
        ("rating: hot", "rating: top", "matrix: good fit + high interest: rating hot -> top"),
        ("min_known: 1", "min_known: 2", "fit: min known 1 -> 2"),
        ("weak_share: 25%", "weak_share: 10%", "engagement: weak share 25% -> 10%"),
        ("content: {at_most: 60", "content: {at_most: 50", 'group "content": at most 60 -> 50'),
        ("('rival.example')", "('rival.example', 'x.example')",
         TWO_RIVALS),
        ("cool_down: 90d", "cool_down: 30d", "stages: cool-down 90d -> 30d"),
        ("engagement: 50", "engagement: 40", "stages: an MQL falls below engagement 50 -> 40"),
        ("accept_within: 4h", "accept_within: 2h", "handoff: accept within 4h -> 2h"),
        ("breadth: 5", "breadth: 4", "accounts: breadth 5 -> 4"),
        ("[25, 0.08]", "[25, 0.1]", "likelihood: from 25 0.08 -> 0.1"),
        ("required: [email, phone]", "required: [email]", "required email, phone -> email"),
        ("timezone: Europe/Berlin", "timezone: UTC", "timezone Europe/Berlin -> UTC"),
    ],
)  # fmt: skip
def test_one_change_is_one_line(old: str, new: str, line: str) -> None:
    assert told(ACME, ACME.replace(old, new, 1)) == [line]


def test_rules_come_and_go() -> None:
    fewer = ACME.replace("    free_mail:   {when: \"email_kind = 'free'\", points: -15}\n", "")
    assert told(ACME, fewer) == ["removed criterion \"Free mail\": -15 points, when email_kind = 'free'"]
    assert told(fewer, ACME) == ["new criterion \"Free mail\": -15 points, when email_kind = 'free'"]


def test_levels_come_with_their_cells() -> None:
    more = definition_text(
        fit_levels="  levels: {good: 50, fair: 20, poor: 0}\n",
        matrix="matrix:\n  good: {high: handoff, low: nurture}\n  fair: {high: handoff, low: nurture}\n"
        "  poor: {high: follow_up, low: remove}\n  unknown: {high: handoff, low: nurture}\n",
    )
    assert told(definition_text(), more) == [
        "new level fair fit: from 20",
        "new cell fair fit + high interest: handoff, rating B1",
        "new cell fair fit + low interest: nurture, rating B2",
        "matrix: poor fit + high interest: rating B1 -> C1",
        "matrix: poor fit + low interest: rating B2 -> C2",
    ]


def test_the_order_of_rules_is_a_change() -> None:
    """In a group marked first the order decides."""
    a, b = '    a: {when: "x = 1", points: 50}\n', '    b: {when: "x = 2", points: 50}\n'
    (line,) = told(definition_text(criteria=a + b), definition_text(criteria=b + a))
    assert line == "order of each criterion: a, b -> b, a"


def test_changes_come_in_the_order_of_the_file() -> None:
    new = ACME.replace("breadth: 5", "breadth: 4").replace("good: 50", "good: 60").replace("cap: 15", "cap: 10")
    assert told(ACME, new) == [
        "good fit from 50 -> 60",
        'signal "Time on site": cap 15 -> 10',
        "accounts: breadth 5 -> 4",
    ]


@pytest.mark.parametrize("name", template_names())
def test_comments_and_layout_are_no_change(name: str) -> None:
    text = load_template(name)
    bare = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert changes(read(text), read(bare)) == ()
