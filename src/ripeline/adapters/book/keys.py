"""Write keys and API tokens: web keys are public and kept as they are, all else as hashes."""

import json
import secrets
import sqlite3
from hashlib import sha256
from math import inf
from time import monotonic
from typing import Any

from ripeline.ports.intake import Token, WriteKey
from ripeline.vocabulary.access import NewKey, NewToken
from ripeline.vocabulary.issues import InputError

STALE_S, NEW_S = 5.0, 0.2
"""How old the known keys may be; and where a key is not among them."""

PREFIXES = {"web": "rlw_", "server": "rls_", "token": "rlt_"}


def create_write_key(db: sqlite3.Connection, new: NewKey, at_us: int) -> str:
    """Make a write key, inside a transaction, and return it; a server key cannot be shown again."""
    secret = _new_secret(new.kind)
    kept = secret if new.kind == "web" else _hashed(secret)
    row = (new.kind, new.source, kept, json.dumps(list(new.origins)), at_us)
    db.execute("INSERT INTO write_keys (kind, source, secret, origins, created_us) VALUES (?, ?, ?, ?, ?)", row)
    return secret


def write_keys(db: sqlite3.Connection) -> dict[str, WriteKey]:
    """Return the keys in use by their secret (web) or its hash (server)."""
    rows = db.execute("SELECT secret, key_id, kind, source, origins FROM write_keys WHERE revoked_us IS NULL")
    return {secret: _key(*row) for secret, *row in rows}


def all_keys(db: sqlite3.Connection) -> dict[int, WriteKey]:
    """Return all keys there ever were by their number, those out of use too."""
    rows = db.execute("SELECT key_id, kind, source, origins FROM write_keys")
    return {key.id: key for key in (_key(*row) for row in rows)}


def _key(key_id: int, kind: str, source: str, origins: str) -> WriteKey:
    return WriteKey(key_id, kind, source, tuple(json.loads(origins)))


def listed_keys(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return the keys in use as plain records; the secret of a server key is None."""
    query = (
        "SELECT key_id, kind, source, iif(kind = 'web', secret, NULL), origins, created_us, last_us FROM write_keys "
        "WHERE revoked_us IS NULL ORDER BY key_id"
    )
    names = ("id", "kind", "source", "key", "origins", "created_us", "last_us")
    found = (dict(zip(names, row, strict=True)) for row in db.execute(query))
    return [{**one, "origins": json.loads(one["origins"])} for one in found]


class KeyRing:
    """The write keys in use, looked at anew every few seconds."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Take the book's connection."""
        self._db, self._known, self._read_at = db, write_keys(db), monotonic()

    def forget(self) -> None:
        """Look at the keys anew when one is shown next: one was made here, or taken back."""
        self._read_at = -inf

    def find(self, shown: str) -> WriteKey | None:
        """Return the key that a client shows."""
        age_s = monotonic() - self._read_at
        found = self._known.get(shown) or self._known.get(_hashed(shown))
        if age_s > STALE_S or (found is None and age_s > NEW_S):
            self._known, self._read_at = write_keys(self._db), monotonic()
            found = self._known.get(shown) or self._known.get(_hashed(shown))
        return found


def create_token(db: sqlite3.Connection, new: NewToken, at_us: int) -> str:
    """Make an API token, inside a transaction, and return it; it cannot be shown again."""
    secret = _new_secret("token")
    row = (new.name, _hashed(secret), json.dumps(sorted(new.scopes)), at_us, new.person)
    db.execute("INSERT INTO tokens (name, secret, scopes, created_us, person) VALUES (?, ?, ?, ?, ?)", row)
    return secret


def token_of(db: sqlite3.Connection, shown: str) -> Token:
    """Return what a token allows, nothing where it is not known."""
    query = "SELECT name, scopes, person FROM tokens WHERE secret = ? AND revoked_us IS NULL"
    row = db.execute(query, (_hashed(shown),)).fetchone()
    return Token() if row is None else Token(row[0], frozenset(json.loads(row[1])), row[2])


def revoke_write_key(db: sqlite3.Connection, key_id: int, at_us: int) -> None:
    """Take a key out of use, inside a transaction, or raise InputError where there is none."""
    query = "UPDATE write_keys SET revoked_us = ? WHERE key_id = ? AND revoked_us IS NULL"
    if not db.execute(query, (at_us, key_id)).rowcount:
        raise InputError(f"there is no key {key_id} in use; list them with: ripeline keys list")


def listed_tokens(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return the tokens in use as plain records; the tokens themselves cannot be shown."""
    rows = db.execute(
        "SELECT token_id, name, scopes, created_us, person FROM tokens WHERE revoked_us IS NULL ORDER BY token_id"
    )
    return [
        {"id": number, "name": name, "scopes": json.loads(scopes), "created_us": created_us, "person": person}
        for number, name, scopes, created_us, person in rows
    ]


def revoke_token(db: sqlite3.Connection, token_id: int, at_us: int) -> None:
    """Take a token out of use, inside a transaction, or raise InputError where there is none."""
    query = "UPDATE tokens SET revoked_us = ? WHERE token_id = ? AND revoked_us IS NULL"
    if not db.execute(query, (at_us, token_id)).rowcount:
        raise InputError(f"there is no token {token_id} in use; list them with: ripeline tokens list")


def _new_secret(kind: str) -> str:
    return PREFIXES[kind] + secrets.token_urlsafe(24)


def _hashed(secret: str) -> str:
    # A random key of 24 bytes cannot be guessed, so it needs no slow hash.
    return "sha256:" + sha256(secret.encode()).hexdigest()
