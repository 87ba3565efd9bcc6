"""By which channel everybody first came: known anew with what comes in, and not more often than it is worth."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from ripeline.entry.bootstrap.came import Came, everybody_came
from ripeline.entry.server.live import Live
from ripeline.entry.server.work import Work, Works
from ripeline.entry.workspace import Workspace
from ripeline.ports.scores import Progress
from ripeline.vocabulary.calendar import DAY_US

WAIT_S: Final = 2.0
"""A page waits so long for it; where it takes longer the page says so, and asks again."""

PAUSE: Final = 20
"""What was found holds for so many times as long as it took, whatever comes in meanwhile."""

ABOUT: Final = "how everybody first came"
Reached = tuple[int, int, int]
"""Of history: its files, how far it was read, and the day."""


@dataclass(frozen=True, slots=True)
class Found:
    """It, of what history it is, and until when it may be used whatever came since."""

    came: Came
    of: Reached
    until_s: float


@dataclass(slots=True)
class EverybodyCame:
    """What is known of it."""

    workspace: Workspace
    live: Live
    works: Works
    _last: Found | None = field(default=None, init=False)

    async def now(self, at_us: int) -> tuple[Came | None, Work | None]:
        """Return what is known, None while it is found out for the first time; and the work where there is any."""
        reached = await self._reached(at_us)
        self._take(self.works.of(ABOUT))
        if self._last is not None and (self._last.of == reached or monotonic() < self._last.until_s):
            return self._last.came, None
        work = self.works.begin(
            ABOUT, lambda progress: asyncio.to_thread(self._find, reached, at_us, progress), again=True
        )
        with suppress(TimeoutError):
            await asyncio.wait_for(work.over.wait(), WAIT_S)
        self._take(work)
        return None if self._last is None else self._last.came, work

    async def _reached(self, at_us: int) -> Reached:
        number, position = await self.live.ask(lambda serving: (serving.history.cut_number, serving.history.position))
        return number, position, at_us // DAY_US

    def _find(self, reached: Reached, at_us: int, progress: Progress) -> Found:
        began_s = monotonic()
        came = everybody_came(self.workspace, reached[1], at_us, progress)
        return Found(came, reached, monotonic() + PAUSE * (monotonic() - began_s))

    def _take(self, work: Work | None) -> None:
        if work is not None and isinstance(work.result, Found):
            self._last = work.result
