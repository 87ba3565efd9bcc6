"""Leads looked at together, to see where they stand."""

from collections.abc import Callable
from dataclasses import dataclass

from ripeline.plan.nodes import Plan
from ripeline.ports.lifecycle import LeadNow


@dataclass(frozen=True, slots=True)
class Round:
    """Leads are looked at together: by which plan, of the definition of which name, when.

    causes: what brought each about, by its names; position: how far the inbox is in their scores.
    """

    plan: Plan
    definition: str
    at_us: int
    position: int
    causes: Callable[[LeadNow], frozenset[str]]

    @property
    def day(self) -> int:
        """The local day."""
        return self.plan.zone.day(self.at_us)
