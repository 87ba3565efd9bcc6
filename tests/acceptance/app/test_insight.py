"""How far MQLs come and how sales answers, as pages: the API's numbers, compared with before, and drawn.

The shop's clock begins on Friday 2026-03-27 at 09:00 UTC. Expected values are worked out by hand.
"""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ripeline.adapters.book.logins import add_login
from ripeline.adapters.book.sqlite import transaction
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.logins import hashed
from ripeline.entry.server.pages.rendering import files
from ripeline.entry.workspace import FIRST_SETTINGS
from ripeline.insight.funnel import STEPS
from ripeline.vocabulary.logins import Login
from tests.acceptance.app.test_browser import SMALL, USUAL, found_by_axe
from tests.acceptance.app.visitors import PASSWORD, Visitor, set_up, shown
from tests.acceptance.live.browser import chromium, needs_chromium
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.stories import needs_node_modules
from tests.acceptance.live.test_handoffs import SALES, act, handoffs, known

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow]

LABELLED = SALES.replace('mail = "maria@shop.example"', 'mail = "maria@shop.example"\nlabel = "=Maria <i>"')
BY_MAIL = {"context": {"campaign": {"source": "news", "medium": "email"}}}
"""How everybody comes."""

ALL_WEEKS = "by=week&within=7&from=2026-03-23&to=2026-04-19"
SECOND_WEEK = "from=2026-03-30&to=2026-04-05&compare=before"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Five ask on 27 March, five on the 31st, five on 14 April; it is 20 April in the end.

    Of the first five, four are accepted and one is rejected the day after, and two are won on 2 April, after six days.
    Of the next five, two are accepted and three rejected the day after; of the last five, three accepted.
    """
    with serving(tmp_path_factory.mktemp("insight") / "shop", DEFINITION, FIRST_SETTINGS + LABELLED, START) as server:

        def ask(at: str, letter: str) -> None:
            server.clock.write_text(at)
            leads = [f"{letter}{number}" for number in range(5)]
            calls = [call for lead in leads for call in (known(lead), act(lead, "Asked") | BY_MAIL)]
            assert server.send(*calls, key=server.server_key).status == 200
            server.due(at)

        def say(at: str, *said: tuple[str, str, dict[str, str]]) -> None:
            server.due(at)
            numbers = {one["lead"]: one["number"] for one in handoffs(server)}
            for verb, leads, more in said:
                for lead in leads.split():
                    assert server.tell(f"/api/handoffs/{numbers[lead]}/{verb}", more).status == 200
            server.applied()

        ask("2026-03-27T09:00:00Z", "a")
        say("2026-03-28T09:00:00Z", ("accept", "a0 a1 a2 a3", {}), ("reject", "a4", {"reason": "too_small"}))
        ask("2026-03-31T09:00:00Z", "b")
        say("2026-04-01T09:00:00Z", ("accept", "b0 b1", {}), ("reject", "b2 b3 b4", {"reason": "no_budget"}))
        say("2026-04-02T09:00:00Z", ("won", "a0 a1", {}))
        ask("2026-04-14T09:00:00Z", "c")
        say("2026-04-15T09:00:00Z", ("accept", "c0 c1 c2", {}))
        server.due("2026-04-20T09:00:00Z")
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


@pytest.fixture(scope="module")
def agency(shop: Served, admin: Visitor) -> Visitor:
    with book_connection(shop.workspace) as db, transaction(db):
        add_login(db, Login(0, "agency@acme.example", "Agency", "agency", None, ("email",)), hashed(PASSWORD), 0)
    visitor = Visitor(shop)
    assert visitor.sign_in("agency@acme.example").status == 303
    return visitor


Figures = dict[str, list[tuple[str, float | None]]]


def figures(visitor: Visitor, path: str, table: str) -> Figures:
    """What a table of a page says, by row: its cells as text, with the values that charts draw."""
    html = visitor.see(path).body.decode()
    (found,) = re.findall(rf'<table[^>]*id="{table}".*?</table>', html, re.DOTALL)
    rows = re.findall(r'<tr [^>]*>\s*<th [^>]*data-label="([^"]*)">(.*?)</tr>', found, re.DOTALL)
    return {
        unescape(label): [_figure(*cell) for cell in re.findall(r"<td([^>]*)>(.*?)</td>", row, re.DOTALL)]
        for label, row in rows
    }


def _figure(tag: str, inner: str) -> tuple[str, float | None]:
    value = re.search(r'data-value="([^"]*)"', tag)
    return shown(inner).replace(" ,", ","), None if value is None else float(value[1])


def rows_of(visitor: Visitor, path: str) -> list[dict[str, str]]:
    reply = visitor.see(path)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert reply.headers["content-disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(reply.body.decode())))


# ---- the funnel ------------------------------------------------------------------------------------------------


def test_the_funnel_is_what_the_api_answers(shop: Served, admin: Visitor) -> None:
    record = shop.read("/api/funnel?by=week&within=7d&from=2026-03-23&to=2026-04-19")
    table = figures(admin, f"/funnel?{ALL_WEEKS}", "cohorts")
    over = [one for one in record["cohorts"] if one["over"]]
    assert [one["first"] for one in over] == ["2026-03-23", "2026-03-30"]
    for name, one in [(one["first"], one) for one in over] + [("All that are over", record["total"])]:
        leads, *steps = table[name]
        assert leads[0] == str(one["leads"])
        assert [value for _, value in steps] == [one[step]["share"] for step in STEPS]
        for (text, _), step in zip(steps, STEPS, strict=True):
            assert f"{one[step]['share'] * 100:.1f} % {one[step]['count']} of {one[step]['of']}," in text
    assert table["2026-03-23"][1] == ("80.0 % 4 of 5, 38 to 96 %", 0.8)
    assert table["All that are over"][1] == ("60.0 % 6 of 10, 31 to 83 %, half within 1 day", 0.6)
    text = admin.text(f"/funnel?{ALL_WEEKS}")
    said = "Of 10 MQLs, 60.0 % were accepted by sales, 0.0 % were qualified by sales and 20.0 % became customers within 7 days."
    assert said in text


def test_of_what_is_not_over_no_share_is_claimed(admin: Visitor) -> None:
    table = figures(admin, f"/funnel?{ALL_WEEKS}", "cohorts")
    cells = table["2026-04-13"]
    assert cells == [("5", None), ("3 so far", None), ("0 so far", None), ("0 so far", None)]
    html = admin.see(f"/funnel?{ALL_WEEKS}").body.decode()
    (row,) = re.findall(r"<tr [^>]*data-open>.*?</tr>", html, re.DOTALL)
    assert "not over yet" in row
    assert "%" not in shown(row)
    # Everybody is given ninety days where nobody says how many, and none of them are over.
    assert "Too few MQLs have had all their days yet" in admin.text("/funnel?by=week")


def test_cohorts_are_compared_with_as_many_before(admin: Visitor) -> None:
    """Two of five beside four of five accepted; nobody beside two of five bought."""
    table = figures(admin, f"/funnel?by=week&within=7&{SECOND_WEEK}", "cohorts")
    assert [table[name][1][1] for name in ("All that are over", "The same before")] == [0.4, 0.8]
    less = "40.0 points less may be chance"
    assert [text for text, _ in table["Difference"]] == ["", less, "as before", less]
    # Of one week only that one is compared, whatever day of it is named.
    assert table == figures(admin, "/funnel?by=week&within=7&from=2026-04-01&to=2026-04-01&compare=before", "cohorts")
    months = figures(admin, "/funnel?by=month&within=7&from=2026-03-01&to=2026-03-31&compare=before", "cohorts")
    assert (months["All that are over"][0][0], months["The same before"][0][0]) == ("10", "0")
    assert months["Difference"][1][0] == "too few"


def test_every_count_opens_its_leads(admin: Visitor) -> None:
    for path in (f"/funnel?{ALL_WEEKS}", f"/funnel?by=week&within=7&{SECOND_WEEK}", f"/response?{SECOND_WEEK}"):
        html = admin.see(path).body.decode()
        links = re.findall(r'<a href="(/(?:funnel|response)/leads[^"]*)">([0-9]+)', html)
        assert len(links) > 4
        for link, count in links:
            assert f' role="status"><b>{count}</b>' in admin.see(unescape(link)).body.decode(), link
    accepted = figures(admin, "/funnel/leads?first=2026-03-23&last=2026-03-29&within=7&step=sales_accepted", "counted")
    assert {name: [text for text, _ in cells] for name, cells in accepted.items()} == {
        f"a{number}": ["2026-03-27", "1 day"] for number in range(4)
    }
    within_five = "/funnel/leads?first=2026-03-23&last=2026-03-29&within=5&step=customer"
    assert "Nobody is counted there" in admin.text(within_five)


def test_an_agency_sees_figures_and_nobody_by_name(agency: Visitor) -> None:
    for path, share in ((f"/funnel?{ALL_WEEKS}", "60.0 %"), ("/response?from=2026-03-23", "69.2 %")):
        html = agency.see(path).body.decode()
        assert share in shown(html)
        assert "/leads" not in html
        assert not re.findall(r"Maria|Jon|>[abc][0-4]<", html)
    assert 'value="owner"' not in agency.see("/response").body.decode()
    for path in ("/response?by=owner", "/response.csv?by=owner"):
        refused = agency.see(path)
        assert refused.status == 403
        assert "Your role sees figures of nobody by name" in refused.body.decode()
        assert "Maria" not in refused.body.decode()


def test_the_funnel_as_a_file(shop: Served, admin: Visitor) -> None:
    record = shop.read("/api/funnel?by=week&within=7d&from=2026-03-23&to=2026-04-19")
    rows = rows_of(admin, f"/funnel.csv?{ALL_WEEKS}")
    assert [row["row"] for row in rows] == ["cohort", "cohort", "cohort", "total"]
    for row, one in zip(rows, [*record["cohorts"], record["total"]], strict=True):
        assert int(row["leads"]) == one["leads"]
        for step in STEPS:
            told = {key: None if row[f"{step}_{key}"] == "" else float(row[f"{step}_{key}"]) for key in one[step]}
            assert told == one[step]
    assert [row["over"] for row in rows] == ["true", "true", "false", ""]


# ---- the response ----------------------------------------------------------------------------------------------


def test_the_response_is_what_the_api_answers(shop: Served, admin: Visitor) -> None:
    for by in ("owner", "team", "way", "signal", "channel", "definition"):
        record = shop.read(f"/api/sla?by={by}&from=2026-03-23&to=2026-04-20")
        table = figures(admin, f"/response?by={by}&from=2026-03-23&to=2026-04-20", "groups")
        total, *groups = table.values()
        assert total[0][0] == str(record["total"]["given"]) == "15"
        assert total[1] == ("69.2 % 9 of 13, 42 to 87 %", record["total"]["acceptance"]["share"])
        assert [cells[0][0] for cells in groups] == [str(one["given"]) for one in record["groups"]]
        assert [cells[1][1] for cells in groups] == [one["acceptance"]["share"] for one in record["groups"]]
        assert [(cells[6][0], cells[7][0]) for cells in groups] == [
            (str(one["breached"]), str(one["still_open"])) for one in record["groups"]
        ]
    assert "=Maria <i>" in figures(admin, "/response?from=2026-03-23", "groups")
    assert "<i>" not in admin.see("/response?from=2026-03-23").body.decode()
    assert "Asked" in figures(admin, "/response?by=signal&from=2026-03-23", "groups")
    reasons = figures(admin, "/response?from=2026-03-23", "reasons")
    assert reasons == {"no budget": [("3", 3.0)], "too small": [("1", 1.0)]}


def test_days_are_compared_with_as_many_before(admin: Visitor) -> None:
    """Two of five accepted beside four of five, of whom two were won."""
    table = figures(admin, f"/response?by=way&{SECOND_WEEK}", "groups")
    assert [table[name][1][1] for name in ("All together", "The days before")] == [0.4, 0.8]
    less = "40.0 points less may be chance"
    assert table["Difference"][1][0] == less
    assert table["asked to talk to sales"][1][0].endswith("40.0 points less, may be chance")
    assert "2026-03-23 to 2026-03-29" in admin.text(f"/response?{SECOND_WEEK}")


def test_no_cell_of_a_file_is_a_formula(admin: Visitor) -> None:
    rows = rows_of(admin, "/response.csv?by=owner&from=2026-03-23")
    assert [row["group"] for row in rows if "Maria" in row["group"]] == ["'=Maria <i>"]
    (total,) = [row for row in rows if row["row"] == "total"]
    assert (total["given"], total["acceptance_count"], total["rejected_no_budget"]) == ("15", "9", "3")
    assert [row["row"] for row in rows_of(admin, f"/response.csv?{SECOND_WEEK}")][-2:] == ["total", "before"]


# ---- what is wrong, or not there -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/funnel?by=day", 'there are no cohorts by "day"'),
        ("/funnel?within=soon", '"soon" is no number of days'),
        ("/funnel?from=yesterday", '"yesterday" is no day; write such as 2026-03-31'),
        ("/funnel?from=2026-03-02&to=2026-03-01", "lies before the first"),
        ("/funnel?cohort=week", '"cohort" is nothing that can be chosen'),
        ("/funnel?compare=after", 'there is no comparison with "after"'),
        ("/funnel?from=0001-01-01", "between 1900-01-01 and 2199-12-31"),
        ("/funnel.csv?by=day", 'there are no cohorts by "day"'),
        ("/funnel/leads?step=mqll", 'there is no step "mqll"'),
        ("/funnel/leads?offset=-1", "offset takes a whole number"),
        ("/response?by=ownr", 'did you mean "owner"'),
        ("/response?to=2026-03-01T10:00:00Z", "is no day"),
        ("/response/leads?group=%3Cb%3E&by=<b>", 'handoffs are not told apart by "<b>"'),
    ],
)
def test_what_is_asked_wrongly_is_told(admin: Visitor, path: str, why: str) -> None:
    reply = admin.see(path.replace("<b>", "%3Cb%3E"))
    assert reply.status == 400
    assert why in shown(reply.body.decode()) or why in unescape(reply.body.decode())
    assert "<b>" not in reply.body.decode()


def test_the_longest_time_that_there_is_can_be_compared(admin: Visitor) -> None:
    longest = "from=1900-01-01&to=2199-12-31&compare=before"
    assert figures(admin, f"/funnel?within=7&{longest}", "cohorts")["2026-04"][0][0] == "5"
    for page in ("funnel", "response"):
        assert admin.see(f"/{page}?{longest}").status == 200


def test_where_nothing_happened_that_is_said(admin: Visitor) -> None:
    assert "Nobody first was an MQL in these days" in admin.text("/funnel?from=2020-01-01&to=2020-01-31")
    assert "Nothing was given to anybody in these days" in admin.text("/response?from=2020-01-01&to=2020-01-31")


# ---- charts ----------------------------------------------------------------------------------------------------


def test_the_charts_are_made_of_these_sources() -> None:
    """Whoever changes charts/ makes what is shipped of it again: make charts."""
    folder = Path(__file__).parents[3] / "charts"
    digest = sha256(b"".join((folder / name).read_bytes() for name in ("build.mjs", "charts.js", "package-lock.json")))
    made = files()["charts.js"].body
    assert f"of these sources: {digest.hexdigest()}.".encode() in made[:200]
    assert len(made) < 700_000
    assert "Apache Software Foundation" in files()["charts.txt"].body.decode()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


WATCHED = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (one) => window.violations.push(one.violatedDirective + one.sample));
"""
CHARTED = (
    f"/funnel?{ALL_WEEKS}",
    f"/funnel?by=week&within=7&{SECOND_WEEK}",
    f"/response?by=way&{SECOND_WEEK}",
    "/response?from=2020-01-01&to=2020-01-31",
    "/funnel/leads?first=2026-03-23&last=2026-03-29",
)


