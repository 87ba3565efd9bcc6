"""How sales is set up: who there is, which team gets which leads, and what happens when a promise is broken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ripeline.definition.conditions import Condition, names_in
from ripeline.handoff.contact import ALWAYS, ContactRules
from ripeline.vocabulary.calendar import UTC_ZONE
from ripeline.vocabulary.sales import Hours, Salesperson, Team, read_week

USUAL_HOURS: Final = Hours(UTC_ZONE, read_week("Mon-Fri 09:00-17:00"))
USUAL_WARNING: Final = 75_000

TELL_MANAGER, REASSIGN = "tell_manager", "reassign"
ON_BREACH: Final = (TELL_MANAGER, REASSIGN)
"""What can happen when a promise is broken, in the order in which it happens."""


@dataclass(frozen=True, slots=True)
class Route:
    """Leads of whom a condition is true go to a team; where there is none, all of them. told: which leads, in words."""

    team: str
    when: Condition | None = None
    told: str = "everybody else"


@dataclass(frozen=True, slots=True)
class Sales:
    """How sales is set up; without people there is nobody to whom a lead could be handed.

    people and teams by name, in the order of the file. routes: the first whose condition is true is taken.
    hours: by which the clock of a lead runs that has no owner. warn_at: the share of a promise, in thousandths of a
    percent, at which its owner is warned. contact: when leads may be contacted at all.
    """

    people: Mapping[str, Salesperson] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    hours: Hours = USUAL_HOURS
    warn_at: int = USUAL_WARNING
    on_breach: tuple[str, ...] = ON_BREACH
    contact: ContactRules = ALWAYS

    @property
    def traits(self) -> tuple[str, ...]:
        """The traits of a lead that conditions here read."""
        conditions = (*(one.when for one in self.routes), self.contact.consent)
        return tuple({name.key: None for one in conditions if one is not None for name in names_in(one)})

    def label(self, name: str) -> str:
        """Return what people call a salesperson; whoever is none is called by their name."""
        return self.people[name].label if name in self.people else name

    def team_of(self, name: str) -> Team | None:
        """Return the first team of which somebody is a member."""
        return next((team for team in self.teams.values() if name in team.members), None)
