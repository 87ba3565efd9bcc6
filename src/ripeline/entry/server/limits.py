"""How much may come with a web key, and from one address: buckets that fill up again with time."""

from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from math import ceil

from ripeline.entry.settings import USUAL_ADDRESS_RATE, IntakeSettings, Network

MOST_KEPT = 50_000
"""So many addresses are kept in mind; beyond that, whoever sent nothing for the longest time starts with a full bucket."""

MOST_HOPS, LONGEST = 16, 64
OF_ONE_CLIENT = 64
"""Bits of an IPv6 address that its owner cannot choose."""


class Buckets:
    """Buckets of events by name, each refilled at `rate` events a second up to `burst`.

    One that holds an event lets a request through, however many events it brings; the bucket then owes what it lacked.
    So a batch of any size is taken some time, and over time no more than the rate.
    """

    def __init__(self, rate: int, burst: int, most: int = MOST_KEPT) -> None:
        """Take the limit, rate 0 for none, and how many buckets to keep in mind."""
        self._rate, self._burst, self._most = rate, burst, most
        self._full_at = OrderedDict[object, float]()

    def __len__(self) -> int:
        """Return how many are kept in mind."""
        return len(self._full_at)

    def wait_s(self, name: object, now_s: float) -> int:
        """Return in how many whole seconds something is let through again, 0 for now.

        >>> bucket = Buckets(rate=2, burst=10)
        >>> bucket.take("ada", 15, now_s=100.0)  # 5 more than it held: it owes 5, and needs 1 to let somebody through
        >>> bucket.wait_s("ada", 100.0), bucket.wait_s("ada", 102.9), bucket.wait_s("ada", 103.0)
        (3, 1, 0)
        """
        if not self._rate or name not in self._full_at:
            return 0
        lacks_s = self._full_at[name] - now_s
        return max(0, ceil(lacks_s - (self._burst - 1) / self._rate))

    def take(self, name: object, events: int, now_s: float) -> None:
        """Take events out of a bucket."""
        if not self._rate:
            return
        self._full_at[name] = max(self._full_at.get(name, now_s), now_s) + events / self._rate
        self._full_at.move_to_end(name)
        if len(self._full_at) > self._most:
            self._full_at.popitem(last=False)


class Limits:
    """The limits of web keys and of addresses that use them."""

    def __init__(self, settings: IntakeSettings) -> None:
        """Take the settings."""
        self._by_key = Buckets(settings.key_rate, settings.key_burst)
        rate = USUAL_ADDRESS_RATE if settings.address_rate is None else settings.address_rate
        self._by_address = Buckets(rate, settings.address_burst)
        self._spares_loopback = settings.address_rate is None

    def wait_s(self, key_id: int, address: str, now_s: float) -> tuple[int, str]:
        """Return in how many seconds a request is let through, 0 for now, and which limit says so."""
        by_key = self._by_key.wait_s(key_id, now_s)
        by_address = 0 if self._spares(address) else self._by_address.wait_s(address, now_s)
        return (by_key, "key") if by_key >= by_address else (by_address, "address")

    def take(self, key_id: int, address: str, events: int, now_s: float) -> None:
        """Count events that are let through."""
        self._by_key.take(key_id, events, now_s)
        if not self._spares(address):
            self._by_address.take(address, events, now_s)

    def _spares(self, address: str) -> bool:
        """Say whether somebody is this machine itself, or everybody behind a proxy on it that nobody has named."""
        return self._spares_loopback and is_loopback(address)


def client_address(peer: str, forwarded: Iterable[bytes], trusted: tuple[Network, ...]) -> str:
    """Return whose bucket a request takes from: the first address, seen from here, that is no trusted proxy's.

    forwarded: the headers X-Forwarded-For in order; each proxy adds, on the right, who spoke to it. An IPv6 client may
    use any address of its network, so the network stands for it.

    >>> proxies = (ip_network("10.0.0.0/8"),)
    >>> client_address("10.0.0.1", [b"6.6.6.6, 198.51.100.7, 10.0.0.2"], proxies)
    '198.51.100.7'
    >>> client_address("198.51.100.9", [b"6.6.6.6"], proxies)
    '198.51.100.9'
    >>> client_address("2001:db8::1", [], ())
    '2001:db8::/64'
    """
    shown, hops = peer, reversed(b",".join(forwarded).split(b",")[-MOST_HOPS:]) if trusted else ()
    for hop in hops:
        address, further = _address(shown), hop.decode("latin-1").strip()
        if address is None or _address(further) is None or not any(address in network for network in trusted):
            break
        shown = further
    return _named(shown)


@lru_cache(maxsize=4_096)
def is_loopback(address: str) -> bool:
    """Say whether an address, as `client_address` names it, is of this machine alone."""
    return address == "::/64" or ((parsed := _address(address)) is not None and parsed.is_loopback)


@lru_cache(maxsize=4_096)
def _named(text: str) -> str:
    address = _address(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, OF_ONE_CLIENT), strict=False))
    return text if address is None else str(address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    return _parsed(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=4_096)
def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    bare = text[1 : text.find("]")] if text.startswith("[") else text
    bare = bare.partition(":")[0] if bare.count(":") == 1 else bare
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
