"""Opens the book: keys, tokens, the inbox, failed events."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from ripeline.adapters.book import handoffs, notes, published
from ripeline.adapters.book.audit import changes, note, who_changed
from ripeline.adapters.book.deciding import deciding
from ripeline.adapters.book.failed import (
    LAST,
    dismiss,
    dismiss_reason,
    failed_at,
    failed_event,
    failed_events,
    failed_of_reason,
    failed_reasons,
    replay,
    replay_some,
)
from ripeline.adapters.book.inbox import InboxWriter, connected, decide, last_position, received_behind, tell_outcomes
from ripeline.adapters.book.keys import KeyRing, all_keys, token_of
from ripeline.adapters.book.sqlite import transaction
from ripeline.adapters.book.stage_log import count_after, log_after
from ripeline.adapters.book.tasks import SqliteTasks
from ripeline.adapters.book.tellings import link_secret
from ripeline.entry.bootstrap.access import Access
from ripeline.entry.bootstrap.history import opened_book
from ripeline.entry.bootstrap.logins import Logins
from ripeline.entry.bootstrap.outbox import Outbox
from ripeline.entry.bootstrap.views import Views
from ripeline.entry.workspace import Workspace
from ripeline.handoff.destinations import OutboxSettings
from ripeline.intake.calls import RefusedError
from ripeline.intake.decisions import Decision
from ripeline.intake.outcomes import Outcome
from ripeline.ports.definitions import Draft, Published, Side, Signature
from ripeline.ports.handoffs import HandoffsAsked, Release, StagesAsked
from ripeline.ports.intake import FailedEvent, Token
from ripeline.ports.tasks import TasksAsked
from ripeline.usecases.decided import decided
from ripeline.usecases.release import release_record
from ripeline.usecases.replay import replayed, replayed_as_they_are, why_refused
from ripeline.vocabulary.access import KeyKind, NewKey, NewToken, Scope
from ripeline.vocabulary.changes import BY_COMMAND, Change, ChangesAsked
from ripeline.vocabulary.handoffs import Handoff, Step
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.notes import Note
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.stages import StageChange
from ripeline.vocabulary.tasks import Task


def deciding_alone(workspace: Workspace, is_taken: Callable[[], None] | None = None) -> AbstractContextManager[None]:
    """Be the one who decides about a workspace's leads.

    is_taken is called again and again while another one does; left out, an InputError says so.
    """

    def told() -> None:
        raise InputError(
            f"a server of {workspace.root} does this already, all the time (or another command does, just now)"
        )

    return deciding(workspace.root, is_taken or told)


@contextmanager
def opened_server_book(workspace: Workspace) -> Iterator["BookOfServer"]:
    """Open what the server asks of the book, for a command."""
    with book_connection(workspace) as db:
        yield BookOfServer(db, workspace.outbox)


class BookOfServer:
    """The book as the server's own thread uses it: keys, tokens, positions, failed events, the outbox."""

    def __init__(self, db: sqlite3.Connection, outbox: OutboxSettings) -> None:
        """Take the connection of this thread, and who is told what happens."""
        self._db = db
        self.keys, self.logins, self.views = KeyRing(db), Logins(db), Views(db)
        self.access = Access(db, self.keys)
        self.outbox = Outbox(db, outbox)

    def note_changes(self, *changes: Change) -> None:
        """Note what somebody changed."""
        with transaction(self._db):
            for one in changes:
                note(self._db, one)

    def changes(self, asked: ChangesAsked) -> list[Change]:
        """Return a page of what people changed, the youngest first."""
        return changes(self._db, asked)

    def who_changed(self) -> Sequence[str]:
        """Return everybody who is known to have changed something."""
        return who_changed(self._db)

    def token(self, shown: str) -> Token:
        """Return what an API token allows, and whose it is."""
        return token_of(self._db, shown)

    def accepted(self) -> int:
        """Return the position of the last request that is safe."""
        return last_position(self._db)

    def waiting_since(self, position: int) -> int | None:
        """Return when the oldest request behind a position was received, None where there is none."""
        return received_behind(self._db, position)

    def failed_events(self, before: int, most: int) -> list[FailedEvent]:
        """Return failed events, the youngest first."""
        return failed_events(self._db, before, most)

    def failed_event(self, failed_id: int) -> FailedEvent:
        """Return a failed event that nobody has dealt with yet, or raise InputError."""
        return failed_event(self._db, failed_id)

    def failed_at(self, place: tuple[int, int]) -> FailedEvent | None:
        """Return what failed at a place of the inbox, None where nothing did."""
        return failed_at(self._db, [place]).get(place)

    def failed_reasons(self, until: int = LAST) -> dict[str, int]:
        """Return how many events failed for which reason, up to a number."""
        return failed_reasons(self._db, until)

    def failed_of_reason(self, reason: str, before: int, most: int) -> list[FailedEvent]:
        """Return failed events of one reason, the youngest first."""
        return failed_of_reason(self._db, reason, before, most)

    def why_refused(self, failed: FailedEvent, repaired: Mapping[str, Any] | None, now_us: int) -> RefusedError | None:
        """Return why a failed event would fail again, as far as it says so itself; None where it may count."""
        return why_refused(replayed(failed, repaired, now_us), all_keys(self._db))

    def replay_reason(self, reason: str, until: int, most: int, by: str, at_us: int) -> None:
        """Send failed events of a reason again as they are, up to a number: those that can be."""
        some = failed_of_reason(self._db, reason, until + 1, most)
        with transaction(self._db):
            count = replay_some(self._db, list(replayed_as_they_are(some, at_us)))
            note(self._db, Change(at_us, by, "replayed", f"{count} of {reason}"))

    def dismiss_reason(self, reason: str, until: int, by: str, at_us: int) -> None:
        """Leave all out for good that failed for a reason, up to a number."""
        with transaction(self._db):
            count = dismiss_reason(self._db, reason, until)
            note(self._db, Change(at_us, by, "dismissed", f"{count} of {reason}"))

    def replay(self, failed_id: int, repaired: Mapping[str, Any] | None, by: str, at_us: int) -> int:
        """Send a failed event again, as it was or repaired; return its new position."""
        failed = failed_event(self._db, failed_id)
        request = replayed(failed, repaired, at_us)
        with transaction(self._db):
            note(self._db, Change(at_us, by, "replayed", f"failed event {failed_id}"))
            return replay(self._db, failed, request)

    def decide(self, decisions: Sequence[Decision], by: str) -> int:
        """Write decisions down for everybody who reads, and who made them; return the position from which they hold."""
        with transaction(self._db):
            position = decide(self._db, decisions)
            note(self._db, decided(decisions, by, position))
        return position

    def tell_outcomes(self, outcomes: Sequence[Outcome], now_us: int) -> int:
        """Write outcomes down for everybody who reads; return the position from which they hold."""
        return tell_outcomes(self._db, outcomes, now_us)

    def handoffs(self, asked: HandoffsAsked, names: Sequence[Name] | None = None) -> tuple[int, list[Handoff]]:
        """Return how many handoffs are asked for, of some names or of everybody, and a page: what is due comes first."""
        return handoffs.handoffs_where(self._db, asked, names)

    def handoff_counts(self) -> dict[str, int]:
        """Return how many handoffs there are in each state."""
        return handoffs.counts(self._db)

    def handoff(self, number: int) -> tuple[Handoff | None, list[Step]]:
        """Return a handoff and what happened to it; None and nothing where there is none."""
        return handoffs.handoff_of(self._db, number), handoffs.steps_of(self._db, number)

    def link_secret(self) -> bytes:
        """Return what one-click links are signed with."""
        return link_secret(self._db)

    def release(self, definition: str, per_day: int, by: str, at_us: int) -> dict[str, Any]:
        """Say how many held handoffs of a definition leave a day from now on; return how it stands."""
        with transaction(self._db):
            handoffs.note_release(self._db, definition, Release(per_day, at_us, by))
            note(self._db, Change(at_us, by, "released", f"{definition}: {per_day} a day"))
        return self.released(definition)

    def released(self, definition: str) -> dict[str, Any]:
        """Return how many handoffs and tasks of a definition are held back, and how many of both leave a day."""
        known, tasks = handoffs.releases(self._db).get(definition), SqliteTasks(self._db).held_count(definition)
        return release_record(definition, known, handoffs.held_count(self._db, definition), tasks)

    def tasks(self, asked: TasksAsked, names: Sequence[Name] | None = None) -> tuple[int, list[Task]]:
        """Return how many tasks are asked for, of some names or of everybody, and a page: who asked again comes first."""
        return SqliteTasks(self._db).where(asked, names)

    def task(self, number: int) -> Task | None:
        """Return a task by its number."""
        return SqliteTasks(self._db).task(number)

    def stage_log(self, asked: StagesAsked, names: Sequence[Name] | None) -> list[StageChange]:
        """Return lines of the log of stages, those of some names or of everybody."""
        return log_after(self._db, asked.after, asked.limit, asked.definition, names)

    def stage_lines(self, asked: StagesAsked, names: Sequence[Name] | None) -> int:
        """Return how many lines of the log of stages are asked for, those of all pages."""
        return count_after(self._db, asked.after, asked.definition, names)

    def dismiss(self, failed_id: int, by: str, at_us: int) -> None:
        """Leave a failed event out for good."""
        failed = failed_event(self._db, failed_id)
        with transaction(self._db):
            dismiss(self._db, failed)
            note(self._db, Change(at_us, by, "dismissed", f"failed event {failed_id}"))

    def last_published(self) -> int:
        """Return the number of what was published last."""
        return published.last_number(self._db)

    def versions(self, name: str | None = None) -> list[Published]:
        """Return everything that was published, of one definition or of all, in order."""
        return published.versions(self._db, name)

    def draft(self, name: str) -> Draft | None:
        """Return the draft of a definition."""
        return published.draft(self._db, name)

    def save_draft(self, draft: Draft) -> None:
        """Keep a draft in the place of the one before."""
        published.save_draft(self._db, draft)

    def drop_draft(self, name: str) -> None:
        """Keep no draft of a definition any more."""
        published.drop_draft(self._db, name)

    def sign(self, signature: Signature) -> None:
        """Write down that somebody agreed to a text for a team."""
        with transaction(self._db):
            published.sign(self._db, signature)
            told = f"{signature.definition}, for {signature.side}"
            note(self._db, Change(signature.at_us, signature.by, "signed", told))

    def unsign(self, signature: Signature, by: str, at_us: int) -> None:
        """Take a signature back."""
        with transaction(self._db):
            published.unsign(self._db, signature.definition, signature.digest, signature.side)
            whose = "" if by == signature.by else f", of {signature.by}"
            note(self._db, Change(at_us, by, "unsigned", f"{signature.definition}, for {signature.side}{whose}"))

    def add_note(self, new: Note, mentions: Iterable[int]) -> Note:
        """Keep a note, for those to see who are named in it; return it with its number."""
        with transaction(self._db):
            made = notes.add_note(self._db, new, mentions)
            note(self._db, Change(new.at_us, new.by, "note_written", f"note {made.number}"))
        return made

    def notes(self, leads: Collection[str]) -> list[Note]:
        """Return the notes about some names of a lead, as kind:value, the youngest first."""
        return notes.notes_of(self._db, leads)

    def note(self, number: int) -> Note | None:
        """Return a note, None where there is none."""
        return notes.note_of(self._db, number)

    def remove_note(self, old: Note, by: str, at_us: int) -> None:
        """Keep a note no longer."""
        whose = "" if by == old.by else f", of {old.by}"
        with transaction(self._db):
            notes.remove_notes(self._db, [old.number])
            note(self._db, Change(at_us, by, "note_removed", f"note {old.number}{whose}"))

    def mentions(self, login: int, most: int) -> list[Note]:
        """Return the notes in which somebody is named who has not seen them, the youngest first."""
        return notes.mentions_of(self._db, login, most)

    def note_seen(self, number: int, login: int) -> None:
        """Write down that somebody has seen a note in which they are named."""
        notes.note_seen(self._db, number, login)

    def signatures(self, definition: str, digest: str) -> dict[Side, Signature]:
        """Return who agreed to a text of a definition, by team."""
        found = published.signatures(self._db, definition)
        return {one.side: one for one in found if one.digest == digest}


