"""Where messages go: what a workspace says of its webhooks, chats and mail server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.messages import MessageKind

Security = Literal["starttls", "tls", "none"]
ChatKind = Literal["slack", "teams"]
PORTS: Final[Mapping[Security, int]] = {"starttls": 587, "tls": 465, "none": 25}
MAIL_LANE: Final = "mail"


@dataclass(frozen=True, slots=True)
class Secret:
    """Something nobody else may know: texts that stand in the settings, or the variable that holds them."""

    setting: str
    texts: tuple[str, ...] = field(default=(), repr=False)
    variable: str = ""

    def told(self, environment: Mapping[str, str]) -> tuple[str, ...]:
        """Return the texts; of a variable those between blanks. InputError where it is empty."""
        found = tuple(environment.get(self.variable, "").split()) if self.variable else self.texts
        if not found:
            raise InputError(f"{self.setting}: the environment's variable {self.variable} is not set")
        return found


@dataclass(frozen=True, slots=True)
class Webhook:
    """A receiver of webhooks. types: what it is told, None for everything.

    secret: one text or two, the second while receivers change from it. allow_private: it may be inside.
    """

    url: str
    secret: Secret
    types: frozenset[str] | None = None
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """An incoming webhook of a chat, whose address is its secret."""

    kind: ChatKind
    url: Secret
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class MailServer:
    """Who takes our mail. sender: the address that it comes from, with a name or without."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: Secret | None = None


@dataclass(frozen=True, slots=True)
class OutboxSettings:
    """Where messages go, by name. send: else everything is kept and nothing leaves."""

    send: bool = True
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    mail: MailServer | None = None
    chats: Mapping[str, Chat] = field(default_factory=dict)


def fan_out(settings: OutboxSettings, type: str) -> tuple[str, ...]:  # noqa: A002 - the word in messages
    """Return the names of the webhooks that are told of happenings of a type."""
    return tuple(name for name, one in settings.webhooks.items() if one.types is None or type in one.types)


def lane(kind: MessageKind, destination: str) -> str:
    """Return the way a message takes: what shares one is sent a few at a time and waits for each other.

    >>> lane("webhook", "crm"), lane("mail", "kim@acme.example"), lane("mail", "bo@acme.example")
    ('webhook crm', 'mail', 'mail')
    """
    return MAIL_LANE if kind == "mail" else f"{kind} {destination}"
