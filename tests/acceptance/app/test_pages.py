"""What pages show, to whom, and that nothing in them is read as anything but text."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pytest

from ripeline.adapters.book.logins import add_login
from ripeline.adapters.book.sqlite import transaction
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.logins import hashed
from ripeline.entry.server.pages.app import all_pages
from ripeline.entry.server.pages.rendering import said
from ripeline.vocabulary.logins import ROLES, Login, Role
from tests.acceptance.app.visitors import PASSWORD, Visitor, set_up, shown
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import act, known

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

ATTACKS = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% print 1 %}",
    "a\u202egnp.exe\u0000\x1b[31m",
    "</title><svg onload=alert(1)>",
    "x" * 5_000,
)

HARMS = ("<img src=x", "<svg onload", "onerror=alert(1)>", ">49<", 'href="javascript')
"""What they do where they are read as anything but text."""

DEFINES = {
    "/definition": 200,
    "/definition/history": 200,
    "/definition/review": 200,
    "/definition/preview": 404,
    "/definition/thresholds": 200,
}
SEES = {"/": 200, "/now": 200, "/funnel": 200, "/funnel.csv": 200, "/response": 200, "/response.csv": 200} | DEFINES
DRAFTS = {"/definition/draft": 200, "/definition/schema.json": 200}
LEADS = {
    "/leads": 200,
    "/leads/of": 200,
    "/leads/happened": 200,
    "/leads/account": 404,
    "/find": 303,
    "/definition/try": 200,
}
LEADS |= {"/definition/backtest": 200, "/definition/backtest/report": 404}
LEADS |= {"/leads.csv": 200, "/leads/views": 200}
LEADS |= {"/funnel/leads": 200, "/response/leads": 200}
DECIDES = {"/leads/merge": 200, "/leads/unmerge": 200, "/leads/hold": 200, "/leads/lift": 200, "/leads/aside": 200}
LEADS |= {"/data/live": 200, "/data/live/{position:int}/{place:int}": 200}
QUEUE = {"/queue": 200, "/queue/{number:int}": 200}
BRINGS_IN = {"/data/failed": 200, "/data/failed/{number:int}": 404, "/data/sources": 200}
BRINGS_IN |= {"/data/aside": 200, "/data/aside/look": 400}
ADMINISTERS = {"/settings": 303, "/settings/people": 200, "/settings/tokens": 200}
ADMINISTERS |= {"/settings/sales": 200, "/settings/sales/people/{name}": 404, "/settings/sales/teams/{name}": 404}
ADMINISTERS |= {"/settings/outbox": 200, "/settings/outbox/{message}": 404, "/settings/privacy": 200}
ADMINISTERS |= {"/settings/log": 200, "/settings/log.csv": 200}
BRINGS_IN |= {
    "/data": 200,
    "/data/imports": 200,
    "/data/imports/{number:int}/undo": 404,
    "/data/imports/{number:int}/rejects": 404,
    "/data/import": 200,
    "/data/import/{key}": 404,
    "/data/import/{key}/try": 404,
    "/data/import/{key}/done": 303,
}
PAGES = SEES | DRAFTS | LEADS | DECIDES | QUEUE | ADMINISTERS | BRINGS_IN
"""What each page answers whoever may see it."""

MAY: dict[Role, dict[str, int]] = {
    "admin": PAGES,
    "marketing": SEES | LEADS | DECIDES | DRAFTS | BRINGS_IN,
    "sales": SEES | LEADS | QUEUE,
    "read_only": SEES | LEADS,
    "agency": SEES | DRAFTS,
}
"""Which pages each role may see."""

CHANGES: dict[str, set[Role]] = {
    "/sign-out": set(ROLES),
    "/leads/merge": {"admin", "marketing"},
    "/leads/unmerge": {"admin", "marketing"},
    "/leads/hold": {"admin", "marketing"},
    "/leads/lift": {"admin", "marketing"},
    "/leads/aside": {"admin", "marketing"},
    "/leads/views": {"admin", "marketing", "sales", "read_only"},
    "/leads/views/{number:int}": {"admin", "marketing", "sales", "read_only"},
    "/leads/views/{number:int}/delete": {"admin", "marketing", "sales", "read_only"},
    "/queue/{number:int}/{verb}": {"admin", "sales"},
    "/leads/note": {"admin", "marketing", "sales"},
    "/notes/{number:int}/remove": {"admin", "marketing", "sales"},
    "/notes/{number:int}/seen": {"admin", "marketing", "sales", "read_only"},
    "/definition/draft/fields": {"admin", "marketing", "agency"},
    "/definition/draft/text": {"admin", "marketing", "agency"},
    "/definition/draft/add": {"admin", "marketing", "agency"},
    "/definition/draft/remove": {"admin", "marketing", "agency"},
    "/definition/draft/discard": {"admin", "marketing", "agency"},
    "/definition/thresholds": {"admin", "marketing", "agency"},
    "/definition/backtest/begin": {"admin", "marketing", "agency"},
    "/definition/backtest/stop": {"admin", "marketing", "agency"},
    "/definition/preview/stop": {"admin", "marketing", "agency"},
    "/definition/sign": {"admin", "marketing", "sales"},
    "/definition/publish": {"admin", "marketing"},
    "/definition/rollback": {"admin", "marketing"},
    "/data/failed/all": {"admin", "marketing"},
    "/data/failed/{number:int}/replay": {"admin", "marketing"},
    "/data/failed/{number:int}/dismiss": {"admin", "marketing"},
    "/data/aside": {"admin", "marketing"},
    "/data/import": {"admin", "marketing"},
    "/data/import/{key}": {"admin", "marketing"},
    "/data/import/{key}/run": {"admin", "marketing"},
    "/data/import/{key}/stop": {"admin", "marketing"},
    "/data/import/{key}/drop": {"admin", "marketing"},
    "/data/imports/{number:int}/undo": {"admin", "marketing"},
    "/settings/people": {"admin"},
    "/settings/people/{number:int}/link": {"admin"},
    "/settings/people/{number:int}/disable": {"admin"},
    "/settings/people/{number:int}/channels": {"admin"},
    "/settings/tokens": {"admin"},
    "/settings/tokens/{number:int}/take-back": {"admin"},
    "/settings/sales/people": {"admin"},
    "/settings/sales/people/{name}": {"admin"},
    "/settings/sales/people/{name}/absent": {"admin"},
    "/settings/sales/people/{name}/back": {"admin"},
    "/settings/sales/people/{name}/remove": {"admin"},
    "/settings/sales/teams": {"admin"},
    "/settings/sales/teams/{name}": {"admin"},
    "/settings/sales/teams/{name}/remove": {"admin"},
    "/settings/outbox/test": {"admin"},
    "/settings/outbox/resend": {"admin"},
    "/settings/outbox/{message}/resend": {"admin"},
    "/settings/outbox/{message}/give-up": {"admin"},
    "/settings/privacy/export": {"admin"},
    "/settings/privacy/look": {"admin"},
    "/settings/privacy/erase": {"admin"},
    "/settings/privacy/complete": {"admin"},
    "/settings/keys": {"admin"},
    "/settings/keys/{number:int}/take-back": {"admin"},
}
"""What each role may send a form to."""

OPEN = {"/sign-in", "/forgot", "/set-up", "/welcome"}
"""Pages for whoever is not signed in."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    text = DEFINITION.replace("required: []", "required: []").replace("name: shop", 'name: "shop <b>"')
    with serving(tmp_path_factory.mktemp("pages") / "shop", text, at=START) as server:
        calls = [
            known("ada", company="Acme") | {"anonymousId": "ada-1"},
            act("ada", "Trial"),
            act("ada", "Asked"),
            known("bob", company_size=5),
        ]
        for number, attack in enumerate(ATTACKS):
            told = {"name": attack, "email": f"e{number}@{attack[:40]}", "title": attack, "plan": attack}
            lead = f"m{number}{attack[:60]}"
            calls += [known(lead, **told) | {"anonymousId": f"d{attack}"[:60]}, act(lead, attack[:100])]
        assert server.send(*calls, key=server.server_key).status == 200
        server.due(START.isoformat().replace("+00:00", "Z"))
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


