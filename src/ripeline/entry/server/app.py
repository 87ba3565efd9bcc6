"""The server put together: intake and API over one workspace, in one process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager

from starlette.applications import Starlette

from ripeline.entry.bootstrap.book import open_inbox, opened_server_book
from ripeline.entry.bootstrap.live import opened_history
from ripeline.entry.server.api import api
from ripeline.entry.server.intake import PREFIX, Intake, Receive, Scope, Send
from ripeline.entry.server.live import Live
from ripeline.entry.server.metrics import metrics_text
from ripeline.entry.server.services import Services
from ripeline.entry.workspace import Workspace
from ripeline.plan.nodes import Plan
from ripeline.ports import Request, UnavailableError


class Server:
    """The ASGI application of a workspace."""

    def __init__(self, workspace: Workspace, plans: dict[str, Plan], now_us: Callable[[], int]) -> None:
        """Take the workspace, its plans by name, the default one first, and the clock."""
        self._open = ExitStack()
        self._book = self._open.enter_context(opened_server_book(workspace))
        self._inbox = open_inbox(workspace)
        self._open.callback(self._inbox.close)
        self._live = Live(workspace, plans, now_us)
        self._intake = Intake(self._book.keys.find, self._put, now_us, workspace.intake)
        services = Services(
            live=self._live,
            plans=plans,
            now_us=now_us,
            book=self._book,
            supposing=lambda decisions: opened_history(workspace, decisions),
            metrics=lambda: metrics_text(self._intake.counts, self._book.accepted(), self._live.position),
        )
        self._api = api(services)
        self._api.router.lifespan_context = self._lifespan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: clients' calls without any framework, all else by the API."""
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self._intake(scope, receive, send)
        else:
            await self._api(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        await self._live.start()
        try:
            yield
        finally:
            await self._live.stop()
            self._open.close()

    def _put(self, request: Request) -> "asyncio.Future[int]":
        loop = asyncio.get_running_loop()
        safe: asyncio.Future[int] = loop.create_future()

        def done(told: int | UnavailableError) -> None:
            loop.call_soon_threadsafe(self._settle, safe, told)

        self._inbox.put(request, done)
        return safe

    def _settle(self, safe: "asyncio.Future[int]", told: int | UnavailableError) -> None:
        if isinstance(told, int):
            self._live.wake()
        if safe.cancelled():
            return
        if isinstance(told, int):
            safe.set_result(told)
        else:
            safe.set_exception(told)
