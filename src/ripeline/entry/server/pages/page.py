"""A page: who may see it, how it is asked for, and how it is answered."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ripeline.entry.bootstrap.logins import Logins
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.manner import PLAIN, Manner, manner_of
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.rendering import HEADERS, rendered
from ripeline.entry.server.services import Services
from ripeline.entry.workspace import Workspace
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.logins import Login, Right

COOKIE: Final = "ripeline"
SIGN_IN: Final = "/sign-in"
MOST_BYTES, MOST_FIELDS = 2**20, 5_000
"""Of a form: a definition has hundreds of rules."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who asks for a page.

    login: None where nobody is signed in; secret: what their cookie holds; banner: what stands on top of every page;
    manner: how they are told things.
    """

    request: Request
    at_us: int
    login: Login | None = None
    secret: str = ""
    banner: str = ""
    manner: Manner = PLAIN

    @property
    def who(self) -> Login:
        """Who is signed in, on a page that needs it."""
        if self.login is None:
            raise RuntimeError("nobody is signed in")
        return self.login

    @property
    def seal(self) -> str:
        """What every form of theirs holds: a page elsewhere cannot know it."""
        return hmac.new(self.secret.encode(), b"forms", sha256).hexdigest()

    def is_sealed(self, seal: str) -> bool:
        """Say whether a form is one of theirs."""
        return hmac.compare_digest(seal.encode(), self.seal.encode())

    def not_ours(self) -> Response:
        """Return what is answered to a form that is not."""
        why = _("This form is not one of ours any more. Load the page again, and send it once more.")
        return self.shown("wrong.html", {"title": _("Nothing was changed"), "why": why}, 403)

    def shown(self, template: str, told: Mapping[str, object], status: int = 200) -> Response:
        """Return a page made of a template."""
        own = {"login": self.login, "seal": self.seal, "path": self.request.url.path, "banner": self.banner}
        html = rendered(template, own | dict(told), self.manner)
        return HTMLResponse(html, status, headers=dict(HEADERS))


@dataclass(frozen=True, slots=True)
class Page:
    """One method of one path. right: what somebody must be allowed; None where nobody has to be signed in.

    uploads: a file is sent, too large to be read before it is known where it goes; who answers looks at the seal.
    """

    method: str
    path: str
    right: Right | None
    answer: Callable[[Visit], Awaitable[Response]]
    uploads: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """Lets in who may come in, and answers everybody else."""

    services: Services
    logins: Logins

    def handler(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers requests for a page."""

        async def answer(request: Request) -> Response:
            secret, at_us = request.cookies.get(COOKIE, ""), self.services.now_us()
            login = self.logins.of(secret, at_us) if secret else None
            visit = Visit(request, at_us, login, secret, self.services.workspace.server.banner, self._manner(request))
            try:
                return self._refused(page, visit) or await self._answered(page, visit)
            except (ApiError, InputError) as error:
                status = error.status if isinstance(error, ApiError) else 400
                return visit.shown("wrong.html", {"title": _("That cannot be shown"), "why": str(error)}, status)

        return answer

    def _manner(self, request: Request) -> Manner:
        return manner_of(request.headers.get("accept-language", ""), self.services.workspace.root)

    def _refused(self, page: Page, visit: Visit) -> Response | None:
        """Return why a page is not for somebody, None where it is."""
        if page.right is None:
            return None
        if visit.login is None:
            return self._to_sign_in(visit)
        if not visit.login.may(page.right):
            why = _("Your role does not allow this. An administrator can give you another one.")
            return visit.shown("wrong.html", {"title": _("Not for you"), "why": why}, 403)
        return None

    def _to_sign_in(self, visit: Visit) -> Response:
        request = visit.request
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        goes_back = f"?then={quote(back, safe='')}" if request.method == "GET" and back != "/" else ""
        target = SIGN_IN + goes_back
        # A part of a page that asks for more cannot show the page to sign in: the whole page goes there.
        if request.headers.get("hx-request"):
            return Response(status_code=401, headers={**HEADERS, "hx-redirect": target})
        return sent_to(target)

    async def _answered(self, page: Page, visit: Visit) -> Response:
        if page.method == "POST" and not await self._is_ours(page, visit):
            return visit.not_ours()
        return await page.answer(visit)

    async def _is_ours(self, page: Page, visit: Visit) -> bool:
        """Say whether a form was sent from a page of ours."""
        headers = visit.request.headers
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return False
        if (origin := headers.get("origin")) and origin.partition("://")[2] != headers.get("host"):
            return False
        if page.uploads:
            return True
        sealed = (await form_of(visit.request)).get("seal", "")
        return page.right is None or visit.is_sealed(sealed)


def sent_to(path: str) -> Response:
    """Return an answer that leads to another page."""
    return RedirectResponse(path, 303, headers=dict(HEADERS))


def base_url(workspace: Workspace, visit: Visit) -> str:
    """Return where people reach this server: what the settings say, else what they asked for it by."""
    url = visit.request.url
    return workspace.server.url or f"{url.scheme}://{url.netloc}"


async def form_of(request: Request) -> Mapping[str, str]:
    """Return what a form says: the last value of each field. ApiError where it is too much."""
    if not hasattr(request.state, "form"):
        request.state.form = await _read(request)
    form: Mapping[str, str] = request.state.form
    return form


async def _read(request: Request) -> Mapping[str, str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise ApiError(413, "too_much", "that is more than a form holds")
    try:
        found = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise ApiError(400, "bad_form", "that is more than a form holds") from error
    return {name: values[-1] for name, values in found.items()}
