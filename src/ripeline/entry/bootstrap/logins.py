"""Signing in: passwords, browsers, and how often somebody may be wrong."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from ripeline.adapters.book import logins as rows
from ripeline.adapters.book.audit import note
from ripeline.adapters.book.sqlite import transaction
from ripeline.vocabulary.calendar import SECOND_US
from ripeline.vocabulary.changes import Change
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.logins import Login
from ripeline.vocabulary.plain_text import one_line

LONGEST_NAME: Final = 80
LEAST_LETTERS, MOST_LETTERS = 12, 200
"""Of a password. Length is what counts: NIST SP 800-63B asks for no mixture of signs."""

TRIES_OF_A_MAIL, TRIES_FROM_A_PLACE = 5, 30
"""Within 15 minutes, before somebody has to wait."""

_MAIL: Final = re.compile(r"[^@\s<>\"'(),:;\\\[\]]{1,64}@[a-z0-9.-]{1,190}\.[a-z]{2,24}")
_HASHER: Final = PasswordHasher()  # argon2id with the library's own costs, which follow RFC 9106


class TooOftenError(Exception):
    """There were too many wrong tries; wait_s: until the next may be made."""

    def __init__(self, wait_s: int) -> None:
        """Take the seconds to wait."""
        super().__init__(f"too many tries; try again in {-(-wait_s // 60)} min")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who wants to sign in. found: whose address it is, with the hash of the password; None where nobody's."""

    mail: str
    place: str
    found: tuple[Login, str] | None

    @property
    def whos(self) -> tuple[str, str]:
        """By what refused tries are counted."""
        return f"mail:{self.mail}", f"from:{self.place}"

    @property
    def told(self) -> str:
        """How the log of changes names the address: in full where it is one of ours."""
        return self.mail if self.found else _veiled(self.mail)

    def is_right(self, password: str) -> bool:
        """Say whether it is their password; where the address is nobody's that takes as long."""
        try:
            return _HASHER.verify(_nobodys() if self.found is None else self.found[1], password[: MOST_LETTERS + 1])
        except VerificationError:
            return False


