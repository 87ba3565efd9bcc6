"""Attempts at real receivers: what each answer comes to, and where nothing is ever sent."""

import asyncio
import socket
from pathlib import Path

import msgspec
import pytest

from ripeline.adapters.destinations.chat import ChatReceiver
from ripeline.adapters.destinations.guard import is_public
from ripeline.adapters.destinations.http import HttpAnswer, HttpDestination
from ripeline.adapters.destinations.mail import MailReceiver
from ripeline.adapters.destinations.webhook import WebhookReceiver
from ripeline.handoff.chat_text import chat_text
from ripeline.handoff.destinations import ChatKind, MailServer, Secret, Security
from ripeline.handoff.retry import Answer
from ripeline.ports.outbox import Begun
from ripeline.vocabulary.messages import Message, MessageKind
from tests.acceptance.live.certificates import certificate, context
from tests.acceptance.live.receivers import FINE, PASSWORD, Heard, Post, Said, post, web

pytestmark = pytest.mark.acceptance

KEY = bytes(range(32))
MAIL = {"to": "kim@acme.example", "subject": "Ada is ripe", "text": "Zoë says:\n.\nhi", "html": "<p>Zoë</p>"}


def message(kind: MessageKind = "webhook", destination: str = "crm", body: object = None) -> Message:
    return Message(
        f"msg_{'0' * 32}", kind, destination, "ada", 1, "handoff.created", msgspec.json.encode(body or {}), 0
    )


def sent(url: str, *, allow_private: bool = True) -> Answer:
    async def send() -> Answer:
        receiver = WebhookReceiver(url, [KEY], allow_private=allow_private, kept=1)
        try:
            return await receiver.send(message(), 0, _nothing)
        finally:
            await receiver.close()

    return asyncio.run(send())


async def _nothing() -> None:
    pass


@pytest.mark.parametrize(
    ("said", "outcome", "asked_s"),
    [
        (FINE, "delivered", None),
        (Said(204), "delivered", None),
        (Said(404), "failed", None),
        (Said(410), "refused", None),
        (Said(429, {"Retry-After": "7"}), "failed", 7),
        (Said(500, body=b"secret: hunter2"), "failed", None),
        (Said(200, body=b"x" * 10_000_000), "delivered", None),
    ],
)
def test_what_is_answered(said: Said, outcome: str, asked_s: int | None) -> None:
    with web(lambda _: said) as receiver:
        answer = sent(f"http://127.0.0.1:{receiver.port}/hook?a=b")
    assert (answer.outcome, answer.status, answer.asked_s) == (outcome, said.status, asked_s)
    assert (answer.error == "") == (outcome == "delivered")
    assert "hunter2" not in answer.error
    assert [one.path for one in receiver.heard] == ["/hook?a=b"]


def test_redirects_are_not_followed() -> None:
    with web(lambda one: Said(302, {"Location": "/elsewhere"})) as receiver:
        answer = sent(f"http://127.0.0.1:{receiver.port}/hook")
    assert (answer.outcome, answer.status) == ("failed", 302)
    assert [one.path for one in receiver.heard] == ["/hook"]


@pytest.mark.parametrize(
    "raw", [b"", b"HTTP/1.1 2", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"x" * 200_000]
)
def test_no_answer_of_http(raw: bytes) -> None:
    with web(lambda _: Said(raw=raw)) as receiver:
        answer = sent(f"http://127.0.0.1:{receiver.port}/")
    assert (answer.outcome, answer.status) == ("failed", None)
    assert answer.error


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert sent(f"http://127.0.0.1:{port}/").error == "no connection"
    assert sent(f"https://127.0.0.1:{port}/").error == "no connection"


def _posted(url: str, within_s: float) -> HttpAnswer:
    async def ask() -> HttpAnswer:
        destination = HttpDestination(url, allow_private=True, kept=1)
        try:
            return await destination.post(b"{}", {}, within_s)
        finally:
            await destination.close()

    return asyncio.run(ask())


def test_who_does_not_answer_is_waited_for_so_long_and_no_longer() -> None:
    with web(lambda _: Said(hang=True)) as receiver:
        assert _posted(f"http://127.0.0.1:{receiver.port}/", 0.3) == HttpAnswer(None, "no answer in time")


