"""How somebody came to a page: by the tags and click ids in its address, else by the page they came from.

Everything here was sent by a stranger. Every function takes any text whatever, reads its first letters only, and
never raises; None is unknown.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote_plus

from ripeline.vocabulary.domains import Suffixes, ascii_host, registered_domain

Kind = Literal["search", "ai", "social", "email", "display", "affiliate", "referral", "return"]
"""What a place on the web is. return: people leave a site for it only to come back, to sign in or to pay."""

MEDIUMS: Final = (
    "direct",
    "organic search",
    "paid search",
    "organic social",
    "paid social",
    "paid other",
    "email",
    "display",
    "affiliate",
    "ai assistant",
    "referral",
    "internal",
    "other",
)
"""Every medium there is. other: a tag names one that is not known here."""

PARTS: Final = ("medium", "source", "campaign", "term", "content")
LONGEST_ADDRESS: Final = 2_048
"""Letters of an address that are read."""

LONGEST_TAG: Final = 200
"""Letters of a tag that are kept."""

UNPAID: Final[Mapping[str, str]] = {
    "search": "organic search",
    "ai": "ai assistant",
    "social": "organic social",
    "email": "email",
    "display": "display",
    "affiliate": "affiliate",
    "referral": "referral",
    "return": "internal",
}
PAID: Final[Mapping[str, str]] = {
    "search": "paid search",
    "ai": "ai assistant",
    "social": "paid social",
    "display": "display",
    "affiliate": "affiliate",
}
"""The medium by the kind of place, where it was not paid for and where it was; paid elsewhere is `paid other`."""

_BY_PLACE: Final = {"paid": "paid other", "organic": "organic search", "referral": "referral"}
"""Words that say nothing without the place, and what they mean where it is not known."""

WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("cpc", "ppc", "cpa", "cpl", "paid", "ad", "ads", "paid media", "retargeting"), "paid"),
    **dict.fromkeys(("remarketing", "sponsored", "promoted", "promo"), "paid"),
    **dict.fromkeys(("paid search", "paidsearch", "sem", "sea", "search ad", "search ads"), "paid search"),
    **dict.fromkeys(("adwords", "google ads", "googleads", "bing ads", "shopping"), "paid search"),
    **dict.fromkeys(("paid social", "paidsocial", "social paid", "social ad", "social ads"), "paid social"),
    **dict.fromkeys(("cpc social", "social cpc", "sponsored social", "inmail"), "paid social"),
    **dict.fromkeys(("organic",), "organic"),
    **dict.fromkeys(("organic search", "search", "seo"), "organic search"),
    **dict.fromkeys(("social", "organic social", "socialmedia", "sm", "smm"), "organic social"),
    **dict.fromkeys(("email", "e mail", "mail", "newsletter", "e newsletter", "nl"), "email"),
    **dict.fromkeys(("mailing", "emailing", "edm", "drip"), "email"),
    **dict.fromkeys(("display", "banner", "banners", "cpm", "cpv", "interstitial"), "display"),
    **dict.fromkeys(("expandable", "programmatic", "native", "gdn"), "display"),
    **dict.fromkeys(("affiliate", "affiliates", "affiliation", "aff"), "affiliate"),
    **dict.fromkeys(("referral", "referrer", "ref", "link", "partner", "partners", "backlink"), "referral"),
    **dict.fromkeys(("ai", "ai assistant", "assistant", "llm", "chatbot"), "ai assistant"),
}
"""utm_medium in lower case, with single spaces: a medium, or a word that needs the place."""

CLICK_IDS: Final[Mapping[str, tuple[str, str | None]]] = {
    "gclid": ("paid search", "google"),
    "gbraid": ("paid search", "google"),
    "wbraid": ("paid search", "google"),
    "gad_campaignid": ("paid search", "google"),
    "srsltid": ("organic search", "google"),
    "dclid": ("display", "google"),
    "msclkid": ("paid search", "bing"),
    "yclid": ("paid search", "yandex"),
    "li_fat_id": ("paid social", "linkedin"),
    "ttclid": ("paid social", "tiktok"),
    "twclid": ("paid social", "x"),
    "rdt_cid": ("paid social", "reddit"),
    "sccid": ("paid social", "snapchat"),
    "qclid": ("paid social", "quora"),
    "fbclid": ("organic social", "facebook"),  # stands behind every link there, paid or not
    "igshid": ("organic social", "instagram"),
    "igsh": ("organic social", "instagram"),
    "epik": ("organic social", "pinterest"),
    "mc_eid": ("email", "mailchimp"),
    "mc_cid": ("email", "mailchimp"),
    "_hsenc": ("email", "hubspot"),
    "_hsmi": ("email", "hubspot"),
    "mkt_tok": ("email", "marketo"),
    "_kx": ("email", "klaviyo"),
    "tblci": ("display", "taboola"),
    "dicbo": ("display", "outbrain"),
    "awc": ("affiliate", "awin"),
    "cjevent": ("affiliate", "cj"),
    "irclickid": ("affiliate", "impact"),
    "ranmid": ("affiliate", "rakuten"),
    "sscid": ("affiliate", "shareasale"),
    "tduid": ("affiliate", "tradedoubler"),
}
"""Parameters that others put behind a link: what they tell where no tag does. The first that is there counts."""

TAGS: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")

NO_PAGE: Final = frozenset({"$direct", "(direct)", "direct", "(none)"})
"""What systems write for a referrer that is not there."""

_ADDRESS = re.compile(r"(?:([a-z][a-z0-9+.-]*):)?[/\\]{2,}([^/?#\\]*)", re.IGNORECASE)
_BARE = re.compile(r"([^/?#\\:@\s]+\.[^/?#\\:@\s]+)(?::[0-9]{1,5})?(?=[/?#]|$)")
_PORT = re.compile(r":[0-9]*$")
_SCHEMES: Final = frozenset({None, "http", "https", "android-app"})
_COUNTRY = re.compile(r"(.+?)\.(?:com|(?:com?\.)?[a-z]{2})")
_BETWEEN_WORDS = re.compile(r"[\s_+./|-]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the web that people come from, by the name that people call it."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Referrers:
    """The places that are known: by a host alone, by a domain with all below it, by a word of utm_source.

    A key that ends in ".*" holds under com and every country, such as google.co.uk.
    """

    hosts: Mapping[str, Place]
    domains: Mapping[str, Place]
    words: Mapping[str, Place]


@dataclass(frozen=True, eq=False)
class ChannelTables:
    """What channels are told by. Both are read when first asked for."""

    referrers: Callable[[], Referrers]
    suffixes: Callable[[], Suffixes]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What an event says of how somebody came: the page's address, the one before it, and tags stated beside them.

    search: the part of the page's address from its question mark on, where that stands by itself.
    """

    url: str | None = None
    referrer: str | None = None
    search: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    term: str | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """How somebody came. medium: one of MEDIUMS; source: the place, by its name where it is known, else its host."""

    medium: str | None = None
    source: str | None = None
    campaign: str | None = None
    term: str | None = None
    content: str | None = None


