"""One person's data: exported as a file, or erased for good; and which erasures there were."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from ripeline.entry.bootstrap.erase import Found, find_person, holding_backups, opened_erasing_book
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.pages.rendering import HEADERS, said
from ripeline.entry.server.pages.settings import SETTINGS
from ripeline.entry.server.persons import cleared, erased, exported
from ripeline.entry.server.services import Services
from ripeline.entry.workspace import Workspace
from ripeline.ports.erasures import Erasure
from ripeline.ports.scores import Progress
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.plain_text import one_line

PATH: Final = f"{SETTINGS}/privacy"
ERASING: Final = "erasing"
"""What the work is about: one at a time, and it names nobody."""

LONGEST_REASON: Final = 200
LONGEST_LEAD: Final = 1_000


@dataclass(frozen=True, slots=True)
class Came:
    """What erasing came to. was_before: there was nothing left to erase; gone: no file holds them any more."""

    was_before: bool
    gone: bool


class PrivacyPages:
    """The pages. Whom it is about is sent in forms alone, so that no address of a page names them."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "administer", self.shown),
            Page("POST", f"{PATH}/export", "administer", self.export),
            Page("POST", f"{PATH}/look", "administer", self.look),
            Page("POST", f"{PATH}/erase", "administer", self.erase),
            Page("POST", f"{PATH}/complete", "administer", self.complete),
        ]

    async def shown(self, visit: Visit) -> Response:
        """What can be done, what is being erased, and what was."""
        return await self._page(visit)

    async def export(self, visit: Visit) -> Response:
        """Everything that is stored of a person, as a file."""
        lead = _lead(await form_of(visit.request))
        try:
            record = await exported(self._with, lead, visit.who.name, visit.at_us)
        except ApiError as error:
            return await self._page(visit, wrong=str(error), lead=lead, status=error.status)
        text = json.dumps(record, ensure_ascii=False, indent=2, default=str)
        headers = {**HEADERS, "content-disposition": 'attachment; filename="person.json"'}
        return Response(text, headers=headers, media_type="application/json")

    async def look(self, visit: Visit) -> Response:
        """What erasing a person would take away, and the form that does it."""
        return await self._looked(visit, _lead(await form_of(visit.request)))

    async def erase(self, visit: Visit) -> Response:
        """Erase a person whose name was typed once more; it goes on by itself."""
        form, by = await form_of(visit.request), visit.who.name
        lead, reason = _lead(form), one_line(form.get("reason", ""))
        called = form.get("called", "")
        if form.get("typed", "").strip() not in {called.strip(), said(called)} or not called:
            return await self._looked(visit, lead, _("What you typed is not the name that stands above."), reason)
        if len(reason) > LONGEST_REASON or {lead.casefold(), called.casefold()} & set(reason.casefold().split()):
            why = _("The reason is kept: it names nobody, and has at most {most} letters.", most=LONGEST_REASON)
            return await self._looked(visit, lead, why, reason)

        async def do(progress: Progress) -> Came:
            done, gone = await erased(self._with, lead, reason, by, progress)
            return Came(done is None, gone)

        self._must_be_idle()
        self._with.works.begin(ERASING, do, again=True)
        return sent_to(PATH)

    async def complete(self, _: Visit) -> Response:
        """Remove what still holds somebody who was erased."""

        async def do(progress: Progress) -> Came:
            return Came(was_before=False, gone=await cleared(self._with, progress))

        self._must_be_idle()
        self._with.works.begin(ERASING, do, again=True)
        return sent_to(PATH)

    def _must_be_idle(self) -> None:
        work = self._with.works.of(ERASING)
        if work is not None and not work.is_over:
            raise ApiError(409, "under_way", "Somebody else is being erased just now: wait until that is done.")

    async def _looked(self, visit: Visit, lead: str, wrong: str = "", reason: str = "") -> Response:
        try:
            found = await asyncio.to_thread(find_person, self._with.workspace, lead, visit.at_us)
        except InputError as error:
            return await self._page(visit, wrong=str(error), lead=lead, status=404)
        if found is None:
            return await self._page(visit, wrong=_("This person was erased before."), lead=lead, status=404)
        told = {
            "title": _("Erase a person"),
            "lead": lead,
            "called": found.person.lead,
            "wrong": wrong,
            "reason": reason,
        }
        return visit.shown("erase.html", told | _told(found), 400 if wrong else 200)

    async def _page(self, visit: Visit, wrong: str = "", lead: str = "", status: int = 200) -> Response:
        done, backups = await asyncio.to_thread(_erasures, self._with.workspace)
        told = {
            "title": _("Privacy"),
            "work": self._with.works.of(ERASING),
            "erasures": [(one, instant_text(one.at_us), is_gone) for one, is_gone in done],
            "backups": backups,
            "wrong": wrong,
            "lead": lead,
        }
        return visit.shown("privacy.html", told, status)


def _lead(form: Mapping[str, str]) -> str:
    lead = form.get("lead", "").strip()
    if not 0 < len(lead) <= LONGEST_LEAD:
        raise InputError("say who: any identifier of the person, or their address")
    return lead


def _told(found: Found) -> dict[str, object]:
    removes = {what.replace("_", " "): count for what, count in found.removes.items() if count}
    return {"alone": found.person.alone, "shared": found.person.shared, "removes": removes}


def _erasures(workspace: Workspace) -> tuple[list[tuple[Erasure, bool]], list[str]]:
    """Return all erasures, the youngest first, each with whether no file holds the person any more; and backups that do."""
    with opened_erasing_book(workspace) as book:
        return [(one, not book.outlived_by(one.manifest)) for one in book.erasures()], holding_backups(workspace)
