"""The workbench of a definition: its usual values as a form, its text beside it; both change the one draft."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from ripeline.definition.diff import change_text
from ripeline.definition.model import Definition
from ripeline.definition.schema import definition_schema
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.drafted import (
    Drafted,
    changed_meanwhile,
    definition_asked,
    definition_sent,
    drafted,
    keep,
    must_be_seen,
)
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.pages.rendering import HEADERS
from ripeline.entry.server.services import Services
from ripeline.usecases.definition_form import Fields, fields_of, with_fields
from ripeline.usecases.definition_rules import with_rule, without_rule
from ripeline.usecases.definition_words import DOES, criterion_told, signal_told
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError

Change = Callable[[Definition, Fields], str]


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody sent that could not be kept. text: of the editor, None where it was the form."""

    wrong: str = ""
    fields: Fields | None = None
    text: str | None = None


class DraftPages:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/definition/draft", "draft", self.shown),
            Page("GET", "/definition/schema.json", "draft", self.schema),
            Page("POST", "/definition/draft/fields", "draft", self.fields),
            Page("POST", "/definition/draft/text", "draft", self.text),
            Page("POST", "/definition/draft/add", "draft", self.add),
            Page("POST", "/definition/draft/remove", "draft", self.remove),
            Page("POST", "/definition/draft/discard", "draft", self.discard),
        ]

    async def shown(self, visit: Visit) -> Response:
        """The form and the text."""
        return _page(visit, await drafted(self._with, definition_asked(self._with, visit)), list(self._with.live.plans))

    async def schema(self, _: Visit) -> Response:
        """What editors complete keys by."""
        return JSONResponse(definition_schema(), headers=dict(HEADERS))

    async def fields(self, visit: Visit) -> Response:
        """Write changed fields into the draft."""
        zones = references().zones()
        return await self._changed(
            visit, lambda found, definition, form: with_fields(found.text, definition, form, zones)
        )

    async def add(self, visit: Visit) -> Response:
        """Add a rule."""
        zones = references().zones()
        return await self._changed(
            visit,
            lambda found, definition, form: with_rule(found.text, definition, _kind(form), form, zones),
        )

    async def remove(self, visit: Visit) -> Response:
        """Take a rule out."""
        zones = references().zones()
        return await self._changed(
            visit, lambda found, definition, form: without_rule(found.text, definition, form.get("place", ""), zones)
        )

    async def _changed(self, visit: Visit, change: Callable[[Drafted, Definition, Fields], str]) -> Response:
        found = await drafted(self._with, await definition_sent(self._with, visit))
        form = await form_of(visit.request)
        await must_be_seen(visit, found)
        if found.definition is None:
            raise ApiError(409, "has_errors", "the text has errors; mend them there, then the form comes back")
        definition = found.definition
        try:
            text = await asyncio.to_thread(lambda: change(found, definition, form))
        except InputError as error:
            return _page(visit, found, list(self._with.live.plans), Said(str(error), form))
        return self._kept(visit, found, text)

    async def text(self, visit: Visit) -> Response:
        """Keep a text; it may be wrong. Where another one was kept meanwhile nothing is lost: both are shown."""
        form = await form_of(visit.request)
        found = await drafted(self._with, await definition_sent(self._with, visit))
        text = form.get("text", "").replace("\r\n", "\n")
        if changed := await changed_meanwhile(visit, found):
            wrong = _("{changed}. What you wrote stands here: save again to keep yours instead.", changed=changed)
            return _page(visit, found, list(self._with.live.plans), Said(wrong, text=text))
        return self._kept(visit, found, text)

    async def discard(self, visit: Visit) -> Response:
        """Keep no draft."""
        found = await drafted(self._with, await definition_sent(self._with, visit))
        await must_be_seen(visit, found)
        return self._kept(visit, found, found.live.text)

    def _kept(self, visit: Visit, found: Drafted, text: str) -> Response:
        keep(self._with, visit, found, text)
        return sent_to(f"/definition/draft?definition={found.name}")


def _kind(form: Fields) -> str:
    return "signal" if form.get("kind") == "signal" else "criterion"


def _page(visit: Visit, found: Drafted, names: list[str], said: Said = Said()) -> Response:
    definition = found.definition
    fields = {} if definition is None else fields_of(definition)
    told = {
        "title": _("Draft"),
        "found": found,
        "names": names,
        "definition": definition,
        "fields": {place: (said.fields or {}).get(place, value) for place, value in fields.items()},
        "said": said.fields or {},
        "text": found.text if said.text is None else said.text,
        "criteria": {} if definition is None else {one.name: criterion_told(one) for one in definition.fit.criteria},
        "signals": {} if definition is None else {one.name: signal_told(one) for one in definition.engagement.signals},
        "actions": DOES,
        "changes": list(map(change_text, found.changes)),
        "wrong": said.wrong,
        "saved_at": None if found.draft is None else instant_text(found.draft.at_us),
    }
    return visit.shown("definition_draft.html", told, 400 if said.wrong else 200)
