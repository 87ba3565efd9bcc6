"""Mails with the address by which somebody sets their password: sent once, kept nowhere."""

import logging
from typing import Final

from ripeline.entry.bootstrap.sending import send_mail
from ripeline.entry.log import note
from ripeline.entry.server.services import Services
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.logins import Login

WELCOME: Final = "/welcome"
_ONCE: Final = "It works once, within a week. Whoever opens it first chooses your password, so pass it on to nobody."


class LinkMail:
    """Sends them, where ripeline.toml has [outbox.mail]."""

    def __init__(self, services: Services) -> None:
        """Take what it works with."""
        self._with = services

    @property
    def sends(self) -> bool:
        """Say whether mail can be sent."""
        settings = self._with.workspace.outbox
        return settings.send and settings.mail is not None

    @property
    def knows_address(self) -> bool:
        """Say whether it is known where people reach the server: what a stranger's request calls it may be a trap."""
        return bool(self._with.workspace.server.url)

    async def invite(self, to: Login, by: Login, address: str) -> str:
        """Send an invitation, or a new address; return why it could not be sent, "" where it was."""
        text = f"Hello {to.name},\n\n{by.name} lets you sign in to Ripeline. Choose a password here:\n\n{address}\n\n{_ONCE}\n"
        return await self._sent(to, "Sign in to Ripeline", text)

    async def remind(self, to: Login, link: str) -> None:
        """Send somebody who forgot their password an address; nobody waits for it, so a failure goes to the log."""
        address = f"{self._with.workspace.server.url}{WELCOME}?link={link}"
        asked = (
            "Somebody, most likely you, asked for another password. If it was not you, do nothing: the old one works."
        )
        text = f"Hello {to.name},\n\n{asked} Choose one here:\n\n{address}\n\n{_ONCE}\n"
        if await self._sent(to, "Your password for Ripeline", text):
            note("a mail with a link could not be sent", logging.WARNING, login=to.number)

    async def _sent(self, to: Login, subject: str, text: str) -> str:
        try:
            answer = await send_mail(self._with.workspace.outbox, to.mail, subject, text, self._with.now_us())
        except InputError as error:
            return str(error)
        return "" if answer.outcome == "delivered" else answer.error or "the mail server did not take it"
