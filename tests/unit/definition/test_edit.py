"""One value is changed, and nothing else of the text."""

from decimal import Decimal
from difflib import ndiff
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripeline.adapters.templates import load_template
from ripeline.definition.edit import Plain, renamed, with_comment, with_value, without
from ripeline.definition.syntax import Mapping, Sequence, Yaml, read_yaml
from ripeline.vocabulary.issues import InputError
from tests.how_many import most
from tests.unit.definition.acme import ACME
from tests.unit.definition.texts import checked, read


def changed_lines(old: str, new: str) -> list[str]:
    return [line for line in ndiff(old.splitlines(), new.splitlines()) if line.startswith(("+", "-"))]


@pytest.mark.parametrize(
    ("path", "value", "lines"),
    [
        (("engagement", "signals", "trial_download", "points"), 30, 2),
        (("engagement", "signals", "trial_download", "decay"), {"half_life": "14d"}, 2),
        (("engagement", "signals", "trial_download", "within"), "90d", 1),
        (("engagement", "signals", "cart", "points"), Decimal("0.07"), 2),
        (("engagement", "signals", "cart", "cap"), 20, 2),
        (("matrix", "good", "high"), "nurture", 2),
        (("learned", "likelihood", "table"), [[0, Decimal("0.1")], [10, Decimal("0.2")]], 2),
        (("suppress", "own_staff", "when"), "email_domain = 'x.example'", 2),
        (("fit", "levels", "good"), 60, 2),
    ],
)
def test_only_its_line_changes(path: tuple[str, ...], value: Plain, lines: int) -> None:
    edited = with_value(ACME, path, value)
    assert len(changed_lines(ACME, edited)) == lines
    assert not any(issue.is_error for issue in checked(edited))
    assert read(edited) != read(ACME)


def test_comments_survive() -> None:
    text = load_template("b2b-saas")
    edited = with_value(text, ("engagement", "signals", "pricing_page", "points"), 9)
    assert [line for line in edited.splitlines() if "#" in line] == [line for line in text.splitlines() if "#" in line]


def test_a_block_becomes_one_line_and_what_follows_stays() -> None:
    text = "a:\n  b: 1\n  # about c\nc:\n  - 1\n  - 2\nd: 4  # four\n"
    assert with_value(text, ("c",), [3]) == "a:\n  b: 1\n  # about c\nc: [3]\nd: 4  # four\n"


@pytest.mark.parametrize(
    ("text", "path", "edited"),
    [
        ("a:\nb: 1\n", ("a",), "a: 5\nb: 1\n"),
        ("a: # why\nb: 1\n", ("a",), "a: 5 # why\nb: 1\n"),
        ("a: {}\n", ("a", "b"), "a: {b: 5}\n"),
        ("a: {b: }\n", ("a", "b"), "a: {b: 5 }\n"),
        ("a:\n  b: |\n    x\n    y\n  c: 1\n", ("a", "b"), "a:\n  b: 5\n  c: 1\n"),
        ("a:\r\n  b: 1 # one\r\nc: 2\r\n", ("a", "n"), "a:\r\n  b: 1 # one\r\n  n: 5\r\nc: 2\r\n"),
        ("\ufeffa: 1\n", ("a",), "\ufeffa: 5\n"),
        ("a: 1", ("b",), "a: 1\nb: 5\n"),
        ('a: "x" # y\n', ("a",), "a: 5 # y\n"),
        ("a: # why\n  b: 1 # one\n  # two\nc: 2\n", ("a",), "a: 5 # why # one\n  # two\nc: 2\n"),
    ],
)
def test_layouts(text: str, path: tuple[str, ...], edited: str) -> None:
    assert with_value(text, path, 5) == edited


