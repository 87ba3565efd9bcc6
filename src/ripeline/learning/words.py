"""How rules of a card are called: a label that people read, and a name that stands in a file."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from ripeline.learning.acts import Kind
from ripeline.learning.columns import Rule
from ripeline.learning.own import Own
from ripeline.learning.rules import Band, Missing, OneOf
from ripeline.learning.signals import ALL_TIME, AtLeast, Fading, Silent

LONGEST_LABEL = LONGEST_NAME = 60
MEANING_ELSE: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""What some readers of YAML take for something else than a name."""

_RIDGES: Final = "..."
_FIELDS: Final = {
    "context.page.path": "on page",
    "context.campaign.name": "campaign",
    "context.campaign.source": "campaign source",
    "context.campaign.medium": "campaign medium",
}
_NAMELESS: Final = {"any": "anything", "track": "any act"}


def label_of(rule: Rule) -> str:
    """Return what a rule is called on screen, in at most 60 characters.

    >>> label_of(Band("Page Views", 2.0, 7.5)), label_of(OneOf("role", ("buyer", "head"))), label_of(Missing("City"))
    ('Page Views from 2 to below 7.5', 'role: buyer, head', 'City not known')
    >>> label_of(AtLeast(Kind("any", field="context.page.path", value="/pricing"), 1, 7))
    'anything (on page /pricing) in 7 days'
    >>> label_of(AtLeast(Kind("page"), 15, 30, "minutes")), label_of(Fading(Kind("page"), None, 4, "visits"))
    ('any page for 15 minutes in 30 days', 'any page, visits up to 4, at any time')
    >>> label_of(AtLeast(Kind("track", "Login"), 2, 30, "days")), label_of(Silent(Kind("any"), 14))
    ('Login on 2 days in 30 days', 'anything: not for 14 days')
    """
    match rule:
        case Own():
            return rule.label
        case Band():
            return _of(_age(rule.trait) if rule.is_age else rule.trait, f" {_range(rule)}")
        case OneOf(trait, levels):
            return _of(trait, f": {_listed(levels, LONGEST_LABEL - min(len(trait), LONGEST_LABEL // 2) - 2)}")
        case Missing(trait):
            return _of(trait, " not known")
        case Fading(kind, half_life, full, counted):
            return _of(_deed(kind), _fading(half_life, full, counted))
        case AtLeast(kind, times, within, counted):
            return _of(_deed(kind), f"{_times(times, counted)}{_window(within)}")
        case Silent(kind, days):
            return _of(_deed(kind), f": not for {days} days")


def names_of(rules: Iterable[Rule]) -> list[str]:
    """Return a name for each rule as it stands in a file: lower case, digits and _, no two alike; own ones keep theirs.

    >>> names_of([Missing("City"), Missing("city"), Band("Visits", low=3.0)])
    ['city_not_known', 'city_not_known_2', 'visits_from_3']
    """
    names: list[str] = []
    for rule in rules:
        if isinstance(rule, Own):
            names.append(rule.name)
            continue
        plain = unicodedata.normalize("NFKD", label_of(rule)).encode("ascii", "ignore").decode().lower()
        name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: LONGEST_NAME - 4].strip("_") or "rule"
        is_word = name[0].isalpha() and name not in MEANING_ELSE
        names.append(_apart(name if is_word else f"is_{name}", names))
    return names


def _apart(name: str, names: Sequence[str]) -> str:
    numbers = (f"{name}_{number}" for number in range(2, len(names) + 3))
    return next(one for one in (name, *numbers) if one not in names)


def _of(what: str, told: str) -> str:
    """Return what a rule is of, cut where all together is too long, and what it tells of it."""
    room = LONGEST_LABEL - len(told)
    return (what if len(what) <= room else what[: room - len(_RIDGES)].rstrip() + _RIDGES) + told


def _age(trait: str) -> str:
    return f"days since {trait}"


def _range(rule: Band) -> str:
    low, high = (None if at is None else f"{at:.15g}" for at in (rule.low, rule.high))
    if low is None:
        return f"below {high}"
    return f"from {low}" if high is None else f"from {low} to below {high}"


def _listed(levels: Sequence[str], room: int) -> str:
    whole = ", ".join(levels)
    if len(whole) <= room:
        return whole
    kept: list[str] = []
    for level in levels:
        more = f" and {len(levels) - len(kept) - 1} more"
        if len(", ".join([*kept, level])) + len(more) > room:
            break
        kept.append(level)
    if not kept:
        return f"one of {len(levels)}" if len(levels) > 1 else levels[0][: room - len(_RIDGES)] + _RIDGES
    return f"{', '.join(kept)} and {len(levels) - len(kept)} more"


def _deed(kind: Kind) -> str:
    what = _NAMELESS.get(kind.type, f"any {kind.type}") if kind.name is None else kind.name
    if kind.name is not None and kind.type != "track":
        what = f"{kind.type} {what}"
    if kind.field is None:
        return what
    return f"{what} ({_FIELDS.get(kind.field) or kind.field.rpartition('.')[2]} {kind.value})"


def _fading(half_life: int | None, full: int, counted: str) -> str:
    most = "" if full == 1 else f", {'times' if counted == 'count' else counted} up to {full}"
    return f"{most}, at any time" if half_life is None else f"{most}, half after {half_life} days"


def _times(times: int, counted: str) -> str:
    if counted == "days":
        return f" on {times} days" if times > 1 else ""
    if counted != "count":
        return f" for {times} {counted if times > 1 else counted.removesuffix('s')}"
    return f" {times} times" if times > 1 else ""


def _window(within: int) -> str:
    return " or more, ever" if within >= ALL_TIME else f" in {within} days"
