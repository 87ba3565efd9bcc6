"""Handoffs and tasks of a workspace, given out to whoever can take them, and their clocks; for one thread."""

from collections.abc import Mapping, Sequence

from ripeline.adapters.columnar.store import Store
from ripeline.entry.bootstrap.desk import HandoffDesk, holds_of
from ripeline.handoff.clock import BREACHED, STILL_OPEN, falls_due
from ripeline.handoff.sales import REASSIGN
from ripeline.usecases.assign import Desk, HoldsOf, assign_waiting
from ripeline.usecases.assign_tasks import assign_tasks, release_tasks
from ripeline.usecases.hand_on import hand_on, hand_tasks_on, to_hand_on
from ripeline.usecases.release import left_today, release_some, to_release
from ripeline.usecases.tick import tick
from ripeline.vocabulary.calendar import SECOND_US
from ripeline.vocabulary.handoffs import OPEN, Handoff
from ripeline.vocabulary.tasks import Task

MINUTE_US = 60 * SECOND_US

TOGETHER = 200
"""Handoffs, or tasks, that are seen to in one transaction."""


class GivingOut:
    """Gives what waits to salespeople, lets what was held back go, and does what clocks say."""

    def __init__(self, desk: HandoffDesk) -> None:
        """Take the handoffs."""
        self._desk, self._board = desk, desk.board
        self._given_at: tuple[object, int] = None, 0
        self._away_at: tuple[object, int] = None, 0
        self._sales_version: object = None
        self._last_task, self._last_held = 0, dict[str, int]()

    def step(self, store: Store, at_us: int) -> bool:
        """Give handoffs and tasks out to whoever can take them: when there is something new, and every minute.

        Says whether anything was changed: there may be more then.
        """
        state = self._board.state(at_us), self._desk.people.version
        if state == self._given_at[0] and at_us - self._given_at[1] < MINUTE_US:
            return False

        desk, zones = self._desk.desk, {name: one.zone for name, one in self._desk.plans.items()}
        with self._board.writing():
            self._follow_sales()
            hand_tasks_on(desk, at_us)
        # Leads are read before the book is held again: others write meanwhile.
        away = self._away(desk, at_us)
        holds_of = self._holds_of(store, desk, [one for one in away if one.state == OPEN], at_us)
        waiting = self._desk.candidates(store, self._board.waiting(TOGETHER, at_us), at_us)
        tasks = self._desk.candidates(store, self._tasks_in_turn(), at_us)
        held_tasks = self._desk.candidates(store, self._held_tasks(left_today(desk, zones, at_us)), at_us)
        held = self._desk.candidates(store, to_release(desk, zones, (at_us, TOGETHER)), at_us)
        with self._board.writing():
            hand_on(desk, away, holds_of, at_us)
            assign_waiting(desk, waiting, at_us)
            assign_tasks(desk, tasks, at_us)
            left = release_some(desk, zones, held, at_us)
            release_tasks(desk, held_tasks, left, at_us)
        self._note_held(left, [one.one for one in held_tasks])
        # As it was before: where anything was changed, there may be more to do.
        self._given_at = state, at_us
        return self._board.state(at_us) != state[0]

    def _follow_sales(self) -> None:
        """Look again at everybody who waits once other rules hold for it, inside a transaction."""
        if self._sales_version != self._desk.people.version:
            self._sales_version = self._desk.people.version
            self._board.see_again()

    def _away(self, desk: Desk, at_us: int) -> list[Handoff]:
        """Return what people who are away have; nothing where it was looked at within a minute, by the same rules.

        There may be a lot of it that nobody else can take, and each time its leads are read.
        """
        version, at = self._away_at
        if version == self._desk.people.version and at <= at_us < at + MINUTE_US:
            return []
        self._away_at = self._desk.people.version, at_us
        return to_hand_on(desk, at_us)

    def _tasks_in_turn(self) -> list[Task]:
        """Return the next waiting tasks: all come up in turn, also where nobody can take many."""
        found = self._board.tasks.waiting(self._last_task, TOGETHER)
        self._last_task = found[-1].number if len(found) == TOGETHER else 0
        return found

    def _held_tasks(self, left: Mapping[str, int]) -> list[Task]:
        """Return the next held tasks of definitions of which some may leave."""
        names = [name for name, most in left.items() if most > 0]
        return [one for name in names for one in self._board.tasks.held(name, self._last_held.get(name, 0), TOGETHER)]

    def _note_held(self, left: Mapping[str, int], tasks: Sequence[Task]) -> None:
        """Go on behind those that nobody could take, as long as more may leave; else begin with the oldest again."""
        found = {
            name: [one.number for one in tasks if one.definition == name] for name, most in left.items() if most > 0
        }
        self._last_held = {name: numbers[-1] for name, numbers in found.items() if len(numbers) == TOGETHER}

    def tick(self, store: Store, until_us: int, now_us: int) -> bool:
        """See to some clocks whose time came until an instant, of which now is the last; say whether there are more."""
        due, desk = self._board.due(until_us, TOGETHER), self._desk.desk
        if not due:
            return False
        routed = {BREACHED, STILL_OPEN} if REASSIGN in desk.sales.on_breach else set[str]()
        holds_of = self._holds_of(store, desk, [one for one in due if falls_due(one) in routed], until_us)
        with self._board.writing():
            for one in due:
                if self._board.handoff(one.number) == one:
                    tick(desk, one, holds_of, now_us)
        return True

    def _holds_of(self, store: Store, desk: Desk, handoffs: Sequence[Handoff], at_us: int) -> HoldsOf:
        """Return what answers conditions on the traits of handoffs' leads; where nothing asks, they are not read."""
        asks = any(route.when is not None for route in desk.sales.routes) or desk.sales.contact.consent is not None
        leads = self._desk.leads_of(store, handoffs, at_us) if asks and handoffs else {}
        return lambda one: holds_of(self._desk.plans[one.definition], leads.get(one.number), at_us)
