"""What salespeople and webhooks are told by a running server, and how a link in a mail answers; receivers are real.

The shop's clock begins on Friday 2026-03-27 at 09:00 UTC, which is 10:00 in Berlin, and stands unless it is told otherwise.
"""

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from playwright.sync_api import Browser
from standardwebhooks.webhooks import Webhook

from ripeline.adapters.book.inbox import connected
from ripeline.adapters.book.sqlite import transaction
from ripeline.adapters.book.tellings import add_telling
from ripeline.entry.schemas import schema
from ripeline.entry.workspace import FIRST_SETTINGS
from ripeline.vocabulary.happenings import Telling
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.browser import chromium, needs_chromium, visit
from tests.acceptance.live.outbox import SECRET, START_US, settled
from tests.acceptance.live.receivers import Heard, Post, Web, post, web
from tests.acceptance.live.served import Reply, Served
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import SALES, act, known, send

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

OUTBOX = """
[outbox.webhooks.crm]
url = "http://127.0.0.1:{web}/crm"
secret = "{secret}"
allow_private = true
[outbox.chats.sales]
kind = "slack"
url = "http://127.0.0.1:{web}/chat"
allow_private = true
[outbox.mail]
host = "127.0.0.1"
port = {post}
security = "none"
from = "leads@acme.example"
"""


@dataclass(frozen=True)
class Told:
    """A shop and whom it tells."""

    shop: Served
    web: Web
    post: Post

    @property
    def hooks(self) -> list[dict[str, Any]]:
        """What the webhook was told, in order of their numbers by lead."""
        found = [dict(json.loads(one.body)) for one in self.web.of("/crm")]
        return sorted(found, key=lambda one: (str(one["data"].get("lead", "")), one["sequence"]))

    def types(self) -> list[str]:
        return [one["type"] for one in self.hooks]

    def mails(self, to: str) -> list[EmailMessage]:
        return [one for one in self.post.accepted if one["To"] == f"{to}@shop.example"]

    def follow(self, address: str, form: bytes | None = None) -> Reply:
        """Open a link, or send its form."""
        return self.shop.ask(address.removeprefix(self.shop.url), form)


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])


@contextmanager
def telling(root: Path, at: datetime | None, more: str = "") -> Iterator[Told]:
    """Run a shop that tells everybody of everything. at: where its clock stands, None for the true one."""
    with ExitStack() as stack:
        receiver, mails = stack.enter_context(web()), stack.enter_context(post())
        port = free_port()
        settings = f'{FIRST_SETTINGS}{SALES}\n[server]\nurl = "http://127.0.0.1:{port}"\n'
        told = OUTBOX.format(web=receiver.port, post=mails.port, secret=SECRET)
        shop = Served(root / "shop", DEFINITION, settings + told + more)
        shop.port = port
        if at is not None:
            shop.clock.write_text(at.isoformat())
        shop.start()
        try:
            yield Told(shop, receiver, mails)
        finally:
            shop.stop()
        assert not shop.defects()


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    with telling(tmp_path, START) as found:
        yield found


def wait_until(holds: Callable[[], object], within_s: float = 30) -> None:
    until = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def links(mail: EmailMessage) -> dict[str, str]:
    """Return the links of a mail by what they say; text and HTML have the same."""
    found = dict(re.findall(r"^(Accept|Reject|Not now):\s+(http\S+)", plain(mail), re.MULTILINE))
    part = mail.get_body(("html",))
    assert part is not None
    assert re.findall(r'href="([^"]+)"', str(part.get_content())) == list(found.values())
    return found


def asked(told: Told, lead: str = "ada") -> dict[str, str]:
    """Let a lead ask for sales; return the links of the mail that its owner gets."""
    before = len(told.post.accepted)
    send(told.shop, known(lead), act(lead, "Asked"))
    wait_until(lambda: len(told.post.accepted) > before)
    return links(told.post.accepted[before])


def handoff(told: Told, number: int = 1) -> dict[str, Any]:
    return told.shop.read(f"/api/handoffs/{number}")


