"""Removes leads from a workspace, also while its server runs: each is looked at once more, then all go together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.leads import StoredHistory
from ripeline.adapters.engines.live_scores import around
from ripeline.adapters.history.writer import BusyError, HistoryWriter, writing_history
from ripeline.entry.bootstrap.definitions import live_versions, plans_of
from ripeline.entry.bootstrap.erase import MOST_TRIES, leave_out, opened_erasing_book, write_out
from ripeline.entry.bootstrap.history import connection
from ripeline.entry.bootstrap.lifecycle import Lifecycle
from ripeline.entry.bootstrap.live import LiveHistory
from ripeline.entry.bootstrap.removal_check import RemovalCheck
from ripeline.entry.workspace import Workspace
from ripeline.ports.erasures import Erasure
from ripeline.ports.scores import Progress
from ripeline.usecases.erase import Person, people_of
from ripeline.usecases.removals import shown_names
from ripeline.vocabulary.calendar import day_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.removals import Proposed

Clock = Callable[[], int]

MOST_TOLD = 5
"""Leads whose reasons an error tells."""


@dataclass(frozen=True, slots=True)
class Removed:
    """Who was removed. erasure: None where nobody was."""

    people: Sequence[Person] = ()
    erasure: Erasure | None = None


class NotRemovableError(InputError):
    """Somebody who was to be removed is not to be any more."""


def confirm(workspace: Workspace, leads: Sequence[str] | None, now_us: Clock, progress: Progress) -> Removed:
    """Remove leads of the list, by any of their identifiers, or all who are on it; all of them, or nobody.

    Raises NotRemovableError where one of them is not to be removed any more, and tells why.
    """
    with opened_lifecycle(workspace) as (lifecycle, history):
        history.advance()
        listed = {one.lead: one for one in lifecycle.removals.check.board.removals.everybody()}
        if leads is None:
            wanted = list(listed)
        else:
            wanted = list(dict.fromkeys(shown_names(StoredHistory(history.store), leads, now_us()).values()))
        kept = {name: "It is not on the list." for name in wanted if name not in listed}
        kept |= _kept(workspace, lifecycle.removals.check, history, wanted, now_us, progress) if not kept else {}
        if kept:
            raise NotRemovableError(_told(kept))
        return _remove(workspace, history, [listed[name] for name in wanted], now_us(), progress)


def remove_due(workspace: Workspace, now_us: Clock, progress: Progress) -> Removed:
    """Remove whoever has been on the list for long enough, less those who are not to be removed any more."""
    with opened_lifecycle(workspace) as (lifecycle, history):
        history.advance()
        due = {one.lead: one for one in lifecycle.removals.due(now_us())}
        check = lifecycle.removals.check
        kept = _kept(workspace, check, history, list(due), now_us, progress)
        with check.board.writing():
            check.board.removals.withdraw(kept)
        return _remove(workspace, history, [one for name, one in due.items() if name not in kept], now_us(), progress)


@contextmanager
def opened_lifecycle(workspace: Workspace) -> Iterator[tuple[Lifecycle, LiveHistory]]:
    """Open what tells who is to be removed, and history; InputError where nothing was published yet."""
    plans = plans_of(live_versions(workspace))
    if not plans:
        raise InputError("nothing is published here yet, so nobody is on a list; `ripeline serve` publishes and begins")
    lifecycle, history = Lifecycle(workspace, plans, alone=True), LiveHistory(workspace, keeps_failed=True)
    try:
        yield lifecycle, history
    finally:
        history.close()
        lifecycle.close()


def _kept(
    workspace: Workspace,
    check: RemovalCheck,
    history: LiveHistory,
    wanted: Sequence[Name],
    now_us: Clock,
    progress: Progress,
) -> dict[Name, str]:
    """Return those who are not to be removed, each with the reason, as of everything that was accepted by the end.

    What is accepted while they are looked at is written to files, and whom it touches is looked at again.
    """
    kept, due = dict[Name, str](), list(wanted)
    for _ in range(MOST_TRIES):
        if not due:
            return kept
        history.touched.clear()
        history.imported = False
        kept |= _looked_at(check, history.store, due, now_us(), progress)
        progress("writing what was accepted to files", None)
        write_out(history, now_us())
        touched = set[str]()
        if history.touched:
            around(history.store, history.touched)
            touched = {value for (value,) in history.store.con.execute("SELECT value FROM touched").fetchall()}
        due = [name for name in wanted if history.imported or name.value in touched]
    raise BusyError(f"those who are to be removed keep changing in {workspace.root}; try again")


def _looked_at(
    check: RemovalCheck, store: Store, due: Sequence[Name], at_us: int, progress: Progress
) -> dict[Name, str]:
    kept = dict[Name, str]()
    for begin in range(0, len(due), check.at_once):
        progress("looking at each once more", begin / len(due))
        some = due[begin : begin + check.at_once]
        found = {one.lead: one.why_not for one in check.verdicts(store, [name.asked for name in some], at_us)}
        kept |= {name: why for name in some if (why := found.get(name, "Nobody is known by that name.")) is not None}
    return kept


def _told(kept: Mapping[Name, str]) -> str:
    some = [f'"{name.value}" is not removed. {why}' for name, why in list(kept.items())[:MOST_TOLD]]
    more = [f"Nor are {len(kept) - MOST_TOLD:,} others."] if len(kept) > MOST_TOLD else []
    return " ".join(["nobody was removed.", *some, *more])


def _remove(
    workspace: Workspace, history: LiveHistory, listed: Sequence[Proposed], at_us: int, progress: Progress
) -> Removed:
    if not listed:
        return Removed()
    progress("writing files anew", None)
    reason = f"removed: poor fit and low interest since {day_text(max(one.since for one in listed))}"
    done = _remove_people(workspace, [one.lead.asked for one in listed], reason, at_us)
    write_out(history, at_us)
    return done


def _remove_people(workspace: Workspace, leads: Sequence[str], reason: str, at_us: int) -> Removed:
    """Erase leads in one rewriting of files, so that whoever comes by their names later is somebody new."""
    with writing_history(workspace.root), opened_erasing_book(workspace) as book:
        known, con = book.secret_tombstones(), connection(workspace)
        try:
            writer = HistoryWriter(con, book, workspace.root)
            history = StoredHistory(Store(con, workspace.root, writer.cut))
            people = people_of(history, leads, at_us, known)
            new = {stone.ending(at_us) for person in people for stone in person.stones}
            leave_out(writer, book, known, sorted(new, key=lambda one: (one.kind, one.hash)), reason, at_us)
        finally:
            con.close()
        return Removed(people, book.erasures()[0])
