"""What is known of a person at an instant, derived traits included."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from ripeline.vocabulary import derived
from ripeline.vocabulary.companies import company_plain
from ripeline.vocabulary.derived import Tables
from ripeline.vocabulary.history import Statement
from ripeline.vocabulary.phones import PHONE_TRAITS
from ripeline.vocabulary.points import MICRO
from ripeline.vocabulary.values import Value, typed

UNDATED = -(2**62)
"""Where an undated statement stands in the order of time: before everything dated."""

RAW_OF = {
    "email_domain": "email",
    "title_seniority": "title",
    "title_function": "title",
    "country": "country",
    "company_size_band": "company_size",
    "company_plain": "company",
    **dict.fromkeys(PHONE_TRAITS, "phone"),
}
"""The raw trait behind each derived one; `email_kind` and `company_domain` come from `email_domain`."""

COUNTRY_RAW = "country_raw"


class Profile:
    """Traits by key at one instant; later statements win, trusted ones before all others."""

    def __init__(self, statements: Iterable[Statement], as_of_us: int, tables: Tables) -> None:
        """Take the statements that exist at the instant."""
        self._tables = tables
        self._trusted: dict[str, Value | None] = {}
        self._known: dict[str, Value | None] = {}
        for statement in _in_order(statements, as_of_us):
            self._known.update(statement.traits)
            if statement.trusted:
                self._trusted.update(statement.traits)

    def get(self, key: str, *, trusted: bool = False) -> Value | None:
        """Return the value of a trait, None while it is unknown. trusted: as trusted statements alone say."""
        known = self._trusted if trusted else self._known
        if key == COUNTRY_RAW:
            return known.get("country")
        if key == "email_kind":
            domain = self._derived("email_domain", known)
            return _text(derived.email_kind(domain.text, self._tables) if domain and domain.text else None)
        if key == "company_domain":
            domain = self._derived("email_domain", known)
            if known.get("email") is None and domain is None:
                return known.get(key)
            return _text(derived.company_domain(domain.text, self._tables) if domain and domain.text else None)
        if key in PHONE_TRAITS and (phone := known.get("phone")) is not None:
            return self._of_phone(key, phone, self._derived("country", known))
        return self._derived(key, known) if key in RAW_OF else known.get(key)

    def _of_phone(self, key: str, phone: Value, country: Value | None) -> Value | None:
        """What the stated number tells, read as it is dialled in the person's country."""
        if phone.text is None:
            return None
        found = self._tables.phones.read(phone.text, None if country is None else country.text)
        return None if found is None else found.trait(key)

    def _derived(self, key: str, known: Mapping[str, Value | None]) -> Value | None:
        """The derived value; one that was given stands in while the raw trait is unknown."""
        raw = known.get(RAW_OF[key])
        return known.get(key) if raw is None else derive(key, raw, self._tables)


def derive(key: str, raw: Value, tables: Tables) -> Value | None:
    """Return a derived trait from its raw one; None where the raw one tells nothing."""
    text = raw.text
    if key == "company_size_band":
        return _text(derived.company_size_band(_size(raw)))
    if text is None:
        return None
    match key:
        case "email_domain":
            return _text(derived.email_domain(text))
        case "title_seniority":
            return _text(derived.title_seniority(text, tables))
        case "company_plain":
            return _text(company_plain(text))
        case "title_function":
            return _text(derived.title_function(text, tables))
    return _text(derived.country_code(text, tables))


def _size(raw: Value) -> str | int:
    if raw.text is not None:
        return raw.text
    return "" if raw.number is None else raw.number // MICRO


@lru_cache(maxsize=4_096)
def _text(text: str | None) -> Value | None:
    """Type a derived text; there are few different ones."""
    return typed(text)


def stated_at(statements: Iterable[Statement], as_of_us: int) -> dict[str, Value]:
    """Return what is stated at an instant, as it was stated: by the rule of the profile, without derived traits."""
    known: dict[str, Value | None] = {}
    for statement in _in_order(statements, as_of_us):
        known.update(statement.traits)
    return {key: value for key, value in known.items() if value is not None}


def _in_order(statements: Iterable[Statement], as_of_us: int) -> list[Statement]:
    """What exists at an instant, the greatest (trusted, time, sequence) last."""
    return sorted((one for one in statements if one.time_us is None or one.time_us <= as_of_us), key=_rank)


def _rank(statement: Statement) -> tuple[bool, int, int]:
    time_us = UNDATED if statement.time_us is None else statement.time_us
    return statement.trusted, time_us, statement.sequence
