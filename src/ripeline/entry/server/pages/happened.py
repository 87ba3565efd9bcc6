"""What happened to a lead day by day, visit by visit, and what that did to its scores."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.server.answers import lead_wanted
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.course import course_of
from ripeline.entry.server.pages.page import Page, Visit
from ripeline.entry.server.pages.rendering import called
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.handoff.sales import Sales
from ripeline.plan.nodes import Plan
from ripeline.ports.handoffs import StagesAsked
from ripeline.usecases.lead_course import Moved, lead_course
from ripeline.usecases.lead_days import DaysAsked, LeadDay, lead_days
from ripeline.usecases.lead_visits import Happened, LeadVisit
from ripeline.usecases.salespeople import span_text
from ripeline.usecases.timeline_words import entry_text
from ripeline.usecases.who import people_of
from ripeline.vocabulary.calendar import day_text, instant_text
from ripeline.vocabulary.notes import Note
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.stages import StageChange

MOST_ENTRIES: Final = 100
MOST_MOVES: Final = 1_000
COURSE_DAYS: Final = 90
SHOWN_OPEN: Final = 6
"""Entries of a visit that are shown without being asked for."""

MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*")

Record = dict[str, Any]


class HappenedPage:
    """The page."""

    def __init__(self, services: Services) -> None:
        """Take what it works with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [Page("GET", "/leads/happened", "see_leads", self.shown)]

    async def shown(self, visit: Visit) -> Response:
        """What happened to a lead, the youngest first."""
        parameters = visit.request.query_params
        name, lead = self._with.name(parameters.get("definition") or None), parameters.get("lead", "")
        beside = self._beside(name, await self._with.names_of(lead) or [])
        sales, asked = self._with.sales, DaysAsked(MOST_ENTRIES, self._mail_names())

        def ask(serving: Serving) -> Record:
            plan, history = serving.plans[name], history_of(serving.history.store)
            with lead_wanted():
                days, has_more = lead_days(history, plan, lead, visit.at_us, asked, beside)
                course = course_of(lead_course(history, plan, lead, visit.at_us, COURSE_DAYS))
            person = people_of(history, [lead], visit.at_us)[lead]
            told = {"title": _("What happened to {name}", name=person.called), "person": person, "has_more": has_more}
            return told | {"days": [_day(one, plan, sales) for one in days], "course": course}

        told = await self._with.live.ask(ask)
        return visit.shown("happened.html", told | {"lead": lead, "course_days": COURSE_DAYS})

    def _beside(self, definition: str, names: Sequence[Name]) -> list[Happened]:
        """Return what the timeline does not hold: how the lead moved, and what colleagues wrote."""
        moves = self._with.book.stage_log(StagesAsked(0, definition, limit=MOST_MOVES), names)
        notes = self._with.book.notes([one.asked for one in names])
        return [*map(_note, notes), *map(_move, reversed(moves))]

    def _mail_names(self) -> frozenset[str]:
        return frozenset((*self._with.workspace.set_aside.mail_names, *self._with.sales.contact.mail_names))


def _note(one: Note) -> Happened:
    return Happened(one.at_us, {"kind": "note", "by": one.by, "text": one.text})


def _move(one: StageChange) -> Happened:
    return Happened(one.at_us, {"kind": "stage", "before": one.before, "after": one.after, "why": one.why})


# ---- as the page has it ---------------------------------------------------------------------------------------


def _day(one: LeadDay, plan: Plan, sales: Sales) -> Record:
    fit = [(_("fit"), one.fit, one.fit_moved)] if one.fit_moved else []
    return {
        "day": day_text(one.day),
        "scores": [(_("interest"), one.engagement, one.engagement_moved), *fit],
        "entries": [
            _visit(each, plan, sales) if isinstance(each, LeadVisit) else _entry(each, sales) for each in one.entries
        ],
    }


def _visit(one: LeadVisit, plan: Plan, sales: Sales) -> Record:
    """Return a visit; whoever did one thing alone is told by that."""
    way, first = one.way(plan.tables), one.acts[-1].record
    if len(one.entries) == 1:
        return _entry(one.entries[0], sales) | {"way": way}
    return {
        "kind": "visit",
        "from": _time(one.from_us),
        "until": _time(one.until_us),
        "lasted": span_text(one.until_us - one.from_us),
        "earlier": one.may_begin_earlier,
        "acts": len(one.acts),
        "looks": one.looks,
        "way": way,
        "moved": _moved(one.moved),
        "source": first["source"],
        "entries": [_entry(each, sales) for each in one.entries],
        "is_short": len(one.entries) <= SHOWN_OPEN,
    }


def _entry(one: Happened, sales: Sales) -> Record:
    what, beside = _words(one.record, sales)
    return {"kind": one.record["kind"], "time": _time(one.at_us), "what": what, "beside": beside, "way": None} | {
        "moved": _moved(one.moved)
    }


def _moved(one: Moved) -> list[tuple[str, int]]:
    """Return which scores something moved, and by how much."""
    return [(name, micro) for name, micro in ((_("interest"), one.engagement), (_("fit"), one.fit)) if micro]


def _words(record: Mapping[str, Any], sales: Sales) -> tuple[str, str]:
    match record["kind"]:
        case "stage":
            return _("{before} → {after}", before=called(record["before"]), after=called(record["after"])), record[
                "why"
            ]
        case "note":
            return _("{name} wrote", name=record["by"]), record["text"]
        case "disposition":
            return entry_text({**record, "by": sales.label(record["by"]), "reason": called(record["reason"] or "")})
        case "event":
            return entry_text({**record, "fields": _fields(record["fields"])})
        case "traits":
            return entry_text({**record, "traits": _fields(record["traits"])})
        case _:
            return entry_text(dict(record))


def _fields(fields: Mapping[str, object]) -> Record:
    """Return fields by what people call them."""
    return {called(name): _plain(value) for name, value in fields.items()}


def _plain(value: object) -> object:
    """Return a value without what makes a moment hard to read."""
    return f"{value[:10]} {value[11:16]}" if isinstance(value, str) and MOMENT.fullmatch(value) else value


def _time(at_us: int) -> str:
    return f"{instant_text(at_us)[:19]}Z"
