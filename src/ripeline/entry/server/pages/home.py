"""The page that everybody begins with: how many leads stand where, and what to look at first."""

from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from ripeline.entry.bootstrap.came import Came
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.drafted import sides_of
from ripeline.entry.server.pages.only import CHANNEL, counted_for, nothing_to_see
from ripeline.entry.server.pages.page import Page, Visit
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.ports.definitions import digest_of
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.logins import Only
from ripeline.vocabulary.stages import (
    CUSTOMER,
    DISQUALIFIED,
    LEAD,
    LOST,
    MQL,
    OPPORTUNITY,
    RECYCLED,
    SALES_ACCEPTED,
    SALES_QUALIFIED,
    SUPPRESSED,
)

IN_ORDER: Final = (
    *(LEAD, MQL, SALES_ACCEPTED, SALES_QUALIFIED, OPPORTUNITY, CUSTOMER),
    *(RECYCLED, LOST, DISQUALIFIED, SUPPRESSED),
)
"""Stages as leads go through them, then those beside the way."""

SHADES: Final = 8


@dataclass(frozen=True, slots=True)
class Counts:
    """How many leads there are: by (level of fit, level of interest) where they are not suppressed, and by stage."""

    cells: dict[tuple[str, str], int]
    stages: dict[str, int]

    def shade(self, count: int) -> int:
        """Return how dark a cell is with so many leads, 0 to 8: by the root, so that small cells can be told apart."""
        most = max(self.cells.values(), default=0)
        return ceil(SHADES * sqrt(count / most)) if most else 0

    @property
    def leads(self) -> int:
        """All of them."""
        return sum(self.stages.values())


class Home:
    """The page."""

    def __init__(self, services: Services) -> None:
        """Take what it works with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [Page("GET", "/", "see_figures", self.shown)]

    async def shown(self, visit: Visit) -> Response:
        """How many leads stand where."""
        if told_why := nothing_to_see(visit):
            return told_why
        name, counted = self._with.name(visit.request.query_params.get("definition") or None), counted_for(visit)
        came = None
        if counted.only is not None:
            came, work = await self._with.came.now(visit.at_us)
            if came is None:
                return visit.shown(
                    "counting.html", {"title": _("Home"), "work": work, "query": visit.request.url.query}
                )
        counts = await self._with.live.ask(lambda serving: _counts(serving, name, came, counted.only))
        definition = self._with.live.plans[name].definition
        levels = [level.name for level in definition.engagement.levels]
        stages = [(stage, counts.stages[stage]) for stage in IN_ORDER if counts.stages.get(stage)]
        told = {"title": _("Home"), "definition": definition, "levels": levels, "counts": counts, "stages": stages}
        told |= {"to_sign": self._to_sign(visit, name), "name": name, "counted": counted}
        told |= {"query": urlencode({"definition": name, CHANNEL: counted.chosen})}
        return visit.shown("home.html", told | {"at": None if came is None else instant_text(came.at_us)})

    def _to_sign(self, visit: Visit, name: str) -> str | None:
        """Return who signed a draft that somebody else may sign still: this is how a team is asked to agree."""
        draft = self._with.book.draft(name)
        if draft is None:
            return None
        signed = self._with.book.signatures(name, digest_of(draft.text))
        missing = [side for side in sides_of(visit.who) if side not in signed]
        others = [one.by for one in signed.values() if one.login != visit.who.number]
        return others[0] if missing and others else None


def _counts(serving: Serving, name: str, came: Came | None, only: Only) -> Counts:
    table, con = serving.scores[name].table, serving.history.store.con
    if came is not None and only is not None:
        table = came.rows_of(table, only)
    rows = con.execute(
        f"SELECT fit_level, engagement_level, rating IS NULL AS is_suppressed, stage, count(*) FROM {table} GROUP BY ALL"  # noqa: S608 - a table of ours
    ).fetchall()
    counts = Counts({}, {})
    for fit, interest, is_suppressed, stage, many in rows:
        counts.stages[stage] = counts.stages.get(stage, 0) + many
        if not is_suppressed:
            counts.cells[fit, interest] = counts.cells.get((fit, interest), 0) + many
    return counts
