"""Points as integers: one point is a million micro-points, and nothing that decides is a float."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

MICRO = 1_000_000
"""Micro-points in one point; also the scale of every number in a condition (decimal(18,6))."""

LARGEST_SUM = 10**15
"""A signal's sum is clamped once to plus or minus this many micro-points."""

TENTH = MICRO // 10


def half_even(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded half to even (denominator > 0).

    >>> [half_even(n, 2) for n in (1, 3, 5, -1, -3)]
    [0, 2, 2, 0, -2]
    """
    quotient, rest = divmod(numerator, denominator)
    twice = 2 * rest
    if twice > denominator or (twice == denominator and quotient % 2):
        return quotient + 1
    return quotient


def points_text(micro: int) -> str:
    """Return micro-points as plain decimal text in points, without trailing zeros.

    >>> points_text(90_063_425), points_text(-7_500_000), points_text(0)
    ('90.063425', '-7.5', '0')
    """
    whole, rest = divmod(abs(micro), MICRO)
    text = f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
    return f"-{text}" if micro < 0 else text


def tenths_text(tenths: int) -> str:
    """Return tenths of a point with exactly one decimal.

    >>> tenths_text(-75), tenths_text(3)
    ('-7.5', '0.3')
    """
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def shown_total(micro: int) -> int:
    """Return a score as shown: tenths of a point, half to even."""
    return half_even(micro, TENTH)


def shown_text(micro: int) -> str:
    """Return a score as it is shown, in points.

    >>> shown_text(53_411_601), shown_text(-40_000)
    ('53.4', '0.0')
    """
    return tenths_text(shown_total(micro))


def micro_of(text: str) -> int:
    """Return decimal text in points as micro-points.

    >>> micro_of("53.411601"), micro_of("-7.5")
    (53411601, -7500000)
    """
    return int(Decimal(text) * MICRO)


def shown_parts(parts: Sequence[int]) -> list[int]:
    """Return parts in tenths of a point that add up to their shown total.

    Largest remainder from the floor; ties go to the part that comes first.

    >>> shown_parts([24_584_123, 4_966_617, -1_987_315])
    [246, 50, -20]
    """
    floors = [part // TENTH for part in parts]
    missing = shown_total(sum(parts)) - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda i: -(parts[i] % TENTH))
    for index in by_remainder[:missing]:
        floors[index] += 1
    return floors


def clamp(value: int, low: int, high: int) -> int:
    """Return value, held between low and high."""
    return max(low, min(high, value))


def split_signs(parts: Iterable[int]) -> tuple[int, int]:
    """Return the sum of the positive parts and the sum of the negative parts."""
    values = list(parts)
    return sum(part for part in values if part > 0), sum(part for part in values if part < 0)
