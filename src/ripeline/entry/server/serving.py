"""What answers are made from: history, and everybody's scores by the versions that are live; one thread works on it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ripeline.entry.bootstrap.definitions import live_versions, plans_of
from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.bootstrap.lifecycle import Lifecycle
from ripeline.entry.bootstrap.live import LiveHistory, live_scores
from ripeline.entry.bootstrap.packets import packet_of_handoff
from ripeline.entry.bootstrap.removal_check import RemovalCheck
from ripeline.entry.workspace import Workspace
from ripeline.handoff.packet import Packet
from ripeline.ports.definitions import Published
from ripeline.ports.scores import LevelChange
from ripeline.usecases.answer import Rights
from ripeline.usecases.answer_task import TaskAnswer
from ripeline.usecases.said import Said
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.nurture import NurtureAsked, Nurtured
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.stages import QUIET

T = TypeVar("T")

DAYS_BEHIND = 31
"""Days that are gone through one by one where nobody looked for long."""


async def opened_serving(workspace: Workspace) -> "Serving":
    """Open history on a thread of its own, for scores by the versions that are live in the book; none is made yet."""
    thread = ThreadPoolExecutor(1, thread_name_prefix="history")
    made = asyncio.get_running_loop().run_in_executor(
        thread, lambda: Serving(thread, workspace, live_versions(workspace))
    )
    try:
        return await made
    except BaseException:
        thread.shutdown(wait=False)
        raise


class Serving:
    """History with everybody's scores by some versions; versions never change, another of these takes its place.

    versions, scores: by the definition's name in the workspace, the default one first. Only `plans` and `number`
    may be read by everybody, and `nowhere`: how many leads were in no queue when everybody was looked at last; whoever
    wants more asks.
    """

    def __init__(self, thread: ThreadPoolExecutor, workspace: Workspace, versions: Mapping[str, Published]) -> None:
        """Open history at its last cut; on the thread that is going to work on it."""
        self._thread, self.versions = thread, versions
        self.plans = plans_of(versions)
        self.number = max(one.number for one in versions.values())
        self.scores = live_scores(self.plans)
        self.history = LiveHistory(workspace, keeps_failed=True)
        self.lifecycle = Lifecycle(workspace, self.plans)
        self.history.advance(self.lifecycle.begins_at())
        self.history.touched.clear()
        self._is_new, self.nowhere = False, 0
        self._levels = defaultdict[str, list[LevelChange]](list)

    async def ask(self, question: Callable[["Serving"], T]) -> T:
        """Ask something on the thread that works on this."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, question, self)

    def bring_up(self, now_us: int) -> None:
        """Bring all scores to an instant, also where nothing was sent; whoever may move from their stage is noted."""
        history = self.history
        touched, imported = dict(history.touched), history.imported
        history.touched.clear()
        if history.latest_us > now_us:
            # At that instant some of it has not happened yet: whoever took part in it is looked at again.
            history.touched.update({name: set(causes) for name, causes in touched.items()})
        history.imported = False
        store, found = history.store, dict[str, set[str] | None]()
        for name, scores in self.scores.items():
            if imported or now_us >= scores.due_us:
                scores.sweep(store, now_us)
                found[name] = None
            elif touched:
                changes = list[LevelChange]() if self.lifecycle.tells_levels else None
                found[name] = scores.touch(store, touched, now_us, changes)
                self._levels[name] += [one for one in changes or () if not _is_quiet(touched.get(one.lead.value, ()))]
        self._is_new |= None in found.values()
        if found:
            self.lifecycle.look(store, self.scores, touched, found, now_us, imported=imported)

    def move_some(self, now_us: int) -> bool:
        """Move some leads from stage to stage; say whether there are more to be looked at."""
        return self.lifecycle.advance_some(self.history.store, self.scores, self.history.position, now_us)

    def tell_levels(self, now_us: int) -> None:
        """Promise that levels are told that changed since the last time."""
        for name in list(self._levels):
            self.lifecycle.tell_levels(name, self._levels[name], now_us)
            # Each is forgotten once it is written: where the next one fails, all is tried again.
            del self._levels[name]

    def hand_over(self, now_us: int) -> None:
        """Write down that leads were moved, and give their handoffs out."""
        self.lifecycle.finish(self.history.cut_number, self.history.position, now_us)
        self.lifecycle.giving_out.step(self.history.store, now_us)
        if self._is_new:
            self._is_new = False
            self.nowhere = self.lifecycle.nowhere(self.history.store, self.scores, now_us)

    @property
    def check(self) -> RemovalCheck:
        """What says of leads whether they are to be removed."""
        return self.lifecycle.removals.check

    def look_for_removals(self, at_us: int) -> bool:
        """Look at some leads, whether they are to be removed; say whether there may be more."""
        return self.lifecycle.removals.step(self.history.store, self.scores, at_us)

    def removes(self, at_us: int) -> bool:
        """Say whether somebody is to be removed without anybody's doing by now."""
        return bool(self.lifecycle.removals.due(at_us, most=1))

    def tell_people(self, at_us: int) -> bool:
        """Tell people of some handoffs that they were promised to be told of; say whether there were any."""
        return self.lifecycle.tell_people(self.history.store, at_us)

    def packet(self, number: int, at_us: int) -> tuple[Packet, Zone]:
        """Return the packet of a handoff, and by whose clocks it is read. InputError where there is none."""
        desk = self.lifecycle.desk
        packet = packet_of_handoff(desk, self.history.store, number, at_us)
        return packet, desk.plans[packet.handoff.definition].zone

    def queues(self, name: str, at_us: int) -> dict[str, object]:
        """Return where everybody is who meets a definition."""
        return self.lifecycle.queues(self.history.store, self.scores, name, at_us)

    def tick(self, until_us: int, now_us: int) -> bool:
        """See to clocks of handoffs whose time came until an instant; say whether there are more."""
        return self.lifecycle.giving_out.tick(self.history.store, until_us, now_us)

    def instants(self, until_us: int) -> list[int]:
        """Return when leads may move, or a clock does something, from now until an instant, that one included.

        Of days nobody looked at there may be many; not more of them are gone through than DAYS_BEHIND.
        """
        midnights = sorted({at for scores in self.scores.values() for at in scores.midnights(until_us)})
        return [*midnights[-DAYS_BEHIND:], until_us]

    def says(self, number: int, said: Said, rights: Rights, at_us: int) -> dict[str, object]:
        """Answer a handoff, or give it to somebody else; return it."""
        return self.lifecycle.desk.says(self.history.store, number, said, rights, at_us)

    def closes(self, number: int, said: TaskAnswer) -> dict[str, object]:
        """Close a task; return it."""
        return self.lifecycle.desk.answer_task(self.history.store, number, said)

    def to_nurture(self, name: str, asked: NurtureAsked, at_us: int) -> tuple[int, list[Nurtured]]:
        """Return how many leads are to be nurtured by a definition, and a page of them."""
        return self.lifecycle.nurture.listed(name, self.scores[name]).page(self.history.store, asked, at_us)

    def names_of(self, lead: str) -> list[Name]:
        """Return all names that belong together with one, devices among them. Raises InputError where there is none."""
        return history_of(self.history.store).names(lead)

    def note_live(self) -> None:
        """Write down from which position on these versions are scored by, where that is new.

        Whose levels changed until then was told by what served before.
        """
        self._levels.clear()
        new = [one.number for one in self.versions.values() if one.position is None]
        if new:
            self.history.note_live(new)

    async def close(self) -> None:
        """Answer what was asked before, and close."""
        await self.ask(lambda serving: serving.history.close())
        await self.ask(lambda serving: serving.lifecycle.close())
        self._thread.shutdown()


def _is_quiet(causes: Iterable[str]) -> bool:
    """Say whether nothing but what is quiet touched somebody."""
    found = set(causes)
    return bool(found) and found <= QUIET
