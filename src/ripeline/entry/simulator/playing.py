"""A simulation from its first message to the last answer, or to Ctrl-C."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ripeline.entry.simulator.batches import Batch
from ripeline.entry.simulator.sender import Sender

SHOWN_EVERY_S = 0.25


async def play(sender: Sender, due: Iterator[Batch], show: Callable[[], None] | None) -> None:
    """Send what is due until there is no more, or somebody says stop. show: is called now and then meanwhile."""
    stop = asyncio.Event()
    with _interrupted_by(stop):
        showing = None if show is None else asyncio.create_task(_again_and_again(show))
        try:
            await sender.play(due, stop)
        finally:
            if showing is not None:
                showing.cancel()


async def _again_and_again(show: Callable[[], None]) -> None:
    while True:
        show()
        await asyncio.sleep(SHOWN_EVERY_S)


@contextmanager
def _interrupted_by(stop: asyncio.Event) -> Iterator[None]:
    """The first Ctrl-C ends the traffic, the second one the command."""
    loop, before = asyncio.get_running_loop(), {}

    def first(number: int, _: object) -> None:
        loop.call_soon_threadsafe(stop.set)
        signal.signal(number, signal.default_int_handler)

    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, first)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
