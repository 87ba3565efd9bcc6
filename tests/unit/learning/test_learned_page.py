"""The report of learning as a page: it needs nothing, and nothing that somebody wrote does harm."""

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ripeline.usecases.report.learned_page import learned_page
from tests.unit.learning.learned_reports import EVERY, RECORD
from tests.unit.learning.pages import (
    HOSTILE,
    assert_allows_its_own_style_alone,
    assert_asks_nobody,
    assert_charts_are_told,
    assert_no_harm,
)

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "learned.schema.json"
GIVEN = (
    "label",
    "name",
    "reason",
    "compared_with",
    "definition",
    "undated",
    "ignored",
    "kept",
    "text",
    "not_corrected",
)
"""What holds names that companies and their visitors gave; whether a leak is kept does not."""

EVERY_PAGE = pytest.mark.parametrize("record", EVERY.values(), ids=EVERY)


def called(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A report in which everything that somebody gave a name to is called so."""

    def hook(one: dict[str, object]) -> dict[str, object]:
        return {key: _name(value, name) if key in GIVEN else value for key, value in one.items()}

    made: dict[str, Any] = json.loads(json.dumps(record), object_hook=hook)
    return made


def _name(value: object, name: str) -> object:
    if isinstance(value, list):
        return [name] * 2
    return name if isinstance(value, str) else value


@EVERY_PAGE
def test_the_records_are_what_learning_writes(record: Mapping[str, Any]) -> None:
    jsonschema.validate(record, json.loads(SCHEMA.read_text(encoding="utf-8")))


@EVERY_PAGE
def test_a_page_asks_nobody_for_anything(record: Mapping[str, Any]) -> None:
    assert_asks_nobody(learned_page(record))


@EVERY_PAGE
def test_the_policy_of_a_page_allows_its_own_style_and_nothing_else(record: Mapping[str, Any]) -> None:
    assert_allows_its_own_style_alone(learned_page(record))


@EVERY_PAGE
def test_who_does_not_see_a_chart_is_told_what_it_shows(record: Mapping[str, Any]) -> None:
    assert_charts_are_told(learned_page(record))


def test_the_same_record_makes_the_same_page_and_stays_as_it_is() -> None:
    before = deepcopy(RECORD)
    assert learned_page(RECORD) == learned_page(json.loads(json.dumps(RECORD)))
    assert before == RECORD


@EVERY_PAGE
def test_names_do_no_harm(record: Mapping[str, Any]) -> None:
    assert_no_harm(learned_page(called(record, HOSTILE)), learned_page(record))


def test_names_are_cut_and_written_in_their_own_direction() -> None:
    unknown = {**RECORD, "leaks": [], "clocks": []}
    assert "x" * 200 not in learned_page(called(unknown, "x" * 5_000))
    right_to_left = learned_page(called(RECORD, "מקור: דף נחיתה"))
    assert right_to_left.count("<bdi>מקור: דף נחיתה</bdi>") >= 10
