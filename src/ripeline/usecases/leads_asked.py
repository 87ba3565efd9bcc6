"""Which leads, or accounts, somebody asks for, and how they are told."""

from collections.abc import Mapping
from dataclasses import dataclass

from ripeline.ports.handoffs import USUAL
from ripeline.ports.scores import LeadsAsked
from ripeline.usecases.handoffs_asked import MOST, whole
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.points import points_text

OTHERS = ("definition", "sort", "limit", "offset", "min_position", "wait")
POINTS = ("fit", "engagement", "likelihood")
INNER = {"as_of_us", "reachable", "raised"}
"""Columns of scores that are not told as they are."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What can be asked of a list. what: its rows, each named by the column `name`."""

    what: str
    name: str
    filters: tuple[str, ...]
    sorted_by: tuple[str, ...]


_LEAD_FILTERS = ("lead", "account", "fit_level", "engagement_level", "rating", "action", "stage", "meets_definition")
LEADS = Listed("leads", "lead", _LEAD_FILTERS, (*_LEAD_FILTERS, "fit", "engagement", "likelihood", "as_of"))
ACCOUNTS = Listed(
    "accounts",
    "account",
    ("account", "fit_level", "engagement_level", "rating", "action", "meets_definition", "contact", "best"),
    (
        *("account", "fit", "fit_level", "engagement", "engagement_level", "rating", "action", "meets_definition"),
        *("contact", "leads", "interested", "mqls", "best"),
    ),
)


def leads_asked(parameters: Mapping[str, str], listed: Listed = LEADS) -> LeadsAsked:
    """Return what parameters ask for: `fit_level=good&sort=-engagement&limit=50`.

    Raises InputError for a parameter that is not known or takes something else.
    """
    allowed = (*listed.filters, *OTHERS)
    for name in parameters:
        if name not in allowed:
            raise InputError(f'"{name}" is no parameter; {did_you_mean(name, allowed)}')
    equal = {name: _value(name, parameters[name]) for name in listed.filters if name in parameters}
    order = tuple(_column(part, listed) for part in parameters.get("sort", "-engagement").split(",") if part)
    limit, offset = min(whole(parameters, "limit", USUAL), MOST), whole(parameters, "offset", 0)
    return LeadsAsked(equal, (*order, (listed.name, False)), limit, offset)


def score_record(row: Mapping[str, object]) -> dict[str, object]:
    """Return a row of scores as plain values, points as decimal text."""
    told = {name: value for name, value in row.items() if name not in INNER}
    told |= {name: points_text(value) for name in POINTS if isinstance(value := row[name], int)}
    return {"lead": told.pop("lead"), "as_of": instant_text(int(str(row["as_of_us"]))), **told}


def _value(name: str, text: str) -> object:
    if name != "meets_definition":
        return text
    if text not in {"true", "false"}:
        raise InputError(f"{name} is true or false")
    return text == "true"


def _column(part: str, listed: Listed) -> tuple[str, bool]:
    name = part.removeprefix("-")
    if name not in listed.sorted_by:
        raise InputError(f'{listed.what} are not sorted by "{name}"; {did_you_mean(name, listed.sorted_by)}')
    return ("as_of_us" if name == "as_of" else name), part.startswith("-")
