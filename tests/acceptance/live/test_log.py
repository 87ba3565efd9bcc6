"""What a server notes: one line of JSON for each noteworthy thing, and nothing of what anybody sent or asked."""

import json
import re
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

import ripeline as package
from ripeline.entry.bootstrap.live import compact
from ripeline.entry.server.live import COMPACT_BEHIND
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served, basic

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

SECRETS = ("hunter2", "eve@firm.example", "198.51.100.77", "rlw_unknown", "topsecret")


def noted(served: Served, what: str | None = None) -> list[dict[str, Any]]:
    """Return the lines of the log, or those of one kind; each is one JSON object."""
    lines = [json.loads(line) for line in served.log().splitlines()]
    for line in lines:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line["at"])
        assert line["level"] in {"info", "warning", "error"}
    return [line for line in lines if what in {None, line["what"]}]


def wait_for(served: Served, what: str) -> dict[str, Any]:
    for _ in range(500):
        if found := noted(served, what):
            return found[-1]
        time.sleep(0.02)
    raise AssertionError(f"{what} was never noted: {served.log()}")


def events(start: int, count: int, **more: object) -> list[dict[str, Any]]:
    return [
        {"type": "track", "event": "Hit", "userId": "ada", "messageId": f"m{number}"} | more
        for number in range(start, start + count)
    ]


def metric(served: Served, name: str) -> float:
    return float(served.ask("/metrics").body.decode().partition(f"\n{name} ")[2].split()[0])


def test_start_and_stop(served: Served) -> None:
    assert served.send(*events(0, 1)).status == 200
    served.applied()
    served.stop()
    start, stop = noted(served)
    told = ripeline("score", "-w", served.workspace.root, "-o", served.workspace.root / "scores.csv").stdout
    fingerprint = re.search(r"@([0-9a-f]+)", told)
    assert fingerprint is not None
    assert (start["what"], start["level"], start["version"]) == ("started", "info", package.__version__)
    assert (start["workspace"], start["position"]) == (served.workspace.root.name, 0)
    assert start["definitions"]["qualification"].startswith(fingerprint[1])
    assert (stop["what"], stop["position"]) == ("stopped", 1)


def test_compaction_and_import(served: Served, tmp_path: Path) -> None:
    """Many events are written to files by the server itself; the metrics count it too."""
    assert metric(served, "ripeline_compactions_total") == 0
    for start in range(0, COMPACT_BEHIND, 10_000):
        assert served.send(*events(start, 10_000), key=served.server_key).status == 200
    served.applied()
    line = wait_for(served, "compacted")
    assert (line["after"], line["until"], line["calls"]) == (0, COMPACT_BEHIND // 10_000, COMPACT_BEHIND)
    assert line["seconds"] >= 0
    assert metric(served, "ripeline_compactions_total") == 1
    file = tmp_path / "old.csv"
    file.write_text("lead,name,time\nada,Hit,2026-01-01\n", encoding="utf-8")
    done = ripeline(
        *("import", "events", file, "-w", served.workspace.root, "--lead", "lead", "--name", "name", "--time", "time")
    )
    assert done.returncode == 0, done.stderr
    assert wait_for(served, "imported")["manifest"] == 2


def test_a_defect_is_one_line_with_its_place_alone(served: Served) -> None:
    """A file of history vanishes under the server: its questions fail, and the log says where in our code."""
    served.send(*events(0, 1, userId="eve@firm.example"))
    served.applied()
    served.stop()
    compact(served.workspace, 1, 0)
    served.start()
    shutil.rmtree(served.workspace.root / "history" / "events")
    before = len(noted(served))
    reply = served.ask("/api/leads/eve@firm.example?as_of=2026-01-01", authorization=f"Bearer {served.token}")
    assert (reply.status, reply.json["code"]) == (500, "defect")
    wait_for(served, "defect")
    defects = noted(served)[before:]
    assert len(defects) == 1
    assert set(defects[0]) == {"at", "level", "what", "error", "place"}
    assert (defects[0]["level"], defects[0]["error"]) == ("error", "IOException")
    assert re.fullmatch(r"adapters/[a-z_/]+\.py:\d+", defects[0]["place"])
    must_not_tell(served)
    assert served.defects(), "so every other test sees it"
    (served.workspace.root / "server.log").write_text("", encoding="utf-8")


def must_not_tell(served: Served) -> None:
    """Nothing of what was sent, of who sent it, or of where the workspace lies."""
    told = served.log()
    assert not [secret for secret in (*SECRETS, str(served.workspace.root.parent)) if secret in told]
    assert served.web_key not in told
    assert served.token not in told


def test_nothing_of_anybody_is_in_it(served: Served) -> None:
    """Whatever is sent and asked, good and bad."""
    served.send(*events(0, 3, userId="eve@firm.example", properties={"password": "hunter2"}))
    served.send(*events(3, 1, timestamp="topsecret"), x_forwarded_for="198.51.100.77")
    served.ask("/v1/t", b'{"userId": "eve@firm.example", ', authorization=basic(served.web_key))
    served.ask("/v1/t?topsecret=1", b"{}", authorization=basic("rlw_unknown"))
    served.ask("/v1/pixel.gif?writeKey=rlw_unknown&userId=eve@firm.example")
    served.ask("/api/leads/eve@firm.example?topsecret", authorization=f"Bearer {served.token}")
    served.ask("/api/leads/eve@firm.example?as_of=topsecret", authorization=f"Bearer {served.token}")
    served.ask("/api/leads/topsecret", authorization="Bearer hunter2")
    served.applied()
    served.stop()
    assert [line["what"] for line in noted(served)] == ["started", "stopped"]
    must_not_tell(served)


def test_trouble_is_noted_once_and_so_is_its_end(served: Served) -> None:
    """A table of the book is away for a while: what is accepted cannot be noted as applied."""
    db = sqlite3.connect(served.workspace.book, isolation_level=None)
    db.execute("ALTER TABLE progress RENAME TO away")
    assert served.send(*events(0, 1)).status == 200
    trouble = wait_for(served, "what was accepted cannot be applied; trying again")
    assert (trouble["level"], trouble["error"]) == ("error", "OperationalError")
    assert trouble["place"].startswith("adapters/book/inbox.py:")
    assert served.ask("/ready").status == 503
    assert metric(served, "ripeline_apply_lag_seconds") > 0
    db.execute("ALTER TABLE away RENAME TO progress")
    db.close()
    wait_for(served, "what was accepted is applied again")
    served.applied()
    assert metric(served, "ripeline_apply_lag_seconds") == 0
    assert len(noted(served, trouble["what"])) == 1


def test_levels(served: Served) -> None:
    served.stop()
    settings = served.workspace.root / "ripeline.toml"
    settings.write_text('[log]\nlevel = "warning"\n', encoding="utf-8")
    before = served.log()
    served.start()
    served.stop()
    assert served.log() == before
    settings.write_text('[log]\nlevel = "loud"\n', encoding="utf-8")
    done = ripeline("serve", "-w", served.workspace.root)
    assert (done.returncode, 'log.level: "loud" is none' in done.stderr.replace("\n", " ")) == (1, True)
