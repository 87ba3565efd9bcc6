"""Says of single leads whether they are to be on the removal list; for one thread."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ripeline.adapters.book.board import Board
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import identifiers_of, known_keys_of_leads
from ripeline.adapters.engines.leads_now import LeadsNow
from ripeline.adapters.engines.logged import name_of
from ripeline.adapters.engines.removable import last_other_days
from ripeline.entry.removal_settings import removal_rules
from ripeline.entry.workspace import Workspace
from ripeline.plan.nodes import Plan
from ripeline.ports.lifecycle import LeadNow
from ripeline.usecases.removals import RemovalRules, days_of, kept_by, kept_by_day
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.removals import OtherDay, Verdict

MOST_ROWS, MOST_ROWS_ALONE = 4_000, 36_000
"""Ends of days, over all leads, that are scored together: a third of a second's work where others wait; or where nobody does."""

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
    """Says of single leads whether they are to be on the list.

    plans: by the definitions' names in the workspace. alone: nobody waits meanwhile.
    """

    board: Board
    plans: Mapping[str, Plan]
    rules: RemovalRules
    alone: bool = False

    @property
    def at_once(self) -> int:
        """How many leads are looked at day by day together."""
        rows = MOST_ROWS_ALONE if self.alone else MOST_ROWS
        return max(1, rows // max(1, sum(one.definition.stages.remove_after for one in self.plans.values())))

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
