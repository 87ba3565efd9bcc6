"""Who signs in: invite somebody, give them another link, or let them in no more."""

from collections.abc import Mapping

from starlette.responses import Response

from ripeline.entry.bootstrap.logins import Logins, plain_mail
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.link_mail import WELCOME, LinkMail
from ripeline.entry.server.pages.only import channels_named
from ripeline.entry.server.pages.page import Page, Visit, base_url, form_of, sent_to
from ripeline.entry.server.services import Services
from ripeline.vocabulary.channels import MEDIUMS
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.logins import ROLES, Login, Role

PATH = "/settings/people"
MEANS: dict[Role, str] = {
    "admin": _("may do everything"),
    "marketing": _("owns the definition: drafts, publishes, decides about leads"),
    "sales": _("answers leads"),
    "read_only": _("sees everything, changes nothing"),
    "agency": _("sees figures of its channels and writes drafts; no personal data"),
}
"""What each role is for."""


class People:
    """The page."""

    def __init__(self, services: Services, logins: Logins) -> None:
        """Take what it works with."""
        self._with, self._logins, self._mail = services, logins, LinkMail(services)

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "administer", self.shown),
            Page("POST", PATH, "administer", self.invite),
            Page("POST", PATH + "/{number:int}/link", "administer", self.link),
            Page("POST", PATH + "/{number:int}/disable", "administer", self.disable),
            Page("POST", PATH + "/{number:int}/channels", "administer", self.channels),
        ]

    async def shown(self, visit: Visit) -> Response:
        """Everybody who may sign in."""
        return self._page(visit)

    async def invite(self, visit: Visit) -> Response:
        """Make a login, and show the address by which its owner sets a password."""
        form = await form_of(visit.request)
        try:
            new = self._new(form)
            link = self._logins.invite(new, visit.who.name, visit.at_us)
        except InputError as error:
            return self._page(visit, wrong=str(error), said=dict(form), status=400)
        return await self._passed_on(visit, new, link)

    async def link(self, visit: Visit) -> Response:
        """Show another address by which somebody sets a password."""
        number = visit.request.path_params["number"]
        link = self._logins.new_link(number, visit.who.name, visit.at_us)
        whose = next(one for one, _ in self._logins.everybody() if one.number == number)
        return await self._passed_on(visit, whose, link)

    async def _passed_on(self, visit: Visit, to: Login, link: str) -> Response:
        """Send the address to its owner; where it cannot be sent, it is shown, to be passed on by hand."""
        address = self._address(visit, link)
        if not self._mail.sends:
            return self._page(visit, link=address, whose=to.name)
        unsent = await self._mail.invite(to, visit.who, address)
        return self._page(visit, link=address if unsent else "", whose=to.name, unsent=unsent, mailed_to=to.mail)

    async def disable(self, visit: Visit) -> Response:
        """Let somebody in no more."""
        self._logins.disable(visit.request.path_params["number"], visit.who, visit.at_us)
        return sent_to(PATH)

    async def channels(self, visit: Visit) -> Response:
        """Choose whose figures an agency sees."""
        number, form = visit.request.path_params["number"], await form_of(visit.request)
        self._logins.set_channels(number, _channels(form), visit.who.name, visit.at_us)
        return sent_to(PATH)

    def _new(self, form: Mapping[str, str]) -> Login:
        person = form.get("person") or None
        role = next((one for one in ROLES if one == form.get("role")), None)
        if role is None:
            raise InputError("choose a role")
        if person is not None and person not in self._with.sales.people:
            raise InputError(f'"{person}" is no salesperson here')
        channels = _channels(form) if role == "agency" else ()
        return Login(0, plain_mail(form.get("mail", "")), form.get("name", ""), role, person, channels)

    def _address(self, visit: Visit, link: str) -> str:
        return f"{base_url(self._with.workspace, visit)}{WELCOME}?link={link}"

    def _page(
        self,
        visit: Visit,
        *,
        wrong: str = "",
        said: dict[str, str] | None = None,
        link: str = "",
        whose: str = "",
        unsent: str = "",
        mailed_to: str = "",
        status: int = 200,
    ) -> Response:
        told = {
            "title": _("People"),
            "people": self._logins.everybody(),
            "roles": MEANS,
            "channels": MEDIUMS,
            "sales": {name: one.label for name, one in sorted(self._with.sales.people.items())},
            "said": said or {},
            "chosen_channels": [one for one in MEDIUMS if (said or {}).get(f"channel:{one}")],
            "wrong": wrong,
            "link": link,
            "whose": whose,
            "unsent": unsent,
            "mailed_to": mailed_to,
        }
        return visit.shown("people.html", told, status)


def _channels(form: Mapping[str, str]) -> tuple[str, ...]:
    """Return the channels that are ticked: each is a field of its own, since of one name the last value counts."""
    return channels_named(
        [name.partition(":")[2] for name, value in form.items() if name.startswith("channel:") and value]
    )
