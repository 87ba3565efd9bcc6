"""Bodies to events: what cannot be read is told, and one bad event never takes the others with it."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.intake.unpack import (
    LARGEST_BODY,
    MOST_EVENTS,
    MOST_MARKS,
    MOST_MEMBERS,
    Parts,
    UnreadableError,
    parts_of,
    unpacked,
)


def code_of(body: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        parts_of(unpacked(body))
    return caught.value.code


def test_gzip_is_known_by_its_first_bytes() -> None:
    """Also where it comes in several members."""
    packed = gzip.compress(b'{"batch":[{"a":1},', mtime=0) + gzip.compress(b'{"b":2}]}')
    assert parts_of(unpacked(packed)).events == (b'{"a":1}', b'{"b":2}')


def test_a_body_is_a_batch_or_one_event() -> None:
    batch = parts_of(b'{"batch": [{"a": 1}], "sentAt": "2026-01-01T00:00:00Z", "writeKey": "k"}')
    assert (batch.batch, batch.events, batch.sent_at, batch.key) == (True, (b'{"a": 1}',), "2026-01-01T00:00:00Z", "k")
    single = parts_of(b'{"type": "track", "api_key": "k"}')
    assert (single.batch, single.events, single.key) == (False, (b'{"type": "track", "api_key": "k"}',), "k")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"[]", "not_json"),
        (b"null", "not_json"),
        (b'{"batch": [', "not_json"),
        (b'{"batch": 3}', "not_a_batch"),
        (b'{"batch": [], "batch": [{"a": 1}]}', "duplicate_keys"),
        (b"\x1f\x8b broken", "not_gzip"),
        (gzip.compress(b'{"batch": []}', mtime=0)[:-4], "not_gzip"),
        (b" " * (LARGEST_BODY + 1), "too_large"),
        (gzip.compress(b" " * (LARGEST_BODY + 1)), "too_large"),
        (b'{"batch":[' + b"1," * MOST_EVENTS + b"1]}", "too_large"),
        (b'{"batch":[' + b"1," * MOST_EVENTS + b'"\\ud800"]}', "too_large"),
        (gzip.compress(b"", mtime=0) * MOST_MEMBERS + gzip.compress(b"{}"), "not_gzip"),
        (b'{"batch":[01' + b"," * MOST_MARKS + b"]}", "not_json"),
    ],
)
def test_what_is_no_body(body: bytes, code: str) -> None:
    assert code_of(body) == code


def test_a_bomb_is_not_unpacked() -> None:
    """Ten gigabytes in a few members: no more is unpacked than is taken."""
    member = gzip.compress(b"0" * 10_000_000, mtime=0)
    assert code_of(member * 1_000) == "too_large"


def test_whole_json_may_be_as_involved_as_it_likes() -> None:
    """It is not split by Python, which would take seconds."""
    events = [{"batch": [1] * 100}] * 8_000
    body = json.dumps({"batch": events}).encode()
    assert body.count(b",") > MOST_MARKS
    assert len(parts_of(body).events) == len(events)


def test_no_batch_is_one_event() -> None:
    for body in (b'{"batch":null,"a":1}', b'{"batch":null,"a":"\xff"}'):
        assert (parts_of(body).batch, parts_of(body).events) == (False, (body,))


@pytest.mark.parametrize(
    "said", [b'"writeKey":"\xff"', b'"sentAt":"\xed\xa0\x80"', b'"api_key":{"\xff":1}', b'"x":"\xff"']
)
def test_what_a_body_says_of_itself_may_be_no_text(said: bytes) -> None:
    parts = parts_of(b'{"batch":[{"a":1}],' + said + b"}")
    assert (parts.events, parts.key, parts.sent_at) == ((b'{"a":1}',), None, None)


@pytest.mark.parametrize(
    "bad",
    [
        b'{"a": "\xff"}',
        b'{"a": 1e}',
        b'{"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"a" 1}',
        b'"[{"',
        b"nul",
        b'{"\\ud800": 1}',
    ],
)
def test_a_bad_event_leaves_the_others(bad: bytes) -> None:
    parts = parts_of(b'{"batch": [{"a": 1}, ' + bad + b' ,{"b": "]}"}], "writeKey": "k"}')
    assert parts.events[0] == b'{"a": 1}'
    assert parts.events[-1] == b'{"b": "]}"}'
    assert len(parts.events) == 3
    assert parts.key == "k"


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers() | st.none(), max_size=3)))
def test_events_come_out_as_they_were_put_in(events: list[dict[str, object]]) -> None:
    """Whether the fast reading can take them or the one by brackets must."""
    plain = json.dumps({"batch": events}).encode()
    assert [json.loads(event) for event in parts_of(plain).events] == events
    odd = plain[:-1] + b', "odd": "\xff"}'
    assert [json.loads(event) for event in parts_of(odd).events] == events


def read(body: bytes) -> Parts | UnreadableError:
    try:
        return parts_of(unpacked(body))
    except UnreadableError as error:
        return error


@given(st.binary(max_size=200) | st.text('{}[]",:\\abct1', max_size=60).map(str.encode))
def test_nothing_that_comes_breaks_it(body: bytes) -> None:
    """It is refused with a reason, or it is one object, and what comes out of it is part of it."""
    found = read(body)
    if isinstance(found, UnreadableError):
        assert found.code in {"not_json", "not_gzip", "not_a_batch", "duplicate_keys"}
        assert found.message
        return
    assert body.strip().startswith(b"{")
    assert all(event in body for event in found.events)
    assert found.batch or found.events == (body,)
