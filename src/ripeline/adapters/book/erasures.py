"""Who was erased: tombstones, and one row that says when and why."""

import json
import secrets
import sqlite3
from collections.abc import Iterator, Sequence

from ripeline.intake.erased import ERASED, Tombstone, Tombstones
from ripeline.ports.erasures import Erasure
from ripeline.ports.intake import BY_HAND
from ripeline.vocabulary.issues import InputError

_MAKE_ONE = "INSERT INTO tombstone_secret SELECT ? WHERE NOT EXISTS (SELECT 1 FROM tombstone_secret)"


def tombstones(db: sqlite3.Connection) -> Tombstones:
    """Return who was erased; none of it names anybody."""
    row = db.execute("SELECT secret FROM tombstone_secret").fetchone()
    if row is None:
        return Tombstones()
    stones = db.execute("SELECT kind, hash, from_us, until_us, removed FROM tombstones ORDER BY kind, hash, from_us")
    return Tombstones(
        row[0],
        [Tombstone(kind, hash_, since, until, bool(gone)) for kind, hash_, since, until, gone in stones.fetchall()],
    )


def make_secret(db: sqlite3.Connection) -> None:
    """Make the secret that tombstones are hashed with, where there is none yet."""
    db.execute(_MAKE_ONE, (secrets.token_hex(32),))


def generation(db: sqlite3.Connection) -> int:
    """Return how many erasures there were."""
    return int(db.execute("SELECT coalesce(max(number), 0) FROM erasures").fetchone()[0])


def erasures(db: sqlite3.Connection) -> list[Erasure]:
    """Return all erasures, the youngest first."""
    rows = db.execute(
        "SELECT number, at_us, reason, removed, manifest, position, by FROM erasures ORDER BY number DESC"
    )
    return [
        Erasure(number, at_us, reason, json.loads(removed), manifest, position, by)
        for number, at_us, reason, removed, manifest, position, by in rows.fetchall()
    ]


def adopt_secret(db: sqlite3.Connection, secret: str) -> None:
    """Hash with another book's secret, or raise InputError where this book has one of its own."""
    db.execute(_MAKE_ONE, (secret,))
    if db.execute("SELECT secret FROM tombstone_secret").fetchone() != (secret,):
        raise InputError("people were erased in both, and they are not the same workspace")


def note_backup(db: sqlite3.Connection, file: str, at_us: int) -> None:
    """Remember where a backup was written to."""
    db.execute("INSERT OR REPLACE INTO backups VALUES (?, ?)", (file, at_us))


def backups_before(db: sqlite3.Connection, at_us: int) -> list[str]:
    """Return the files of backups that were written until an instant."""
    rows = db.execute("SELECT file FROM backups WHERE at_us <= ? ORDER BY at_us, file", (at_us,))
    return [file for (file,) in rows.fetchall()]


def outlived_by(db: sqlite3.Connection, manifest: int) -> list[str]:
    """Return the paths of files that a manifest, or one before it, was the first not to name."""
    query = "SELECT path FROM files WHERE until_manifest <= ? ORDER BY file_id"
    return [path for (path,) in db.execute(query, (manifest,)).fetchall()]


def failed_of(db: sqlite3.Connection, stones: Tombstones) -> Iterator[int]:
    """Yield the numbers of failed events that name somebody who was erased."""
    for failed_id, event, received_us in db.execute("SELECT failed_id, event, received_us FROM failed_events"):
        if event and stones.named_in(event, received_us):
            yield failed_id


def note_erased(db: sqlite3.Connection, stones: Tombstones, new: Erasure) -> int:
    """Write an erasure down, inside the transaction that makes its manifest; return the position it holds from.

    The row in the inbox says nothing: whoever reads as far as there sees the manifest, and begins with its files.
    """
    done = db.execute(
        "INSERT INTO inbox (received_us, key_id, kind, retried, body) VALUES (?, ?, ?, 0, x'')",
        (new.at_us, BY_HAND, ERASED),
    )
    position = int(done.lastrowid or 0)
    rows = [(one.kind, one.hash, one.from_us, one.until_us, one.removed) for one in stones.stones]
    db.executemany("INSERT OR IGNORE INTO tombstones VALUES (?, ?, ?, ?, ?)", rows)
    told = (new.at_us, new.reason, json.dumps(dict(new.removed)), new.manifest, position, new.by)
    db.execute("INSERT INTO erasures (at_us, reason, removed, manifest, position, by) VALUES (?, ?, ?, ?, ?, ?)", told)
    return position


def remove_failed(db: sqlite3.Connection, failed_ids: Sequence[int]) -> None:
    """Remove failed events."""
    db.executemany("DELETE FROM failed_events WHERE failed_id = ?", [(one,) for one in failed_ids])


def remove_stages(db: sqlite3.Connection, stones: Tombstones) -> None:
    """Remove moves, handoffs, tasks, proposals and holds of leads that are shown by an erased name."""
    tables = ("stage_log", "handoffs", "tasks", "removals", "removal_holds")
    known = db.execute(" UNION ".join(f"SELECT lead FROM {table}" for table in tables)).fetchall()
    leads = [(lead,) for (lead,) in known if stones.is_name(lead)]
    for table in ("handoff_log", "assignments"):
        query = f"DELETE FROM {table} WHERE number IN (SELECT number FROM handoffs WHERE lead = ?)"
        db.executemany(query, leads)
    for table in tables:
        db.executemany(f"DELETE FROM {table} WHERE lead = ?", leads)


def messages_of(db: sqlite3.Connection, stones: Tombstones) -> Iterator[int]:
    """Yield the numbers of messages that are about somebody who was erased, go to them, or name them."""
    for number, about, destination, body, made_us in db.execute(
        "SELECT number, about, destination, body, made_us FROM outbox"
    ):
        if stones.is_name(about, made_us) or stones.is_name(destination, made_us) or stones.named_in(body, made_us):
            yield number


def remove_messages(db: sqlite3.Connection, numbers: Sequence[int], stones: Tombstones) -> None:
    """Remove messages with their attempts, and how many were told of leads that are shown by an erased name."""
    for number in numbers:
        db.execute("DELETE FROM attempts WHERE message = ?", (number,))
        db.execute("DELETE FROM outbox WHERE number = ?", (number,))
    leads = [lead for (lead,) in db.execute("SELECT lead FROM message_sequences") if stones.is_name(lead)]
    db.executemany("DELETE FROM message_sequences WHERE lead = ?", [(lead,) for lead in leads])


def overwrite(db: sqlite3.Connection) -> bool:
    """Leave nothing of what was deleted in the book's files; say whether that was possible just now.

    The book is written anew, since a page may keep what was moved to another one; and so is its log.
    """
    try:
        db.execute("VACUUM")
        (busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:  # somebody is at work on it for long, or there is no room
        return False
    return not busy