@contextmanager
def opened(browser: Browser, shop: Served, cookie: str, **how: Any) -> Iterator[Page]:  # noqa: ANN401 - as playwright has them
    """A page of somebody who is signed in; at the end nothing may have gone wrong in it."""
    context = browser.new_context(**how)
    context.add_cookies([{"name": "ripeline", "value": cookie, "url": shop.url}])
    context.add_init_script(WATCHED)
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda told: wrong.append(told.text))
    yield page
    context.close()
    assert not wrong


def drawn(page: Page, name: str) -> str:
    """The words that a chart shows."""
    chart = page.locator(f"figure[data-name={name}]:visible svg")
    expect(chart).to_be_visible()
    assert chart.locator("path").count() > 4
    return " ".join(chart.locator("text").all_text_contents())


@needs_chromium
@needs_node_modules
@pytest.mark.slow
def test_everybody_can_read_them(shop: Served, admin: Visitor, browser: Browser) -> None:
    for scheme, size in (("light", USUAL), ("dark", SMALL)):
        with opened(browser, shop, admin.cookie, color_scheme=scheme, viewport=size) as page:
            for path in CHARTED:
                page.goto(shop.url + path)
                assert found_by_axe(page) == [], path
                assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
                assert page.evaluate("window.violations") == [], path


