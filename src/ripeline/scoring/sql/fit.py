"""Fit in SQL: every criterion true, false or unknown, then groups and limits."""

from collections.abc import Iterator

from ripeline.definition.conditions import Name
from ripeline.definition.model import Criterion
from ripeline.plan.nodes import Limits
from ripeline.scoring.sql.frame import Frame
from ripeline.scoring.sql.limits import Sums, added, held_apart, plus
from ripeline.scoring.sql.signals import Step


def fit_steps(frame: Frame) -> Iterator[Step]:
    """Yield the step `answers`: for every subject each criterion's answer c0, c1 ..., and suppressions."""
    columns = [
        f"{frame.trait_conditions(trusted=criterion.trusted).holds(criterion.when)} AS c{index}"
        for index, criterion in enumerate(frame.plan.criteria)
    ]
    suppressing = frame.trait_conditions(trusted=True)
    columns += [
        f"{suppressing.holds(suppression.when)} AS s{index}"
        for index, suppression in enumerate(frame.plan.definition.suppress)
    ]
    columns.append(f"{_reachable(frame)} AS reachable")
    yield "answers", f"SELECT {', '.join(['subject', *columns])} FROM profile p"


def _reachable(frame: Frame) -> str:
    conditions = frame.trait_conditions()
    known = [conditions.known(Name("trait", key)) for key in frame.plan.definition.required]
    return "(" + " OR ".join(known) + ")" if known else "TRUE"


def known_count(frame: Frame) -> str:
    """Return how many criteria could be decided."""
    return plus([f"(CASE WHEN c{index} IS NULL THEN 0 ELSE 1 END)" for index in range(len(frame.plan.criteria))])


def points_of(frame: Frame, index: int) -> str:
    """Return the points of one criterion; in a group that takes the first, none behind the winner."""
    criteria = frame.plan.criteria
    ahead = [
        f"NOT coalesce(c{before}, FALSE)"
        for before in range(index)
        if _takes_first(frame, criteria[index]) and criteria[before].group == criteria[index].group
    ]
    won = " AND ".join([f"c{index}", *ahead])
    # Wide from the start: two literals of 2,000 points would be added up in 32 bits.
    return f"(CASE WHEN {won} THEN CAST({criteria[index].points} AS BIGINT) ELSE 0 END)"


def _takes_first(frame: Frame, criterion: Criterion) -> bool:
    groups = frame.plan.definition.fit.groups
    return any(group.first and group.name == criterion.group for group in groups)


def group_sums(frame: Frame, group: str | None) -> Sums:
    """Return the sums of one group (None: of no group)."""
    terms: dict[bool, list[str]] = {False: [], True: []}
    for index, criterion in enumerate(frame.plan.criteria):
        if criterion.group == group and criterion.points:
            terms[criterion.points < 0].append(points_of(frame, index))
    return Sums(plus(terms[False]), plus(terms[True]))


def before_total(frame: Frame) -> Sums:
    """Return the sums of everything after the groups' limits."""
    *groups, _ = frame.plan.fit_limits
    limited = [held_apart(group_sums(frame, group.name), group) for group in groups]
    return added([group_sums(frame, None), *limited])


def total_limits(frame: Frame) -> Limits:
    """Return the limits of the total."""
    return frame.plan.fit_limits[-1]


def fit(frame: Frame) -> str:
    """Return fit in micro-points, over the columns of `answers`."""
    return held_apart(before_total(frame), total_limits(frame)).total
