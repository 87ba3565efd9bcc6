"""A server that is killed again and again while clients send: nothing acknowledged is lost, nothing counts twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ripeline.entry.bootstrap.shipped import demo_definition
from tests.acceptance.live.killing import kill_again_and_again, look
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.stories import needs_node, needs_node_modules

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow]

PYTHON = ("segment", "rudder")
NODE = ("segment-node", "rudder-node")


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Served]:
    """A running server with the invented company's definition."""
    with serving(tmp_path / "company", demo_definition()) as served:
        yield served


@pytest.mark.parametrize(
    "clients",
    [
        pytest.param((*PYTHON, *PYTHON), id="python"),
        pytest.param((*PYTHON, *NODE), id="python and node", marks=[needs_node, needs_node_modules]),
    ],
)
def test_nothing_is_lost_or_doubled_by_kills(company: Served, clients: tuple[str, ...]) -> None:
    sent = kill_again_and_again(company, clients, 20, seed=11, rate="100/s")
    assert len({story.rpartition("-")[0] for story in sent.stories}) == len(clients), "each had something delivered"
    assert (sent.simulated["unanswered"], sent.simulated["refused"]) == (0, 0)
    assert sent.simulated["repeated"] > 0
    found = look(company, sent, explained=10)
    assert (found.lost, found.doubled) == ([], 0)
    assert found.leads > 200
    assert (found.differing, found.explained_otherwise) == ([], [])
