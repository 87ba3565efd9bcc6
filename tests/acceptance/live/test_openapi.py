"""The server's description of itself names every route there is, and answers are what it says."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
from starlette.routing import Route

from ripeline.adapters.book.sqlite import transaction
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.imports import open_file, opened_importer
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.server.app import Server
from ripeline.entry.server.intake import KINDS
from ripeline.entry.server.pages.app import all_pages
from ripeline.entry.server.pages.rendering import FILES
from ripeline.ports.files import LeadFile
from tests.acceptance.live.outbox import settings, settled, webhook
from tests.acceptance.live.outbox import told as promised
from tests.acceptance.live.receivers import Said, web
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

SALES = """
[sales.people.maria]
mail = "maria@shop.example"
[sales.people.jon]
mail = "jon@shop.example"
"""
MESSAGE = replace(webhook(), id=f"msg_{'0' * 32}")
HELD = replace(webhook(), id=f"msg_{'1' * 32}")
"""Is kept back."""

READ = {
    "/health": "/health",
    "/ready": "/ready",
    "/api/openapi.json": "/api/openapi.json",
    "/api/position": "/api/position",
    "/api/leads": "/api/leads?limit=1&sort=lead",
    "/api/leads/{lead}": "/api/leads/anonymous:d1?as_of=2026-03-27",
    "/api/imports": "/api/imports",
    "/api/leads/{lead}/identity": "/api/leads/ada@corp.example/identity",
    "/api/accounts": "/api/accounts?limit=1",
    "/api/accounts/{account}": "/api/accounts/corp.example",
    "/api/leads/{lead}/export": "/api/leads/anonymous:d1/export",
    "/api/leads/{lead}/timeline": "/api/leads/ada/timeline?limit=2",
    "/api/definitions": "/api/definitions",
    "/api/definitions/{name}": "/api/definitions/qualification",
    "/api/definitions/{name}/draft": "/api/definitions/qualification/draft",
    "/api/tasks": "/api/tasks?state=open&limit=1",
    "/api/nurture": "/api/nurture?limit=1",
    "/api/failed-events": "/api/failed-events",
    "/api/set-aside": "/api/set-aside?limit=1",
    "/api/funnel": "/api/funnel?by=week&within=7d&definition=qualification",
    "/api/sla": "/api/sla?by=signal&from=2026-01-01",
    "/api/sales": "/api/sales?at=2026-11-23T10:00:00%2B01:00",
    "/api/handoffs": "/api/handoffs?state=open&limit=1",
    "/api/handoffs/{number}": "/api/handoffs/1",
    "/api/handoffs/{number}/packet": "/api/handoffs/1/packet",
    "/api/queues": "/api/queues",
    "/api/release": "/api/release",
    "/api/stages": "/api/stages?lead=asked1",
    "/api/leads/{lead}/route": "/api/leads/ada/route",
    "/api/removals": "/api/removals?limit=1",
    "/api/removals/holds": "/api/removals/holds",
    "/api/leads/{lead}/removal": "/api/leads/ada/removal",
    "/api/outbox": "/api/outbox?limit=1",
    "/api/outbox/{message}": f"/api/outbox/{MESSAGE.id}",
}
"""How each route that answers JSON to GET is asked, by its path in the description."""

IN_A_MONTH = str((datetime.now(UTC) + timedelta(days=30)).date())
DID = {
    "/api/leads/{lead}/merge": ("/api/leads/ada/merge", {"identifier": "bob", "preview": True}),
    "/api/leads/{lead}/unmerge": ("/api/leads/ada/unmerge", {"identifier": "d1"}),
    "/api/imports/{import}/undo": ("/api/imports/1/undo?preview=true", None),
    "/api/outcomes": ("/api/outcomes", {"outcomes": [{"lead": "ada", "outcome": "won"}]}),
    "/api/failed-events/{id}/replay": ("/api/failed-events/1/replay", None),
    "/api/failed-events/{id}/dismiss": ("/api/failed-events/2/dismiss", None),
    "/api/set-aside": ("/api/set-aside", {"lead": "bob", "reason": "a test"}),
    "/api/set-aside/restore": ("/api/set-aside/restore", {"lead": "bob", "reason": "a test", "preview": True}),
    "/api/set-aside/{event}/restore": ("/api/set-aside/EVENT/restore", {"reason": "none"}),
    "/api/release": ("/api/release?per_day=5", None),
    "/api/handoffs/{number}/accept": ("/api/handoffs/1/accept", None),
    "/api/handoffs/{number}/qualify": (
        "/api/handoffs/1/qualify",
        {"budget": "10 k", "need": "one", "fit": "good", "timing": "soon"},
    ),
    "/api/handoffs/{number}/won": ("/api/handoffs/1/won", None),
    "/api/handoffs/{number}/reject": ("/api/handoffs/2/reject", {"reason": "no_need"}),
    "/api/handoffs/{number}/recycle": ("/api/handoffs/3/recycle", {"until": IN_A_MONTH}),
    "/api/handoffs/{number}/disqualify": ("/api/handoffs/4/disqualify", {"reason": "a test"}),
    "/api/handoffs/{number}/touch": ("/api/handoffs/5/touch", {"comment": "called"}),
    "/api/handoffs/{number}/lost": ("/api/handoffs/5/lost", {"reason": "price", "competitor": "Rival"}),
    "/api/handoffs/{number}/reassign": ("/api/handoffs/6/reassign", None),
    "/api/sales/people/{person}/absences": ("/api/sales/people/jon/absences", {"first": "2099-01-01"}),
    "/api/tasks/{task}/done": ("/api/tasks/1/done", {"comment": "wrote"}),
    "/api/tasks/{task}/dismiss": ("/api/tasks/2/dismiss", None),
    "/api/outbox/{message}/resend": (f"/api/outbox/{MESSAGE.id}/resend", None),
    "/api/outbox/{message}/give-up": (f"/api/outbox/{HELD.id}/give-up", None),
    "/api/outbox/resend": ("/api/outbox/resend?destination=crm", None),
    "/api/outbox/release": ("/api/outbox/release", {"only_new": True}),
    "/api/shadow": (
        "/api/shadow",
        {"mqls": [{"lead": "ada", "time": "2026-03-02"}, {"lead": "asked1", "time": "2026-03-02"}]},
    ),
    "/api/due": ("/api/due", None),
    "/api/definitions/{name}/preview": ("/api/definitions/qualification/preview", None),
    "/api/definitions/{name}/publish": ("/api/definitions/qualification/publish?comment=less", None),
    "/api/definitions/{name}/rollback": ("/api/definitions/qualification/rollback", None),
    "/api/removals/confirm": ("/api/removals/confirm", {"all": True}),
    "/api/leads/{lead}/hold": ("/api/leads/bob/hold", {"reason": "a test"}),
    "/api/leads/{lead}/erase": ("/api/leads/d1/erase", {"reason": "asked for it"}),
    "/v1/track": ("/v1/track", {"event": "Hit", "userId": "ada", "messageId": "m9"}),
}
"""The same of routes that do something, in an order in which each can be done."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with leads, six of them handed over and two to follow up, two failed events, a draft, a message that was given up, and one held back."""
    root = tmp_path_factory.mktemp("described") / "shop"
    with web(lambda _: Said(410)) as receiver, serving(root, DEFINITION, settings(receiver.port) + SALES) as server:
        begin(server)
        promised(server, MESSAGE)
        assert settled(server).keys() == {"dead"}
        promised(server, HELD)
        settled(server)
        with book_connection(server.workspace) as db, transaction(db):
            db.execute("UPDATE outbox SET state = 'held' WHERE id = ?", (HELD.id,))
        yield server


