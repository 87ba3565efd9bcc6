"""The removal list of a workspace, kept beside everybody's scores a few leads at a time; for one thread."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ripeline.adapters.book.board import Board
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import identifiers_of, known_keys_of_leads
from ripeline.adapters.engines.leads_now import LeadsNow
from ripeline.adapters.engines.live_scores import LiveScores
from ripeline.adapters.engines.logged import name_of
from ripeline.adapters.engines.removable import Candidates, last_other_days
from ripeline.entry.removal_settings import removal_rules
from ripeline.entry.workspace import Workspace
from ripeline.plan.nodes import Plan
from ripeline.ports.lifecycle import LeadNow
from ripeline.usecases.removals import RemovalRules, days_far_apart, days_of, kept_by, kept_by_day
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.removals import OtherDay, Proposed, Verdict

TOGETHER = 300
"""Leads that are looked at together on a few days."""

MOST_ROWS = 4_000
"""Ends of days, over all leads, that are scored together: a third of a second's work."""

Days = Mapping[str, Iterable[int]]
"""Local days, by definition."""


def rules_of(workspace: Workspace) -> RemovalRules:
    """Return how people are removed from a workspace, or raise InputError."""
    try:
        return removal_rules(workspace.removals)
    except InputError as error:
        raise InputError(f"{workspace.settings}: {error}") from error


@dataclass(frozen=True, slots=True)
class RemovalCheck:
    """Says of single leads whether they are to be on the list. plans: by the definitions' names in the workspace."""

    board: Board
    plans: Mapping[str, Plan]
    rules: RemovalRules

    @property
    def at_once(self) -> int:
        """How many leads are looked at day by day together."""
        return max(1, MOST_ROWS // max(1, sum(one.definition.stages.remove_after for one in self.plans.values())))

    def days(self, at_us: int) -> dict[str, range]:
        """Return the days that count, by definition."""
        return {name: days_of(plan, at_us) for name, plan in self.plans.items()}

    def since(self, at_us: int) -> int:
        """Return the first day of those that count by every definition."""
        return max(days.start for days in self.days(at_us).values())

    def verdicts(self, store: Store, leads: Sequence[str], at_us: int) -> list[Verdict]:
        """Look at leads, by the names they are shown by, on every day that counts, and at what else keeps them."""
        found = {one.lead: one for one in self.by_days(store, leads, self.days(at_us), at_us)}
        left = [name for name, one in found.items() if one.why_not is None]
        for name, why in self._kept(store, left, at_us).items():
            found[name] = replace(found[name], why_not=why)
        return list(found.values())

    def verdict(self, store: Store, lead: Name, at_us: int) -> Verdict:
        """Look at one lead: what keeps it whatever its scores comes before days."""
        kept = self._kept(store, [lead], at_us)
        if lead in kept:
            return Verdict(lead, self.since(at_us), kept[lead])
        (one,) = self.by_days(store, [lead.asked], self.days(at_us), at_us)
        return one

    def by_days(self, store: Store, leads: Sequence[str], days: Days, at_us: int) -> Iterator[Verdict]:
        """Yield what some days say of leads; nothing of those whom nobody knows."""
        keys = known_keys_of_leads(store, leads)
        named = {key: name_of(one) for key, one in identifiers_of(store, set(keys.values())).items()}
        others = {name: self._others(store, name, list(named), own, at_us) for name, own in days.items()}
        for key, name in named.items():
            speaks = {one: found[key] for one, found in others.items() if key in found}
            yield self._verdict(name, speaks, at_us)

    def _others(
        self, store: Store, definition: str, keys: Sequence[int], days: Iterable[int], at_us: int
    ) -> dict[int, OtherDay]:
        wanted = list(days)
        return last_other_days(store, self.plans[definition], keys, wanted, at_us) if keys and wanted else {}

    def _verdict(self, lead: Name, others: Mapping[str, OtherDay], at_us: int) -> Verdict:
        if not others:
            return Verdict(lead, self.since(at_us))
        again = {name: self._again(name, one) for name, one in others.items()}
        latest = max(others, key=lambda name: again[name])
        plan = self.plans[latest]
        why = kept_by_day(others[latest], latest, plan, plan.zone.day(at_us))
        # What is so today may be otherwise today.
        over = [again[name] for name, one in others.items() if one.day < self.plans[name].zone.day(at_us)]
        return Verdict(lead, self.since(at_us), why, max(over, default=None))

    def _again(self, definition: str, other: OtherDay) -> int:
        plan = self.plans[definition]
        return plan.zone.first_instant(other.day + plan.definition.stages.remove_after)

    def _kept(self, store: Store, leads: Collection[Name], at_us: int) -> dict[Name, str]:
        """Return those of some leads that are kept whatever their scores, with the reason."""
        found = dict[Name, str]()
        for definition, plan in self.plans.items() if leads else ():
            now = {one.lead: one for one in self.now(store, plan, leads, at_us)}
            for name in leads:
                why = self._why_kept(definition, plan, now.get(name), at_us)
                if why is not None:
                    found.setdefault(name, why)
        return found

    def now(self, store: Store, plan: Plan, leads: Iterable[Name], at_us: int) -> Iterator[LeadNow]:
        """Yield leads as they are, with the traits that removals read besides."""
        traits = tuple(dict.fromkeys((*plan.traits, *self.rules.traits)))
        return LeadsNow(store, replace(plan, traits=traits)).of({one.value for one in leads}, at_us)

    def _why_kept(self, definition: str, plan: Plan, lead: LeadNow | None, at_us: int) -> str | None:
        if lead is None:
            return "No lead is shown by that name any more."
        return kept_by(self.board, self.rules, definition, plan, lead, at_us)


class Removals:
    """Who is on the list: found, and taken off it again, as everybody's scores change."""

    def __init__(self, check: RemovalCheck) -> None:
        """Take what says who is to be on it. Everybody is looked at anew."""
        self.check = check
        self._book = check.board.removals
        self._candidates: Candidates | None = None
        self._touched, self._left = set[str](), list[str]()
        self._is_due, self._again, self._holds = True, True, -1

    @property
    def left(self) -> int:
        """How many are still to be looked at, as far as is known."""
        return len(self._left) + (0 if self._candidates is None else self._candidates.left)

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
            self._look_at_touched(store, candidates, at_us)
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
        self._touched |= set(self._left)
        self._left.clear()
        self._is_due = self._again = False

    def _look_at_touched(self, store: Store, candidates: Candidates, at_us: int) -> None:
        some = {self._touched.pop() for _ in range(min(TOGETHER, len(self._touched)))}
        wanted = candidates.among(store, some)
        self._withdraw([one.lead for one in self._book.among(some) if one.lead.value not in wanted])
        self._look_far_apart(store, candidates, wanted, at_us)

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
