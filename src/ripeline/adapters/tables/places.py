"""The shipped tables of places on the web: public suffixes, and where people come from."""

from collections.abc import Iterable
from functools import cache
from typing import cast

from ripeline.adapters.tables.shipped import rows
from ripeline.vocabulary.channels import ChannelTables, Kind, Place, Referrers
from ripeline.vocabulary.domains import Suffixes


def channel_tables() -> ChannelTables:
    """Return the tables, read when first asked for."""
    return ChannelTables(referrers, suffixes)


@cache
def suffixes() -> Suffixes:
    """Return the public suffix list."""
    lines = rows("public_suffixes.txt.gz")
    wide, not_those = _behind("*.", lines), _behind("!", lines)
    return Suffixes(frozenset(line for line in lines if line[0] not in "*!"), wide, not_those)


def _behind(mark: str, lines: Iterable[str]) -> frozenset[str]:
    return frozenset(line.removeprefix(mark) for line in lines if line.startswith(mark))


@cache
def referrers() -> Referrers:
    """Return the places that people come from."""
    hosts, domains, words = dict[str, Place](), dict[str, Place](), dict[str, Place]()
    for row in rows("referrers.tsv"):
        kind, name, entries = row.split("\t")
        place = Place(cast("Kind", kind), name)
        words.setdefault(name, place)  # a name of several kinds is that of the first row
        for entry in entries.split():
            if entry.startswith("."):
                domains[entry[1:]] = place
            else:
                (hosts if "." in entry else words)[entry] = place
    return Referrers(hosts, domains, words)
