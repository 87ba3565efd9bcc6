"""Handoffs of one workspace as people deal with them: answered, given to somebody else, looked at."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ripeline.adapters.book import handoffs as rows
from ripeline.adapters.book.board import Announce, Board
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import identifiers_of, keys_of_leads
from ripeline.adapters.engines.leads_now import LeadsNow
from ripeline.adapters.engines.mails import mails_to
from ripeline.definition.conditions import Name
from ripeline.entry.bootstrap.announce import announcer_of
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.definitions import live_plans, plan_named
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.sales import Salespeople, opened_salespeople
from ripeline.entry.workspace import Workspace
from ripeline.handoff.answers import WrongStateError
from ripeline.handoff.contact import WEEK_US
from ripeline.handoff.routing import Routed
from ripeline.plan.nodes import Plan
from ripeline.ports.lifecycle import LeadNow
from ripeline.scoring.truth import Reader
from ripeline.usecases.answer import Rights, answer_handoff, handoff_wanted, reassign
from ripeline.usecases.answer_task import TaskAnswer, answer_task, task_wanted
from ripeline.usecases.assign import Candidate, Desk, Holds, One, would_go_to
from ripeline.usecases.contact import ContactLog, Known, consent_wait, wait_of
from ripeline.usecases.lead_record import handoff_record
from ripeline.usecases.said import Said, answer_of
from ripeline.usecases.task_record import task_record
from ripeline.vocabulary.handoffs import OPEN, UNANSWERED, Handoff
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.tasks import Task
from ripeline.vocabulary.values import Value

Record = dict[str, Any]


class HandoffDesk:
    """The handoffs of a workspace, for one thread. plans: by the definitions' names in the workspace."""

    def __init__(
        self, db: sqlite3.Connection, people: Salespeople, plans: Mapping[str, Plan], announce: Announce
    ) -> None:
        """Take the book's connection, the salespeople, the definitions, and who promises what to the outside."""
        self.plans, self.board, self.people = plans, Board(db, announce), people
        self._definitions = {name: one.definition for name, one in plans.items()}

    @property
    def desk(self) -> Desk:
        """What handoffs are given out by, with sales as it is set up by now."""
        return Desk(self.board, self.people.now(), self._definitions)

    def plan(self, definition: str) -> Plan:
        """Return a definition's plan, with the traits that sales reads besides."""
        return self._reading_sales(self.plans[definition])

    def _reading_sales(self, plan: Plan) -> Plan:
        return _reading(plan, self.people.now().traits)

    # ---- answers ----------------------------------------------------------------------------------------

    def says(self, store: Store, number: int, said: Said, rights: Rights, at_us: int) -> Record:
        """Answer a handoff, or give it to somebody else; return it with what happened to it.

        Also the position from which scores know the answer. Raises InputError where it cannot be answered so; nothing
        is changed then.
        """
        if said.verb == "reassign":
            return self._reassign(store, number, said.to, rights, at_us)
        return self._answer(store, number, said, rights, at_us)

    def _answer(self, store: Store, number: int, said: Said, rights: Rights, at_us: int) -> Record:
        lead, plan = self._lead(store, number, at_us)
        answer = answer_of(said, rights.by, plan.zone, at_us)
        if answer.verb == "accept":
            self._must_consent(number, holds_of(plan, lead, at_us))
        with self.board.writing():
            done, position = answer_handoff(self.desk, number, answer, rights, lead, plan)
        return self._record(done, position)

    def _reassign(self, store: Store, number: int, to: str | None, rights: Rights, at_us: int) -> Record:
        lead, plan = self._lead(store, number, at_us)
        self._must_consent(number, holds_of(plan, lead, at_us))
        with self.board.writing():
            done = reassign(self.desk, number, to, rights, holds_of(plan, lead, at_us), at_us)
        return self._record(done, None)

    def _must_consent(self, number: int, holds: Holds) -> None:
        """Raise WrongStateError where nobody has a lead, and it has not consented to being contacted."""
        one = handoff_wanted(self.desk, number)
        if one.state in UNANSWERED - {OPEN}:
            wait = consent_wait(self.desk.sales.contact, holds, asked=one.hand_raise is not None)
            if wait is not None:
                raise WrongStateError(f"handoff {number} can be given to nobody yet. {wait.why}")

    def owner_of(self, number: int) -> str | None:
        """Return who has a handoff, or raise InputError where there is none."""
        return handoff_wanted(self.desk, number).owner

    def would_go_to(self, store: Store, lead: str, definition: str, at_us: int) -> tuple[LeadNow, Routed]:
        """Return who would get a lead now, and why; nothing is given. Raises InputError where there is no such lead."""
        plan = self._reading_sales(plan_named(self.plans, definition))
        key = keys_of_leads(store, (lead,))[lead]
        named = identifiers_of(store, {key})[key]
        found = self.now(
            store, plan, named.value, lambda one: any(o.name.value == named.value for o in one.owned), at_us
        )
        holds = holds_of(plan, found, at_us)
        contacts = self._contacts(store, [found], at_us).of(found)
        wait = wait_of(self.desk.sales.contact, Known(found, holds, contacts), at_us, asked=False)
        return found, Routed(None, wait.why) if wait else would_go_to(self.desk, found, definition, holds, at_us)

    def answer_task(self, store: Store, number: int, said: TaskAnswer) -> Record:
        """Close a task; return it, with the position from which scores know that a raised hand is answered."""
        one = task_wanted(self.board, number)
        shown = one.lead if one.hand_raise is None else self._of_task(store, one, said.at_us).lead
        with self.board.writing():
            done, position = answer_task(self.board, number, said, shown)
        return task_record(done) | {"position": position}

    def task_owner(self, number: int) -> str | None:
        """Return who has a task, or raise InputError where there is none."""
        return task_wanted(self.board, number).owner

    def _of_task(self, store: Store, one: Task, at_us: int) -> LeadNow:
        plan = self._plan_of(one.definition, f"task {one.number}")
        return self.now(store, plan, one.lead.value, lambda lead: lead.owns(one.lead, one.made_us), at_us)

    def _lead(self, store: Store, number: int, at_us: int) -> tuple[LeadNow, Plan]:
        one = handoff_wanted(self.desk, number)
        plan = self._plan_of(one.definition, f"handoff {number}")
        return self.now(store, plan, one.lead.value, lambda lead: lead.owns(one.lead, one.made_us), at_us), plan

    def _plan_of(self, definition: str, what: str) -> Plan:
        if definition not in self.plans:
            raise InputError(f"the definition of {what}, {definition}, is not live any more")
        return self.plan(definition)

    def now(self, store: Store, plan: Plan, value: str, is_it: Callable[[LeadNow], bool], at_us: int) -> LeadNow:
        """Return the lead that an identifier's text is of, and that is the one meant."""
        found = next((lead for lead in LeadsNow(store, plan).of([value], at_us) if is_it(lead)), None)
        if found is None:
            raise InputError(f'nothing is known of the lead "{value}" at that moment')
        return found

    # ---- when leads may be contacted --------------------------------------------------------------------

    def candidates(self, store: Store, ones: Sequence[One], at_us: int) -> list[Candidate[One]]:
        """Return handoffs or tasks with what is known of their leads, and why these may not be contacted now.

        That takes a moment: it is asked for before the book is held, since others write meanwhile.
        """
        if not ones:
            return []
        leads = self.leads_of(store, ones, at_us)
        log = self._contacts(store, list(leads.values()), at_us)
        return [self._candidate(one, leads.get(one.number), log, at_us) for one in ones]

    def _candidate(self, one: One, lead: LeadNow | None, log: ContactLog, at_us: int) -> Candidate[One]:
        holds = holds_of(self.plans[one.definition], lead, at_us)
        known = Known(lead, holds) if lead is None else Known(lead, holds, log.of(lead))
        wait = wait_of(self.desk.sales.contact, known, at_us, asked=one.hand_raise is not None)
        return Candidate(one, lead, holds, wait)

    def leads_of(self, store: Store, handoffs: Sequence[Handoff] | Sequence[Task], at_us: int) -> dict[int, LeadNow]:
        """Return the leads of handoffs, or of tasks, by their numbers, read together."""
        found = dict[int, LeadNow]()
        for definition in {one.definition for one in handoffs}:
            own = [one for one in handoffs if one.definition == definition]
            values = {one.lead.value for one in own}
            for lead in LeadsNow(store, self.plan(definition)).of(values, at_us):
                found |= {one.number: lead for one in own if lead.owns(one.lead, one.made_us)}
        return found

    def _contacts(self, store: Store, leads: Sequence[LeadNow], at_us: int) -> ContactLog:
        """Return when leads were contacted in the week before an instant."""
        rules, names = self.desk.sales.contact, {one.name for lead in leads for one in lead.owned}
        week = at_us - WEEK_US, at_us
        return ContactLog(
            [] if rules.touches is None else self.board.touches(names, week[0]),
            [] if rules.mails is None else mails_to(store, names, rules.mail_names, week),
        )

    def _record(self, one: Handoff, position: int | None) -> Record:
        return {**handoff_record(one, rows.steps_of(self.board.db, one.number)), "position": position}


def holds_of(plan: Plan, lead: LeadNow | None, at_us: int) -> Holds:
    """Return what answers conditions on a lead's traits; everything about nobody is unknown."""

    def lookup(name: Name) -> Value | None:
        return None if lead is None else lead.profile.get(name.key)

    return Reader(lookup, plan.zone, plan.zone.day(at_us)).holds


def _reading(plan: Plan, traits: Sequence[str]) -> Plan:
    """Return a plan that reads further traits; nothing that it scores changes."""
    return replace(plan, traits=tuple(dict.fromkeys((*plan.traits, *traits))))


@contextmanager
def opened_desk(workspace: Workspace) -> Iterator[tuple[HandoffDesk, Store]]:
    """Open the handoffs of a workspace and its history, for a command; InputError where nothing was published yet."""
    plans = live_plans(workspace)
    with (
        opened_salespeople(workspace) as people,
        book_connection(workspace) as db,
        opened_store(workspace) as store,
    ):
        yield HandoffDesk(db, people, plans, announcer_of(workspace, people).announce), store
