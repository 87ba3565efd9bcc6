"""What arrives: told event by event, repaired where it failed, set aside and restored, and where it comes from."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest

from ripeline.entry.bootstrap.book import make_write_key
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.server.tag import tag
from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.app.test_pages import ATTACKS
from tests.acceptance.app.visitors import Visitor, logged, set_up, shown
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import act, known

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow]

BOT = {"context": {"userAgent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("data") / "shop", DEFINITION, FIRST_SETTINGS, START) as server:
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


def send(shop: Served, *calls: dict[str, Any], key: str | None = None) -> int:
    """Send calls; return the position once they are applied."""
    reply = shop.send(*calls, key=key or shop.server_key)
    assert reply.status == 200
    shop.applied()
    return int(reply.json["position"])


def told(admin: Visitor, path: str) -> list[str]:
    """The text of each event on a page."""
    html = admin.see(path).body.decode()
    return [
        shown(part.partition('</li>\n  <li class="card"')[0]) for part in html.split('<li class="card" id="data')[1:]
    ]


def test_each_event_is_told_with_what_it_counts_for_or_why_not(shop: Served, admin: Visitor) -> None:
    web = [
        act("ada", "Trial", 2),
        act("ada", "Hitt"),
        act("bot", "Hit") | BOT,
        {"type": "trak", "userId": "ada", "messageId": "wrong-1"},
        known("kim", email="kim@shop.example"),
        {"type": "page", "name": "Home", "anonymousId": "d1", "messageId": "d1-home"},
    ]
    send(shop, *web, key=shop.web_key)
    send(shop, known("ada"), act("ada", "Trial"), act("ada", "Asked"), act("ada", "Hit"), act("ada", "Hit"))
    send(shop, known("kim", email="kim@shop.example"), act("kim", "Hit"))
    events = told(admin, "/data/live")
    assert len(events) == 13
    for place, parts in {
        0: ("Hit", "server, server key", "+3.0 Hit", "Often : 1 of 3 so far", "suppressed by the rule staff"),
        1: ("identify", "kim", "facts", "Facts, which count for fit: company size, email."),
        2: ("Hit", "ada", "not counted", "It is a copy: its messageId came before"),
        3: ("Hit", "ada", "+3.0 Hit"),
        4: ("Asked", "+15.0 Asked : asks for sales"),
        5: ("Trial", "+10.0 Trial"),
        7: ("Home", "d1", "+2.0 Visits"),
        9: (
            "trak",
            "failed",
            "The type is none of track, page, screen, identify, group, alias: trak.",
            "Repair it",
        ),
        10: ("Hit", "bot", "Set aside: it came from a program that calls itself a bot."),
        11: ("Hitt", "counts for nothing", 'No signal looks at track calls named "Hitt"; did you mean "Hit"?'),
        12: ("Trial", "web, web key", "Trial : only what was imported or sent with a server key counts"),
    }.items():
        for part in parts:
            assert part in events[place], (place, part)
    assert "+10.0" not in events[12]


def test_events_are_chosen_by_lead_name_and_source(admin: Visitor) -> None:
    assert [len(told(admin, f"/data/live?{query}")) for query in ("lead=ada", "event=hit", "source=web")] == [8, 5, 6]
    assert len(told(admin, "/data/live?lead=ada&event=trial&source=server")) == 1
    assert "No such event" in admin.text("/data/live?lead=nobody")
    assert admin.see("/data/live?before=x").status == 400


def test_an_event_shows_all_that_was_sent(shop: Served, admin: Visitor) -> None:
    long = "y" * 400
    position = send(shop, act("eve", "Hit") | {"properties": {"note": long, "by": "<b>\u202e"}})
    html = admin.see(f"/data/live/{position}/0").body.decode()
    assert unescape(html).count(long) == 1
    assert "<details><summary>&#34;note&#34;: &#34;yyy" in html
    assert "&#34;by&#34;: &#34;&lt;b&gt;\\u202e&#34;" in html
    assert admin.see(f"/data/live/{position}/1").status == 404
    assert admin.see(f"/data/live/{position + 1}/0").status == 404


def test_nothing_is_sent_again_while_nothing_arrives(shop: Served, admin: Visitor) -> None:
    html = admin.see("/data/live").body.decode()
    found = re.search(r'hx-get="(/data/live\?seen=\d+)" hx-trigger="every 2s"', html)
    assert found
    assert admin.see(found[1], **{"hx-request": "true"}).status == 204
    send(shop, act("ada", "Hit", 9))
    assert admin.see(found[1], **{"hx-request": "true"}).status == 200
    assert "every 2s" not in admin.see("/data/live?paused=1").body.decode()


def test_older_events_follow_page_by_page(shop: Served, admin: Visitor) -> None:
    send(shop, *(act("many", "Hit", number) for number in range(40)))
    path, names = "/data/live?lead=many", list[str]()
    while path:
        html = admin.see(path).body.decode()
        names += re.findall(r'href="(/data/live/\d+/\d+)\?', html)
        older = re.search(r'rel="next" href="([^"]+)"', html)
        path = unescape(older[1]) if older else ""
    assert len(names) == len(set(names)) == 40
    places = [int(name.rpartition("/")[2]) for name in names]
    assert places == list(range(39, -1, -1))


# ---- what failed ---------------------------------------------------------------------------------------------


def failing(shop: Served, **told: object) -> int:
    """Send something that fails; return its number."""
    send(shop, {"type": "track", "userId": "zoe", "event": "Hit"} | told)
    return int(shop.failed()[0]["id"])


def test_what_failed_is_repaired_where_it_stands(shop: Served, admin: Visitor) -> None:
    number, seal = failing(shop, messageId="zoe-1", timestamp="yesterday"), admin.seal()
    path = f"/data/failed/{number}"
    assert "The timestamp is no time" in admin.text("/data/failed")
    assert "&#34;timestamp&#34;: &#34;yesterday&#34;" in admin.see(path).body.decode()
    for event, why in (
        ('{"type": "track"', "This is no JSON object, and was not sent"),
        ("[1]", "This is no JSON object, and was not sent"),
        ('{"type": "track", "messageId": "zoe-1", "userId": "zoe"}', "A track call names its event."),
    ):
        reply = admin.send(f"{path}/replay", {"seal": seal, "event": event})
        assert reply.status == 400
        assert why in shown(reply.body.decode()), why
        assert event in unescape(reply.body.decode()), "it is kept"
    reply = admin.send(f"{path}/replay", {"seal": seal})
    assert "It would fail again, and was not sent. The timestamp is no time" in shown(reply.body.decode())
    assert shop.failed()[0]["id"] == number
    mended = '{"type": "track", "messageId": "zoe-1",\r\n "userId": "zoe", "event": "Hit"}'
    reply = admin.send(f"{path}/replay", {"seal": seal, "event": mended})
    assert (reply.status, reply.headers["location"]) == (303, "/data/failed?done=replayed")
    assert admin.see(path).status == 404
    assert ("Ada", "replayed", f"failed event {number}") in logged(admin)
    assert any("Hit" in event and "+3.0 Hit" in event for event in told(admin, "/data/live?lead=zoe"))


def test_what_history_refuses_comes_back_as_another_failed_event(shop: Served, admin: Visitor) -> None:
    """That a messageId was used before cannot be seen from the event alone."""
    send(shop, act("zoe", "Trial"))
    number = failing(shop, messageId="zoe-Trial-1", timestamp="yesterday")
    event = '{"type": "track", "messageId": "zoe-Trial-1", "userId": "zoe", "event": "Asked"}'
    reply = admin.send(f"/data/failed/{number}/replay", {"seal": admin.seal(), "event": event})
    again = reply.headers["location"]
    assert re.fullmatch(rf"/data/failed/(?!{number}\?)\d+\?again=1", again)
    assert "It was sent again, and failed again" in admin.text(again)
    assert "The messageId was used before for another event: zoe-Trial-1." in admin.text(again)


def test_all_of_one_reason_are_dismissed_with_their_count_shown_first(shop: Served, admin: Visitor) -> None:
    for number in range(3):
        failing(shop, messageId=f"none-{number}", userId="null")
    page = admin.see("/data/failed?reason=no_lead_id").body.decode()
    assert "Dismiss all 3<" in page
    until = re.search(r'name="until" value="(\d+)"', page)
    assert until
    failing(shop, messageId="none-4", userId="null")
    form = {"seal": admin.seal(), "reason": "no_lead_id", "until": until[1]}
    assert admin.send("/data/failed/all", form | {"what": "dismiss"}).status == 303
    assert ("Ada", "dismissed", "3 of no_lead_id") in logged(admin)
    assert "Dismiss all 1<" in admin.see("/data/failed?reason=no_lead_id").body.decode()
    newest = str(shop.failed()[0]["id"])
    assert admin.send("/data/failed/all", form | {"what": "replay", "until": newest}).status == 303
    shop.applied()
    assert ("Ada", "replayed", "1 of no_lead_id") in logged(admin)
    assert [one["reason"] for one in shop.failed()].count("no_lead_id") == 1
    assert shop.failed()[0]["id"] > int(newest)
    one = shop.failed()[0]["id"]
    assert admin.send(f"/data/failed/{one}/dismiss", {"seal": admin.seal()}).status == 303
    assert ("Ada", "dismissed", f"failed event {one}") in logged(admin)
    assert "no_lead_id" not in {each["reason"] for each in shop.failed()}
    # By the API it says which token did it.
    failing(shop, messageId="none-5", userId="null")
    again = shop.failed()[0]["id"]
    assert shop.tell(f"/api/failed-events/{again}/dismiss", {}).status == 200
    assert ("admin", "dismissed", f"failed event {again}") in logged(admin)


# ---- what is set aside ---------------------------------------------------------------------------------------


def test_what_is_set_aside_is_restored_after_a_look(shop: Served, admin: Visitor) -> None:
    send(shop, *(act("crawly", "Hit", number) | BOT for number in range(3)))
    page = admin.text("/data/aside")
    assert "It came from a program that calls itself a bot by rule 4 events of 2 identifiers." in page
    assert "crawly 3 events last Hit," in page
    path = "/data/aside/look?what=restore&lead=user:crawly&reason=ours"
    assert "3 events would count again With 1 identifier: crawly ." in admin.text(path)
    assert shop.read("/api/set-aside")["total"] == 4, "a look changes nothing"
    form = {"seal": admin.seal(), "what": "restore", "lead": "user:crawly", "reason": "ours"}
    assert admin.send("/data/aside", form).headers["location"] == "/data/aside?done=restore"
    assert shop.read("/api/set-aside")["total"] == 1
    assert "+3.0 Hit" in " ".join(told(admin, "/data/live?lead=crawly"))


def test_events_are_set_aside_by_hand(shop: Served, admin: Visitor) -> None:
    send(shop, known("own"), act("own", "Hit"))
    assert "1 event would count no more" in admin.text("/data/aside/look?what=set_aside&lead=own&reason=ours")
    for query, why in (
        ("lead=own", "say why"),
        ("reason=ours", "say which events"),
        ("lead=nobody&reason=ours", "nobody"),
        ("user_agent=ab&reason=ours", "at least 4 letters"),
    ):
        reply = admin.see(f"/data/aside/look?what=set_aside&{query}")
        assert (reply.status, why in shown(reply.body.decode())) == (400, True), query
    form = {"seal": admin.seal(), "what": "set_aside", "lead": "own", "reason": "our own tests"}
    assert admin.send("/data/aside", form).status == 303
    assert "Our own tests by hand 1 event of 1 identifier." in admin.text("/data/aside")
    assert "Set aside: our own tests." in " ".join(told(admin, "/data/live?lead=own"))


# ---- where it comes from -------------------------------------------------------------------------------------


def test_a_new_source_waits_for_its_first_event_with_the_tag_to_put_on_pages(shop: Served, admin: Visitor) -> None:
    key = make_write_key(shop.workspace, "web", "<landing>", ("https://www.shop.example",), 0)
    html = admin.see("/data/sources").body.decode()
    waiting = html.partition("</section>")[0]
    assert "Waiting for your first event" in waiting
    assert "&lt;landing&gt;" in waiting
    assert tag(shop.url, key).strip() in unescape(waiting)
    assert 'hx-get="/data/sources" hx-trigger="every 3s"' in html
    assert shop.server_key not in html
    act_there = {"type": "page", "name": "Home", "anonymousId": "d9", "messageId": "landing-1"}
    # What another source sent under the same messageId is another event.
    assert send(shop, act_there, key=key) > 0
    send(shop, act_there, key=shop.web_key)
    text = admin.text("/data/sources")
    assert "Waiting" not in text
    assert "every 3s" not in admin.see("/data/sources").body.decode()
    # The shop's clock stands still: it is the first and the last of the source.
    at = f"{START:%Y-%m-%dT%H:%M:%S}Z"
    assert f"<landing> web key Last 24 hours 1 Last 7 days 1 In all 1 First received {at} Last received {at}" in text


# ---- what others wrote ---------------------------------------------------------------------------------------


def test_whatever_visitors_write_stays_text(shop: Served, admin: Visitor) -> None:
    calls = list[dict[str, Any]]()
    for number, attack in enumerate(ATTACKS):
        short = attack[:100]
        hit = act(f"x{number}{short}", short) | {"properties": {short: attack}}
        wrong = {"type": short, "userId": attack, "messageId": f"w{number}", "timestamp": attack}
        calls += [hit, wrong, hit | BOT | {"messageId": f"b{number}{short}"}, known(f"y{number}", **{short: attack})]
    send(shop, *calls)
    paths = ["/data/live", "/data/failed", "/data/aside", "/data/sources", f"/data/live?lead={quote(ATTACKS[0])}"]
    pages = "".join(admin.see(path).body.decode() for path in paths)
    paths += re.findall(r'href="(/data/live/\d+/\d+)\?', pages)
    paths += re.findall(r'href="(/data/failed/\d+)"', pages)
    paths += [f"/data/aside/look?what=restore&lead={quote(f'x0{ATTACKS[0]}')}&reason={quote(ATTACKS[1])}"]
    assert len(paths) > 4 * len(ATTACKS)
    for path in paths:
        html = admin.see(path).body.decode()
        assert html.count("<script") == 2, path
        assert " style=" not in html
        for harm in ("<img src=x", "<svg onload", "onerror=alert(1)>", ">49<", 'href="javascript'):
            assert harm not in html, (path, harm)
        assert not {"\u202e", "\x1b", "\x00"} & set(shown(html)), path


def test_of_whom_was_erased_nothing_is_shown_that_comes_late(shop: Served, admin: Visitor) -> None:
    send(shop, known("gone"), act("gone", "Hit"))
    assert shop.tell("/api/leads/gone/erase", {"reason": "asked for it"}).status == 200
    position = send(shop, act("gone", "Late") | {"properties": {"note": "of the one erased"}})
    (event,) = told(admin, f"/data/live?before={position + 1}.0")[:1]
    assert "erased It was of somebody who was erased." in event
    for path in (f"/data/live/{position}/0", "/data/live", "/data/failed"):
        html = admin.see(path).body.decode()
        assert "of the one erased" not in html, path
        assert "Late" not in html, path
    assert "Nothing of it is shown." in admin.text(f"/data/live/{position}/0")


def test_files_of_history_are_counted_too(shop: Served, admin: Visitor) -> None:
    """The erasure before wrote files; what came since is in memory. Together it is everything that is stored."""
    send(shop, act("ada", "Hit", 123))
    with opened_store(shop.workspace) as store:
        kinds = ("events", "set_aside", "traits")
        parts = " UNION ALL ".join(f"SELECT source FROM {kind}" for kind in kinds)
        counts = dict(store.con.execute(f"SELECT source, count(*) FROM ({parts}) GROUP BY 1").fetchall())
        assert any(file.path for file in store.cut.files if file.kind == "events")
    text = admin.text("/data/sources")
    for source, count in counts.items():
        assert re.search(rf"{re.escape(source)} (web|server) key .*?In all {count:,} ", text), (source, count)
