"""Who is who, decided: what a merge or an un-merge would change, and making it; for the API and the pages alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.bootstrap.live import opened_history
from ripeline.entry.server.services import Services
from ripeline.handoff.packet import Person
from ripeline.intake.decisions import Linking
from ripeline.ports.history import History
from ripeline.usecases.identity import Change, change_of, merge_of, unmerge_of
from ripeline.usecases.who import people_of

MERGE: Final = "merge"
UNMERGE: Final = "unmerge"

_DECIDES: Final[Mapping[str, Callable[[History, str, str, int], list[Linking]]]] = {
    MERGE: merge_of,
    UNMERGE: unmerge_of,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to decide. kind: MERGE or UNMERGE; identifier: the other lead, or the name that is taken out."""

    kind: str
    lead: str
    identifier: str

    @property
    def leads(self) -> tuple[Sequence[str], Sequence[str]]:
        """Whom it concerns, before and after."""
        both, one = (self.lead, self.identifier), (self.lead,)
        return (both, one) if self.kind == MERGE else (one, both)


@dataclass(frozen=True, slots=True)
class Looked:
    """What decisions would change, and who the leads are, before and after."""

    change: Change
    before: Mapping[str, Person]
    after: Mapping[str, Person]


class Deciding:
    """Looks at decisions, and makes them."""

    def __init__(self, services: Services) -> None:
        """Take what it works with."""
        self._with = services

    async def decisions(self, asked: Asked, at_us: int) -> list[Linking]:
        """Return what is to be decided; InputError where there is nothing to decide."""
        decide = _DECIDES[asked.kind]
        return await self._with.live.ask(
            lambda serving: decide(history_of(serving.history.store), asked.lead, asked.identifier, at_us)
        )

    async def look(self, asked: Asked, decisions: list[Linking]) -> Looked:
        """Return what decisions would change by the default definition."""
        return await run_in_threadpool(self._look, asked, decisions)

    def make(self, decisions: list[Linking]) -> int:
        """Make decisions; return the position from which they hold."""
        position = self._with.book.decide(decisions)
        self._with.live.wake()
        return position

    def _look(self, asked: Asked, decisions: list[Linking]) -> Looked:
        """See it beside the live history, which nobody but its thread may touch."""
        plan, at_us = self._with.live.plans[self._with.name(None)], decisions[0].at_us
        with opened_history(self._with.workspace) as before, opened_history(self._with.workspace, decisions) as after:
            change = change_of(plan, before, after, asked.leads, decisions, at_us)
            people = people_of(before, change.before, at_us), people_of(after, change.after, at_us)
        return Looked(change, *people)
