"""What tokens of the API allow, and what kinds of write keys there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Scope = Literal["read", "write", "answer", "publish", "admin"]
KeyKind = Literal["web", "server"]

SCOPES: Final[Mapping[Scope, str]] = {
    "read": "see leads, handoffs, reports and settings",
    "write": "merge and set aside, tell outcomes, import, repair events",
    "answer": "answer handoffs and tasks, say who is absent",
    "publish": "publish definitions, roll back, release what is held",
    "admin": "everything, erasing people too",
}
"""What each scope allows."""

KEY_KINDS: Final[Mapping[KeyKind, str]] = {
    "web": "for web pages: everybody can see it, so what comes with it is not trusted",
    "server": "for your own servers: secret, and what comes with it is trusted",
}
"""What each kind of key is for."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token of the API that is to be made. person: the salesperson whose it is, None for nobody's."""

    name: str
    scopes: tuple[Scope, ...]
    person: str | None = None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A write key that is to be made. origins: the sites it may be used on, () for all."""

    kind: KeyKind
    source: str
    origins: tuple[str, ...] = ()
