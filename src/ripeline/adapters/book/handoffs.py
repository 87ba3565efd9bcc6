"""Handoffs: one row each, changed in place, with a log of every step beside it."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from ripeline.adapters.book.sqlite import MOST_NUMBERED
from ripeline.adapters.book.stage_log import chosen, stretches
from ripeline.handoff.report import Handled, strongest
from ripeline.handoff.routing import Load
from ripeline.ports.handoffs import HandoffsAsked, Release, Touch
from ripeline.vocabulary.handoffs import ACCEPTED, HELD, LIVE, OPEN, WAITING, WITHDRAWN, Handoff, Need, Step
from ripeline.vocabulary.people import Name

_PLAIN = tuple(one.name for one in fields(Handoff) if one.name not in {"lead", "found", "lapsed", "flags", "number"})
_COLUMNS = ("kind", "lead", *_PLAIN, "found", "lapsed", "flags")
_SELECT = f"SELECT {', '.join(_COLUMNS)}, number FROM handoffs"
_BEST_FIRST = "ORDER BY hand_raise IS NULL, engagement DESC, number"
_TO_BE_SEEN = "(waits_until_us IS NULL OR waits_until_us <= ?)"
_INSERT = f"INSERT INTO handoffs ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_UPDATE = f"UPDATE handoffs SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE number = ?"


def add_handoff(db: sqlite3.Connection, new: Handoff) -> Handoff:
    """Write a new handoff down, inside a transaction; return it with its number."""
    return replace(new, number=int(db.execute(_INSERT, _row(new)).lastrowid or 0))


def change_handoff(db: sqlite3.Connection, changed: Handoff) -> None:
    """Write down what became of a handoff, inside a transaction."""
    db.execute(_UPDATE, (*_row(changed), changed.number))


def handoff_of(db: sqlite3.Connection, number: int) -> Handoff | None:
    """Return a handoff by its number."""
    row = db.execute(f"{_SELECT} WHERE number = ?", (min(number, MOST_NUMBERED),)).fetchone()
    return None if row is None else _handoff(row)


def handoffs_of(db: sqlite3.Connection, definition: str, names: Iterable[Name]) -> list[Handoff]:
    """Return all handoffs that were ever made of some names, the oldest first."""
    wanted = set(names)
    found = list[Handoff]()
    for values in stretches(wanted):
        places = ", ".join("?" * len(values))
        rows = db.execute(f"{_SELECT} WHERE definition = ? AND lead IN ({places})", (definition, *values))
        found += [one for one in map(_handoff, rows) if one.lead in wanted]
    return sorted(found, key=lambda one: one.number)


def handoffs_where(
    db: sqlite3.Connection, asked: HandoffsAsked, names: Iterable[Name] | None = None
) -> tuple[int, list[Handoff]]:
    """Return how many handoffs are asked for, of some names or of everybody, and a page of them.

    What is due comes first, then the youngest; where they are asked for by when they were over, what was last.
    """
    condition, values = chosen(asked.equal, asked.states, names)
    by, order = "", "accept_due_us IS NULL, accept_due_us, number DESC"
    if asked.closed_since_us is not None:
        condition, order = f"{condition} AND closed_us >= {asked.closed_since_us:d}", "closed_us DESC, number DESC"
        by = "INDEXED BY handoffs_closed"  # by their states nearly all would be read
    (total,) = db.execute(f"SELECT count(*) FROM handoffs {by} WHERE {condition}", values).fetchone()
    query = f"{_SELECT} {by} WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?"
    return int(total), [_handoff(row) for row in db.execute(query, (*values, asked.limit, asked.offset))]


def due_handoffs(db: sqlite3.Connection, at_us: int, most: int) -> list[Handoff]:
    """Return handoffs whose clock has something to do by an instant, the first first."""
    query = f"{_SELECT} WHERE next_us <= ? ORDER BY next_us, number LIMIT ?"
    return [_handoff(row) for row in db.execute(query, (at_us, most))]


def waiting_handoffs(db: sqlite3.Connection, most: int, at_us: int) -> list[Handoff]:
    """Return handoffs to be given out: raised hands first, then the best, then the oldest.

    Those are left out whose leads may not be contacted yet, or whom nobody can take yet: they stand in nobody's way.
    """
    query = f"{_SELECT} WHERE state = ? AND {_TO_BE_SEEN} {_BEST_FIRST} LIMIT ?"
    return [_handoff(row) for row in db.execute(query, (WAITING, at_us, most))]


def held_handoffs(db: sqlite3.Connection, definition: str, most: int, at_us: int) -> list[Handoff]:
    """Return handoffs of a definition that are held back and may be released, in the same order."""
    query = f"{_SELECT} WHERE state = ? AND {_TO_BE_SEEN} AND definition = ? {_BEST_FIRST} LIMIT ?"
    return [_handoff(row) for row in db.execute(query, (HELD, at_us, definition, most))]


def see_again(db: sqlite3.Connection, definition: str | None = None) -> None:
    """Have all handoffs looked at again that nobody has, of a definition or of all."""
    query = "UPDATE handoffs SET waits_until_us = NULL WHERE waits_until_us IS NOT NULL AND definition = ifnull(?, definition)"
    db.execute(query, (definition,))


def see_account_again(db: sqlite3.Connection, account: str) -> None:
    """Have the handoffs of an account looked at again that nobody has, inside a transaction."""
    query = "UPDATE handoffs SET waits_until_us = NULL WHERE account = ? AND waits_until_us IS NOT NULL"
    db.execute(query, (account,))


def to_be_seen(db: sqlite3.Connection, at_us: int) -> int:
    """Return how many handoffs that wait are to be looked at."""
    query = f"SELECT count(*) FROM handoffs WHERE state IN (?, ?) AND {_TO_BE_SEEN}"
    return int(db.execute(query, (WAITING, HELD, at_us)).fetchone()[0])


def unanswered_among(db: sqlite3.Connection, leads: Iterable[str]) -> set[str]:
    """Return those of some leads, by the names they are shown by, whom nobody was given yet."""
    query = "SELECT lead FROM handoffs WHERE state IN (?, ?) AND lead IN (SELECT value FROM json_each(?))"
    return {lead for (lead,) in db.execute(query, (WAITING, HELD, json.dumps(list(leads))))}


def owners(db: sqlite3.Connection) -> list[str]:
    """Return everybody who has a handoff to answer or to work."""
    query = "SELECT DISTINCT owner FROM handoffs WHERE state IN (?, ?) ORDER BY owner"
    return [owner for (owner,) in db.execute(query, (OPEN, ACCEPTED))]


def owned_by(db: sqlite3.Connection, owner: str) -> list[Handoff]:
    """Return the handoffs that somebody has to answer or to work, the oldest first."""
    query = f"{_SELECT} WHERE state IN (?, ?) AND owner = ? ORDER BY number"
    return [_handoff(row) for row in db.execute(query, (OPEN, ACCEPTED, owner))]


def touches(db: sqlite3.Connection, names: Iterable[Name], since_us: int) -> list[Touch]:
    """Return when salespeople were in touch with some names, under any definition, or took them on.

    A handoff that was accepted counts so until somebody was in touch, which takes its place.
    """
    found = list[Touch]()
    for values in stretches(names):
        places = ", ".join("?" * len(values))
        query = (
            "SELECT kind, lead, made_us, l.at_us FROM handoffs h JOIN handoff_log l USING (number) "
            f"WHERE lead IN ({places}) AND l.at_us > ? AND (what = 'touch' OR (what = 'accept' AND NOT EXISTS "
            "(SELECT 1 FROM handoff_log t WHERE t.number = h.number AND t.what = 'touch')))"
        )
        rows = db.execute(query, (*values, since_us))
        found += [Touch(Name(kind, lead), made_us, at_us) for kind, lead, made_us, at_us in rows]
    return sorted(found, key=lambda one: one.at_us)


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many handoffs there are in each state."""
    return dict(db.execute("SELECT state, count(*) FROM handoffs GROUP BY state").fetchall())