def channel_of(arrival: Arrival, tables: ChannelTables) -> Channel:
    """Return how somebody came; nothing where an event tells neither a page nor where they came from."""
    asked = _query(arrival.url) or _query(arrival.search)
    said = (arrival.source, arrival.medium, arrival.campaign, arrival.term, arrival.content)
    source, medium, *names = (_kept(own) or _kept(asked.get(tag)) for own, tag in zip(said, TAGS, strict=True))
    click = next((told for name, told in CLICK_IDS.items() if asked.get(name)), None)
    came = _came_from(arrival, tables)
    if source is None and medium is None and click is None:
        return Channel(*_untagged(came, arrival.url), *names)
    return Channel(*_tagged(source, medium, click, came, tables.referrers()), *names)


# What tags say


def _tagged(
    source: str | None, medium: str | None, click: tuple[str, str | None] | None, came: Place | None, known: Referrers
) -> tuple[str, str | None]:
    """Return medium and source: what is said comes before a click id, and this before the page they came from."""
    stated = None if source is None else _place_said(source, known)
    clicked = None if click is None or click[1] is None else known.words.get(click[1])
    before = None if came is None or came.kind == "return" else came
    place = stated or clicked or before
    names = (_said_name(source, stated), click and click[1], before and before.name)
    return _medium_said(medium, click, place), next((name for name in names if name), None)


