"""Engagement in SQL: the signals' points summed by sign, group and weakness, then limited."""

from collections.abc import Iterator
from dataclasses import dataclass

from ripeline.plan.nodes import Limits, SignalPlan
from ripeline.scoring.limits import WHOLE_SHARE
from ripeline.scoring.sql.frame import Frame
from ripeline.scoring.sql.limits import Sums, added, clamped, held, held_apart, plus
from ripeline.scoring.sql.signals import Step, answered_step, hand_raise_step, signal_steps


@dataclass(frozen=True, slots=True)
class Bucket:
    """Signals that are added up before any common limit: of one group, sign and weakness."""

    group: str | None
    negative: bool
    weak: bool


def bucket_of(one: SignalPlan) -> Bucket:
    """Return the bucket of a signal; the sign of its points is the sign of all it ever gives."""
    return Bucket(one.signal.group, one.signal.points < 0, one.signal.weak)


def buckets(frame: Frame) -> list[Bucket]:
    """Return the buckets that have signals, in a fixed order."""
    return list(dict.fromkeys(bucket_of(one) for one in frame.plan.signals))


def engagement_steps(frame: Frame) -> Iterator[Step]:
    """Yield the steps that end in `sums`: for every subject one column a bucket, b0, b1 ..."""
    known, branches = buckets(frame), []
    for index, one in enumerate(frame.plan.signals):
        yield from signal_steps(frame, index)
        points = held(clamped("raw"), one.signal.cap, one.signal.floor, one.signal.points)
        number = known.index(bucket_of(one))
        branches.append(f"SELECT subject, {number} AS bucket, {points} AS micro FROM raw_{index}")
    columns = [
        f"CAST(sum(CASE WHEN bucket = {number} THEN micro ELSE 0 END) AS BIGINT) AS b{number}"
        for number in range(len(known))
    ]
    nothing = "SELECT subject, -1 AS bucket, CAST(0 AS BIGINT) AS micro FROM subjects WHERE FALSE"
    rows = " UNION ALL ".join(branches) or nothing
    yield "sums", f"SELECT {', '.join(['subject', *columns])} FROM ({rows}) GROUP BY subject"


def hand_raise_steps(frame: Frame) -> Iterator[Step]:
    """Yield the steps of raised hands."""
    steps = [hand_raise_step(frame, index) for index in range(len(frame.plan.signals))]
    raised = [step for step in steps if step is not None]
    if raised and frame.facts.answered:
        yield answered_step(frame)
    yield from raised


def bucket_sums(frame: Frame, group: str | None, *, weak: bool) -> Sums:
    """Return the sums of one group (None: of no group), with or without weak evidence."""
    parts = {False: "0", True: "0"}
    for negative in (False, True):
        columns = [
            f"coalesce(b{number}, 0)"
            for number, bucket in enumerate(buckets(frame))
            if bucket.group == group and bucket.negative == negative and (weak or not bucket.weak)
        ]
        parts[negative] = plus(columns)
    return Sums(parts[False], parts[True])


def before_total(frame: Frame, *, weak: bool) -> Sums:
    """Return the sums of everything after the groups' limits."""
    *groups, _ = frame.plan.engagement_limits
    limited = [held_apart(bucket_sums(frame, group.name, weak=weak), group) for group in groups]
    return added([bucket_sums(frame, None, weak=weak), *limited])


def engagement(frame: Frame) -> str:
    """Return engagement in micro-points, over the columns of `sums`."""
    full, strong = (_limited(frame, weak=weak) for weak in (True, False))
    if not any(one.signal.weak for one in frame.plan.signals):
        return full
    return f"least({full}, {supported(frame, strong)})"


def _limited(frame: Frame, *, weak: bool) -> str:
    return held_apart(before_total(frame, weak=weak), total_limits(frame)).total


def full_engagement(frame: Frame) -> str:
    """Return engagement before weak evidence is cut."""
    return _limited(frame, weak=True)


def total_limits(frame: Frame) -> Limits:
    """Return the limits of the total."""
    return frame.plan.engagement_limits[-1]


def supported(frame: Frame, strong: str) -> str:
    """Return the strong evidence and the share that weak evidence may add; see scoring.limits.supported."""
    share, div = frame.plan.definition.engagement.weak_share, frame.dialect.div
    positive = f"greatest({strong}, 0)"
    whole = f"{div(positive, WHOLE_SHARE)} * {share}"
    rest = div(f"({positive} % {WHOLE_SHARE} * {share})", WHOLE_SHARE)
    return f"({strong} + {whole} + {rest})"
