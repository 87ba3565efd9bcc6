"""What was promised is delivered: several destinations side by side, each bounded, none in another's way."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from ripeline.entry.bootstrap.sending import Done, SendingBook, destinations_of, most_at_once
from ripeline.entry.log import note, note_error
from ripeline.entry.workspace import Workspace
from ripeline.handoff.retry import GONE, Answer, following, rests_until
from ripeline.ports.outbox import Taken

T = TypeVar("T")

LOOK_AGAIN_S = 1.0
"""How often somebody looks whether something became due, or was put by another process."""

AFTER_FAILURE_S = 2.0
FINISH_WITHIN_S = 5.0
"""How long attempts may go on when the server stops."""


class Delivery:
    """Delivers what is due until it is stopped; what a killed server was sending is taken up by the next."""

    def __init__(self, workspace: Workspace, now_us: Callable[[], int]) -> None:
        """Take the workspace and the clock, or raise InputError where a secret is missing."""
        self._workspace, self._now_us = workspace, now_us
        self._destinations = destinations_of(workspace.outbox) if workspace.outbox.send else {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="outbox")
        self._woken, self._turning = asyncio.Event(), asyncio.Lock()
        self._attempts: set[asyncio.Task[None]] = set()
        self._under_way: Counter[str] = Counter()
        self._done: list[Done] = []
        self._resting_until_us: dict[str, int] = {}
        self._well = True
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Open the book, and go on delivering."""
        loop = asyncio.get_running_loop()
        lanes = tuple(self._destinations)
        self._book = await loop.run_in_executor(self._thread, lambda: SendingBook(self._workspace, lanes))
        self._loop = loop
        self._going_on = asyncio.create_task(self._go_on())

    async def stop(self) -> None:
        """Let attempts come to an end for a moment, write down what they came to, and close."""
        self._going_on.cancel()
        await asyncio.gather(self._going_on, return_exceptions=True)
        if self._attempts:
            await asyncio.wait(self._attempts, timeout=FINISH_WITHIN_S)
        attempts = list(self._attempts)
        for attempt in attempts:
            attempt.cancel()
        await asyncio.gather(*attempts, return_exceptions=True)
        with suppress(Exception):  # what is not written down is tried again, or told as uncertain
            await self._ask(lambda book: book.turn(self._done, dict.fromkeys(self._destinations, 0), self._now_us()))
        await self._ask(SendingBook.close)
        self._thread.shutdown()
        for destination in self._destinations.values():
            await destination.close()

    def wake(self) -> None:
        """Say that something was put into the outbox; from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._woken.set)

    async def catch_up(self, until_us: int) -> None:
        """Make every attempt that is due at an instant, and wait for what each comes to."""
        while await self._turn(until_us) or self._attempts or self._done:
            if self._attempts:  # one may have ended during the turn: then only its end is to be written down
                await asyncio.wait(self._attempts, return_when=asyncio.FIRST_COMPLETED)

    async def _ask(self, question: Callable[[SendingBook], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, question, self._book)

    async def _go_on(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK_AGAIN_S)
            self._woken.clear()
            try:
                await self._turn(self._now_us())
                if not self._well:
                    note("the outbox is delivered again")
                self._well = True
            except Exception as error:  # noqa: BLE001 - whatever it was, messages are safe in the book
                if self._well:
                    note_error("the outbox cannot be delivered; trying again", error)
                self._well = False
                await asyncio.sleep(AFTER_FAILURE_S)

    async def _turn(self, at_us: int) -> bool:
        """Write down what attempts came to, begin those that are due; say whether any was begun."""
        async with self._turning:
            done = tuple(self._done)
            room = {way: self._room(way, at_us) for way in self._destinations}
            taken = await self._ask(lambda book: book.turn(done, room, at_us))
            del self._done[: len(done)]
            for one in taken:
                self._under_way[one.lane] += 1
                attempt = asyncio.create_task(self._attempt(one, at_us))
                self._attempts.add(attempt)
                attempt.add_done_callback(self._attempts.discard)
        return bool(taken)

    def _room(self, way: str, at_us: int) -> int:
        if at_us < self._resting_until_us.get(way, at_us):
            return 0
        return most_at_once(way) - self._under_way[way]

    async def _attempt(self, taken: Taken, at_us: int) -> None:
        """Make one attempt. Whatever happens to it, the message is seen to."""
        may_arrive = False

        async def begun() -> None:
            nonlocal may_arrive
            await self._ask(lambda book: book.begin(taken.message.id))
            may_arrive = True

        try:
            answer = await self._destinations[taken.lane].send(taken.message, at_us, begun)
        except Exception as error:  # noqa: BLE001 - a defect of ours must not hold up the lane
            note_error("defect", error)
            answer = Answer("uncertain" if may_arrive else "failed", None, "a defect of Ripeline; its log says more")
        finally:
            self._under_way[taken.lane] -= 1
        self._done.append(Done(taken, at_us, answer))
        if (rest_us := rests_until(answer, at_us)) is not None:
            self._resting_until_us[taken.lane] = rest_us
        self._tell(taken, answer, at_us)
        self._woken.set()

    def _tell(self, taken: Taken, answer: Answer, at_us: int) -> None:
        """Note what an operator has to see: what is given up, and what nobody can know."""
        then = following(answer, taken.tried + 1, at_us)
        if then.state not in {"dead", "uncertain"}:
            return
        gone = answer.status == GONE and taken.message.kind != "mail"
        what = "a destination wants no more messages" if gone else f"a message is {then.state}"
        note(
            what,
            logging.WARNING,
            message=taken.message.id,
            lane=taken.lane,
            type=taken.message.type,
            status=answer.status,
        )
