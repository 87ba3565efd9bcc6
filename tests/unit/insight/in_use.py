"""Handoffs of a small definition, in few words."""

from collections.abc import Mapping, Sequence
from typing import Final

from ripeline.definition.read import read_definition
from ripeline.insight.drift import Spread
from ripeline.insight.in_use import Cells, Given, Handed, Look, Points, RuleKey
from ripeline.plan.build import build_plan
from ripeline.plan.nodes import Plan
from ripeline.vocabulary.calendar import UTC_ZONE
from ripeline.vocabulary.derived import Tables
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.points import MICRO

TEXT: Final = """\
version: 1
required: []
fit:
  criteria:
    large: {label: Large, when: "size >= 100", points: 20}
    student: {when: "role = 'student'", points: -5}
    fax: {when: "fax = 'yes'", points: 5}
  levels: {good: 20, fair: 5, poor: 0}
engagement:
  signals:
    demo: {event: Demo, points: 10}
    often: {event: Page, at_least: 3 within 30d, points: 8}
    asked: {event: Asked, points: 30, hand_raise: true}
    zero: {event: Zero, points: 0}
  levels: {high: 20, low: 0}
matrix:
  good: {high: handoff, low: nurture}
  fair: {high: nurture, low: nurture}
  poor: {high: nurture, low: nurture}
  unknown: {high: nurture, low: nurture}
"""


def plan_of(tables: Tables, text: str = TEXT) -> Plan:
    return build_plan(read_definition(text, "d", ("UTC",), "d"), UTC_ZONE, tables)


def handed(
    answers: Sequence[str | None], points: Mapping[RuleKey, Sequence[int]] | None = None, **traits: Cells
) -> Handed:
    """Handoffs of as many leads: "yes" is accepted, None not answered, all else the reason for which it was sent back.

    points: of each rule, lead by lead.
    """
    given = [
        Given(Name("user", str(number)), 0, None if said is None else said == "yes", None if said == "yes" else said)
        for number, said in enumerate(answers)
    ]
    rows = [
        {key: MICRO * each[place] for key, each in (points or {}).items() if each[place]}
        for place in range(len(answers))
    ]
    return Handed(given, rows, traits)


def look(leads: int, points: Mapping[RuleKey, Points]) -> Look:
    return Look(leads, 0, Spread({}), Spread({}), {}, {}, points)
