"""History with what was accepted since: for one look, and for as long as a server runs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ripeline.adapters.book.inbox import SqliteInbox, last_position
from ripeline.adapters.book.published import note_live
from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.adapters.book.stage_log import SqliteStageLog
from ripeline.adapters.columnar.store import Store, connect
from ripeline.adapters.engines.acts import StoredActs
from ripeline.adapters.engines.leads import StoredHistory
from ripeline.adapters.engines.live_scores import LiveScores
from ripeline.adapters.history.from_records import store_histories
from ripeline.adapters.history.judged import settle_acts
from ripeline.adapters.history.merging import merge_small
from ripeline.adapters.history.readers import Reading
from ripeline.adapters.history.seen import SeenIds
from ripeline.adapters.history.tail import Tail
from ripeline.adapters.history.writer import LONGEST_WAIT_S, BusyError, HistoryWriter, writing_history
from ripeline.entry.bootstrap.history import connection, opened_book
from ripeline.entry.log import note
from ripeline.entry.workspace import Workspace
from ripeline.intake.calls import Call
from ripeline.intake.decisions import Decision, Linking, last_word
from ripeline.intake.erased import ERASED
from ripeline.plan.nodes import Plan
from ripeline.ports.acts import Touched
from ripeline.ports.history import COMPACTION
from ripeline.usecases.apply_inbox import NO_END, InboxReader, Stretch
from ripeline.usecases.set_aside import by_patterns
from ripeline.vocabulary.calendar import DAY_US, EVER, NEVER
from ripeline.vocabulary.history import LeadHistory
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.stages import EVENT, MERGE, PERSON, RESTORED, SET_ASIDE, UNMERGE

OUTLIVED_US = DAY_US
"""How long a file outlives the last manifest that names it: whoever reads by that one may still be at it."""

CAUSE_OF = {"merge": MERGE, "unmerge": UNMERGE, "set_aside": SET_ASIDE, "restore": RESTORED}
"""What decisions bring about, by their kinds."""

LONGEST_HELD_US = 3_600 * 1_000_000
"""How long a request that names somebody who was erased may wait for the next files."""


@contextmanager
def opened_store(workspace: Workspace, position: int = NO_END, supposed: Sequence[Decision] = ()) -> Iterator[Store]:
    """Open a workspace's history: the files of its last cut, and what was accepted behind them up to a position.

    supposed: decisions that nobody has made, to see what would come of them.

    Raises InputError where a file of history is gone or broken.
    """
    live = LiveHistory(workspace)
    try:
        live.advance(position)
        live.suppose(supposed)
        yield live.store
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        told = str(error).splitlines()[0]
        if str(workspace.root / "history") not in told:
            raise
        raise InputError(f"history cannot be read: {told}; `ripeline doctor` tells what is broken") from error
    finally:
        live.close()


@contextmanager
def opened_history(workspace: Workspace, supposed: Sequence[Decision] = ()) -> Iterator[StoredHistory]:
    """Open what is stored of single leads, and what would be with decisions that nobody has made."""
    with opened_store(workspace, supposed=supposed) as store:
        yield StoredHistory(store)


class LiveHistory:
    """The files of the last cut and, in memory, what was accepted since; for one thread.

    erased_us: when the first request came that is still in the inbox and names somebody who was erased.
    touched: the identifiers that took part since somebody emptied it, each with what brought that about, of stages'
    CAUSES. imported: whether files came by import since then. latest_us: when the last of what was read was.
    unjudged: who took part since patterns were looked for.
    """

    def __init__(self, workspace: Workspace, *, keeps_failed: bool = False) -> None:
        """Open it at the last cut. keeps_failed: to read on, and write events down that do not count."""
        self._workspace, self._keeps_failed = workspace, keeps_failed
        self._book = SqliteBook(workspace.book)
        self._inbox = SqliteInbox(workspace.book)
        self._con = connection(workspace)
        self._reading = Reading(workspace.root)
        self._store: Store | None = None
        # Whoever reads on and on asks after ids all the time; one look does not pay for that.
        self._seen = SeenIds(self._con, workspace.root) if keeps_failed else None
        self.touched = defaultdict[str, set[str]](set)
        self.imported, self.latest_us = False, EVER
        self.unjudged: Touched | None = None
        self._open()

    def _open(self) -> None:
        self._reading.follow(self._book.generation)
        self._tail = Tail(self._con, self._book, self._workspace.root, self._seen)
        self._reader = InboxReader(self._inbox, self._tail.known, self._tail.cut.position, self._book.tombstones())
        self.behind = 0
        self.erased_us: int | None = None

    @property
    def store(self) -> Store:
        """What there is, as tables."""
        stages = SqliteStageLog(self._inbox.db)
        self._store = Store(self._con, self._workspace.root, self._tail.whole, self._store, stages)
        return self._store

    @property
    def cut_number(self) -> int:
        """The manifest that was read."""
        return self._tail.cut.number

    @property
    def position(self) -> int:
        """How far was read."""
        return self._reader.position

    def advance(self, until: int = NO_END) -> int:
        """Read what was accepted by now, and imported; return the position reached.

        What comes while it reads is left for another time: clients that never pause would never let it end.
        """
        until = min(until, last_position(self._inbox.db))
        while self.step(until):
            pass
        return self.position

    def step(self, until: int = NO_END) -> bool:
        """Read a stretch of what was accepted since; say whether there was anything to do.

        What was read once stays readable after it: the position never goes back.
        """
        reached, before = self.position, self._tail.cut.number
        found = self._reader.read_on(until)
        if self._book.cut_number() != before:
            follows = self._tail.follow()
            imported = self._book.imported_since(before)
            if imported or not follows:
                self._reopen(reached, imported=imported)
                return True
        if found is not None:
            self._take(found)
        return found is not None

    def _reopen(self, reached: int, *, imported: bool) -> None:
        """Start from the files that were written meanwhile: requests may have left the inbox unread."""
        if imported:
            note("imported", manifest=self._book.cut_number())
        before, self.touched = self.touched, defaultdict[str, set[str]](set)
        self._open()
        self.imported |= imported or self._tail.cut.position > reached
        self.advance(reached)
        # What is read once more happened before.
        self.touched = before

    def _take(self, found: Stretch) -> None:
        self._tail.append(found.calls, found.decisions, found.outcomes, found.dispositions)
        self.behind += sum(map(len, (found.calls, found.decisions, found.outcomes, found.dispositions)))
        erased = [one.received_us for one in found.failed if one.reason == ERASED]
        self.erased_us = min((us for us in (self.erased_us, *erased) if us is not None), default=None)
        happened = (one.time_us for one in found.calls), (one.at_us for one in found.dispositions)
        self.latest_us = max(self.latest_us, *(us for part in happened for us in part), EVER)
        took_part = self._touch(found)
        self._note_unjudged(took_part, min((call.time_us for call in found.calls), default=NEVER))
        if self._keeps_failed:
            self._inbox.note_applied(self.position, found.failed)

    def _touch(self, found: Stretch) -> set[str]:
        """Note who took part in what; return those of whom there is something to judge."""
        called, decided = _names(found.calls), set[str]()
        for name in called:
            self.touched[name].add(EVENT)
        for kind, cause in CAUSE_OF.items():
            names = self._names_in([one for one in found.decisions if one.kind == kind])
            decided |= names
            for name in names:
                self.touched[name].add(cause)
        for answer in found.dispositions:
            # What was answered is no reason to move by itself: the score that knows it may be one.
            self.touched[answer.lead.value].update()
        for told in found.outcomes:
            self.touched[told.lead.value].add(PERSON)
        return called | decided

    def _names_in(self, decisions: Sequence[Decision]) -> set[str]:
        pairs = (one.pair for one in decisions if isinstance(one, Linking))
        linked = {name.value for pair in pairs for name in (pair.one, pair.other)}
        events = last_word(decisions)
        return linked | self._tail.names_in(events) if events else linked

    def _note_unjudged(self, names: set[str], since_us: int) -> None:
        before = self.unjudged or Touched(frozenset(), NEVER)
        if names:
            self.unjudged = Touched(before.identifiers | names, min(before.since_us, since_us))

    def judge(self, at_us: int) -> bool:
        """Look for patterns in what came since the last look; say whether something was set aside, to be read on.

        What is set aside stands in the inbox then, as if a person had decided it.
        """
        touched, self.unjudged = self.unjudged, None
        if touched is None:
            return False
        found = by_patterns(StoredActs(self.store), self._workspace.set_aside, touched, at_us)
        if found:
            self._inbox.decide(found)
        return bool(found)

    def suppose(self, decisions: Iterable[Decision]) -> None:
        """Go on as if somebody had decided so; nothing is written."""
        self._tail.append((), decisions)

    def write_out(self, at_us: int, wait_s: int = 0) -> "Compacted | None":
        """Write what was read since the cut to files of history, and take it out of the inbox; None where it was not.

        wait_s: how long an import that is under way may still take.
        """
        if self._book.cut_number() != self._tail.cut.number:
            return None
        try:
            with writing_history(self._workspace.root, wait_s):
                self._tail.write_out(COMPACTION, at_us, self.position)
        except BusyError:
            return None
        done = Compacted(self._tail.cut.position, self.position, self.behind)
        self._open()
        self._inbox.forget(done.until)
        if self._book.tombstones():
            self._inbox.empty_log()
        self._remove_outlived(at_us - OUTLIVED_US)
        return done

    def _remove_outlived(self, before_us: int) -> None:
        """Remove files that nobody can be reading any more: no manifest names them since an instant."""
        for path in self._book.outlived(before_us):
            (self._workspace.root / path).unlink(missing_ok=True)
            self._book.forget_file(path)

    def holds_erased(self, at_us: int) -> bool:
        """Say whether requests that name somebody who was erased have been in the inbox for too long."""
        return self.erased_us is not None and at_us - self.erased_us > LONGEST_HELD_US

    def note_live(self, numbers: Iterable[int]) -> None:
        """Write down that published versions are scored by from here on."""
        note_live(self._inbox.db, numbers, self.position)

    def start_over(self) -> None:
        """Read everything behind the last cut anew, where something went wrong on the way; all scores are due."""
        reached, self.imported = self.position, True
        self._open()
        self.advance(reached)

    def close(self) -> None:
        """Close it."""
        self._con.close()
        self._reading.close()
        self._inbox.close()
        self._book.close()


def acts_of(store: Store) -> StoredActs:
    """Return single events, those too that are set aside."""
    return StoredActs(store)


def _names(calls: Iterable[Call]) -> set[str]:
    return {one for call in calls for one in (call.user, call.device, call.previous) if one}


def live_scores(plans: Mapping[str, Plan]) -> Mapping[str, LiveScores]:
    """Return the places of everybody's current scores by plans, by the names of these."""
    return {name: LiveScores(plan, f"live_{number}") for number, (name, plan) in enumerate(plans.items())}


