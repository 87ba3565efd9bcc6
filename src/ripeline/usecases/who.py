"""Who leads are to people: by what is stated of them, as packets have it."""

from collections.abc import Iterable, Mapping

from ripeline.handoff.packet import PERSON_TRAITS, Person, person_of
from ripeline.ports.history import History


def people_of(history: History, leads: Iterable[str], at_us: int) -> Mapping[str, Person]:
    """Return who leads are, by the identifiers they are asked for; of somebody who is not known, no more than that."""
    asked = list(dict.fromkeys(leads))
    stated = history.stated(asked, PERSON_TRAITS, at_us)
    return {lead: person_of(lead, stated.get(lead, {})) for lead in asked}
