"""Write keys and tokens of the API: looked at, made and taken back; the log of changes says by whom."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from ripeline.adapters.book import keys as rows
from ripeline.adapters.book.audit import note
from ripeline.adapters.book.sqlite import MOST_NUMBERED, transaction
from ripeline.vocabulary.access import NewKey, NewToken
from ripeline.vocabulary.changes import Change


@dataclass(frozen=True, slots=True)
class Access:
    """Who may send events, and who may use the API. ring: what this process knows of keys, None where it takes none."""

    db: sqlite3.Connection
    ring: rows.KeyRing | None = None

    def write_keys(self) -> list[dict[str, Any]]:
        """Return the write keys in use, web keys with what they are."""
        return rows.listed_keys(self.db)

    def tokens(self) -> list[dict[str, Any]]:
        """Return the API tokens in use, without what they are."""
        return rows.listed_tokens(self.db)

    def make_key(self, new: NewKey, by: str, at_us: int) -> str:
        """Make a write key and return it; it is taken at once."""
        with transaction(self.db):
            made = rows.create_write_key(self.db, new, at_us)
            note(self.db, Change(at_us, by, "key_made", f"{new.kind} key of {new.source}"))
        self._forget()
        return made

    def take_back_key(self, number: int, by: str, at_us: int) -> None:
        """Take a write key out of use, at once. InputError where there is none."""
        with transaction(self.db):
            rows.revoke_write_key(self.db, min(number, MOST_NUMBERED), at_us)
            note(self.db, Change(at_us, by, "key_taken_back", f"key {number}"))
        self._forget()

    def make_token(self, new: NewToken, by: str, at_us: int) -> str:
        """Make an API token and return it."""
        whose = f", of {new.person}" if new.person else ""
        with transaction(self.db):
            made = rows.create_token(self.db, new, at_us)
            told = f"{new.name or 'without a name'}{whose}: {', '.join(new.scopes)}"
            note(self.db, Change(at_us, by, "token_made", told))
        return made

    def take_back_token(self, number: int, by: str, at_us: int) -> None:
        """Take an API token out of use, at once. InputError where there is none."""
        with transaction(self.db):
            rows.revoke_token(self.db, min(number, MOST_NUMBERED), at_us)
            note(self.db, Change(at_us, by, "token_taken_back", f"token {number}"))

    def _forget(self) -> None:
        if self.ring is not None:
            self.ring.forget()
