"""Who may sign in to the app, and what each role may see and do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["admin", "marketing", "sales", "read_only", "agency"]
Right = Literal[
    "see_figures",
    "see_leads",
    "share",
    "answer",
    "decide",
    "note",
    "draft",
    "sign",
    "publish",
    "bring_in",
    "administer",
]

RIGHTS: Final[Mapping[Right, str]] = {
    "see_figures": "counts and shares, of nobody by name",
    "see_leads": "leads by their names, and everything that is known of them",
    "share": "share saved views with everybody",
    "answer": "answer handoffs and tasks, and say what a deal came to",
    "decide": "decide about leads: merge and unmerge, set aside, keep from removal",
    "note": "write notes about leads",
    "draft": "write drafts of a definition and preview them",
    "sign": "agree to a draft for their team",
    "publish": "publish a definition, roll back, release what is held",
    "bring_in": "import, make keys, repair and replay events",
    "administer": "settings, people who sign in, and erasing a person",
}
"""Everything that somebody may be allowed."""

ROLES: Final[Mapping[Role, frozenset[Right]]] = {
    "admin": frozenset(RIGHTS),
    "marketing": frozenset(
        {"see_figures", "see_leads", "share", "decide", "note", "draft", "sign", "publish", "bring_in"}
    ),
    "sales": frozenset({"see_figures", "see_leads", "share", "answer", "note", "sign"}),
    "read_only": frozenset({"see_figures", "see_leads"}),
    "agency": frozenset({"see_figures", "draft"}),
}
"""What each role may. An agency sees figures of the channels it works on, and nobody's data."""

Only = frozenset[str] | None
"""The channels by which leads first came whom figures count; None for everybody."""


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who may sign in.

    mail: the address they sign in by, in lower case. person: which salesperson they are, if any. channels: of an
    agency, the mediums by which leads first came whose figures it sees.
    """

    number: int
    mail: str
    name: str
    role: Role
    person: str | None = None
    channels: tuple[str, ...] = ()

    @property
    def only(self) -> Only:
        """Whose leads' figures they may see at all: an agency that was given no channel sees none."""
        return frozenset(self.channels) if self.role == "agency" else None

    def may(self, right: Right) -> bool:
        """Say whether they are allowed something."""
        return right in ROLES[self.role]
