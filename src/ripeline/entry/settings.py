"""Settings in ripeline.toml: what clients may send, whose word counts, what is logged, whom to tell, what is set aside.

Salespeople are read by sales_settings.py, removals by removal_settings.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from ripeline.entry.outbox_settings import KEYS, outbox_settings
from ripeline.entry.outbox_settings import url as outside_url
from ripeline.intake.patterns import Patterns
from ripeline.vocabulary.addresses import address_of
from ripeline.vocabulary.issues import InputError, did_you_mean

Network = IPv4Network | IPv6Network
LOG_LEVELS = ("info", "warning", "error")
TAKES = {str: "text", int: "whole number", list: "list", bool: "switch, true or false", dict: "table"}
MOST = 10**9
USUAL_ADDRESS_RATE = 500


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """How many events web keys may bring: a second over time, and at once, by key and by client address; 0: no limit.

    address_rate: None for the usual one, from which this machine's own loopback addresses are spared.
    trusted_proxies: whose X-Forwarded-For tells the client's address.
    """

    key_rate: int = 25_000
    key_burst: int = 500_000
    address_rate: int | None = None
    address_burst: int = 20_000
    trusted_proxies: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class LogSettings:
    """level: the least that is logged."""

    level: str = "info"


def check_keys(where: str, values: Mapping[str, object], known: Mapping[str, type]) -> None:
    """Raise InputError where a key is not known, or holds what it does not take."""
    for key, value in values.items():
        if key not in known:
            raise InputError(f'"{key}" is no setting of [{where}]; {did_you_mean(key, known)}')
        if type(value) is not known[key]:
            raise InputError(f"{where}.{key} takes a {TAKES[known[key]]}")


def intake_settings(raw: Mapping[str, Any]) -> IntakeSettings:
    """Return the section [intake], or raise InputError."""
    settings = dict(raw)
    for name in ("key_rate", "key_burst", "address_rate", "address_burst"):
        if not 0 <= settings.get(name, 0) <= MOST:
            raise InputError(f"intake.{name} takes a whole number from 0 (no limit) to {MOST:,}")
    for kind in ("key", "address"):
        if settings.get(f"{kind}_burst", 1) == 0 and settings.get(f"{kind}_rate", 1) != 0:
            raise InputError(
                f"intake.{kind}_burst is 0, so nothing would ever be taken; for no limit set {kind}_rate = 0"
            )
    proxies = settings.pop("trusted_proxies", [])
    return IntakeSettings(**settings, trusted_proxies=tuple(map(_network, proxies)))


def _network(text: object) -> Network:
    try:
        if isinstance(text, str):
            return ip_network(text)
    except ValueError:
        pass
    raise InputError(f'intake.trusted_proxies: {text!r} is neither an address nor a network, such as "10.0.0.0/8"')


def log_settings(raw: Mapping[str, Any]) -> LogSettings:
    """Return the section [log], or raise InputError."""
    settings = LogSettings(**raw)
    if settings.level not in LOG_LEVELS:
        raise InputError(f'log.level: "{settings.level}" is none; {did_you_mean(settings.level, LOG_LEVELS)}')
    return settings


def patterns(raw: Mapping[str, Any]) -> Patterns:
    """Return the section [set_aside], with domains and addresses in the form by which they are known."""
    for name, value in raw.items():
        if type(value) is int and not 0 < value <= MOST:
            raise InputError(f"set_aside.{name} takes a whole number from 1 to {MOST:,}")
        if isinstance(value, list) and not all(isinstance(one, str) and one for one in value):
            raise InputError(f'set_aside.{name} takes texts, such as ["acme.example"]')
    found: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in raw.items()}
    for name, form in (("staff_domains", _domain), ("staff_addresses", address_of)):
        if name in found:
            found[name] = tuple(_known(name, one, form) for one in found[name])
    return Patterns(**found)


def _known(name: str, text: str, form: Callable[[str], str | None]) -> str:
    found = form(text)
    if found is None:
        raise InputError(f'set_aside.{name}: "{text}" is none')
    return found


def _domain(text: str) -> str | None:
    address = address_of(f"anybody@{text.removeprefix('@')}")
    return None if address is None else address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """url: where people reach the server, without a slash at the end; None where nobody said it.

    banner: what stands on top of every page of the app; "" for nothing.
    """

    url: str | None = None
    banner: str = ""


def server_settings(raw: Mapping[str, Any]) -> ServerSettings:
    """Return the section [server], or raise InputError."""
    return ServerSettings(_server_url(raw["url"]) if "url" in raw else None, raw.get("banner", ""))


def _server_url(text: str) -> str:
    found = outside_url("server.url", text, allow_private=text.startswith(HERE))
    if "?" in found:
        raise InputError(
            "server.url is the beginning of addresses, such as https://leads.acme.example; leave out the ?"
        )
    return found.rstrip("/")


HERE = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")
"""What nobody on the way can read, since there is no way: links in mails let whoever has them answer."""

SECTIONS: Mapping[str, tuple[Mapping[str, type], Callable[[Mapping[str, Any]], object]]] = {
    "intake": (
        {"key_rate": int, "key_burst": int, "address_rate": int, "address_burst": int, "trusted_proxies": list},
        intake_settings,
    ),
    "log": ({"level": str}, log_settings),
    "outbox": (KEYS, outbox_settings),
    "server": ({"url": str, "banner": str}, server_settings),
    "set_aside": (
        {
            "staff_domains": list,
            "staff_addresses": list,
            "delivered": list,
            "opened": list,
            "clicked": list,
            "mail_id": str,
            "link": str,
            "soon_seconds": int,
            "links": int,
            "links_seconds": int,
            "burst_events": int,
            "burst_seconds": int,
        },
        patterns,
    ),
    # Read where salespeople are asked for: conditions and zones take a while to load.
    "sales": (
        {
            "timezone": str,
            "hours": str,
            "holidays": list,
            "warn_at": str,
            "on_breach": list,
            "touches_per_week": int,
            "mails_per_week": int,
            "mails": list,
            "needs_consent": str,
            "needs_consent_when_asked": bool,
            "people": dict,
            "teams": dict,
            "routes": list,
        },
        dict,
    ),
    # Read where people are removed, for the same reason.
    "removals": ({"automatic": bool, "wait_days": int, "never": str}, dict),
}
"""Every section: what its keys take, and what reads it."""
