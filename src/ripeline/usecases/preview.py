"""What a new definition would change on real history, before anyone uses it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ripeline.plan.nodes import Plan
from ripeline.ports.history import History
from ripeline.ports.scores import Asked, Engine, Progress
from ripeline.vocabulary.calendar import instant_text

EXAMPLES = 5
MOVING = ("fit_level", "engagement_level", "rating", "action")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Some leads: how many, how many of them were won and lost so far, and a few by name."""

    count: int
    won: int
    lost: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """Leads that go from one value to another."""

    before: str
    after: str
    leads: Group


@dataclass(frozen=True, slots=True)
class Preview:
    """The effect of a new definition at one instant.

    meets_before, meets_after: all leads that meet either definition. entering, leaving: those that
    change sides. moves: by what moves (fit_level, engagement_level, rating, action), largest first.
    """

    old: str
    new: str
    as_of_us: int
    leads: int
    changed: int
    meets_before: Group
    meets_after: Group
    entering: Group
    leaving: Group
    moves: Mapping[str, tuple[Move, ...]]


def preview(old: Plan, new: Plan, engine: Engine, history: History, asked: Asked, progress: Progress) -> Preview:
    """Return who would move if `new` took the place of `old`."""
    before, after = (_by_lead(engine.score(plan, asked, progress).rows()) for plan in (old, new))
    outcomes = history.outcomes()
    leads = sorted(after)

    def group(chosen: Iterable[str]) -> Group:
        return _group(list(chosen), outcomes)

    moved = {what: _moves(before, after, leads, what, outcomes) for what in MOVING}
    changed = {lead for lead in leads if _differs(before[lead], after[lead])}
    met = {lead for lead in leads if before[lead]["meets_definition"]}
    meets = {lead for lead in leads if after[lead]["meets_definition"]}
    return Preview(
        old=old.version,
        new=new.version,
        as_of_us=asked.as_of_us,
        leads=len(leads),
        changed=len(changed),
        meets_before=group(sorted(met)),
        meets_after=group(sorted(meets)),
        entering=group(sorted(meets - met)),
        leaving=group(sorted(met - meets)),
        moves=moved,
    )


def _by_lead(rows: Iterable[Row]) -> dict[str, Row]:
    return {str(row["lead"]): row for row in rows}


def preview_record(result: Preview) -> dict[str, Any]:
    """Return a preview as plain values, as `--format json` writes it."""
    return {
        "as_of": instant_text(result.as_of_us),
        "old": result.old,
        "new": result.new,
        "leads": result.leads,
        "changed": result.changed,
        "meets_definition": {
            "before": _group_record(result.meets_before),
            "after": _group_record(result.meets_after),
            "entering": _group_record(result.entering),
            "leaving": _group_record(result.leaving),
        },
        "moves": {
            what: [{"from": move.before, "to": move.after, **_group_record(move.leads)} for move in moves]
            for what, moves in result.moves.items()
        },
    }


def _group_record(group: Group) -> dict[str, Any]:
    return {"count": group.count, "won": group.won, "lost": group.lost, "examples": list(group.examples)}


def _differs(before: Row, after: Row) -> bool:
    return any(before[what] != after[what] for what in (*MOVING, "meets_definition"))


def _group(leads: Sequence[str], outcomes: Mapping[str, str]) -> Group:
    known = [outcomes.get(lead) for lead in leads]
    return Group(len(leads), known.count("won"), known.count("lost"), tuple(leads[:EXAMPLES]))


def _moves(
    before: Mapping[str, Row],
    after: Mapping[str, Row],
    leads: Sequence[str],
    what: str,
    outcomes: Mapping[str, str],
) -> tuple[Move, ...]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for lead in leads:
        old, new = before[lead][what] or "none", after[lead][what] or "none"
        if old != new:
            found[old, new].append(lead)
    moves = (Move(old, new, _group(moved, outcomes)) for (old, new), moved in found.items())
    return tuple(sorted(moves, key=lambda move: (-move.leads.count, move.before, move.after)))
