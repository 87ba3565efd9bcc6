"""What would have kept leads away that sales sent back: criteria, exclusions, caps, with the counts behind them."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import count, pairwise
from typing import Final

from ripeline.definition.conditions import Condition
from ripeline.definition.edit import written
from ripeline.definition.model import Accrual, Definition, Signal, TraitUnits
from ripeline.definition.render import condition_text
from ripeline.definition.words import MOST_POINTS
from ripeline.insight.chance import strength
from ripeline.insight.in_use import Handed
from ripeline.insight.proposals import (
    CAP,
    CRITERION,
    EXCLUSION,
    POINTS,
    Change,
    Proposal,
    half_of,
    number_of,
    place_of,
    rate_words,
)
from ripeline.insight.rejections import Found, Reason, best_of, words_of
from ripeline.vocabulary.plain_text import plain
from ripeline.vocabulary.points import MICRO, points_text
from ripeline.vocabulary.rates import FEWEST, Rate

HARDLY_ANY: Final = 0.1
"""Where surely no more are accepted, leads are kept away rather than given fewer points."""

USUAL_STEP: Final = 10 * MICRO
LONGEST_NAME: Final = 40


def of_reasons(reasons: Sequence[Reason], definition: Definition, handed: Handed) -> Iterator[Proposal]:
    """Yield what would have kept leads away that were sent back."""
    names = _names_in(definition)
    for reason in reasons:
        for found in best_of(reason):
            condition = found.fact.when
            if condition is not None:
                name = _name(reason.text, names)
                names.add(name)
                yield _of_trait(reason, found, condition, name, definition)
            else:
                yield _of_signal(reason, found, definition, handed)


def _of_trait(reason: Reason, found: Found, condition: Condition, name: str, of: Definition) -> Proposal:
    when, step = condition_text(condition), _step(of)
    label = f"{reason.text[:1].upper()}{reason.text[1:]}: {when}"
    there = next((one for one in of.fit.criteria if one.when == condition), None)
    if there is not None:
        points = max(there.points - step, -MOST_POINTS * MICRO)
        what = f'"{there.label}": lower its points, from {points_text(there.points)} to {points_text(points)}'
        return _told(
            CRITERION, what, reason, found, Change((*place_of(("fit", there.name)), "points"), number_of(points))
        )
    if _keeps_away(found.kept_on):
        return _told(EXCLUSION, f"Never hand over: {when}", reason, found, Change(("suppress", name), {"when": when}))
    value = {"label": label, "when": when, "points": number_of(-step)}
    what = f"Take {points_text(step)} points away: {when}"
    return _told(CRITERION, what, reason, found, Change((*place_of(("fit", name)),), value))


def _keeps_away(kept_on: Rate) -> bool:
    interval = kept_on.interval
    return interval is not None and interval[1] <= HARDLY_ANY


def _of_signal(reason: Reason, found: Found, of: Definition, handed: Handed) -> Proposal:
    signal = next(one for one in of.engagement.signals if one.name == found.fact.signal)
    place, half = place_of(("engagement", signal.name)), half_of(signal.points)
    cap = _cap(reason, found, signal, handed)
    if cap is not None:
        what = f'"{signal.label}": at most {points_text(cap)} points'
        return _told(CAP, what, reason, found, Change((*place, "cap"), number_of(cap)))
    what = f'"{signal.label}": lower its points, from {points_text(signal.points)} to {points_text(half)}'
    return _told(POINTS, what, reason, found, Change((*place, "points"), number_of(half)))


def _cap(reason: Reason, found: Found, signal: Signal, handed: Handed) -> int | None:
    """Return what half of the accepted leads that have points from a signal have at most; None where it cuts nobody.

    One occurrence always keeps its points.
    """
    if not found.fact.carries or not isinstance(signal.form, Accrual | TraitUnits):
        return None
    back, accepted = (
        sorted(
            points["engagement", signal.name]
            for one, points in zip(handed.given, handed.points, strict=True)
            if one.answer is side and (side or words_of(one.reason) == reason.text)
            if points.get(("engagement", signal.name), 0) > 0
        )
        for side in (False, True)
    )
    usual = accepted[len(accepted) // 2] if len(accepted) >= FEWEST else 0
    cap = max(usual // MICRO * MICRO, signal.points)
    return cap if back[len(back) // 2] > cap and (signal.cap is None or cap < signal.cap) else None


def _told(kind: str, what: str, reason: Reason, found: Found, change: Change) -> Proposal:
    why = (
        f'Of leads sent back as "{reason.text}", {rate_words(found.back)} {fact_words(found)}; of accepted ones '
        f"{rate_words(found.accepted)}. Of all who have that, sales accepted {rate_words(found.kept_on)}."
    )
    counts = {"sent_back": found.back, "accepted": found.accepted, "accepted_of_those": found.kept_on}
    return Proposal(kind, what, why, counts, change, strength(found.chance, found.tried))


def fact_words(found: Found) -> str:
    """Return what is true of leads, as the end of a sentence."""
    fact = found.fact
    if fact.when is not None:
        return f"have {condition_text(fact.when)}"
    return f'have {"most of their interest" if fact.carries else "points"} from "{fact.signal}"'


def _step(of: Definition) -> int:
    """Return the least number of points between two levels of fit, in whole ones: a lead falls by one level with it."""
    lowest = [one.lowest for one in of.fit.levels]
    gaps = [above - below for above, below in pairwise(lowest) if above > below]
    return -(-min(gaps) // MICRO) * MICRO if gaps else USUAL_STEP


def _names_in(of: Definition) -> set[str]:
    fit, engagement = of.fit, of.engagement
    parts = (fit.criteria, fit.groups, engagement.signals, engagement.groups, of.suppress)
    return {one.name for part in parts for one in part}


def _name(reason: str, taken: Collection[str]) -> str:
    """Return a name that no rule has, from a reason.

    >>> _name("too small", {"too_small"})
    'too_small_2'
    """
    bare = re.sub(r"[^a-z0-9]+", "_", plain(reason))[:LONGEST_NAME].strip("_")
    # Words that YAML reads as something else, such as no, are no names.
    begun = bare if bare[:1].isalpha() and written(bare) == bare else f"reason_{bare}".strip("_")
    names = (begun if number == 1 else f"{begun}_{number}" for number in count(1))
    return next(name for name in names if name not in taken)