def held_count(db: sqlite3.Connection, definition: str) -> int:
    """Return how many handoffs of a definition are held back."""
    query = "SELECT count(*) FROM handoffs WHERE state = ? AND definition = ?"
    return int(db.execute(query, (HELD, definition)).fetchone()[0])


def releases(db: sqlite3.Connection) -> dict[str, Release]:
    """Return what may leave of the handoffs that are held back, by definition."""
    rows = db.execute("SELECT definition, per_day, at_us, by FROM releases")
    return {definition: Release(*told) for definition, *told in rows}


def note_release(db: sqlite3.Connection, definition: str, release: Release) -> None:
    """Say how many held handoffs of a definition leave a day from now on."""
    row = (definition, release.per_day, release.at_us, release.by)
    db.execute("INSERT OR REPLACE INTO releases VALUES (?, ?, ?, ?)", row)


def released_since(db: sqlite3.Connection, definition: str, since_us: int) -> int:
    """Return how many held handoffs of a definition left since an instant."""
    query = (
        "SELECT count(*) FROM handoff_log JOIN handoffs USING (number) "
        "WHERE definition = ? AND what = 'released' AND at_us >= ?"
    )
    return int(db.execute(query, (definition, since_us)).fetchone()[0])


def owner_of_account(db: sqlite3.Connection, account: str) -> str | None:
    """Return who was given the last handoff of an account, None where nobody was."""
    query = "SELECT owner FROM handoffs WHERE account = ? AND owner IS NOT NULL ORDER BY number DESC LIMIT 1"
    row = db.execute(query, (account,)).fetchone()
    return None if row is None else row[0]


