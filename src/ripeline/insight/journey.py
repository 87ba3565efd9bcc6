"""One person's way by the log of stages, and whether it ended in a deal."""

from collections.abc import Sequence
from dataclasses import dataclass

from ripeline.vocabulary.stages import (
    CUSTOMER,
    DISQUALIFIED,
    MQL,
    OPPORTUNITY,
    RECYCLED,
    SALES_ACCEPTED,
    SALES_QUALIFIED,
    StageChange,
)

ACCEPTED = frozenset({SALES_ACCEPTED, SALES_QUALIFIED, OPPORTUNITY, CUSTOMER})
"""Where a lead stands that a person moved there, once sales took it on."""

SENT_BACK = frozenset({RECYCLED, DISQUALIFIED})


@dataclass(frozen=True, slots=True)
class Journey:
    """A person.

    lead: as they are shown. lines: of the log, in order. won: when deals were won, None where undated. channel: by
    which they first came, campaign: that of the same; None where that is not known, or was not asked.
    """

    lead: str
    lines: Sequence[StageChange] = ()
    won: Sequence[int | None] = ()
    channel: str | None = None
    campaign: str | None = None

    @property
    def first_mql(self) -> StageChange | None:
        """The first line that made them an MQL, whatever its cause was."""
        return next((line for line in self.lines if line.after in {MQL, SALES_QUALIFIED}), None)

    @property
    def accepted(self) -> bool | None:
        """Say whether sales ever took them on; None where sales said nothing."""
        said = {line.after for line in self.lines if line.by}
        return True if said & ACCEPTED else False if said & SENT_BACK else None

    @property
    def stage(self) -> str | None:
        """Where the last line leads to."""
        return self.lines[-1].after if self.lines else None

    def won_since(self, at_us: int) -> bool:
        """Say whether a deal was won at an instant or later, or nobody knows when."""
        return any(won_us is None or won_us >= at_us for won_us in self.won)
