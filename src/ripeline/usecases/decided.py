"""Decisions by hand, as the log of changes has them."""

from collections.abc import Sequence
from typing import cast

from ripeline.intake.decisions import Decision, Judgement
from ripeline.vocabulary.changes import Change, What


def decided(decisions: Sequence[Decision], by: str, position: int) -> Change:
    """Return what is noted of decisions that were made together: how much they are about, and never whom."""
    first, events = decisions[0], sum(len(one.judged.events) for one in decisions if isinstance(one, Judgement))
    counted = "" if not events else f"{events:,} event, " if events == 1 else f"{events:,} events, "
    return Change(first.at_us, by, cast("What", first.kind), f"{counted}position {position}")
