"""An agency sees figures of leads who first came by its channels, and of nobody else, whatever it asks for.

The shop's clock begins on Friday 2026-03-27 at 09:00 UTC. Six came by paid search, four by an e-mail, and three by nothing
that is known; all of them asked to talk to sales but one of each.
"""

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest

from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.app.test_people import accepted, link_in, number_of
from tests.acceptance.app.visitors import Visitor, set_up, shown
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import SALES, act, handoffs, known

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

CAME = {
    "p": (6, {"campaign": {"source": "google", "medium": "cpc", "name": "Spring <b>"}}),
    "e": (4, {"campaign": {"source": "news", "medium": "email"}}),
    "x": (3, {}),
}
"""Leads by the first letter of their names: how many, and what their first event tells."""

PAID = "channel=paid+search"
WEEK = "by=week&within=7&from=2026-03-23&to=2026-03-29"
DAYS = "from=2026-03-23&to=2026-04-20"
FIGURES = ("/", "/now", f"/funnel?{WEEK}", f"/funnel?{WEEK}&apart=channel", f"/response?by=way&{DAYS}")
THRESHOLDS = "/definition/thresholds?engagement/levels/high=12"
FILES = (f"/funnel.csv?{WEEK}", f"/response.csv?by=channel&{DAYS}")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """All are handed over on 27 March but the last of each; the day after, half of those are accepted, the others rejected."""
    with serving(tmp_path_factory.mktemp("agency") / "shop", DEFINITION, FIRST_SETTINGS + SALES, START) as server:
        calls = []
        for letter, (count, context) in CAME.items():
            leads = [f"{letter}{number}" for number in range(count)]
            calls += [act(lead, "Hit") | ({"context": context} if context else {}) for lead in leads]
            calls += [call for lead in leads[:-1] for call in (known(lead), act(lead, "Asked"))]
        # Whoever came by paid search once stays so, whatever comes later.
        calls.append(act("p0", "Hit", 2) | {"context": CAME["e"][1], "timestamp": "2026-03-27T09:00:00Z"})
        calls = [{"timestamp": "2026-03-27T08:00:00Z"} | call for call in calls]
        assert server.send(*calls, key=server.server_key).status == 200
        server.due("2026-03-27T09:00:00Z")
        numbers = {one["lead"]: one["number"] for one in handoffs(server)}
        server.due("2026-03-28T09:00:00Z")
        for lead, number in numbers.items():
            said = ("accept", {}) if int(lead[1]) % 2 else ("reject", {"reason": "too_small"})
            assert server.tell(f"/api/handoffs/{number}/{said[0]}", said[1]).status == 200
        server.applied()
        server.due("2026-04-20T09:00:00Z")
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


def invite(shop: Served, admin: Visitor, name: str, *channels: str) -> Visitor:
    said = {"name": name, "mail": f"{name}@agency.example", "role": "agency", "seal": admin.seal()}
    reply = admin.send("/settings/people", said | {f"channel:{one}": "yes" for one in channels})
    assert reply.status == 200
    return accepted(shop, link_in(reply.body))


@pytest.fixture(scope="module")
def paid(shop: Served, admin: Visitor) -> Visitor:
    return invite(shop, admin, "paid", "paid search")


def numbers(visitor: Visitor, path: str) -> str:
    """Every figure of a page: what stands in tables, tiles and sentences that count, without what is worded by role."""
    html = visitor.see(path).body.decode()
    parts = re.findall(r"<(table|ul)[ >](.*?)</\1>", html.partition("<main")[2], re.DOTALL)
    return shown(" ".join(part for _, part in parts)).replace(" ,", ",")


def with_channel(path: str, channel: str = PAID) -> str:
    return path + ("&" if "?" in path else "?") + channel


def test_an_agency_sees_what_an_admin_counts_of_its_channel(admin: Visitor, paid: Visitor) -> None:
    for path in (*FIGURES, THRESHOLDS):
        own, chosen, all_ = numbers(paid, path), numbers(admin, with_channel(path)), numbers(admin, path)
        assert own == chosen != all_, path
        assert "paid search" in paid.text(path) or path == "/now"
    home = paid.text("/")
    assert "Counted here: leads who first came by paid search, and nobody else" in home
    # By hand: six came, five of them asked and were handed over, two of these five were accepted.
    assert stages(paid, "/") == {"lead": 1, "sales accepted": 2, "recycled": 3}
    assert stages(admin, "/") == {"lead": 3, "sales accepted": 4, "recycled": 6}
    assert "40.0 % 2 of 5" in numbers(paid, f"/funnel?{WEEK}")
    assert "Sales was given 5 leads, and accepted 40.0 %" in paid.text(f"/response?by=way&{DAYS}")


def stages(visitor: Visitor, path: str) -> dict[str, int]:
    html = visitor.see(path).body.decode()
    found = re.findall(r'<span class="stage [a-z_]+">([^<]+)</span>\s*<b>([\d,]+)</b>', html)
    return {name: int(count) for name, count in found}


def test_files_hold_the_same(admin: Visitor, paid: Visitor) -> None:
    for path in FILES:
        own, chosen = paid.see(path), admin.see(with_channel(path))
        assert own.status == chosen.status == 200
        assert own.body == chosen.body != admin.see(path).body
    rows = list(csv.DictReader(io.StringIO(paid.see(FILES[1]).body.decode())))
    assert {row["group"] for row in rows if row["row"] == "group"} == {"paid search"}


