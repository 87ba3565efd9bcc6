"""What changed from one definition to another, in the words of the trade."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from ripeline.definition import told
from ripeline.definition.model import Cell, Definition, Level
from ripeline.definition.render import condition_text
from ripeline.definition.told import Facts
from ripeline.vocabulary.points import points_text

Kind = Literal["new", "removed", "changed"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    subject: what it is about, such as `signal "Downloaded the trial"`. what: which value of it, empty
    where the whole thing came or went. old, new: as text, None where there is none.
    path: where it stands in the file.
    """

    kind: Kind
    subject: str
    what: str
    old: str | None
    new: str | None
    path: tuple[str, ...]


def changes(old: Definition, new: Definition) -> tuple[Change, ...]:
    """Return every difference in meaning or label, in the order of the file; none for equal definitions."""
    return (
        *_facts((), "", told.facts_of_definition(old), told.facts_of_definition(new)),
        *_facts(("fit",), "fit", told.facts_of_fit(old), told.facts_of_fit(new)),
        *_rules(("fit", "criteria"), "criterion", _criteria(old), _criteria(new)),
        *_rules(("fit", "groups"), "fit group", _groups(old, "fit"), _groups(new, "fit")),
        *_levels("fit", old.fit.levels, new.fit.levels),
        *_facts(("engagement",), "engagement", told.facts_of_engagement(old), told.facts_of_engagement(new)),
        *_rules(("engagement", "signals"), "signal", _signals(old), _signals(new)),
        *_rules(("engagement", "groups"), "group", _groups(old, "engagement"), _groups(new, "engagement")),
        *_levels("engagement", old.engagement.levels, new.engagement.levels),
        *_matrix(old, new),
        *_rules(("suppress",), "suppression", _suppressions(old), _suppressions(new)),
        *_facts(("stages",), "stages", told.facts_of_stages(old), told.facts_of_stages(new)),
        *_facts(("handoff",), "handoff", told.facts_of_handoff(old), told.facts_of_handoff(new)),
        *_facts(("accounts",), "accounts", told.facts_of_accounts(old), told.facts_of_accounts(new)),
        *_facts(
            ("learned", "likelihood"),
            "likelihood",
            told.facts_of_likelihood(old.likelihood),
            told.facts_of_likelihood(new.likelihood),
        ),
    )


def change_text(change: Change) -> str:
    """Return a change as one line.

    >>> change_text(Change("changed", 'signal "Demo"', "decay", "half-life 30d", "half-life 14d", ()))
    'signal "Demo": half-life 30d -> 14d'
    """
    if change.kind != "changed":
        details = change.new or change.old
        return f"{change.kind} {change.subject}" + (f": {details}" if details else "")
    old, new = change.old or "none", change.new or "none"
    what, old, new = _same_decay(change.what, old, new)
    subject = f"{change.subject}: " if change.subject else ""
    return f"{subject}{what} {old} -> {new}"


def _same_decay(what: str, old: str, new: str) -> tuple[str, str, str]:
    """Name the kind of decay once where it stays."""
    kind, _, old_days = old.partition(" ")
    if what == "decay" and new.startswith(f"{kind} "):
        return kind, old_days, new.partition(" ")[2]
    return what, old, new


# ---- what is compared ---------------------------------------------------------------------------

_Rules = Mapping[str, tuple[str, Facts]]
"""By name: how a rule is called on screen, and what is said of it."""


def _criteria(definition: Definition) -> _Rules:
    return {one.name: (one.label, told.facts_of_criterion(one)) for one in definition.fit.criteria}


def _signals(definition: Definition) -> _Rules:
    return {one.name: (one.label, told.facts_of_signal(one)) for one in definition.engagement.signals}


def _groups(definition: Definition, part: str) -> _Rules:
    groups = definition.fit.groups if part == "fit" else definition.engagement.groups
    return {group.name: (group.name, told.facts_of_group(group)) for group in groups}