@dataclass(frozen=True, slots=True)
class Logins:
    """Who signs in, kept in the book."""

    db: sqlite3.Connection

    def is_set_up(self) -> bool:
        """Say whether there is anybody who may sign in."""
        return rows.count_logins(self.db) > 0

    def set_up(self, mail: str, name: str, password: str, at_us: int) -> Login:
        """Make the first login, an administrator. Raises InputError where there is one, or something is not right."""
        new, kept = replace(_new(mail, name), role="admin"), hashed(password)
        with transaction(self.db):
            if self.is_set_up():
                raise InputError("this workspace is set up already")
            note(self.db, Change(at_us, new.name, "login_made", _called(new)))
            return rows.add_login(self.db, new, kept, at_us)

    def asked(self, mail: str, place: str, at_us: int) -> "Asked":
        """Return who wants to sign in from a place; TooOftenError where they have to wait."""
        plain = plain_mail(mail)
        asked = Asked(plain, place, rows.login_by_mail(self.db, plain))
        for who, most in zip(asked.whos, (TRIES_OF_A_MAIL, TRIES_FROM_A_PLACE), strict=True):
            tried = rows.refused_since(self.db, who, at_us)
            if len(tried) >= most:
                raise TooOftenError((tried[-most] + rows.COUNTS_US - at_us) // SECOND_US + 1)
        return asked

    def sign_in(self, asked: "Asked", at_us: int, *, is_right: bool) -> str | None:
        """Return what the cookie of a browser holds that is signed in from now on, None where it is refused.

        is_right: what `Asked.is_right` said, on whatever thread: it is slow on purpose.
        """
        with transaction(self.db):
            if asked.found is None or not is_right:
                rows.note_refused(self.db, asked.whos, at_us)
                note(self.db, Change(at_us, "", "refused", asked.told))
                return None
            rows.forget_refused(self.db, asked.whos[0])
            note(self.db, Change(at_us, asked.found[0].name, "signed_in"))
            return rows.begin_session(self.db, asked.found[0], at_us)

    def begin(self, login: Login, at_us: int) -> str:
        """Sign a browser in whose login was just made."""
        with transaction(self.db):
            return rows.begin_session(self.db, login, at_us)

    def of(self, secret: str, at_us: int) -> Login | None:
        """Return who is signed in by a cookie."""
        return rows.login_of_session(self.db, secret, at_us)

    # ---- people ------------------------------------------------------------------------------------------

    def everybody(self) -> list[tuple[Login, bool]]:
        """Return everybody who may sign in, and whether they have set a password."""
        done = rows.has_password(self.db)
        return [(one, one.number in done) for one in rows.all_logins(self.db)]

    def invite(self, new: Login, by: str, at_us: int) -> str:
        """Make a login, and return what stands in the address by which its owner sets a password.

        Raises InputError where something of it is not right, or the address signs in already.
        """
        plain = _new(new.mail, new.name)
        with transaction(self.db):
            if any(one.mail == plain.mail for one in rows.all_logins(self.db)):
                raise InputError(f"{plain.mail} signs in already")
            made = rows.add_login(self.db, replace(new, mail=plain.mail, name=plain.name), None, at_us)
            note(self.db, Change(at_us, by, "login_made", _called(made)))
            return rows.make_link(self.db, made.number, at_us)

    def set_channels(self, number: int, channels: Sequence[str], by: str, at_us: int) -> None:
        """Let an agency see figures of some channels alone. Raises InputError where that is nobody, or no agency."""
        with transaction(self.db):
            known = self._known(number)
            if known.only is None:
                raise InputError(f"{known.name} is no agency: channels are chosen for agencies alone")
            told = ", ".join(channels) or "none"
            note(self.db, Change(at_us, by, "login_channels", f"{_called(known)}: {told}"))
            rows.set_channels(self.db, known.number, channels)

    def new_link(self, number: int, by: str, at_us: int) -> str:
        """Return another address by which somebody sets a password; the one before ends. InputError without them."""
        with transaction(self.db):
            known = self._known(number)
            note(self.db, Change(at_us, by, "login_linked", _called(known)))
            return rows.make_link(self.db, known.number, at_us)

    def forgot(self, asked: "Asked", at_us: int) -> tuple[Login, str] | None:
        """Return who forgot their password, and what stands in the address by which they set another; None for nobody.

        It counts as a try to sign in: nobody is sent mail without end.
        """
        with transaction(self.db):
            rows.note_refused(self.db, asked.whos, at_us)
            # By nobody: anybody can ask for anybody's.
            note(self.db, Change(at_us, "", "password_asked", asked.told))
            if asked.found is None:
                return None
            return asked.found[0], rows.make_link(self.db, asked.found[0].number, at_us)

    def disable(self, number: int, by: Login, at_us: int) -> None:
        """Let somebody sign in no more. Raises InputError of oneself: then nobody might be left to administer."""
        if number == by.number:
            raise InputError("you cannot take yourself out; another administrator can")
        with transaction(self.db):
            known = self._known(number)
            note(self.db, Change(at_us, by.name, "login_disabled", _called(known)))
            rows.disable_login(self.db, known.number, at_us)

    def _known(self, number: int) -> Login:
        found = rows.login_of(self.db, number)
        if found is None:
            raise InputError("nobody like that signs in here")
        return found

    def of_link(self, secret: str, at_us: int) -> Login | None:
        """Return whose address to set a password it is, None where it is used up."""
        return rows.login_of_link(self.db, secret, at_us)

    def choose_password(self, secret: str, password: str, at_us: int) -> str | None:
        """Set the password of a link's owner; return what the cookie of their browser holds, None where it is used up.

        Raises InputError where the password is too short.
        """
        kept = hashed(password)
        with transaction(self.db):
            found = rows.login_of_link(self.db, secret, at_us)
            if found is None:
                return None
            rows.set_password(self.db, found.number, kept)
            note(self.db, Change(at_us, found.name, "password_chosen"))
            return rows.begin_session(self.db, found, at_us)

    def sign_out(self, secret: str) -> None:
        """Sign a browser out."""
        with transaction(self.db):
            rows.end_session(self.db, secret)


def plain_mail(mail: str) -> str:
    """Return an address as logins have it.

    >>> plain_mail("  Ada@Acme.Example ")
    'ada@acme.example'
    """
    return mail.strip().lower()


def hashed(password: str) -> str:
    """Return a password as it is kept. Raises InputError where it is too short, or too long."""
    if not LEAST_LETTERS <= len(password) <= MOST_LETTERS:
        raise InputError(
            f"a password has {LEAST_LETTERS} to {MOST_LETTERS} letters; several words are easy to keep in mind"
        )
    return _HASHER.hash(password)


def _new(mail: str, name: str) -> Login:
    plain, called = plain_mail(mail), one_line(name).strip()
    if not _MAIL.fullmatch(plain):
        raise InputError(f'"{one_line(mail)[:80]}" is no mail address')
    if not 0 < len(called) <= LONGEST_NAME:
        raise InputError(f"a name has 1 to {LONGEST_NAME} letters")
    return Login(0, plain, called, "read_only")


def _called(login: Login) -> str:
    return f"{login.name} ({login.mail}), {login.role.replace('_', ' ')}"


def _veiled(mail: str) -> str:
    """Return an address that is none of ours as it is noted: it may be somebody's, or a password at the wrong place.

    >>> _veiled("eve@acme.example"), _veiled("correct horse battery")
    ('e…@acme.example', 'what is no address')
    """
    return f"{mail[0]}…@{mail.partition('@')[2]}" if _MAIL.fullmatch(mail) else "what is no address"


@cache
def _nobodys() -> str:
    """Return what is compared with where nobody signs in by an address, so that it takes as long."""
    return _HASHER.hash("nobody signs in with this")
