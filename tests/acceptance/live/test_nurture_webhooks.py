"""What webhooks are told of tasks and of the list of leads to nurture: each change once, also over a kill."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ripeline.entry.schemas import schema
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.shop import START
from tests.acceptance.live.test_handoffs import act, known, send
from tests.acceptance.live.test_tasks import close, keen
from tests.acceptance.live.test_told import Told, telling, wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    with telling(tmp_path, START) as found:
        yield found


def heard(told: Told, *wanted: tuple[str, str]) -> list[dict[str, Any]]:
    """Wait until as much was told of lists and tasks as is wanted; return it, once it is just that."""

    def found() -> list[dict[str, Any]]:
        for one in told.hooks:
            jsonschema.Draft202012Validator(schema("webhook")).validate(one)
        return [one for one in told.hooks if one["type"].startswith(("nurture", "task"))]

    wait_until(lambda: len(found()) >= len(wanted))
    assert sorted((one["type"], one["data"]["lead"]) for one in found()) == sorted(wanted)
    return found()


def test_each_change_is_told_once(told: Told, tmp_path: Path) -> None:
    shop = told.shop
    send(shop, known("ada", email="ada@corp.example"), known("bob"), *keen("cid"))
    first = [("nurture.entered", "ada"), ("nurture.entered", "bob"), ("task.created", "cid")]
    entered = next(one["data"] for one in heard(told, *first) if one["data"]["lead"] == "ada")
    assert (entered["joined_by"], entered["email"], entered["stage"]) == ("new", "ada@corp.example", "lead")
    shop.kill()
    shop.start()
    # A good fit and a trial: an MQL; she was on the list since the clock stood where it stands.
    send(shop, act("ada", "Trial"))
    close(shop, 1, "done")
    second = [*first, ("nurture.left", "ada"), ("task.closed", "cid")]
    left = next(one["data"] for one in heard(told, *second) if one["type"] == "nurture.left")
    assert (left["joined_at"], left["left_at"]) == ("2026-03-27T09:00:00.000000Z",) * 2
    assert (left["stage"], left["engagement_level"]) == ("mql", "medium")
    people = tmp_path / "people.csv"
    people.write_text("id,company_size\ndan,500\neve,500\n", encoding="utf-8")
    assert ripeline("import", "leads", people, "-w", shop.workspace.root, "--id", "id").returncode == 0
    shop.due("2026-03-27T10:00:00Z")
    assert {"dan", "eve"} <= {one["lead"] for one in shop.read("/api/nurture")["leads"]}
    # Nobody is told of an import; what comes of it later is told.
    send(shop, act("dan", "Trial"))
    heard(told, *second, ("nurture.left", "dan"))


def test_of_two_that_become_one_nobody_is_told(told: Told) -> None:
    send(told.shop, known("ada"), known("bob"))
    both = [("nurture.entered", "ada"), ("nurture.entered", "bob")]
    heard(told, *both)
    assert told.shop.tell("/api/leads/ada/merge", {"identifier": "bob"}).status == 200
    told.shop.due("2026-03-27T10:00:00Z")
    assert [one["lead"] for one in told.shop.read("/api/nurture")["leads"]] == ["ada"]
    # Told of after it, so there is nothing of the merge before.
    send(told.shop, act("ada", "Trial"))
    heard(told, *both, ("nurture.left", "ada"))
