"""History while the server runs: files, and behind them what came since. One thread does all the work on it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ripeline.entry.bootstrap import LiveHistory, compact
from ripeline.entry.workspace import Workspace

T = TypeVar("T")

COMPACT_BEHIND = 20_000
"""So many events in memory are written to files."""

PAUSE_S = 0.05
"""How long events gather before they are applied together."""


class Live:
    """Applies what is accepted, answers from it, and moves it into files in the background."""

    def __init__(self, workspace: Workspace, now_us: Callable[[], int]) -> None:
        """Take the workspace; nothing is opened yet."""
        self._workspace, self._now_us = workspace, now_us
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="history")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="compaction")
        self._wake, self._moved = asyncio.Event(), asyncio.Condition()
        self._history: LiveHistory | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.position = 0

    async def start(self) -> None:
        """Open history, read what is waiting, and go on reading."""
        self._history = await self._on_thread(lambda: LiveHistory(self._workspace, keeps_failed=True))
        await self._advance()
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

    async def _keep_up(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._advance()
            await self._compact_if_due()
            await asyncio.sleep(PAUSE_S)

    async def _advance(self) -> None:
        self.position = await self.ask(lambda history: history.advance())
        async with self._moved:
            self._moved.notify_all()

    async def _compact_if_due(self) -> None:
        if await self.ask(lambda history: history.behind) >= COMPACT_BEHIND:
            await self.compact()

    async def compact(self) -> None:
        """Write what is applied to files, while reading goes on from memory; then read from these files."""
        until = self.position
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._writer, lambda: compact(self._workspace, until, self._now_us()))
        await self._advance()

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
