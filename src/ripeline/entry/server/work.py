"""Long work beside the server: begun once, watched by whoever looks, stopped by anybody; kept until something newer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from ripeline.entry.log import note_error
from ripeline.ports.scores import Progress
from ripeline.vocabulary.issues import InputError

MOST_KEPT = 20


class StoppedError(InputError):
    """Somebody stopped the work."""


@dataclass(slots=True)
class Work:
    """One piece of it. doing: what it is at; share: how much is finished, 0 to 1, where that is known.

    result: None until it is there; why: why there is none, "" while it is being made; over: set once nothing more comes.
    """

    doing: str = "waiting for its turn"
    share: float | None = None
    result: object | None = None
    why: str = ""
    is_stopped: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_over(self) -> bool:
        """Say whether nothing more comes of it."""
        return self.result is not None or bool(self.why)


class Works:
    """Work by what it is about; of the same there is one."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found = dict[object, Work]()
        self._tasks = set[asyncio.Task[None]]()

    def of(self, about: object) -> Work | None:
        """Return what is known of work about something."""
        return self._found.get(about)

    def begin(self, about: object, do: Callable[[Progress], Awaitable[object]], *, again: bool = False) -> Work:
        """Return the work about something: what is there, else it begins. again: also where it is over."""
        work = self._found.get(about)
        if work is None or (again and work.is_over):
            work = self._found[about] = Work()
            for old in [key for key, one in self._found.items() if one.is_over][: max(0, len(self._found) - MOST_KEPT)]:
                del self._found[old]
            task = asyncio.create_task(self._done(work, do))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return work

    def stop(self, about: object) -> None:
        """Stop work about something at its next step, where there is any."""
        if (work := self._found.get(about)) is not None:
            work.is_stopped = True

    async def close(self) -> None:
        """Stop everything, and wait for it."""
        for work in self._found.values():
            work.is_stopped = True
        await asyncio.gather(*self._tasks)

    async def _done(self, work: Work, do: Callable[[Progress], Awaitable[object]]) -> None:
        def progress(doing: str, share: float | None) -> None:
            if work.is_stopped:
                raise StoppedError("it was stopped")
            work.doing, work.share = doing, share

        try:
            work.result = await do(progress)
        except InputError as error:
            work.why = str(error)
        except Exception as error:  # noqa: BLE001 - whatever it was, whoever waits is told
            note_error("long work failed", error)
            work.why = "this is a defect of Ripeline or of its machine; its log says more"
        finally:
            work.over.set()