def test_whoever_hung_is_asked_again_by_the_same_sender() -> None:
    """What was waited for in vain takes no connection away from what comes later."""

    async def ask(port: int) -> list[int | None]:
        destination = HttpDestination(f"http://127.0.0.1:{port}/", allow_private=True, kept=2)
        try:
            hung = await asyncio.gather(*(destination.post(b"hang", {}, 0.2) for _ in range(6)))
            return [one.status for one in [*hung, await destination.post(b"{}", {}, 5)]]
        finally:
            await destination.close()

    with web(lambda one: Said(hang=one.body == b"hang")) as receiver:
        assert asyncio.run(ask(receiver.port)) == [None] * 6 + [200]


def test_no_tls_where_it_is_asked_for() -> None:
    with web() as receiver:
        answer = sent(f"https://127.0.0.1:{receiver.port}/")
    assert answer.error.startswith("no safe connection")
    assert not receiver.heard


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "0.0.0.0", "[::ffff:127.0.0.1]"]
)
def test_nothing_is_sent_inside(host: str) -> None:
    with web() as receiver:
        answer = sent(f"http://{host}:{receiver.port}/", allow_private=False)
    assert answer == Answer("failed", None, "its address is private, and allow_private is not set")
    assert not receiver.heard


def test_what_is_looked_at_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is asked for once a connection, so that it cannot stand for something else the second time."""
    asked, real = list[str](), socket.getaddrinfo

    def found(host: str, port: int, *, type: int = 0) -> object:  # noqa: A002 - its name
        asked.append(host)
        return real("127.0.0.1" if host == "crm.example" else host, port, type=type)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with web() as receiver:
        url = f"http://crm.example:{receiver.port}/"
        assert sent(url, allow_private=True).outcome == "delivered"
        assert asked == ["crm.example"]
        assert sent(url, allow_private=False).outcome == "failed"
        assert asked == ["crm.example"] * 2
    assert [one.headers["host"] for one in receiver.heard] == [f"crm.example:{receiver.port}"]


PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.168.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
    "2001:0:7f00:1::1",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "100::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_inside(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
)
def test_addresses_outside(address: str) -> None:
    assert is_public(address)


def test_a_certificate_must_be_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, others = certificate(tmp_path), certificate(tmp_path, "127.0.0.2")
    with web(context=context(own)) as receiver:
        url = f"https://127.0.0.1:{receiver.port}/hook"
        assert sent(url).error.startswith("no safe connection")
        monkeypatch.setenv("SSL_CERT_FILE", str(own))
        assert sent(url).outcome == "delivered"
    monkeypatch.setenv("SSL_CERT_FILE", str(others))
    with web(context=context(others)) as receiver:
        assert sent(f"https://127.0.0.1:{receiver.port}/hook").error.startswith("no safe connection")


# ---- chats -----------------------------------------------------------------------------------------------------------


def _chatted(kind: ChatKind, said: Said) -> tuple[Answer, Heard]:
    async def send(port: int) -> Answer:
        receiver = ChatReceiver(kind, f"http://127.0.0.1:{port}/services/T0/B0/secret", allow_private=True)
        try:
            told = message("chat", "sales")
            return await receiver.send(
                Message(told.id, "chat", "sales", "ada", 1, "x.y", chat_text(kind, "A <b> & c"), 0), 0, _nothing
            )
        finally:
            await receiver.close()

    with web(lambda _: said) as receiver:
        answer = asyncio.run(send(receiver.port))
    return answer, receiver.heard[0]


def test_slack() -> None:
    answer, heard = _chatted("slack", Said(body=b"ok"))
    assert answer.outcome == "delivered"
    assert msgspec.json.decode(heard.body) == {"text": "A &lt;b&gt; &amp; c"}
    assert heard.headers["content-type"] == "application/json"
    assert "webhook-signature" not in heard.headers
    assert _chatted("slack", Said(404, body=b"no_service"))[0].error == "it answered 404: no_service"
    assert _chatted("slack", Said(500, body=b"a secret of theirs"))[0].error == "it answered 500"
    limited, _ = _chatted("slack", Said(429, {"Retry-After": "30"}, b"rate_limited"))
    assert (limited.outcome, limited.asked_s) == ("failed", 30)


def test_teams() -> None:
    answer, heard = _chatted("teams", Said(202))
    assert answer.outcome == "delivered"
    card = msgspec.json.decode(heard.body)["attachments"][0]["content"]
    assert card["body"] == [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "A <b> & c"}]}]
    told = b"Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429"
    assert _chatted("teams", Said(200, body=told))[0].outcome == "failed"


# ---- mail ------------------------------------------------------------------------------------------------------------


async def _handed_over(receiver: MailReceiver, told: Message, begun: Begun) -> Answer:
    """Return what an attempt came to, once its connection has been closed, which happens beside everything else."""
    answer = await receiver.send(told, 0, begun)
    await asyncio.sleep(0.1)
    return answer


def mailed(
    server: Post, body: object = None, to: str = "kim@acme.example", security: Security = "none"
) -> tuple[Answer, int]:
    """Return what an attempt came to, and how often it was noted that the mail may arrive."""
    noted = 0

    async def begun() -> None:
        nonlocal noted
        noted += 1

    settings = MailServer("127.0.0.1", server.port, security, "Acme leads <leads@acme.example>")
    told = message("mail", to, body or MAIL)
    return asyncio.run(_handed_over(MailReceiver(settings, None), told, begun)), noted


def test_a_mail_arrives_as_it_was_written() -> None:
    with post() as server:
        assert mailed(server) == (Answer("delivered", 250), 1)
    (mail,) = server.accepted
    assert (mail["From"], mail["To"], mail["Subject"]) == (
        "Acme leads <leads@acme.example>",
        "kim@acme.example",
        "Ada is ripe",
    )
    assert mail["Message-ID"] == f"<msg_{'0' * 32}@acme.example>"
    assert mail["Date"] == "Thu, 01 Jan 1970 00:00:00 +0000"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == ["Zoë says:", ".", "hi"]
    assert html.get_content().strip() == "<p>Zoë</p>"


@pytest.mark.parametrize(
    ("where", "said", "outcome", "noted"),
    [
        ("on_rcpt", "450 try later", "failed", 0),
        ("on_rcpt", "550 nobody here", "refused", 0),
        ("on_data", "451 try later", "failed", 1),
        ("on_data", "554 no thanks", "refused", 1),
        ("on_data", "cut", "uncertain", 1),
    ],
)
def test_what_a_mail_server_answers(where: str, said: str, outcome: str, noted: int) -> None:
    with post() as server:
        setattr(server, where, lambda: said)
        answer, times = mailed(server)
    assert (answer.outcome, times) == (outcome, noted)
    assert "nobody here" not in answer.error
    assert not server.accepted


def test_no_mail_server() -> None:
    with post() as server:
        pass
    answer, noted = mailed(server)
    assert (answer.outcome, answer.status, noted) == ("failed", None, 0)


SAFE: tuple[Security, ...] = ("starttls", "tls")


def test_a_mail_is_not_sent_in_the_open_where_that_was_not_said() -> None:
    for security in SAFE:
        with post() as server:
            answer, noted = mailed(server, security=security)
        assert (answer.outcome, noted, server.asked) == ("failed", 0, [])


def _logged_in(server: Post, password: str) -> Answer:
    settings = MailServer(
        "127.0.0.1", server.port, "starttls", "leads@acme.example", "leads", Secret("it", (password,))
    )
    return asyncio.run(
        _handed_over(MailReceiver(settings, password), message("mail", "kim@acme.example", MAIL), _nothing)
    )


def test_a_mail_goes_out_safely_by_who_logged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certificate(tmp_path)
    with post(context(file)) as server:
        assert _logged_in(server, PASSWORD).outcome == "failed"
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert _logged_in(server, PASSWORD) == Answer("delivered", 250)
        # It may be mended on our side, so the mail is not given up.
        wrong = _logged_in(server, "hunter3")
    assert wrong == Answer("failed", 535, "the mail server answered 535 to user and password")
    assert len(server.accepted) == 1


@pytest.mark.parametrize(
    "to",
    [
        "kim@acme.example\r\nRCPT TO:<eve@evil.example>",
        "kim@acme.example>\r\nDATA",
        "Kim <kim@acme.example>",
        "kim",
        "",
        "a b@acme.example",
    ],
)
def test_addresses_that_are_none(to: str) -> None:
    with post() as server:
        answer, noted = mailed(server, to=to)
    assert (answer.outcome, noted, server.asked) == ("refused", 0, [])


def test_nothing_gets_into_the_head_of_a_mail() -> None:
    with post() as server:
        mailed(server, {**MAIL, "subject": "Ada\r\nBcc: eve@evil.example\r\n\r\nbody"})
    (mail,) = server.accepted
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Ada Bcc: eve@evil.example body"


@pytest.mark.parametrize("body", [["no", "mail"], {"subject": 5, "text": ""}, {"text": "no subject"}])
def test_what_is_no_mail_is_given_up(body: object) -> None:
    with post() as server:
        answer, noted = mailed(server, body)
    assert (answer.outcome, answer.error, noted) == ("refused", "what is to be sent is no mail", 0)
