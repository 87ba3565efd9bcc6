"""What the server serves, kept current: what is accepted is applied, what is published takes its place."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from logging import ERROR, INFO
from time import monotonic
from typing import TypeVar

from ripeline.entry.bootstrap.book import BookOfServer
from ripeline.entry.bootstrap.erase import finish
from ripeline.entry.bootstrap.live import settle
from ripeline.entry.bootstrap.remove import remove_due
from ripeline.entry.log import note, note_error
from ripeline.entry.server.serving import Serving, opened_serving
from ripeline.entry.workspace import Workspace
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import unwatched

T = TypeVar("T")

COMPACT_BEHIND = 50_000
"""So many events in memory are written to files."""

LONGEST_LOOK_S = 2.0
"""How long somebody who asks for what is due waits for the removal list."""

LOOKING_PAUSE, QUIET_S = 30, 2.0
"""Until nobody has asked anything for so long, pauses between looks for removals are so many times as long as a look
takes: half a second with a million leads, and who asks meanwhile waits for it."""

LOOK_AGAIN_S = 1.0
"""How often somebody looks whether files were imported, something was published, or a day has begun."""

SCORING_PAUSE = 2
"""While events keep coming, pauses between scoring are so many times as long as it takes: what came can be asked about
meanwhile."""

AFTER_FAILURE_S = 2.0

FEW, MOST_ROUNDS = 300, 5
"""What is published is ready when so few were touched while the others were scored; or after so many rounds of that."""

PAUSE_S = 0.05
"""How long events gather before they are applied together."""


class Live:
    """Applies what is accepted, answers from it, and moves it into files in the background.

    What is published meanwhile is made ready beside what serves (see `_follow`), which nobody notices but by its
    scores: both read the same history, each on a thread of its own.
    """

    def __init__(
        self, workspace: Workspace, book: BookOfServer, now_us: Callable[[], int], deliver: Callable[[], None]
    ) -> None:
        """Take the workspace, its book, the clock, and whom to tell of new messages; nothing is opened yet."""
        self._workspace, self._book, self._now_us = workspace, book, now_us
        self._wake, self._moved = asyncio.Event(), asyncio.Condition()
        self._moving, self._settling, self._removing = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()
        self._now: Serving | None = None
        self._next: asyncio.Task[Serving | None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.position, self.keeps_up, self.compactions = 0, True, 0
        self._scoring_due_s, self._nowhere = 0.0, 0
        self._look_due_s, self._asked_s = 0.0, 0.0
        self._deliver, self._promised = deliver, 0

    async def start(self) -> None:
        """Open history, read what is waiting, score everybody, and go on reading."""
        self._now = await opened_serving(self._workspace)
        await self.catch_up(self._now_us())
        await self._do(Serving.note_live)
        self._begin(self._keep_up())

    async def stop(self) -> None:
        """Stop reading, and close."""
        tasks = [*self._tasks, *([] if self._next is None else [self._next])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._now is not None:
            await self._now.close()

    @property
    def serving(self) -> Serving:
        """What answers are made from at the moment."""
        if self._now is None:
            raise RuntimeError("history is not open")
        return self._now

    @property
    def plans(self) -> dict[str, Plan]:
        """The plans that are live, by the definition's name in the workspace, the default one first."""
        return self.serving.plans

    @property
    def fingerprints(self) -> dict[str, str]:
        """Of the definitions that are live, by name."""
        return {name: plan.fingerprint for name, plan in self.plans.items()}

    @property
    def is_switching(self) -> bool:
        """Say whether something is published that does not serve yet."""
        return self._book.last_published() > self.serving.number

    def wake(self) -> None:
        """Say that something was accepted or published."""
        self._wake.set()

    async def at(self, position: int, wait_s: float) -> bool:
        """Wait until a position is applied; say whether it is."""
        return await self._until(lambda: self.position >= position, wait_s)

    async def serves(self, number: int, wait_s: float) -> bool:
        """Wait until what was published under a number serves, or something later; say whether it does."""
        return await self._until(lambda: self.serving.number >= number, wait_s)

    async def _until(self, holds: Callable[[], bool], wait_s: float) -> bool:
        async with self._moved:
            try:
                await asyncio.wait_for(self._moved.wait_for(holds), wait_s)
            except TimeoutError:
                return False
        return True

    async def ask(self, question: Callable[[Serving], T]) -> T:
        """Ask something of what serves: history, scores and plans that belong together. What can wait, waits."""
        self._asked_s = monotonic()
        return await self._do(question)

    async def _do(self, step: Callable[[Serving], T]) -> T:
        return await self.serving.ask(step)

    async def catch_up(self, until_us: int) -> None:
        """Apply everything that was accepted, and bring all scores to an instant."""
        async with self._moving:
            await self._advance()
            await self._bring_up(until_us)
            while await self._tell_people(until_us):
                pass

    async def catch_up_removals(self, until_us: int) -> None:
        """Go on with the removal list as of an instant, and remove whoever is to be removed without anybody's doing.

        The list of many leads takes long to complete: the rest of it is left for when nothing else is to be done.
        """
        until_s, more = monotonic() + LONGEST_LOOK_S, True
        while more and monotonic() < until_s:
            async with self._moving:
                more = await self._do(lambda serving: serving.look_for_removals(until_us))
        if await self._do(lambda serving: serving.removes(until_us)):
            await self._remove(lambda: until_us)
            await self.catch_up(until_us)

    async def _look_for_removals(self) -> None:
        """Look at a few leads, whether they are to be removed, where nothing else is to be done: nobody hurries."""
        at_us, since_s = self._now_us(), monotonic()
        if self.position < self._book.accepted() or since_s < min(self._look_due_s, self._asked_s + QUIET_S):
            return
        more = await self._do(lambda serving: serving.look_for_removals(at_us))
        self._look_due_s = monotonic() + LOOKING_PAUSE * (monotonic() - since_s)
        if more:
            return
        if not self._removing.locked() and await self._do(lambda serving: serving.removes(at_us)):
            self._begin(self._remove(self._now_us))

    async def _remove(self, now_us: Callable[[], int]) -> None:
        """Remove whoever is to be removed by now, beside everything else: it may take long."""
        async with self._removing:
            try:
                done = await asyncio.to_thread(remove_due, self._workspace, now_us, unwatched)
                if done.erasure is not None:
                    note("removed", leads=len(done.people), position=done.erasure.position)
                    # The files go when this server reads others: it has to notice.
                    self.wake()
                    await asyncio.to_thread(finish, self._workspace, unwatched)
            except Exception as error:  # noqa: BLE001 - they are on the list still, and it is tried again
                note_error("who is to be removed cannot be removed; trying again", error)
                await asyncio.sleep(AFTER_FAILURE_S)

    async def _bring_up(self, until_us: int) -> None:
        """Bring scores, stages and clocks to an instant, midnight by midnight; others ask between the steps."""
        since = monotonic()
        for at_us in await self._do(lambda serving: serving.instants(until_us)):
            await self._bring_up_once(at_us, until_us)
        self._scoring_due_s = monotonic() + SCORING_PAUSE * (monotonic() - since)

    async def _bring_up_once(self, at_us: int, now_us: int) -> None:
        while await self._do(lambda serving: serving.tick(at_us, now_us)):
            pass
        await self._do(lambda serving: serving.bring_up(at_us))
        await self._do(lambda serving: serving.tell_levels(at_us))
        while await self._do(lambda serving: serving.move_some(at_us)):
            pass
        await self._do(lambda serving: serving.hand_over(at_us))
        if self.serving.nowhere != self._nowhere:
            self._nowhere = self.serving.nowhere
            note(
                "leads that meet the definition are in no queue", ERROR if self._nowhere else INFO, leads=self._nowhere
            )
        if await self._tell_people(at_us):
            self.wake()  # packets take a moment: what was accepted meanwhile is applied between

    async def _tell_people(self, at_us: int) -> bool:
        """Tell people of some handoffs, and let it be delivered at once what was just promised; say whether there may be more."""
        more = await self._do(lambda serving: serving.tell_people(at_us))
        promised = self.serving.lifecycle.promised
        if promised != self._promised:
            self._promised = promised
            self._deliver()
        return more

    @property
    def _is_scoring_due(self) -> bool:
        return monotonic() >= self._scoring_due_s

    async def _keep_up(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK_AGAIN_S)
            self._wake.clear()
            try:
                async with self._moving:
                    await self._advance()
                    if self._is_scoring_due or self.position >= self._book.accepted():
                        await self._bring_up(self._now_us())
                    if await self._do(lambda serving: serving.history.holds_erased(self._now_us())):
                        await self.compact()
                    await self._look_for_removals()
                if not self.keeps_up:
                    note("what was accepted is applied again", position=self.position)
                self.keeps_up = True
            except Exception as error:  # noqa: BLE001 - whatever it was, what was accepted is safe and is read anew
                if self.keeps_up:
                    note_error("what was accepted cannot be applied; trying again", error)
                self.keeps_up = False
                await asyncio.sleep(AFTER_FAILURE_S)
                with suppress(Exception):
                    await self._do(lambda serving: serving.history.start_over())
            await asyncio.sleep(PAUSE_S)

    async def _advance(self) -> None:
        """Read what was accepted by now, and what patterns in it come to.

        What comes meanwhile is left for another time: clients that never pause would never let it end.
        """
        await self._read(self._book.accepted())
        if await self._do(self._judge):
            await self._read(self._book.accepted())

    async def _read(self, until: int) -> None:
        """Read on, a stretch at a time; whoever waits for a position is told after each."""
        while await self._do(lambda serving: serving.history.step(until)):
            await self._tell()
            await self._follow()
            if self._is_scoring_due:
                await self._bring_up(self._now_us())
            if await self._do(lambda serving: serving.history.behind) >= COMPACT_BEHIND:
                await self._do(self._judge)
                await self.compact()
        await self._tell()
        await self._follow()

    def _judge(self, serving: Serving) -> bool:
        return serving.history.judge(self._now_us())

    async def _tell(self) -> None:
        self.position = await self._do(lambda serving: serving.history.position)
        async with self._moved:
            self._moved.notify_all()

    async def compact(self) -> None:
        """Write what is applied to files, unless an import is being written; then it waits for another time."""
        since = monotonic()
        done = await self._do(lambda serving: serving.history.write_out(self._now_us()))
        if done is not None:
            self.compactions += 1
            seconds = round(monotonic() - since, 3)
            note("compacted", after=done.after, until=done.until, calls=done.calls, seconds=seconds)
        if not self._settling.locked():
            self._begin(self._settle())

    async def _settle(self) -> None:
        """Write files anew in which judgements change something, or that are small, beside everything else: it may take long."""
        async with self._settling:
            try:
                await asyncio.to_thread(settle, self._workspace, self._now_us())
            except Exception as error:  # noqa: BLE001 - files are as they were, and it is tried again with the next ones
                note_error("files cannot be written anew; trying again with the next ones", error)

    # ---- what is published ---------------------------------------------------------------------------

    async def _follow(self) -> None:
        """Have what is published made ready beside what serves, and switch to it once it is."""
        if self._next is None:
            if self.is_switching:
                self._next = asyncio.create_task(self._prepared())
                self._next.add_done_callback(lambda _: self.wake())
        elif self._next.done():
            ready, self._next = self._next.result(), None
            if ready is not None:
                await self._switch(ready)

    async def _prepared(self) -> Serving | None:
        """Read history and score everybody by what is published; None where that fails, and it is tried again."""
        made = None
        try:
            made = await opened_serving(self._workspace)
            await made.ask(self._made_ready)
        except Exception as error:  # noqa: BLE001 - what serves goes on serving, whatever it was
            note_error("what is published cannot be made ready; trying again", error)
            if made is not None:
                await made.close()
            await asyncio.sleep(AFTER_FAILURE_S)
            return None
        return made

    def _made_ready(self, serving: Serving) -> None:
        """Score everybody, then whoever was touched meanwhile, until that is soon done; leave little for the switch."""
        history = serving.history
        history.advance(self.position)
        serving.bring_up(self._now_us())
        for _ in range(MOST_ROUNDS):
            history.advance(self.position)
            few = len(history.touched) <= FEW and not history.imported
            serving.bring_up(self._now_us())
            if few:
                break
        history.advance(self.position)

    async def _switch(self, ready: Serving) -> None:
        """Bring what is ready to where the other stands, and let it take its place: history, scores, plans at once.

        Whoever was touched on these last steps is scored with all others who are touched, right after.
        """
        before = self.serving
        try:
            reached = await before.ask(lambda serving: serving.history.position)
            await ready.ask(lambda serving: serving.history.advance(reached))
            await ready.ask(Serving.note_live)
        except BaseException:
            self._begin(ready.close())
            raise
        self._now = ready
        await self._tell()
        note("published", position=reached, definitions=self.fingerprints)
        self._begin(before.close())

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
