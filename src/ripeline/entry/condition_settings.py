"""Conditions on traits in ripeline.toml."""

from ripeline.definition.condition_text import ConditionError, parse_condition
from ripeline.definition.conditions import Condition, reads_events
from ripeline.vocabulary.issues import InputError


def condition_on_traits(where: str, text: str, what: str) -> Condition:
    """Return a condition, or raise InputError where it is none, or reads fields of events."""
    try:
        condition = parse_condition(text)
    except ConditionError as error:
        raise InputError(f"{where}: {error}; {error.hint}") from error
    if reads_events(condition):
        raise InputError(f"{where}: {what} reads traits, such as country, and no fields of events")
    return condition
