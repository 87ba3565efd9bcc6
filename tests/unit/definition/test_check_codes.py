"""Every code of a problem: its place, its severity, its page in the docs."""

import re
from pathlib import Path

import pytest

from ripeline.definition.checks import Seen
from tests.unit.definition.problems import ERRORS, WARNINGS
from tests.unit.definition.texts import SIGNALS, checked, definition_text, found, marked

ROOT = Path(__file__).parents[3]
SEEN = Seen(
    events={"track": frozenset({"Trial Downloaded", "Demo Booked"}), "page": frozenset({"Prices"})},
    fields=frozenset({"properties.price"}),
    traits=frozenset({"size", "email", "country"}),
)
SEEN_CODES = ("never-seen-event", "never-seen-trait", "never-seen-property")


def names(cases: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"{code}-{number}" for number, (code, _) in enumerate(cases)]


def test_the_base_of_all_cases_has_no_issue() -> None:
    assert checked(definition_text()) == []


@pytest.mark.parametrize(("code", "text"), ERRORS, ids=names(ERRORS))
def test_an_error_stands_where_it_is_marked_and_alone(code: str, text: str) -> None:
    plain, places = marked(text)
    issues = checked(plain)
    assert found(issues) == [(code, place) for place in places]
    assert all(issue.is_error for issue in issues)


@pytest.mark.parametrize(("code", "text"), WARNINGS, ids=names(WARNINGS))
def test_a_warning_stands_where_it_is_marked_and_alone(code: str, text: str) -> None:
    plain, places = marked(text)
    issues = checked(plain)
    assert found(issues) == [(code, place) for place in places]
    assert not any(issue.is_error for issue in issues)


@pytest.mark.parametrize(
    ("signal", "code", "hint"),
    [
        ("{event: «Demo Boked, points: 1}", "never-seen-event", 'did you mean "Demo Booked"?'),
        (
            "{event: [Demo Booked, «Prices], points: 1}",
            "never-seen-event",
            "seen as a page: write type: page",
        ),
        ("{event: Demo Booked, when: «sise > 1, points: 1}", "never-seen-trait", 'did you mean "size"?'),
        ("{trait: «visits, points: 1}", "never-seen-trait", "known here"),
        (
            "{event: Demo Booked, when: «properties.prise > 1, points: 1}",
            "never-seen-property",
            "properties.price",
        ),
        (
            "{event: Demo Booked, measure: «sum(properties.x), points: 1}",
            "never-seen-property",
            "properties.price",
        ),
        (
            "{event: Demo Booked, at_least: 1 within 7d, without: {event: «A}, points: 1}",
            "never-seen-event",
            "known",
        ),
    ],
)
def test_what_never_occurs_in_the_history_is_a_warning(signal: str, code: str, hint: str) -> None:
    text, places = marked(definition_text(signals=f"{SIGNALS}    x: {signal}\n"))
    issues = checked(text, SEEN)
    assert found(issues) == [(code, place) for place in places]
    assert hint in issues[0].hint


def test_derived_traits_are_seen_when_their_raw_trait_is() -> None:
    condition = "email_kind = 'free' and country_raw = 'x' and country = 'DE' and email_domain = 'a.b'"
    text = definition_text(criteria=f"    x: {{when: \"{condition} or title_function = 'it'\", points: 50}}\n")
    assert [issue.message for issue in checked(text, SEEN)] == ["no trait called title_function was ever seen"]


def test_derived_fields_are_seen_when_one_they_are_told_by_is() -> None:
    text = definition_text(signals=SIGNALS.replace("points", "when: channel.source = 'x', points"))
    told = Seen(SEEN.events, SEEN.fields | {"properties.referrer"}, SEEN.traits)
    assert checked(text, told) == []
    (issue,) = checked(text, SEEN)
    assert (issue.code, issue.message) == ("never-seen-property", "no property called channel.source was ever seen")
    assert issue.hint.startswith("it is worked out from context.page.url")


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("channel.mediun = 'email'", 'did you mean "channel.medium"?'),
        ("channel.page.x = 'email'", "channel.campaign"),
    ],
)
def test_a_derived_field_that_is_not_known_is_an_error(written: str, hint: str) -> None:
    (issue,) = checked(definition_text(signals=SIGNALS.replace("points", f"when: {written}, points")))
    assert issue.code == "bad-condition"
    assert hint in issue.hint


def test_a_derived_field_belongs_to_events_and_is_not_summed() -> None:
    criterion = definition_text(criteria="    x: {when: channel.medium = 'email', points: 50}\n")
    assert [issue.code for issue in checked(criterion)] == ["condition-scope"]
    summed = definition_text(signals=SIGNALS.replace("points", "measure: sum(channel.source), points"))
    assert [issue.code for issue in checked(summed)] == ["bad-value"]


def test_required_traits_are_told_only_where_none_was_seen() -> None:
    assert checked(definition_text(top="required: [email, phone]\n"), SEEN) == []
    text, places = marked(definition_text(top="required: «[phone, fax]\n"))
    assert found(checked(text, SEEN)) == [("never-seen-trait", places[0])]


def test_an_empty_history_says_nothing() -> None:
    assert checked(definition_text(), Seen({}, frozenset(), frozenset())) == []


def test_more_issues_than_anyone_reads_are_cut() -> None:
    issues = checked(definition_text(more="".join(f"key{number}: 1\n" for number in range(1000))))
    assert len(issues) <= 201
    assert issues[-1].code in {"more-issues", "unknown-key"}


def test_many_warnings_are_cut_with_a_warning() -> None:
    signals = "".join(f"    s{number}: {{event: A, points: 60}}\n" for number in range(300))
    issues = checked(definition_text(signals=signals))
    assert issues[-1].code == "more-issues"
    assert not any(issue.is_error for issue in issues)


def test_the_documented_codes_are_those_that_have_a_case() -> None:
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs/check-codes.md").read_text("utf-8"), re.MULTILINE))
    assert documented == {code for code, _ in (*ERRORS, *WARNINGS)} | {*SEEN_CODES, "more-issues"}


def test_every_code_in_the_source_is_documented() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "src/ripeline/definition").rglob("*.py"))
    used = set(re.findall(r'(?:Issue|warning|problem|_note)\(\s*f?"([a-z-]+?)(?:-\{what\})?"', source))
    used |= set(re.findall(r'BadValue\([^\n]*"([a-z]+-[a-z]+)"\)', source))
    documented = (ROOT / "docs/check-codes.md").read_text("utf-8")
    assert {"bad-condition", "points-range", "yaml-syntax", "never-seen"} <= used
    assert [code for code in used if f"`{code}" not in documented] == []
