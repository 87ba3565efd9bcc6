"""Definitions: what is live and was, drafts, what they would change, and making them live."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ripeline.definition.read import check_text
from ripeline.entry.bootstrap.definitions import preview_version, publish_version, read_version
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.server.answers import ApiError, answer, number_of, seconds_of
from ripeline.entry.server.operations import INSTANT, TEXT, WHOLE, Content, Operation, Parameter, record, written
from ripeline.entry.server.services import LONGEST_WAIT_S, Services
from ripeline.ports.definitions import Draft, Published, PublishedMeanwhileError
from ripeline.ports.scores import unwatched
from ripeline.usecases.check import issue_records
from ripeline.usecases.preview import preview_record
from ripeline.usecases.publish import definitions_record, is_live, publish_record, rolled_back, versions_record
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
        # Scoring everybody twice takes memory: one at a time, beside what serves.
        self._looking, self._publishing = asyncio.Lock(), asyncio.Lock()

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
        draft = Draft(self._name(request), await _text(request), self._with.now_us())
        self._with.book.save_draft(draft)
        return await _told(draft)

    async def preview(self, request: Request) -> Response:
        """Who would move if a text, or else the draft, took the place of what is live."""
        name, text = self._name(request), await self._text_or_draft(request)
        before, now_us = self._live(name), self._with.now_us()

        def look() -> dict[str, Any]:
            _, plan = read_version(name, text, now_us)
            return preview_record(preview_version(self._with.workspace, before, plan, now_us, unwatched))

        async with self._looking:
            return answer(await asyncio.to_thread(look))

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
        name, comment = self._name(request), request.query_params.get("comment", comment)
        wait_s = seconds_of(request, "wait", LONGEST_WAIT_S, LONGEST_WAIT_S)
        if self._publishing.locked() or self._with.live.is_switching:
            raise ApiError(409, "publish_under_way", "another version is being made live; wait until it serves")
        async with self._publishing:
            new, _ = await asyncio.to_thread(read_version, name, text, self._with.now_us(), comment=comment)
            before = self._previewed(request, name)
            if is_live(new, before):
                return answer(publish_record(before, before))
            done = await asyncio.to_thread(self._publish, new, before)
            self._with.live.wake()
            serves = await self._with.live.serves(done.number, wait_s)
        return answer(publish_record(self._live(name), before), 200 if serves else 202)

    def _publish(self, new: Published, before: Published) -> Published:
        try:
            return publish_version(self._with.workspace, new, before)
        except PublishedMeanwhileError as error:
            raise ApiError(409, "published_meanwhile", str(error)) from error

    def _previewed(self, request: Request, name: str) -> Published:
        """Return what is live, which must be what a request says that it was previewed against."""
        live, previewed = self._live(name), request.query_params.get("instead_of")
        if previewed not in {None, live.fingerprint}:
            raise ApiError(409, "published_meanwhile", str(PublishedMeanwhileError(name)))
        return live

    def _name(self, request: Request) -> str:
        return self._with.name(request.path_params["name"])

    def _live(self, name: str) -> Published:
        return self._with.book.versions(name)[-1]

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
