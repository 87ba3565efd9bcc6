"""The shipped tables behind derived traits; NOTICE.md beside them names origin and licence of each."""

from functools import cache

from ripeline.adapters.tables.phones import phone_rules
from ripeline.adapters.tables.places import channel_tables
from ripeline.adapters.tables.shipped import rows
from ripeline.adapters.tables.title_rows import title_words
from ripeline.vocabulary.derived import Tables, country_key


@cache
def load_tables() -> Tables:
    """Return the shipped tables, read once for as long as the process lives."""
    countries = _countries()
    return Tables(
        disposable=frozenset(rows("disposable_domains.txt.gz")),
        free=frozenset(rows("free_domains.txt.gz")),
        titles=title_words(rows("titles.tsv")),
        countries=countries,
        channels=channel_tables(),
        phones=phone_rules(frozenset(countries.values())),
    )


def _countries() -> dict[str, str]:
    """Every key of every country; no two countries share one."""
    found: dict[str, str] = {}
    for row in rows("countries.tsv"):
        code, alpha3, names = row.split("\t")
        found |= dict.fromkeys(map(country_key, (code, alpha3, *names.split("|"))), code)
    return found
