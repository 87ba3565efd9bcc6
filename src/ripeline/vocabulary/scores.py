"""Scores with their reasons."""

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
