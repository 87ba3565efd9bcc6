"""What is proposed of a likelihood that does not come true, and of more or fewer MQLs than sales can answer."""

from collections.abc import Iterator
from math import erfc, sqrt
from typing import Final

from ripeline.insight.chance import MOST_BY_CHANCE, strength
from ripeline.insight.foretold import Foretold
from ripeline.insight.mqls import Mqls
from ripeline.insight.proposals import CALIBRATION, THRESHOLD, Proposal
from ripeline.vocabulary.rates import Rate

ROOM_LEFT: Final = 4
"""Sales has much room where it could answer so many times as many."""


def of_calibration(found: Foretold | None) -> Iterator[Proposal]:
    if found is None or not found.is_off:
        return
    whole = found.whole
    worst = max((whole, *found.groups), key=lambda one: abs(one.deviations))
    which = "of all leads" if worst is whole else f"where {100 * worst.share:.0f} % were foretold"
    why = (
        f"{whole.won.count:,} of {whole.won.of:,} leads were won, {whole.share * whole.won.of:,.0f} were foretold; "
        f"furthest off {which}: {worst.won.count:,} of {worst.won.of:,}. Chance does not bring so much."
    )
    counts: dict[str, Rate | float] = {"won": whole.won, "foretold": round(whole.share, 4)}
    sides = len(found.groups) + 1
    yield Proposal(
        CALIBRATION, "Learn again: what is foretold is not what happens", why, counts, None,
        strength(_tail(abs(worst.deviations)), sides),
    )  # fmt: skip


def of_thresholds(mqls: Mqls | None, capacity: int | None) -> Iterator[Proposal]:
    """Yield whether there are more MQLs, by more than chance, than sales can answer, or far fewer."""
    if mqls is None or mqls.per_week is None or not capacity:
        return
    counts: dict[str, Rate | float] = {"mqls_a_week": round(mqls.per_week, 1), "capacity_a_week": capacity}
    told = f"{mqls.per_week:,.1f} MQLs a week, and sales can answer {capacity:,}"
    for sign, room, what in (
        (1, capacity, "Raise a level that is handed over: there are more MQLs than sales can answer"),
        (-1, capacity / ROOM_LEFT, "Lower a level that is handed over, if leads are there: sales has room"),
    ):
        chance = _tail(sign * (mqls.own - room * mqls.weeks) / sqrt(room * mqls.weeks))
        if chance <= MOST_BY_CHANCE:
            yield Proposal(THRESHOLD, what, f"{told}. Try it with `ripeline preview`.", counts, None, strength(chance))


def _tail(deviations: float) -> float:
    """Return how likely chance lies so many standard deviations to one side, or further."""
    return erfc(deviations / sqrt(2)) / 2
