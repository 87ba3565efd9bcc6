"""The report of a backtest as a page: it needs nothing, and nothing that somebody wrote does harm."""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import jsonschema
import pytest

from ripeline.entry.schemas import schema
from ripeline.usecases.report.backtest_page import backtest_page
from tests.unit.learning.backtest_reports import EVERY, TWO
from tests.unit.learning.pages import (
    HOSTILE,
    assert_allows_its_own_style_alone,
    assert_asks_nobody,
    assert_charts_are_told,
    assert_no_harm,
)

GIVEN = ("definition", "name", "lead", "fit_level", "engagement_level", "examples")
"""What holds names that companies and their visitors gave."""

EVERY_PAGE = pytest.mark.parametrize("record", EVERY.values(), ids=EVERY)


def called(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A report in which everything that somebody gave a name to is called so."""

    def hook(one: dict[str, Any]) -> dict[str, Any]:
        return {key: _name(value, name) if key in GIVEN else value for key, value in one.items()}

    made: dict[str, Any] = json.loads(json.dumps(record), object_hook=hook)
    return made


def _name(value: object, name: str) -> object:
    return [name] * len(value) if isinstance(value, list) else name


@EVERY_PAGE
def test_the_records_are_what_a_backtest_writes(record: Mapping[str, Any]) -> None:
    jsonschema.validate(record, schema("backtest"))


@EVERY_PAGE
def test_a_page_asks_nobody_for_anything(record: Mapping[str, Any]) -> None:
    assert_asks_nobody(backtest_page(record))


@EVERY_PAGE
def test_the_policy_of_a_page_allows_its_own_style_and_nothing_else(record: Mapping[str, Any]) -> None:
    assert_allows_its_own_style_alone(backtest_page(record))


@EVERY_PAGE
def test_who_does_not_see_a_chart_is_told_what_it_shows(record: Mapping[str, Any]) -> None:
    assert_charts_are_told(backtest_page(record))


@EVERY_PAGE
def test_names_do_no_harm(record: Mapping[str, Any]) -> None:
    assert_no_harm(backtest_page(called(record, HOSTILE)), backtest_page(record))


def test_names_are_cut_and_written_in_their_own_direction() -> None:
    assert "x" * 200 not in backtest_page(called(TWO, "x" * 5_000))
    assert backtest_page(called(TWO, "מקור: דף נחיתה")).count("<bdi>מקור: דף נחיתה</bdi>") >= 10


def test_the_same_record_makes_the_same_page_and_stays_as_it_is() -> None:
    before = deepcopy(TWO)
    assert backtest_page(TWO) == backtest_page(json.loads(json.dumps(TWO)))
    assert before == TWO
