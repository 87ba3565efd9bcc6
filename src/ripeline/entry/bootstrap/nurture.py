"""The lists of leads to nurture of a workspace, kept beside everybody's scores; for one thread."""

from collections.abc import Collection, Iterable, Mapping

from ripeline.adapters.book.board import Board
from ripeline.adapters.book.nurtured import SqliteNurtured
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.live_scores import LiveScores
from ripeline.adapters.engines.nurtured import NurtureList, causes_by_name
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.definitions import live_plans, plan_named
from ripeline.entry.bootstrap.live import live_scores, opened_store
from ripeline.entry.workspace import Workspace
from ripeline.ports.nurture import NurtureChange
from ripeline.usecases.nurture import change_list, happenings, is_quiet, members_of, since_of
from ripeline.vocabulary.nurture import NurtureAsked, Nurtured

TOGETHER = 10_000
"""Leads that join or leave in one transaction."""

Causes = frozenset[str]


class Nurture:
    """Who is to be nurtured by each definition: written down and told as it changes."""

    def __init__(self, board: Board) -> None:
        """Take the book."""
        self._board = board
        self._lists: dict[str, NurtureList] = {}
        self._due: dict[str, set[str] | None] = {}
        self._causes: dict[str, Causes] = {}

    def look(
        self,
        store: Store,
        touched: Mapping[str, Iterable[str]],
        found: Mapping[str, Collection[str] | None],
        at_us: int,
    ) -> Collection[str]:
        """Note who may join or leave: everybody whom somebody touched is looked at, or everybody.

        touched: identifiers that took part in something, with what brought that about. found: None by each definition
        by which everybody was scored anew. Returns all names of whoever was touched.
        """
        scored = any(those is not None for those in found.values())
        causes = causes_by_name(store, touched, at_us, just_scored=scored) if touched else {}
        self._causes |= causes
        for definition, those in found.items():
            before = self._due.get(definition, set())
            self._due[definition] = None if those is None or before is None else {*before, *causes}
        return causes.keys()

    def keep_up(
        self, store: Store, scores: Mapping[str, LiveScores], general: Mapping[str, Causes], at_us: int
    ) -> bool:
        """Let some leads join or leave; say whether there are more.

        general: by definition, what brings about whatever happens to leads that took part in nothing.
        """
        for definition, of in scores.items():
            listed = self.listed(definition, of)
            if definition in self._due:
                listed.compare(store, self._due.pop(definition))
            changes = listed.some(store, TOGETHER)
            if changes:
                usual = general.get(definition, Causes())
                loud = [one for one in changes if not is_quiet(self._causes.get(one.nurtured.lead) or usual)]
                self._change(store, listed, changes, loud, at_us)
                return True
        self._causes.clear()
        return False

    def _change(
        self, store: Store, listed: NurtureList, changes: list[NurtureChange], loud: list[NurtureChange], at_us: int
    ) -> None:
        names = [one.nurtured.lead for one in changes if one.joins]
        joined = members_of(changes, self._board.nurtured.fallen(listed.definition, names), at_us)
        by_key = {one.key: one for one in joined}
        told = happenings(listed.told(store, loud, at_us), by_key, listed.version, at_us) if loud else []
        with self._board.writing():
            change_list(self._board, listed.definition, changes, joined, told)
        listed.note(store, joined, changes)

    def listed(self, definition: str, scores: LiveScores) -> NurtureList:
        """Return the list of a definition."""
        if definition not in self._lists:
            self._lists[definition] = NurtureList(definition, scores, self._board.nurtured)
        return self._lists[definition]


def nurture_now(
    workspace: Workspace, definition: str, since: str | None, most: int | None, at_us: int
) -> tuple[int, list[Nurtured]]:
    """Return how many are to be nurtured, and the first of them, for a command: everybody is scored for it.

    since: who joined then or later; most: None for all. Raises InputError where there is no such definition that is
    live, or the time cannot be read.
    """
    plan = plan_named(live_plans(workspace), definition)
    asked = NurtureAsked(None if since is None else since_of(since, plan.zone), most)
    with book_connection(workspace) as db, opened_store(workspace) as store:
        scores = live_scores({definition: plan})[definition]
        scores.sweep(store, at_us)
        return NurtureList(definition, scores, SqliteNurtured(db)).page(store, asked, at_us)
