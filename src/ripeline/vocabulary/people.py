"""What people are known by."""

from typing import Final, Literal

import msgspec

IdentifierKind = Literal["user", "crm", "email", "anonymous"]
"""user: the company's own id; crm: an id in its CRM; email: an address; anonymous: a device."""

RANK: Final[dict[IdentifierKind, int]] = {"user": 0, "crm": 1, "email": 2, "anonymous": 3}
"""By which kind of their identifiers people are called: the least there is."""


class Name(msgspec.Struct, frozen=True):
    """An identifier by its text."""

    kind: IdentifierKind
    value: str

    @property
    def asked(self) -> str:
        """The name as a lead is asked for where two have one text."""
        return f"{self.kind}:{self.value}"
