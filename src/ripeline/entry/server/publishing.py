"""Makes definitions live, for the API and for the app: one at a time, and nothing that was not looked at."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from ripeline.entry.bootstrap.book import BookOfServer
from ripeline.entry.bootstrap.definitions import preview_version, publish_version, read_version
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.live import Live
from ripeline.entry.workspace import Workspace
from ripeline.ports.definitions import Published, PublishedMeanwhileError
from ripeline.ports.scores import Progress, unwatched
from ripeline.usecases.preview import Preview
from ripeline.usecases.publish import is_live


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text that is to be live. by: who wants it; instead_of: the fingerprint that must be live, None for any."""

    name: str
    text: str
    comment: str
    by: str
    instead_of: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What publishing came to. now: what is live, which is `before` where nothing changed; serves: by it already."""

    before: Published
    now: Published
    serves: bool


class Publishing:
    """Previews and publishes."""

    def __init__(self, workspace: Workspace, book: BookOfServer, live: Live, now_us: Callable[[], int]) -> None:
        """Take what it works with."""
        self._workspace, self._book, self._live, self._now_us = workspace, book, live, now_us
        # Scoring everybody twice takes memory: one at a time, beside what serves.
        self._looking, self._publishing = asyncio.Lock(), asyncio.Lock()

    def live(self, name: str) -> Published:
        """Return the version of a definition that is live."""
        return self._book.versions(name)[-1]

    async def preview(self, name: str, text: str, progress: Progress = unwatched) -> Preview:
        """Return who would move if a text took the place of what is live; DefinitionError where it is wrong."""
        before, at_us = self.live(name), self._now_us()

        def look() -> Preview:
            _, plan = read_version(name, text, at_us)
            return preview_version(self._workspace, before, plan, at_us, progress)

        async with self._looking:
            return await asyncio.to_thread(look)

    async def publish(self, wanted: Wanted, wait_s: float) -> Done:
        """Make a text live, and wait some seconds until scores are made by it.

        DefinitionError where it is wrong; ApiError where another one is being made live, or is live by now.
        """
        if self._publishing.locked() or self._live.is_switching:
            raise ApiError(409, "publish_under_way", "another version is being made live; wait until it serves")
        async with self._publishing:
            new = await asyncio.to_thread(self._read, wanted)
            before = self._expected(wanted)
            if is_live(new, before):
                return Done(before, before, serves=True)
            now = await asyncio.to_thread(self._publish, new, before)
            self._live.wake()
            serves = await self._live.serves(now.number, wait_s)
        return Done(before, self.live(wanted.name), serves)

    def _read(self, wanted: Wanted) -> Published:
        at_us = self._now_us()
        return read_version(wanted.name, wanted.text, at_us, comment=wanted.comment, by=wanted.by)[0]

    def _expected(self, wanted: Wanted) -> Published:
        """Return what is live, which must be what was looked at before."""
        live = self.live(wanted.name)
        if wanted.instead_of not in {None, live.fingerprint}:
            raise ApiError(409, "published_meanwhile", str(PublishedMeanwhileError(wanted.name)))
        return live

    def _publish(self, new: Published, before: Published) -> Published:
        try:
            return publish_version(self._workspace, new, before)
        except PublishedMeanwhileError as error:
            raise ApiError(409, "published_meanwhile", str(error)) from error
