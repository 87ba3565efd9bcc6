"""The Node.js tracking clients people use: what they send is what is stored, once each."""

import pytest

from tests.acceptance.live.served import Served
from tests.acceptance.live.stories import needs_node, needs_node_modules, qualified, stored_once, tell, told

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, needs_node, needs_node_modules]


@pytest.mark.parametrize("client", ["segment-node", "rudder-node"])
def test_what_is_sent_is_stored(served: Served, client: str) -> None:
    told(tell(served, client, "ada", 40))
    stored_once(served, "ada", 40)
    assert "pricing_page" in qualified(served, "ada"), "what the device did counts"
