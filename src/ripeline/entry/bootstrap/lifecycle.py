"""Stages of a workspace, moved on by what history and clocks say; for one thread."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ripeline.adapters.book.inbox import connected, last_position
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.accounts_now import accounts_may_move, who_qualifies
from ripeline.adapters.engines.leads_now import may_move
from ripeline.adapters.engines.live_scores import LiveScores
from ripeline.adapters.engines.places import NOWHERE, places
from ripeline.entry.bootstrap.announce import announcer_of
from ripeline.entry.bootstrap.desk import HandoffDesk
from ripeline.entry.bootstrap.giving_out import GivingOut
from ripeline.entry.bootstrap.nurture import Nurture
from ripeline.entry.bootstrap.removal_check import RemovalCheck, rules_of
from ripeline.entry.bootstrap.removals import Removals
from ripeline.entry.bootstrap.sales import Salespeople
from ripeline.entry.bootstrap.tell_people import tell_people
from ripeline.entry.workspace import Workspace
from ripeline.plan.nodes import Plan
from ripeline.ports.handoffs import Advanced
from ripeline.ports.imports import UNDO
from ripeline.ports.lifecycle import LeadNow
from ripeline.ports.scores import LevelChange
from ripeline.usecases.advance import advance_leads
from ripeline.usecases.announce import level_happening
from ripeline.usecases.follow_up import lately_since
from ripeline.usecases.queues import queues_record
from ripeline.usecases.rounds import Round
from ripeline.usecases.undone import forget_gone
from ripeline.vocabulary.handoffs import Handoff
from ripeline.vocabulary.happenings import LEVEL_CHANGED
from ripeline.vocabulary.stages import DEFINITION, ERASURE, EVENT, IMPORT, TIME, UNDONE

TOGETHER = 200
"""Leads that are moved in one transaction."""


class Lifecycle:
    """Moves leads of the definitions that are live; their handoffs are given out, and all are told, beside it."""

    def __init__(self, workspace: Workspace, plans: Mapping[str, Plan], *, alone: bool = False) -> None:
        """Open the book. plans: by the definitions' names in the workspace; alone: nobody waits while this works."""
        self._db = connected(workspace.book)
        self._plans = plans
        people = Salespeople(workspace, self._db)
        self._announcer = announcer_of(workspace, people)
        self.desk = HandoffDesk(self._db, people, plans, self._announcer.announce)
        self._board = self.desk.board
        self._causes = defaultdict[str, set[str]](set)
        self._general: dict[str, frozenset[str]] = {}
        self._waiting: dict[str, list[str]] = {}
        self.giving_out = GivingOut(self.desk)
        self.nurture = Nurture(self._board)
        self.removals = Removals(RemovalCheck(self._board, plans, rules_of(workspace), alone))

    def close(self) -> None:
        """Close the book."""
        self._db.close()

    def begins_at(self) -> int:
        """Return up to which position of the inbox leads were moved already: what came before is nothing new."""
        known = [self._board.advanced(name) for name in self._plans]
        return min((last_position(self._db) if one is None else one.position for one in known), default=0)

    # ---- stages ---------------------------------------------------------------------------------------

    def look(
        self,
        store: Store,
        scores: Mapping[str, LiveScores],
        touched: Mapping[str, Iterable[str]],
        found: Mapping[str, Collection[str] | None],
        at_us: int,
        *,
        imported: bool = True,
    ) -> None:
        """Note who may have to be moved.

        touched: identifiers that took part since the last look, with what brought that about. found: by definition, those
        of them who may move by their scores; None where everybody was scored anew. imported: everybody's past may be
        another one.
        """
        for name, causes in touched.items():
            self._causes[name].update(causes)
        # Who did something moves by the score alone; where something was decided about people, all of it is looked at.
        decided = [name for name, causes in touched.items() if not set(causes) <= {EVENT}]
        names, scored = self.nurture.look(store, touched, found, at_us), None in found.values()
        self.removals.look(store, names, scored=scored, imported=imported)
        for definition, those in found.items():
            of = scores[definition]
            self._general[definition] = self._general.get(definition, frozenset()) | self._general_causes(
                definition, of.plan
            )
            if those is not None and of.plan.definition.per == "account":
                # Who left an account moved it, and is no part of it any more.
                self._general[definition] |= {cause for causes in touched.values() for cause in causes}
            moving = self._may_move(store, definition, of, touched, at_us) if those is None else those
            if UNDONE in self._general[definition]:
                moving = {*moving, *self._board.may_be_undone(definition)}
            self._waiting[definition] = sorted({*moving, *decided, *self._waiting.get(definition, ())})

    def _may_move(
        self, store: Store, definition: str, scores: LiveScores, touched: Iterable[str], at_us: int
    ) -> set[str]:
        # What came by import touches nobody, and conditions may count days.
        self._board.see_again(definition)
        tasks = self._board.tasks.lately(definition, lately_since(scores.plan, at_us))
        found = may_move(store, scores, tasks, at_us, stood=len(self._plans) == 1)
        found |= self._board.unanswered_among(touched)
        if scores.plan.definition.per == "account":
            found |= accounts_may_move(store, scores, self._live(definition), at_us)
        return found

    def _live(self, definition: str) -> list[Handoff]:
        return [one for one in self._board.live() if one.definition == definition]

    def _general_causes(self, definition: str, plan: Plan) -> frozenset[str]:
        """Return what may have moved leads that nobody touched."""
        before = self._board.advanced(definition)
        if before is None:
            others = [one for one in self._plans if one != definition and self._board.advanced(one)]
            return frozenset({DEFINITION if others else IMPORT})
        found = {DEFINITION} if before.fingerprint != plan.fingerprint else set[str]()
        for cause in self._board.manifests_since(before.manifest):
            found.add(ERASURE if cause == ERASURE else UNDONE if cause.startswith(UNDO) else IMPORT)
        return frozenset(found)

    def advance_some(self, store: Store, scores: Mapping[str, LiveScores], position: int, at_us: int) -> bool:
        """Move some of those who wait for it, then see to the lists of leads to nurture; say whether there are more."""
        for definition, waiting in self._waiting.items():
            if waiting:
                some, self._waiting[definition] = waiting[:TOGETHER], waiting[TOGETHER:]
                self._advance(store, scores[definition], definition, some, (position, at_us))
                return True
        return self.nurture.keep_up(store, scores, self._general, at_us)

    def finish(self, manifest: int, position: int, at_us: int) -> None:
        """Write down that everybody was moved who had to be."""
        known = {name: self._board.advanced(name) for name in self._plans}
        new = {name: Advanced(one.fingerprint, manifest, position, at_us) for name, one in self._plans.items()}
        # A quiet minute leaves the book alone.
        if any(known[name] is None or _differs(known[name], one) for name, one in new.items()):
            with self._board.writing():
                for name, one in new.items():
                    self._board.note_advanced(name, one)
        self._causes.clear()
        self._general.clear()

    def _advance(
        self, store: Store, scores: LiveScores, definition: str, some: Sequence[str], at: tuple[int, int]
    ) -> None:
        position, at_us = at
        leads = list(who_qualifies(store, scores.plan).of(some, at_us))
        round_ = Round(scores.plan, definition, at_us, position, lambda lead: self._causes_of(definition, lead))
        with self._board.writing():
            moved = advance_leads(self._board, round_, leads)
            if UNDONE in self._general[definition]:
                known = {one.name.value for lead in leads for one in lead.owned}
                forget_gone(self._board, definition, set(some) - known, at_us)
        scores.show_stages(store, {line.lead.value: line.after for line in moved})

    def _causes_of(self, definition: str, lead: LeadNow) -> frozenset[str]:
        own = {cause for one in lead.owned for cause in self._causes.get(one.name.value, ())}
        general = self._general[definition]
        # Whatever somebody did meanwhile, what was undone is looked for.
        return frozenset(own) | (general & {UNDONE}) or general or frozenset({TIME})

    def queues(self, store: Store, scores: Mapping[str, LiveScores], definition: str, at_us: int) -> dict[str, Any]:
        """Return where everybody is who meets a definition."""
        return queues_record(definition, *places(store, scores[definition], self._live(definition), at_us))

    def nowhere(self, store: Store, scores: Mapping[str, LiveScores], at_us: int) -> int:
        """Return how many leads meet a definition and are in no queue: there is a defect where it is not 0."""
        return sum(self.queues(store, scores, name, at_us)["places"][NOWHERE] for name in scores)

    def lines(self) -> int:
        """Return how many moves were logged ever."""
        return self._board.lines()

    def counts(self) -> dict[str, int]:
        """Return how many handoffs there are in each state."""
        return self._board.counts()

    # ---- the outside ----------------------------------------------------------------------------------

    @property
    def promised(self) -> int:
        """How many messages were put into the outbox since this was opened."""
        return self._announcer.promised

    @property
    def tells_levels(self) -> bool:
        """Say whether anybody wants to be told of levels."""
        return self._announcer.asks_for(LEVEL_CHANGED)

    def tell_levels(self, definition: str, changes: Sequence[LevelChange], at_us: int) -> None:
        """Promise that changes of levels are told."""
        if not changes:
            return
        version = f"{definition}@{self._plans[definition].fingerprint}"
        with self._board.writing():
            self._board.tell([level_happening(one, version, at_us) for one in changes])

    def tell_people(self, store: Store, at_us: int) -> bool:
        """Tell people of some handoffs; say whether there were any."""
        return tell_people(self._announcer, self.desk, store, at_us)


def _differs(one: Advanced | None, other: Advanced) -> bool:
    return one is None or (one.fingerprint, one.manifest, one.position) != (
        other.fingerprint,
        other.manifest,
        other.position,
    )
