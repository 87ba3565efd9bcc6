"""The export of a person holds all that is stored of them, and nothing of anybody else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Ada and Bob share a device; Carl and Dan are on their own. Its clock is the true one, as a command's is."""
    with serving(tmp_path_factory.mktemp("exported") / "shop", DEFINITION) as server:
        begin(server)
        yield server


def begin(server: Served) -> None:
    events = [
        {
            "type": "identify",
            "userId": "ada",
            "anonymousId": "d1",
            "traits": {"email": "ada@corp.example", "secret": "A1"},
        },
        {"type": "track", "event": "Hit", "userId": "ada", "properties": {"secret": "A2"}},
        {"type": "identify", "userId": "bob", "anonymousId": "d1", "traits": {"secret": "B1"}},
        {"type": "track", "event": "Hit", "anonymousId": "d1", "properties": {"secret": "B2"}},
        {"type": "track", "event": "Hit", "userId": "carl", "properties": {"secret": "C1"}},
        {"type": "track", "event": "Hit", "userId": "dan", "properties": {"secret": "D1"}},
    ]
    for number, event in enumerate(events):
        server.send(event | {"messageId": str(number), "timestamp": f"2026-03-01T10:0{number}:00Z"})
    server.applied()
    won = server.tell("/api/outcomes", {"outcomes": [{"lead": "ada", "outcome": "won"}]})
    server.applied(won.json["position"])
    # The stage follows what is applied.
    assert server.ask("/api/due", b"", authorization=f"Bearer {server.admin}").status == 200


def secrets(record: dict[str, Any]) -> list[str]:
    return [one for one in ("A1", "A2", "B1", "B2", "C1", "D1") if f'"{one}"' in json.dumps(record)]


def test_it_holds_all_of_one_person_and_nothing_of_another(shop: Served) -> None:
    found = shop.read("/api/leads/ada@corp.example/export")
    assert (found["lead"], secrets(found)) == ("ada", ["A1", "A2"])
    assert [one["kind"] for one in found["entries"]] == ["outcome", "event", "link", "link", "traits"]
    assert {one["value"] for one in found["identifiers"]} == {"ada", "ada@corp.example", "d1"}
    (score,) = found["scores"]
    explained = shop.read("/api/leads/ada?as_of=" + found["as_of"])
    assert score == {name: value for name, value in explained.items() if name != "position"}
    assert secrets(shop.read("/api/leads/bob/export")) == ["B1", "B2"]


def test_merged_people_are_one_and_apart_again_they_are_two(shop: Served) -> None:
    shop.applied(shop.tell("/api/leads/dan/merge", {"identifier": "carl"}).json["position"])
    assert secrets(shop.read("/api/leads/carl/export")) == ["C1", "D1"]
    shop.applied(shop.tell("/api/leads/dan/unmerge", {"identifier": "carl"}).json["position"])
    assert secrets(shop.read("/api/leads/carl/export")) == ["C1"]


def test_the_command_writes_the_same_to_a_new_file(shop: Served, tmp_path: Path) -> None:
    file, folder = tmp_path / "ada.json", shop.workspace.root
    done = ripeline("export", "ada", "-w", folder, "-o", file, "--format", "json")
    assert json.loads(done.stdout) == {"lead": "ada", "file": str(file), "entries": 5}
    assert file.stat().st_mode & 0o777 == 0o600
    by_route, by_command = shop.read("/api/leads/ada/export"), json.loads(file.read_text("utf-8"))
    for name in ("lead", "identifiers", "links", "entries"):
        assert by_command[name] == by_route[name]
    assert by_command["scores"][0]["engagement"] == by_route["scores"][0]["engagement"]
    for lead, where, said in (("ada", file, "exists already"), ("nobody", tmp_path / "x", "no identifier")):
        refused = ripeline("export", lead, "-w", folder, "-o", where)
        assert (refused.returncode, said in refused.stderr) == (1, True)
    assert not (tmp_path / "x").exists()