def verified(heard: Heard) -> dict[str, Any]:
    """Return what a webhook says, once its signature and its schema hold."""
    body = dict(Webhook(SECRET).verify(heard.body, dict(heard.headers)))
    jsonschema.Draft202012Validator(schema("webhook")).validate(body)
    return body


# ---- from the browser to the salesperson, and back ----------------------------------------------------------------


@pytest.mark.slow
@needs_chromium
def test_a_visitor_becomes_a_lead_that_somebody_accepts(tmp_path: Path) -> None:
    with telling(tmp_path, None) as told, chromium() as browser:
        shop = told.shop
        printed = ripeline("snippet", "-w", shop.workspace.root, "--url", shop.url)
        page = f"<!doctype html><title>Pricing</title>{printed.stdout}".encode()
        with visit(browser, {"/pricing": ("text/html", page)}, "/pricing") as visited:
            traits = {"email": "ada@corp.example", "firstName": "Ada", "lastName": "Example", "company_size": 500}
            visited.page.evaluate("traits => analytics.identify('ada', traits).then(() => null)", traits)
            visited.page.evaluate("analytics.track('Asked', {form: 'Talk to us'}).then(() => null)")
            wait_until(lambda: told.post.accepted and told.web.of("/chat"))
            wait_until(lambda: "handoff.created" in told.types())
        known = shop.read("/api/leads/ada@corp.example")
        assert (known["meets_definition"], known["stage"], known["hand_raise"]) == (True, "mql", "asked")
        one = handoff(told)
        assert (one["state"], one["owner"]) == ("open", "maria")
        assert one["why"].startswith("Team all (everybody): it is Maria's turn")

        said = [verified(heard) for heard in told.web.of("/crm")]
        created = next(one for one in said if one["type"] == "handoff.created")
        assert (created["data"]["lead"], created["data"]["owner"]) == ("ada", "maria")
        # What is told of each lead is numbered from 1 on; the visitor had another name at first.
        for lead in {one["data"]["lead"] for one in said}:
            numbers = sorted(one["sequence"] for one in said if one["data"]["lead"] == lead)
            assert numbers == list(range(1, len(numbers) + 1)), lead

        (mail,) = told.mails("maria")
        assert mail["Subject"] == "New lead: Ada Example (corp.example) asked to talk to sales"
        for words in ("ada@corp.example", "looked at /pricing", "Asked (Talk to us)", "company size 500"):
            assert words in plain(mail)
        (chat,) = told.web.of("/chat")
        assert "Ada Example" in json.loads(chat.body)["text"]
        address = links(mail)["Accept"]
        assert address in chat.body.decode()

        # A scanner that follows every link of a mail, and a person who looks at it.
        assert [told.follow(link).status for link in links(mail).values()] == [200] * 3
        assert handoff(told)["state"] == "open"
        accepted_in(browser, address)
        one = handoff(told)
        assert (one["state"], one["steps"][-1]["by"]) == ("accepted", "maria")
        shop.applied()
        assert shop.read("/api/leads/ada")["stage"] == "sales_accepted"
        wait_until(lambda: "handoff.answered" in told.types())
        assert address.rpartition("/")[2] not in shop.log()


def accepted_in(browser: Browser, address: str) -> None:
    opened = browser.new_page()
    opened.goto(address)
    assert "Ada Example" in opened.title()
    # The page's own style is the one thing that its policy lets through.
    assert opened.locator(".first").evaluate("one => getComputedStyle(one).display") == "inline-block"
    opened.get_by_role("button", name="Accept").click()
    opened.get_by_text("You have accepted this lead.").wait_for()
    opened.close()


# ---- links ----------------------------------------------------------------------------------------------------------


def test_looking_at_a_link_changes_nothing_and_nobody_keeps_it(told: Told) -> None:
    found = asked(told)
    before = handoff(told)
    for address in found.values():
        reply = told.follow(address)
        assert reply.status == 200
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert b'<form method="post">' in reply.body
    assert handoff(told) == before


