"""History while the server runs: files, and behind them what came since. One thread does all the work on it."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import TypeVar

from ripeline.entry.bootstrap.live import LiveHistory, compact, live_scores
from ripeline.entry.log import note, note_error
from ripeline.entry.workspace import Workspace
from ripeline.plan.nodes import Plan

T = TypeVar("T")

COMPACT_BEHIND = 20_000
"""So many events in memory are written to files."""

LOOK_AGAIN_S = 1.0
"""How often somebody looks whether files were imported, or a day has begun."""

SCORES_BEHIND_S = 5.0
"""How long lists of leads may be behind while requests keep coming."""

AFTER_FAILURE_S = 2.0

PAUSE_S = 0.05
"""How long events gather before they are applied together."""


class Live:
    """Applies what is accepted, answers from it, and moves it into files in the background."""

    def __init__(self, workspace: Workspace, plans: Mapping[str, Plan], now_us: Callable[[], int]) -> None:
        """Take the workspace and its plans by name; nothing is opened yet."""
        self._workspace, self._now_us = workspace, now_us
        self.scores = {name: live_scores(plan, number) for number, (name, plan) in enumerate(plans.items())}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="history")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="compaction")
        self._wake, self._moved = asyncio.Event(), asyncio.Condition()
        self._history: LiveHistory | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.position, self.keeps_up, self.compactions = 0, True, 0

    async def start(self) -> None:
        """Open history, read what is waiting, and go on reading."""
        fields = frozenset(field for scores in self.scores.values() for field in scores.plan.fields)
        self._history = await self._on_thread(lambda: LiveHistory(self._workspace, keeps_failed=True, fields=fields))
        await self._advance()
        await self.bring_up()
        self._tasks.append(asyncio.create_task(self._keep_up()))

    async def stop(self) -> None:
        """Stop reading, and close."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._writer.shutdown()
        if self._history is not None:
            await self._on_thread(self._history.close)
        self._thread.shutdown()

    def wake(self) -> None:
        """Say that something was accepted."""
        self._wake.set()

    async def at(self, position: int, wait_s: float) -> bool:
        """Wait until a position is applied; say whether it is."""
        async with self._moved:
            try:
                await asyncio.wait_for(self._moved.wait_for(lambda: self.position >= position), wait_s)
            except TimeoutError:
                return False
        return True

    async def ask(self, question: Callable[[LiveHistory], T]) -> T:
        """Ask something of history."""
        history = self._history
        if history is None:
            raise RuntimeError("history is not open")
        return await self._on_thread(lambda: question(history))

    async def catch_up(self, until_us: int) -> None:
        """Apply everything that was accepted, and bring all scores to an instant."""
        await self._advance()
        await self.bring_up(until_us)

    async def bring_up(self, until_us: int | None = None) -> None:
        """Bring all scores to an instant, the present one unless told; also where nothing was sent."""
        await self.ask(lambda history: self._bring_up(history, self._now_us() if until_us is None else until_us))

    def _bring_up(self, history: LiveHistory, now_us: int) -> None:
        touched, imported = history.touched, history.imported
        history.touched, history.imported = set(), False
        store = history.store
        for scores in self.scores.values():
            if imported or now_us >= scores.due_us:
                scores.sweep(store, now_us)
            elif touched:
                scores.touch(store, touched, now_us)

    async def _keep_up(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK_AGAIN_S)
            self._wake.clear()
            try:
                await self._advance()
                await self.bring_up()
                if not self.keeps_up:
                    note("what was accepted is applied again", position=self.position)
                self.keeps_up = True
            except Exception as error:  # noqa: BLE001 - whatever it was, what was accepted is safe and is read anew
                if self.keeps_up:
                    note_error("what was accepted cannot be applied; trying again", error)
                self.keeps_up = False
                await asyncio.sleep(AFTER_FAILURE_S)
                with suppress(Exception):
                    await self.ask(lambda history: history.start_over())
            await asyncio.sleep(PAUSE_S)

    async def _advance(self) -> None:
        """Read on, a stretch at a time; whoever waits for a position is told after each."""
        since = monotonic()
        while await self.ask(lambda history: history.step()):
            await self._tell()
            if monotonic() - since > SCORES_BEHIND_S:
                await self.bring_up()
                since = monotonic()
            if await self.ask(lambda history: history.behind) >= COMPACT_BEHIND:
                await self.compact()
        await self._tell()

    async def _tell(self) -> None:
        self.position = await self.ask(lambda history: history.position)
        async with self._moved:
            self._moved.notify_all()

    async def compact(self) -> None:
        """Write what is applied to files, beside everything else; the next step reads from these files."""
        until, since = self.position, monotonic()
        loop = asyncio.get_running_loop()
        done = await loop.run_in_executor(self._writer, lambda: compact(self._workspace, until, self._now_us()))
        self.compactions += 1
        seconds = round(monotonic() - since, 3)
        note("compacted", after=done.after, until=done.until, calls=done.calls, seconds=seconds)

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
