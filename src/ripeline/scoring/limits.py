"""Caps, floors and weak evidence: what each limit takes away or gives back, as a line of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ripeline.plan.nodes import Limits
from ripeline.vocabulary.points import split_signs
from ripeline.vocabulary.scores import Contribution

WEAK = "limit:weak evidence"
WHOLE_SHARE = 100_000
"""100 % in thousandths of a percent."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one rule adds: micro-points of one sign, its group, and whether it is weak evidence."""

    micro: int
    group: str | None
    weak: bool = False


def limit_line(limits: Limits, before: int, after: int) -> Iterator[Contribution]:
    """Yield the line of a limit that bites."""
    if before != after:
        yield Contribution(f"limit:{limits.name}", after - before)


def limited_total(parts: Sequence[Part], limits: Sequence[Limits]) -> tuple[int, list[Contribution]]:
    """Return the sum of parts after group limits and the total's (the last one), with a line for each.

    Positive and negative sums stay apart all the way, so that a group is never netted first.
    """
    *groups, total = limits
    up, down = split_signs(part.micro for part in parts if part.group is None)
    lines: list[Contribution] = []
    for group in groups:
        raw = split_signs(part.micro for part in parts if part.group == group.name)
        held = held_apart(raw, group)
        up, down = up + held[0], down + held[1]
        lines.extend(limit_line(group, sum(raw), sum(held)))
    held = held_apart((up, down), total)
    lines.extend(limit_line(total, up + down, sum(held)))
    return sum(held), lines


def held_apart(sums: tuple[int, int], limits: Limits) -> tuple[int, int]:
    """Return the positive sum under its cap and the negative one above its floor."""
    up, down = sums
    if limits.at_most is not None:
        up = min(up, max(limits.at_most, 0))
    if limits.floor is not None:
        down = max(down, min(limits.floor, 0))
    return up, down


def supported(full: int, strong: int, weak_share: int) -> int:
    """Return engagement once weak evidence may only add a share of the rest, cut to whole micro-points.

    Written so that no step leaves 64 bits.

    >>> supported(92_050_740, 72_050_740, 25_000)
    90063425
    """
    whole, rest = divmod(max(strong, 0), WHOLE_SHARE)
    return min(full, strong + whole * weak_share + rest * weak_share // WHOLE_SHARE)


def weak_line(full: int, after: int) -> Iterator[Contribution]:
    """Yield the line by which weak evidence was cut, if it was."""
    if full != after:
        yield Contribution(WEAK, after - full)
