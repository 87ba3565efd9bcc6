"""Too much from one address or with one web key is refused for a while; clients send it again, and it counts once."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from ripeline.entry.bootstrap.book import make_write_key
from ripeline.entry.bootstrap.shipped import template
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Reply, Served, basic, serving
from tests.acceptance.live.stories import qualified, stored_once, tell, told

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

Serve = Callable[[str], Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a server with settings."""
    with ExitStack() as servers:
        yield lambda settings: servers.enter_context(serving(tmp_path / "live", template("b2b-saas"), settings))


def events(start: int, count: int) -> list[dict[str, Any]]:
    return [
        {"type": "track", "event": "Hit", "userId": "ada", "messageId": f"m{number}"}
        for number in range(start, start + count)
    ]


def must_be_limited(reply: Reply, at_most_s: int) -> None:
    assert (reply.status, reply.json["code"]) == (429, "too_many")
    assert 1 <= int(reply.headers["retry-after"]) <= at_most_s
    assert reply.headers["access-control-expose-headers"] == "retry-after", "pages may read when to come again"


def limited(served: Served) -> dict[str, int]:
    text = served.ask("/metrics").body.decode()
    return {by: int(text.partition(f'ripeline_limited_total{{by="{by}"}} ')[2].split()[0]) for by in ("key", "address")}


def test_one_address_may_send_so_much(serve: Serve) -> None:
    """The bucket of 5 owes 995 after a thousand, so that 996 are to flow in at one a second."""
    served = serve("[intake]\naddress_rate = 1\naddress_burst = 5\n")
    other = make_write_key(served.workspace, "web", "other", (), 0)
    since = time.monotonic()
    assert served.send(*events(0, 1_000)).status == 200
    reply = served.send(*events(0, 1))
    must_be_limited(reply, 996)
    assert int(reply.headers["retry-after"]) >= ceil(996 - (time.monotonic() - since))
    must_be_limited(served.send(*events(0, 1), key=other), 996)
    must_be_limited(served.send(*events(0, 1), x_forwarded_for="198.51.100.7"), 996)
    picture = served.ask(f"/v1/pixel.gif?writeKey={served.web_key}&event=Opened&userId=ada")
    assert (picture.status, picture.headers["content-type"]) == (429, "image/gif")
    for _ in range(20):
        assert served.send(*events(1_000, 100), key=served.server_key).status == 200, "server keys are not limited"
    assert limited(served) == {"key": 0, "address": 4}
    served.applied()
    assert len(served.stored()) == 1_100, "what was refused is not there, what was taken is"
    assert served.failed() == []


def test_one_key_may_bring_so_much_from_wherever(serve: Serve) -> None:
    served = serve('[intake]\nkey_rate = 1\nkey_burst = 5\ntrusted_proxies = ["127.0.0.1"]\n')
    other = make_write_key(served.workspace, "web", "other", (), 0)
    assert served.send(*events(0, 100), x_forwarded_for="198.51.100.1").status == 200
    must_be_limited(served.send(*events(0, 1), x_forwarded_for="198.51.100.2"), 96)
    assert served.send(*events(0, 1), key=other).status == 200
    assert limited(served) == {"key": 1, "address": 0}


def test_clients_behind_a_trusted_proxy_are_told_apart(serve: Serve) -> None:
    served = serve('[intake]\naddress_rate = 1\naddress_burst = 5\ntrusted_proxies = ["127.0.0.0/8"]\n')
    assert served.send(*events(0, 100), x_forwarded_for="198.51.100.1").status == 200
    assert served.send(*events(0, 100), x_forwarded_for="198.51.100.2").status == 200
    must_be_limited(served.send(*events(0, 1), x_forwarded_for="6.6.6.6, 198.51.100.1"), 96)


def test_unreadable_bodies_count_as_one_and_unknown_keys_are_unknown(serve: Serve) -> None:
    served = serve("[intake]\naddress_rate = 1\naddress_burst = 2\n")
    replies = [served.ask("/v1/t", b"{", authorization=basic(served.web_key)).status for _ in range(2)]
    assert replies == [400, 400]
    must_be_limited(served.ask("/v1/t", b"{", authorization=basic(served.web_key)), 1)
    assert served.ask("/v1/t", b"{}", authorization=basic("rlw_nobody")).status == 401


@pytest.mark.parametrize("client", ["segment", "rudder"])
def test_clients_come_again_and_nothing_is_lost_or_doubled(serve: Serve, client: str) -> None:
    """Batches of seven against a bucket of ten."""
    served = serve("[intake]\naddress_rate = 20\naddress_burst = 10\n")
    told(tell(served, client, "ada", 40, key=served.web_key))
    assert limited(served)["address"] > 0
    stored_once(served, "ada", 40)
    qualified(served, "ada")


WRONG = {
    "address_rate = -1": "intake.address_rate takes a whole number from 0 (no limit)",
    "key_burst = 2.5": "intake.key_burst takes a whole number",
    "key_burst = true": "intake.key_burst takes a whole number",
    "key_burst = 0": "intake.key_burst is 0",
    "key_rat = 1": 'did you mean "key_rate"?',
    'trusted_proxies = "10.0.0.1"': "intake.trusted_proxies takes a list",
    'trusted_proxies = ["proxy.example"]': "'proxy.example' is neither an address nor a network",
    'trusted_proxies = ["10.0.0.1/8"]': "'10.0.0.1/8' is neither an address nor a network",
    "trusted_proxies = [7]": "7 is neither an address nor a network",
}


@pytest.mark.parametrize("line", WRONG)
def test_settings_that_are_wrong_are_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "ripeline.toml").write_text(f"[intake]\n{line}\n", encoding="utf-8")
    done = ripeline("keys", "list", "-w", tmp_path)
    assert (done.returncode, WRONG[line] in done.stderr.replace("\n", " ")) == (1, True), done.stderr
