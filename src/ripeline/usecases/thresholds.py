"""Thresholds that somebody tries: what they say, and the definition with them."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final

from ripeline.definition.model import Definition, Level
from ripeline.usecases.definition_form import micro_said
from ripeline.vocabulary.issues import InputError

WEEKS: Final = 8
"""How many weeks are looked back."""


def with_thresholds(definition: Definition, said: Mapping[str, str]) -> Definition:
    """Return a definition with other thresholds, such as {"fit/levels/good": "45"}; InputError where they cannot be."""
    fit = _levels("fit", definition.fit.levels, said)
    engagement = _levels("engagement", definition.engagement.levels, said)
    return replace(
        definition,
        fit=replace(definition.fit, levels=fit),
        engagement=replace(definition.engagement, levels=engagement),
    )


def _levels(part: str, levels: tuple[Level, ...], said: Mapping[str, str]) -> tuple[Level, ...]:
    *thresholds, last = levels
    tried = [_level(one, said.get(f"{part}/levels/{one.name}", "").strip()) for one in thresholds]
    for above, below in pairwise([*tried, last]):
        if above.lowest <= below.lowest:
            called = "interest" if part == "engagement" else part
            raise InputError(f"{above.name} {called} has to begin above {below.name}")
    return (*tried, last)


def _level(level: Level, said: str) -> Level:
    if not said:
        return level
    return Level(level.name, micro_said(f"where {level.name} begins", said))
