"""The app in another language, which is a file in the workspace: what is translated on its pages, and what is not yet."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from babel.messages.pofile import read_po, write_po
from playwright.sync_api import Browser

from ripeline.entry.server.language.catalogs import FOLDER
from ripeline.entry.server.language.markup import CODE, READ
from ripeline.vocabulary.channels import MEDIUMS
from tests.acceptance.app.test_import import until
from tests.acceptance.app.visitors import ADMIN, PASSWORD, Visitor, set_up
from tests.acceptance.live.browser import chromium, needs_chromium
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import SALES, act, known

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow]

LANGUAGE: Final = "eo"
"""Is written here as English in brackets."""

PAGES: Final = (
    *("/", "/now", "/leads", "/leads?fit_level=good&engagement_at_least=1&search=a", "/leads/views"),
    *(
        "/leads/of?lead=ada",
        "/leads/happened?lead=ada",
        "/leads/account?account=acme.example&lead=ada",
        "/leads/merge?lead=ada&identifier=lead-3",
    ),
    *("/leads/hold?lead=ada", "/leads/unmerge?lead=ada&identifier=ada@acme.example"),
    *("/queue", "/queue?show=accepted", "/queue/1", "/funnel", "/response", "/response?compare=before"),
    *("/definition", "/definition/draft", "/definition/review", "/definition/thresholds", "/definition/history"),
    *("/data", "/data/live", "/data/live/1/0", "/data/failed", "/data/aside", "/data/sources", "/data/import"),
    *("/settings/people", "/settings/sales", "/settings/sales/people/maria", "/settings/tokens", "/settings/outbox"),
    *("/settings/privacy", "/settings/log"),
)


def pseudo(folder: Path) -> None:
    """Write a language in which every message is in brackets."""
    with (FOLDER / "ripeline.pot").open("rb") as opened:
        catalog = read_po(opened)
    for one in catalog:
        one.string = f"⟦{one.id}⟧" if one.id else one.string
    file = folder / "locale" / LANGUAGE / "LC_MESSAGES" / "ripeline.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as to:
        write_po(to, catalog)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("languages") / "shop"
    pseudo(root)
    with serving(root, DEFINITION, SALES, at=START) as server:
        calls = [known(f"lead-{number}", company_size=5 * number) for number in range(1_100)]
        calls += [known("ada", email="ada@acme.example", company="Acme"), act("ada", "Trial"), act("ada", "Asked")]
        assert server.send(*calls, key=server.server_key).status == 200
        server.due(START.isoformat().replace("+00:00", "Z"))
        yield server


@pytest.fixture(scope="module")
def ada(shop: Served) -> Visitor:
    made = set_up(shop)
    until(made, "/now", "Rules that nothing triggers")  # is looked for beside the page, and stays
    return made


DATA: Final = re.compile(
    r"lead-\d+|[ABCU][1-3]:?|: good|good|fair|poor|high|medium|low|unknown|"  # levels and ratings of the definition
    rf"{'|'.join(MEDIUMS)}|"  # channels, as definitions name them
    r"Ada|ada|ada@acme\.example|Acme|acme\.example|maria|jon|petra|; Maria|Maria|Jon|Petra|all|"  # people, accounts and teams
    r"Trial|Asked,?|Large|as it was found|tests|server|web|identify|track|\".*|"  # events, rules, keys, and what was sent
    r"(admin|answer|publish|read|write)|(Ada \(|admin: |web key|server key|tests: |qualification, ).*"  # as they are stored
)
"""What is the company's own, and the same in all languages."""

NOT_YET: Final = re.compile(
    r"no \w+ called .* was ever seen|company (domain|size) .*|once on one day, last .*|Facts, which count .*|asks for sales|company: Acme, .*|"  # evidence
    r"linked with .*|facts|link|traits|counts|command line|"  # states and kinds of what happened
    r", at work|Asked to talk to sales .*|who has them"  # put together of several words
)
"""Sentences of the program that are made outside of the pages: docs/app.md names them."""

ELSEWHERE: Final = {
    "/queue/1": "Your answer",
    "/definition": "What sales promises",
    "/definition/draft": "As a form",
    "/settings/sales": "What holds for everybody",
}
"""Pages that show much of that, with something of their own."""


