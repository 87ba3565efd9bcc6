"""What needs somebody now: their queue, the week's MQLs, who is about to ripen or to fall, rules that nothing triggers."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from ripeline.adapters.engines.nearest import Near, falling, ripening
from ripeline.definition.read import check_text
from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.bootstrap.live import opened_history
from ripeline.entry.bootstrap.reports import FunnelAsked
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.only import counted_for, nothing_to_see
from ripeline.entry.server.pages.page import Page, Visit
from ripeline.entry.server.pages.persons import persons
from ripeline.entry.server.pages.queue_told import row_of
from ripeline.entry.server.reports import Reports
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.handoff.packet import Person
from ripeline.insight.funnel import COHORTS
from ripeline.ports.definitions import Published
from ripeline.ports.handoffs import HandoffsAsked
from ripeline.usecases.sla import USUAL_DAYS, USUALLY_BY, Period, period_asked
from ripeline.usecases.who import people_of
from ripeline.vocabulary.calendar import DAY_US, day_text, instant_text
from ripeline.vocabulary.handoffs import OPEN
from ripeline.vocabulary.logins import Only
from ripeline.vocabulary.notes import Note
from ripeline.vocabulary.points import shown_text

MOST: Final = 5
WITHIN: Final = 90
"""Days that a funnel gives everybody; here it counts who began alone."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Leads beside the line, by who they are, and how many points of interest lie between."""

    ripening: list[tuple[Person, str, str]]
    falling: list[tuple[Person, str, str]]


class Now:
    """The part of the first page that comes behind it."""

    def __init__(self, services: Services) -> None:
        """Take what it works with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [Page("GET", "/now", "see_figures", self.shown)]

    async def shown(self, visit: Visit) -> Response:
        """What needs them now."""
        if told_why := nothing_to_see(visit):
            return told_why
        name, who = self._with.name(visit.request.query_params.get("definition") or None), visit.who
        counted = counted_for(visit)
        told = {
            "title": _("What needs you now"),
            "queue": await self._queue(visit) if who.may("answer") else None,
            "nearest": await self._nearest(name, visit.at_us) if who.may("see_leads") else None,
            "unseen": await self._unseen(name, visit.at_us) if who.may("draft") and who.only is None else None,
            "name": name,
            "counted": counted,
            "mentions": self._mentions(visit) if who.may("see_leads") else [],
        }
        return visit.shown("now.html", told | await self._week(name, visit.at_us, counted.only))

    def _mentions(self, visit: Visit) -> list[tuple[Note, str]]:
        found = self._with.book.mentions(visit.who.number, MOST)
        return [(one, instant_text(one.at_us)) for one in found]

    async def _queue(self, visit: Visit) -> dict[str, Any]:
        """Return the first of what they have to answer: theirs, or everybody's where they are no salesperson."""
        owner = visit.who.person
        asked = HandoffsAsked({} if owner is None else {"owner": owner}, (OPEN,), MOST)
        total, found = self._with.book.handoffs(asked)
        leads = await persons(self._with, [one.lead.asked for one in found], visit.at_us)
        return {"total": total, "rows": [row_of(self._with, one, visit.at_us) for one in found], "leads": leads}

    async def _week(self, name: str, at_us: int, only: Only) -> dict[str, Any]:
        """Return this week's MQLs and last week's, and how sales answered in the last days."""
        reports, zone = Reports(self._with), self._with.live.plans[name].zone
        (weeks,) = await reports.funnels(
            name, FunnelAsked("week", WITHIN, only=only), [Period(at_us - 7 * DAY_US, at_us)], at_us
        )
        sales_zone = self._with.sales.hours.zone
        answers = await reports.sla(USUALLY_BY, period_asked(None, None, sales_zone, at_us, USUAL_DAYS), at_us, only)
        first, _ = COHORTS["week"](zone.day(at_us))
        mqls = {cohort["first"]: cohort["leads"] for cohort in weeks["cohorts"]}
        this, last = (mqls.get(day_text(day), 0) for day in (first, first - 7))
        return {"this_week": this, "last_week": last, "answers": answers["total"], "days": USUAL_DAYS}

    async def _nearest(self, name: str, at_us: int) -> Nearest:
        def ask(serving: Serving) -> Nearest:
            con, table = serving.history.store.con, serving.scores[name].table
            definition = serving.plans[name].definition
            near, far = (look(con, table, definition, MOST) for look in (ripening, falling))
            people = people_of(history_of(serving.history.store), [one.lead for one in (*near, *far)], at_us)
            return Nearest(_named(near, people), _named(far, people))

        return await self._with.live.ask(ask)

    async def _unseen(self, name: str, at_us: int) -> list[str] | None:
        """Return what a definition names and nobody ever saw, None while that is looked for: once a day."""
        live, day = self._with.publishing.live(name), at_us // DAY_US
        work = self._with.works.begin(
            ("unseen", name, live.fingerprint, day), lambda _: asyncio.to_thread(self._looked_for, live)
        )
        return list(work.result) if isinstance(work.result, tuple) else None

    def _looked_for(self, live: Published) -> tuple[str, ...]:
        with opened_history(self._with.workspace) as history:
            _, issues = check_text(live.text, live.name, references().zones(), history.seen())
        return tuple(dict.fromkeys(issue.message for issue in issues if issue.code.startswith("never-seen")))


def _named(found: list[Near], people: Mapping[str, Person]) -> list[tuple[Person, str, str]]:
    return [(people[one.lead], one.lead, shown_text(one.micro)) for one in found]
