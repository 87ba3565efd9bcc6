"""A file is imported by the wizard and undone, and whatever it holds stays text."""

import re
import time
from collections.abc import Iterator
from html import unescape

import pytest

from tests.acceptance.app.visitors import Visitor, set_up, shown
from tests.acceptance.live.served import Reply, Served, serving
from tests.acceptance.live.shop import DEFINITION, START, live
from tests.acceptance.live.test_handoffs import act, known

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow]

AT = START.isoformat().replace("+00:00", "Z")
ATTACK = "<img src=x onerror=alert(1)>"
LEADS = f"""\
Lead Id,Work mail,Created At,plan,{ATTACK}
ada,ada@corp.example,2026-03-01,pro,{ATTACK}
zed,zed@corp.example,2026-03-02,pro,x
kim,kim@corp.example,yesterday{ATTACK},pro,x
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("import") / "shop", DEFINITION, at=START) as server:
        server.send(known("ada", plan="free"), act("ada", "Hit"), key=server.server_key)
        server.due(AT)
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


def until(admin: Visitor, path: str, text: str) -> Reply:
    """Load a page until what it waits for is there."""
    end = time.monotonic() + 30
    while text not in (reply := admin.see(path)).body.decode():
        assert time.monotonic() < end, shown(reply.body.decode())
        time.sleep(0.1)
    return reply


def sent(admin: Visitor, name: str, content: str) -> str:
    """Send a file; return the address of its page."""
    reply = admin.upload("/data/import", name, content.encode())
    assert reply.status == 303, shown(reply.body.decode())
    return reply.headers["location"]


def chosen(html: str) -> dict[str, str]:
    """Return what a page of columns has chosen."""
    selects = re.findall(r'<select name="(\w+)".*?</select>', html, re.DOTALL)
    parts = re.split(r'<select name="\w+"', html)[1:]
    found = [re.search(r'value="([^"]*)" selected', part.partition("</select>")[0]) for part in parts]
    told = {name: one[1] if one else "" for name, one in zip(selects, found, strict=True)}
    told |= dict(re.findall(r'<input name="(\w+)" value="([^"]*)"', html))
    return {name: unescape(value) for name, value in told.items()}


def test_a_file_is_imported_and_undone(shop: Served, admin: Visitor) -> None:
    before = live(shop)
    path = sent(admin, f"../../crm {ATTACK}.csv", LEADS)
    page = until(admin, path, "Which column is what?").body.decode()
    assert "<img" not in page.replace('<img src="/static', "")
    form = chosen(page)
    assert form == {
        "what": "leads",
        "id": "Lead Id",
        "email": "Work mail",
        "created": "Created At",
        "at": "",
        "source": form["source"],
        "zone": "UTC",
    }
    assert "97 % sure: different in every row" in page
    assert live(shop) == before, "nothing is stored yet"

    form |= {"seal": admin.seal(), "source": "crm"}
    assert "say which column is the id" in shown(admin.send(path, form | {"id": ""}).body.decode())
    assert "is not a time zone" in shown(admin.send(path, form | {"zone": "Mars"}).body.decode())
    assert admin.send(path, form).headers["location"] == path + "/try"
    tried = shown(until(admin, path + "/try", "Would be new").body.decode())
    assert "Rows 3 Would be new 2 Known already 0 Refused 1 New leads 1 Known leads 1" in tried
    assert f"4 Created At is no time that can be read: yesterday{ATTACK}" in tried
    assert live(shop) == before
    assert shop.read("/api/imports")["imports"] == []

    assert admin.send(path + "/run", {"seal": form["seal"]}).headers["location"] == path + "/done"
    done = until(admin, path + "/done", "It is imported</h2>").body.decode()
    assert "New 2 Known already 0 Refused 1 New leads 1" in shown(done)
    assert admin.see(path).status == 404, "the file is gone"
    shop.due(AT)
    assert {"ada", "zed"} <= live(shop).keys()
    assert shop.read("/api/leads/ada@corp.example")["lead"] == "ada"
    (one,) = shop.read("/api/imports")["imports"]
    assert (one["what"], one["source"], one["added"], one["refused"], one["by"]) == ("leads", "crm", 2, 1, "Ada")
    listed = admin.see("/data").body.decode()
    assert ATTACK not in listed
    refused = admin.see(f"/data/imports/{one['number']}/rejects")
    assert refused.headers["content-disposition"].startswith("attachment")
    assert refused.body.decode().startswith("line,reason,row")

    undo = f"/data/imports/{one['number']}/undo"
    assert "2 statements, 2 links" in admin.text(undo)
    reply = admin.send(undo, {"seal": form["seal"]})
    assert reply.headers["location"] == f"/data/imports?undone={one['number']}"
    shop.due(AT)
    assert live(shop) == before
    assert "is undone: 2 statements, 2 links went" in admin.text(reply.headers["location"])
    assert admin.see(undo).status == 404


def test_what_it_is_may_be_said_otherwise(admin: Visitor) -> None:
    path = sent(admin, "deals.csv", "lead,won\nada,yes\nzed,no\n")
    page = until(admin, path, "Which column is what?").body.decode()
    assert chosen(page)["what"] == "outcomes"
    form = chosen(page) | {"seal": admin.seal()}
    again = admin.send(path, form | {"what": "events", "again": "1"}).body.decode()
    assert {"what": "events", "lead": "lead", "time": "", "event": ""}.items() <= chosen(again).items()
    assert "say which column is the time" in shown(
        admin.send(path, chosen(again) | {"seal": admin.seal()}).body.decode()
    )
    assert admin.send(path + "/drop", {"seal": admin.seal()}).headers["location"] == "/data"
    assert admin.see(path).status == 404


PHASES = "contact,phase\nada,Signed\nzed,Dropped out\nkim,Talking\nmia,signed \nleo,won\n"


def test_which_words_mean_won_and_lost_is_asked(shop: Served, admin: Visitor) -> None:
    """Two are signed and one is won as usual, one is lost; of whom sales still talks to nothing is told."""
    path = sent(admin, "phases.csv", PHASES)
    html = until(admin, path, "Which column is what?").body.decode()
    form = {**chosen(html), "seal": admin.seal(), "what": "outcomes", "again": "1"}
    form = chosen(admin.send(path, form).body.decode()) | {"seal": admin.seal(), "lead": "contact", "outcome": "phase"}
    asked = shown((reply := admin.send(path, form)).body.decode())
    assert reply.status == 400
    assert 'say what "signed" means in the column "phase": won, lost, or neither yet' in asked
    assert re.findall(r'name="means:([^"]+)" required', reply.body.decode()) == ["signed", "dropped out", "talking"]
    means = {"means:signed": "won", "means:dropped out": "lost", "means:talking": "perhaps"}
    assert 'say what "talking" means' in shown(admin.send(path, form | means).body.decode())
    means["means:talking"] = "open"
    assert admin.send(path, form | means).headers["location"] == path + "/try"
    tried = shown(until(admin, path + "/try", "Would be new").body.decode())
    assert "Rows 5 Would be new 4" in tried
    assert "Refused 0" in tried
    # What was said is kept, and so it is imported.
    assert '<option value="lost" selected>' in admin.see(path).body.decode()
    admin.send(path + "/run", {"seal": admin.seal()})
    until(admin, path + "/done", "It is imported</h2>")
    shop.due(AT)
    found = {row["lead"]: row["stage"] for row in shop.read("/api/leads")["leads"]}
    assert found["ada"] == "customer"
    (number,) = [one["number"] for one in shop.read("/api/imports")["imports"] if one["source"] == "phases"]
    assert admin.send(f"/data/imports/{number}/undo", {"seal": admin.seal()}).status == 303
    many = "contact,phase\n" + "".join(f"c{number},phase {number}\n" for number in range(40))
    path = sent(admin, "many.csv", many)
    until(admin, path, "Which column is what?")
    assert '"phase" has 40 different words' in shown(admin.send(path, form).body.decode())
    assert admin.send(path + "/drop", {"seal": admin.seal()}).status == 303


def test_trying_can_be_stopped(shop: Served, admin: Visitor) -> None:
    rows = "".join(f"n{number},n{number}@corp.example,{number}\n" for number in range(100_000))
    path = sent(admin, "long.csv", "id,email,size\n" + rows)
    form = chosen(until(admin, path, "Which column is what?").body.decode()) | {"seal": admin.seal()}
    assert admin.send(path, form).headers["location"] == path + "/try"
    assert '<button class="small">Stop</button>' in admin.see(path + "/try").body.decode()
    assert admin.send(path + "/stop", {"seal": admin.seal()}).headers["location"] == path + "/try"
    until(admin, path + "/try", "It was stopped, and nothing was stored.")
    assert admin.send(path + "/drop", {"seal": admin.seal()}).status == 303
    assert "n1" not in live(shop)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("leads.xlsx", "PK", "is no file that can be imported: choose CSV"),
        ("leads.csv", "", "the file is empty"),
        ("", "", "choose a file first"),
    ],
)
def test_what_cannot_be_imported_is_said_at_once(admin: Visitor, name: str, content: str, why: str) -> None:
    reply = admin.upload("/data/import", name, content.encode())
    assert (reply.status, why in shown(reply.body.decode())) == (400, True)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [("a.csv", "id,id\n1,2\n", "the column id is there twice"), ("a.parquet", "no parquet", "cannot be read")],
)
def test_what_cannot_be_read_is_said(admin: Visitor, name: str, content: str, why: str) -> None:
    page = until(admin, path := sent(admin, name, content), "It cannot be read").body.decode()
    assert why in shown(page)
    assert "/uploads/" not in page, "where it lies is nobody's business"
    assert admin.send(path + "/drop", {"seal": admin.seal()}).status == 303


def test_a_file_from_elsewhere_or_too_large_is_refused(shop: Served, admin: Visitor) -> None:
    assert "Nothing was changed" in admin.upload("/data/import", "a.csv", b"id\n1\n", seal="0" * 64).body.decode()
    headers = {"content-type": "multipart/form-data; boundary=xx", "origin": "https://elsewhere.example"}
    assert shop.see("/data/import", {"cookie": f"ripeline={admin.cookie}", **headers}, b"--xx").status == 403
    assert not list((shop.workspace.root / "uploads").iterdir())
