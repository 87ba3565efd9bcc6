"""Definitions: what is live and was, drafts, what they would change, and making them live."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from ripeline.definition.read import check_text
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.server.answers import ApiError, answer, number_of, seconds_of
from ripeline.entry.server.operations import INSTANT, TEXT, WHOLE, Content, Operation, Parameter, record, written
from ripeline.entry.server.publishing import Wanted
from ripeline.entry.server.services import LONGEST_WAIT_S, Services
from ripeline.ports.definitions import Draft
from ripeline.usecases.check import issue_records
from ripeline.usecases.preview import preview_record
from ripeline.usecases.publish import definitions_record, publish_record, rolled_back, versions_record
from ripeline.vocabulary.calendar import instant_text

LARGEST_TEXT = 2**20
"""Bytes of a definition."""

_VERSIONS = written("definitions", "properties/definitions/items/properties/versions")
_ONE = Content(record(name=TEXT, fingerprint=TEXT, text=TEXT, versions=_VERSIONS))
_DRAFT = Content(record(name=TEXT, text=TEXT, saved_at=INSTANT, problems=written("check", "properties/issues")))
_YAML = Content(TEXT, "application/yaml")
_YAML_OR_DRAFT = Content(
    {**TEXT, "description": "The draft is taken where it is empty."}, "application/yaml", needed=False
)
_PUBLISHING = (
    Parameter(
        "wait", "How many seconds to wait until everybody is scored by it, such as 5s; 202 where that is not enough."
    ),
    Parameter("instead_of", "The fingerprint that must be live, else nothing is done."),
    Parameter("comment", "Why."),
)
_RELEASE = Parameter("release", "How many of the handoffs that are held back leave a day from now on.", WHOLE)


def definition_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, at = _Definitions(services), "/api/definitions/{name}"
    done, back_to = Content(written("publish")), Parameter("to", "A fingerprint; the version before.")
    return [
        Operation("GET", "/api/definitions", does.definitions, Content(written("definitions"))),
        Operation("GET", at, does.definition, _ONE),
        Operation("GET", f"{at}/draft", does.draft, _DRAFT),
        Operation("PUT", f"{at}/draft", does.save_draft, _DRAFT, scope="write", body=_YAML),
        Operation("POST", f"{at}/preview", does.preview, Content(written("preview")), body=_YAML_OR_DRAFT),
        Operation(
            "POST",
            f"{at}/publish",
            does.publish,
            done,
            scope="publish",
            takes=(*_PUBLISHING, _RELEASE),
            body=_YAML_OR_DRAFT,
            also=(202,),
        ),
        Operation(
            "POST", f"{at}/rollback", does.rollback, done, scope="publish", takes=(back_to, *_PUBLISHING), also=(202,)
        ),
    ]


class _Definitions:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def definitions(self, _: Request) -> Response:
        """Everything that was published, by definition, the youngest first."""
        return answer(definitions_record(self._with.book.versions()))

    async def definition(self, request: Request) -> Response:
        """What is live of one definition, and what was."""
        name = self._name(request)
        log = self._with.book.versions(name)
        live = {"name": name, "fingerprint": log[-1].fingerprint, "text": log[-1].text}
        return answer({**live, "versions": versions_record(log, name)})

    async def draft(self, request: Request) -> Response:
        """The draft of a definition, with all its problems."""
        return await _told(self._draft(self._name(request)))

    async def save_draft(self, request: Request) -> Response:
        """Keep a text to work on; it may be wrong."""
        by = self._with.rights(request).by
        draft = Draft(self._name(request), await _text(request), self._with.now_us(), by)
        self._with.book.save_draft(draft)
        return await _told(draft)

    async def preview(self, request: Request) -> Response:
        """Who would move if a text, or else the draft, took the place of what is live."""
        name, text = self._name(request), await self._text_or_draft(request)
        return answer(preview_record(await self._with.publishing.preview(name, text)))

    async def publish(self, request: Request) -> Response:
        """Make a text, or else the draft, live; answered when scores are made by it."""
        text, release = await self._text_or_draft(request), request.query_params.get("release")
        per_day = number_of(request, "release", 0)
        done = await self._published(request, text, "")
        if release is not None:
            self._with.book.release(self._name(request), per_day, self._with.rights(request).by, self._with.now_us())
            self._with.live.wake()
        return done

    async def rollback(self, request: Request) -> Response:
        """Make an earlier version live again; answered when scores are made by it."""
        earlier = rolled_back(self._with.book.versions(self._name(request)), request.query_params.get("to"))
        return await self._published(request, earlier.text, f"rolled back to {earlier.fingerprint}")

    async def _published(self, request: Request, text: str, comment: str) -> Response:
        asked, by = request.query_params, self._with.rights(request).by
        wait_s = seconds_of(request, "wait", LONGEST_WAIT_S, LONGEST_WAIT_S)
        comment, instead_of = asked.get("comment", comment), asked.get("instead_of")
        wanted = Wanted(self._name(request), text, comment, by, instead_of)
        done = await self._with.publishing.publish(wanted, wait_s)
        return answer(publish_record(done.now, done.before), 200 if done.serves else 202)

    def _name(self, request: Request) -> str:
        return self._with.name(request.path_params["name"])

    def _draft(self, name: str) -> Draft:
        draft = self._with.book.draft(name)
        if draft is None:
            raise ApiError(404, "no_such_draft", f"{name} has no draft; send the text of one with PUT")
        return draft

    async def _text_or_draft(self, request: Request) -> str:
        """Return the text that a request brings; where it brings none, the draft."""
        return await _text(request) or self._draft(self._name(request)).text


async def _told(draft: Draft) -> Response:
    """Answer a draft with everything that is wrong with it."""
    _, issues = await asyncio.to_thread(check_text, draft.text, draft.name, references().zones())
    told = {"name": draft.name, "text": draft.text, "saved_at": instant_text(draft.at_us)}
    return answer({**told, "problems": issue_records(issues)})


async def _text(request: Request) -> str:
    """Return the body as text, with the ends of lines that files have here."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_TEXT:
            raise ApiError(413, "too_large", f"a definition has at most {LARGEST_TEXT:,} bytes")
        parts.append(part)
    try:
        return b"".join(parts).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ApiError(400, "not_text", "send the definition's YAML as text in UTF-8") from error
