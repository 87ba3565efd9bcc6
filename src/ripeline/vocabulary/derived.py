"""Derived traits: what an e-mail address, a title, a country's name or a head count tells by shipped tables.

Every function takes any text whatever and never raises; None is unknown.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Final, Literal

from ripeline.vocabulary.channels import CLICK_IDS, PAID, UNPAID, WORDS, ChannelTables
from ripeline.vocabulary.companies import FORMS, LEADING, PHRASES
from ripeline.vocabulary.devices import device_rows
from ripeline.vocabulary.domains import LONGEST_HOST, ascii_host, registered_domain
from ripeline.vocabulary.phones import PhoneRules
from ripeline.vocabulary.plain_text import plain
from ripeline.vocabulary.titles import Meaning, Seniority, TitleWords, read_title
from ripeline.vocabulary.values import fold

EmailKind = Literal["disposable", "free", "business"]
USUAL_KIND: Final = "business"
"""The kind of all mail domains that no table lists."""

SIZE_BANDS: Final = (
    (1, "1-10"),
    (11, "11-50"),
    (51, "51-200"),
    (201, "201-500"),
    (501, "501-1000"),
    (1001, "1001-5000"),
    (5001, "5001-10000"),
    (10001, "10001+"),
)
"""Company sizes: the least head count of each band, and its name."""

MOST_LABELS = 8
"""No listed mail domain has more labels; looking further would only cost time."""

_FIRST_BAND_ENDS = 10
_MOST_DIGITS = 18

_SPACE = re.compile(r"\s")
_NUMBER = re.compile(
    r"(?:(?P<groups>[1-9][0-9]{0,2}(?P<mark>[,. '])[0-9]{3}(?:(?P=mark)[0-9]{3})*)(?![0-9])"
    r"|(?P<plain>[0-9]+))"
    r"(?P<decimals>[.,][0-9]+)?(?P<thousand> ?k\b)?"
)
_AT_MOST = re.compile(
    r"<|\b(?:up to|under|below|less than|fewer than|at most|max|bis|unter|weniger als)\b"
    r"|\b(?:moins de|menos de|meno di)\b"
)
_MORE_THAN = re.compile(r">(?!=)|\b(?:over|above|more than|über|mehr als|plus de|más de|mais de|più di)\b")


@dataclass(frozen=True, slots=True)
class Tables:
    """The content of the shipped tables.

    disposable, free: mail domains, lower case.
    titles: words and phrases of titles.
    countries: plain name or code -> ISO 3166-1 alpha-2 code.
    channels: what ways to a page are told by. phones: what telephone numbers are told by.
    """

    disposable: frozenset[str]
    free: frozenset[str]
    titles: TitleWords
    countries: Mapping[str, str]
    channels: ChannelTables
    phones: PhoneRules
    _digests: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def digest(self, name: str) -> str:
        """Return the SHA-256 of one table's content, by its name in _ROWS.

        It stays the same however the table was stored, and is computed once, when first asked for.
        """
        if name not in self._digests:
            content = "\n".join(sorted(_ROWS[name](self)))
            self._digests[name] = sha256(content.encode()).hexdigest()
        return self._digests[name]


def email_domain(email: str) -> str | None:
    """Return the host of an e-mail address in lower case.

    >>> email_domain(" Ada@Mail.Example.COM. "), email_domain("ada@localhost"), email_domain("@example.com")
    ('mail.example.com', None, None)
    """
    local, at, host = email.strip().rpartition("@")
    host = host.removesuffix(".").lower()
    if not at or not local or _SPACE.search(local + host) or len(host) > LONGEST_HOST:
        return None
    labels = host.split(".")
    return host if len(labels) > 1 and all(labels) else None


def company_host(domain: str) -> str | None:
    """Return the one form of a mail domain by which its company is known; None for what is no domain.

    >>> company_host(" ACME.Example. "), company_host("n/a"), company_host("acme..example")
    ('acme.example', None, None)
    """
    host = domain.strip().removesuffix(".").lower()
    labels = host.split(".")
    return host if len(labels) > 1 and all(labels) and not _SPACE.search(host) and len(host) <= LONGEST_HOST else None


def company_domain(domain: str, tables: Tables) -> str | None:
    """Return the domain that a company registered, of a mail domain; None where this is for everybody's mail."""
    if email_kind(domain, tables) != USUAL_KIND:
        return None
    host = ascii_host(domain.strip())
    return None if host is None else registered_domain(host, tables.channels.suffixes())


def email_kind(domain: str, tables: Tables) -> EmailKind:
    """Return what a mail domain is for, judged by the domain itself and those it lies in."""
    host = domain.strip().removesuffix(".").lower()
    hosts = [host]
    if host.count(".") != 1:  # most have one, and lie in no other
        labels = host.split(".")[-MOST_LABELS:]
        hosts = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    if not tables.disposable.isdisjoint(hosts):
        return "disposable"
    return USUAL_KIND if tables.free.isdisjoint(hosts) else "free"


def title_seniority(title: str, tables: Tables) -> Seniority | None:
    """Return the rank a job title names."""
    return read_title(title, tables.titles).seniority


