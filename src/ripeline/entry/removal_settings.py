"""The section [removals] of ripeline.toml: who removes, after how long, and whom nobody removes."""

from collections.abc import Mapping
from typing import Any

from ripeline.entry.condition_settings import condition_on_traits
from ripeline.usecases.removals import RemovalRules
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.issues import InputError

NEVER = "legal_hold = true or open_deal = true"
USUAL_DAYS, MOST_DAYS = 14, 3_650


def removal_rules(raw: Mapping[str, Any]) -> RemovalRules:
    """Return how people are removed, or raise InputError."""
    days = raw.get("wait_days", USUAL_DAYS)
    if not 1 <= days <= MOST_DAYS:
        raise InputError(f"removals.wait_days takes a whole number of days from 1 to {MOST_DAYS:,}")
    never = raw.get("never", NEVER)
    condition = condition_on_traits("removals.never", never, "who is never removed")
    return RemovalRules(condition, never, days * DAY_US if raw.get("automatic") else None)
