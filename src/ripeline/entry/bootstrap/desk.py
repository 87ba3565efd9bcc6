"""Handoffs of one workspace as people deal with them: answered, given to somebody else, looked at."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ripeline.adapters.book import handoffs as rows
from ripeline.adapters.book.board import Announce, Board
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import identifiers_of, keys_of_leads
from ripeline.adapters.engines.leads_now import LeadsNow
from ripeline.definition.conditions import Name
from ripeline.entry.bootstrap.announce import announcer_of
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.definitions import live_versions, plan_of_version
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.workspace import Workspace
from ripeline.handoff.routing import Routed
from ripeline.handoff.sales import Sales
from ripeline.plan.nodes import Plan
from ripeline.ports.lifecycle import LeadNow
from ripeline.scoring.truth import Reader
from ripeline.usecases.answer import Rights, answer_handoff, handoff_wanted, reassign
from ripeline.usecases.assign import Desk, Holds, would_go_to
from ripeline.usecases.lead_record import handoff_record
from ripeline.usecases.said import Said, answer_of
from ripeline.vocabulary.handoffs import Handoff
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.values import Value

Record = dict[str, Any]


class HandoffDesk:
    """The handoffs of a workspace, for one thread. plans: by the definitions' names in the workspace."""

    def __init__(self, db: sqlite3.Connection, sales: Sales, plans: Mapping[str, Plan], announce: Announce) -> None:
        """Take the book's connection, how sales is set up, the definitions, and who promises what to the outside."""
        self.plans, self.board = plans, Board(db, announce)
        self.desk = Desk(self.board, sales, {name: one.definition for name, one in plans.items()})

    def answer(self, store: Store, number: int, said: Said, rights: Rights, at_us: int) -> Record:
        """Answer a handoff; return it with what happened to it, and the position from which scores know the answer.

        Raises InputError where it cannot be answered so; nothing is changed then.
        """
        lead, plan = self._lead(store, number, at_us)
        answer = answer_of(said, rights.by, plan.zone, at_us)
        with self.board.writing():
            done, position = answer_handoff(self.desk, number, answer, rights, lead, plan.definition)
        return self._record(done, position)

    def reassign(self, store: Store, number: int, to: str | None, rights: Rights, at_us: int) -> Record:
        """Give a handoff to somebody else: to a person, or to whom it is routed."""
        lead, plan = self._lead(store, number, at_us)
        with self.board.writing():
            done = reassign(self.desk, number, to, rights, holds_of(plan, lead, at_us), at_us)
        return self._record(done, None)

    def owner_of(self, number: int) -> str | None:
        """Return who has a handoff, or raise InputError where there is none."""
        return handoff_wanted(self.desk, number).owner

    def would_go_to(self, store: Store, lead: str, definition: str, at_us: int) -> tuple[LeadNow, Routed]:
        """Return who would get a lead now, and why; nothing is given. Raises InputError where there is no such lead."""
        if definition not in self.plans:
            raise InputError(
                f'"{definition}" is no definition that is live here; {did_you_mean(definition, self.plans)}'
            )
        plan = self.plans[definition]
        key = keys_of_leads(store, (lead,))[lead]
        named = identifiers_of(store, {key})[key]
        found = self.now(
            store, plan, named.value, lambda one: any(o.name.value == named.value for o in one.owned), at_us
        )
        known = self.board.handoffs_of(definition, [one.name for one in found.owned])
        return found, would_go_to(self.desk, found, known, holds_of(plan, found, at_us), at_us)

    def _lead(self, store: Store, number: int, at_us: int) -> tuple[LeadNow, Plan]:
        one = handoff_wanted(self.desk, number)
        plan = self.plans.get(one.definition)
        if plan is None:
            raise InputError(f"the definition of handoff {number}, {one.definition}, is not live any more")
        return self.now(store, plan, one.lead.value, lambda lead: lead.owns(one.lead, one.made_us), at_us), plan

    def now(self, store: Store, plan: Plan, value: str, is_it: Callable[[LeadNow], bool], at_us: int) -> LeadNow:
        """Return the lead that an identifier's text is of, and that is the one meant."""
        found = next((lead for lead in LeadsNow(store, plan).of([value], at_us) if is_it(lead)), None)
        if found is None:
            raise InputError(f'nothing is known of the lead "{value}" at that moment')
        return found

    def _record(self, one: Handoff, position: int | None) -> Record:
        return {**handoff_record(one, rows.steps_of(self.board.db, one.number)), "position": position}


def holds_of(plan: Plan, lead: LeadNow | None, at_us: int) -> Holds:
    """Return what answers conditions on a lead's traits; everything about nobody is unknown."""

    def lookup(name: Name) -> Value | None:
        return None if lead is None else lead.profile.get(name.key)

    return Reader(lookup, plan.zone, plan.zone.day(at_us)).holds


@contextmanager
def opened_desk(workspace: Workspace) -> Iterator[tuple[HandoffDesk, Store]]:
    """Open the handoffs of a workspace and its history, for a command; InputError where nothing was published yet."""
    plans = {name: plan_of_version(one) for name, one in live_versions(workspace).items()}
    if not plans:
        raise InputError(
            "nothing is published here yet, so nobody was handed over; `ripeline serve` publishes and begins"
        )
    announcer = announcer_of(workspace)
    with book_connection(workspace) as db, opened_store(workspace) as store:
        yield HandoffDesk(db, announcer.outside.sales, plans, announcer.announce), store
