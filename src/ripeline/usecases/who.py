"""Who leads are to people: by what is stated of them, as packets have it; and who is called so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ripeline.handoff.packet import COMPANY_NAMES, GIVEN, NAMES, PERSON_TRAITS, Person, person_of
from ripeline.ports.history import History

SHORTEST: Final = 3
"""Letters of a name that are looked for: of fewer nearly everybody has them."""

MOST: Final = 200
"""Leads that are looked at more closely."""


@dataclass(frozen=True, slots=True)
class Namesake:
    """A lead that is called so. company: where it works, as far as it is stated."""

    person: Person
    company: str


def people_of(history: History, leads: Iterable[str], at_us: int) -> Mapping[str, Person]:
    """Return who leads are, by the identifiers they are asked for; of somebody who is not known, no more than that."""
    asked = list(dict.fromkeys(leads))
    stated = history.stated(asked, PERSON_TRAITS, at_us)
    return {lead: person_of(lead, stated.get(lead, {})) for lead in asked}


def called_so(history: History, text: str, at_us: int) -> Mapping[str, Namesake]:
    """Return leads by a part of their name, mail address or company, as they are called now, by their identifiers."""
    keys = (*NAMES, "email", *COMPANY_NAMES)
    leads = history.named(text, keys, GIVEN, at_us, MOST)
    stated = history.stated(leads, {*PERSON_TRAITS, *COMPANY_NAMES}, at_us)
    found = {lead: _namesake(lead, stated.get(lead, {})) for lead in leads}
    return {lead: one for lead, one in found.items() if _has(one, text.lower())}


def _namesake(lead: str, stated: Mapping[str, object]) -> Namesake:
    company = next((str(stated[key]) for key in COMPANY_NAMES if stated.get(key) is not None), "")
    return Namesake(person_of(lead, stated), company)


def _has(one: Namesake, text: str) -> bool:
    return any(text in (told or "").lower() for told in (one.person.name, one.person.email, one.company))
