"""Signing in and out, and the first administrator of a workspace."""

import asyncio
import hmac
from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from ripeline.entry.bootstrap.logins import Logins, TooOftenError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.limits import client_address
from ripeline.entry.server.link_mail import WELCOME, LinkMail
from ripeline.entry.server.pages.page import COOKIE, SIGN_IN, Page, Visit, form_of, sent_to
from ripeline.entry.server.services import Services
from ripeline.vocabulary.issues import InputError

SET_UP: Final = "/set-up"
FORGOT: Final = "/forgot"
WRONG: Final = _("That address and password do not go together.")


class SignIn:
    """The pages."""

    def __init__(self, services: Services, logins: Logins, set_up_code: str) -> None:
        """Take what the pages work with. set_up_code: whoever knows it may make the first login."""
        self._with, self._logins, self._code, self._mail = services, logins, set_up_code, LinkMail(services)
        self._reminders = set[asyncio.Task[None]]()
        # One at a time: so many tries at once would all be let through, and each takes a processor.
        self._turn = asyncio.Lock()

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", SIGN_IN, None, self.shown),
            Page("POST", SIGN_IN, None, self.signed_in),
            Page("POST", "/sign-out", "see_figures", self.signed_out),
            Page("GET", FORGOT, None, self.forgot_shown),
            Page("POST", FORGOT, None, self.forgot),
            Page("GET", SET_UP, None, self.set_up_shown),
            Page("POST", SET_UP, None, self.set_up),
            Page("GET", WELCOME, None, self.welcome_shown),
            Page("POST", WELCOME, None, self.welcome),
        ]

    async def shown(self, visit: Visit) -> Response:
        """The form to sign in."""
        back = visit.request.query_params.get("then", "/")
        return self._form(visit, {"mail": "", "then": back}) if visit.login is None else sent_to(_ours(back))

    async def signed_in(self, visit: Visit) -> Response:
        """Sign a browser in."""
        form = await form_of(visit.request)
        async with self._turn:
            try:
                asked = self._logins.asked(form.get("mail", ""), self._place(visit), visit.at_us)
            except TooOftenError as error:
                return self._form(
                    visit, form, _("There were {what}.", what=str(error)), 429, {"retry-after": str(error.wait_s)}
                )
            is_right = await asyncio.to_thread(asked.is_right, form.get("password", ""))
            secret = self._logins.sign_in(asked, visit.at_us, is_right=is_right)
        return (
            self._form(visit, form, WRONG, 400)
            if secret is None
            else self._let_in(visit, secret, form.get("then", "/"))
        )

    async def forgot_shown(self, visit: Visit) -> Response:
        """The form to ask for another password."""
        return self._forgot_form(visit)

    async def forgot(self, visit: Visit) -> Response:
        """Send an address by mail; whether somebody signs in by theirs is told to nobody."""
        if not self._reminds:
            return self._forgot_form(visit)
        try:
            asked = self._logins.asked((await form_of(visit.request)).get("mail", ""), self._place(visit), visit.at_us)
        except TooOftenError as error:
            return self._forgot_form(visit, wrong=_("There were {what}.", what=str(error)), status=429)
        if found := self._logins.forgot(asked, visit.at_us):
            # Not waited for: how long an answer takes tells nothing either.
            task = asyncio.create_task(self._mail.remind(*found))
            self._reminders.add(task)
            task.add_done_callback(self._reminders.discard)
        return self._forgot_form(visit, is_sent=True)

    @property
    def _reminds(self) -> bool:
        return self._mail.sends and self._mail.knows_address

    def _forgot_form(self, visit: Visit, *, wrong: str = "", is_sent: bool = False, status: int = 200) -> Response:
        told = {"title": _("Another password"), "reminds": self._reminds, "wrong": wrong, "is_sent": is_sent}
        return visit.shown("forgot.html", told, status)

    async def signed_out(self, visit: Visit) -> Response:
        """Sign the browser out."""
        self._logins.sign_out(visit.secret)
        answer = sent_to(SIGN_IN)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    async def set_up_shown(self, visit: Visit) -> Response:
        """The form that makes the first login."""
        return self._set_up_form(visit, {"code": visit.request.query_params.get("code", "")})

    async def set_up(self, visit: Visit) -> Response:
        """Make the first login, an administrator, and sign their browser in."""
        form = await form_of(visit.request)
        if self._logins.is_set_up() or not self._knows_code(form):
            return self._set_up_form(visit, form)
        try:
            password = form.get("password", "")
            login = self._logins.set_up(form.get("mail", ""), form.get("name", ""), password, visit.at_us)
        except InputError as error:
            return self._set_up_form(visit, form, str(error), 400)
        return self._let_in(visit, self._logins.begin(login, visit.at_us), "/")

    async def welcome_shown(self, visit: Visit) -> Response:
        """The form to set a password by a link."""
        return self._welcome_form(visit, visit.request.query_params.get("link", ""))

    async def welcome(self, visit: Visit) -> Response:
        """Set a password by a link, and sign the browser in."""
        form = await form_of(visit.request)
        link = form.get("link", "")
        try:
            secret = self._logins.choose_password(link, form.get("password", ""), visit.at_us)
        except InputError as error:
            return self._welcome_form(visit, link, str(error), 400)
        return self._welcome_form(visit, link) if secret is None else self._let_in(visit, secret, "/")

    def _welcome_form(self, visit: Visit, link: str, wrong: str = "", status: int = 200) -> Response:
        login = self._logins.of_link(link, visit.at_us)
        if login is None:
            why = _("This link was used, or is older than a week. An administrator can make another one.")
            return visit.shown("wrong.html", {"title": _("This link is used up"), "why": why}, 410)
        told = {"title": _("Welcome"), "link": link, "wrong": wrong, "owner": login}
        return visit.shown("welcome.html", told, status)

    def _knows_code(self, form: Mapping[str, str]) -> bool:
        return hmac.compare_digest(form.get("code", "").encode(), self._code.encode())

    def _place(self, visit: Visit) -> str:
        request = visit.request
        forwarded = [value for name, value in request.headers.raw if name == b"x-forwarded-for"]
        peer = request.client.host if request.client else ""
        return client_address(peer, forwarded, self._with.workspace.intake.trusted_proxies)

    def _form(
        self,
        visit: Visit,
        form: Mapping[str, str],
        wrong: str = "",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        if not self._logins.is_set_up():
            return self._set_up_form(visit, {"code": ""})
        told = {"mail": form.get("mail", ""), "then": form.get("then", "/"), "wrong": wrong}
        answer = visit.shown("sign_in.html", {"title": _("Sign in")} | told, status)
        answer.headers.update(headers or {})
        return answer

    def _set_up_form(self, visit: Visit, form: Mapping[str, str], wrong: str = "", status: int = 200) -> Response:
        if self._logins.is_set_up():
            return sent_to(SIGN_IN)
        knows = self._knows_code(form)
        told = {name: form.get(name, "") for name in ("code", "mail", "name")}
        told |= {"title": _("Set up"), "wrong": wrong}
        return visit.shown("set_up.html", told | {"knows": knows}, status if knows or not told["code"] else 403)

    def _let_in(self, visit: Visit, secret: str, back: str) -> Response:
        answer = sent_to(_ours(back))
        # Behind a proxy this server is spoken to without TLS; the address at which people reach it says what they use.
        is_safe = (self._with.workspace.server.url or str(visit.request.url)).startswith("https:")
        answer.set_cookie(COOKIE, secret, path="/", httponly=True, samesite="lax", secure=is_safe)
        return answer


def _ours(back: str) -> str:
    r"""Return where somebody goes on, of addresses that are this server's alone.

    >>> _ours("/leads?sort=-fit"), _ours("//evil.example"), _ours("https://evil.example"), _ours("/\\evil.example")
    ('/leads?sort=-fit', '/', '/', '/')
    """
    fine = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    return back if fine else "/"