@pytest.fixture(scope="module")
def of_each_role(shop: Served, admin: Visitor) -> dict[Role, Visitor]:
    kept = hashed(PASSWORD)
    with book_connection(shop.workspace) as db, transaction(db):
        for role in ROLES:
            channels = ("email",) if role == "agency" else ()
            add_login(db, Login(0, f"{role}@acme.example", role, role, None, channels), kept, 0)
    visitors = {role: Visitor(shop) for role in ROLES}
    for role, visitor in visitors.items():
        assert visitor.sign_in(f"{role}@acme.example").status == 303
    return visitors


def path_of(page: str) -> str:
    more = {
        "/leads/merge": "&identifier=bob",
        "/leads/unmerge": "&identifier=ada-1",
        "/leads/account": "&account=acme.example",
    }
    asked = more.get(page, "")
    page = page.replace("{position:int}/{place:int}", "1/0").replace("{message}", "msg_0").replace("{name}", "nobody")
    return page.replace("{number:int}", "1").replace("{verb}", "touch").replace("{key}", "0" * 32) + (
        f"?lead=ada{asked}" if page.startswith("/leads") or page in {"/find", "/definition/try"} else ""
    )


def test_no_page_is_forgotten_here() -> None:
    every = all_pages(cast("Any", None), cast("Any", None), "")
    assert {one.path for one in every if one.method == "GET"} == {*PAGES, *OPEN}
    assert {one.path for one in every if one.method == "POST"} == {*CHANGES, *OPEN}
    assert {one.path for one in every if one.right is None} == OPEN


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_what_it_may(of_each_role: dict[Role, Visitor], role: Role) -> None:
    visitor = of_each_role[role]
    for page, status in PAGES.items():
        assert visitor.see(path_of(page)).status == (status if page in MAY[role] else 403), page
    # What it may not see it is not led to.
    home = visitor.see("/").body.decode()
    for page in ("/leads", "/queue", "/data/live", "/settings"):
        assert (f'href="{page}' in home) == (page in MAY[role])


