"""Sends batches when they are due, whatever became of those before: as clients do that know nothing of each other."""

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from typing import Any

import msgspec

from ripeline.entry.simulator.batches import Batch
from ripeline.entry.simulator.connection import Answer, Connection, NoAnswerError, Target
from ripeline.entry.simulator.tally import Outcome, Tally
from ripeline.vocabulary.issues import InputError

WAITING = 2_000
"""Batches that may stand in line for a connection; with more, the next ones are put together later."""

GIVE_UP_AFTER_S = 120.0
LONGEST_PAUSE_S = 5.0
LAST_ANSWERS_WITHIN_S = 5.0
"""How long answers are waited for once somebody said stop."""

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
WRONG = {
    401: "the server does not know this key",
    403: "this key may not be used from here",
    404: "there is no intake at this address",
    405: "there is no intake at this address",
}

Settled = Callable[[Batch, Outcome, int | None], None]


class Sender:
    """Sends over a number of connections, and keeps count.

    keys: the write key of clients (False) and of servers (True). sent_us: what bodies say of when they are sent, anew
    with each try as in most clients. settled: is told what became of each batch, and its position.
    """

    def __init__(
        self,
        target: Target,
        keys: Mapping[bool, str],
        connections: int,
        sent_us: Callable[[], int | None],
        settled: Settled,
    ) -> None:
        """Take where to and with which keys."""
        self._target, self._keys, self._connections = target, keys, connections
        self._sent_us, self._settled = sent_us, settled
        self._line = asyncio.Queue[Batch | None](WAITING)
        self._began_s, self._chance = monotonic(), random.Random()  # noqa: S311 - pauses, no secrets
        self.tally = Tally()

    @property
    def elapsed_s(self) -> float:
        """Seconds since it began."""
        return monotonic() - self._began_s

    async def play(self, batches: Iterator[Batch], stop: asyncio.Event) -> None:
        """Send until there is no batch left and every one is settled, or somebody says stop.

        Raises InputError where the server says that key or address are wrong.
        """
        await self._must_be_there()
        self._began_s = monotonic()
        feeding = asyncio.create_task(self._feed(batches))
        sending = [asyncio.create_task(self._send_on()) for _ in range(self._connections)]
        whole: asyncio.Future[Any] = asyncio.gather(feeding, *sending)
        stopping: asyncio.Future[Any] = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({whole, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if whole.done():
                whole.result()
                return
            feeding.cancel()
            self._empty_line()
            await asyncio.wait(sending, timeout=LAST_ANSWERS_WITHIN_S)
        finally:
            ended = (feeding, *sending, stopping)
            for task in ended:
                task.cancel()
            await asyncio.gather(whole, *ended, return_exceptions=True)

    async def _must_be_there(self) -> None:
        connection = Connection(self._target)
        try:
            await connection.open()
        except NoAnswerError as error:
            raise InputError(f"{self._target.name} does not answer: {error}") from error
        finally:
            connection.close()

    async def _feed(self, batches: Iterator[Batch]) -> None:
        for batch in batches:
            await asyncio.sleep(max(batch.at_s - self.elapsed_s, 0))
            await self._line.put(batch)
        for _ in range(self._connections):
            await self._line.put(None)

    def _empty_line(self) -> None:
        while not self._line.empty():
            self._line.get_nowait()
        for _ in range(self._connections):
            self._line.put_nowait(None)

    async def _send_on(self) -> None:
        connection = Connection(self._target)
        try:
            while (batch := await self._line.get()) is not None:
                self.tally.begin(batch)
                outcome, position = Outcome.UNANSWERED, None
                try:
                    outcome, position = await self._settle(connection, batch)
                finally:
                    self.tally.end(batch, outcome, self.elapsed_s - batch.at_s)
                    self._settled(batch, outcome, position)
        finally:
            connection.close()

    async def _settle(self, connection: Connection, batch: Batch) -> tuple[Outcome, int | None]:
        """Send a batch until there is an answer that stands."""
        until_s, tries = self.elapsed_s + GIVE_UP_AFTER_S, 0
        while (left_s := until_s - self.elapsed_s) > 0:
            answer = await self._try(connection, batch, tries)
            if answer is not None and answer.status == 200:  # noqa: PLR2004 - HTTP's own number
                return Outcome.ACKNOWLEDGED, self._position(answer)
            if answer is not None and answer.status not in AGAIN:
                return Outcome.REFUSED, None
            asked_s = None if answer is None else answer.retry_after_s
            await asyncio.sleep(min(self._pause_s(tries) if asked_s is None else asked_s, left_s))
            tries += 1
        return Outcome.UNANSWERED, None

    async def _try(self, connection: Connection, batch: Batch, tries: int) -> Answer | None:
        self.tally.requests += 1
        self.tally.repeated += tries > 0
        try:
            answer = await connection.post(self._keys[batch.by_server], batch.body(self._sent_us()), tries)
        except NoAnswerError:
            self.tally.answers["none"] += 1
            return None
        self.tally.answers[str(answer.status)] += 1
        if answer.status in WRONG:
            raise InputError(f"{WRONG[answer.status]}: {self._target.name} answered with {answer.status}")
        return answer

    def _position(self, answer: Answer) -> int | None:
        try:
            position = msgspec.json.decode(answer.body, type=dict[str, object]).get("position")
        except msgspec.DecodeError:
            return None
        if not isinstance(position, int):
            return None
        self.tally.position = max(self.tally.position, position)
        return position

    def _pause_s(self, tries: int) -> float:
        """Twice as long after each try, and not all at once."""
        return min(0.1 * 2.0**tries, LONGEST_PAUSE_S) * (0.5 + self._chance.random() / 2)
