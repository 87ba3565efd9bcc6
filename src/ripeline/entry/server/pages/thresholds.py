"""The matrix with thresholds that can be dragged: who would stand where, now and in the weeks behind us."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from ripeline.adapters.engines.thresholds import StoredWeeks, spread, stands
from ripeline.definition.model import Definition, Level
from ripeline.entry.bootstrap.came import Came
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.bootstrap.thresholds import weeks_behind
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.drafted import definition_asked, definition_sent, drafted, keep
from ripeline.entry.server.pages.only import counted_for, nothing_to_see
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.entry.server.work import Work
from ripeline.insight.thresholds import Moves, Week, moves_of
from ripeline.plan.nodes import Plan
from ripeline.usecases.definition_form import with_fields
from ripeline.usecases.definition_words import DOES
from ripeline.usecases.thresholds import WEEKS, with_thresholds
from ripeline.vocabulary.calendar import day_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.logins import Only
from ripeline.vocabulary.points import MICRO, points_text

BARS: Final = 48
FARTHEST: Final = 500
"""Points that a threshold is dragged to at most; a definition may say more."""

Spread = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Bar:
    """Leads of a few points together: where it stands and how high, from 0 to 100; level: of which, the best is 0."""

    begins: float
    width: float
    height: float
    level: int


@dataclass(frozen=True, slots=True)
class Scale:
    """One score: its name in the file and on the page, from where to where it goes, and how leads spread over it."""

    part: str
    called: str
    low: int
    high: int
    levels: tuple[Level, ...]
    bars: list[Bar]

    @property
    def thresholds(self) -> list[tuple[str, str, str, float]]:
        """Each as the name of its field, its level, its points, and where it stands, from 0 to 100."""
        room = self.high - self.low
        return [
            (
                f"{self.part}/levels/{one.name}",
                one.name,
                points_text(one.lowest),
                round(100 * (one.lowest / MICRO - self.low) / room, 2),
            )
            for one in self.levels[:-1]
        ]


class ThresholdPages:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/definition/thresholds", "see_figures", self.shown),
            Page("POST", "/definition/thresholds", "draft", self.saved),
        ]

    async def shown(self, visit: Visit) -> Response:
        """Who would stand where by the thresholds that are asked for."""
        if told_why := nothing_to_see(visit):
            return told_why
        found = await drafted(self._with, definition_asked(self._with, visit))
        plan, counted = self._with.live.plans[found.name], counted_for(visit)
        said = visit.request.query_params
        tried, wrong = plan.definition, ""
        try:
            tried = with_thresholds(plan.definition, said)
        except InputError as error:
            wrong = str(error)
        came = None
        if counted.only is not None:
            came, work = await self._with.came.now(visit.at_us)
            if came is None:
                return visit.shown(
                    "counting.html", {"title": _("Thresholds"), "work": work, "query": visit.request.url.query}
                )
        moves, spreads = await self._with.live.ask(
            lambda serving: _looked(serving, found.name, tried, came, counted.only)
        )
        weeks = None if counted.only is not None else self._weeks(found.name, plan, visit.at_us, again="again" in said)
        told = {
            "title": _("Thresholds"),
            "found": found,
            "names": list(self._with.live.plans),
            "definition": tried,
            "columns": [level.name for level in tried.engagement.levels],
            "moves": moves,
            "scales": _scales(plan.definition, tried, spreads),
            "does": DOES,
            "weeks": await asyncio.to_thread(_weeks_told, weeks, plan.definition, tried) if weeks else None,
            "counted": counted,
            "work": weeks,
            "is_tried": tried != plan.definition,
            "wrong": wrong,
            "query": urlencode([pair for pair in said.multi_items() if pair[0] != "again"]),
        }
        return visit.shown("definition_thresholds.html", told)

    def _weeks(self, name: str, plan: Plan, at_us: int, *, again: bool) -> Work:
        """Look back over whole weeks, once a day and version."""
        last = plan.zone.day(at_us) - 1
        days = range(last - 7 * WEEKS, last + 1, 7)
        return self._with.works.begin(
            ("weeks", name, plan.fingerprint, last),
            lambda progress: asyncio.to_thread(weeks_behind, self._with.workspace, plan, days, progress),
            again=again,
        )

    async def saved(self, visit: Visit) -> Response:
        """Put the thresholds into the draft."""
        found, form = await drafted(self._with, await definition_sent(self._with, visit)), await form_of(visit.request)
        if found.definition is None:
            raise ApiError(409, "has_errors", "the draft has errors; mend them first")
        said = {name: value for name, value in form.items() if "/levels/" in name}
        text = await asyncio.to_thread(with_fields, found.text, found.definition, said, references().zones())
        keep(self._with, visit, found, text)
        return sent_to(f"/definition/review?definition={found.name}")


def _looked(
    serving: Serving, name: str, tried: Definition, came: Came | None, only: Only
) -> tuple[Moves, dict[str, Spread]]:
    table, con = serving.scores[name].table, serving.history.store.con
    if came is not None and only is not None:
        table = came.rows_of(table, only)
    spreads: dict[str, Spread] = {part: spread(con, table, part) for part in ("fit", "engagement")}
    return moves_of(tried, stands(con, table, tried)), spreads


def _weeks_told(work: Work, live: Definition, tried: Definition) -> list[tuple[str, Week, Week]] | None:
    """Return each week's last day, its MQLs by what is live, and by the thresholds that are tried."""
    if not isinstance(work.result, StoredWeeks):
        return None
    pairs = zip(work.result.entering(live), work.result.entering(tried), strict=True)
    return [(day_text(one.last_day), one, other) for one, other in pairs]


def _scales(live: Definition, tried: Definition, spreads: Mapping[str, Spread]) -> list[Scale]:
    return [
        _scale("fit", _("Fit"), live.fit.levels, tried.fit.levels, spreads["fit"]),
        _scale("engagement", _("Interest"), live.engagement.levels, tried.engagement.levels, spreads["engagement"]),
    ]


def _scale(part: str, called: str, live: tuple[Level, ...], levels: tuple[Level, ...], found: Spread) -> Scale:
    """Return a scale that has room for everybody, and for each threshold to be dragged half as far again."""
    top, last = live[0].lowest // MICRO, levels[-1].lowest // MICRO
    low = max(min([last, *found], default=last), -FARTHEST)
    high = min(max([top + top // 2, *(one + 1 for one in found), low + 10]), max(FARTHEST, top))
    width = -(-(high - low) // BARS)
    return Scale(part, called, low, high, levels, _bars(low, high, width, levels, found))


def _bars(low: int, high: int, width: int, levels: tuple[Level, ...], found: Spread) -> list[Bar]:
    """Return bars whose heights grow with the root of how many leads they are, so that few are seen beside many."""
    counts = dict[int, int]()
    for points, count in found.items():
        place = (min(max(points, low), high - 1) - low) // width
        counts[place] = counts.get(place, 0) + count
    most, room = max(counts.values(), default=1), high - low
    return [
        Bar(
            round(100 * place * width / room, 2),
            round(100 * width / room, 2),
            round(100 * (count / most) ** 0.5, 1),
            sum((low + place * width) * MICRO < level.lowest for level in levels[:-1]),
        )
        for place, count in sorted(counts.items())
    ]