@pytest.mark.parametrize("path", [("x", "y"), ("name", "x"), ()])
def test_a_place_that_is_not_there_is_told(path: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        with_value(ACME, path, 1)


VALUES = st.recursive(
    st.integers(-9999, 9999) | st.booleans() | st.text(min_size=1, max_size=12).filter(str.isprintable),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=5,
)


def paths(node: Yaml | None, here: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(node, Mapping):
        return [here] if here else []
    return [
        *([here] if here else []),
        *(path for entry in node for path in paths(entry.value, (*here, entry.key))),
    ]


PATHS = paths(read_yaml(ACME).root)


@settings(deadline=None, max_examples=most(60))
@given(st.sampled_from(PATHS), VALUES)
def test_any_value_can_stand_anywhere(path: tuple[str, ...], value: Plain) -> None:
    node = read_yaml(with_value(ACME, path, value)).root
    for key in path:
        assert isinstance(node, Mapping)
        entry = node.get(key)
        assert entry is not None
        node = entry.value
    assert isinstance(node, Mapping | Sequence) == isinstance(value, dict | list)


BRACKETS = "fit: {criteria: {old: {when: x = 1, points: 1}, new: {when: y = 1, points: 2}}}\n"
LINES = """\
fit:
  # Who fits.
  criteria:
    old:  # long ago
      when: x = 1
      points: 1  # few
    # Since last year.
    new: {when: y = 1, points: 2}
  levels: {good: 1}
"""


def test_a_key_goes_with_its_lines_and_no_others() -> None:
    assert changed_lines(LINES, without(LINES, ("fit", "criteria", "old"))) == [
        "-     old:  # long ago",
        "-       when: x = 1",
        "-       points: 1  # few",
    ]
    assert without(LINES, ("fit", "criteria", "gone")) == LINES


def test_what_holds_nothing_else_goes_too() -> None:
    rest = without(without(LINES, ("fit", "criteria", "old")), ("fit", "criteria", "new"))
    assert "criteria" not in rest
    assert rest.endswith("  levels: {good: 1}\n")


def test_the_last_key_goes_where_no_line_ends_the_text() -> None:
    assert without("fit: {a: 1}\nlearned:\n  leads: 3", ("learned",)) == "fit: {a: 1}\n"


@pytest.mark.parametrize(
    ("key", "rest"),
    [
        ("old", "fit: {criteria: {new: {when: y = 1, points: 2}}}\n"),
        ("new", "fit: {criteria: {old: {when: x = 1, points: 1}}}\n"),
    ],
)
def test_of_what_shares_its_line_the_rest_stays(key: str, rest: str) -> None:
    assert without(BRACKETS, ("fit", "criteria", key)) == rest


def plain(node: object) -> object:
    if isinstance(node, Mapping):
        return {entry.key: plain(entry.value) for entry in node}
    return [plain(item) for item in node.items] if isinstance(node, Sequence) else getattr(node, "text", None)


@settings(deadline=None, max_examples=most(60))
@given(st.sampled_from(PATHS))
def test_any_key_can_be_taken_out_and_all_others_stay(path: tuple[str, ...]) -> None:
    found = plain(read_yaml(without(ACME, path)).root)
    expected: Any = plain(read_yaml(ACME).root)
    parents = [expected]
    for key in path[:-1]:
        parents.append(parents[-1][key])
    for parent, key in zip(reversed(parents), reversed(path), strict=True):
        del parent[key]
        if parent:
            break
    assert found == expected


def test_a_key_is_renamed_within_brackets_too() -> None:
    assert renamed(BRACKETS, ("fit", "criteria", "old", "points"), "cap").count("cap: 1") == 1
    with pytest.raises(InputError, match="cannot be renamed"):
        renamed('"a": 1\n', ("a",), "b")


def test_a_comment_stands_behind_its_line_unless_there_is_one() -> None:
    path = ("fit", "criteria", "new", "points")
    assert "points: 2}  # was 1\n" in with_comment(LINES, path, "was 1")
    assert with_comment(LINES, ("fit", "criteria", "old", "points"), "was 2") == LINES
    assert with_comment("a: 1", ("a",), "b") == "a: 1  # b"