@pytest.mark.parametrize("role", ROLES)
def test_each_role_changes_what_it_may(of_each_role: dict[Role, Visitor], role: Role) -> None:
    """Whoever may is told that this form is not theirs, which is asked after whether they may."""
    for page, roles in CHANGES.items():
        reply = of_each_role[role].send(path_of(page), {})
        assert reply.status == 403
        assert ("Nothing was changed" if role in roles else "Not for you") in reply.body.decode(), page


def test_nobody_sees_anything_without_signing_in(shop: Served, admin: Visitor) -> None:
    for page in PAGES:
        assert Visitor(shop).see(path_of(page)).status == 303
        assert Visitor(shop, "guessed").see(path_of(page)).status == 303
        part = Visitor(shop).see(path_of(page), **{"hx-request": "true"})
        assert (part.status, part.body) == (401, b"")
        assert part.headers["hx-redirect"].startswith("/sign-in")


def test_a_login_that_is_disabled_is_out_at_once(shop: Served, of_each_role: dict[Role, Visitor]) -> None:
    visitor = replace(of_each_role["read_only"])
    with book_connection(shop.workspace) as db, transaction(db):
        db.execute("UPDATE logins SET disabled_us = 1 WHERE role = 'read_only'")
    try:
        assert visitor.see("/").status == 303
        assert Visitor(shop).sign_in("read_only@acme.example").status == 400
    finally:
        with book_connection(shop.workspace) as db, transaction(db):
            db.execute("UPDATE logins SET disabled_us = NULL")


# ---- what stands on pages ------------------------------------------------------------------------------------


def test_home_counts_everybody_once(shop: Served, admin: Visitor) -> None:
    total = shop.read("/api/leads")["total"]
    cells = shop.read("/api/leads?fit_level=good&engagement_level=high")["total"]
    text = admin.text("/")
    assert f"good fit {cells} A1: handoff" in text
    assert sum(shop.read(f"/api/leads?stage={stage}")["total"] for stage in ("lead", "mql", "suppressed")) == total
    assert f"MQL {shop.read('/api/leads?stage=mql')['total']}" in text


def test_the_list_is_what_the_api_answers(shop: Served, admin: Visitor) -> None:
    rows = shop.read("/api/leads?fit_level=good&sort=-fit")["leads"]
    text = admin.text("/leads?fit_level=good&sort=-fit")
    assert f"{len(rows)} lead" in text
    places = [text.index(f" {said(row['lead'])} ") for row in rows]
    assert places == sorted(places)
    assert len(places) > len(ATTACKS)
    assert "No lead is like that." in admin.text("/leads?fit_level=good&stage=customer")
    assert "Likelihood" in text


def test_the_points_of_a_lead_add_up_as_they_are_shown(shop: Served, admin: Visitor) -> None:
    """Fit 30; interest 10 for the trial, 15 for having asked, as `ripeline explain` says."""
    text = admin.text("/leads/of?lead=ada")
    assert "Good fit, high interest: rated A1 , so hand over to sales now." in text
    assert "The person asked to talk to sales: Asked." in text
    for line in ("Large company size 500 +30.0 Together 30.0", "Trial once on one day, last on 2026-03-27 +10.0"):
        assert line in text
    assert "+15.0 Together 25.0" in text
    # Weeks later neither has faded, and three quiet days cost 4.
    later = admin.text("/leads/of?lead=ada&as_of=2026-04-20")
    assert "-4.0" in later
    assert "Together 21.0" in later


