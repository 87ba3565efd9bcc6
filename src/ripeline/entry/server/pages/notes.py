"""Notes about a lead: written, taken away, and seen by those who are named in them."""

from urllib.parse import quote

from starlette.responses import Response

from ripeline.entry.bootstrap.logins import Logins
from ripeline.entry.server.answers import ApiError, lead_wanted
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.services import Services
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.notes import LONGEST, Note, mentioned
from ripeline.vocabulary.people import RANK


class Notes:
    """The forms; notes are shown on the page of their lead."""

    def __init__(self, services: Services, logins: Logins) -> None:
        """Take what they work with."""
        self._with, self._logins = services, logins

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("POST", "/leads/note", "note", self.write),
            Page("POST", "/notes/{number:int}/remove", "note", self.remove),
            Page("POST", "/notes/{number:int}/seen", "see_leads", self.seen),
        ]

    async def write(self, visit: Visit) -> Response:
        """Keep a note about a lead, under the name that it is shown by now."""
        form, who = await form_of(visit.request), visit.who
        lead, text = form.get("lead", ""), form.get("text", "").strip()
        if not text or len(text) > LONGEST:
            raise InputError(f"a note has 1 to {LONGEST:,} characters")
        with lead_wanted():
            names = await self._with.live.ask(lambda serving: serving.names_of(lead))
        name = min(names, key=lambda one: RANK[one.kind])
        # Whoever cannot see leads is told of none.
        people = [one for one, _ in self._logins.everybody() if one.number != who.number and one.may("see_leads")]
        self._with.book.add_note(
            Note(0, name.asked, who.number, who.name, visit.at_us, text),
            [one.number for one in mentioned(text, people)],
        )
        return _back_to(name.asked)

    async def remove(self, visit: Visit) -> Response:
        """Take a note away: one's own, or anybody's as an administrator."""
        note = self._wanted(visit)
        if note.login != visit.who.number and not visit.who.may("administer"):
            raise ApiError(403, "not_yours", f"{note.by} wrote this note; they can take it away, or an administrator")
        self._with.book.remove_note(note, visit.who.name, visit.at_us)
        return _back_to(note.lead)

    async def seen(self, visit: Visit) -> Response:
        """Say that one has seen a note in which one is named."""
        self._with.book.note_seen(visit.request.path_params["number"], visit.who.number)
        return sent_to("/")

    def _wanted(self, visit: Visit) -> Note:
        note = self._with.book.note(visit.request.path_params["number"])
        if note is None:
            raise ApiError(404, "no_such_note", "that note is not there any more")
        return note


def _back_to(lead: str) -> Response:
    return sent_to(f"/leads/of?lead={quote(lead, safe='')}#notes")