@pytest.mark.parametrize(
    "tampered",
    ["channel=email", "channel=paid+search,email,direct", "channel=%27)%20OR%20(1%3D1"],
)
def test_what_is_tampered_with_changes_nothing(paid: Visitor, tampered: str) -> None:
    for path in (*FIGURES, THRESHOLDS):
        assert numbers(paid, with_channel(path, tampered)) == numbers(paid, path), path
    for path in FILES:
        assert paid.see(with_channel(path, tampered)).body == paid.see(path).body


def test_there_is_no_way_from_a_figure_to_a_lead(paid: Visitor) -> None:
    for path in (*FIGURES, THRESHOLDS):
        html = paid.see(path).body.decode()
        assert 'href="/leads' not in html
        assert "/funnel/leads" not in html
        assert "/response/leads" not in html
        assert not re.findall(r">[pex][0-9]<", html)
    for path in (
        "/leads",
        "/leads.csv",
        "/funnel/leads?first=2026-03-23",
        f"/response/leads?{PAID}",
        "/definition/backtest",
    ):
        assert paid.see(path).status == 403, path


def test_what_is_not_kept_apart_is_not_told(admin: Visitor, paid: Visitor) -> None:
    """Weeks behind us and previews are of everybody together."""
    text = paid.text("/definition/thresholds")
    assert "Weeks behind us are counted for everybody together" in text
    assert "Customers by now, of these" not in text
    # A draft is theirs to write, and who would move is not theirs to know.
    html = paid.see("/definition/draft").body.decode()
    (name,) = set(re.findall(r'name="definition" value="([^"]+)"', html))
    form = {"seal": paid.seal(), "definition": name, "engagement/levels/high": "12"}
    assert paid.send("/definition/thresholds", form).headers["location"] == f"/definition/review?definition={name}"
    assert "engagement" in paid.text("/definition/review").partition("What it changes")[2].partition("Who agrees")[0]
    assert "it cannot be told how many of your channels would move" in paid.text("/definition/preview")
    assert paid.see("/definition/preview?channel=email").body == paid.see("/definition/preview").body
    assert "it cannot be told" not in admin.text("/definition/preview")


def test_who_was_given_no_channel_sees_no_figures_and_is_told(shop: Served, admin: Visitor) -> None:
    nobody = invite(shop, admin, "nobody")
    for path in (*FIGURES, THRESHOLDS, with_channel("/"), with_channel(f"/funnel?{WEEK}")):
        html = nobody.see(path).body.decode()
        assert "none is chosen for your login yet" in html, path
        assert "<table" not in html
        assert '<ul class="tiles"' not in html
    for path in FILES:
        assert nobody.see(path).status == 403
    # What an MQL is here they may read.
    assert "What is an MQL" in nobody.text("/definition")
    # An administrator chooses a channel, then another one: it counts at once, and stands in the log.
    number = number_of(admin, "nobody")
    change = f"/settings/people/{number}/channels"
    assert admin.send(change, {"seal": admin.seal(), "channel:email": "yes"}).status == 303
    assert stages(nobody, "/") == {"lead": 1, "sales accepted": 1, "recycled": 2}
    assert (
        admin.send(change, {"seal": admin.seal(), "channel:email": "yes", "channel:paid search": "yes"}).status == 303
    )
    assert stages(nobody, "/") == {"lead": 2, "sales accepted": 3, "recycled": 5}
    assert stages(nobody, "/?channel=email") == {"lead": 1, "sales accepted": 1, "recycled": 2}
    assert admin.send(change, {"seal": admin.seal(), "channel:radio": "yes"}).status == 400
    assert admin.send("/settings/people/1/channels", {"seal": admin.seal()}).status == 400
    assert "chose the channels of an agency" in admin.text("/settings/log")
    assert "nobody (nobody@agency.example), agency: paid search, email" in admin.text("/settings/log")


def test_mqls_are_told_apart_by_how_they_came_and_by_version(shop: Served, admin: Visitor) -> None:
    """Two of five by paid search, one of three by e-mail, one of two of whom nothing is known; all by the one version."""
    record = shop.read(f"/api/funnel?{WEEK.replace('within=7', 'within=7d')}&apart=channel")
    found = {one["group"]: (one["leads"], one["sales_accepted"]["count"]) for one in record["groups"]}
    assert found == {"paid search": (5, 2), "email": (3, 1), None: (2, 1)}
    assert record["groups"][0]["sales_accepted"]["share"] == 0.4
    text = admin.text(f"/funnel?{WEEK}&apart=channel")
    assert "By how they first came" in text
    assert "not known 2026-03-23 to 2026-03-29" in text
    assert "version 1" in admin.text(f"/funnel?{WEEK}&apart=definition")
    record = shop.read(f"/api/funnel?{WEEK.replace('within=7', 'within=7d')}&apart=campaign")
    assert {one["group"]: one["leads"] for one in record["groups"]} == {"Spring <b>": 5, None: 5}
    page = admin.see(f"/funnel?{WEEK}&apart=campaign").body.decode()
    assert "By first campaign" in page
    assert "Spring &lt;b&gt;" in page
    done = ripeline(
        "funnel",
        "-w",
        shop.workspace.root,
        "--apart",
        "channel",
        "--by",
        "week",
        "--from",
        "2026-03-23",
        "--format",
        "json",
    )
    assert done.returncode == 0, done.stderr
    assert {one["group"] for one in json.loads(done.stdout)["groups"]} <= {"paid search", "email", None}
    assert admin.see(f"/funnel?{WEEK}&apart=owner").status == 400
