"""A draft before it is published: what it changes, who would move, what it says of one lead, and who agreed to it."""

from collections.abc import Mapping
from copy import copy

from starlette.responses import Response

from ripeline.definition.diff import change_text
from ripeline.entry.bootstrap.definitions import plan_of_version, read_version
from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.server.answers import ApiError, lead_wanted
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.definition import LONGEST_COMMENT, WAIT_S
from ripeline.entry.server.pages.drafted import (
    Drafted,
    definition_asked,
    definition_sent,
    drafted,
    must_be_seen,
    sides_of,
)
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.pages.persons import persons
from ripeline.entry.server.publishing import Wanted
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.entry.server.work import Work
from ripeline.handoff.packet import Person
from ripeline.plan.nodes import Plan
from ripeline.ports.definitions import SIDES, Side, Signature
from ripeline.usecases.beside import beside
from ripeline.usecases.definition_words import DOES
from ripeline.usecases.explain import Explanation, explain
from ripeline.usecases.preview import Preview
from ripeline.usecases.who import people_of
from ripeline.vocabulary.calendar import instant_text

About = tuple[str, str, str]

MOST_NAMED = 2
"""Leads of a group that a preview names."""
"""What a preview is of: a definition, the digest of a text, and the fingerprint of what is live."""


class ReviewPages:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/definition/review", "see_figures", self.shown),
            Page("GET", "/definition/preview", "see_figures", self.preview),
            Page("POST", "/definition/preview/stop", "draft", self.stop),
            Page("GET", "/definition/try", "see_leads", self.tried),
            Page("POST", "/definition/sign", "sign", self.sign),
            Page("POST", "/definition/publish", "publish", self.publish),
        ]

    async def shown(self, visit: Visit) -> Response:
        """What the draft changes, and what is still to be done until it is published."""
        return await self._page(visit, await drafted(self._with, definition_asked(self._with, visit)))

    async def _page(self, visit: Visit, found: Drafted, wrong: str = "", status: int = 200) -> Response:
        told = {
            "title": _("Review"),
            "found": found,
            "names": list(self._with.live.plans),
            "changes": list(map(change_text, found.changes)),
            "signatures": [(side, found.signatures.get(side)) for side in SIDES],
            "signed_at": {side: instant_text(one.at_us) for side, one in found.signatures.items()},
            "signs_for": sides_of(visit.who),
            "takes_back": [side for side, one in found.signatures.items() if _is_theirs(visit, one)],
            "comment": (await form_of(visit.request)).get("comment", "") if wrong else "",
            "wrong": wrong,
        }
        return visit.shown("definition_review.html", told, status)

    # ---- who would move --------------------------------------------------------------------------------------

    async def preview(self, visit: Visit) -> Response:
        """Who would move: it is looked at beside everything else, and shown when it is there."""
        found = await drafted(self._with, definition_asked(self._with, visit))
        if not found.is_ready:
            raise ApiError(404, "no_such_draft", "there is no draft that could be looked at")
        if visit.who.only is not None:
            return visit.shown("definition_preview_bound.html", {"title": _("Who would move"), "found": found})
        begun = self._with.works.begin(
            _about(found),
            lambda progress: self._with.publishing.preview(found.name, found.text, progress),
            again="again" in visit.request.query_params,
        )
        work = copy(begun)  # as it stands now: it may be over once its leads' names are known
        told = {"title": _("Who would move"), "found": found, "work": work, "at": _at(work)}
        people = await persons(self._with, _examples(work), visit.at_us)
        return visit.shown("definition_preview.html", told | {"people": people, "most": MOST_NAMED})

    async def stop(self, visit: Visit) -> Response:
        """Look no further."""
        found = await drafted(self._with, await definition_sent(self._with, visit))
        self._with.works.stop(_about(found))
        return sent_to(f"/definition/preview?definition={found.name}")

    async def tried(self, visit: Visit) -> Response:
        """One lead by what is live and by the draft, or by an earlier version."""
        parameters = visit.request.query_params
        found = await drafted(self._with, definition_asked(self._with, visit))
        lead, number = parameters.get("lead", "").strip(), parameters.get("version", "")
        other, called = self._other(found, number)

        def ask(serving: Serving) -> tuple[Explanation, Explanation, Person]:
            live, history = serving.plans[found.name], history_of(serving.history.store)
            plans = (other, live) if number else (live, other)
            with lead_wanted():
                before, after = (explain(plan, history, lead, visit.at_us) for plan in plans)
            return before, after, people_of(history, [lead], visit.at_us)[lead]

        before, after, person = await self._with.live.ask(ask)
        told: dict[str, object] = {"lead": before.lead, "person": person, "found": found}
        told["title"] = _("{lead} by two definitions", lead=person.named or before.lead)
        told |= {"called": (called, _("What is live")) if number else (_("What is live"), called)}
        return visit.shown("definition_try.html", told | _beside(before, after))

    def _other(self, found: Drafted, number: str) -> tuple[Plan, str]:
        """Return the plan that a lead is tried by beside what is live, and what it is called."""
        if not number:
            if found.definition is None:
                raise ApiError(409, "has_errors", "the draft has errors; nothing can be said by it")
            return read_version(found.name, found.text, 0)[1], _("The draft")
        for one in self._with.book.versions(found.name):
            if str(one.number) == number:
                return plan_of_version(one), _("Version {number}", number=number)
        raise ApiError(404, "no_such_version", "there is no such version")

    # ---- agreeing --------------------------------------------------------------------------------------------

    async def sign(self, visit: Visit) -> Response:
        """Agree to the draft for one's team, or take that back."""
        found, form = await drafted(self._with, await definition_sent(self._with, visit)), await form_of(visit.request)
        side = self._side(visit, form, found)
        await must_be_seen(visit, found)
        if form.get("back"):
            self._take_back(visit, found, side)
        else:
            self._sign(visit, found, side)
        return sent_to(f"/definition/review?definition={found.name}")

    def _side(self, visit: Visit, form: Mapping[str, str], found: Drafted) -> Side:
        side = next((one for one in sides_of(visit.who) if one == form.get("side")), None)
        if side is None:
            raise ApiError(403, "not_yours", "your role does not sign for that team")
        if not found.is_ready:
            raise ApiError(409, "not_ready", "there is no draft without errors to sign")
        return side

    def _sign(self, visit: Visit, found: Drafted, side: Side) -> None:
        who, there = visit.who, found.signatures.get(side)
        if any(one.login == who.number for one in found.signatures.values() if one.side != side):
            raise ApiError(409, "signed_already", "you signed for the other team; somebody else signs for this one")
        if there is not None:
            raise ApiError(409, "signed_already", f"{there.by} signed for {side} already")
        self._with.book.sign(Signature(found.name, found.digest, side, who.number, who.name, visit.at_us))

    def _take_back(self, visit: Visit, found: Drafted, side: Side) -> None:
        """Take a signature back: one's own, or anybody's as an administrator."""
        there = found.signatures.get(side)
        if there is None:
            raise ApiError(409, "not_signed", f"nobody signed for {side}")
        if not _is_theirs(visit, there):
            raise ApiError(403, "not_yours", f"{there.by} signed this; they can take it back, or an administrator")
        self._with.book.unsign(there, visit.who.name, visit.at_us)

    async def publish(self, visit: Visit) -> Response:
        """Make the draft live."""
        found = await drafted(self._with, await definition_sent(self._with, visit))
        form = await form_of(visit.request)
        comment = form.get("comment", "").strip()[:LONGEST_COMMENT]
        if not found.is_ready:
            raise ApiError(409, "not_ready", "there is no draft without errors to publish")
        await must_be_seen(visit, found)
        if not comment:
            return await self._page(visit, found, _("Say why: who reads the history wants to know."), 400)
        if found.unsigned and not form.get("unsigned"):
            missing = " and ".join(found.unsigned)
            return await self._page(
                visit, found, _("Not signed by {missing}: say that you publish without it.", missing=missing), 400
            )
        wanted = Wanted(found.name, found.text, comment, visit.who.name, form.get("instead_of"))
        await self._with.publishing.publish(wanted, WAIT_S)
        return sent_to(f"/definition?definition={found.name}&done=published")


def _is_theirs(visit: Visit, one: Signature) -> bool:
    """Say whether somebody may take a signature back."""
    return one.login == visit.who.number or visit.who.may("administer")


def _at(work: Work) -> str | None:
    return instant_text(work.result.as_of_us) if isinstance(work.result, Preview) else None


def _examples(work: Work) -> list[str]:
    """Return the leads that a preview names."""
    if not isinstance(work.result, Preview):
        return []
    moves = [move.leads for some in work.result.moves.values() for move in some]
    return [
        lead for group in (work.result.entering, work.result.leaving, *moves) for lead in group.examples[:MOST_NAMED]
    ]


def _about(found: Drafted) -> About:
    return found.name, found.digest, found.live.fingerprint


def _beside(before: Explanation, after: Explanation) -> dict[str, object]:
    told = (before, after)
    return {
        "parts": [
            (name, beside(before, after, part)) for name, part in ((_("Fit"), "fit"), (_("Interest"), "engagement"))
        ],
        "does": [DOES[one.score.action] for one in told],
        "ratings": [one.score.rating for one in told],
        "meets": [one.score.meets_definition for one in told],
        "versions": [one.plan.version for one in told],
    }
