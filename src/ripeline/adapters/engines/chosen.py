"""Which rows of scores are chosen, in SQL: columns are told by names of ours, values are bound."""

from collections.abc import Mapping, Sequence
from typing import Final

from ripeline.adapters.columnar.columns import quoted
from ripeline.ports.scores import Condition, Group, How, LeadsAsked

_COMPARED: Final[Mapping[How, str]] = {
    "is": "{column} = ?",
    "at_least": "{column} >= ?",
    "at_most": "{column} <= ?",
    "has": "contains(lower({column}), lower(?))",
}


def where_of(groups: Sequence[Group]) -> tuple[str, list[object]]:
    """Return the condition that groups make, and the values that are bound to it.

    >>> fit = Condition(("fit_level",), ("good", "fair"))
    >>> where_of([(fit, Condition(("fit",), (5,), "at_least"))])
    ('((("fit_level" = ? OR "fit_level" = ?) AND ("fit" >= ?)))', ['good', 'fair', 5])
    """
    if not groups:
        return "TRUE", []
    told = " OR ".join("(" + (" AND ".join(map(_condition, group)) or "TRUE") + ")" for group in groups)
    return f"({told})", [value for group in groups for one in group for _ in one.columns for value in one.values]


def order_of(asked: LeadsAsked) -> str:
    """Return by what rows are sorted."""
    return ", ".join(f"{quoted(name)} {'DESC' if down else 'ASC'} NULLS LAST" for name, down in asked.order)


def _condition(one: Condition) -> str:
    compared = _COMPARED[one.how]
    parts = (compared.format(column=quoted(column)) for column in one.columns for _ in one.values)
    return "(" + (" OR ".join(parts) or "FALSE") + ")"
