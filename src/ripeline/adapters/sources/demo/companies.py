"""The invented firms that the demo company's leads work for."""

import random
from dataclasses import dataclass
from typing import Final

_FRUIT: Final = (
    "Quince", "Medlar", "Damson", "Sloe", "Mirabelle", "Bilberry", "Cornel", "Rowan", "Mulberry", "Guava",
    "Loganberry", "Boysenberry", "Greengage", "Elder", "Barberry", "Cloudberry", "Persimmon", "Tamarind",
    "Kumquat", "Pomelo",
)  # fmt: skip

# What the firm is called after the fruit, by industry, and how many such firms there are.
_TRADES: Final = {
    "manufacturing": (("Maschinenbau", "Foundry", "Instruments"), 24),
    "software": (("Software", "Systems"), 18),
    "logistics": (("Logistics", "Spedition"), 13),
    "retail": (("Markets", "Handel"), 11),
    "health care": (("Clinics", "Medizintechnik"), 9),
    "finance": (("Leasing", "Insurance"), 9),
    "consulting": (("Advisers", "Conseil"), 9),
    "education": (("Academy",), 7),
}
_COUNTRIES: Final = {
    "DE": 42, "AT": 9, "CH": 8, "FR": 11, "GB": 9, "NL": 6, "US": 7, "PL": 4, "IT": 4,
}  # fmt: skip
_SIZES: Final = {(2, 19): 20, (20, 99): 30, (100, 500): 30, (501, 2000): 14, (2001, 20000): 6}


@dataclass(frozen=True, slots=True)
class Company:
    """An invented firm; its domain lies under the reserved `.example`."""

    name: str
    domain: str
    size: int
    industry: str
    country: str


def invent_companies(rng: random.Random, count: int) -> tuple[Company, ...]:
    """Return that many firms, each with a name and a domain of its own."""
    return tuple(_invent_company(rng, number) for number in range(1, count + 1))


def _invent_company(rng: random.Random, number: int) -> Company:
    industry = rng.choices(list(_TRADES), [share for _, share in _TRADES.values()])[0]
    fruit, trade = rng.choice(_FRUIT), rng.choice(_TRADES[industry][0])
    smallest, largest = rng.choices(list(_SIZES), list(_SIZES.values()))[0]
    return Company(
        name=f"{fruit} {trade} {number}",
        domain=f"{fruit}-{trade}-{number}.example".lower(),
        size=rng.randint(smallest, largest),
        industry=industry,
        country=rng.choices(list(_COUNTRIES), list(_COUNTRIES.values()))[0],
    )