def test_a_lead_is_rejected_by_a_link_with_a_reason(told: Told) -> None:
    """On 27 March for 90 days; a reason that is not in the list changes nothing, and the link can be used once."""
    reject = asked(told)["Reject"]
    for form in (b"", b"reason=no_bugdet", b"reason=no_budget&comment=" + b"x" * 2_001):
        wrong = told.follow(reject, form)
        assert (wrong.status, b"That cannot be" in wrong.body) == (400, True)
    assert told.follow(reject, b"x" * 70_000).status == 413
    assert told.follow(reject, b"a=1&" * 30).status == 413
    assert handoff(told)["state"] == "open"
    done = told.follow(reject, b"reason=no_budget&comment=next+year")
    assert (done.status, b"It cools down until 2026-06-25." in done.body) == (200, True)
    one = handoff(told)
    assert (one["state"], one["reason"], one["comment"]) == ("rejected", "no_budget", "next year")
    again = told.follow(reject, b"reason=no_need")
    assert (again.status, b"This lead was answered already: it is rejected. Nothing was changed." in again.body) == (
        410,
        True,
    )
    assert handoff(told)["reason"] == "no_budget"


def test_a_lead_is_left_alone_until_a_day(told: Told) -> None:
    later = asked(told)["Not now"]
    assert told.follow(later, b"until=soon").status == 400
    assert told.follow(later, b"until=2026-03-01").status == 400
    assert told.follow(later, b"until=2026-05-04").status == 200
    assert (handoff(told)["state"], handoff(told)["resting_until"]) == ("recycled", "2026-05-04")


def test_a_link_is_worth_nothing_once_somebody_else_has_the_lead(told: Told) -> None:
    """Also when it comes back: what was given anew has links of its own."""
    first = asked(told)["Accept"]
    assert told.shop.tell("/api/handoffs/1/reassign", {"to": "jon"}).status == 200
    assert (told.follow(first).status, told.follow(first, b"").status) == (410, 410)
    told.shop.due("2026-03-27T09:01:00Z")
    assert told.shop.tell("/api/handoffs/1/reassign", {"to": "maria"}).status == 200
    refused = told.follow(first, b"")
    assert (refused.status, b"given to somebody else meanwhile, or anew" in refused.body) == (410, True)
    assert handoff(told)["state"] == "open"
    wait_until(lambda: len(told.mails("maria")) == 2)
    assert told.follow(links(told.mails("maria")[1])["Accept"], b"").status == 200


def test_a_link_is_too_old_after_thirty_days(told: Told) -> None:
    reject = asked(told)["Reject"]
    assert told.shop.tell("/api/handoffs/1/touch", {}).status == 200
    told.shop.due("2026-04-26T08:59:59Z")
    assert told.follow(reject).status == 200
    told.shop.due("2026-04-26T09:00:00Z")
    refused = told.follow(reject, b"reason=no_need")
    assert (refused.status, b"too old" in refused.body) == (410, True)
    assert handoff(told)["state"] == "accepted"


def test_a_link_that_was_changed_is_none(told: Told) -> None:
    accept = asked(told)["Accept"]
    last = "A" if accept[-1] != "A" else "B"
    for address in (
        accept[:-1] + last,
        accept[:-1],
        accept + "A",
        accept.replace("/answer/", "/answer/x"),
        accept.rpartition(".")[0],
    ):
        assert (told.follow(address).status, told.follow(address, b"").status) == (404, 404)
    assert handoff(told)["state"] == "open"


def test_links_of_another_workspace_are_none(told: Told, tmp_path: Path) -> None:
    theirs = asked(told)["Accept"].rpartition("/")[2]
    with telling(tmp_path / "other", START) as other:
        asked(other)
        assert other.shop.ask(f"/answer/{theirs}", b"").status == 404
        assert handoff(other)["state"] == "open"


# ---- what people and webhooks are told ------------------------------------------------------------------------------


