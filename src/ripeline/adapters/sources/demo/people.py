"""The invented leads: who they are, and which kind of visitor each of them is."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ripeline.adapters.sources.demo.calendar import FIRST_DAY, TODAY, busy_moment
from ripeline.adapters.sources.demo.companies import Company, invent_companies
from ripeline.adapters.sources.demo.titles import STUDENT_TITLES, JobTitle, draw_title

OWN_DOMAIN: Final = "ripe-software.example"
COMPETITOR_DOMAIN: Final = "rival.example"
DISPOSABLE_DOMAIN: Final = "mailinator.com"
FREE_DOMAINS: Final = ("gmail.com", "gmx.de", "web.de", "outlook.com", "orange.fr")

_FREE_MAIL_SHARE: Final = 0.15
_PHONE_SHARE: Final = 0.6
_TITLE_SHARE: Final = 0.88
_SIZE_SHARE: Final = 0.82
_ONLY_MAIL_SHARE: Final = 0.1  # left an address and nothing else
_GROWTH: Final = 0.75  # below 1: the company gets more leads every month
_LEADS_PER_COMPANY: Final = 2.5

# Every number lies in a range that the country's regulator keeps for films and books; where there is no
# such range, the lead has no phone.
_PHONES: Final = {
    "DE": "+49 30 23125 {:03d}",
    "GB": "+44 20 7946 0{:03d}",
    "FR": "+33 1 99 00 1{:03d}",
    "US": "+1 202 555 01{:02d}",
}
_SPELLINGS: Final = {
    "DE": ("DE", "Germany", "Deutschland", "germany", "DEU"),
    "AT": ("AT", "Austria", "Österreich"),
    "CH": ("CH", "Switzerland", "Schweiz"),
    "FR": ("FR", "France", "france"),
    "GB": ("GB", "UK", "United Kingdom"),
    "NL": ("NL", "Netherlands"),
    "US": ("US", "USA", "United States"),
    "PL": ("PL", "Poland"),
    "IT": ("IT", "Italy", "Italia"),
}
_LEAD_SOURCES: Final = {"Website": 45, "Advertisement": 20, "Trade Fair": 15, "Webinar": 12, "Partner": 8}


class Character(StrEnum):
    """What kind of visitor a lead is; hidden, no file tells it."""

    BUSINESS = "business"
    LISTED = "listed"  # bought with a list of addresses; has never done anything
    STUDENT = "student"
    JOB_SEEKER = "job seeker"
    OWN_STAFF = "own staff"
    COMPETITOR = "competitor"
    THROW_AWAY = "throw away"


_CHARACTERS: Final = {
    Character.BUSINESS: 790,
    Character.LISTED: 90,
    Character.STUDENT: 45,
    Character.JOB_SEEKER: 40,
    Character.OWN_STAFF: 10,
    Character.COMPETITOR: 10,
    Character.THROW_AWAY: 15,
}
# Who can ever become a customer: sales never opens a deal with the others.
SALES_TALKS_TO: Final = frozenset({Character.BUSINESS, Character.LISTED, Character.STUDENT, Character.JOB_SEEKER})


@dataclass(frozen=True, slots=True)
class DemoLead:
    """A lead as `leads.csv` has it, None for an empty cell, with its hidden character and country code."""

    id: str
    created: datetime
    email: str
    phone: str | None
    title: JobTitle | None
    company: Company | None
    company_size: int | None
    country: str
    country_text: str
    lead_source: str
    character: Character

    @property
    def industry(self) -> str | None:
        """The line of business of the lead's firm, if it works for one."""
        return self.company.industry if self.company else None

    @property
    def email_domain(self) -> str:
        """The part of the address after the `@`."""
        return self.email.partition("@")[2]


def invent_leads(rng: random.Random, count: int) -> tuple[DemoLead, ...]:
    """Return that many leads in order of their creation; several may work for one firm."""
    companies = invent_companies(rng, max(1, round(count / _LEADS_PER_COMPANY)))
    created = sorted(_draw_created(rng) for _ in range(count))
    return tuple(_invent_lead(rng, number, moment, companies) for number, moment in enumerate(created, start=1))


def _draw_created(rng: random.Random) -> datetime:
    days = (TODAY - FIRST_DAY).days
    return busy_moment(rng, FIRST_DAY + timedelta(days=round(days * rng.random() ** _GROWTH)))


def _invent_lead(rng: random.Random, number: int, created: datetime, companies: Sequence[Company]) -> DemoLead:
    character = rng.choices(list(_CHARACTERS), list(_CHARACTERS.values()))[0]
    firm = _draw_company(rng, companies)
    talks = rng.random() > _ONLY_MAIL_SHARE
    at_work = talks and character in {Character.BUSINESS, Character.LISTED}
    return DemoLead(
        id=f"L-{number:05d}",
        created=created,
        email=f"lead{number:05d}@{_draw_domain(rng, character, firm)}",
        phone=_draw_phone(rng, firm.country) if talks else None,
        title=_draw_title(rng, character) if talks else None,
        company=firm if at_work else None,
        company_size=firm.size if at_work and rng.random() < _SIZE_SHARE else None,
        country=firm.country,
        country_text=rng.choice(_SPELLINGS[firm.country]),
        lead_source=_draw_lead_source(rng, character),
        character=character,
    )


def _draw_company(rng: random.Random, companies: Sequence[Company]) -> Company:
    # The square makes the first firms large customers with many leads and the last ones rare.
    return companies[int(len(companies) * rng.random() ** 2)]


def _draw_domain(rng: random.Random, character: Character, firm: Company) -> str:
    match character:
        case Character.OWN_STAFF:
            return OWN_DOMAIN
        case Character.COMPETITOR:
            return COMPETITOR_DOMAIN
        case Character.THROW_AWAY:
            return DISPOSABLE_DOMAIN
        case Character.STUDENT | Character.JOB_SEEKER:
            return rng.choice(FREE_DOMAINS)
        case Character.BUSINESS | Character.LISTED:
            return rng.choice(FREE_DOMAINS) if rng.random() < _FREE_MAIL_SHARE else firm.domain


def _draw_phone(rng: random.Random, country: str) -> str | None:
    if country not in _PHONES or rng.random() > _PHONE_SHARE:
        return None
    return _PHONES[country].format(rng.randrange(100 if country == "US" else 1000))


def _draw_title(rng: random.Random, character: Character) -> JobTitle | None:
    if rng.random() > _TITLE_SHARE:
        return None
    return rng.choice(STUDENT_TITLES) if character is Character.STUDENT else draw_title(rng)


def _draw_lead_source(rng: random.Random, character: Character) -> str:
    if character is Character.LISTED:
        return "Purchased List"
    return rng.choices(list(_LEAD_SOURCES), list(_LEAD_SOURCES.values()))[0]