def test_each_day_says_what_it_did_to_the_scores(shop: Served, admin: Visitor) -> None:
    """Interest at the end of each day, and how much more that is than the day before, are those of the API."""
    for days, event in ((0, "Hit"), (1, "Hit"), (1, "Trial"), (4, "Hit")):
        at = (START - timedelta(days=days, hours=1)).isoformat()
        call = act("cyd", event, days) | {"timestamp": at}
        shop.send(known("cyd") | {"timestamp": (START - timedelta(days=6)).isoformat()}, call, key=shop.server_key)
    shop.due(START.isoformat().replace("+00:00", "Z"))
    text = admin.text("/leads/happened?lead=cyd")
    for day in ("2026-03-27", "2026-03-26", "2026-03-23"):
        before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
        now, then = (Decimal(shop.read(f"/api/leads/cyd?as_of={one}")["engagement"]["points"]) for one in (day, before))
        assert now > then
        assert f"{day} interest {now:.1f} +{now - then:.1f}" in text, day
    places = [text.index(f"{day} interest") for day in ("2026-03-27", "2026-03-26", "2026-03-23")]
    assert places == sorted(places)
    # The table beside the line of 90 days has every day on which a score changed, and they are those of the API.
    table = text[text.index("Day Fit Interest") : text.index("2026-03-27 interest")].split()[3:]
    course = {day: (fit, interest) for day, fit, interest in zip(*[iter(table)] * 3, strict=True)}
    assert {"2025-12-28", "2026-03-21", "2026-03-23", "2026-03-24", "2026-03-27"} <= course.keys()
    for day, shown_points in course.items():
        if day > "2026-01-01":
            score = shop.read(f"/api/leads/cyd?as_of={day}")
            told = tuple(f"{Decimal(score[part]['points']):.1f}" for part in ("fit", "engagement"))
            assert shown_points == told, day
    # A day is looked at by its date, or by how many days ago it was.
    by_date, back = (admin.text(f"/leads/of?lead=cyd&{asked}") for asked in ("as_of=2026-03-23", "back=4"))
    assert by_date[by_date.index("As of") : by_date.index("Look at")] in back
    assert "As of 4 days ago" in by_date
    assert "days ago" not in admin.text("/leads/of?lead=cyd&as_of=2025-12-24")
    assert "Nothing with a date" not in text
    assert admin.see("/leads/happened?lead=nobody").status == 404


def test_what_belongs_to_one_visit_stands_together(shop: Served, admin: Visitor) -> None:
    """From 10:00 to 10:40 in steps of 20 minutes, once more 31 later; and over midnight in Berlin, which is 23:00 UTC."""
    url = "https://shop.example/?utm_source=google&utm_medium=cpc&utm_campaign=Spring"

    def at(day: int, hour: int, minute: int, **call: object) -> dict[str, Any]:
        time = f"2026-03-{day}T{hour:02}:{minute:02}:00Z"
        return {"userId": "dee", "messageId": f"dee {time} {call['type']}", "timestamp": time} | call

    calls = [
        at(26, 10, 0, type="page", name="Home", context={"page": {"url": url, "path": "/"}}),
        at(26, 10, 20, type="identify", traits={"company_size": 500}),
        at(26, 10, 20, type="track", event="Hit"),
        at(26, 10, 40, type="page", name="Prices", context={"page": {"url": "https://shop.example/prices"}}),
        at(26, 11, 11, type="track", event="Asked"),
        at(24, 22, 50, type="track", event="Hit"),
        at(24, 23, 10, type="track", event="Trial"),
    ]
    assert shop.send(*calls, key=shop.server_key).status == 200
    shop.due(START.isoformat().replace("+00:00", "Z"))
    assert admin.send("/leads/note", {"seal": admin.seal(), "lead": "dee", "text": "called & spoke"}).status == 303
    text = admin.text("/leads/happened?lead=dee")
    told = (
        "Visit 10:00 UTC , 40 min; 2 pages, 1 other event paid search: google, campaign Spring source server "
        "interest +7.0 fit +30.0 10:40 UTC page Prices interest +2.0"
    )
    assert told in text
    assert "Visit 22:50 UTC , 20 min; 2 events source server interest +13.0 23:10 UTC Trial interest +10.0" in text
    # Of one instant each has what is its own.
    assert "10:20 UTC facts traits fit +30.0 company size: 500 10:20 UTC Hit interest +3.0 10:00 UTC page Home" in text
    # Whoever did one thing alone is told by that; what colleagues wrote and how the lead moved stands by itself.
    places = [text.index(one) for one in ("Ada wrote called & spoke", "lead → MQL stage", "11:11 UTC Asked", told)]
    assert places == sorted(places)
    # The visit is of the day on which it began; what it did to the score on the next one is told there.
    days = [
        text.index(one) for one in ("2026-03-26 interest", "2026-03-25 interest", "2026-03-24 interest", "22:50 UTC")
    ]
    assert days == sorted(days)
    next_day = text[days[1] : days[2]]
    assert next_day.endswith("A visit of the day before went on. ")
    for day in ("2026-03-24", "2026-03-25", "2026-03-26"):
        points = Decimal(shop.read(f"/api/leads/dee?as_of={day}")["engagement"]["points"])
        assert f"{day} interest {points:.1f} +" in text, day