def open_inbox(workspace: Workspace) -> InboxWriter:
    """Start the thread that writes requests down."""
    return InboxWriter(workspace.book)


def make_write_key(workspace: Workspace, kind: KeyKind, source: str, origins: Sequence[str], at_us: int) -> str:
    """Make a write key and return it."""
    with book_connection(workspace) as db:
        return Access(db).make_key(NewKey(kind, source, tuple(origins)), BY_COMMAND, at_us)


def list_write_keys(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the write keys in use, web keys with what they are."""
    with book_connection(workspace) as db:
        return Access(db).write_keys()


def take_back_write_key(workspace: Workspace, key_id: int, at_us: int) -> None:
    """Take a write key out of use, or raise InputError where there is none."""
    with book_connection(workspace) as db:
        Access(db).take_back_key(key_id, BY_COMMAND, at_us)


def make_token(workspace: Workspace, name: str, scopes: Sequence[Scope], at_us: int, person: str | None = None) -> str:
    """Make an API token and return it. person: the salesperson whose it is."""
    with book_connection(workspace) as db:
        return Access(db).make_token(NewToken(name, tuple(scopes), person), BY_COMMAND, at_us)


def list_tokens(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the API tokens in use, without what they are."""
    with book_connection(workspace) as db:
        return Access(db).tokens()


def take_back_token(workspace: Workspace, token_id: int, at_us: int) -> None:
    """Take an API token out of use, or raise InputError where there is none."""
    with book_connection(workspace) as db:
        Access(db).take_back_token(token_id, BY_COMMAND, at_us)


@contextmanager
def book_connection(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """Open the book, brought to its current form, for short transactions."""
    with opened_book(workspace):
        pass  # brought to its current form
    db = connected(workspace.book)
    try:
        yield db
    finally:
        db.close()
