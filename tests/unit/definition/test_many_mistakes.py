"""A file with many mistakes tells all of them at once."""

from pathlib import Path

from tests.unit.definition.texts import checked, found, marked

TEXT, PLACES = marked((Path(__file__).parent / "many_mistakes.yaml").read_text("utf-8"))


def test_all_mistakes_are_told_with_their_places() -> None:
    assert [place for _, place in found(checked(TEXT))] == PLACES


def test_there_are_more_than_ten_kinds() -> None:
    assert len({code for code, _ in found(checked(TEXT))}) > 10


def test_what_stands_before_a_broken_line_is_told_too() -> None:
    """An unclosed quote at the end does not hide the mistakes above it, and invents none."""
    broken, places = marked(
        'version: 1\nfit:\n  min_known: «one\n  levels: {good: «x}\nengagement:\n  levels: {high: «"60}\n'
    )
    assert found(checked(broken)) == [
        ("bad-value", places[0]),
        ("bad-value", places[1]),
        ("yaml-syntax", places[2]),
    ]
