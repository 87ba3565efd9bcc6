"""Derived traits, and derived fields of events: what they are worked out from, and the values they can have."""

from collections.abc import Mapping
from typing import Final, get_args

from ripeline.definition.conditions import Name
from ripeline.vocabulary.derived import SIZE_BANDS, EmailKind
from ripeline.vocabulary.derived_fields import INPUTS
from ripeline.vocabulary.derived_fields import VALUES as FIELD_VALUES
from ripeline.vocabulary.phones import PHONE_TRAITS
from ripeline.vocabulary.titles import FUNCTIONS, SENIORITIES

STANDS_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "email_domain": ("email",),
    "email_kind": ("email", "email_domain"),
    "title_seniority": ("title",),
    "title_function": ("title",),
    "country": ("country",),
    "country_raw": ("country",),
    "company_size_band": ("company_size",),
    "company_domain": ("email", "email_domain"),
    "company_plain": ("company",),
    **dict.fromkeys(PHONE_TRAITS, ("phone",)),
}
"""The raw traits behind each derived one; any of them is enough."""

_CODES: Final = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES: Final = tuple(_CODES.split())
"""Every code of ISO 3166-1."""

VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "email_kind": get_args(EmailKind),
    "title_seniority": SENIORITIES,
    "title_function": FUNCTIONS,
    "country": COUNTRIES,
    "phone_country": COUNTRIES,
    "company_size_band": tuple(band for _, band in SIZE_BANDS),
}
"""Every value of the traits that have few."""


def values_of(name: Name) -> tuple[str, ...]:
    """Return every value of a derived trait, or of a derived field of events, () where it has many."""
    return (VALUES if name.root == "trait" else FIELD_VALUES if name.root in INPUTS else {}).get(name.key, ())


MEANT: Final[Mapping[str, str]] = {
    "uk": "GB", "united kingdom": "GB", "great britain": "GB", "england": "GB", "germany": "DE",
    "deutschland": "DE", "austria": "AT", "österreich": "AT", "switzerland": "CH", "schweiz": "CH",
    "suisse": "CH", "france": "FR", "italy": "IT", "italia": "IT", "spain": "ES", "españa": "ES",
    "portugal": "PT", "netherlands": "NL", "nederland": "NL", "belgium": "BE", "luxembourg": "LU",
    "denmark": "DK", "sweden": "SE", "norway": "NO", "finland": "FI", "poland": "PL", "polska": "PL",
    "czech republic": "CZ", "czechia": "CZ", "hungary": "HU", "romania": "RO", "greece": "GR",
    "ireland": "IE", "turkey": "TR", "ukraine": "UA", "russia": "RU", "usa": "US", "united states": "US",
    "canada": "CA", "mexico": "MX", "brazil": "BR", "argentina": "AR", "india": "IN", "china": "CN",
    "japan": "JP", "south korea": "KR", "singapore": "SG", "israel": "IL", "australia": "AU",
    "new zealand": "NZ", "south africa": "ZA", "deu": "DE", "aut": "AT", "che": "CH", "fra": "FR",
    "human resources": "hr", "information technology": "it", "procurement": "purchasing", "c-level": "chief",
    "ceo": "chief", "vice president": "vp", "executive": "chief", "private": "free",
    "throwaway": "disposable", "company": "business", "corporate": "business",
    "engineer": "engineering", "developer": "engineering",
    "cpc": "paid search", "ppc": "paid search", "sem": "paid search", "adwords": "paid search",
    "organic": "organic search", "seo": "organic search", "search": "organic search",
    "social": "organic social", "ai": "ai assistant", "chatgpt": "ai assistant", "llm": "ai assistant",
    "newsletter": "email", "e-mail": "email", "banner": "display", "link": "referral", "none": "direct",
    "(none)": "direct", "phone": "mobile", "smartphone": "mobile", "computer": "desktop", "pc": "desktop",
    "iphone": "ios", "ipados": "ios", "mac": "macos", "os x": "macos", "chrome os": "chromeos",
    "msie": "internet explorer", "google chrome": "chrome", "microsoft edge": "edge", "mobile safari": "safari",
}  # fmt: skip
"""What people write for a value, lower case. For hints only: no condition reads it."""
