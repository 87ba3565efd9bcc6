"""Logins, the browsers that are signed in, and tries that were refused."""

import json
import secrets
import sqlite3
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from ripeline.vocabulary.calendar import DAY_US, SECOND_US
from ripeline.vocabulary.logins import Login, Role

IDLE_US: Final = 12 * 3_600 * SECOND_US
LONGEST_US: Final = 14 * DAY_US
"""A browser is signed out after so long without use, and after so long at all."""

SEEN_EVERY_US: Final = 300 * SECOND_US
LINK_LASTS_US: Final = 7 * DAY_US
COUNTS_US: Final = 900 * SECOND_US
"""For so long a refused try counts."""

_LOGIN: Final = "number, mail, name, role, person, sources"
"""The column `sources` holds channels: it was called so before anybody used it."""


def count_logins(db: sqlite3.Connection) -> int:
    """Return how many logins there ever were."""
    return int(db.execute("SELECT count(*) FROM logins").fetchone()[0])


def add_login(db: sqlite3.Connection, new: Login, password: str | None, at_us: int) -> Login:
    """Write a new login down, inside a transaction; return it with its number. password: a hash."""
    row = (new.mail, new.name, new.role, new.person, json.dumps(new.channels), password, at_us)
    done = db.execute(
        "INSERT INTO logins (mail, name, role, person, sources, password, made_us) VALUES (?, ?, ?, ?, ?, ?, ?)", row
    )
    return Login(int(done.lastrowid or 0), new.mail, new.name, new.role, new.person, new.channels)


def login_by_mail(db: sqlite3.Connection, mail: str) -> tuple[Login, str] | None:
    """Return who signs in by an address, with the hash of their password; None where nobody may."""
    query = f"SELECT {_LOGIN}, password FROM logins WHERE mail = ? AND disabled_us IS NULL AND password IS NOT NULL"
    row = db.execute(query, (mail,)).fetchone()
    return None if row is None else (_login(row[:-1]), row[-1])


def all_logins(db: sqlite3.Connection) -> list[Login]:
    """Return everybody who may sign in, in order of their names."""
    rows = db.execute(f"SELECT {_LOGIN} FROM logins WHERE disabled_us IS NULL ORDER BY name, number")
    return [_login(row) for row in rows]


def _login(row: tuple[int, str, str, Role, str | None, str]) -> Login:
    number, mail, name, role, person, channels = row
    return Login(number, mail, name, role, person, tuple(json.loads(channels)))


def login_of(db: sqlite3.Connection, number: int) -> Login | None:
    """Return a login by its number, None where there is none, or it is disabled."""
    row = db.execute(f"SELECT {_LOGIN} FROM logins WHERE number = ? AND disabled_us IS NULL", (number,)).fetchone()
    return None if row is None else _login(row)


def has_password(db: sqlite3.Connection) -> set[int]:
    """Return the numbers of everybody who has set a password."""
    return {number for (number,) in db.execute("SELECT number FROM logins WHERE password IS NOT NULL")}


def set_channels(db: sqlite3.Connection, number: int, channels: Sequence[str]) -> None:
    """Let an agency see figures of some channels from now on, inside a transaction."""
    db.execute("UPDATE logins SET sources = ? WHERE number = ?", (json.dumps(channels), number))


def disable_login(db: sqlite3.Connection, number: int, at_us: int) -> None:
    """Let somebody sign in no more, and sign them out everywhere, inside a transaction."""
    db.execute("UPDATE logins SET disabled_us = ?, mail = mail || ' ' || number WHERE number = ?", (at_us, number))
    db.execute("DELETE FROM login_links WHERE login = ?", (number,))
    end_sessions_of(db, number)


# ---- links to set a password -------------------------------------------------------------------------------


def make_link(db: sqlite3.Connection, login: int, at_us: int) -> str:
    """Return what stands in an address by which somebody sets a password, inside a transaction; an earlier one ends."""
    secret = secrets.token_urlsafe(32)
    db.execute("INSERT OR REPLACE INTO login_links VALUES (?, ?, ?)", (_hashed(secret), login, at_us))
    return secret


