"""What tracking clients may rely on: answers, failed events, and that nothing counts twice."""

import gzip
import json
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ripeline.vocabulary.calendar import instant_text
from tests.acceptance.examples import ripeline as ripeline_of_its_own
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served, basic

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

SCHEMAS = Path(__file__).parents[3] / "src/ripeline/entry/schemas"
ROUTES = ["batch", "b", "i", "identify", "t", "track", "p", "page", "s", "screen", "g", "group", "a", "alias"]


def event(number: int = 0, **changes: object) -> dict[str, Any]:
    return {"type": "track", "event": "Hit", "userId": "ada", "messageId": f"m{number}"} | changes


def test_every_route_takes_its_call(served: Served) -> None:
    for name in ROUTES:
        call = {"event": "Hit", "userId": "ada", "messageId": name, "groupId": "g", "previousId": "p"}
        body = {"batch": [call | {"type": "track"}]} if name in {"b", "batch"} else call
        reply = served.ask(f"/v1/{name}", json.dumps(body).encode(), authorization=basic(served.web_key))
        assert (reply.status, reply.json) == (200, {"success": True, "position": ROUTES.index(name) + 1})
    served.applied()
    assert served.failed() == []
    assert [kind for kind, *_ in served.stored()] == ["page"] * 2 + ["screen"] * 2 + ["track"] * 4


def test_a_key_may_stand_in_three_places(standing: Served) -> None:
    body = json.dumps({"batch": [event()], "writeKey": standing.web_key}).encode()
    assert standing.ask("/v1/batch", body).status == 200
    assert standing.ask("/v1/batch", gzip.compress(body), content_type="text/plain").status == 200
    assert (
        standing.ask("/v1/t", json.dumps(event()).encode(), authorization=f"Bearer {standing.server_key}").status == 200
    )
    assert standing.ask("/v1/t", json.dumps(event()).encode(), authorization=basic("nobody")).status == 401
    refused = standing.ask("/v1/t", json.dumps(event()).encode())
    assert (refused.status, set(refused.json)) == (401, {"code", "message"})


def test_browsers_may_ask_from_anywhere(standing: Served) -> None:
    asked = standing.ask("/v1/t", method="OPTIONS", origin="https://shop.example")
    assert asked.status == 200
    assert asked.headers["access-control-allow-origin"] == "https://shop.example"
    assert {"authorization", "content-type", "anonymousid", "sentat", "x-retry-count"} <= set(
        asked.headers["access-control-allow-headers"].split(", ")
    )
    assert int(asked.headers["access-control-max-age"]) > 0
    again = "authorization,content-type,rsa-retry-attempt,rsa-retry-reason"
    asked = standing.ask("/v1/t", method="OPTIONS", origin="https://shop.example", access_control_request_headers=again)
    assert asked.headers["access-control-allow-headers"] == again, "what clients add when they try again"
    refused = standing.ask("/v1/t", b"{", origin="https://shop.example", authorization=basic(standing.web_key))
    assert refused.status == 400
    assert refused.headers["access-control-allow-origin"] == "https://shop.example"


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/v1/t", b"{", 400, "not_json"),
        ("/v1/batch", b'{"batch": 1}', 400, "not_a_batch"),
        ("/v1/batch", b"\x1f\x8bxx", 400, "not_gzip"),
        ("/v1/batch", b" " * 9_000_000, 413, "too_large"),
        ("/v1/nothing", b"{}", 404, "no_such_route"),
        ("/v1/t", None, 405, "wrong_method"),
        ("/nothing", None, 404, "no_such_route"),
    ],
)
def test_errors_have_a_code_and_a_message(
    standing: Served, path: str, body: bytes | None, status: int, code: str
) -> None:
    reply = standing.ask(path, body, authorization=basic(standing.web_key))
    assert (reply.status, reply.json["code"]) == (status, code)
    assert reply.json["message"]


@pytest.mark.parametrize("site", ["shop.example", "https://shop.example/", "https://Shop.example", "foo"])
def test_a_key_is_for_sites_as_browsers_name_them(standing: Served, site: str) -> None:
    options = ("-w", standing.workspace.root, "--kind", "web", "--source", site, "--origin", "https://a.example:8443")
    refused = ripeline("keys", "create", *options, "--origin", site)
    assert (refused.returncode, f'"{site}" is no site' in refused.stderr) == (1, True)
    assert site not in {row["source"] for row in printed("keys", "keys", "list", *options[:2])["keys"]}
    assert ripeline("keys", "create", *options).returncode == 0


