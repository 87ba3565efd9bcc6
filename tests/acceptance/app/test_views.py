"""The list of leads: chosen with and and or, shown as somebody wants it, kept under a name, saved, decided about together."""

import csv
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any, cast
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from ripeline.adapters.book.logins import add_login
from ripeline.adapters.book.sqlite import transaction
from ripeline.adapters.engines.live_scores import LiveScores
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.logins import hashed
from ripeline.entry.server.pages.leads_address import address_in
from ripeline.ports.scores import Condition, LeadsAsked
from ripeline.vocabulary.logins import Login
from tests.acceptance.app.test_browser import found_by_axe
from tests.acceptance.app.test_pages import ATTACKS, HARMS
from tests.acceptance.app.visitors import PASSWORD, Visitor, set_up, shown
from tests.acceptance.live.browser import chromium, needs_chromium
from tests.acceptance.live.served import Reply, Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.stories import needs_node_modules
from tests.acceptance.live.test_handoffs import act, known

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow]

Row = dict[str, Any]
LEADS = 70


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Leads of all fits and interests, some of them of one company, some with names that are formulas."""
    with serving(tmp_path_factory.mktemp("views") / "shop", DEFINITION, at=START) as server:
        calls = []
        for number in range(LEADS):
            lead, traits = (
                f"Lead-{number}",
                {"company_size": 5 if number % 3 else 500, "plan": ["pro", "free"][number % 2]},
            )
            if number % 4 == 0:
                traits |= {"email": f"{lead.lower()}@firm{number % 3}.example", "name": f"=Name {number}"}
            calls += [known(lead, **traits), *(act(lead, "Hit", one) for one in range(number % 5))]
            calls += [act(lead, "Trial")] * (number % 2) + [act(lead, "Asked")] * (number % 7 == 0)
        calls += [known("=1+1", company_size=-5, title="+cmd"), known('a,b"c', company_size=7)]
        assert server.send(*calls, key=server.server_key).status == 200
        server.due(START.isoformat().replace("+00:00", "Z"))
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


@pytest.fixture(scope="module")
def people(shop: Served, admin: Visitor) -> dict[str, Visitor]:
    """Somebody of each role that sees leads, beside the administrator."""
    kept = hashed(PASSWORD)
    found = {"admin": admin}
    for role in ("marketing", "sales", "read_only"):
        with book_connection(shop.workspace) as db, transaction(db):
            add_login(db, Login(0, f"{role}@acme.example", f"{role} person", role), kept, 0)
        found[role] = Visitor(shop)
        assert found[role].sign_in(f"{role}@acme.example").status == 303
    return found


@pytest.fixture(scope="module")
def everybody(shop: Served) -> list[Row]:
    return list(shop.read("/api/leads?limit=1000&sort=lead")["leads"])


# ---- who is chosen -------------------------------------------------------------------------------------------

CHOICES = {
    "fit_level": ["good", "fair", "poor"],
    "engagement_level": ["high", "medium", "low"],
    "rating": ["A1", "B1", "C2", "C3"],
    "stage": ["lead", "mql"],
    "action": ["handoff", "nurture", "remove"],
    "meets_definition": ["true", "false"],
    "account": ["firm1.example", "firm2.example", "nobody.example"],
    "lead": ["Lead-1", "=1+1", 'a,b"c'],
}
EQUAL = st.one_of(*(st.tuples(st.just(name), st.sampled_from(values)) for name, values in CHOICES.items()))
POINTS = st.one_of(
    *(
        st.tuples(st.just(f"{name}_{how}"), st.sampled_from(bounds))
        for name, bounds in {
            "fit": ["0", "10", "30.5"],
            "engagement": ["-1", "9", "20"],
            "likelihood": ["0.1", "0.4"],
        }.items()
        for how in ("at_least", "at_most")
    )
)
SEARCHES = st.tuples(st.just("search"), st.sampled_from(["lead-1", "EXAMPLE", "1+", "%", "_", "'", '"']))
GROUP = st.lists(st.one_of(EQUAL, EQUAL, POINTS, SEARCHES), min_size=1, max_size=5)


def fits(row: Row, group: list[tuple[str, str]]) -> bool:
    """Whether a lead is as a group of filters says, told in Python from the API's whole list."""
    names = {name for name, _ in group if name in CHOICES}
    return all(any(same(row[name], text) for one, text in group if one == name) for name in names) and all(
        bounded(row, name, text) for name, text in group if name not in CHOICES
    )


