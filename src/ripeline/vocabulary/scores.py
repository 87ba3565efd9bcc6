"""Scores with their reasons."""

from collections.abc import Iterable
from dataclasses import dataclass

ACTIONS = ("handoff", "follow_up", "nurture", "remove", "none")
UNKNOWN_FIT = "unknown"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One reason inside a score: the rule, or the limit that bit, and its micro-points.

    Names: a criterion's or signal's own; `limit:<name>` for caps and floors; `clamp:<signal>` where a
    measure or a sum was held inside the range of the arithmetic (0 points where only a measure was).
    """

    name: str
    micro: int


def given_by(lines: Iterable[Contribution]) -> list[Contribution]:
    """Return what each rule gave under its own cap, whose line stands behind the rule's; other limits are no rule's.

    >>> given_by([Contribution("trial", 9), Contribution("limit:trial", -2), Contribution("limit:engagement", -1)])
    [Contribution(name='trial', micro=7)]
    """
    found = list[Contribution]()
    for one in lines:
        kind, _, name = one.name.rpartition(":")
        if not kind:
            found.append(one)
        elif found and found[-1].name == name:
            found[-1] = Contribution(name, found[-1].micro + one.micro)
    return found


@dataclass(frozen=True, slots=True)
class Score:
    """Fit or engagement: the contributions add up to `micro` exactly."""

    micro: int
    level: str
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class LeadScore:
    """All that a definition says of one lead at one instant.

    unknown: criteria that could not be decided. rating is None and suppressed_by names the rule where
    the lead is suppressed. likelihood is in millionths, None where the definition has no table. reachable: one of the
    required facts is known.
    """

    fit: Score
    engagement: Score
    rating: str | None
    action: str
    meets_definition: bool
    stage: str
    likelihood: int | None
    unknown: tuple[str, ...] = ()
    suppressed_by: str | None = None
    hand_raise: str | None = None
    reachable: bool = True
