"""How much of a signal's points is left at each age: tables of integers, made once, in Python only."""

from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, repeat

from ripeline.definition.model import Decay, Fade, HalfLife, Step
from ripeline.plan.nodes import Units
from ripeline.vocabulary.calendar import OLDEST_AGE
from ripeline.vocabulary.points import half_even

DIGITS = 50
_SCALE = 10**DIGITS


@lru_cache(maxsize=4096)
def units_of(points: int, decay: Decay) -> Units:
    """Return micro-points per unit of measure by age in days, each rounded half to even.

    >>> units_of(8_000_000, HalfLife(14)).at(7), units_of(50_000, Fade(30)).at(10)
    (5656854, 33333)
    """
    if decay is None:
        return Units(steady=points)
    table: list[int] = []
    for numerator, denominator in _weights(decay):
        unit = half_even(points * numerator, denominator)
        if unit == 0:
            break
        table.append(unit)
    return Units(by_age=tuple(table))


def _weights(decay: HalfLife | Fade | Step) -> Iterator[tuple[int, int]]:
    match decay:
        case HalfLife(days):
            yield from _half_lives(days)
        case Fade(days):
            yield from ((days - age, days) for age in range(days))
        case Step(lose, every):
            yield from _steps(1 - lose, every)


def _half_lives(days: int) -> Iterator[tuple[int, int]]:
    parts = _parts_of_a_half(days)
    for age in range(OLDEST_AGE + 1):
        halvings, rest = divmod(age, days)
        yield parts[rest], _SCALE << halvings


@lru_cache(maxsize=256)
def _parts_of_a_half(days: int) -> tuple[int, ...]:
    """2^(-rest/days) for every rest, with 50 digits; exactly 1 for rest 0.

    Powers of one root with twice as many digits, then rounded: a power of its own for every day of a
    long half-life would take seconds.
    """
    wide = _SCALE * _SCALE
    with localcontext() as context:
        context.prec = 2 * DIGITS
        root = int(Decimal(2) ** (Decimal(-1) / days) * wide)
    powers = accumulate(repeat(root, days - 1), lambda power, root: power * root // wide, initial=wide)
    return tuple(half_even(power, _SCALE) for power in powers)


def _steps(left: Fraction, every: int) -> Iterator[tuple[int, int]]:
    # Never brought to lowest terms: that would take longer than all the rest.
    kept, of = 1, 1
    for age in range(OLDEST_AGE + 1):
        if age and age % every == 0:
            kept, of = kept * left.numerator, of * left.denominator
        yield kept, of