def test_silence_is_told_to_whom_it_concerns(told: Told) -> None:
    """Four working hours on Friday: at 15:00 in Berlin, 14:00 UTC, Maria's time is over and Jon has the lead."""
    asked(told)
    told.shop.due("2026-03-27T14:30:00Z")
    wait_until(lambda: len(told.post.accepted) == 5)
    assert {name: sorted(mail["Subject"] for mail in told.mails(name)) for name in ("maria", "jon", "petra")} == {
        "maria": ["New lead: ada asked to talk to sales", "Overdue: ada", "Soon due: ada"],
        "jon": ["New lead: ada asked to talk to sales"],
        "petra": ["Overdue: ada"],
    }
    overdue = next(mail for mail in told.mails("maria") if mail["Subject"].startswith("Overdue"))
    assert links(overdue) == {}
    assert "It is open, and jon has it." in plain(overdue)
    wait_until(lambda: len(told.web.of("/chat")) == 3)
    wait_until(lambda: told.types().count("handoff.created") == 2)
    assert sorted(told.types()) == [
        *("handoff.breached", "handoff.created", "handoff.created", "handoff.warned"),
        *("level.changed", "stage.changed"),
    ]


def test_what_is_taken_back_is_told(told: Told) -> None:
    asked(told)
    assert told.shop.tell("/api/set-aside", {"lead": "ada", "reason": "a robot"}).status == 200
    told.shop.due("2026-03-27T09:00:00Z")
    wait_until(lambda: len(told.mails("maria")) == 2)
    assert told.mails("maria")[1]["Subject"] == "Taken back: ada"
    wait_until(lambda: "handoff.withdrawn" in told.types())


def test_what_somebody_works_who_is_absent_is_told_to_their_manager(told: Told) -> None:
    """Who is new by API is written to as well: the lead of somebody absent goes to Kim, since Jon is gone."""
    asked(told)
    assert told.shop.tell("/api/handoffs/1/accept", {}).status == 200
    kim = {"mail": "kim@shop.example", "teams": ["all"]}
    address, token = "/api/sales/people/", f"Bearer {told.shop.admin}"
    assert told.shop.ask(f"{address}kim", json.dumps(kim).encode(), "PUT", authorization=token).status == 200
    assert told.shop.ask(f"{address}jon", None, "DELETE", authorization=token).status == 200
    assert told.shop.tell(f"{address}maria/absences", {"first": "2026-03-27"}).status == 200
    wait_until(lambda: told.mails("petra"))
    assert [mail["Subject"] for mail in told.mails("petra")] == ["Nobody attends to: ada"]
    wait_until(lambda: "handoff.unattended" in told.types())
    (hook,) = [one for one in told.hooks if one["type"] == "handoff.unattended"]
    jsonschema.Draft202012Validator(schema("webhook")).validate(hook)
    send(told.shop, known("bob"), act("bob", "Asked"))
    wait_until(lambda: told.mails("kim"))


def test_levels_are_told_that_acts_changed(told: Told) -> None:
    """500 people: good fit. Three hits within two days: 9 points and 7, and 2 for the first day: medium; asked: 15 more, high."""
    send(told.shop, known("bob"))
    send(told.shop, *(act("bob", "Hit", number) for number in range(3)))
    send(told.shop, act("bob", "Hit", 9))
    send(told.shop, act("bob", "Asked"))
    wait_until(lambda: told.types().count("level.changed") == 3)
    found = [one["data"] for one in told.hooks if one["type"] == "level.changed"]
    assert [(one["fit"], one["engagement"]) for one in found] == [
        ({"from": "unknown", "to": "good"}, {"from": "low", "to": "low"}),
        ({"from": "good", "to": "good"}, {"from": "low", "to": "medium"}),
        ({"from": "good", "to": "good"}, {"from": "medium", "to": "high"}),
    ]
    told.shop.due("2026-04-10T09:00:00Z")
    settled(told.shop)
    assert told.types().count("level.changed") == 3, "time alone is not told"
    for heard in told.web.of("/crm"):
        jsonschema.Draft202012Validator(schema("webhook")).validate(json.loads(heard.body))


