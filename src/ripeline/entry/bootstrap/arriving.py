"""What arrived last, from the end of the inbox back, for whoever looks on: history is not searched for it."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from msgspec.structs import replace

from ripeline.adapters.book.erasures import tombstones
from ripeline.adapters.book.failed import failed_at
from ripeline.adapters.book.inbox import connected, latest
from ripeline.adapters.book.keys import all_keys
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.acts import StoredActs
from ripeline.adapters.engines.several import histories_of
from ripeline.entry.workspace import Workspace
from ripeline.intake.calls import Call
from ripeline.plan.nodes import Plan
from ripeline.ports.intake import FailedEvent
from ripeline.usecases.apply_inbox import FirstOnes
from ripeline.usecases.arrived import Known, Place, name_of_call
from ripeline.usecases.read_requests import Taken, read_requests

MOST_LOOKED_AT = 2_000
"""Requests that are looked through for what somebody chose; further back is looked when they ask for older ones."""

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which events: before a place, up to a position; names, a part of what they are called, a source where wanted."""

    before: Place
    until: int
    most: int
    names: frozenset[str] | None = None
    called: str = ""
    source: str = ""

    def wants(self, one: Taken, source: str) -> bool:
        """Say whether an event is among those."""
        if _place(one) >= self.before or (self.source and source != self.source):
            return False
        return self._is_called(one) and self._is_of_somebody(one)

    def _is_called(self, one: Taken) -> bool:
        call = one.outcome
        told = f"{call.kind} {call.name}" if isinstance(call, Call) else one.event.decode("utf-8", "replace")
        return self.called.casefold() in told.casefold()

    def _is_of_somebody(self, one: Taken) -> bool:
        if self.names is None:
            return True
        call = one.outcome
        if isinstance(call, Call):
            return not self.names.isdisjoint({call.user, call.device, call.previous, call.email, call.crm_id} - {None})
        return any(name.encode() in one.event for name in self.names)


@dataclass(frozen=True, slots=True)
class Came:
    """Events that came with their sources, the youngest first, and what failed of them.

    copies: where of those that were looked through another one came before under the same id. older: the place before
    which there may be more, None where the inbox holds no more.
    """

    events: Sequence[tuple[Taken, str]]
    failed: dict[Place, FailedEvent]
    copies: frozenset[Place]
    older: Place | None


def came(workspace: Workspace, chosen: Chosen) -> Came:
    """Return the last events that are chosen."""
    with closing(connected(workspace.book)) as db:
        requests = _requests(db, min(chosen.until, chosen.before[0]))
        found, first, older = list[tuple[Taken, str]](), dict[str, Place](), None
        for _, events in islice(requests, MOST_LOOKED_AT):
            first.update({one.outcome.id: _place(one) for one, _ in events if isinstance(one.outcome, Call)})
            found += [(one, source) for one, source in events if chosen.wants(one, source)]
            if len(found) > chosen.most:
                break
        else:
            further = next(requests, None)
            older = None if further is None else (further[0] + 1, 0)
        shown = found[: chosen.most]
        if len(found) > chosen.most:
            older = _place(shown[-1][0])
        places = ((_place(one), one.outcome) for one, _ in shown)
        copies = frozenset(at for at, call in places if isinstance(call, Call) and first[call.id] != at)
        return Came(shown, failed_at(db, [_place(one) for one, _ in shown]), copies, older)


def _veiled(one: Taken, spared: Taken) -> Taken:
    """Return an event without what was sent, where that names somebody who was erased."""
    return one if spared.outcome is one.outcome else replace(spared, event=b"")


def _place(one: Taken) -> Place:
    return one.position, one.place


def _requests(db: sqlite3.Connection, until: int) -> Iterator[tuple[int, list[tuple[Taken, str]]]]:
    """Yield requests from a position back, each with its events from the last on."""
    keys, stones = all_keys(db), tombstones(db)
    first_ones = FirstOnes(lambda _: {}, stones)
    while some := latest(db, until, AT_ONCE):
        for position, request in some:
            events = list(read_requests([(position, request)], keys))
            if stones:
                events = [_veiled(one, first_ones.spared(one)) for one in events]
            yield position, [(one, keys[request.key_id].source) for one in reversed(events)]
        until = some[-1][0] - 1


def known_of(store: Store, plan: Plan, some: Came, at_us: int) -> Known:
    """Return what history knows of events that came."""
    calls = [one.outcome for one, _ in some.events if isinstance(one.outcome, Call)]
    aside = StoredActs(store).aside([one.id for one in calls]) if calls else {}
    return Known(
        some.failed, some.copies, aside, histories_of(store, plan, {name_of_call(one) for one in calls}, at_us)
    )


def event_at(workspace: Workspace, place: Place) -> Came | None:
    """Return the event at a place, None where it is not in the inbox any more."""
    found = came(workspace, Chosen((place[0], place[1] + 1), place[0], 1))
    return found if [_place(one) for one, _ in found.events] == [place] else None