def test_a_port_in_use_is_told_in_one_line(standing: Served) -> None:
    done = ripeline_of_its_own("serve", "-w", standing.workspace.root, "--port", standing.port)
    assert done.returncode == 1
    assert done.stderr == f"error cannot listen at 127.0.0.1:{standing.port}: Address already in use\n"


def test_one_bad_event_does_not_fail_its_batch(served: Served) -> None:
    bad = [event(1, messageId=None), event(2, userId=""), event(3, timestamp="never"), event(4, type="wave"), 7]
    reply = served.send(event(0), *bad, event(9))  # type: ignore[arg-type]
    assert reply.json == {"success": True, "position": 1}
    served.applied()
    reasons = [(one["place"], one["reason"]) for one in reversed(served.failed())]
    assert reasons == [
        (1, "no_message_id"),
        (2, "no_lead_id"),
        (3, "impossible_time"),
        (4, "unknown_type"),
        (5, "not_an_object"),
    ]
    assert len(served.stored()) == 2


def test_a_copy_counts_once_and_another_message_under_its_id_fails(served: Served) -> None:
    """Also after a restart, and after what was accepted became files."""
    first = event(1, timestamp="2026-01-01T00:00:00Z", properties={"plan": "pro"})
    served.send(first)
    served.send(
        first | {"sentAt": "2026-01-01T00:05:00Z", "anonymousId": "x", "context": {"page": {}}}, x_retry_count="1"
    )
    served.send(first | {"event": "Other"}, first | {"properties": {}}, first | {"timestamp": "2026-01-02"})
    served.applied()
    served.stop()
    served.start()
    served.send(first, first | {"event": "Other"})
    served.applied()
    assert [(one["reason"], one["detail"]) for one in served.failed()] == [("id_reused", "m1")] * 4
    assert served.stored("e.name, i.value") == [("Hit", "ada")]
    served.send(first, key=served.server_key)
    served.applied()
    assert len(served.stored()) == 2, "another source has ids of its own"


def test_a_lead_qualifies_within_a_second(served: Served) -> None:
    """A visitor's story: anonymous, then known, then asking for prices."""
    page = {"type": "page", "name": "Pricing", "anonymousId": "anon", "context": {"page": {"path": "/pricing"}}}
    served.send(page | {"messageId": "1"})
    traits = {"email": "ada@acme.example", "company_size": 300, "title": "Head of IT"}
    served.send({"type": "identify", "userId": "ada", "anonymousId": "anon", "messageId": "2", "traits": traits})
    reply = served.send(event(3, event="Pricing Requested"))
    since = time.monotonic()
    lead = served.read(f"/api/leads/ada@acme.example?min_position={reply.json['position']}&wait=5s")
    assert time.monotonic() - since < 5
    assert (lead["lead"], lead["meets_definition"], lead["hand_raise"]) == ("ada", True, "pricing_request")
    assert "pricing_page" in {line["name"] for line in lead["engagement"]["contributions"]}, (
        "what the device did counts"
    )
    assert served.read("/api/leads/anon")["lead"] == "ada"


def test_the_pixel_counts_and_always_shows(served: Served) -> None:
    shown = served.ask(f"/v1/pixel.gif?writeKey={served.web_key}&event=Mail%20Opened&userId=ada&campaign=may")
    assert (shown.status, shown.headers["content-type"], shown.body[:6]) == (200, "image/gif", b"GIF89a")
    assert served.ask("/v1/pixel.gif?writeKey=wrong&event=x").status == 200
    served.applied()
    assert served.stored('e.name, i.value, e."properties.campaign:text"') == [("Mail Opened", "ada", "may")]


def test_scores_and_imports_work_beside_the_server(served: Served, tmp_path: Path) -> None:
    """The command line sees what was accepted, and the server what was imported."""
    served.send(event(1, event="Pricing Requested", userId="grace"))
    leads = tmp_path / "leads.csv"
    leads.write_text("id,email\nada,ada@acme.example\n")
    done = ripeline("import", "leads", leads, "-w", served.workspace.root, "--id", "id")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "scores.csv"
    assert ripeline("score", "-w", served.workspace.root, "-o", out).returncode == 0
    assert [line.split(",")[0] for line in out.read_text().splitlines()[1:]] == ["ada", "grace"]
    position = served.send(event(2)).json["position"]
    assert served.read(f"/api/leads/ada@acme.example?min_position={position}")["lead"] == "ada"


