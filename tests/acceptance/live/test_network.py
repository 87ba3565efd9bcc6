"""Clients behind a network that fails: what they send again counts once, and nothing is lost."""

import pytest

from tests.acceptance.live.faulty import Fault, faulty
from tests.acceptance.live.served import Served
from tests.acceptance.live.stories import needs_node, needs_node_modules, qualified, stored_once, tell, told

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow]

NODE = [pytest.param(f"{client}-node", marks=[needs_node, needs_node_modules]) for client in ("segment", "rudder")]
EVENTS = 30


@pytest.mark.parametrize("client", ["segment", "rudder", *NODE])
def test_nothing_is_lost_or_doubled_by_faults(served: Served, client: str) -> None:
    with faulty(served.url) as proxy:
        told(tell(served, client, "ada", EVENTS, url=proxy.url))
    assert set(proxy.done) == set(Fault), f"every fault happened: {proxy.done}"
    stored_once(served, "ada", EVENTS)
    qualified(served, "ada")
