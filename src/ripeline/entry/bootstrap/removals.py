"""The removal list of a workspace, kept beside everybody's scores a few leads at a time; for one thread."""

from collections.abc import Iterable, Mapping, Sequence

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.live_scores import LiveScores
from ripeline.adapters.engines.removable import Candidates
from ripeline.entry.bootstrap.removal_check import RemovalCheck
from ripeline.usecases.removals import days_far_apart
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.removals import Proposed, Verdict

TOGETHER = 300
"""Leads that are looked at together on a few days."""


class Removals:
    """Who is on the list: found, and taken off it again, as everybody's scores change."""

    def __init__(self, check: RemovalCheck) -> None:
        """Take what says who is to be on it. Everybody is looked at anew."""
        self.check = check
        self._book = check.board.removals
        self._candidates: Candidates | None = None
        self._touched, self._far, self._left = set[str](), list[str](), list[str]()
        self._is_due, self._again, self._holds = True, True, -1

    @property
    def left(self) -> int:
        """How many are still to be looked at, as far as is known."""
        return len(self._left) + len(self._far) + (0 if self._candidates is None else self._candidates.left)

    def look(self, store: Store, names: Iterable[str], *, scored: bool, imported: bool) -> None:
        """Note who is to be looked at: whoever was touched, by all their names; everybody where all were scored.

        imported: everybody's past may be another one.
        """
        self._is_due |= scored
        self._again |= imported
        touched = set(names)
        if touched and self._candidates is not None:
            self._candidates.forget(store, touched)
            self._touched |= touched

    def step(self, store: Store, scores: Mapping[str, LiveScores], at_us: int) -> bool:
        """Look at some leads; say whether there may be more."""
        if self._candidates is None:
            self._candidates = Candidates(scores)
        candidates = self._candidates
        self._follow_holds(store, candidates)
        if self._is_due:
            self._begin(store, candidates, at_us)
        elif self._touched:
            self._look_at_touched(store, candidates)
        elif self._far:
            some, self._far = self._far[:TOGETHER], self._far[TOGETHER:]
            self._look_far_apart(store, candidates, some, at_us)
        elif self._left:
            some, self._left = self._left[: self.check.at_once], self._left[self.check.at_once :]
            self._judge(store, candidates, self.check.verdicts(store, some, at_us), at_us)
        elif candidates.left:
            self._look_far_apart(store, candidates, candidates.some(store, TOGETHER), at_us)
        else:
            return False
        return True

    def due(self, at_us: int, most: int | None = None) -> list[Proposed]:
        """Return who has been on the list for so long that they are removed without anybody's doing; most: None for all."""
        wait_us = self.check.rules.wait_us
        return [] if wait_us is None else list(self._book.proposed_until(at_us - wait_us, most))

    def _follow_holds(self, store: Store, candidates: Candidates) -> None:
        """Look again at whoever something kept off the list, once others are on hold."""
        changes = self._book.hold_changes()
        if changes != self._holds:
            self._holds, self._is_due = changes, True
            if not self._again:
                candidates.forget_waiting(store)

    def _begin(self, store: Store, candidates: Candidates, at_us: int) -> None:
        """Take off the list whom current scores keep, and put in a queue who is to be looked at."""
        listed = self._book.everybody()
        if self._again:
            candidates.forget(store)
        gone = set(candidates.gone(store, [one.lead.value for one in listed]))
        self._withdraw([one.lead for one in listed if one.lead.value in gone])
        candidates.queue(store, at_us, [one.lead.value for one in listed], again=self._again)
        # Who is on the list is not in the queue, though touched.
        self._touched |= {*self._left, *self._far}
        self._left.clear()
        self._far.clear()
        self._is_due = self._again = False

    def _look_at_touched(self, store: Store, candidates: Candidates) -> None:
        """Take off the list whom current scores keep; nearly nobody who did something is one to be removed."""
        touched, self._touched = self._touched, set[str]()
        wanted = set(candidates.among(store, touched))
        self._withdraw([one.lead for one in self._book.among(touched) if one.lead.value not in wanted])
        self._far += sorted(wanted)

    def _look_far_apart(self, store: Store, candidates: Candidates, leads: Sequence[str], at_us: int) -> None:
        """Look at leads on a few days; those who pass are looked at day by day next."""
        days = {name: days_far_apart(own) for name, own in self.check.days(at_us).items()}
        found = list(self.check.by_days(store, leads, days, at_us))
        self._judge(store, candidates, [one for one in found if one.why_not is not None], at_us)
        self._left += [one.lead.value for one in found if one.why_not is None]

    def _judge(self, store: Store, candidates: Candidates, verdicts: Sequence[Verdict], at_us: int) -> None:
        """Write down who is to be on the list, and who is not; remember of the others when to look again."""
        tomorrow = self._tomorrow(at_us)
        kept = [one for one in verdicts if one.why_not is not None]
        candidates.note(store, [(one.lead.value, one.again_us or tomorrow, one.again_us is None) for one in kept])
        self._withdraw([one.lead for one in kept])
        self._propose([Proposed(one.lead, one.since, at_us) for one in verdicts if one.why_not is None])

    def _propose(self, new: Sequence[Proposed]) -> None:
        if new:
            with self.check.board.writing():
                self._book.propose(new)

    def _withdraw(self, names: Sequence[Name]) -> None:
        known = {one.lead for one in self._book.among(name.value for name in names)} if names else set[Name]()
        gone = [name for name in names if name in known]
        if gone:
            with self.check.board.writing():
                self._book.withdraw(gone)

    def _tomorrow(self, at_us: int) -> int:
        return min(one.zone.last_instant(one.zone.day(at_us)) + 1 for one in self.check.plans.values())
