"""What a review proposes: each with what it would change, why, and the counts behind it; the clearest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ripeline.definition.edit import Plain
from ripeline.insight.chance import strength
from ripeline.insight.drift import CHANGED, Drift
from ripeline.insight.in_use import RuleKey
from ripeline.insight.rules_in_use import EVERYBODY, Use, disagreed
from ripeline.vocabulary.plain_text import one_line
from ripeline.vocabulary.points import MICRO, points_text
from ripeline.vocabulary.rates import Rate

CALIBRATION, THRESHOLD, RULE, EXCLUSION, CRITERION, CAP, POINTS, DRIFT, DEAD = (
    "calibration",
    "threshold",
    "rule",
    "exclusion",
    "criterion",
    "cap",
    "points",
    "drift",
    "dead",
)
"""Kinds of proposals."""

LONGEST: Final = 60
"""Letters of a value that somebody may have made up."""

MOST_TOLD: Final = 5
"""Things that changed, told in words."""


@dataclass(frozen=True, slots=True)
class Change:
    """A value of a definition, by the keys that lead to it."""

    path: tuple[str, ...]
    value: Plain


@dataclass(frozen=True, slots=True)
class Proposal:
    """What might be done. change: None where a person decides how. strength: as chance.strength has it."""

    kind: str
    what: str
    why: str
    counts: Mapping[str, Rate | float]
    change: Change | None = None
    strength: float = 0.0


def of_rules(every: Sequence[Use]) -> Iterator[Proposal]:
    """Yield what is proposed of rules that sales disagrees with."""
    asked = sum(one.is_asked for one in every)
    for one in disagreed(every):
        said, half = one.said, half_of(one.points)
        which = ("fewer", "lower its points") if one.points > 0 else ("more", "take fewer points away for it")
        yield Proposal(
            RULE,
            f'"{one.label}": {which[1]}, from {points_text(one.points)} to {points_text(half)}',
            f"It gives {points_text(one.points)} points, and sales accepts {which[0]} of those who have it: "
            f"{rate_words(said.having)}, of the others {rate_words(said.others)}.",
            {"accepted_with": said.having, "accepted_without": said.others},
            Change((*place_of(one.key), "points"), number_of(half)),
            strength(one.chance, asked),
        )


def of_dead(every: Sequence[Use]) -> Iterator[Proposal]:
    """Yield what is proposed of rules that tell nobody from anybody."""
    silent = [one for one in every if one.since == 0 and one.leads]
    nothing_came = bool(silent) and not any(one.since for one in every)
    if nothing_came:
        yield _of_silence(silent)
    for one in every:
        if one.dead is None or (nothing_came and one in silent):
            continue
        same = one.dead == EVERYBODY
        why = f"Everybody has the same points from it: {one.leads:,} leads." if same else _silent(one)
        besides = (
            " Levels go down by as many points with it." if same else " See first that what it reads is still sent."
        )
        counts = {"leads_with_points": Rate(one.now.leads, one.leads)}
        yield Proposal(DEAD, f'"{one.label}": remove it', why + besides, counts)


def _of_silence(silent: Sequence[Use]) -> Proposal:
    """Return what is proposed where no rule heard anything: that speaks against none of them."""
    leads = silent[0].leads
    what = "the one thing" if len(silent) == 1 else f"any of the {len(silent)} things"
    why = (
        f"Since then none of {leads:,} leads did {what} that rules listen for. "
        "As long as nothing comes in, nothing is said of these rules."
    )
    return Proposal(DEAD, "See whether events still come in", why, {"leads_who_did": Rate(0, leads)})


def _silent(one: Use) -> str:
    never = ", and nobody did since then what it listens for" if one.since == 0 else ""
    return f"None of {one.leads:,} leads has points from it{never}."


def of_drifts(drifts: Sequence[Drift]) -> Iterator[Proposal]:
    """Yield what is proposed of all that changed, the greatest change first: one cause often moves many things."""
    changed = sorted((one for one in drifts if one.verdict == CHANGED), key=lambda one: -one.psi)
    if not changed:
        return
    what = f'"{changed[0].name}"' if len(changed) == 1 else f"{len(changed)} traits and scores"
    moved = "; ".join(f"{one.name} {one.psi:.2f}: most of all {moved_words(one)}" for one in changed[:MOST_TOLD])
    more = f"; and {len(changed) - MOST_TOLD} more" if len(changed) > MOST_TOLD else ""
    why = f"A stability index above 0.25 says that leads are others than they were. {moved}{more}."
    counts = {one.name: round(one.psi, 4) for one in changed}
    yield Proposal(DRIFT, f"{what}: see whether rules and levels still fit", why, counts)


def moved_words(one: Drift) -> str:
    """Return which band moved most, in words."""
    band, (then, now) = one.moved, one.leads
    if band is None:
        return "nothing"
    return (
        f'"{one_line(band.name)[:LONGEST]}", from {percent_words(band.then / then)} to {percent_words(band.now / now)}'
    )


# ---- how they are written ---------------------------------------------------------------------------------


def rate_words(rate: Rate) -> str:
    """Return a share with what it is of.

    >>> rate_words(Rate(3, 12)), rate_words(Rate(1, 2))
    ('3 of 12 (25 %)', '1 of 2')
    """
    share = "" if rate.share is None else f" ({percent_words(rate.share)})"
    return f"{rate.count:,} of {rate.of:,}{share}"


def percent_words(share: float) -> str:
    return f"{100 * share:.0f} %"


def place_of(key: RuleKey) -> tuple[str, ...]:
    part, name = key
    return part, "criteria" if part == "fit" else "signals", name


def number_of(micro: int) -> Plain:
    return micro // MICRO if micro % MICRO == 0 else Decimal(points_text(micro))


def half_of(points: int) -> int:
    """Return half of some points in whole ones, nearer to none."""
    half = abs(points) // (2 * MICRO) * MICRO
    return half if points > 0 else -half