def same(value: object, text: str) -> bool:
    return (str(value).lower() if isinstance(value, bool) else value) == text


def bounded(row: Row, name: str, text: str) -> bool:
    if name == "search":
        return any(text.lower() in (row[column] or "").lower() for column in ("lead", "account"))
    column, _, how = name.partition("_at_")
    if row[column] is None:
        return False
    return float(row[column]) >= float(text) if how == "least" else float(row[column]) <= float(text)


@given(groups=st.lists(GROUP, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_filters_choose_whom_they_say(shop: Served, everybody: list[Row], groups: list[list[tuple[str, str]]]) -> None:
    pairs = [pair for group in groups for pair in (("or", ""), *group)][1:]
    answer = shop.read(f"/api/leads?{urlencode(pairs)}&limit=1000&sort=lead")
    wanted = [row["lead"] for row in everybody if any(fits(row, group) for group in groups)]
    assert [row["lead"] for row in answer["leads"]] == wanted
    assert answer["total"] == len(wanted)
    # The address of the page says the same, in its own order.
    again = address_in(address_in(urlencode(pairs)).query)
    assert shop.read(f"/api/leads?{again.query}&limit=1000&sort=lead") == answer


def test_pages_far_down_go_on_where_the_one_before_ends(shop: Served, everybody: list[Row]) -> None:
    by = sorted(everybody, key=lambda row: (-float(row["engagement"]), row["lead"]))
    found = [row for offset in range(0, 80, 7) for row in shop.read(f"/api/leads?limit=7&offset={offset}")["leads"]]
    assert [row["lead"] for row in found] == [row["lead"] for row in by]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("or=&fit_level=good", "stands between two groups"),
        ("fit_level=good&or=", "stands between two groups"),
        ("fit_at_least=much", "takes a number"),
        ("fit_at_least=1e9", "takes a number"),
        ("likelihood_at_lest=0.5", "did you mean"),
        ("rating_at_least=A1", "is no parameter"),
        ("meets_definition=maybe", "is true or false"),
        ("&".join(["lead=a"] * 201), "at most 200"),
    ],
)
def test_what_chooses_nothing_is_said(shop: Served, query: str, why: str) -> None:
    reply = shop.ask(f"/api/leads?{query}", authorization=f"Bearer {shop.token}")
    assert reply.status == 400
    assert why in reply.json["message"]


# ---- what is shown -------------------------------------------------------------------------------------------


def test_what_a_form_leaves_blank_does_not_stand_in_the_address(admin: Visitor) -> None:
    form = "search=&fit_level=good&fit_at_least=&account=&or=&search=&account=&columns=fit&columns=stage&traits=&sort=-engagement"
    reply = admin.see(f"/leads?{form}")
    assert (reply.status, reply.headers["location"]) == (303, "/leads?fit_level=good&columns=fit,stage")
    assert admin.see("/leads?or=&rating=A1&or=").headers["location"] == "/leads?rating=A1"
    both = "/leads?fit_level=good&fit_level=fair&or=&rating=C3&columns=fit,stage&traits=plan"
    assert admin.see(both).status == 200