def _suppressions(definition: Definition) -> _Rules:
    return {one.name: (one.name, {"when": condition_text(one.when)}) for one in definition.suppress}


# ---- comparing ----------------------------------------------------------------------------------


def _facts(path: tuple[str, ...], subject: str, old: Facts, new: Facts) -> Iterator[Change]:
    for what in _merged(old, new):
        if old.get(what) != new.get(what):
            yield Change("changed", subject, what, old.get(what), new.get(what), (*path, what))


def _rules(path: tuple[str, ...], noun: str, old: _Rules, new: _Rules) -> Iterator[Change]:
    for name in _merged(old, new):
        here = (*path, name)
        if name not in old:
            label, facts = new[name]
            yield Change("new", f'{noun} "{label}"', "", None, _summary(facts), here)
        elif name not in new:
            label, facts = old[name]
            yield Change("removed", f'{noun} "{label}"', "", _summary(facts), None, here)
        else:
            yield from _facts(here, f'{noun} "{old[name][0]}"', old[name][1], new[name][1])
    yield from _order(path, noun, list(old), list(new))


def _order(path: tuple[str, ...], noun: str, old: list[str], new: list[str]) -> Iterator[Change]:
    """The order decides on lines that are equal when rounded, and in groups marked first."""
    before, after = [name for name in old if name in new], [name for name in new if name in old]
    if before != after:
        yield Change("changed", "", f"order of each {noun}:", ", ".join(before), ", ".join(after), path)


def _summary(facts: Facts) -> str:
    return ", ".join(
        _counted(text) if what == "points" else f"{what} {text}" for what, text in facts.items() if what != "label"
    )


def _counted(points: str) -> str:
    return f"{points} point" if points in {"1", "-1"} else f"{points} points"


def _levels(part: str, old: tuple[Level, ...], new: tuple[Level, ...]) -> Iterator[Change]:
    before = {level.name: points_text(level.lowest) for level in old}
    after = {level.name: points_text(level.lowest) for level in new}
    for name in _merged(before, after):
        path, subject = (part, "levels", name), f"level {name} {part}"
        if name not in before:
            yield Change("new", subject, "", None, f"from {after[name]}", path)
        elif name not in after:
            yield Change("removed", subject, "", f"from {before[name]}", None, path)
        elif before[name] != after[name]:
            yield Change("changed", "", f"{name} {part} from", before[name], after[name], path)


def _matrix(old: Definition, new: Definition) -> Iterator[Change]:
    before, after = _cells(old), _cells(new)
    for row, column in _merged(before, after):
        was, now = before.get((row, column)), after.get((row, column))
        cell, path = f"{row} fit + {column} interest", ("matrix", row, column)
        if was is None or now is None:
            kind: Kind = "new" if was is None else "removed"
            yield Change(kind, f"cell {cell}", "", _told_cell(was), _told_cell(now), path)
        else:
            yield from _facts(path, "matrix", *(_facts_at(cell, one) for one in (was, now)))


def _facts_at(where: str, cell: Cell) -> Facts:
    return {f"{where}: {name}".rstrip(): fact for name, fact in told.facts_of_cell(cell).items()}


def _told_cell(cell: Cell | None) -> str | None:
    facts = {} if cell is None else told.facts_of_cell(cell)
    return ", ".join(f"{name} {fact}".lstrip() for name, fact in facts.items()) or None


def _cells(definition: Definition) -> dict[tuple[str, str], Cell]:
    return {(row, column): cell for row, cells in definition.matrix.items() for column, cell in cells.items()}


def _merged(old: Iterable[T], new: Iterable[T]) -> list[T]:
    """Return all names in the order of the new file, each that is gone behind the one it followed."""
    merged = list(new)
    behind = 0
    for name in old:
        if name in merged:
            behind = merged.index(name) + 1
        else:
            merged.insert(behind, name)
            behind += 1
    return merged