def title_function(title: str, tables: Tables) -> str | None:
    """Return the kind of work a job title names."""
    return read_title(title, tables.titles).function


def country_code(text: str, tables: Tables) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a country's name or code, also of a name turned round.

    "Moldova, Republic of" is the Republic of Moldova.
    """
    code = tables.countries.get(country_key(text))
    if code is None and "," in text:
        last, _, first = text.partition(",")
        code = tables.countries.get(country_key(f"{first} {last}"))
    return code


def country_key(name: str) -> str:
    """Return the form under which a table holds the name of a country.

    >>> country_key("The Gambia"), country_key("Trinidad & Tobago")
    ('gambia', 'trinidad and tobago')
    """
    words = plain(name.replace("&", " and ")).split(" ")
    return " ".join(word for word in words if word != "the")


def company_size_band(raw: str | int) -> str | None:
    """Return the band that holds a head count, or the lower bound of a range.

    >>> company_size_band(240), company_size_band("1,001-5,000 employees"), company_size_band("500+")
    ('201-500', '1001-5000', '201-500')
    """
    count = raw if isinstance(raw, int) else _least_count(fold(raw).replace("\u2019", "'"))
    reached = [band for least, band in SIZE_BANDS if count >= least]
    return reached[-1] if reached else None


def _least_count(text: str) -> int:
    """The least head count a text allows; 0 where it tells none, or nothing but a wide upper bound."""
    number = _NUMBER.search(text)
    if number is None:
        return 0
    before, count = text[: number.start()], _count(number)
    if before.strip() in {"-", "\u2212"}:
        return 0
    if _AT_MOST.search(before):
        return 1 if 1 <= count <= _FIRST_BAND_ENDS else 0
    if count == 0 and _NUMBER.search(text, number.end()):
        return 1
    return count + 1 if _MORE_THAN.search(before) else count


def _count(number: re.Match[str]) -> int:
    whole = re.sub("[^0-9]", "", number["groups"] or number["plain"])
    if len(whole) > _MOST_DIGITS:
        return SIZE_BANDS[-1][0]
    if number["thousand"] is None:
        return int(whole)
    return int(Decimal(whole + (number["decimals"] or "").replace(",", ".")) * 1000)


def _mail_rows(tables: Tables) -> Iterable[str]:
    yield from (f"disposable {domain}" for domain in tables.disposable)
    yield from (f"free {domain}" for domain in tables.free)


def _title_rows(tables: Tables) -> Iterable[str]:
    titles = tables.titles
    for kind, table in (("", titles.phrases), ("...-", titles.endings), ("-...", titles.beginnings)):
        yield from (f"{kind}{phrase} {_written(meaning)}" for phrase, meaning in table.items())
    yield from (f"{first} ... {last} {_written(meaning)}" for first, (last, meaning) in titles.frames.items())


def _written(meaning: Meaning) -> str:
    return f"{meaning.role} {meaning.rank} {meaning.works} {meaning.function} {meaning.weight}"


def _country_rows(tables: Tables) -> Iterable[str]:
    return (f"{name} {code}" for name, code in tables.countries.items())


def _size_rows(_: Tables) -> Iterable[str]:
    return (f"{least} {band}" for least, band in SIZE_BANDS)


def _suffix_rows(tables: Tables) -> Iterable[str]:
    suffixes = tables.channels.suffixes()
    for kind, domains in (("suffix", suffixes.plain), ("suffix *", suffixes.wide), ("suffix !", suffixes.not_those)):
        yield from (f"{kind} {domain}" for domain in domains)


def _channel_rows(tables: Tables) -> Iterable[str]:
    referrers = tables.channels.referrers()
    for kind, places in (("host", referrers.hosts), ("domain", referrers.domains), ("word", referrers.words)):
        yield from (f"{kind} {key} {place.kind} {place.name}" for key, place in places.items())
    yield from _suffix_rows(tables)
    for kind, words in (("word", WORDS), ("paid", PAID), ("unpaid", UNPAID)):
        yield from (f"{kind} {word} {meaning}" for word, meaning in words.items())
    yield from (f"click {name} {medium} {source}" for name, (medium, source) in CLICK_IDS.items())


def _company_domain_rows(tables: Tables) -> Iterable[str]:
    yield from _mail_rows(tables)
    yield from _suffix_rows(tables)


def _company_rows(_: Tables) -> Iterable[str]:
    for kind, words in (("behind", FORMS), ("behind", PHRASES), ("before", LEADING)):
        yield from (f"{kind} {word}" for word in words)


def _phone_rows(tables: Tables) -> Iterable[str]:
    """The package stands for its rules; a person's country decides by which of them a number is read."""
    yield f"phonenumbers {tables.phones.version()}"
    yield from _country_rows(tables)


_ROWS: dict[str, Callable[[Tables], Iterable[str]]] = {
    "mail_domains": _mail_rows,
    "titles": _title_rows,
    "countries": _country_rows,
    "sizes": _size_rows,
    "channels": _channel_rows,
    "company_domains": _company_domain_rows,
    "companies": _company_rows,
    "devices": lambda _: device_rows(),
    "phones": _phone_rows,
}
