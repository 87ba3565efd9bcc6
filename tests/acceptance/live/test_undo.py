"""An import is undone while the server runs: everybody's scores, names and handoffs are as if it had never been."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ripeline.entry.bootstrap.erase import erase
from ripeline.entry.bootstrap.imports import list_imports, open_file, opened_importer, undo_import
from ripeline.entry.bootstrap.live import compact, opened_store
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.schemas import schema
from ripeline.entry.workspace import FIRST_SETTINGS, Workspace
from ripeline.ports.files import LeadFile
from ripeline.ports.scores import unwatched
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START, batch, live
from tests.acceptance.live.test_handoffs import SALES, handoffs, moves

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow]

AT = START.isoformat()
LEADS = f"id,at,company_size,plan,email\nada,{AT},500,pro,ada@corp.example\nzed,{AT},900,pro,zed@corp.example\n"
EVENTS = "lead,name,time\n" + "".join(
    f"{lead},Hit,2026-03-27T08:0{minute}:00Z\n" for lead in ("ada", "zed") for minute in range(8)
)
DEALS = f"lead,outcome,time\nada,won,{AT}\nbob,lost,{AT}\nzed,maybe,{AT}\n"
HOW = {
    "leads": ("--id", "id", "--at", "at"),
    "events": ("--lead", "lead", "--name", "name", "--time", "time"),
    "outcomes": ("--lead", "lead", "--outcome", "outcome", "--time", "time"),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("undo") / "shop"
    with serving(root, DEFINITION, FIRST_SETTINGS + SALES, at=START) as server:
        yield server


def bring(shop: Served, what: str, text: str) -> int:
    """Import a file; return the number of the import."""
    file = shop.workspace.root.parent / f"{what}.csv"
    file.write_text(text)
    done = ripeline("import", what, file, "-w", shop.workspace.root, *HOW[what])
    assert done.returncode == 0, done.stderr
    shop.due(shop.clock.read_text())
    return list_imports(shop.workspace)[0].number


def valid(name: str, told: str | bytes) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(told)
    jsonschema.Draft202012Validator(schema(name)).validate(document)
    return document


def undone(shop: Served, number: int) -> dict[str, Any]:
    done = ripeline("import", "undo", number, "-w", shop.workspace.root, "--yes", "--format", "json")
    assert done.returncode == 0, done.stderr
    shop.due(shop.clock.read_text())
    return valid("undoing", done.stdout)


def said(shop: Served) -> object:
    """Return what can be asked of everybody who was there before."""
    one = {name: shop.read(f"/api/leads/{name}") for name in ("ada", "bob")}
    kept = {name: shop.read(f"/api/leads/{name}/export") for name in ("ada", "bob")}
    for record in (*one.values(), *kept.values()):
        _without_what_remembers(record)
    timelines = {name: shop.read(f"/api/leads/{name}/timeline") for name in ("ada", "bob")}
    identities = {name: shop.read(f"/api/leads/{name}/identity") for name in ("ada", "bob")}
    return live(shop), batch(shop, AT), batch(shop, AT, "python"), one, kept, timelines, identities


def _without_what_remembers(record: dict[str, Any]) -> None:
    """Positions of the inbox go on, and so does the log of stages, where everything is logged."""
    for name in ("position", "stages", "stage", "handoffs", "tasks", "exported_at", "scores"):
        if name != "scores" or not isinstance(record.get(name), dict):
            record.pop(name, None)


def test_scores_return_exactly(shop: Served) -> None:
    shop.send(
        {"type": "identify", "userId": "ada", "messageId": "i1", "timestamp": AT, "traits": {"plan": "free"}},
        *({"type": "track", "userId": "ada", "event": "Hit", "messageId": f"m{n}", "timestamp": AT} for n in range(2)),
        {"type": "track", "userId": "bob", "event": "Hit", "messageId": "b1", "timestamp": AT},
        key=shop.server_key,
    )
    shop.due(AT)
    before = said(shop)
    numbers = [bring(shop, what, text) for what, text in (("leads", LEADS), ("events", EVENTS), ("outcomes", DEALS))]
    with_them = live(shop)
    assert "zed" in with_them
    assert sorted((one["lead"], one["state"]) for one in handoffs(shop)) == [("ada", "won"), ("zed", "held")]
    assert shop.read("/api/leads/ada")["stage"] == "customer"
    # What came in meanwhile, and files that were written anew, are no matter.
    compact(shop.workspace, shop.read("/api/position")["accepted"], round(START.timestamp() * 1e6))
    shop.due(AT)
    assert live(shop) == with_them

    record = valid("imports", ripeline("import", "list", "-w", shop.workspace.root, "--format", "json").stdout)
    counts = [(one["what"], one["file"], one["rows"], one["added"], one["refused"]) for one in record["imports"]]
    assert counts == [
        ("outcomes", "outcomes.csv", 3, 2, 1),
        ("events", "events.csv", 16, 16, 0),
        ("leads", "leads.csv", 2, 2, 0),
    ]
    assert undone(shop, numbers[2])["removes"]["outcomes"] == 2
    assert shop.read("/api/leads/ada")["stage"] == "mql"
    states = sorted((one["lead"], one["state"]) for one in handoffs(shop))
    assert states == [("ada", "held"), ("ada", "won"), ("zed", "held")]
    with_them = live(shop)
    path = f"/api/imports/{numbers[0]}/undo"
    assert valid("undoing", shop.tell(f"{path}?preview=true", {}).body)["undone"] is False
    assert live(shop) == with_them
    answered = shop.tell(path, {})
    assert valid("undoing", answered.body)["removes"]["statements"] == 2
    shop.due(AT)
    assert "zed" in live(shop), "its events are still there"
    assert undone(shop, numbers[1]) | {"names": 1, "kept": 0} == {
        "import": numbers[1],
        "file": "events.csv",
        "source": "events",
        "removes": dict.fromkeys(("statements", "links", "group_links", "account_statements", "outcomes"), 0)
        | {"events": 16},
        "names": 1,
        "kept": 0,
        "undone": True,
    }

    assert said(shop) == before
    assert shop.ask("/api/leads/zed", authorization=f"Bearer {shop.token}").status == 404
    states = sorted((one["lead"], one["state"]) for one in handoffs(shop))
    assert states == [("ada", "withdrawn"), ("ada", "won"), ("zed", "withdrawn")]
    assert moves(shop, "ada")[-1] == ("mql", "lead", "undone")
    assert shop.tell(path, {}).status == 404, "it was undone before"
    assert all(one["undone_at"] for one in shop.read("/api/imports")["imports"])


def test_what_a_later_import_brought_too_stays(shop: Served, tmp_path: Path) -> None:
    first, second = bring(shop, "events", EVENTS), bring(shop, "events", EVENTS)
    scores = live(shop)
    assert undone(shop, first)["kept"] == 16
    assert live(shop) == scores
    assert undone(shop, second)["removes"]["events"] == 16
    assert "zed" not in live(shop)


def test_whoever_is_erased_is_in_no_note_of_an_import(tmp_path: Path) -> None:
    """Of somebody who was brought twice and erased nothing stays, and both imports can be undone still."""
    workspace = Workspace(tmp_path)
    file = tmp_path / "leads.csv"
    file.write_text("id,email\nada,ada@corp.example\nbob,bob@corp.example\n")
    for _ in range(2):
        with opened_importer(workspace, 0) as importer:
            importer.leads(open_file(importer, file), LeadFile("id"), "crm", references().zone("UTC"))
    assert noted(workspace) == ["ada", "ada", "bob", "bob"]
    erase(workspace, "ada", "", 1, unwatched)
    assert noted(workspace) == ["bob", "bob"]
    assert undo_import(workspace, 1, 2)[1].kept == 2
    assert dict(undo_import(workspace, 2, 2)[1].removes)["statements"] == 1
    with opened_store(workspace) as store:
        assert store.con.execute("SELECT count(*) FROM identifiers").fetchall() == [(0,)]


def noted(workspace: Workspace) -> list[str]:
    """Return whom imports brought again."""
    with opened_store(workspace) as store:
        rows = store.con.execute("SELECT value FROM again JOIN identifiers USING (who) ORDER BY value").fetchall()
    return [value for (value,) in rows]
