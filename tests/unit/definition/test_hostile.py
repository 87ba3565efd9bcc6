"""Text that nobody would write by hand ends in issues, soon, and never in an exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.how_many import most
from tests.unit.definition.acme import ACME
from tests.unit.definition.texts import checked, definition_text, found

HOSTILE = {
    "brackets": "a: " + "[" * 200_000,
    "braces": "a: " + "{a: " * 70_000,
    "deep block": "\n".join(" " * depth + "a:" for depth in range(300)),
    "too long": "a: " + "x" * 1_000_001,
    "long key": "x" * 200_000 + ": 1",
    "long name": "name: " + "x" * 200_000,
    "control character": "name: a\x01b",
    "lone surrogate": "name: \ud800",
    "complex key": "? [a, b]\n: 1\n",
    "laughs": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "python tag": "version: !!python/object:os.system 1\n",
    "merge key": "<<: {version: 1}\n",
    "list": "- a\n- b\n",
    "scalar": "hello",
    "directive": "%YAML 9.9\n---\nversion: 1\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_it_is_refused_with_issues(text: str) -> None:
    issues = checked(text)
    assert any(issue.is_error for issue in issues)
    assert len(issues) <= 201
    assert all(len(issue.message) < 1_000 for issue in issues)


@pytest.mark.parametrize(
    "condition",
    [
        "(" * 1_900 + "a" + ")" * 1_900,
        "not " * 900 + "a",
        "+".join("a" * 1_900) + " = 1",
        "[" * 3_900,
        "a." * 1_900 + "b",
        "coalesce(" * 400 + "a",
        "x" * 5_000 + " = 1",
    ],
    ids=["brackets", "not", "sum", "lists", "dots", "calls", "long"],
)
def test_a_condition_too_deep_or_long_is_one_issue(condition: str) -> None:
    text = definition_text(criteria=f'    x: {{when: "{condition}", points: 50}}\n')
    assert [code for code, _ in found(checked(text))] == ["bad-condition"]


def test_keys_that_are_no_text_are_names() -> None:
    assert checked(ACME.replace("mid_size", "12").replace("buyer", "true").replace("dach", "null")) == []


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_issues(text: str) -> None:
    assert checked(text)


@settings(deadline=None, max_examples=most(60))
@given(st.integers(0, len(ACME) - 1), st.sampled_from("\t:{}[],'\"#&*!|>%@` \n-x0"))
def test_any_changed_character_gives_a_definition_or_issues(at: int, character: str) -> None:
    for issue in checked(ACME[:at] + character + ACME[at + 1 :]):
        assert issue.place.line <= ACME.count("\n") + 2
