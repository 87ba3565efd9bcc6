"""The server put together: intake and API over one workspace, in one process."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager

from starlette.applications import Starlette

import ripeline
from ripeline.entry.bootstrap.book import open_inbox, opened_server_book
from ripeline.entry.bootstrap.sales import opened_salespeople
from ripeline.entry.bootstrap.uploads import Uploads
from ripeline.entry.log import note, note_error
from ripeline.entry.server.api import api
from ripeline.entry.server.came import EverybodyCame
from ripeline.entry.server.delivery import Delivery
from ripeline.entry.server.intake import PREFIX, Intake, Receive, Scope, Send
from ripeline.entry.server.live import Live
from ripeline.entry.server.metrics import Progress, metrics_text
from ripeline.entry.server.publishing import Publishing
from ripeline.entry.server.services import Services
from ripeline.entry.server.work import Works
from ripeline.entry.workspace import Workspace
from ripeline.ports.intake import Request, UnavailableError


class Server:
    """The ASGI application of a workspace."""

    def __init__(self, workspace: Workspace, now_us: Callable[[], int]) -> None:
        """Take the workspace, of whose definitions something is published, and the clock."""
        self._set_up_code = secrets.token_urlsafe(16)
        self._open = ExitStack()
        salespeople = self._open.enter_context(opened_salespeople(workspace))
        self._book = self._open.enter_context(opened_server_book(workspace))
        self._inbox = open_inbox(workspace)
        self._open.callback(self._inbox.close)
        self._delivery = Delivery(workspace, now_us)
        self._live = Live(workspace, self._book, now_us, self._delivery.wake)
        self._named, self._stores = workspace.root.resolve().name, True
        self._intake = Intake(self._book.keys.find, self._put, now_us, workspace.intake)
        self._works, self._uploads, self._now_us = Works(), Uploads(workspace), now_us
        services = Services(
            workspace=workspace,
            salespeople=salespeople,
            live=self._live,
            delivery=self._delivery,
            now_us=now_us,
            book=self._book,
            set_up_code=self._set_up_code,
            publishing=Publishing(workspace, self._book, self._live, now_us),
            works=self._works,
            came=EverybodyCame(workspace, self._live, self._works),
            metrics=lambda: metrics_text(self._intake.counts, self._progress(now_us())),
        )
        self._api = api(services)
        self._api.router.lifespan_context = self._lifespan

    @property
    def set_up_path(self) -> str | None:
        """Where the first login is made, None where there is one: whoever is told of it may make it."""
        return None if self._book.logins.is_set_up() else f"/set-up?code={self._set_up_code}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: clients' calls without any framework, all else by the API."""
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self._intake(scope, receive, send)
        else:
            await self._api(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        try:
            await self._live.start()
        except Exception as error:
            note_error("cannot start", error)
            raise
        await self._delivery.start()
        self._uploads.clean(self._now_us())
        self._note_start()
        try:
            yield
        finally:
            await self._works.close()
            await self._live.stop()
            await self._delivery.stop()
            self._open.close()
            note("stopped", position=self._live.position)

    def _progress(self, now_us: int) -> Progress:
        applied = self._live.position
        since_us = self._book.waiting_since(applied)
        lag_us = 0 if since_us is None else max(0, now_us - since_us)
        return Progress(
            accepted=self._book.accepted(),
            applied=applied,
            lag_s=lag_us / 1_000_000,
            compactions=self._live.compactions,
            fingerprints=self._live.fingerprints,
            messages=self._book.outbox.counts(),
            handoffs=self._book.handoff_counts(),
            nowhere=self._live.serving.nowhere,
        )

    def _put(self, request: Request) -> "asyncio.Future[int]":
        loop = asyncio.get_running_loop()
        safe: asyncio.Future[int] = loop.create_future()

        def done(told: int | UnavailableError) -> None:
            loop.call_soon_threadsafe(self._settle, safe, told)

        self._inbox.put(request, done)
        return safe

    def _settle(self, safe: "asyncio.Future[int]", told: int | UnavailableError) -> None:
        self._note_storing(told)
        if isinstance(told, int):
            self._live.wake()
        if safe.cancelled():
            return
        if isinstance(told, int):
            safe.set_result(told)
        else:
            safe.set_exception(told)

    def _note_start(self) -> None:
        note(
            "started",
            version=ripeline.__version__,
            workspace=self._named,
            definitions=self._live.fingerprints,
            position=self._live.position,
        )

    def _note_storing(self, told: int | UnavailableError) -> None:
        """Note when nothing can be stored any more, and when it can again; not every request between."""
        stores = isinstance(told, int)
        if stores and not self._stores:
            note("requests are stored again")
        elif self._stores and not stores:
            note("requests cannot be stored", logging.ERROR, why=str(told))
        self._stores = stores
