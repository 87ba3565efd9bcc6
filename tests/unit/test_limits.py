"""Buckets of events: what they let through over time, when they say to come again, and whose they are."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.entry.server.limits import Buckets, Limits, client_address
from ripeline.entry.settings import IntakeSettings

PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8:ffff::/48"))


def test_a_full_bucket_lets_through_what_it_holds_then_what_flows_in() -> None:
    bucket = Buckets(rate=4, burst=20)
    for _ in range(20):
        assert bucket.wait_s("a", 50.0) == 0
        bucket.take("a", 1, 50.0)
    assert bucket.wait_s("a", 50.0) == 1, "a quarter of a second, told as a whole one"
    assert bucket.wait_s("a", 50.25) == 0
    assert bucket.wait_s("b", 50.0) == 0, "others have their own"


def test_a_batch_larger_than_the_bucket_is_taken_and_paid_for() -> None:
    """It held 20 of 100: it owes 80, and needs one more to let somebody through: 81 at 4 a second are 20.25 s."""
    bucket = Buckets(rate=4, burst=20)
    bucket.take("a", 100, 0.0)
    assert bucket.wait_s("a", 0.0) == 21
    assert bucket.wait_s("a", 20.2) == 1
    assert bucket.wait_s("a", 20.25) == 0


def test_no_rate_is_no_limit() -> None:
    bucket = Buckets(rate=0, burst=0)
    bucket.take("a", 10**9, 0.0)
    assert (bucket.wait_s("a", 0.0), len(bucket)) == (0, 0)


@given(
    rate=st.integers(1, 50),
    burst=st.integers(1, 100),
    asked=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 60)), min_size=1, max_size=40),
)
def test_never_more_than_the_limit_and_never_told_wrongly(rate: int, burst: int, asked: list[tuple[int, int]]) -> None:
    """In eighths of a second, which are exact: over any time no more than burst, flow and one batch."""
    bucket, eighths, let_through, largest = Buckets(rate, burst), 0, 0, 0
    for pause, events in asked:
        eighths += pause
        now_s = eighths / 8
        wait_s = bucket.wait_s("a", now_s)
        if wait_s:
            assert bucket.wait_s("a", now_s + wait_s + 1e-6) == 0, "who waits as long as told is let through"
            assert bucket.wait_s("a", now_s + wait_s - 1 - 1e-6) > 0, "and nobody is told to wait a second too long"
            continue
        bucket.take("a", events, now_s)
        let_through, largest = let_through + events, max(largest, events)
        assert let_through <= burst + rate * now_s + largest


def test_memory_is_bounded_and_the_busy_are_kept() -> None:
    bucket = Buckets(rate=1, burst=10, most=100)
    for number in range(10_000):
        bucket.take(f"address {number}", 1, 0.0)
        bucket.take("busy", 1, 0.0)
    assert len(bucket) == 100
    assert bucket.wait_s("busy", 0.0) == 10_000 - 10 + 1


def test_the_stricter_limit_speaks() -> None:
    limits = Limits(IntakeSettings(key_rate=1, key_burst=5, address_rate=1, address_burst=3))
    limits.take(1, "a", 4, 0.0)
    assert limits.wait_s(1, "a", 0.0) == (2, "address")
    assert limits.wait_s(1, "b", 0.0)[0] == 0
    limits.take(1, "b", 3, 0.0)
    assert limits.wait_s(1, "c", 0.0) == (3, "key")
    assert limits.wait_s(2, "c", 0.0)[0] == 0


def test_this_machine_is_limited_only_where_a_limit_is_set() -> None:
    """Else everybody behind a proxy on it that nobody has named would share one bucket."""
    usual, own = Limits(IntakeSettings()), Limits(IntakeSettings(address_rate=500))
    for limits in (usual, own):
        for peer in ("127.0.0.1", "::1", "198.51.100.7"):
            limits.take(1, client_address(peer, [], ()), 30_000, 0.0)
    waits = [
        [limits.wait_s(2, client_address(peer, [], ()), 0.0)[0] > 0 for peer in ("127.0.0.1", "::1", "198.51.100.7")]
        for limits in (usual, own)
    ]
    assert waits == [[False, False, True], [True, True, True]]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", [b"6.6.6.6"], "198.51.100.7"),  # whoever is no proxy is not believed
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", [b"198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", [b"6.6.6.6, 198.51.100.7"], "198.51.100.7"),  # what the client wrote itself stands left of it
        ("10.0.0.1", [b"6.6.6.6", b"198.51.100.7, 10.1.1.1"], "198.51.100.7"),  # two headers, two proxies
        ("10.0.0.1", [b"10.0.0.9"], "10.0.0.9"),
        ("10.0.0.1", [b"unknown"], "10.0.0.1"),
        ("10.0.0.1", [b"198.51.100.7, \xff\x00"], "10.0.0.1"),
        ("10.0.0.1", [b"198.51.100.7:4711"], "198.51.100.7"),
        ("10.0.0.1", [b"[2001:db8:1:2::7]:4711"], "2001:db8:1:2::/64"),
        ("10.0.0.1", [b"2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("2001:db8:ffff::1", [b"198.51.100.7"], "198.51.100.7"),
        ("::ffff:10.0.0.1", [b"198.51.100.7"], "198.51.100.7"),  # a socket of both kinds shows IPv4 so
        ("10.0.0.1", [b"6.6.6.6," + b"10.0.0.2," * 5_000 + b"10.0.0.3"], "10.0.0.2"),  # not looked at for ever
        ("", [b"198.51.100.7"], ""),
    ],
)
def test_whose_bucket_it_is(peer: str, forwarded: list[bytes], client: str) -> None:
    assert client_address(peer, forwarded, PROXIES) == client
