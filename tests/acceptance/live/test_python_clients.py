"""The Python tracking clients people use: what they send is what is stored, once each."""

import pytest

from tests.acceptance.live.served import Served
from tests.acceptance.live.stories import qualified, stored_once, tell, told

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


@pytest.mark.parametrize("client", ["segment", "rudder"])
def test_what_is_sent_is_stored(served: Served, client: str) -> None:
    told(tell(served, client, "ada", 30))
    stored_once(served, "ada", 30)
    qualified(served, "ada")
