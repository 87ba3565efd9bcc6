"""Clients may send any names: only so many become columns, and nothing is lost of the others."""

import json
from pathlib import Path
from typing import Any

import pytest

from ripeline.adapters.book.inbox import SqliteInbox, insert
from ripeline.adapters.history.room import LONGEST_NAME, MOST_COLUMNS, Room
from ripeline.entry.bootstrap.book import make_write_key
from ripeline.entry.bootstrap.live import compact, opened_history, opened_store
from ripeline.entry.workspace import Workspace
from ripeline.ports.history import TimelineAsked
from ripeline.ports.intake import Request
from ripeline.usecases.timeline import timeline_record
from tests.acceptance.examples import ripeline_here as ripeline

NOW_US = 1_800_000_000_000_000
WEB, SERVER = 1, 2

Record = dict[str, Any]


def accept(workspace: Workspace, key: int, *calls: dict[str, object]) -> int:
    inbox = SqliteInbox(workspace.book)
    position = insert(inbox.db, Request(NOW_US, key, json.dumps({"batch": calls}).encode()))
    inbox.close()
    return position


def flood(user: str, names: range, **more: object) -> dict[str, object]:
    """A call with properties that nobody else has."""
    properties = {f"p{number}": "x" for number in names} | more
    return {"type": "track", "event": "Hit", "userId": user, "messageId": user, "properties": properties}


@pytest.mark.engine_duckdb
def test_only_so_many_names_become_columns_and_the_rest_is_told(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    (tmp_path / "ripeline.toml").write_text("")
    for kind in ("web", "server"):
        make_write_key(workspace, kind, kind, (), 0)
    accept(workspace, WEB, *(flood(f"u{n}", range(n * 200, n * 200 + 200)) for n in range(8)))
    accept(workspace, WEB, flood("late", range(9_000, 9_001), p0="seen", tags=["a", 1]))
    stated = {f"t{number}": 1.5 for number in range(1_200)}
    parts = [dict(list(stated.items())[start : start + 200]) for start in range(0, 1_200, 200)]
    identifies: list[Record] = [
        {"type": "identify", "userId": "ada", "messageId": f"i{n}", "traits": one} for n, one in enumerate(parts)
    ]
    accept(workspace, WEB, *identifies)
    named = {"email": "ada@corp.example", "title": "CTO", "unheard_of": None}
    accept(workspace, WEB, {"type": "identify", "userId": "ada", "messageId": "mail", "traits": named})
    position = accept(workspace, SERVER, flood("server", range(9_001, 9_101)))
    before = found(workspace)
    compact(workspace, position, NOW_US)
    assert found(workspace) == before
    told = json.loads(ripeline("doctor", "-w", tmp_path, "--format", "json").stdout)["findings"]
    assert [one["message"].split(" have ")[0] for one in told if one["check"] == "columns"] == [
        "some names of properties",
        "some names of traits",
    ]
    columns, hits, late, ada = before
    assert columns == {"events": MOST_COLUMNS // 2 + 100, "traits": MOST_COLUMNS // 2 + 3}
    assert hits == 10
    assert late["fields"] == {"properties.p9000": "x", "properties.p0": "seen", "properties.tags": ["a", 1]}
    assert {name: value for one in ada for name, value in one["traits"].items()} == stated | named


def found(workspace: Workspace) -> tuple[dict[str, int], int, Record, list[Record]]:
    with opened_store(workspace) as store:
        columns = {kind: sum(":" in name for name in store.columns[kind]) for kind in ("events", "traits")}
        ((hits,),) = store.con.execute("SELECT count(*) FROM events").fetchall()
    with opened_history(workspace) as history:
        asked = TimelineAsked()
        (late,) = timeline_record(history, "late", NOW_US, asked)["entries"]
        ada = timeline_record(history, "ada", NOW_US, TimelineAsked(("traits",)))["entries"]
    return columns, hits, late, ada


def test_half_the_room_is_for_trusted_sources() -> None:
    room = Room(f"properties.p{number}:text" for number in range(MOST_COLUMNS // 2 - 1))
    assert room.has(("properties.a:text",), trusted=False)
    assert not room.has(("properties.b:text",), trusted=False)
    assert not room.has(("properties.a:text", "properties.a:number"), trusted=False)
    assert room.has(("properties.a:text",), trusted=False)
    assert room.has(("properties.b:text",), trusted=True)
    assert room.has(("properties.b:text",), trusted=False)
    assert room.has(("email:text",), trusted=False)


def test_a_name_may_not_be_a_book() -> None:
    room = Room(())
    fits = "n" * (LONGEST_NAME - len(":text")) + ":text"
    assert room.has((fits,), trusted=False)
    assert not room.has((f"n{fits}",), trusted=True)


def test_in_whatever_stretches_it_is_read() -> None:
    """Nearly full; of an address comes a second column, which nobody asks for."""
    said: list[tuple[str, ...]] = [(f"properties.p{number}:text",) for number in range(MOST_COLUMNS // 2 - 2)]
    said += [("email:text",), ("properties.a:text", "properties.a:number"), ("properties.b:text",), ("title:text",)]
    at_once = answers(Room(()), said)
    assert at_once[-4:] == [True, True, False, True]
    for end in range(len(said) - 5, len(said)):
        before = answers(Room(()), said[:end])
        there = {name for names, has in zip(said, before, strict=False) if has for name in names}
        made = {"email:domain"} if "email:text" in there else set[str]()
        assert before + answers(Room(there | made), said[end:]) == at_once


def answers(room: Room, said: list[tuple[str, ...]]) -> list[bool]:
    return [room.has(names, trusted=False) for names in said]