def test_a_lead_is_found_by_any_name(shop: Served, admin: Visitor) -> None:
    assert admin.see("/find?lead=+ada+").headers["location"] == "/leads/of?lead=ada"
    assert admin.see("/find?lead=").headers["location"] == "/leads"
    missing = admin.see("/leads/of?lead=nobody%3Cb%3E")
    assert missing.status == 404
    assert b"nobody&lt;b&gt;" in missing.body


@pytest.mark.parametrize(
    ("path", "status", "why"),
    [
        ("/leads?sort=nothing", 400, "leads are not sorted by &#34;nothing&#34;"),
        ("/leads?offset=-1", 400, "offset"),
        ("/leads/of?lead=ada&as_of=yesterday", 400, "yesterday"),
        ("/leads/of?lead=ada&back=91", 400, "0 to 90 days ago"),
        ("/leads/of?lead=ada&back=-1", 400, "0 to 90 days ago"),
        ("/leads?definition=other", 404, "no definition here"),
        ("/nothing", 404, "There is nothing here"),
        ("/static/000000000000/app.css", 404, "There is nothing here"),
        ("/static/000000000000/..%2f..%2fpage.py", 404, "There is nothing here"),
    ],
)
def test_what_cannot_be_shown_is_said(admin: Visitor, path: str, status: int, why: str) -> None:
    reply = admin.see(path)
    assert (reply.status, reply.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert why in reply.body.decode()


def test_whatever_visitors_write_stays_text(shop: Served, admin: Visitor) -> None:
    accounts = {row["account"] for row in shop.read("/api/leads")["leads"]} - {None}
    leads = [row["lead"] for row in shop.read("/api/leads?limit=1000")["leads"]]
    assert len([lead for lead in leads if lead.startswith("m")]) == len(ATTACKS)
    for path in [
        "/",
        "/leads",
        *(f"/leads?account={quote(one)}" for one in accounts),
        *(f"/leads/account?account={quote(one)}&lead=ada" for one in accounts),
        *(f"/leads/{page}?lead={quote(lead)}" for lead in leads for page in ("of", "happened")),
        *(f"/leads/merge?lead={quote(lead)}&identifier=bob" for lead in leads if lead.startswith(("m0", "m4"))),
        *(f"/leads/of?lead=ada&done=unmerge&identifier={quote(lead)}" for lead in leads if lead.startswith("m1")),
    ]:
        reply = admin.see(path)
        assert reply.status == 200, path
        html = reply.body.decode()
        assert html.count("<script") == 2, path
        assert [harm for harm in HARMS if harm in html] == [], path
        assert not {"\u202e", "\x1b"} & set(shown(html)), path
        assert len(html) < 60_000


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_is_asked_for_stays_text(admin: Visitor, attack: str) -> None:
    for path in (
        f"/leads/merge?lead=ada&identifier={quote(attack)}",
        f"/leads/unmerge?lead={quote(attack)}&identifier={quote(attack)}",
        f"/leads/of?lead=ada&done={quote(attack)}&identifier={quote(attack)}",
    ):
        reply = admin.see(path)
        assert reply.status in {200, 400}, path
        html = reply.body.decode()
        assert html.count("<script") == 2, path
        assert not any(harm in html for harm in HARMS), path
        assert not {"\u202e", "\x1b"} & set(shown(html)), path


def test_pages_run_nothing_but_our_own_files(admin: Visitor) -> None:
    reply = admin.see("/leads")
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    html = reply.body.decode()
    assert " style=" not in html
    assert " onclick=" not in html
    for found in html.split('="/static/')[1:]:
        path = "/static/" + found.partition('"')[0]
        file = admin.see(path, **{"accept-encoding": "gzip"})
        assert (file.status, file.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
        assert file.headers["x-content-type-options"] == "nosniff"


def test_an_empty_workspace_says_how_leads_come(tmp_path: Path) -> None:
    with serving(tmp_path / "shop", DEFINITION, at=START) as shop:
        admin = set_up(shop)
        assert "Nobody is here yet" in admin.text("/")
        assert "No lead is like that." in admin.text("/leads")
