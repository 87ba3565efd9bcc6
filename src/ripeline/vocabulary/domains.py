"""Hosts and the domains that somebody registered, by the public suffix list."""

import re
from dataclasses import dataclass
from encodings.idna import nameprep
from functools import lru_cache
from typing import Final

LONGEST_HOST: Final = 253
LONGEST_LABEL: Final = 63
MOST_LABELS: Final = 8
"""No public suffix has as many labels; looking further would only cost time."""

_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
"""What separates the parts of a host, as people write it in Chinese and Japanese too."""
_ADDRESS = re.compile(r"(?:[0-9]+\.)*[0-9]+")


@dataclass(frozen=True, slots=True)
class Suffixes:
    """Domains below which anybody may register one, in ASCII; a top level is one by itself.

    plain: such as co.uk. wide: every domain right below these. not_those: but for these.
    """

    plain: frozenset[str]
    wide: frozenset[str]
    not_those: frozenset[str]

    def __contains__(self, domain: str) -> bool:
        """Say whether a domain is a public suffix."""
        _, dot, above = domain.partition(".")
        return not dot or domain in self.plain or above in self.wide


def ascii_host(text: str) -> str | None:
    """Return a host in its one form: ASCII, lower case, no closing dot; None for what is no host.

    >>> ascii_host("WWW.Bücher.Example."), ascii_host("a b"), ascii_host("")
    ('www.xn--bcher-kva.example', None, None)
    """
    if len(text) > LONGEST_HOST + 1:
        return None
    host = text.removesuffix(".").lower()
    if not host.isascii():
        try:
            host = ".".join(map(_ascii_label, _DOTS.split(host)))
        except UnicodeError:
            return None
    return host if len(host) <= LONGEST_HOST and _HOST.fullmatch(host) else None


@lru_cache(maxsize=1_024)
def _ascii_label(label: str) -> str:
    """Return one part of a host in ASCII, or raise UnicodeError. A domain with ß is another one than that with ss.

    Python's codec knows the rules of 2003, by which the two were the same.
    """
    if len(label) > LONGEST_LABEL:  # it cannot grow shorter, and would only cost time
        raise UnicodeError
    if "ß" not in label:
        return label.encode("idna").decode()
    return "xn--" + "ß".join(map(nameprep, label.split("ß"))).encode("punycode").decode()


def registered_domain(host: str, suffixes: Suffixes) -> str | None:
    """Return the domain that somebody registered, of a host of `ascii_host`; None where nobody did.

    >>> uk = Suffixes(frozenset({"co.uk"}), frozenset(), frozenset())
    >>> registered_domain("shop.acme.co.uk", uk), registered_domain("co.uk", uk), registered_domain("10.0.0.1", uk)
    ('acme.co.uk', None, None)
    """
    if _ADDRESS.fullmatch(host):
        return None
    labels = host.split(".")
    # The longest public suffix decides, and the domain is the one right below it.
    for start in range(max(0, len(labels) - MOST_LABELS), len(labels)):
        domain = ".".join(labels[start:])
        if domain in suffixes.not_those:
            return domain
        if domain in suffixes:
            return ".".join(labels[start - 1 :]) if start else None
    return None