def _medium_said(medium: str | None, click: tuple[str, str | None] | None, place: Place | None) -> str:
    kind = None if place is None else place.kind
    if medium is None:
        return click[0] if click is not None else UNPAID.get(kind or "", "other")
    word = _word(medium)
    if word not in _BY_PLACE:
        return word or (click[0] if click is not None else "other")
    if kind is None:
        return _BY_PLACE[word]
    return PAID.get(kind, _BY_PLACE[word]) if word == "paid" else UNPAID[kind]


def _word(medium: str) -> str | None:
    """Return what a word of utm_medium means; of several words in a row the first ones count."""
    words = _BETWEEN_WORDS.sub(" ", medium.lower()).strip().split(" ")
    return next((WORDS[said] for last in range(len(words), 0, -1) if (said := " ".join(words[:last])) in WORDS), None)


def _said_name(source: str | None, stated: Place | None) -> str | None:
    return stated.name if stated is not None else source and source.lower()


def _place_said(source: str, known: Referrers) -> Place | None:
    """Return the place that utm_source names: by a word, or by its host."""
    word = source.lower()
    host = ascii_host(word) if "." in word else None
    return known.words.get(word) or (None if host is None else _place_of(host, known))


# What the page before says


def _untagged(came: Place | None, url: str | None) -> tuple[str | None, str | None]:
    """Return medium and source; whoever comes from nowhere to a page came directly."""
    if came is None:
        return (None if url is None else "direct"), None
    return UNPAID[came.kind], came.name if came.kind != "return" else None


def _came_from(arrival: Arrival, tables: ChannelTables) -> Place | None:
    """Return the place of the page before: the site itself is one to return to; None where there was none."""
    host = None if arrival.referrer is None else host_of(arrival.referrer)
    if host is None:
        return None
    own = None if arrival.url is None else host_of(arrival.url)
    if own is not None and _is_same_site(own, host, tables.suffixes()):
        return Place("return", own)
    return _place_of(host, tables.referrers()) or Place("referral", host.removeprefix("www."))


def _is_same_site(one: str, other: str, suffixes: Suffixes) -> bool:
    if one == other:
        return True
    domain = registered_domain(one, suffixes)
    return domain is not None and domain == registered_domain(other, suffixes)


def _place_of(host: str, known: Referrers) -> Place | None:
    """Return the place of a host, the nearest entry first."""
    host = host.removeprefix("www.")
    if (alone := _entry(host, known.hosts)) is not None:
        return alone
    while "." in host:
        if (found := _entry(host, known.domains)) is not None:
            return found
        host = host.partition(".")[2]
    return None


def _entry(host: str, places: Mapping[str, Place]) -> Place | None:
    if host in places:
        return places[host]
    anywhere = _COUNTRY.fullmatch(host)
    return None if anywhere is None else places.get(f"{anywhere[1]}.*")


# Addresses


def host_of(address: str) -> str | None:
    """Return the host of an address as browsers understand it, in ASCII; None where it names none on the web.

    What stands before an @ is a user, whatever it looks like.

    >>> host_of("https://google.com@evil.example:8443/x"), host_of("shop.example/cart"), host_of("$direct")
    ('evil.example', 'shop.example', None)
    """
    text = address[:LONGEST_ADDRESS].strip()
    if text.lower() in NO_PAGE:
        return None
    if found := _ADDRESS.match(text):
        scheme = None if found[1] is None else found[1].lower()
        authority = found[2].rpartition("@")[2].strip()
        return ascii_host(_PORT.sub("", authority)) if scheme in _SCHEMES else None
    bare = _BARE.match(text)
    return None if bare is None else ascii_host(bare[1])


def _query(url: str | None) -> dict[str, str]:
    """Return the parameters of an address that are known here, the first of each that holds something."""
    if url is None or "?" not in url:
        return {}
    asked = url[:LONGEST_ADDRESS].partition("#")[0].partition("?")[2]
    found: dict[str, str] = {}
    for pair in asked.split("&"):
        name, _, value = pair.partition("=")
        key = name.lower()
        if value and key not in found and (key in CLICK_IDS or key in TAGS):
            found[key] = unquote_plus(value, errors="replace")
    return found


def _kept(tag: str | None) -> str | None:
    """Return a tag with single spaces, as much of it as is kept; None where nothing is left."""
    return None if tag is None else " ".join(tag[: 2 * LONGEST_TAG].split())[:LONGEST_TAG] or None