@needs_chromium
@pytest.mark.slow
def test_charts_draw_what_stands_in_their_tables(shop: Served, admin: Visitor, browser: Browser) -> None:
    with opened(browser, shop, admin.cookie, viewport=USUAL) as page:
        page.goto(f"{shop.url}/funnel?{ALL_WEEKS}")
        words = drawn(page, "funnel")
        for text, value in figures(admin, f"/funnel?{ALL_WEEKS}", "cohorts")["All that are over"][1:]:
            assert value is not None
            assert text.partition(" %")[0] in words
        words = drawn(page, "cohorts")
        assert all(week in words for week in ("2026-03-23", "2026-03-30", "2026-04-13", "not over yet"))
        # Whoever points at a bar is told what stands in its cell; whoever presses it sees the leads.
        page.locator("figure[data-name=funnel] svg path[fill='#14683f']").first.hover(force=True)
        expect(page.locator("figure[data-name=funnel] svg")).to_contain_text("6 of 10")
        # A choice changes address, table and charts; a picture of them is kept.
        page.get_by_label("Compare with before").check()
        expect(page.locator("#cohorts")).to_contain_text("The same before")
        assert "compare=before" in page.url
        with page.expect_download() as kept:
            page.locator("figure[data-name=funnel]").get_by_role("button", name="Save as PNG").click()
        picture = Path(kept.value.path()).read_bytes()
        assert kept.value.suggested_filename == "funnel.png"
        assert picture.startswith(b"\x89PNG\r\n")
        assert len(picture) > 5_000
        # By night it has the colours of the night.
        page.emulate_media(color_scheme="dark")
        expect(page.locator("figure[data-name=funnel] svg text[fill='#e6ebe8']").first).to_be_visible()
        page.emulate_media(color_scheme="light")
        page.locator("figure[data-name=funnel] svg path[fill='#14683f']").first.click(force=True)
        expect(page.get_by_role("heading", name="MQLs who were accepted by sales within 7 days")).to_be_visible()
        page.goto(f"{shop.url}/response?by=way&{SECOND_WEEK}")
        assert "40.0 %" in drawn(page, "accepted")
        assert "no budget" in drawn(page, "rejected")
        assert page.evaluate("window.violations") == []
