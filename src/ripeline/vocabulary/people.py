"""What people are known by."""

from typing import Final, Literal

IdentifierKind = Literal["user", "crm", "email", "anonymous"]
"""user: the company's own id; crm: an id in its CRM; email: an address; anonymous: a device."""

RANK: Final[dict[IdentifierKind, int]] = {"user": 0, "crm": 1, "email": 2, "anonymous": 3}
"""By which kind of their identifiers people are called: the least there is."""
