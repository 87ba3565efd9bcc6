"""The book as stages and handoffs need it, over one connection."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager

from ripeline.adapters.book import handoffs as rows
from ripeline.adapters.book.inbox import insert
from ripeline.adapters.book.nurtured import SqliteNurtured
from ripeline.adapters.book.removals import SqliteRemovals
from ripeline.adapters.book.sqlite import transaction
from ripeline.adapters.book.stage_log import add_line, lines_of
from ripeline.adapters.book.tasks import SqliteTasks
from ripeline.handoff.routing import Load
from ripeline.intake.dispositions import DISPOSITIONS, Disposition, read_dispositions, written_dispositions
from ripeline.intake.outcomes import OUTCOMES, Outcome, written_outcomes
from ripeline.ports.handoffs import Advanced, Release, Touch
from ripeline.ports.history import COMPACTION
from ripeline.ports.intake import BY_HAND, Request
from ripeline.vocabulary import tasks
from ripeline.vocabulary.handoffs import CLOCK, LIVE, Handoff, Step
from ripeline.vocabulary.happenings import Happening
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.stages import StageChange

Announce = Callable[[sqlite3.Connection, Sequence[Happening]], None]
"""Promises the outside to be told, inside the transaction that is under way."""


class Board:
    """Stages, handoffs and tasks of one workspace."""

    def __init__(self, db: sqlite3.Connection, announce: Announce) -> None:
        """Take the book's connection, and who promises what to the outside."""
        self.db, self._announce = db, announce
        self.tasks = SqliteTasks(db)
        self.nurtured = SqliteNurtured(db)
        self.removals = SqliteRemovals(db)

    def writing(self) -> AbstractContextManager[None]:
        """Hold the book alone; commit at the end, or nothing where an error leaves."""
        return transaction(self.db)

    def advanced(self, definition: str) -> Advanced | None:
        """Return how far a definition's leads were moved, None where they never were."""
        query = "SELECT fingerprint, manifest, position, at_us FROM advanced WHERE definition = ?"
        row = self.db.execute(query, (definition,)).fetchone()
        return None if row is None else Advanced(*row)

    def note_advanced(self, definition: str, done: Advanced) -> None:
        """Write down how far a definition's leads were moved."""
        row = (definition, done.fingerprint, done.manifest, done.position, done.at_us)
        self.db.execute("INSERT OR REPLACE INTO advanced VALUES (?, ?, ?, ?, ?)", row)

    def manifests_since(self, number: int) -> list[str]:
        """Return what made history another one since a manifest, less compaction."""
        query = "SELECT DISTINCT cause FROM manifests WHERE number > ? AND cause <> ?"
        return [cause for (cause,) in self.db.execute(query, (number, COMPACTION))]

    def may_be_undone(self, definition: str) -> list[str]:
        """Return the leads that sales has, or is to have, or whose deals history ended: all of it may rest on an import."""
        live, unanswered = _listed(LIVE), _listed(tasks.UNANSWERED)
        query = (
            "SELECT lead FROM stage_log WHERE definition = :of AND by = 'outcome' "
            f"UNION SELECT lead FROM handoffs WHERE definition = :of AND state IN {live} "
            f"UNION SELECT lead FROM tasks WHERE definition = :of AND state IN {unanswered}"
        )
        return [lead for (lead,) in self.db.execute(query, {"of": definition})]

    # ---- stages ---------------------------------------------------------------------------------------

    def lines_of(self, definition: str, names: Iterable[Name]) -> list[StageChange]:
        """Return the lines of some names in the log of stages, in order."""
        return lines_of(self.db, definition, names)

    def log(self, line: StageChange) -> StageChange:
        """Add a line to the log of stages; return it with its number."""
        return add_line(self.db, line)

    # ---- handoffs -------------------------------------------------------------------------------------

    def handoff(self, number: int) -> Handoff | None:
        """Return a handoff by its number."""
        return rows.handoff_of(self.db, number)

    def handoffs_of(self, definition: str, names: Iterable[Name]) -> list[Handoff]:
        """Return all handoffs of some names, the oldest first."""
        return rows.handoffs_of(self.db, definition, names)

    def owner_of_account(self, account: str) -> str | None:
        """Return who was given the last handoff of an account, None where nobody was."""
        return rows.owner_of_account(self.db, account)

    def waiting(self, most: int, at_us: int) -> list[Handoff]:
        """Return handoffs to be given out, less those that nobody need look at yet."""
        return rows.waiting_handoffs(self.db, most, at_us)

    def owners(self) -> list[str]:
        """Return everybody who has a handoff to answer or to work."""
        return rows.owners(self.db)

    def owned_by(self, owner: str) -> list[Handoff]:
        """Return the handoffs that somebody has to answer or to work, the oldest first."""
        return rows.owned_by(self.db, owner)

    def was_noted(self, number: int, why: str) -> bool:
        """Say whether a handoff's log tells something already, since it was given to its owner."""
        return rows.was_noted(self.db, number, why)

    def see_again(self, definition: str | None = None) -> None:
        """Have all handoffs looked at again that nobody has, of a definition or of all."""
        rows.see_again(self.db, definition)

    def see_account_again(self, account: str) -> None:
        """Have the handoffs of an account looked at again that nobody has."""
        rows.see_account_again(self.db, account)

    def unanswered_among(self, leads: Iterable[str]) -> set[str]:
        """Return those of some leads, by the names they are shown by, whom nobody was given yet."""
        return rows.unanswered_among(self.db, leads)

    def touches(self, names: Iterable[Name], since_us: int) -> list[Touch]:
        """Return when salespeople were in touch with some names, or took them on, in order."""
        return rows.touches(self.db, names, since_us)

    def lines(self) -> int:
        """Return how many moves were logged ever."""
        return int(self.db.execute("SELECT coalesce(max(number), 0) FROM stage_log").fetchone()[0])

    def counts(self) -> dict[str, int]:
        """Return how many handoffs there are in each state."""
        return rows.counts(self.db)

    def live(self) -> list[Handoff]:
        """Return all handoffs that are not over."""
        return rows.live_of(self.db)

    def held(self, definition: str, most: int, at_us: int) -> list[Handoff]:
        """Return handoffs of a definition that are held back and may be released, in the same order."""
        return rows.held_handoffs(self.db, definition, most, at_us)

    def releases(self) -> dict[str, Release]:
        """Return what may leave of the handoffs that are held back, by definition."""
        return rows.releases(self.db)

    def released_since(self, definition: str, since_us: int) -> int:
        """Return how many held handoffs and tasks of a definition left since an instant."""
        tasks = self.tasks.released_since(definition, since_us)
        return rows.released_since(self.db, definition, since_us) + tasks

    def state(self, at_us: int) -> object:
        """Return something that is another one whenever a handoff or a release was changed, or something may be given out now."""
        query = (
            "SELECT (SELECT max(entry) FROM handoff_log), (SELECT group_concat(per_day || definition) FROM releases), "
            "(SELECT max(number) FROM tasks WHERE state = 'waiting'), "
            "(SELECT count(*) FROM tasks WHERE state IN ('held', 'waiting'))"
        )
        return *self.db.execute(query).fetchone(), rows.to_be_seen(self.db, at_us)

    def due(self, at_us: int, most: int) -> list[Handoff]:
        """Return handoffs whose clock does something by an instant, the first first."""
        return rows.due_handoffs(self.db, at_us, most)

    def add(self, new: Handoff, why: str) -> Handoff:
        """Write a new handoff down, with the first line of its own log; return it with its number."""
        written = rows.add_handoff(self.db, new)
        rows.add_step(self.db, Step(written.number, new.made_us, new.state, CLOCK, why))
        return written

    def change(self, changed: Handoff, *steps: Step) -> None:
        """Write down what became of a handoff, with lines of its own log."""
        rows.change_handoff(self.db, changed)
        for step in steps:
            rows.add_step(self.db, step)

    def note_given(self, handoff: Handoff, at_us: int, turn: int | None) -> None:
        """Count a handoff for its owner, and what was taken of the team's turns."""
        rows.note_given(self.db, handoff, at_us, turn)

    def live_of_account(self, definition: str, account: str) -> list[int]:
        """Return the numbers of an account's handoffs that are not over."""
        return rows.live_of_account(self.db, definition, account)

    def last_owner(self, number: int) -> str | None:
        """Return who was given a handoff last, None where nobody was."""
        return rows.last_owner(self.db, number)

    def given(self, owner: str, teams: Iterable[str], since_us: int) -> Load:
        """Return what somebody was given: how many since an instant, and the last turns in some teams."""
        return rows.given(self.db, owner, teams, since_us)

    # ---- to others ------------------------------------------------------------------------------------

    def tell(self, happenings: Sequence[Happening]) -> None:
        """Promise the outside to be told of what happened, in the same transaction."""
        self._announce(self.db, happenings)

    def tell_disposition(self, disposition: Disposition) -> int:
        """Have history remember what sales answered; return the position from which it does."""
        return self._insert(disposition.at_us, DISPOSITIONS, written_dispositions([disposition]))

    def tell_outcome(self, outcome: Outcome) -> int:
        """Have history remember that a lead was won or lost; return the position from which it does."""
        return self._insert(outcome.at_us, OUTCOMES, written_outcomes([outcome]))

    def _insert(self, at_us: int, kind: str, body: bytes) -> int:
        return insert(self.db, Request(at_us, BY_HAND, body, kind))

    def unread_answers(self, position: int) -> frozenset[Name]:
        """Return the names that sales answered about behind a position: scores made there do not know it yet."""
        query = "SELECT body, received_us FROM inbox WHERE position > ? AND kind = ? AND key_id = ?"
        found = self.db.execute(query, (position, DISPOSITIONS, BY_HAND)).fetchall()
        return frozenset(one.lead for body, received_us in found for one in read_dispositions(body, received_us))


def _listed(states: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"
