"""Mail by SMTP: handed over at most once, since nobody can know a second copy for one."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final

import aiosmtplib
import msgspec

from ripeline.handoff.destinations import MailServer
from ripeline.handoff.retry import Answer, outcome_of_smtp
from ripeline.ports.outbox import Begun
from ripeline.vocabulary.domains import ascii_host
from ripeline.vocabulary.messages import Message

COMMAND_S: Final = 30.0
DATA_S: Final = 120.0
"""How long the server may think about a mail that it has: it may look for viruses."""

QUIT_S: Final = 2.0

UNCERTAIN: Final = "the connection broke off while the mail was handed over; whether it arrived is not known"
_BEFORE: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MAILBOX: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_POLICY: Final = policy.SMTP.clone(cte_type="7bit")


class Written(msgspec.Struct):
    """What a mail says."""

    subject: str
    text: str
    html: str = ""


def mailbox(text: str) -> str | None:
    """Return an address as mail servers take it, None for what is none.

    >>> mailbox("Kim.Lee@Bücher.example"), mailbox("Kim <kim@acme.example>"), mailbox("kim")
    ('Kim.Lee@xn--bcher-kva.example', None, None)
    """
    local, at, host = text.rpartition("@")
    where = ascii_host(host)
    return f"{local}@{where}" if at and where and _MAILBOX.fullmatch(local) else None


def mail_bytes(message: Message, sender: str, to: str) -> bytes:
    """Return a message as a mail, the same bytes each time but for what separates its parts. ValueError where it is none."""
    written = msgspec.json.decode(message.body, type=Written)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = " ".join(written.subject.split())
    mail["Date"] = format_datetime(_BEFORE + timedelta(microseconds=message.made_us))
    mail["Message-ID"] = f"<{message.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(written.text)
    if written.html:
        mail.add_alternative(written.html, subtype="html")
    return mail.as_bytes()


class MailReceiver:
    """The server that takes our mail."""

    def __init__(self, server: MailServer, password: str | None) -> None:
        """Take who it is."""
        self._server, self._password = server, password

    async def send(self, message: Message, at_us: int, begun: Begun) -> Answer:  # noqa: ARG002 - a mail tells its own time
        """Make one attempt: what was begun to be handed over and not answered is uncertain."""
        to, sender = mailbox(message.destination), parseaddr(self._server.sender)[1]
        if to is None:
            return Answer("refused", None, "the address is none that mail can be sent to")
        try:
            content = mail_bytes(message, self._server.sender, to)
        except (ValueError, MessageError, msgspec.MsgspecError):
            return Answer("refused", None, "what is to be sent is no mail")
        client = self._client()
        try:
            return await self._hand_over(client, sender, to, content, begun)
        finally:
            if client.is_connected:
                with suppress(aiosmtplib.SMTPException, OSError):
                    await client.quit(timeout=QUIT_S)
            client.close()

    async def _hand_over(self, client: aiosmtplib.SMTP, sender: str, to: str, content: bytes, begun: Begun) -> Answer:
        # What a server says before it is asked to take a mail is about us, not about the mail: it may be mended.
        try:
            await client.connect()
        except aiosmtplib.SMTPResponseException as error:
            return Answer("failed", error.code, f"the mail server answered {error.code} {_when(error)}")
        except (aiosmtplib.SMTPException, OSError) as error:
            return Answer("failed", None, f"no connection to the mail server: {type(error).__name__}")
        try:
            await client.mail(sender)
            await client.rcpt(to)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error, _when(error))
        except (aiosmtplib.SMTPException, OSError):
            return Answer("failed", None, "the connection was cut before the mail was handed over")
        await begun()
        try:
            await client.data(content, timeout=DATA_S)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error, "to the mail itself")
        except (aiosmtplib.SMTPException, OSError):
            return Answer("uncertain", None, UNCERTAIN)
        return Answer("delivered", 250)

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=self._password,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            timeout=COMMAND_S,
        )

    async def close(self) -> None:
        """There is nothing to let go of: each mail has a connection of its own."""


def _refused(error: aiosmtplib.SMTPResponseException, when: str) -> Answer:
    return Answer(outcome_of_smtp(error.code), error.code, f"the mail server answered {error.code} {when}")


def _when(error: aiosmtplib.SMTPResponseException) -> str:
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return "to user and password"
        case aiosmtplib.SMTPSenderRefused():
            return "to the sender's address"
        case aiosmtplib.SMTPRecipientRefused():
            return "to the recipient's address"
    return "to the connection"
