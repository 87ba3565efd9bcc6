"""The section [outbox] of ripeline.toml: who is told what happens."""

import re
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from ripeline.handoff.destinations import PORTS, Chat, MailServer, OutboxSettings, Secret, Webhook
from ripeline.handoff.signing import key_of
from ripeline.vocabulary.domains import ascii_host
from ripeline.vocabulary.happenings import HAPPENINGS
from ripeline.vocabulary.issues import InputError, did_you_mean

T = TypeVar("T")
Table = Mapping[str, Any]
KEYS: Final[Mapping[str, type]] = {"send": bool, "webhooks": dict, "mail": dict, "chats": dict}
LONGEST_URL: Final = 2_000
MOST_SECRETS: Final = 2

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WEBHOOK: Final = {"url": str, "secret": (str, list), "secret_env": str, "events": list, "allow_private": bool}
_CHAT: Final = {"kind": str, "url": str, "url_env": str, "allow_private": bool}
_MAIL: Final = {"host": str, "port": int, "security": str, "user": str, "password_env": str, "from": str}
_TOLD: Final[Mapping[object, str]] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    (str, list): "a text, or a list of two",
}


def outbox_settings(raw: Table) -> OutboxSettings:
    """Return the section [outbox], or raise InputError."""
    webhooks, chats = _named(raw, "webhooks", _webhook), _named(raw, "chats", _chat)
    if both := sorted(webhooks.keys() & chats.keys()):
        raise InputError(f'outbox: "{both[0]}" names a webhook and a chat; name one of them otherwise')
    mail = _mail(raw["mail"]) if "mail" in raw else None
    return OutboxSettings(raw.get("send", True), webhooks, mail, chats)


def _named(raw: Table, section: str, read: Callable[[str, Table], T]) -> dict[str, T]:
    found = {}
    for name, table in raw.get(section, {}).items():
        where = f"outbox.{section}.{name}"
        if not _NAME.fullmatch(name):
            raise InputError(f"outbox.{section}: {name!r} is no name; letters, digits, - and _ make one")
        if not isinstance(table, dict):
            raise InputError(f"{where} is a section; write [{where}]")
        found[name] = read(where, table)
    return found


def _webhook(where: str, raw: Table) -> Webhook:
    _check(where, raw, _WEBHOOK, ("url",))
    private = bool(raw.get("allow_private", False))
    types = None if "events" not in raw else frozenset(_happening(where, one) for one in raw["events"])
    if types is not None and not types:
        raise InputError(f"{where}.events is empty; leave it out for all of them")
    secret = _secret(where, raw, "secret")
    for one in secret.texts:
        key_at(f"{where}.secret", one)
    return Webhook(url(f"{where}.url", raw["url"], allow_private=private), secret, types, private)


def _chat(where: str, raw: Table) -> Chat:
    _check(where, raw, _CHAT, ("kind",))
    if raw["kind"] not in {"slack", "teams"}:
        raise InputError(f'{where}.kind: "{raw["kind"]}" is none; {did_you_mean(raw["kind"], ("slack", "teams"))}')
    private, secret = bool(raw.get("allow_private", False)), _secret(where, raw, "url")
    for one in secret.texts:
        url(f"{where}.url", one, allow_private=private)
    return Chat(raw["kind"], secret, private)


def _mail(raw: Table) -> MailServer:
    where = "outbox.mail"
    _check(where, raw, _MAIL, ("host", "from"))
    security = raw.get("security", "starttls")
    if security not in PORTS:
        raise InputError(f'{where}.security: "{security}" is none; {did_you_mean(security, PORTS)}')
    port = raw.get("port", PORTS[security])
    if not 0 < port < 65_536:  # noqa: PLR2004 - ports of TCP
        raise InputError(f"{where}.port takes a whole number from 1 to 65535")
    if ("user" in raw) != ("password_env" in raw):
        raise InputError(f"{where}: user and password_env belong together")
    if "user" in raw and security == "none":
        raise InputError(f'{where}: a password is not sent in the open; set security to "starttls" or "tls"')
    password = _secret(where, raw, "password") if "user" in raw else None
    host = _host(f"{where}.host", raw["host"])
    return MailServer(host, port, security, _sender(f"{where}.from", raw["from"]), raw.get("user", ""), password)


def _check(where: str, raw: Table, known: Mapping[str, Any], needed: tuple[str, ...]) -> None:
    for key, value in raw.items():
        if key not in known:
            raise InputError(f'"{key}" is no setting of [{where}]; {did_you_mean(key, known)}')
        kinds = known[key] if isinstance(known[key], tuple) else (known[key],)
        if type(value) not in kinds:
            raise InputError(f"{where}.{key} takes {_TOLD[known[key]]}")
        if value == "":
            raise InputError(f"{where}.{key} is empty")
    if missing := [key for key in needed if key not in raw]:
        raise InputError(f"{where} needs {' and '.join(missing)}")


def _secret(where: str, raw: Table, name: str) -> Secret:
    """Return what stands in the settings, or in a variable of the environment: one of the two."""
    variable = f"{name}_env"
    if (name in raw) == (variable in raw):
        raise InputError(f"{where} needs one of {name} and {variable}")
    if variable in raw:
        if not _VARIABLE.fullmatch(raw[variable]):
            raise InputError(f"{where}.{variable} takes the name of a variable of the environment")
        return Secret(f"{where}.{variable}", variable=raw[variable])
    texts = raw[name] if isinstance(raw[name], list) else [raw[name]]
    if not 0 < len(texts) <= MOST_SECRETS or not all(isinstance(one, str) for one in texts):
        raise InputError(f"{where}.{name} takes {_TOLD[str, list]}")
    return Secret(f"{where}.{name}", tuple(texts))


def _happening(where: str, told: object) -> str:
    if told not in HAPPENINGS:
        raise InputError(f'{where}.events: "{told}" is none; {did_you_mean(str(told), HAPPENINGS)}')
    return str(told)


def url(where: str, text: str, *, allow_private: bool) -> str:
    """Return the address of a receiver, or raise InputError, which does not show it: it may be a secret."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise InputError(f"{where} is no address such as https://crm.example/hook") from error
    plain = text.isascii() and text.isprintable() and " " not in text and "#" not in text and "\\" not in text
    if not plain or len(text) > LONGEST_URL or parts.scheme not in {"http", "https"} or port == 0:
        raise InputError(f"{where} is no address such as https://crm.example/hook")
    if "@" in parts.netloc:
        raise InputError(f"{where} has a user or a password in it, which is not sent; leave it out")
    if parts.scheme == "http" and not allow_private:
        raise InputError(f"{where} begins with http:, so anybody on the way could read it; it takes https:")
    _host(where, host)
    return text


def _host(where: str, text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        host = ascii_host(text)
    if host is None:
        raise InputError(f"{where} names no host")
    return host


def _sender(where: str, text: str) -> str:
    _, address = parseaddr(text)
    local, at, host = address.rpartition("@")
    if not text.isprintable() or not at or not local or not address.isascii() or ascii_host(host) is None:
        raise InputError(f"{where} is no address such as leads@acme.example or Acme leads <leads@acme.example>")
    return text


def key_at(where: str, secret: str) -> bytes:
    """Return the key that a secret of webhooks stands for, or raise InputError, which does not show it."""
    try:
        return key_of(secret)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
