"""How many leads became MQLs since an instant, by the log of stages."""

from collections.abc import Sequence
from dataclasses import dataclass

from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.stages import MQL, QUIET, SALES_QUALIFIED, StageChange

WEEK_US = 7 * DAY_US


@dataclass(frozen=True, slots=True)
class Mqls:
    """Leads that became MQLs since then by what they did, and those who did so because of an import or the like."""

    own: int
    quiet: int
    weeks: float

    @property
    def per_week(self) -> float | None:
        """How many a week, None before a week is over."""
        return self.own / self.weeks if self.weeks >= 1 else None


def mqls_since(lines: Sequence[StageChange], since_us: int, until_us: int) -> Mqls | None:
    """Return who became an MQL between two instants, each lead once; None where nothing is logged by then.

    lines: in order. Where logging began between the two, weeks are counted from there.
    """
    if not lines or lines[0].at_us > until_us:
        return None
    ripe = [line for line in lines if since_us < line.at_us <= until_us and _ripens(line)]
    own = {line.lead for line in ripe if line.cause not in QUIET}
    begun_us = max(since_us, lines[0].at_us)
    return Mqls(len(own), len({line.lead for line in ripe} - own), (until_us - begun_us) / WEEK_US)


def _ripens(line: StageChange) -> bool:
    return line.after in {MQL, SALES_QUALIFIED} and line.before not in {MQL, SALES_QUALIFIED} and not line.by