def live_of_account(db: sqlite3.Connection, definition: str, account: str) -> list[int]:
    """Return the numbers of an account's handoffs that are not over."""
    states = sorted(LIVE)
    query = f"SELECT number FROM handoffs WHERE definition = ? AND account = ? AND state IN ({', '.join('?' * len(states))})"
    return [number for (number,) in db.execute(query, (definition, account, *states))]


def live_of(db: sqlite3.Connection) -> list[Handoff]:
    """Return all handoffs that are not over."""
    states = sorted(LIVE)
    query = f"{_SELECT} WHERE state IN ({', '.join('?' * len(states))}) ORDER BY number"
    return [_handoff(row) for row in db.execute(query, states)]


def add_step(db: sqlite3.Connection, step: Step) -> None:
    """Add a line to a handoff's log, inside a transaction."""
    row = (step.number, step.at_us, step.what, step.by, step.why)
    db.execute("INSERT INTO handoff_log (number, at_us, what, by, why) VALUES (?, ?, ?, ?, ?)", row)


def was_noted(db: sqlite3.Connection, number: int, why: str) -> bool:
    """Say whether a handoff's log tells something already, since it was given to its owner."""
    given = "SELECT max(entry) FROM handoff_log WHERE number = ?1 AND what IN ('assigned', 'reassigned')"
    query = (
        f"SELECT EXISTS (SELECT 1 FROM handoff_log WHERE number = ?1 AND why = ?2 AND entry > coalesce(({given}), 0))"
    )
    return bool(db.execute(query, (number, why)).fetchone()[0])


def steps_of(db: sqlite3.Connection, number: int) -> list[Step]:
    """Return what happened to a handoff, in order."""
    query = "SELECT number, at_us, what, by, why FROM handoff_log WHERE number = ? ORDER BY entry"
    return [Step(*row) for row in db.execute(query, (min(number, MOST_NUMBERED),))]


def note_given(db: sqlite3.Connection, one: Handoff, at_us: int, turn: int | None) -> None:
    """Count a handoff for who was given it, and what was taken of the team's turns, inside a transaction."""
    db.execute("INSERT INTO assignments VALUES (?, ?, ?, ?, ?)", (one.number, one.owner, at_us, one.team, turn))


def last_owner(db: sqlite3.Connection, number: int) -> str | None:
    """Return who was given a handoff last, None where nobody was."""
    query = "SELECT owner FROM assignments WHERE number = ? ORDER BY rowid DESC LIMIT 1"
    row = db.execute(query, (number,)).fetchone()
    return None if row is None else str(row[0])


def given(db: sqlite3.Connection, owner: str, teams: Iterable[str], since_us: int) -> Load:
    """Return what somebody was given: since an instant, the last turns in some teams, and when last."""
    return load_of(db, "assignments", "at_us", (owner, teams, since_us))