def test_columns_and_traits_are_those_that_are_chosen(shop: Served, admin: Visitor, everybody: list[Row]) -> None:
    html = admin.see(
        "/leads?columns=action,meets_definition&traits=plan,company_size,no%3Cb%3Esuch&sort=lead"
    ).body.decode()
    heads = [shown(one) for one in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', html)]
    assert heads == ["Lead", "Action", "Meets the definition", "plan", "company size", "no<b>such"]
    rows = [shown(one) for one in re.findall(r"<tr role=.row.>(.*?)</tr>", html, re.DOTALL)][1:]
    assert len(rows) == 50
    last = next(row for row in rows if row.startswith("=Name 24"))
    assert last.endswith("free 500 –") or "pro 500" in last
    told = admin.see("/leads?columns=nothing")
    assert told.status == 400
    assert admin.see("/leads?traits=a,b,c,d,e,f").status == 400


def test_chips_take_one_filter_away(admin: Visitor) -> None:
    html = admin.see("/leads?fit_level=good&fit_level=fair&or=&engagement_at_least=9&search=ead").body.decode()
    chips = {
        shown(text): unescape(link) for link, text in re.findall(r'<a class="chip" href="([^"]*)">(.*?)</a>', html)
    }
    assert {name.partition(" ×")[0]: link for name, link in chips.items()} == {
        "fit: good": "/leads?fit_level=fair&or=&engagement_at_least=9&search=ead",
        "fit: fair": "/leads?fit_level=good&or=&engagement_at_least=9&search=ead",
        "interest at least 9": "/leads?fit_level=good&fit_level=fair&or=&search=ead",
        "has “ead”": "/leads?fit_level=good&fit_level=fair&or=&engagement_at_least=9",
    }


# ---- files ---------------------------------------------------------------------------------------------------


def rows_of(visitor: Visitor, path: str) -> list[dict[str, str]]:
    reply = visitor.see(path)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert reply.headers["content-disposition"] == 'attachment; filename="leads-2026-03-27.csv"'
    return list(csv.DictReader(io.StringIO(reply.body.decode(), newline="")))


def test_the_file_is_the_list(shop: Served, admin: Visitor) -> None:
    query = "fit_at_most=10&or=&rating=A1&sort=-fit"
    rows = shop.read(f"/api/leads?{query}&limit=1000")["leads"]
    found = rows_of(admin, f"/leads.csv?{query}&columns=fit,account,action,meets_definition&traits=title,company_size")
    assert len(rows) > 50
    columns = [
        "lead",
        "fit",
        "fit_level",
        "action",
        "meets_definition",
        "account",
        "name",
        "email",
        "title",
        "company_size",
    ]
    assert list(found[0]) == columns
    for row, line in zip(rows, found, strict=True):
        assert line["lead"].removeprefix("'") == row["lead"]
        assert (float(line["fit"]), line["fit_level"]) == (float(row["fit"]), row["fit_level"])
        assert (line["account"], line["action"]) == (row["account"] or "", row["action"])
        assert line["meets_definition"] == str(row["meets_definition"]).lower()
    # What others said is no formula, in no cell.
    (formula,) = (line for line in found if line["lead"] == "'=1+1")
    assert (formula["title"], formula["company_size"]) == ("'+cmd", "'-5")
    assert [line for line in found for cell in line.values() if cell[:1] in {"=", "+", "@"}] == []
    assert "'=Name 4" in {line["name"] for line in found}


def test_a_long_file_is_read_in_parts_and_is_of_one_moment(shop: Served) -> None:
    """Also on another thread, and where somebody is scored anew meanwhile."""
    with opened_store(shop.workspace) as store, ThreadPoolExecutor(1) as thread:
        store.con.execute("CREATE TABLE live_9 AS SELECT 'l' || range AS lead, range AS fit FROM range(12_000)")
        asked = LeadsAsked(((Condition(("fit",), (100,), "at_least"),),), (("fit", True), ("lead", False)))
        parts = LiveScores(cast("Any", None), "live_9").each(store, asked, ["lead", "fit"], 11_000)
        found = [thread.submit(next, parts).result()]
        store.con.execute("DELETE FROM live_9")
        found += thread.submit(list, parts).result()
    assert [len(part) for part in found] == [5_000, 5_000, 1_000]
    assert [row for part in found for row in part] == [(f"l{fit}", fit) for fit in range(11_999, 999, -1)]


# ---- saved views ---------------------------------------------------------------------------------------------


def save(visitor: Visitor, name: str, address: str, **more: str) -> Reply:
    return visitor.send("/leads/views", {"seal": visitor.seal(), "name": name, "address": address, **more})


def views_of(visitor: Visitor) -> dict[str, str]:
    """Links above the list, by what they say."""
    html = visitor.see("/leads").body.decode()
    row = re.search(r'<nav class="views".*?</nav>', html, re.DOTALL)
    return (
        {}
        if row is None
        else {shown(text): unescape(link) for link, text in re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', row[0])}
    )


def numbers_of(shop: Served) -> dict[str, int]:
    with book_connection(shop.workspace) as db:
        return dict(db.execute("SELECT name, number FROM saved_views").fetchall())


def test_views_are_kept_counted_and_changed_by_whose_they_are(shop: Served, people: dict[str, Visitor]) -> None:
    mine, other, reader, admin = (people[role] for role in ("marketing", "sales", "read_only", "admin"))
    query = "fit_level=good&or=&rating=C3&columns=fit,stage"
    assert save(mine, "Ripe now", f"{query}&sort=").headers["location"] == f"/leads?{query}"
    assert save(mine, "For all", "stage=mql", shared="on").status == 303
    total = shop.read("/api/leads?fit_level=good&or=&rating=C3")["total"]
    mqls = shop.read("/api/leads?stage=mql")["total"]
    assert views_of(mine) == {
        "Everybody": "/leads",
        f"For all {mqls}": "/leads?stage=mql",
        f"Ripe now {total}": f"/leads?{query}",
    }
    assert views_of(other) == {
        "Everybody": "/leads",
        f"For all {mqls} (shared by marketing person)": "/leads?stage=mql",
    }
    html = mine.see(f"/leads?{query}").body.decode()
    assert re.findall(r'aria-current="true">([^<]*)', html) == ["Ripe now "]
    # The same name saves over it.
    assert save(mine, " Ripe  now ", "stage=lead").status == 303
    assert numbers_of(shop).keys() == {"Ripe now", "For all"}
    assert "/leads?stage=lead" in views_of(mine).values()
    # Nobody changes what is somebody else's, shared or not.
    own, shared = numbers_of(shop)["Ripe now"], numbers_of(shop)["For all"]
    for visitor in (other, reader, admin):
        form = {"seal": visitor.seal(), "name": "Taken"}
        assert visitor.send(f"/leads/views/{own}", form).status == 404
        assert visitor.send(f"/leads/views/{shared}", form).status == 404
        assert visitor.send(f"/leads/views/{own}/delete", form).status == 404
    for visitor in (other, reader):
        assert visitor.send(f"/leads/views/{shared}/delete", {"seal": visitor.seal()}).status == 404
        assert f"/leads/views/{shared}" not in visitor.see("/leads/views").body.decode()
    assert numbers_of(shop) == {"Ripe now": own, "For all": shared}
    # Whoever reads only keeps views for themselves.
    assert "keeps views for itself alone" in save(reader, "Mine", "stage=mql", shared="on").body.decode()
    assert save(reader, "Mine", "stage=mql").status == 303
    assert not any("Mine" in name for name in views_of(other))
    # Own ones are renamed and shared; an administrator deletes what is shared.
    assert mine.send(f"/leads/views/{own}", {"seal": mine.seal(), "name": "For all"}).status == 400
    assert mine.send(f"/leads/views/{own}", {"seal": mine.seal(), "name": "Ripe", "shared": "on"}).status == 303
    assert any("Ripe" in name for name in views_of(other))
    assert admin.send(f"/leads/views/{own}/delete", {"seal": admin.seal()}).status == 303
    assert numbers_of(shop).keys() == {"For all", "Mine"}


@pytest.mark.parametrize("attack", ATTACKS[:6])
def test_whatever_a_view_is_called_stays_text(shop: Served, people: dict[str, Visitor], attack: str) -> None:
    sales = people["sales"]
    assert save(sales, attack, f"search={quote(attack)}", shared="on").status == 303
    for path in ("/leads", "/leads/views", f"/leads?search={quote(attack)}", f"/leads?traits={quote(attack)}"):
        html = people["marketing"].see(path).body.decode()
        assert html.count("<script") == 2, path
        assert not any(harm in html for harm in HARMS), path
        assert not {"\u202e", "\x1b"} & set(shown(html)), path
    for number in set(numbers_of(shop).values()):
        sales.send(f"/leads/views/{number}/delete", {"seal": sales.seal()})


def test_a_view_that_cannot_be_asked_any_more_harms_no_list(shop: Served, people: dict[str, Visitor]) -> None:
    sales = people["sales"]
    assert save(sales, "Bad", "nothing=1").status == 400
    assert save(sales, " ", "stage=mql").status == 400
    assert save(sales, "x" * 61, "stage=mql").status == 400
    assert save(sales, "Long", "&".join(f"lead={'x' * 90}{one}" for one in range(50))).status == 400
    assert save(sales, "Gone", "definition=gone").status == 303
    assert views_of(sales)["Gone"] == "/leads?definition=gone"


def test_a_view_that_names_somebody_goes_with_them(shop: Served, people: dict[str, Visitor]) -> None:
    shop.send(known("Zoe", email="zoe@zoo.example"), key=shop.server_key)
    shop.applied()
    sales = people["sales"]
    for name, address in {"A": "search=zoe%40zoo.example", "B": "lead=Zoe&lead=Lead-1", "C": "search=Lead-1"}.items():
        assert save(sales, name, address).status == 303
    assert shop.tell("/api/leads/Zoe/erase", {}).status == 200
    assert {"A", "B", "C"} & numbers_of(shop).keys() == {"C"}


# ---- many together -------------------------------------------------------------------------------------------


def held(shop: Served) -> set[str]:
    return {one["lead"] for one in shop.read("/api/removals/holds")["holds"]}


def test_those_who_are_ticked_are_kept_from_removal_together(shop: Served, people: dict[str, Visitor]) -> None:
    marketing = people["marketing"]
    ticked = "ticked=1&lead=Lead-1&lead=Lead-2&lead=a%2Cb%22c"
    assert "3 leads. Nobody of them is proposed" in marketing.text(f"/leads/hold?{ticked}")
    assert held(shop) == set()
    form = {"seal": marketing.seal(), "total": "3", "reason": "A pilot"}
    blank = marketing.send(f"/leads/hold?{ticked}", form | {"reason": " "})
    assert (blank.status, "takes a reason" in blank.body.decode(), held(shop)) == (400, True, set())
    assert "3 are on hold now." in shown(marketing.send(f"/leads/hold?{ticked}", form).body.decode())
    assert held(shop) == {"Lead-1", "Lead-2", 'a,b"c'}
    assert {one["by"] for one in shop.read("/api/removals/holds")["holds"]} == {"marketing person"}
    more = shown(marketing.send("/leads/hold?search=lead-1", form | {"total": "11"}).body.decode())
    assert "10 are on hold now. 1 were on hold already." in more
    lifted = marketing.send("/leads/lift?search=lead-", {"seal": marketing.seal(), "total": str(LEADS)})
    # Lead-1, Lead-10 to Lead-19, and Lead-2.
    assert "12 are on hold no more. 58 were not on hold." in shown(lifted.body.decode())
    assert held(shop) == {'a,b"c'}


def test_nobody_is_decided_about_who_was_not_shown(shop: Served, people: dict[str, Visitor]) -> None:
    marketing, before = people["marketing"], held(shop)
    form = {"seal": marketing.seal(), "total": "3", "reason": "A pilot"}
    assert "Nobody is ticked" in shown(marketing.see("/leads/hold?ticked=1").body.decode())
    others = marketing.send("/leads/hold?search=lead-", form)
    assert (others.status, "Others are meant by now" in others.body.decode()) == (400, True)
    assert people["sales"].send("/leads/hold?lead=Lead-1", form | {"seal": people["sales"].seal()}).status == 403
    assert held(shop) == before
    assert "removal" not in people["sales"].see("/leads").body.decode().partition('id="list"')[2]


def test_leads_are_found_by_a_part_of_their_name(admin: Visitor) -> None:
    """Every fourth lead has a name and an address: 0, 4, ... 68; 40, 44 and 48 are the fours."""
    assert admin.see("/find?lead=Lead-7").headers["location"] == "/leads/of?lead=Lead-7"  # an identifier comes first
    text = admin.text("/find?lead=nAmE+4")
    assert "4 leads have that in their name" in text
    places = [text.index(f"=Name {number} Lead-{number}") for number in (4, 40, 44, 48)]
    assert places == sorted(places)
    assert admin.see("/find?lead=name+64").headers["location"] == "/leads/of?lead=Lead-64"
    assert admin.see("/find?lead=lead-64%40FIRM").headers["location"] == "/leads/of?lead=Lead-64"
    assert "at firm" not in text
    assert admin.see("/find?lead=%25%25%25").headers["location"] == "/leads/of?lead=%25%25%25"  # no pattern
    assert admin.see(admin.see("/find?lead=nobody+at+all").headers["location"]).status == 404


def test_the_ticked_are_saved_as_a_file(people: dict[str, Visitor], everybody: list[Row]) -> None:
    path = "/leads.csv?ticked=1&lead=Lead-8&lead=a%2Cb%22c&columns=stage,last_event,fit&sort=lead"
    rows = rows_of(people["sales"], path)
    assert [row["lead"] for row in rows] == ["Lead-8", 'a,b"c']
    assert rows[0]["name"] == "'=Name 8"
    assert "last_event" not in rows[0]  # it is worked out for a page alone
    assert {row["lead"]: row["stage"] for row in rows}.items() <= {
        one["lead"]: one["stage"] for one in everybody
    }.items()
    nobody = people["sales"].see("/leads.csv?ticked=1&columns=fit")
    assert (nobody.status, "Nobody is ticked" in nobody.body.decode()) == (400, True)


def test_what_comes_next_is_worked_out_for_a_page(shop: Served, admin: Visitor) -> None:
    """As each lead's own explanation says it; a fall that is farther than 90 days is none here."""
    html = admin.see("/leads?columns=fit,last_event,next_fall&sort=lead&search=lead-1").body.decode()
    assert "cannot be sorted by them" in html
    found = re.findall(r'name="lead" value="([^"]+)"(.*?)</tr>', html, re.DOTALL)
    assert len(found) == 11
    for lead, row in found:
        fall = shop.read(f"/api/leads/{lead}")["next"]
        cell = shown(row.partition('data-name="Next fall"')[2].partition(">")[2])
        if fall["falls_on"] is None or fall["falls_on"] > "2026-06-25":
            assert cell == "–", lead
        else:
            to = fall["falls_to"]
            assert cell == f"{fall['falls_on']} {to['fit']} fit, {to['engagement']} interest", lead
        did = bool(int(lead[5:]) % 5 or int(lead[5:]) % 2 or int(lead[5:]) % 7 == 0)
        assert ("2026-03-27T09:00:00" in row) == did, lead
    assert any('data-name="Next fall">2026-' in row for _, row in found)
    assert admin.see("/leads?sort=-next_fall").status == 400


def test_what_the_ticked_did_is_set_aside_together(shop: Served, people: dict[str, Visitor]) -> None:
    """Lead-3 hit three times and tried, Lead-4 hit four times; of the last one nothing is known but its size."""
    marketing = people["marketing"]
    ticked = "ticked=1&lead=Lead-3&lead=Lead-4&lead=a%2Cb%22c"
    assert "8 events of 2 leads. None of them counts any more" in marketing.text(f"/leads/aside?{ticked}")
    form = {"seal": marketing.seal(), "total": "3", "events": "8", "reason": "A test of ours"}
    for wrong in ({"events": "7"}, {"total": "2"}, {"reason": " "}):
        assert marketing.send(f"/leads/aside?{ticked}", form | wrong).status == 400
    points = {lead: shop.read(f"/api/leads/{lead}")["engagement"]["points"] for lead in ("Lead-3", "Lead-4")}
    assert all(float(one) > 0 for one in points.values())
    assert "8 events count no more." in shown(marketing.send(f"/leads/aside?{ticked}", form).body.decode())
    assert "there is nothing to set aside" in marketing.text(f"/leads/aside?{ticked}")
    for lead in points:
        assert float(shop.read(f"/api/leads/{lead}")["engagement"]["points"]) <= 0
    assert "A test of ours" in marketing.text("/data/aside")
    # Lead by lead the way back is there.
    back = {"seal": marketing.seal(), "what": "restore", "lead": "Lead-3", "reason": "It was none"}
    assert marketing.send("/data/aside", back).status == 303
    assert shop.read("/api/leads/Lead-3")["engagement"]["points"] == points["Lead-3"]
    assert marketing.see("/leads/aside?search=lead-").status == 400  # more than are set aside together


# ---- in a browser --------------------------------------------------------------------------------------------


@pytest.mark.slow
@needs_chromium
@needs_node_modules
def test_a_view_is_chosen_saved_and_found_again_without_a_mouse(shop: Served, admin: Visitor) -> None:
    with chromium() as browser:
        context = browser.new_context()
        context.add_cookies([{"name": "ripeline", "value": admin.cookie, "url": shop.url}])
        page = context.new_page()
        page.goto(shop.url + "/leads")
        everybody = page.get_by_role("status").inner_text()
        pick = page.locator(".choose > .filters .pick").first
        pick.locator("summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.get_by_role("link", name="fit: good")).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.get_by_role("link", name="fit: fair")).to_be_visible()
        assert page.url.endswith("/leads?fit_level=good&fit_level=fair")
        page.keyboard.press("Escape")
        expect(pick.locator("summary")).to_be_focused()
        expect(pick.locator("summary b")).to_have_text("good, fair")
        page.get_by_text("Or those who").first.click()
        page.locator(".choose .further .pick", has_text="Rating").first.locator("summary").click()
        page.get_by_role("checkbox", name="C3").last.check()
        expect(page.locator(".found .or")).to_be_visible()
        assert page.url.endswith("&or=&rating=C3")
        page.get_by_text("Save this view").click()
        page.locator("#list").get_by_label("Name").fill("Good, fair or C3")
        page.keyboard.press("Enter")
        expect(page.locator(".views [aria-current]")).to_contain_text("Good, fair or C3")
        assert found_by_axe(page) == []
        page.get_by_role("link", name="Everybody").click()
        assert page.get_by_role("status").inner_text() == everybody
        page.get_by_role("checkbox", name="Tick").nth(1).check()
        page.get_by_role("button", name="Keep the ticked from removal").click()
        expect(page.get_by_text("1 lead. Nobody of them is proposed")).to_be_visible()
        assert found_by_axe(page) == []
        page.goto(shop.url + "/leads/views")
        assert found_by_axe(page) == []
        context.close()


def test_a_saved_address_says_what_it_said(admin: Visitor) -> None:
    """What the address holds is read as it is written, whatever signs stand in a text."""
    for text in ("a&b=c", "ä ö", "100%", "a+b", "x,y:z@q/r", "#"):
        query = address_in(urlencode([("search", text), ("or", ""), ("account", text)])).query
        assert parse_qsl(query, keep_blank_values=True) == [("search", text), ("or", ""), ("account", text)]
        assert admin.see(f"/leads?{query}").status == 200
