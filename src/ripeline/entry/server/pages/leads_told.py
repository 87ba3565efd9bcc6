"""What is told of leads in the list: which columns, who they are, and what is stated of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ripeline.definition.model import Definition
from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.home import IN_ORDER
from ripeline.entry.server.pages.leads_address import COLUMNS, WORKED_OUT, Address, bounds
from ripeline.entry.server.serving import Serving
from ripeline.handoff.packet import PERSON_TRAITS, Person, person_of
from ripeline.ports.scores import Group
from ripeline.usecases.ahead import Ahead, ahead_of
from ripeline.vocabulary.calendar import day_text, instant_text
from ripeline.vocabulary.scores import ACTIONS

ON_A_PAGE: Final = 50
LIKELIHOOD: Final = "likelihood"

Rows = Sequence[Mapping[str, Any]]
Stated = Mapping[str, Mapping[str, object]]
"""What is stated of leads, by trait."""

Counted = Mapping[int, tuple[str, tuple[Group, ...]]]
"""Saved views by their numbers: the definition that they look at leads by, and which leads."""


@dataclass(frozen=True, slots=True)
class Told:
    """A page of leads.

    people: who they are; stated: of them; ahead: where that is shown; counts: of saved views, by their numbers.
    """

    total: int
    rows: Rows
    people: Mapping[str, Person]
    stated: Stated
    ahead: Mapping[str, Ahead]
    counts: Mapping[int, int]

    def last(self, lead: str) -> str:
        """Return when a lead did something last, "" for never."""
        last_us = self.ahead[lead].last_us if lead in self.ahead else None
        return "" if last_us is None else instant_text(last_us)

    def fall(self, lead: str) -> tuple[str, str] | None:
        """Return the day on which a lead falls if nothing happens, and to what; None where it does not by then."""
        fall = self.ahead[lead].fall if lead in self.ahead else None
        return None if fall is None else (day_text(fall.day), f"{fall.fit} fit, {fall.engagement} interest")

    def trait(self, lead: str, name: str) -> str:
        """Return a trait of a lead as text."""
        return trait_text(self.stated.get(lead, {}).get(name))


def page_told(
    serving: Serving, name: str, address: Address, at_us: int, counted: Counted, limit: int = ON_A_PAGE
) -> Told:
    """Return a page of leads by a definition. History is read of those that are shown, and of nobody else."""
    store = serving.history.store
    total, rows = serving.scores[name].page(store, address.asked(limit))
    leads = [str(row["lead"]) for row in rows]
    ahead = _ahead(serving, name, address, leads, at_us)
    return Told(total, rows, *known_of(serving, leads, address.traits, at_us), ahead, _counts(serving, counted))


def _ahead(serving: Serving, name: str, address: Address, leads: Sequence[str], at_us: int) -> Mapping[str, Ahead]:
    """Return what is worked out of leads, where a column shows it."""
    if not set(WORKED_OUT) & set(address.columns):
        return {}
    return ahead_of(serving.plans[name], history_of(serving.history.store), leads, at_us)


def _counts(serving: Serving, counted: Counted) -> Mapping[int, int]:
    """Return how many leads saved views show; those by one definition are counted together."""
    found = dict[int, int]()
    for name in {definition for definition, groups in counted.values()}:
        choices = {number: groups for number, (by, groups) in counted.items() if by == name}
        counts = serving.scores[name].counts(serving.history.store, list(choices.values()))
        found |= zip(choices, counts, strict=True)
    return found


def known_of(
    serving: Serving, leads: Sequence[str], traits: Sequence[str], at_us: int
) -> tuple[Mapping[str, Person], Stated]:
    """Return who leads are, and what is stated of them: some traits beside those that say who they are."""
    stated = history_of(serving.history.store).stated(leads, {*PERSON_TRAITS, *traits}, at_us)
    return {lead: person_of(lead, stated.get(lead, {})) for lead in leads}, stated


def columns_told(definition: Definition, chosen: Sequence[str] = tuple(COLUMNS)) -> list[str]:
    """Return which of some columns a definition gives something to tell in."""
    return [name for name in chosen if name != LIKELIHOOD or definition.likelihood]


def bounds_of(definition: Definition) -> list[tuple[str, str]]:
    """Return the parameters that bound points of a definition, with what they are called."""
    return [(name, title) for name, title in bounds() if definition.likelihood or not name.startswith(LIKELIHOOD)]


def choices_of(definition: Definition) -> dict[str, tuple[str, list[str]]]:
    """Return what can be chosen of each column that has few values, with its title."""
    cells = [cell for row in definition.matrix.values() for cell in row.values()]
    return {
        "fit_level": (_("Fit"), list(definition.rows())),
        "engagement_level": (_("Interest"), [level.name for level in definition.engagement.levels]),
        "rating": (_("Rating"), sorted({cell.rating for cell in cells})),
        "stage": (_("Stage"), list(IN_ORDER)),
        "action": (_("Action"), list(ACTIONS)),
        "meets_definition": (_("Meets the definition"), ["true", "false"]),
    }


def trait_text(value: object) -> str:
    """Return what is stated as text.

    >>> trait_text(["a", 1]), trait_text(True), trait_text(None)
    ('a, 1', 'yes', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(map(trait_text, value))
        case _:
            return str(value)
