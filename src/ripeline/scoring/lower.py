"""All leads at once, as SQL: the second reading of a plan. It says what `evaluate` says, to the last digit.

The text reads from these tables, which an engine provides:

events, traits    history, one column for each twin of a value
dispositions      what sales answered, where it answered anything
subjects          whose scores are wanted: subject, since_day where a signal counts silence, and today, where each
                  has its own
tied, or reach    which identifiers belong to another's person, or to each subject, and when
units             signal, age, micro: what one unit of measure is worth
derived_events    events with their derived fields, where a signal reads one
lookup_<name>     raw, and the twins of the derived traits it tells; see LOOKUPS. lookup_phone has besides the country
                  by which a number is read
"""

from collections.abc import Iterator
from operator import attrgetter

from ripeline.plan.nodes import Limits, Plan
from ripeline.scoring.dialects import DUCKDB, Dialect
from ripeline.scoring.limits import WEAK
from ripeline.scoring.sql import engagement as interest
from ripeline.scoring.sql import fit as who
from ripeline.scoring.sql.frame import Facts, Frame, Moment
from ripeline.scoring.sql.levels import cell, level_of
from ripeline.scoring.sql.limits import Sums, clamped, held, held_apart
from ripeline.scoring.sql.profile import profile_steps
from ripeline.scoring.sql.signals import Step
from ripeline.vocabulary.scores import UNKNOWN_FIT

OF_RULES = "NOT starts_with(name, 'limit:') AND NOT starts_with(name, 'clamp:')"
"""Lines that are a rule's own."""

SCORE_COLUMNS = (
    "subject",
    "fit",
    "fit_level",
    "engagement",
    "engagement_level",
    "rating",
    "action",
    "meets_definition",
    "stage",
    "likelihood",
    "reachable",
    "raised",
)


def lower_scores(plan: Plan, facts: Facts, moment: Moment, dialect: Dialect = DUCKDB) -> str:
    """Return SQL that gives every subject's scores, levels and verdict: the columns of SCORE_COLUMNS."""
    frame = Frame(plan, facts, moment, dialect)
    steps = [*_common_steps(frame), *interest.hand_raise_steps(frame), *_verdict_steps(frame)]
    return _query(steps, f"SELECT {', '.join(SCORE_COLUMNS)} FROM verdicts")


def lower_contributions(plan: Plan, facts: Facts, moment: Moment, dialect: Dialect = DUCKDB) -> str:
    """Return SQL that gives every line of every subject: subject, part, position, name, micro."""
    frame = Frame(plan, facts, moment, dialect)
    lines = [*_fit_lines(frame), *_engagement_lines(frame)]
    steps = [*_common_steps(frame), ("totals", _totals(frame))]
    return _query(steps, " UNION ALL ".join(lines) + " ORDER BY subject, part, position")


def _common_steps(frame: Frame) -> Iterator[Step]:
    yield from profile_steps(frame)
    yield from who.fit_steps(frame)
    yield from interest.engagement_steps(frame)


def _query(steps: list[Step], final: str) -> str:
    named = ",\n".join(f"{name} AS (\n  {select}\n)" for name, select in steps)
    return f"WITH {named}\n{final}"


# The verdict


def _verdict_steps(frame: Frame) -> Iterator[Step]:
    yield "totals", _totals(frame)
    yield "levels", _levels(frame)
    yield "cells", _cells(frame)
    yield "verdicts", _verdicts(frame)


def _totals(frame: Frame) -> str:
    sums = "".join(f", s.b{number}" for number in range(len(interest.buckets(frame))))
    return (
        f"SELECT a.*{sums}, {who.fit(frame)} AS fit, {interest.engagement(frame)} AS engagement "
        "FROM answers a LEFT JOIN sums s ON s.subject = a.subject"
    )


def _levels(frame: Frame) -> str:
    fit, engagement = frame.plan.definition.fit, frame.plan.definition.engagement
    text = frame.dialect.text
    unknown = f"WHEN {who.known_count(frame)} < {fit.min_known} THEN {text(UNKNOWN_FIT)}"
    fit_level = level_of(frame.dialect, "fit", fit.levels, unknown)
    level = level_of(frame.dialect, "engagement", engagement.levels)
    return f"SELECT *, {fit_level} AS fit_level, {level} AS engagement_level FROM totals"


def _cells(frame: Frame) -> str:
    suppressed = " OR ".join(f"s{index}" for index in range(len(frame.plan.definition.suppress)))
    return (
        f"SELECT *, {cell(frame.plan, frame.dialect, attrgetter('rating'))} AS cell_rating, "
        f"{cell(frame.plan, frame.dialect, attrgetter('action'))} AS cell_action, "
        f"coalesce({suppressed or 'FALSE'}, FALSE) AS suppressed, "
        f"{_raised(frame, 'sales_qualified')} AS to_sales, "
        f"{_raised(frame, 'mql')} AS to_mql FROM levels"
    )