def load_of(db: sqlite3.Connection, table: str, instant: str, asked: tuple[str, Iterable[str], int]) -> Load:
    """Return what a table says that somebody was given.

    instant: its column of when. asked: who, in which teams, and since when. Each number is found in an index, so that
    it takes no longer after years.
    """
    owner, teams, since_us = asked
    (count,) = db.execute(
        f"SELECT count(*) FROM {table} WHERE owner = ? AND {instant} >= ?", (owner, since_us)
    ).fetchone()
    (last_us,) = db.execute(
        f"SELECT max({instant}) FROM {table} WHERE owner = ? AND {instant} IS NOT NULL", (owner,)
    ).fetchone()
    query = f"SELECT max(turn) FROM {table} WHERE owner = ? AND team = ?"
    turns = ((team, db.execute(query, (owner, team)).fetchone()[0]) for team in teams)
    return Load(int(count), {team: turn for team, turn in turns if turn is not None}, last_us)


def handled(db: sqlite3.Connection, from_us: int, until_us: int) -> Iterator[Handled]:
    """Yield the handoffs that were first given to somebody, or taken, between two instants, both included."""
    taken = "CASE WHEN state NOT IN (?, ?, ?) THEN coalesce(accepted_us, closed_us) END"
    query = (
        f"SELECT {', '.join(_COLUMNS)}, number, coalesce(first_us, {taken}) AS began_us, times, breached, {_INTEREST} "
        f"FROM handoffs LEFT JOIN ({_TOLD}) USING (number) WHERE began_us BETWEEN ? AND ? ORDER BY number"
    )
    for *row, began_us, times, breached, interest in db.execute(query, (HELD, WAITING, WITHDRAWN, from_us, until_us)):
        one = _handoff(row)
        signal = one.hand_raise or strongest(json.loads(interest or "[]"))
        yield Handled(one, began_us, times or 0, bool(breached), signal)


_TOLD = (
    "SELECT number, min(CASE WHEN what = 'assigned' THEN at_us END) AS first_us, "
    "sum(what IN ('assigned', 'reassigned')) AS times, max(what IN ('breached', 'touch_breached')) AS breached "
    "FROM handoff_log GROUP BY number"
)
_INTEREST = (
    "(SELECT engagement FROM stage_log s WHERE s.lead = handoffs.lead AND s.definition = handoffs.definition "
    "AND s.kind = handoffs.kind AND s.at_us <= handoffs.made_us ORDER BY s.number DESC LIMIT 1)"
)
"""The lines of the interest by which the lead stood there, when the handoff was made."""


def leads_given(db: sqlite3.Connection, from_us: int, until_us: int) -> set[Name]:
    """Return whose handoffs `handled` yields."""
    return {one.handoff.lead for one in handled(db, from_us, until_us)}


def ungiven(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many handoffs nobody has yet: held back, and waiting for somebody who may have them."""
    rows = db.execute("SELECT state, count(*) FROM handoffs WHERE state IN (?, ?) GROUP BY state", (HELD, WAITING))
    return {HELD: 0, WAITING: 0} | dict(rows.fetchall())


def leads_ungiven(db: sqlite3.Connection) -> list[tuple[Name, str]]:
    """Return whose those are, and how they stand."""
    rows = db.execute("SELECT kind, lead, state FROM handoffs WHERE state IN (?, ?)", (HELD, WAITING))
    return [(Name(kind, lead), state) for kind, lead, state in rows]


def _row(one: Handoff) -> tuple[object, ...]:
    plain = (getattr(one, name) for name in _PLAIN)
    told = (json.dumps(asdict(one.found)), json.dumps(one.lapsed), json.dumps(one.flags))
    return (one.lead.kind, one.lead.value, *plain, *told)


def _handoff(row: Sequence[Any]) -> Handoff:
    kind, lead, *plain, found, lapsed, flags, number = row
    return Handoff(
        lead=Name(kind, lead),
        found=Need(**json.loads(found)),
        lapsed=tuple(json.loads(lapsed)),
        flags=tuple(json.loads(flags)),
        number=number,
        **dict(zip(_PLAIN, plain, strict=True)),
    )
