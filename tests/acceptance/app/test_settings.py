"""Settings: tokens and keys, who changed what, privacy, the outbox, sales; one server, whose clock stands still."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from time import sleep
from typing import Any

import pytest

from ripeline.entry.bootstrap.book import make_write_key, opened_server_book
from ripeline.vocabulary.changes import Change
from tests.acceptance.app.visitors import ADMIN, Visitor, logged, set_up, shown
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.outbox import SECRET, settings, settled, told, webhook
from tests.acceptance.live.receivers import FINE, PASSWORD, Post, Said, Web, post, web
from tests.acceptance.live.served import Reply, Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_erase import left_of
from tests.acceptance.live.test_handoffs import SALES, act, known

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow]

START_US = int(START.timestamp()) * 1_000_000
ATTACK = "<script>alert(1)</script>\"'>{{ 7*7 }}"


@pytest.fixture(scope="module")
def receiver() -> Iterator[Web]:
    with web() as found:
        yield found


@pytest.fixture(scope="module")
def mails() -> Iterator[Post]:
    with post() as found:
        yield found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, receiver: Web, mails: Post) -> Iterator[Served]:
    told_of = settings(receiver.port, mails.port) + SALES
    with serving(tmp_path_factory.mktemp("settings") / "shop", DEFINITION, told_of, START) as server:
        calls = [
            known("ada", email="ada@acme.example"),
            act("ada", "Trial"),
            act("ada", "Asked"),
            known("bob"),
            act("bob", "Hit"),
            known("zoe", email="zoe@acme.example", name="Zoe <b>"),
            act("zoe", "Hit"),
        ]
        assert server.send(*calls, key=server.server_key).status == 200
        server.due(START.isoformat().replace("+00:00", "Z"))
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


def sent(admin: Visitor, path: str, **form: str) -> Reply:
    return admin.send(path, {"seal": admin.seal(), **form})


def made_in(reply: Reply) -> str:
    """What a page shows this once."""
    found = re.search(r'<code id="made">([^<]*)</code>', reply.body.decode())
    assert found, reply
    return unescape(found[1])


def numbers_of(admin: Visitor, what: str) -> list[int]:
    """The numbers of tokens, or keys, that can be taken back."""
    html = admin.see("/settings/tokens").body.decode()
    return [int(one) for one in re.findall(rf"/settings/{what}/(\d+)/take-back", html)]


# ---- tokens and keys -----------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_works_until_it_is_taken_back(shop: Served, admin: Visitor) -> None:
    reply = sent(admin, "/settings/tokens", name=f"crm {ATTACK}", scope_read="on", scope_answer="on", person="maria")
    token = made_in(reply)
    assert reply.status == 200
    assert reply.headers["cache-control"] == "no-store"
    assert ATTACK not in reply.body.decode()
    page = admin.see("/settings/tokens").body.decode()
    assert token not in page
    assert ATTACK not in page
    assert "crm &lt;script&gt;" in page
    assert "answer, read Maria" in admin.text("/settings/tokens")
    allowed = {"authorization": f"Bearer {token}"}
    assert shop.see("/api/leads", allowed).status == 200
    number = numbers_of(admin, "tokens")[-1]
    assert sent(admin, f"/settings/tokens/{number}/take-back").status == 303
    assert shop.see("/api/leads", allowed).status == 401
    assert number not in numbers_of(admin, "tokens")
    assert sent(admin, f"/settings/tokens/{number}/take-back").status == 400
    assert sent(admin, f"/settings/tokens/{10**30}/take-back").status == 400
    assert token not in shop.log()


def test_a_key_is_taken_at_once_and_refused_at_once(shop: Served, admin: Visitor) -> None:
    """A key that is tried too early is remembered as unknown for a moment: one that is made is taken all the same."""
    reply = sent(admin, "/settings/keys", kind="server", source="billing")
    key = made_in(reply)
    assert key not in admin.see("/settings/tokens").body.decode()
    assert "billing server Waiting for the first event" in admin.text("/settings/tokens")
    assert shop.send(known("cyd"), key=key).status == 200
    assert "billing server Used last 2026-03-27T09:00:00.000000Z" in admin.text("/settings/tokens")
    assert sent(admin, f"/settings/keys/{numbers_of(admin, 'keys')[-1]}/take-back").status == 303
    assert shop.send(known("dan"), key=key).status == 401
    assert key not in shop.log()


def test_a_web_key_stands_with_the_tag_for_its_pages(shop: Served, admin: Visitor) -> None:
    site = "https://www.shop.example"
    assert sent(admin, "/settings/keys", kind="web", source=ATTACK, origins=f"{site}\nhttp://b.example").status == 303
    html = admin.see("/settings/tokens").body.decode()
    assert ATTACK not in html
    key = re.findall(r"rlw_[\w-]+", html)[-1]
    assert f"({shop.url!r}, {key!r})".replace("'", '"') in unescape(html)
    call = [known("web-1")]
    assert shop.send(*call, key=key, origin=site).status == 200
    assert shop.send(*call, key=key, origin="https://other.example").status == 403


@pytest.mark.parametrize(
    ("path", "form", "why"),
    [
        ("tokens", {"name": "none"}, "choose what the token allows"),
        ("tokens", {"name": "x" * 81, "scope_read": "on"}, "the name has at most 80 letters"),
        ("tokens", {"name": "eve", "scope_answer": "on", "person": "eve"}, '"eve" is no salesperson here'),
        ("tokens", {"name": "jon", "scope_read": "on", "person": "jon"}, "a salesperson goes with answer"),
        ("keys", {"kind": "door", "source": "x"}, "choose a kind"),
        ("keys", {"kind": "web", "origins": "shop.example"}, '"shop.example" is no site'),
    ],
)
def test_what_cannot_be_made_is_said(admin: Visitor, path: str, form: dict[str, str], why: str) -> None:
    before = numbers_of(admin, path)
    reply = sent(admin, f"/settings/{path}", **form)
    assert reply.status == 400
    assert why in unescape(reply.body.decode())
    assert numbers_of(admin, path) == before


# ---- the log -------------------------------------------------------------------------------------------------


def test_whoever_changes_something_stands_in_the_log(shop: Served, admin: Visitor) -> None:
    """What pages, API and command change, each once; what is written down elsewhere is told from there."""
    before = logged(admin)
    first = shop.read("/api/handoffs?lead=ada")["handoffs"][0]
    sent(admin, "/settings/people", name="Eve", mail="eve@acme.example", role="read_only")
    eve = admin.see("/settings/people").body.decode().rpartition("/settings/people/")[2].partition("/")[0]
    sent(admin, f"/settings/people/{eve}/disable")
    for mail in (ADMIN, "stranger@far.example", "my secret password"):
        Visitor(shop).sign_in(mail, "not the right one")
    Visitor(shop).sign_in()
    assert shop.tell("/api/set-aside", {"lead": "bob", "reason": "bob asked"}).json["events"] == 1
    shop.applied()
    assert shop.tell("/api/leads/ada/merge", {"identifier": "bob"}).status == 200
    assert shop.tell("/api/leads/bob/hold", {"reason": "bob asked"}).status == 200
    assert shop.tell(f"/api/handoffs/{first['number']}/accept", {}).status == 200
    assert (
        shop.ask("/api/sales/people/jon", b'{"weight": 2}', "PUT", authorization=f"Bearer {shop.admin}").status == 200
    )
    assert shop.ask("/api/leads/ada/export", authorization=f"Bearer {shop.admin}").status == 200
    make_write_key(shop.workspace, "server", "by hand", (), START_US)
    shop.applied()
    found = Counter(logged(admin)) - Counter(before)
    position = shop.read("/api/position")["accepted"]
    # Behind both of them stands what the handoff's answer told history.
    assert found == Counter(
        {
            ("admin", "set_aside", f"1 event, position {position - 2}"): 1,
            ("admin", "merge", f"position {position - 1}"): 1,
            ("Ada", "login_made", "Eve (eve@acme.example), read only"): 1,
            ("Ada", "login_disabled", "Eve (eve@acme.example), read only"): 1,
            ("", "refused", ADMIN): 1,
            ("", "refused", "s…@far.example"): 1,
            ("", "refused", "what is no address"): 1,
            ("Ada", "signed_in", ""): 1,
            ("admin", "held", ""): 1,
            ("admin", "answered", f"handoff {first['number']}: accept"): 1,
            ("admin", "sales_changed", "salesperson jon: weight"): 1,
            ("admin", "exported", ""): 1,
            ("command line", "key_made", "server key of by hand"): 1,
        }
    )
    text = admin.text("/settings/log")
    assert "admin answered for somebody else handoff" in text
    assert "bob asked" not in text


def test_the_log_is_chosen_by_who_what_and_day(shop: Served, admin: Visitor) -> None:
    assert {by for by, _, _ in logged(admin, "?by=Ada")} == {"Ada"}
    assert {what for _, what, _ in logged(admin, "?what=refused")} == {"refused"}
    on_the_day, all_of_them = logged(admin, "?from=2026-03-27&to=2026-03-27"), logged(admin)
    assert 0 < len(on_the_day) < len(all_of_them)  # the first keys are of 1970
    assert logged(admin, "?from=2026-03-28") == []
    assert "Nothing like that was changed." in admin.text("/settings/log?to=1969-12-31")
    for wrong in ("?what=all", "?from=today", "?offset=-1", "?who=Ada"):
        assert admin.see(f"/settings/log{wrong}").status == 400


def test_the_log_is_read_a_page_at_a_time(shop: Served, admin: Visitor) -> None:
    with opened_server_book(shop.workspace) as book:
        book.note_changes(
            *(Change(START_US - 200 + number, ATTACK, "sent_again", f"={number}") for number in range(120))
        )
    html = admin.see("/settings/log?what=sent_again").body.decode()
    assert ATTACK not in html
    assert html.count('data-name="About"') == 50
    assert "51 – 100" in admin.text("/settings/log?what=sent_again&offset=50")
    last = admin.see("/settings/log?what=sent_again&offset=100").body.decode()
    assert last.count('data-name="About"') == 20
    assert 'rel="next"' not in last
    assert [about for _, _, about in logged(admin, "?what=sent_again")] == [
        f"'={number}" for number in range(119, -1, -1)
    ]


# ---- privacy -------------------------------------------------------------------------------------------------


def test_an_export_is_a_file_of_all_there_is(shop: Served, admin: Visitor) -> None:
    reply = sent(admin, "/settings/privacy/export", lead="zoe@acme.example")
    assert reply.headers["content-disposition"] == 'attachment; filename="person.json"'
    assert reply.json == shop.read("/api/leads/zoe/export")
    assert "Zoe <b>" in reply.body.decode()
    missing = sent(admin, "/settings/privacy/export", lead=ATTACK)
    assert missing.status == 404
    assert ATTACK not in missing.body.decode()


def test_a_person_is_erased_once_the_name_was_typed(shop: Served, admin: Visitor) -> None:
    """What goes is shown first; a reason may not name them; afterwards nothing in the workspace holds them."""
    looked = sent(admin, "/settings/privacy/look", lead="zoe@acme.example")
    text = shown(looked.body.decode())
    assert (looked.status, "Erase zoe for good?" in text, "zoe@acme.example email" in text) == (200, True, True)
    assert "events: 1" in text
    sure = {"lead": "zoe@acme.example", "called": "zoe", "typed": "zoe", "reason": "ticket 4711"}
    for wrong in ({"typed": "Zoe"}, {"typed": ""}, {"reason": "zoe asked"}, {"reason": "x" * 201}):
        assert sent(admin, "/settings/privacy/erase", **(sure | wrong)).status == 400
    assert sent(admin, "/settings/privacy/erase", **(sure | {"lead": "nobody"})).status == 303
    assert "broken off" in over(admin)
    assert shop.read("/api/leads/zoe")["lead"] == "zoe"
    assert sent(admin, "/settings/privacy/erase", **sure).status == 303
    text = over(admin)
    assert "Done: nothing in this workspace holds the person any more." in text
    assert "Ada ticket 4711" in text
    assert "zoe" not in text
    shop.applied()
    assert shop.ask("/api/leads/zoe", authorization=f"Bearer {shop.token}").status == 404
    assert left_of(shop.workspace.root, "zoe") == []
    assert logged(admin, "?what=erased") == [("Ada", "erased", "erasure 1")]
    assert sent(admin, "/settings/privacy/look", lead="zoe").status == 404
    assert sent(admin, "/settings/privacy/complete").status == 303
    assert "Done" in over(admin)


def over(admin: Visitor) -> str:
    """The page once nothing is being erased any more."""
    while "is being erased" in (text := admin.text("/settings/privacy")):
        sleep(0.02)
    return text


# ---- webhooks and mail ---------------------------------------------------------------------------------------


def test_what_was_given_up_is_seen_and_sent_again(shop: Served, admin: Visitor, receiver: Web) -> None:
    receiver.answering = lambda _: Said(410)
    (number,) = told(shop, webhook(lead=ATTACK))
    settled(shop)
    assert "Dead 1" in admin.text("/settings/outbox")
    html = admin.see("/settings/outbox?state=dead").body.decode()
    assert ATTACK not in html
    assert f"/settings/outbox/{number}" in html
    one = admin.text(f"/settings/outbox/{number}")
    assert "State dead: was given up" in one
    assert "(410)" in one
    receiver.answering = lambda _: FINE
    assert sent(admin, f"/settings/outbox/{number}/resend").status == 303
    settled(shop)
    assert "State delivered: was taken" in admin.text(f"/settings/outbox/{number}")
    assert "No message is like that." in admin.text("/settings/outbox?state=dead")
    assert logged(admin, "?what=sent_again")[0] == ("Ada", "sent_again", "1 message")
    assert sent(admin, "/settings/outbox/resend").status == 303
    assert logged(admin, "?what=sent_again")[0] == ("Ada", "sent_again", "0 messages")
    for missing in ("?state=lost", "?before=-1", "?by=Ada"):
        assert admin.see(f"/settings/outbox{missing}").status == 400
    assert sent(admin, "/settings/outbox/msg_0/resend").status == 404


def test_what_keeps_failing_is_given_up_by_hand(shop: Served, admin: Visitor, receiver: Web) -> None:
    receiver.answering = lambda _: Said(500)
    first, second = told(shop, webhook(), webhook(lead="bob"))
    for number in (first, second):
        assert tried_once(shop, number)["state"] == "waiting"
    assert "is sent when its time comes" in admin.text(f"/settings/outbox/{first}")
    assert sent(admin, f"/settings/outbox/{first}/give-up").status == 303
    one = admin.text(f"/settings/outbox/{first}")
    assert "State dead: was given up" in one
    assert "given up by Ada" in one
    assert "Give it up" not in one
    assert logged(admin, "?what=given_up") == [("Ada", "given_up", "handoff.created to crm, after 1 try")]
    assert sent(admin, f"/settings/outbox/{first}/give-up").status == 400  # it is already
    assert sent(admin, "/settings/outbox/msg_0/give-up").status == 404
    # By command the same, which a resend takes back.
    done = ripeline("outbox", "give-up", second, "-w", shop.workspace.root, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["attempts"][-1]["error"] == "given up by command line"
    assert logged(admin, "?what=given_up")[0][0] == "command line"
    receiver.answering = lambda _: FINE
    assert sent(admin, f"/settings/outbox/{first}/resend").status == 303
    assert shop.tell(f"/api/outbox/{second}/give-up", {}).status == 400
    settled(shop)
    assert "State delivered: was taken" in admin.text(f"/settings/outbox/{first}")


def tried_once(shop: Served, number: str) -> dict[str, Any]:
    """A message once it was tried; the clock stands, so that it is not tried again."""
    for _ in range(1_000):
        one = shop.read(f"/api/outbox/{number}")
        if one["tried"]:
            return one
        sleep(0.02)
    raise AssertionError(f"{number} was never tried")


def test_a_test_message_arrives_and_no_secret_is_shown(
    shop: Served, admin: Visitor, receiver: Web, mails: Post
) -> None:
    for name in ("crm", "sales", ADMIN):
        assert f"{name} took the test message" in shown(sent(admin, "/settings/outbox/test", name=name).body.decode())
    assert b"outbox.test" in receiver.of("/crm")[-1].body
    assert mails.accepted[-1]["to"] == ADMIN
    receiver.answering = lambda _: Said(500)
    assert "slow did not take the test message" in shown(
        sent(admin, "/settings/outbox/test", name="slow").body.decode()
    )
    receiver.answering = lambda _: FINE
    for other in ("maria@shop.example", "crm2", ""):
        assert sent(admin, "/settings/outbox/test", name=other).status == 404
    html = admin.see("/settings/outbox").body.decode()
    assert "secret in ripeline.toml" in html
    for secret in (SECRET, PASSWORD, "/crm"):
        assert secret not in html


# ---- sales ---------------------------------------------------------------------------------------------------

MARIA = "/settings/sales/people/maria"


def as_it_stands(admin: Visitor, path: str) -> dict[str, str]:
    """What a browser would send of a form that nobody changed."""
    html = admin.see(path).body.decode()
    form = html[html.index(f'action="{path}"') :].partition("</form>")[0]
    inputs = re.findall(r"<input ([^>]*)>", form)
    named = [(dict(re.findall(r'(\w+)="([^"]*)"', one)), one) for one in inputs]
    texts = {one["name"]: unescape(one["value"]) for one, text in named if 'type="checkbox"' not in text}
    ticked = {one["name"]: "on" for one, text in named if text.endswith(" checked")}
    chosen = dict.fromkeys(re.findall(r'<select name="(\w+)"', form), "".join(re.findall(r'"(\w*)" selected', form)))
    return texts | ticked | chosen


def people(shop: Served) -> dict[str, Any]:
    return {one["name"]: one for one in shop.read("/api/sales")["people"]}


def test_a_salesperson_is_changed_where_something_is_another(shop: Served, admin: Visitor) -> None:
    """Only what is another than before is said here; what is emptied is as the file has it again."""
    form = as_it_stands(admin, MARIA)
    assert admin.send(MARIA, form).status == 303
    assert people(shop)["maria"]["told"] == []
    changed = {"label": "Maria <b>", "capacity": "7", "hours": "Mon-Thu 08:00-16:00"}
    assert admin.send(MARIA, form | changed).status == 303
    maria = people(shop)["maria"]
    assert (maria["label"], str(maria["capacity"]), maria["hours"]) == tuple(changed.values())
    assert maria["told"] == ["capacity", "hours", "label"]
    assert "Maria <b>" not in admin.see("/settings/sales").body.decode()
    assert admin.send(MARIA, as_it_stands(admin, MARIA) | {"hours": "", "capacity": ""}).status == 303
    assert people(shop)["maria"]["told"] == ["label"]
    assert people(shop)["maria"]["hours"] == "Mon-Fri 09:00-12:00, 13:00-17:00"
    for name, text, why in (
        ("weight", "much", 'weight takes a whole number, not "much"'),
        ("timezone", "Mars", '"Mars" is no time zone'),
        ("mail", "nobody", "is no e-mail address"),
        ("holidays", "tomorrow", '"tomorrow" is no date'),
    ):
        reply = admin.send(MARIA, form | {name: text})
        assert (reply.status, why in unescape(reply.body.decode())) == (400, True)
    told = [about for by, _, about in logged(admin, "?what=sales_changed&by=Ada")]
    assert told == ["salesperson maria: label", "salesperson maria: capacity, hours, label"]


def test_absences_begin_and_end(shop: Served, admin: Visitor) -> None:
    """On the day itself somebody is absent at once, and here again at once."""
    assert sent(admin, f"{MARIA}/absent", first="2026-03-27", last="2026-03-31").status == 303
    assert "absent until 2026-03-31, from Wed 2026-04-01 09:00" in admin.text(MARIA)
    assert people(shop)["maria"]["at_work"] is False
    assert sent(admin, f"{MARIA}/back", first="2026-03-27", last="2026-03-30").status == 303
    assert people(shop)["maria"]["absent"] == [{"from": "2026-03-31", "to": "2026-03-31"}]
    assert "at work" in admin.text(MARIA)
    assert sent(admin, f"{MARIA}/absent", first="2026-03-31", last="2026-03-30").status == 400
    assert sent(admin, f"{MARIA}/absent", first="").status == 400


def test_teams_and_people_come_and_go(shop: Served, admin: Visitor) -> None:
    assert sent(admin, "/settings/sales/people", name="kim", mail="kim@shop.example").status == 303
    assert sent(admin, "/settings/sales/teams", name="north", member="kim").status == 303
    north = "/settings/sales/teams/north"
    assert admin.send(north, as_it_stands(admin, north) | {"member_jon": "on", "manager": "petra"}).status == 303
    teams = {one["name"]: one for one in shop.read("/api/sales")["teams"]}
    assert (teams["north"]["members"], teams["north"]["manager"]) == (["kim", "jon"], "petra")
    kim = "/settings/sales/people/kim"
    assert admin.send(kim, {**as_it_stands(admin, kim), "team_all": "on", "team_north": ""}).status == 303
    teams = {one["name"]: one["members"] for one in shop.read("/api/sales")["teams"]}
    assert teams == {"all": ["maria", "jon", "kim"], "north": ["jon"]}
    assert "no route leads to team north" in admin.text("/settings/sales")
    assert "cannot be removed" in shown(sent(admin, "/settings/sales/teams/all/remove").body.decode())
    assert sent(admin, f"{north}/remove").status == 303
    assert sent(admin, f"{kim}/remove").status == 303
    assert set(people(shop)) == {"maria", "jon", "petra"}
    for path, form, why in (
        ("people", {"name": "maria", "mail": "m@shop.example"}, "there is a salesperson maria already"),
        ("people", {"name": "Kim!", "mail": "m@shop.example"}, '"Kim!" cannot be a name'),
        ("people", {"name": "kim", "mail": ATTACK}, "is no e-mail address"),
        ("teams", {"name": "south", "member": "eve"}, '"eve" is no salesperson'),
    ):
        reply = sent(admin, f"/settings/sales/{path}", **form)
        assert (reply.status, why in unescape(reply.body.decode())) == (400, True), reply
        assert ATTACK not in reply.body.decode()
    assert sent(admin, "/settings/sales/people/eve/absent", first="2026-03-31").status == 404


def test_what_only_the_file_changes_says_where_it_stands(shop: Served, admin: Visitor) -> None:
    lines = shop.workspace.settings.read_text().splitlines()
    text = admin.text("/settings/sales")
    hours = lines.index('hours = "Mon-Fri 09:00-12:00, 13:00-17:00"') + 1
    assert f"Usual hours Mon-Fri 09:00-12:00, 13:00-17:00 ripeline.toml, line {hours}" in text
    assert f"everybody → team all ripeline.toml, line {lines.index('[[sales.routes]]') + 1}" in text
    assert "Holidays 2026-04-03, 2026-04-06 ripeline.toml, line" in text
    assert "Warned when 75% of a promised time is over ripeline.toml" in text