def test_a_failed_event_is_repaired_and_sent_again(served: Served, tmp_path: Path) -> None:
    """Dated as it was received first; by route and by command alike."""
    served.send(event(1, event=""), event(2, userId=""), event(3, timestamp="never"))
    served.applied()
    nameless, nobody, timeless = reversed(served.failed())
    assert (
        served.ask(f"/api/failed-events/{nameless['id']}/replay", b"", authorization=f"Bearer {served.token}").status
        == 403
    )
    repaired = tmp_path / "event.json"
    repaired.write_text(json.dumps(event(1, event="Pricing Requested")))
    done = ripeline("failed", "replay", nameless["id"], "-w", served.workspace.root, "--event", repaired)
    assert done.returncode == 0, done.stderr
    assert ripeline("failed", "dismiss", nobody["id"], "-w", served.workspace.root).returncode == 0
    again = ripeline("failed", "replay", nameless["id"], "-w", served.workspace.root)
    assert (again.returncode, "is replayed already" in again.stderr) == (1, True)
    served.send(event(9))
    served.applied()
    assert [one["id"] for one in served.failed()] == [timeless["id"]]
    (found,) = served.stored("e.name, e.ts")[1:]
    assert found[0] == "Pricing Requested"
    assert instant_text(found[1]) == nameless["received_at"]
    assert ripeline("failed", "list", "-w", served.workspace.root).returncode == 0


def test_json_of_keys_tokens_and_failed_events(served: Served, tmp_path: Path) -> None:
    """Every JSON output is what its published schema says."""
    root = served.workspace.root
    made = printed("init", "init", tmp_path / "new")
    assert made["keys"]["web"] in {
        row["key"] for row in printed("keys", "keys", "list", "-w", tmp_path / "new")["keys"]
    }
    assert printed("key", "keys", "create", "-w", root, "--kind", "server", "--source", "shop")["source"] == "shop"
    printed("token", "tokens", "create", "-w", root, "--scope", "read", "--scope", "write")
    assert printed("snippet", "snippet", "-w", root)["key"] == served.web_key
    (key,) = (row["id"] for row in printed("keys", "keys", "list", "-w", root)["keys"] if row["source"] == "shop")
    assert printed("revoked", "keys", "revoke", key, "-w", root) == {"state": "revoked"}
    assert ripeline("keys", "revoke", key, "-w", root).returncode == 1, "it is out of use already"
    served.send(event(1, event=""), event(2, event=""))
    served.applied()
    first, second = (one["id"] for one in printed("failed", "failed", "list", "-w", root)["failed_events"])
    assert printed("replayed", "failed", "replay", first, "-w", root) == {"position": 2}
    assert printed("dismissed", "failed", "dismiss", second, "-w", root) == {"state": "dismissed"}


def test_a_token_that_is_taken_back_is_refused(served: Served) -> None:
    rows = printed("tokens", "tokens", "list", "-w", served.workspace.root)["tokens"]
    assert [(row["id"], row["name"], row["scopes"]) for row in rows] == [
        (1, "tests", ["read"]),
        (2, "admin", ["admin"]),
    ]
    assert served.ask("/api/position", authorization=f"Bearer {served.token}").status == 200
    assert printed("revoked", "tokens", "revoke", 1, "-w", served.workspace.root) == {"state": "revoked"}
    assert served.ask("/api/position", authorization=f"Bearer {served.token}").status == 401
    assert served.ask("/api/position", authorization=f"Bearer {served.admin}").status == 200
    again = ripeline("tokens", "revoke", 1, "-w", served.workspace.root)
    assert (again.returncode, "no token 1 in use" in again.stderr) == (1, True)


def printed(schema: str, *arguments: object) -> dict[str, Any]:
    """Return the JSON that a command prints, after holding it against its schema."""
    done = ripeline(*arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{schema}.schema.json").read_text())).validate(document)
    return dict(document)