def _raised(frame: Frame, stage: str) -> str:
    tables = [
        f"raised_{index}"
        for index, one in enumerate(frame.plan.signals)
        if one.signal.hand_raise is not None and one.signal.hand_raise.stage == stage
    ]
    return " OR ".join(f"subject IN (SELECT subject FROM {table})" for table in tables) or "FALSE"


def _verdicts(frame: Frame) -> str:
    action = "CASE WHEN suppressed THEN 'none' WHEN to_sales OR to_mql THEN 'handoff' ELSE cell_action END"
    rating = "CASE WHEN suppressed THEN NULL ELSE cell_rating END"
    judged = f"SELECT *, {rating} AS rating, {action} AS action FROM cells"
    meets = "(action = 'handoff' AND reachable AND NOT suppressed)"
    stage = (
        f"CASE WHEN suppressed THEN 'suppressed' WHEN {meets} AND to_sales THEN 'sales_qualified' "
        f"WHEN {meets} THEN 'mql' ELSE 'lead' END"
    )
    likelihood = _likelihood(frame)
    told = f"{meets} AS meets_definition, {stage} AS stage, {likelihood} AS likelihood, to_sales OR to_mql AS raised"
    return f"SELECT *, {told} FROM ({judged})"


def _likelihood(frame: Frame) -> str:
    likelihood = frame.plan.definition.likelihood
    if likelihood is None:
        return "CAST(NULL AS BIGINT)"
    rows = list(likelihood.table)
    cases = " ".join(f"WHEN {likelihood.of} >= {least} THEN {value}" for least, value in reversed(rows))
    return f"CASE {cases} ELSE {rows[0][1]} END"


# The lines


def _line(part: str, position: int, name: str, micro: str, source: str, where: str) -> str:
    escaped = name.replace("'", "''")
    return (
        f"SELECT subject, '{part}' AS part, {position} AS position, '{escaped}' AS name, "
        f"CAST({micro} AS BIGINT) AS micro FROM {source} WHERE {where}"
    )


def _change(part: str, position: int, name: str, before: str, after: str) -> str:
    """The line of a limit over the totals: what it took away or gave back, where it did."""
    return _line(part, position, name, f"{after} - {before}", "totals", f"{after} <> {before}")


def _fit_lines(frame: Frame) -> Iterator[str]:
    for index, criterion in enumerate(frame.plan.criteria):
        points = who.points_of(frame, index)
        yield _line("fit", index, criterion.name, points, "totals", f"{points} <> 0")
    *groups, total = frame.plan.fit_limits
    after = len(frame.plan.criteria)
    limits = [(group, who.group_sums(frame, group.name)) for group in groups]
    limits.append((total, who.before_total(frame)))
    for position, (limit, sums) in enumerate(limits, start=after):
        yield _limit_line("fit", position, limit, sums)


def _limit_line(part: str, position: int, limits: Limits, sums: Sums) -> str:
    return _change(part, position, f"limit:{limits.name}", sums.total, held_apart(sums, limits).total)


def _engagement_lines(frame: Frame) -> Iterator[str]:
    for index in range(len(frame.plan.signals)):
        yield from _signal_lines(frame, index)
    *groups, total = frame.plan.engagement_limits
    after = 3 * len(frame.plan.signals)
    limits = [(group, interest.bucket_sums(frame, group.name, weak=True)) for group in groups]
    limits.append((total, interest.before_total(frame, weak=True)))
    for position, (limit, sums) in enumerate(limits, start=after):
        yield _limit_line("engagement", position, limit, sums)
    full = interest.full_engagement(frame)
    yield _change("engagement", after + len(limits), WEAK, full, "engagement")


def _signal_lines(frame: Frame, index: int) -> Iterator[str]:
    signal, source = frame.plan.signals[index].signal, f"raw_{index}"
    total = clamped("raw")
    last = held(total, signal.cap, signal.floor, signal.points)
    yield _line("engagement", 3 * index, signal.name, "raw", source, "raw <> 0")
    clamp = f"clamped = 1 OR {total} <> raw"
    yield _line("engagement", 3 * index + 1, f"clamp:{signal.name}", f"{total} - raw", source, clamp)
    if last != total:
        limit = f"{last} - {total}"
        yield _line("engagement", 3 * index + 2, f"limit:{signal.name}", limit, source, f"{last} <> {total}")