def begin(server: Served) -> None:
    server.send(
        {
            "type": "identify",
            "userId": "ada",
            "anonymousId": "d1",
            "traits": {"email": "ada@corp.example"},
            "messageId": "m1",
        },
        {"type": "track", "event": "Hit", "userId": "bob", "messageId": "m2"},
        {"type": "track", "event": "Hit", "userId": "bob"},
        {"type": "track", "userId": "bob", "messageId": "m4"},
        *({"type": "track", "event": "Asked", "userId": f"asked{n}", "messageId": f"a{n}"} for n in range(6)),
        *(
            {"type": "identify", "userId": f"keen{n}", "traits": {"company_size": 5}, "messageId": f"k{n}"}
            for n in (0, 1)
        ),
        # Five hits: 15 points and 7 for coming often, with a poor fit.
        *({"type": "track", "event": "Hit", "userId": f"keen{n % 2}", "messageId": f"h{n}"} for n in range(10)),
    )
    server.applied()
    file = server.workspace.root.parent / "leads.csv"
    file.write_text("id,plan\nzed,pro\n")
    with opened_importer(server.workspace, 0) as importer:
        importer.leads(open_file(importer, file), LeadFile("id"), "crm", references().zone("UTC"))
    draft = DEFINITION.replace("points: 15", "points: 14").encode()
    path = "/api/definitions/qualification/draft"
    assert server.ask(path, draft, "PUT", authorization=f"Bearer {server.admin}").status == 200


@pytest.fixture(scope="module")
def told(shop: Served) -> dict[str, Any]:
    return shop.ask("/api/openapi.json").json


