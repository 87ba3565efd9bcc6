"""A draft beside what is live, by what both would have done over the last year: it takes its time, and is read as a report."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from ripeline.entry.bootstrap.definitions import plan_of_version, read_version
from ripeline.entry.bootstrap.replay import backtested_plans
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.drafted import Drafted, definition_asked, definition_sent, drafted
from ripeline.entry.server.pages.page import Page, Visit, sent_to
from ripeline.entry.server.pages.rendering import HEADERS
from ripeline.entry.server.services import Services
from ripeline.entry.server.work import Work
from ripeline.ports.scores import Progress
from ripeline.usecases.backtest import USUAL_DAYS, USUAL_STEP, USUALLY_WITHIN, BacktestAsked
from ripeline.usecases.report.backtest_page import backtest_page
from ripeline.usecases.report.backtest_summary import summary
from ripeline.usecases.report.frame import POLICY
from ripeline.usecases.sla import period_asked

PATH = "/definition/backtest"


class BacktestPages:
    """The pages. They name leads that were missed, so they are for those alone who may see leads."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "see_leads", self.shown),
            Page("GET", f"{PATH}/report", "see_leads", self.report),
            Page("POST", f"{PATH}/begin", "draft", self.begin),
            Page("POST", f"{PATH}/stop", "draft", self.stop),
        ]

    async def shown(self, visit: Visit) -> Response:
        """How far it is, and what it says in short."""
        found = await drafted(self._with, definition_asked(self._with, visit))
        work = self._with.works.of(_about(found))
        told = {"title": _("Looking back over a year"), "found": found, "work": work, "summary": _summary(work)}
        return visit.shown("definition_backtest.html", told)

    async def report(self, visit: Visit) -> Response:
        """Everything it says, as a page of its own."""
        found = await drafted(self._with, definition_asked(self._with, visit))
        work = self._with.works.of(_about(found))
        if work is None or work.result is None:
            raise ApiError(404, "no_such_report", "nobody looked back by this draft yet")
        page = await asyncio.to_thread(backtest_page, cast("Mapping[str, Any]", work.result))
        return HTMLResponse(page, headers={**HEADERS, "content-security-policy": POLICY})

    async def begin(self, visit: Visit) -> Response:
        """Look back by the draft and by what is live."""
        found, at_us = await drafted(self._with, await definition_sent(self._with, visit)), visit.at_us
        if not found.is_ready:
            raise ApiError(409, "not_ready", "there is no draft without errors to look back by")

        def look(progress: Progress) -> dict[str, Any]:
            plans = [read_version(found.name, found.text, at_us)[1], plan_of_version(found.live)]
            period = period_asked(None, None, plans[0].zone, at_us, USUAL_DAYS)
            asked = BacktestAsked(period, USUAL_STEP, USUALLY_WITHIN, at_us)
            return backtested_plans(self._with.workspace, plans, asked, progress)

        self._with.works.begin(_about(found), lambda progress: asyncio.to_thread(look, progress), again=True)
        return _back(found)

    async def stop(self, visit: Visit) -> Response:
        """Look no further."""
        found = await drafted(self._with, await definition_sent(self._with, visit))
        self._with.works.stop(_about(found))
        return _back(found)


def _back(found: Drafted) -> Response:
    return sent_to(f"/definition/review?definition={found.name}")


def _about(found: Drafted) -> tuple[str, ...]:
    return "backtest", found.name, found.digest, found.live.fingerprint


def _summary(work: Work | None) -> Markup | None:
    """Return the report's own summary, whose markup is made of escaped text alone."""
    if work is None or work.result is None:
        return None
    return Markup("".join(summary(cast("Mapping[str, Any]", work.result))))  # noqa: S704 - see above
