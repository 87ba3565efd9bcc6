"""What people change in a workspace, as the log of changes has it: who, what, when; of leads nothing but numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

What = Literal[
    "signed_in",
    "refused",
    "password_asked",
    "password_chosen",
    "login_made",
    "login_channels",
    "login_linked",
    "login_disabled",
    "token_made",
    "token_taken_back",
    "key_made",
    "key_taken_back",
    "published",
    "rolled_back",
    "signed",
    "unsigned",
    "released",
    "merge",
    "unmerge",
    "set_aside",
    "restore",
    "held",
    "lifted",
    "answered",
    "imported",
    "undone",
    "exported",
    "erased",
    "sales_changed",
    "sent_again",
    "given_up",
    "sending_released",
    "replayed",
    "dismissed",
    "note_written",
    "note_removed",
]

WORDS: Final[Mapping[What, str]] = {
    "signed_in": "signed in",
    "refused": "was not let in",
    "password_asked": "asked for another password",
    "password_chosen": "chose a password",
    "login_made": "made a login",
    "login_channels": "chose the channels of an agency",
    "login_linked": "made a new link",
    "login_disabled": "took somebody out",
    "token_made": "made a token",
    "token_taken_back": "took a token back",
    "key_made": "made a key",
    "key_taken_back": "took a key back",
    "published": "published a definition",
    "rolled_back": "went back to an earlier definition",
    "signed": "signed a draft",
    "unsigned": "took a signature back",
    "released": "released handoffs that were held",
    "merge": "merged two leads",
    "unmerge": "took a lead apart",
    "set_aside": "set events aside",
    "restore": "let events count again",
    "held": "kept a lead from removal",
    "lifted": "let a lead be removed again",
    "answered": "answered for somebody else",
    "imported": "imported",
    "undone": "undid an import",
    "exported": "exported a person",
    "erased": "erased somebody",
    "sales_changed": "changed sales",
    "sent_again": "had messages sent again",
    "given_up": "gave a message up",
    "sending_released": "let messages go out again",
    "replayed": "sent failed events again",
    "dismissed": "dismissed failed events",
    "note_written": "wrote a note",
    "note_removed": "took a note away",
}
"""Each of them as it is told."""

BY_COMMAND: Final = "command line"
"""Who did it where that is whoever may use the workspace's folder."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that somebody changed. by: "" where nobody is known; about: what it was done to, in words."""

    at_us: int
    by: str
    what: What
    about: str = ""


@dataclass(frozen=True, slots=True)
class ChangesAsked:
    """Which changes are asked for: by whom, of which sort, from an instant until before another; a page of them."""

    by: str | None = None
    what: What | None = None
    from_us: int = 0
    until_us: int = 2**62
    limit: int = 50
    offset: int = 0