@dataclass(frozen=True, slots=True)
class Compacted:
    """What was written to files: how many calls and decisions, behind which position, up to which one."""

    after: int
    until: int
    calls: int


def settle(workspace: Workspace, at_us: int, wait_s: int = 0) -> None:
    """Write files anew whose events lie wrong since they were judged, or that are many and small.

    Not where somebody else is writing history.
    """
    con = connection(workspace)
    try:
        with writing_history(workspace.root, wait_s), opened_book(workspace) as book:
            writer = HistoryWriter(con, book, workspace.root)
            try:
                if settle_acts(writer) or merge_small(writer):
                    writer.commit(COMPACTION, at_us)
            except BaseException:
                writer.discard()
                raise
    except BusyError:
        pass
    finally:
        con.close()


def compact(workspace: Workspace, until: int, at_us: int) -> Compacted | None:
    """Write what was accepted up to a position to files of history, and take it out of the inbox."""
    history = LiveHistory(workspace)
    try:
        history.advance(until)
        done = history.write_out(at_us, LONGEST_WAIT_S)
    finally:
        history.close()
    settle(workspace, at_us, LONGEST_WAIT_S)
    return done


@contextmanager
def stored_histories(folder: Path, leads: Mapping[str, LeadHistory]) -> Iterator[Store]:
    """Store histories made in Python in an empty folder, and open them."""
    workspace = Workspace(folder)
    with opened_book(workspace) as book:
        con = connect()
        writer = HistoryWriter(con, book, folder)
        store_histories(writer, leads)
        writer.commit("cases", 0)
        con.close()
    with opened_store(workspace) as store:
        yield store
