"""A past that is lived through: leads move and are handed over, and salespeople answer, by a clock that is told."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

from ripeline.definition.model import Promise
from ripeline.entry.bootstrap.book import deciding_alone
from ripeline.entry.bootstrap.definitions import live_versions, plans_of, settle
from ripeline.entry.bootstrap.lifecycle import Lifecycle
from ripeline.entry.bootstrap.live import LiveHistory, live_scores
from ripeline.entry.workspace import Workspace
from ripeline.handoff.answers import VERBS
from ripeline.handoff.hours import due
from ripeline.usecases.answer import Rights
from ripeline.usecases.said import Said
from ripeline.vocabulary.handoffs import OPEN, Handoff
from ripeline.vocabulary.stages import EVENT

After = Callable[[int, float], int]
"""From an instant and working minutes to the instant at which so many have passed."""

AnswersTo = Callable[[Handoff, After], Iterable[tuple[int, Said]]]
"""What somebody is going to say of a handoff that they were just given, each with when."""


class Look(Protocol):
    """When leads are looked at, and which of them did something since; everybody: all of them are scored anew."""

    @property
    def at_us(self) -> int: ...
    @property
    def leads(self) -> Collection[str]: ...
    @property
    def everybody(self) -> bool: ...


@dataclass(frozen=True, slots=True, order=True)
class _Planned:
    """What somebody is going to say of a handoff, if it is theirs still; turn: which was planned first."""

    at_us: int
    turn: int
    number: int
    given_us: int | None
    said: Said


def live_through(
    workspace: Workspace, looks: Sequence[Look], answers_to: AnswersTo, report: Callable[[int], None]
) -> dict[str, int]:
    """Let a workspace live through its past, look by look; return how many handoffs there are then, by state.

    What is imported counts as of when it happened. report: is told the instant of each look. Raises InputError where a
    server decides about the workspace.
    """
    with deciding_alone(workspace):
        settle(workspace, looks[0].at_us)
        past = _Past(workspace, answers_to)
        try:
            for look in looks:
                past.live_until(look)
                report(look.at_us)
            return past.come_to_an_end(looks[-1].at_us)
        finally:
            past.close()


class _Past:
    """What a server holds while it runs, and what salespeople are going to say; for one thread."""

    def __init__(self, workspace: Workspace, answers_to: AnswersTo) -> None:
        self._plans, self._answers_to = plans_of(live_versions(workspace)), answers_to
        self.lifecycle, self._history = Lifecycle(workspace, self._plans), LiveHistory(workspace)
        self._scores = live_scores(self._plans)
        self._planned, self._turns = list[_Planned](), count()
        self._given = set[tuple[int, int | None]]()
        self._history.advance(self.lifecycle.begins_at())
        self._history.touched.clear()

    def close(self) -> None:
        self._history.close()
        self.lifecycle.close()

    def live_until(self, look: Look) -> None:
        """Let salespeople answer what they answer until then; then move whoever is to be moved, and hand over."""
        while self._planned and self._planned[0].at_us <= look.at_us:
            self._answer(heappop(self._planned))
        self._see_to_clocks(look.at_us)
        self._move(look)
        self._plan()

    def come_to_an_end(self, at_us: int) -> dict[str, int]:
        """Write what was answered to files of history, as a server does; return how many handoffs are in each state."""
        self._history.advance()
        self._history.write_out(at_us)
        return self.lifecycle.counts()

    def _answer(self, one: _Planned) -> None:
        self._see_to_clocks(one.at_us)
        desk = self.lifecycle.desk
        now = desk.board.handoff(one.number)
        # Meanwhile the deal may have ended, or the lead be suppressed.
        if now is not None and now.owner and now.assigned_us == one.given_us and now.state in VERBS[one.said.verb][0]:
            desk.says(self._history.store, one.number, one.said, Rights(now.owner), one.at_us)

    def _see_to_clocks(self, at_us: int) -> None:
        """Do what clocks say until an instant; whoever is given something by that answers too."""
        while self.lifecycle.giving_out.tick(self._history.store, at_us, at_us):
            self._plan()

    def _move(self, look: Look) -> None:
        history, lifecycle = self._history, self.lifecycle
        history.advance()
        for name in look.leads:
            history.touched[name].add(EVENT)
        store, touched = history.store, dict(history.touched)
        history.touched.clear()
        found = dict[str, set[str] | None]()
        for name, scores in self._scores.items():
            if look.everybody:
                scores.sweep(store, look.at_us)
            found[name] = None if look.everybody else scores.touch(store, touched, look.at_us)
        lifecycle.look(store, self._scores, touched, found, look.at_us, imported=False)
        while lifecycle.advance_some(store, self._scores, history.position, look.at_us):
            pass
        lifecycle.finish(history.cut_number, history.position, look.at_us)
        while lifecycle.giving_out.step(store, look.at_us):
            pass

    def _plan(self) -> None:
        """Ask what is going to be said of what was just given to somebody."""
        for one in self.lifecycle.desk.board.live():
            given = one.number, one.assigned_us
            if one.state == OPEN and given not in self._given:
                self._given.add(given)
                for at_us, said in self._answers_to(one, self._after(one)):
                    heappush(self._planned, _Planned(at_us, next(self._turns), *given, said))

    def _after(self, one: Handoff) -> After:
        sales = self.lifecycle.desk.desk.sales
        owner = sales.people.get(one.owner or "")
        hours = sales.hours if owner is None else owner.hours
        return lambda at_us, minutes: due(hours, at_us, Promise(max(1, round(minutes)), "m"))
