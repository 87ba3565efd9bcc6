"""Where events come from: keys, how much came, and the tag for pages from which nothing came yet."""

import asyncio
from typing import Final

from starlette.responses import Response

from ripeline.entry.bootstrap.sources import CountedFiles, what_came
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.page import Page, Visit, base_url
from ripeline.entry.server.services import Services
from ripeline.entry.server.tag import tag
from ripeline.usecases.sources import Source, sources
from ripeline.vocabulary.calendar import instant_text

PATH: Final = "/data/sources"


class SourcePages:
    """The page."""

    def __init__(self, services: Services) -> None:
        """Take what it works with."""
        self._with = services
        # One at a time: whoever comes second finds the files counted.
        self._turn, self._counted = asyncio.Lock(), CountedFiles()

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [Page("GET", PATH, "bring_in", self.shown)]

    async def shown(self, visit: Visit) -> Response:
        """Every source."""
        async with self._turn:
            files, hours = await self._with.live.ask(lambda serving: what_came(serving.history.store))
            hours += await asyncio.to_thread(self._counted.hours, self._with.workspace, files)
        url = base_url(self._with.workspace, visit)
        found = [_told(one, url) for one in sources(self._with.book.access.write_keys(), hours, visit.at_us)]
        told = {"sources": found, "waits": any(one["waits"] for one in found)}
        return visit.shown("data_sources.html", {"title": _("Sources")} | told)


def _told(one: Source, url: str) -> dict[str, object]:
    web = [key["key"] for key in one.keys if key["kind"] == "web"]
    return {
        "one": one,
        "waits": bool(one.keys) and one.last_us is None,
        "first": None if one.first_us is None else instant_text(one.first_us),
        "last": None if one.last_us is None else instant_text(one.last_us),
        "snippet": tag(url, web[0]) if web else "",
    }
