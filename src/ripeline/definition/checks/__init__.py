"""Checks of meaning: one rule a file, each returns a list of issues, no rule knows another."""

from ripeline.definition.checks import (
    cap_size,
    condition_scope,
    form,
    groups,
    levels,
    likelihood,
    matrix,
    names,
    overlap,
    reach,
    size,
    zone,
)
from ripeline.definition.checks.draft import Draft

RULES = (
    zone.check,
    levels.check,
    matrix.check,
    groups.check,
    names.check,
    form.check,
    condition_scope.check,
    cap_size.check,
    reach.check,
    overlap.check,
    likelihood.check,
    size.check,
)

__all__ = ["RULES", "Draft"]
