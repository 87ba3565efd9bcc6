"""Which leads, or accounts, somebody asks for, and how they are told."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ripeline.ports.handoffs import USUAL
from ripeline.ports.scores import Condition, Group, How, LeadsAsked
from ripeline.usecases.handoffs_asked import MOST, whole
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.points import micro_of, points_text

OR: Final = "or"
"""Stands between two groups of filters: whoever fits one of them is chosen."""

SEARCH: Final = "search"
OTHERS = ("definition", "sort", "limit", "offset", "min_position", "wait")
POINTS = ("fit", "engagement", "likelihood")
INNER = {"as_of_us", "reachable", "raised"}
"""Columns of scores that are not told as they are."""

MOST_FILTERS: Final = 200
"""In one address: as many leads as anybody ticks, and then some."""

BOUNDS: Final[tuple[How, How]] = ("at_least", "at_most")
_POINTS: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")

Pairs = Iterable[tuple[str, str]]
"""Parameters of an address, in their order."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What can be asked of a list.

    what: its rows, each named by the column `name`; filters: columns that are chosen by their values; points: those
    that are chosen by bounds; searched: those that a text is looked for in.
    """

    what: str
    name: str
    filters: tuple[str, ...]
    sorted_by: tuple[str, ...]
    points: tuple[str, ...]
    searched: tuple[str, ...]

    @property
    def chosen_by(self) -> tuple[str, ...]:
        """Every parameter that chooses rows."""
        bounds = (f"{name}_{how}" for name in self.points for how in BOUNDS)
        return (*self.filters, *bounds, SEARCH)


_LEAD_FILTERS = ("lead", "account", "fit_level", "engagement_level", "rating", "action", "stage", "meets_definition")
LEADS = Listed("leads", "lead", _LEAD_FILTERS, (*_LEAD_FILTERS, *POINTS, "as_of"), POINTS, ("lead", "account"))
ACCOUNTS = Listed(
    "accounts",
    "account",
    ("account", "fit_level", "engagement_level", "rating", "action", "meets_definition", "contact", "best"),
    (
        *("account", "fit", "fit_level", "engagement", "engagement_level", "rating", "action", "meets_definition"),
        *("contact", "leads", "interested", "mqls", "best"),
    ),
    ("fit", "engagement"),
    ("account", "contact"),
)


def leads_asked(parameters: Pairs, listed: Listed = LEADS) -> LeadsAsked:
    """Return what parameters ask for: `fit_level=good&fit_level=fair&or=&rating=A1&sort=-engagement&limit=50`.

    Raises InputError for a parameter that is not known or takes something else.
    """
    pairs = list(parameters)
    others = {name: text for name, text in pairs if name in OTHERS}
    order = tuple(_column(part, listed) for part in others.get("sort", "-engagement").split(",") if part)
    limit, offset = min(whole(others, "limit", USUAL), MOST), whole(others, "offset", 0)
    groups = groups_asked([pair for pair in pairs if pair[0] not in OTHERS], listed)
    return LeadsAsked(groups, (*order, (listed.name, False)), limit, offset)


def groups_asked(pairs: Pairs, listed: Listed = LEADS) -> tuple[Group, ...]:
    """Return what filters choose: values of one column are joined by or, columns by and, groups by or.

    >>> groups_asked([("rating", "A1"), ("rating", "A2"), ("or", ""), ("fit_at_least", "20")])[1]
    (Condition(columns=('fit',), values=(20000000,), how='at_least'),)
    """
    groups = list(split(pairs))
    if sum(map(len, groups)) > MOST_FILTERS:
        raise InputError(f"an address chooses by at most {MOST_FILTERS} filters")
    if len(groups) > 1 and not all(groups):
        raise InputError(f'"{OR}" stands between two groups of filters')
    return tuple(tuple(_conditions(group, listed)) for group in groups if group)


def split(pairs: Pairs) -> Iterator[list[tuple[str, str]]]:
    """Yield the groups that filters stand in, at least one.

    >>> list(split([("stage", "mql"), ("or", ""), ("rating", "A1")]))
    [[('stage', 'mql')], [('rating', 'A1')]]
    """
    group = list[tuple[str, str]]()
    for name, text in pairs:
        if name == OR:
            yield group
            group = []
        else:
            group.append((name, text))
    yield group


def score_record(row: Mapping[str, object]) -> dict[str, object]:
    """Return a row of scores as plain values, points as decimal text."""
    told = {name: value for name, value in row.items() if name not in INNER}
    told |= {name: points_text(value) for name in POINTS if isinstance(value := row[name], int)}
    return {"lead": told.pop("lead"), "as_of": instant_text(int(str(row["as_of_us"]))), **told}


def _conditions(group: Pairs, listed: Listed) -> Iterator[Condition]:
    equal = dict[str, list[object]]()
    for name, text in group:
        if name in listed.filters:
            equal.setdefault(name, []).append(_value(name, text))
        else:
            yield _bound(name, text, listed)
    yield from (Condition((name,), tuple(values)) for name, values in equal.items())


def _bound(name: str, text: str, listed: Listed) -> Condition:
    if name == SEARCH:
        return Condition(listed.searched, (text,), "has")
    for how in BOUNDS:
        column = name.removesuffix(f"_{how}")
        if column != name and column in listed.points:
            return Condition((column,), (_micro(name, text),), how)
    allowed = (*listed.chosen_by, OR, *OTHERS)
    raise InputError(f'"{name}" is no parameter; {did_you_mean(name, allowed)}')


def _micro(name: str, text: str) -> int:
    if not _POINTS.fullmatch(text):
        raise InputError(f"{name} takes a number such as 20 or 0.25")
    return micro_of(text)


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