class Read(HTMLParser):
    """A page. outside: what is read of it and stands in no brackets; machine: attributes that nobody reads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.outside, self.machine, self.lang = set[str](), list[tuple[str, str, str | None]](), ""
        self._depth, self._code = 0, 0
        self.feed(html)
        assert self._depth == 0, "all brackets are closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in CODE
        for name, value in attrs:
            if name == "lang":
                self.lang = value or ""
            elif (tag, name) == ("figure", "data-only"):
                pass  # charts know a column by its title
            elif name in READ and tag != "figure":
                self._read(value or "", 0)
            else:
                self.machine.append((tag, name, value))

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in CODE

    def handle_data(self, data: str) -> None:
        if not self._code:
            self._depth = self._read(data, self._depth)

    def _read(self, text: str, depth: int) -> int:
        outside = ""
        for sign in text:
            depth += (sign == "⟦") - (sign == "⟧")
            outside += sign if depth == 0 and sign != "⟧" else "\n"
        self.outside |= {one.strip() for one in outside.splitlines() if any(map(str.isalpha, one))}
        return depth


def seen(visitor: Visitor, path: str, asked: str) -> tuple[str, Read]:
    reply = visitor.see(path, **{"accept-language": asked})
    assert reply.status == 200, path
    return reply.body.decode(), Read(reply.body.decode())


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_translated_and_what_machines_read_is_not(ada: Visitor, path: str) -> None:
    english, plain = seen(ada, path, "en")
    html, read = seen(ada, path, f"{LANGUAGE},en;q=0.5")
    german = seen(ada, path, "de-DE")[1]
    assert read.machine == german.machine == plain.machine
    assert ("⟦" in english, plain.lang, read.lang, german.lang) == (False, "en", LANGUAGE, "en")
    if path in ELSEWHERE:
        assert f"⟦{ELSEWHERE[path]}⟧" in html
    else:
        assert not {one for one in read.outside if not DATA.fullmatch(one) and not NOT_YET.fullmatch(one)}


def test_what_is_filled_in_stands_where_the_language_has_it(ada: Visitor) -> None:
    html, _ = seen(ada, "/leads", LANGUAGE)
    assert "⟦<b>1\xa0101</b> leads⟧" in html
    assert re.search(r'aria-label="⟦Tick ada⟧"', html)
    assert "⟦Keep all" not in html, "so many are not decided about together"
    html, _ = seen(ada, "/queue/1", LANGUAGE)
    assert re.search(r"⟦Every point⟧</a>", html)


def test_numbers_are_written_as_the_reader_does(ada: Visitor) -> None:
    written = {"de": "1.101", "en": "1,101", "de-CH": "1’101", "": "1,101", "zz, ../..;q=x": "1,101"}
    assert {
        asked: re.findall(r"<b>(1.101)</b> leads", seen(ada, "/leads", asked)[0])[0] for asked in written
    } == written
    points = re.findall(r'class="big">([^ ]+)', seen(ada, "/leads/of?lead=ada", "de")[0])
    assert points == ["33,0", "25,0"]
    german, english = (ada.see("/leads.csv", **{"accept-language": asked}).body for asked in ("de", "en"))
    assert german == english, "a file is for machines"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@needs_chromium
def test_a_german_reads_numbers_times_and_days_as_at_home(browser: Browser, shop: Served, ada: Visitor) -> None:
    context = browser.new_context(locale="de-DE", timezone_id="Europe/Berlin")
    page = context.new_page()
    page.goto(shop.url + "/sign-in")
    page.get_by_label("Mail address").fill(ADMIN)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Home").wait_for()
    page.goto(shop.url + "/leads")
    assert page.locator(".found b").first.text_content() == "1.101"
    page.goto(shop.url + "/leads/of?lead=ada")
    moment = page.locator("time[datetime*=T]").first
    assert (moment.get_attribute("datetime"), moment.text_content()) == (
        "2026-03-27T09:00:00.000000Z",
        "27.03.2026, 10:00",
    )
    page.goto(shop.url + "/leads/happened?lead=ada")
    day = page.locator("h3 time").first
    assert (day.get_attribute("datetime"), day.text_content()) == ("2026-03-27", "27.03.2026")
    state = context.storage_state()
    context.close()
    context = browser.new_context(locale="en-US", timezone_id="America/Los_Angeles", storage_state=state)
    page = context.new_page()
    page.goto(shop.url + "/leads/happened?lead=ada")
    assert page.locator("h3 time").first.text_content() == "Mar 27, 2026", "a day is that day everywhere"
    context.close()