def operations(told: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def valid(told: dict[str, Any], path: str, method: str, document: object) -> None:
    schema = told["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator({**schema, "components": told["components"]}).validate(document)


def test_every_route_is_described_and_nothing_else(shop: Served, told: dict[str, Any], tmp_path: Path) -> None:
    """Pages are for people: they are no part of the API, and none of their paths is."""
    server = Server(shop.workspace, lambda: 0)
    routes = [one for one in server._api.routes if isinstance(one, Route)]
    assert len(routes) == len(server._api.routes)
    server._open.close()
    there = {
        (method.lower(), re.sub(r"\{(\w+):\w+\}", r"{\1}", one.path))
        for one in routes
        for method in (one.methods or set()) - {"HEAD"}
    }
    every = all_pages(cast("Any", None), cast("Any", None), "")
    pages = {(one.method.lower(), re.sub(r"\{(\w+):\w+\}", r"{\1}", one.path)) for one in every}
    assert pages < there
    assert not [path for _, path in pages if path.startswith(("/api", "/v1"))]
    there -= pages | {("get", FILES + "{digest}/{name}")}
    there |= {("post", f"/v1/{kind}") for kind in KINDS} | {("get", "/v1/pixel.gif")}
    assert {(method, path) for method, path, _ in operations(told)} == there


def test_it_holds_what_openapi_asks_for(told: dict[str, Any]) -> None:
    assert told["openapi"].startswith("3.1.")
    ids = [operation["operationId"] for _, _, operation in operations(told)]
    assert len(ids) == len(set(ids))
    for method, path, operation in operations(told):
        where = (method, path)
        named = [(one["in"], one["name"]) for one in operation["parameters"]]
        assert len(named) == len(set(named)), where
        assert {name for place, name in named if place == "path"} == set(re.findall(r"\{(\w+)\}", path)), where
        assert all(one["description"] and one["schema"] for one in operation["parameters"]), where
        assert operation["summary"].endswith("."), where
        assert {scheme for one in operation["security"] for scheme in one} <= told["components"][
            "securitySchemes"
        ].keys()
        assert "requestBody" not in operation or method in {"post", "put"}, where
    for schema in told["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(told)):
        part: Any = told
        for name in reference.split("/"):
            part = part[name]


def test_tokens_are_asked_for_as_described(shop: Served, told: dict[str, Any]) -> None:
    """Without one everything is refused that asks for one, and nothing else is; so is what a token does not allow."""
    for method, path, operation in operations(told):
        asked = re.sub(r"\{(id|task|number|import)\}", "1", path).replace("{", "").replace("}", "")
        body = None if method == "get" else b""
        scopes = [scope for one in operation["security"] for scope in one.get("token", ())]
        status = shop.ask(asked, body, method.upper()).status
        assert (status == 401) == bool(operation["security"]), (method, path, status)
        if scopes and scopes != ["read"]:
            refused = shop.ask(asked, body, method.upper(), authorization=f"Bearer {shop.token}")
            assert (refused.status, refused.json["code"]) == (403, "not_allowed"), (method, path)
            assert scopes[0] in refused.json["message"]


def test_answers_are_as_described(shop: Served, told: dict[str, Any]) -> None:
    reading = {
        path
        for method, path, operation in operations(told)
        if method == "get" and "application/json" in operation["responses"]["200"]["content"]
    }
    assert reading == READ.keys(), "say how each is asked"
    for path, asked in READ.items():
        valid(told, path, "get", shop.read(asked))
    for path, (told_path, body) in DID.items():
        asked = told_path
        if path.startswith("/v1/"):
            reply = shop.ask(asked, json.dumps(body).encode(), authorization=f"Bearer {shop.web_key}")
        else:
            if asked.startswith("/api/set-aside/"):
                shop.applied()
                asked = asked.replace("EVENT", shop.read("/api/set-aside")["set_aside"][0]["id"])
            sent = b"" if body is None else json.dumps(body).encode()
            reply = shop.ask(asked, sent, authorization=f"Bearer {shop.admin}")
        assert reply.status == 200, (path, reply)
        valid(told, path, "post", reply.json)
    doing = {
        path
        for method, path, operation in operations(told)
        if method == "post"
        and not path.startswith("/v1/")
        # What answers with a page is for people.
        and "application/json" in operation["responses"]["200"]["content"]
    }
    assert doing <= DID.keys(), "say how each is done"


@pytest.mark.parametrize(
    "asked",
    [
        "/api/leads/nobody",
        "/api/leads/nobody/identity",
        "/api/leads?size=3",
        "/api/leads?min_position=x",
        "/api/definitions/other",
        "/api/failed-events?before=-1",
        "/api/nothing",
        "/v1/nothing",
    ],
)
def test_errors_have_one_shape(shop: Served, told: dict[str, Any], asked: str) -> None:
    reply = shop.ask(asked, authorization=f"Bearer {shop.token}")
    assert 400 <= reply.status < 500
    schema = {"$ref": "#/components/schemas/Error", "components": told["components"]}
    jsonschema.Draft202012Validator(schema).validate(reply.json)