def test_what_nobody_just_did_is_told_to_nobody(told: Told, tmp_path: Path) -> None:
    """Imported leads that meet the definition are held: no webhook, mail or chat message."""
    (tmp_path / "leads.csv").write_text("id,company_size\nc1,500\n")
    (tmp_path / "events.csv").write_text("lead,name,time\nc1,Asked,2026-03-26\n")
    folder = ("-w", told.shop.workspace.root)
    assert ripeline("import", "leads", tmp_path / "leads.csv", *folder, "--id", "id").returncode == 0
    columns = ("--lead", "lead", "--name", "name", "--time", "time")
    assert ripeline("import", "events", tmp_path / "events.csv", *folder, *columns).returncode == 0
    told.shop.due("2026-03-27T09:00:00Z")
    assert handoff(told)["state"] == "held"
    assert told.shop.read("/api/outbox")["messages"] == []


def test_a_new_version_is_told(tmp_path: Path) -> None:
    """By the route and by the command, each once; the same text again is nothing new."""
    with telling(tmp_path, None) as told:
        published(told)


def published(told: Told) -> None:
    file = told.shop.workspace.root / "qualification.yaml"
    text = file.read_text()
    path = "/api/definitions/qualification/publish?comment=less"
    less = text.replace("points: 15", "points: 14")
    reply = told.shop.ask(path, less.encode(), authorization=f"Bearer {told.shop.admin}")
    assert reply.status == 200
    assert ripeline("publish", "-w", told.shop.workspace.root, "--yes").returncode == 0
    assert ripeline("rollback", "-w", told.shop.workspace.root, "--yes").returncode == 0
    wait_until(lambda: len(told.hooks) == 2)
    first, second = (one["data"] for one in told.hooks)
    assert [one["type"] for one in told.hooks] == ["definition.published"] * 2
    assert (first["name"], first["comment"]) == ("qualification", "less")
    assert first["fingerprint"] == reply.json["fingerprint"] == second["instead_of"]
    assert first["instead_of"] == second["fingerprint"]


def test_a_kill_before_people_were_told_loses_nothing(told: Told) -> None:
    """What stands in the book when a server is killed is told by the next one, once."""
    asked(told)
    settled(told.shop)
    told.shop.kill()
    with closing(connected(told.shop.workspace.book)) as db, transaction(db):
        add_telling(db, Telling("handoff.warned", 1, START_US, 9, ("maria",)))
    for _ in range(2):
        told.shop.start()
        wait_until(lambda: len(told.mails("maria")) == 2)
        settled(told.shop)
        told.shop.kill()
    assert [mail["Subject"] for mail in told.mails("maria")][1:] == ["Soon due: ada"]
    told.shop.start()


# ---- the packet -----------------------------------------------------------------------------------------------------


