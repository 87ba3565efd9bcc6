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


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_by_kills(served: Served) -> None:
    """Four clients send while the server is killed again and again; then every event is there, once."""
    count = 400
    stories = [
        tell(served, client, name, count)
        for client, name in (("segment", "ada"), ("segment", "grace"), ("rudder", "alan"), ("rudder", "edsger"))
    ]
    for _ in range(20):
        if all(story.poll() is not None for story in stories):
            break
        served.kill()
        served.start()
    for story in stories:
        told(story)
    served.applied()
    assert served.failed() == []
    numbers = served.stored('i.value, e."properties.number:number"')
    for name in ("ada", "grace", "alan", "edsger"):
        found = sorted(number // 1_000_000 for value, number in numbers if value == name and number is not None)
        assert found == list(range(count)), name
