"""Checks of meaning: one rule a file, each returns a list of issues, no rule knows another."""

from collections.abc import Callable

from ripeline.definition.checks import (
    any_hand,
    cap_side,
    cap_size,
    condition_scope,
    fall_above_rise,
    form,
    frequency,
    groups,
    idle_group,
    idle_level,
    idle_lot,
    levels,
    likelihood,
    matrix,
    min_known,
    names,
    never_true,
    no_handoff,
    overlap,
    promises,
    reach,
    same_criterion,
    seen,
    text_boolean,
    unknown_value,
    zone,
)
from ripeline.definition.checks.draft import Draft, Seen
from ripeline.vocabulary.issues import Issue

ERRORS: tuple[Callable[[Draft], list[Issue]], ...] = (
    zone.check,
    levels.check,
    matrix.check,
    groups.check,
    names.check,
    form.check,
    cap_side.check,
    condition_scope.check,
    likelihood.check,
)
"""A definition that breaks one of these has no meaning."""

WARNINGS: tuple[Callable[[Draft], list[Issue]], ...] = (
    cap_size.check,
    reach.check,
    idle_level.check,
    idle_lot.check,
    idle_group.check,
    min_known.check,
    overlap.check,
    same_criterion.check,
    unknown_value.check,
    never_true.check,
    text_boolean.check,
    frequency.check,
    any_hand.check,
    no_handoff.check,
    fall_above_rise.check,
    promises.check,
    seen.check,
)
"""A definition that breaks one of these has a meaning, and hardly the one that was meant."""

RULES = (*ERRORS, *WARNINGS)

__all__ = ["RULES", "Draft", "Seen"]