def test_the_packet_for_programs_and_people(told: Told) -> None:
    send(
        told.shop,
        known("ada", name="<b>Ada</b>", email="ada@corp.example", budget="10 k", unsubscribed=True),
        {
            "type": "group",
            "userId": "ada",
            "groupId": "corp",
            "traits": {"name": "Corp", "industry": "toys"},
            "messageId": "g1",
        },
        {"type": "page", "userId": "ada", "context": {"page": {"path": "/pricing"}}, "messageId": "p1"},
        act("ada", "Asked"),
    )
    token = f"Bearer {told.shop.token}"
    reply = told.shop.ask("/api/handoffs/1/packet", authorization=token)
    jsonschema.Draft202012Validator(schema("packet")).validate(reply.json)
    packet = reply.json
    assert packet["person"] == {
        "lead": "ada",
        "name": "<b>Ada</b>",
        "email": "ada@corp.example",
        "phone": None,
        "title": None,
    }
    assert packet["company"] == {
        "name": "Corp",
        "account": "corp",
        "facts": [{"name": "company size", "value": "500"}, {"name": "industry", "value": "toys"}],
    }
    assert packet["questions"] == {"budget": "10 k", "need": None, "timing": None}
    assert packet["consent"] == [{"name": "unsubscribed", "value": "yes"}]
    assert [did for visit in packet["visits"] for did in sorted(visit["did"])] == ["Asked", "looked at /pricing"]
    assert packet["opening"] == (
        "<b>Ada</b> asked to talk to sales on 2026-03-27 (Asked): answer that first. "
        "Ask about need and timing: nothing is known of that yet."
    )
    # A visit, 2 points, and having asked, 15.
    assert (packet["interest"]["points"], packet["interest"]["level"]) == ("17", "medium")
    assert [one["points"] for one in packet["interest"]["reasons"]] == ["15", "2"]

    page = told.shop.ask("/api/handoffs/1/packet.html", authorization=token)
    asked_for = told.shop.ask("/api/handoffs/1/packet", authorization=token, accept="text/html")
    for one in (page, asked_for):
        assert (one.status, one.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "default-src 'none'" in one.headers["content-security-policy"]
        assert b"&lt;b&gt;Ada&lt;/b&gt;" in one.body
        assert b"<b>" not in one.body
    assert told.shop.ask("/api/handoffs/1/packet").status == 401
    missing = told.shop.ask("/api/handoffs/9/packet", authorization=token)
    assert (missing.status, missing.json["code"]) == (404, "no_such_handoff")


def test_reasons_are_what_was_given_under_caps(told: Told) -> None:
    """Eight hits, 24 points, of which the cap of 20 counts; they were often, 7, and asking gave 15: 42 together."""
    send(told.shop, known("ada"), *(act("ada", "Hit", number) for number in range(8)), act("ada", "Asked"))
    interest = told.shop.read("/api/handoffs/1/packet")["interest"]
    assert interest["points"] == "42"
    assert [(one["name"], one["points"]) for one in interest["reasons"]] == [
        ("hit", "20"),
        ("asked", "15"),
        ("often", "7"),
    ]


def test_the_packet_by_command(told: Told, tmp_path: Path) -> None:
    asked(told)
    folder = ("-w", told.shop.workspace.root)
    by_route = told.shop.read("/api/handoffs/1/packet")
    by_command = json.loads(ripeline("handoffs", "packet", 1, *folder, "--format", "json").stdout)
    assert by_command["handoff"] == by_route["handoff"]
    assert by_command["person"] == by_route["person"]
    shown = ripeline("handoffs", "packet", 1, *folder).stdout
    assert "ada asked to talk to sales" in shown
    assert "A way to begin" in shown
    file = tmp_path / "packet.html"
    assert ripeline("handoffs", "packet", 1, *folder, "--format", "html", "-o", file).returncode == 0
    assert file.read_text().startswith("<!doctype html>")
    assert file.stat().st_mode & 0o777 == 0o600
    there = ripeline("handoffs", "packet", 1, *folder, "-o", file)
    assert (there.returncode, "exists already" in " ".join(there.stderr.split())) == (1, True)
    missing = ripeline("handoffs", "packet", 9, *folder)
    assert (missing.returncode, "there is no handoff 9" in missing.stderr) == (1, True)


def test_earlier_answers_stand_in_the_packet(told: Told) -> None:
    reject = asked(told)["Reject"]
    told.follow(reject, b"reason=no_budget&comment=next+year")
    told.shop.applied()
    told.shop.due("2026-03-27T10:00:00Z")
    send(told.shop, act("ada", "Asked", 2))
    packet = told.shop.read("/api/handoffs/2/packet")
    (before,) = packet["before"]
    assert (before["number"], before["state"], before["reason"], before["comment"]) == (
        1,
        "rejected",
        "no_budget",
        "next year",
    )


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://leads.acme.example", "server.url begins with http:"),
        ("https://leads.acme.example/?x", "server.url is the beginning of addresses"),
        ("leads", "server.url is no address"),
    ],
)
def test_an_address_that_cannot_be_linked_to_is_refused(tmp_path: Path, url: str, why: str) -> None:
    Served(tmp_path, DEFINITION, f'{FIRST_SETTINGS}\n[server]\nurl = "{url}"\n')
    done = ripeline("sales", "-w", tmp_path)
    assert (done.returncode, why in " ".join(done.stderr.split())) == (1, True)
