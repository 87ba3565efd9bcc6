"""Saved views of the list of leads: whose they are, and who may change them."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from ripeline.adapters.book import views as rows
from ripeline.adapters.book.sqlite import transaction
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.logins import Login
from ripeline.vocabulary.plain_text import one_line
from ripeline.vocabulary.saved_views import SavedView

LONGEST_NAME: Final = 60
LONGEST_ADDRESS: Final = 4_000
MOST: Final = 50
"""Of one person."""


class NoSuchViewError(InputError):
    """There is none, or it is somebody else's."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("there is no such view of yours")


@dataclass(frozen=True, slots=True)
class Views:
    """Views, kept in the book."""

    db: sqlite3.Connection

    def of(self, login: Login) -> list[SavedView]:
        """Return the views that somebody may use, their own first."""
        return rows.views_for(self.db, login.number)

    def save(self, login: Login, name: str, address: str, at_us: int, *, shared: bool) -> None:
        """Keep a view; one of theirs that has its name is replaced. Raises InputError for what cannot be kept."""
        new = SavedView(0, login.number, login.name, _named(name), address, shared=_shared(login, shared=shared))
        if len(address) > LONGEST_ADDRESS:
            raise InputError("that is more than a view holds: choose by less")
        with transaction(self.db):
            own = [one.name for one in self.of(login) if one.login == login.number]
            if len(own) >= MOST and new.name not in own:
                raise InputError(f"you have {MOST} views; delete one of them first")
            rows.save_view(self.db, new, at_us)

    def change(self, login: Login, number: int, name: str, *, shared: bool) -> None:
        """Give one's own view another name, and share it or no more."""
        named, is_shared = _named(name), _shared(login, shared=shared)
        with transaction(self.db):
            own = {one.number: one.name for one in self.of(login) if one.login == login.number}
            if number not in own:
                raise NoSuchViewError
            if any(other == named for one, other in own.items() if one != number):
                raise InputError(f'another one of your views is called "{named}"')
            rows.change_view(self.db, number, named, shared=is_shared)

    def delete(self, login: Login, number: int) -> None:
        """Delete one's own view; an administrator also what is shared."""
        with transaction(self.db):
            if not any(one.number == number and may_delete(login, one) for one in self.of(login)):
                raise NoSuchViewError
            rows.delete_view(self.db, number)


def may_delete(login: Login, view: SavedView) -> bool:
    """Say whether somebody may delete a view."""
    return view.login == login.number or (view.shared and login.may("administer"))


def _named(name: str) -> str:
    named = one_line(name)
    if not 0 < len(named) <= LONGEST_NAME:
        raise InputError(f"a view has a name of 1 to {LONGEST_NAME} letters")
    return named


def _shared(login: Login, *, shared: bool) -> bool:
    if shared and not login.may("share"):
        raise InputError("your role keeps views for itself alone")
    return shared
