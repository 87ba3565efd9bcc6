"""The removal list as people deal with it: looked at, asked why, put on hold; for commands and the server."""

from collections.abc import Iterator
from contextlib import contextmanager

from ripeline.adapters.book.board import Board
from ripeline.adapters.book.notes import notes_of
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.leads import StoredHistory
from ripeline.entry.bootstrap.book import book_connection, deciding_alone
from ripeline.entry.bootstrap.live import live_scores, opened_store
from ripeline.entry.bootstrap.removal_check import RemovalCheck
from ripeline.entry.bootstrap.remove import Clock, Removed, opened_lifecycle, remove_due
from ripeline.entry.workspace import Workspace
from ripeline.handoff.answers import WrongStateError
from ripeline.ports.scores import Progress
from ripeline.usecases.removal_record import Record, RemovalsAsked, hold_record, proposed_record, reason_of, why_record
from ripeline.usecases.removals import names_of, shown_names
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.notes import Note
from ripeline.vocabulary.removals import Hold


def page(check: RemovalCheck, store: Store, definition: str, asked: RemovalsAsked, at_us: int) -> Record:
    """Return a page of the list, points by a definition."""
    total, found = check.board.removals.page(asked.limit, asked.offset)
    now = {one.lead: one for one in check.now(store, check.plans[definition], [one.lead for one in found], at_us)}
    leads = [proposed_record(one, now.get(one.lead), check.rules) for one in found]
    return {"total": total, "automatic": check.rules.wait_us is not None, "leads": leads}


def why(check: RemovalCheck, store: Store, lead: str, at_us: int) -> Record:
    """Return whether a lead is on the list, and what keeps it off; InputError where there is no such lead."""
    name = shown_names(StoredHistory(store), [lead], at_us)[lead]
    listed = next((one for one in check.board.removals.among([name.value]) if one.lead == name), None)
    return why_record(check.verdict(store, name, at_us), listed, check.rules)


def hold(board: Board, store: Store, lead: str, reason: str, by: str, at_us: int) -> Record:
    """Keep a lead from being removed; WrongStateError where somebody does already, InputError where nobody is it."""
    names, told = names_of(StoredHistory(store), lead, at_us), reason_of(reason)
    new = Hold(names[0], told, by, at_us)
    with board.writing():
        for one in board.removals.holds_of(names):
            raise WrongStateError(
                f'"{lead}" is on hold already: {one.by} said so on {instant_text(one.at_us)[:10]}: {one.reason}'
            )
        board.removals.hold(new)
        board.removals.withdraw(names)
    return hold_record(new)


def lift(board: Board, store: Store, lead: str, at_us: int) -> Record:
    """End whatever keeps a lead on hold; return the oldest of it. WrongStateError where nothing does."""
    names = names_of(StoredHistory(store), lead, at_us)
    with board.writing():
        found = board.removals.holds_of(names)
        if not found:
            raise WrongStateError(f'"{lead}" is not on hold')
        board.removals.lift(names)
    return hold_record(found[0])


def holds(board: Board) -> Record:
    """Return everybody on hold."""
    return {"holds": [hold_record(one) for one in board.removals.holds()]}


def hold_of(board: Board, store: Store, lead: str, at_us: int) -> Record | None:
    """Return what keeps a lead from being removed, None where nothing does; InputError where there is no such lead."""
    found = board.removals.holds_of(names_of(StoredHistory(store), lead, at_us))
    return hold_record(found[0]) if found else None


def notes_about(board: Board, store: Store, lead: str) -> list[Note]:
    """Return the notes about a lead, by all of its names; InputError where there is no such lead."""
    return notes_of(board.db, [name.asked for name in StoredHistory(store).names(lead)])


@contextmanager
def opened_holds(workspace: Workspace) -> Iterator[tuple[Board, Store]]:
    """Open holds and history, for a command."""
    with book_connection(workspace) as db, opened_store(workspace) as store:
        # Nobody is told of holds.
        yield Board(db, lambda _, __: None), store


def find(workspace: Workspace, now_us: Clock, progress: Progress) -> tuple[int, Removed]:
    """Complete the list, and remove who has been on it for long enough where that goes by itself.

    Returns how many are on the list then, and who was removed. Raises InputError where a server does so already.
    """
    with deciding_alone(workspace):
        return _find(workspace, now_us, progress)


def _find(workspace: Workspace, now_us: Clock, progress: Progress) -> tuple[int, Removed]:
    with opened_lifecycle(workspace) as (lifecycle, history):
        history.advance()
        store, at_us = history.store, now_us()
        scores = live_scores(lifecycle.removals.check.plans)
        for one in scores.values():
            progress("scoring", None)
            one.sweep(store, at_us)
        most = 0
        while lifecycle.removals.step(store, scores, at_us):
            most = max(most, lifecycle.removals.left)
            progress("looking for who is to be removed", 1 - lifecycle.removals.left / max(most, 1))
    removed = remove_due(workspace, now_us, progress)
    with opened_lifecycle(workspace) as (lifecycle, _):
        return lifecycle.removals.check.board.removals.page(0, 0)[0], removed