def login_of_link(db: sqlite3.Connection, secret: str, at_us: int) -> Login | None:
    """Return whose link it is, None where it was used, or is too old."""
    query = (
        f"SELECT {_LOGIN} FROM login_links JOIN logins ON number = login "
        "WHERE secret = ? AND login_links.made_us >= ? AND disabled_us IS NULL"
    )
    row = db.execute(query, (_hashed(secret), at_us - LINK_LASTS_US)).fetchone()
    return None if row is None else _login(row)


def set_password(db: sqlite3.Connection, login: int, password: str) -> None:
    """Keep a password's hash, use up the link, and sign out everywhere, inside a transaction."""
    db.execute("UPDATE logins SET password = ? WHERE number = ?", (password, login))
    db.execute("DELETE FROM login_links WHERE login = ?", (login,))
    end_sessions_of(db, login)


# ---- browsers ----------------------------------------------------------------------------------------------


def begin_session(db: sqlite3.Connection, login: Login, at_us: int) -> str:
    """Sign a browser in, inside a transaction; return what its cookie holds. Sessions that are over are forgotten."""
    secret = secrets.token_urlsafe(32)
    db.execute("DELETE FROM sessions WHERE seen_us < ? OR made_us < ?", (at_us - IDLE_US, at_us - LONGEST_US))
    db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", (_hashed(secret), login.number, at_us, at_us))
    return secret


def login_of_session(db: sqlite3.Connection, secret: str, at_us: int) -> Login | None:
    """Return whose browser it is, None where it is not signed in any more; note that it was seen."""
    query = (
        f"SELECT {_LOGIN}, seen_us FROM sessions JOIN logins ON number = login "
        "WHERE secret = ? AND seen_us >= ? AND sessions.made_us >= ? AND disabled_us IS NULL"
    )
    row = db.execute(query, (_hashed(secret), at_us - IDLE_US, at_us - LONGEST_US)).fetchone()
    if row is None:
        return None
    if row[-1] <= at_us - SEEN_EVERY_US:
        with db:
            db.execute("UPDATE sessions SET seen_us = ? WHERE secret = ?", (at_us, _hashed(secret)))
    return _login(row[:-1])


def end_session(db: sqlite3.Connection, secret: str) -> None:
    """Sign a browser out, inside a transaction."""
    db.execute("DELETE FROM sessions WHERE secret = ?", (_hashed(secret),))


def end_sessions_of(db: sqlite3.Connection, login: int) -> None:
    """Sign somebody out of all browsers, inside a transaction."""
    db.execute("DELETE FROM sessions WHERE login = ?", (login,))


# ---- refused tries -----------------------------------------------------------------------------------------


def refused_since(db: sqlite3.Connection, who: str, at_us: int) -> list[int]:
    """Return when tries of an address, or from somewhere, were refused that still count, the first first."""
    rows = db.execute(
        "SELECT at_us FROM refused_sign_ins WHERE who = ? AND at_us > ? ORDER BY at_us", (who, at_us - COUNTS_US)
    )
    return [at for (at,) in rows]


def note_refused(db: sqlite3.Connection, whos: tuple[str, ...], at_us: int) -> None:
    """Note a refused try, inside a transaction; those that count no more are forgotten."""
    db.execute("DELETE FROM refused_sign_ins WHERE at_us <= ?", (at_us - COUNTS_US,))
    db.executemany("INSERT INTO refused_sign_ins VALUES (?, ?)", [(who, at_us) for who in whos])


def forget_refused(db: sqlite3.Connection, who: str) -> None:
    """Forget the refused tries of an address: it signed in, inside a transaction."""
    db.execute("DELETE FROM refused_sign_ins WHERE who = ?", (who,))


def _hashed(secret: str) -> str:
    # A random secret of 32 bytes cannot be guessed, so it needs no slow hash.
    return "sha256:" + sha256(secret.encode()).hexdigest()
