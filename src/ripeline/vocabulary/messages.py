"""What is promised to the outside: one message to one destination."""

from dataclasses import dataclass
from typing import Literal

MessageKind = Literal["webhook", "mail", "chat"]


@dataclass(frozen=True, slots=True)
class Message:
    """Something to be told to one destination; the same on every attempt.

    id: random, "" until it is written down. destination: the name of a webhook or chat in the settings, or a mail
    address. about: the lead, "" for none. sequence: numbers what is told of a lead 1, 2, 3 ..., one number for one
    happening whatever number of destinations. body: of webhooks JSON {"type", "timestamp", "sequence", "data"}, of
    chats JSON as incoming webhooks of Slack or Teams take it, of mails JSON {"to", "subject", "text", "html"}.
    """

    id: str
    kind: MessageKind
    destination: str
    about: str
    sequence: int
    type: str
    body: bytes
    made_us: int
