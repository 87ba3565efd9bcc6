"""The SQL of small definitions, one for each feature, reviewed by eye; `make golden` renews the files."""

import os
from pathlib import Path

import pytest

from ripeline.adapters.tables.references import ShippedReferences
from ripeline.scoring.dialects import DUCKDB, SPARK, Dialect
from ripeline.scoring.lower import lower_contributions, lower_scores
from ripeline.scoring.sql.frame import Facts, Moment
from ripeline.usecases.load_plan import load_plan

FOLDER = Path(__file__).parent / "sql"
AS_OF_US = 1_774_994_399_999_999
DEFINITION = """\
version: 1
timezone: Europe/Berlin
required: [email]
fit:
  criteria:
    mid_size: {{when: "company_size between 100 and 500", points: 30}}
  levels: {{good: 25, poor: 0}}
engagement:
  signals:
    signal: {signal}
  levels: {{high: 5, low: 0}}
matrix:
  good: {{high: handoff, low: nurture}}
  poor: {{high: follow_up, low: remove}}
  unknown: {{high: handoff, low: nurture}}
"""
SIGNALS = {
    "decayed_count": "{event: Trial Downloaded, points: 25, decay: {half_life: 30d}, cap: 30}",
    "capped_per_week": "{type: page, when: \"context.page.path like '/pricing%'\", points: 8, at_most: 3 per week}",
    "channel": "{type: page, when: \"channel.medium = 'paid search'\", points: 8, at_most: 1 per day}",
    "minutes": "{type: page, measure: minutes, points: 0.5, within: 30d, cap: 15}",
    "at_least_without": "{event: Email Delivered, at_least: 5 within 60d, without: {event: Link Clicked}, points: 9}",
    "inactive": "{type: any, inactive: 45d, points: 9}",
    "hand_raise": "{event: Quote Requested, points: 40, hand_raise: {open_for: 30d, to: sales_qualified}}",
}
EVENT_COLUMNS = frozenset({"context.page.path:text"})
TRAIT_COLUMNS = frozenset({"company_size:text", "company_size:number", "email:text", "email:domain"})
FACTS = Facts(
    EVENT_COLUMNS,
    TRAIT_COLUMNS,
    1_767_225_600_000_000,
    tied=frozenset({"events", "links"}),
    untrusted=frozenset(),
    crowded=False,
)


def _held(name: str, text: str) -> None:
    file = FOLDER / f"{name}.sql"
    if os.environ.get("RIPELINE_GOLDEN") == "renew":
        file.write_text(text + "\n")
    assert text + "\n" == file.read_text(), f"{file.name} differs: if that is meant, run make golden and review"


def _sql(signal: str, dialect: Dialect) -> str:
    plan = load_plan(DEFINITION.format(signal=SIGNALS[signal]), "golden", "golden.yaml", ShippedReferences())
    return lower_scores(plan, FACTS, Moment(AS_OF_US), dialect)


@pytest.mark.parametrize("signal", SIGNALS)
def test_scores_in_duckdb(signal: str) -> None:
    """One signal of each form, scored for everybody at one instant."""
    _held(f"{signal}.duckdb", _sql(signal, DUCKDB))


def test_scores_in_spark() -> None:
    """The same steps in the words of Spark."""
    _held("decayed_count.spark", _sql("decayed_count", SPARK))


def test_contributions_at_moments_of_their_own() -> None:
    """Every line of every subject, each subject at its own instant."""
    definition = DEFINITION.format(signal=SIGNALS["decayed_count"])
    plan = load_plan(definition, "golden", "golden.yaml", ShippedReferences())
    _held("contributions_each", lower_contributions(plan, FACTS, Moment(AS_OF_US, each=True)))
