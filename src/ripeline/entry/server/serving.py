"""What answers are made from: history, and everybody's scores by the versions that are live; one thread works on it."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ripeline.entry.bootstrap.definitions import live_versions, plan_of_version
from ripeline.entry.bootstrap.live import LiveHistory, live_scores
from ripeline.entry.workspace import Workspace
from ripeline.ports.definitions import Published

T = TypeVar("T")


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
    may be read by everybody; whoever wants more asks.
    """

    def __init__(self, thread: ThreadPoolExecutor, workspace: Workspace, versions: Mapping[str, Published]) -> None:
        """Open history at its last cut; on the thread that is going to work on it."""
        self._thread, self.versions = thread, versions
        self.plans = {name: plan_of_version(one) for name, one in versions.items()}
        self.number = max(one.number for one in versions.values())
        self.scores = live_scores(self.plans)
        self.history = LiveHistory(workspace, keeps_failed=True)

    async def ask(self, question: Callable[["Serving"], T]) -> T:
        """Ask something on the thread that works on this."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, question, self)

    def bring_up(self, now_us: int) -> None:
        """Bring all scores to an instant, also where nothing was sent."""
        history = self.history
        touched, imported = history.touched, history.imported
        history.touched, history.imported = set(), False
        store = history.store
        for scores in self.scores.values():
            if imported or now_us >= scores.due_us:
                scores.sweep(store, now_us)
            elif touched:
                scores.touch(store, touched, now_us)

    def note_live(self) -> None:
        """Write down from which position on these versions are scored by, where that is new."""
        new = [one.number for one in self.versions.values() if one.position is None]
        if new:
            self.history.note_live(new)

    async def close(self) -> None:
        """Answer what was asked before, and close."""
        await self.ask(lambda serving: serving.history.close())
        self._thread.shutdown()
