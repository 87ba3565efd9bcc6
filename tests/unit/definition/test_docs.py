"""The reference of the definition names every key, and what it shows is right."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ripeline.definition.grammar import DEFINITION
from ripeline.definition.shapes import Either, Listing, Record, Shape, Table
from tests.unit.definition.texts import INTEREST, LEVELS, MATRIX, checked

REFERENCE = (Path(__file__).parents[3] / "docs/definition.md").read_text("utf-8")
SECTIONS = {
    title.replace("`", ""): body
    for title, body in re.findall(r"^#{2,3} (.+?)$(.*?)(?=^#{2,3} |\Z)", REFERENCE, re.MULTILINE | re.DOTALL)
}


def records(shape: Shape, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Record]]:
    match shape:
        case Record():
            yield ".".join(path) or "The top of the file", shape
            for key, field in shape.fields.items():
                yield from records(field.shape, (*path, key))
        case Table(item):
            names = ("ROW",) if path == ("matrix",) else ("COLUMN",) if path[0] == "matrix" else ("NAME",)
            yield from records(item, (*path, *names))
        case Listing(item):
            yield from records(item, path)
        case Either(_, mapping):
            yield from records(mapping, path)


RECORDS = list(records(DEFINITION))


@pytest.mark.parametrize(("title", "record"), RECORDS)
def test_every_key_has_a_row_where_it_belongs(title: str, record: Record) -> None:
    section = SECTIONS[title]
    assert [key for key in record.fields if f"| `{key}` |" not in section] == []


@pytest.mark.parametrize(("title", "record"), RECORDS)
def test_no_row_names_a_key_that_is_not_there(title: str, record: Record) -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \|", SECTIONS[title], re.MULTILINE)
    assert [key for key in rows if key not in record.fields] == []


def test_the_examples_of_the_reference_are_right() -> None:
    examples = [text for text in re.findall(r"```yaml\n(.*?)```", REFERENCE, re.DOTALL) if "when: >-" not in text]
    assert len(examples) >= 5
    assert checked(examples[0]) == []
    for text in examples[1:]:
        assert [issue for issue in checked(completed(text)) if issue.is_error] == []


def completed(part: str) -> str:
    """An example shows a part; the rest is put beside it."""
    whole = "version: 1\n" + part
    for key, text in (
        ("fit:", f"fit:\n{LEVELS}"),
        ("engagement:", f"engagement:\n{INTEREST}"),
        ("matrix:", MATRIX),
    ):
        if f"\n{key}" not in whole:
            whole += text
    return whole
