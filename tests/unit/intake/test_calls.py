"""Events to calls that count, or to the reason why they do not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.intake.calls import (
    LARGEST_EVENT,
    LONGEST_ID,
    MOST_FIELDS,
    REASONS,
    Call,
    Receipt,
    RefusedError,
    read_call,
)
from ripeline.vocabulary.calendar import EARLIEST_US
from ripeline.vocabulary.values import Value, typed

RECEIVED_US = 1_790_000_000_000_000
WEB = Receipt(RECEIVED_US, "web", trusted=False)
TRACK: dict[str, Any] = {"type": "track", "event": "Hit", "userId": "u", "messageId": "m"}
SECOND_US = 1_000_000


def call(receipt: Receipt = WEB, /, **changes: object) -> Call:
    return read_call(json.dumps(TRACK | changes).encode(), receipt)


def reason(raw: bytes | None = None, /, **changes: object) -> str:
    with pytest.raises(RefusedError) as caught:
        read_call(json.dumps(TRACK | changes).encode() if raw is None else raw, WEB)
    assert caught.value.reason in REASONS
    return caught.value.reason


def nested(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = {"a": value}
    return value


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"type": "hit"}, "unknown_type"),
    ({"type": None}, "unknown_type"),
    ({"messageId": None}, "no_message_id"),
    ({"messageId": ""}, "no_message_id"),
    ({"messageId": "m" * (LONGEST_ID + 1)}, "no_message_id"),
    ({"userId": None}, "no_lead_id"),
    ({"userId": "  "}, "no_lead_id"),
    ({"userId": "Anonymous"}, "no_lead_id"),
    ({"userId": "00000000-0000-0000-0000-000000000000"}, "no_lead_id"),
    ({"userId": -1}, "no_lead_id"),
    ({"userId": ["u"]}, "no_lead_id"),
    ({"type": "group"}, "no_group_id"),
    ({"type": "group", "groupId": "null"}, "no_group_id"),
    ({"event": None}, "no_event_name"),
    ({"event": ""}, "no_event_name"),
    ({"event": {}}, "no_event_name"),
    ({"timestamp": "yesterday"}, "impossible_time"),
    ({"timestamp": "2026-02-30T00:00:00Z"}, "impossible_time"),
    ({"timestamp": [2026]}, "impossible_time"),
    ({"timestamp": "9999-12-31T23:59:59Z"}, "impossible_time"),
    ({"timestamp": 12}, "impossible_time"),
    ({"properties": nested(30)}, "too_deep"),
    ({"properties": nested(900)}, "too_deep"),
    ({"properties": {str(key): key for key in range(MOST_FIELDS)}}, "too_many_fields"),
    ({"properties": {"text": "x" * LARGEST_EVENT}}, "too_large"),
]


@pytest.mark.parametrize(("changes", "expected"), REFUSED)
def test_what_does_not_count(changes: dict[str, Any], expected: str) -> None:
    assert reason(**changes) == expected


REFUSED_BYTES = [
    (b"[]", "not_an_object"),
    (b"7", "not_an_object"),
    (b"{", "not_json"),
    (b'{"a": "\xff"}', "not_json"),
    (b'{"type": "track", "type": "page"}', "duplicate_keys"),
    (b'{"type" : "track", "properties": {"a" : 1, "a" :2}}', "duplicate_keys"),
    (b'{"note": "\\":\\":", "properties": [{"a": 1, "a": 2}]}', "duplicate_keys"),
    (b'{"a":' + b"[" * 9_000 + b"]" * 9_000 + b"}", "too_deep"),
]


@pytest.mark.parametrize(("raw", "expected"), REFUSED_BYTES)
def test_bytes_that_do_not_count(raw: bytes, expected: str) -> None:
    assert reason(raw) == expected


def test_a_text_that_looks_like_keys_is_fine() -> None:
    assert call(properties={"json": '{"a":1,"a":2}'}).fields == {"properties.json": '{"a":1,"a":2}'}


def test_every_reason_has_a_case() -> None:
    """`id_reused` needs two events and is tested with the inbox."""
    listed = {expected for _, expected in (*REFUSED, *REFUSED_BYTES)}
    assert set(REASONS) - {"id_reused"} == listed


def test_the_route_names_the_call_where_it_does_not_itself() -> None:
    record = {key: value for key, value in TRACK.items() if key != "type"}
    assert (
        read_call(json.dumps(record).encode(), Receipt(RECEIVED_US, "web", trusted=False, kind="track")).kind == "track"
    )


def test_identify_states_top_level_before_context() -> None:
    one = call(type="identify", traits={"a": 1, "b": None, "c": ""}, context={"traits": {"a": 2, "d": "x"}})
    assert one.traits() == {"a": Value(number=1_000_000), "b": None, "d": typed("x")}


def test_traits_in_the_context_of_an_event_are_not_its_fields() -> None:
    one = call(context={"traits": {"email": "a@b.de"}, "page": {"path": "/x"}}, properties={"utm.source": "n"})
    assert one.fields == {"context.page.path": "/x", 'properties."utm.source"': "n"}


def test_one_message_is_one_id_in_a_source() -> None:
    other = Receipt(RECEIVED_US + 1, "shop", trusted=True)
    assert call().id == call(sentAt="2026-01-01").id != call(other).id


@pytest.mark.parametrize(
    "change",
    [{"event": "Other"}, {"properties": {"a": 1}}, {"timestamp": "2026-01-01"}, {"type": "page", "name": "Hit"}],
)
def test_a_digest_tells_messages_apart(change: dict[str, Any]) -> None:
    assert call().digest != call(**change).digest


def test_a_digest_does_not_look_at_what_clients_fill_in_later() -> None:
    later = call(sentAt="2026-01-01T00:00:00Z", userId="v", anonymousId="x", context={"retry": 1})
    assert call().digest == later.digest
    assert call(properties={"a": 1, "b": 2}).digest == call(properties={"b": 2, "a": 1}).digest


@pytest.mark.parametrize(
    ("receipt", "changes", "expected_s"),
    [
        (WEB, {}, 0),
        (WEB, {"timestamp": RECEIVED_US // 1000 - 60_000}, -60),
        (WEB, {"timestamp": RECEIVED_US // 1000 + 60_000}, 0),
        (
            Receipt(RECEIVED_US, "web", False, sent_at=RECEIVED_US // 1000 + 600_000),
            {"timestamp": RECEIVED_US // 1000 + 590_000},
            -10,
        ),
        (
            Receipt(RECEIVED_US, "web", False, sent_at=RECEIVED_US // 1000 - 600_000),
            {"timestamp": RECEIVED_US // 1000 - 610_000},
            -10,
        ),
        (
            Receipt(RECEIVED_US, "web", False, sent_at=RECEIVED_US // 1000 - 600_000, retried=True),
            {"timestamp": RECEIVED_US // 1000 - 610_000},
            -610,
        ),
        (WEB, {"timestamp": RECEIVED_US // 1000 - 610_000, "sentAt": RECEIVED_US // 1000 - 600_000}, -610),
        (Receipt(RECEIVED_US, "web", False, sent_at="never"), {"timestamp": RECEIVED_US // 1000 - 10_000}, -10),
        (WEB, {"originalTimestamp": RECEIVED_US // 1000 - 5_000}, -5),
        (WEB, {"originalTimestamp": RECEIVED_US // 1000 - 5_000, "timestamp": RECEIVED_US // 1000 - 9_000}, -9),
    ],
)
def test_when_it_happened(receipt: Receipt, changes: dict[str, Any], expected_s: int) -> None:
    assert call(receipt, **changes).time_us - RECEIVED_US == expected_s * SECOND_US


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from([*TRACK, "properties", "context", "traits", "timestamp", "sentAt", "anonymousId"]), json_values
    )
)
def test_anything_is_a_call_or_has_its_reason(changes: dict[str, object]) -> None:
    """And what is a call can be written down."""
    try:
        one = read_call(json.dumps(TRACK | changes).encode(), WEB)
    except RefusedError:
        return
    assert all(isinstance(typed(raw), Value | None) for _, raw in one.fields.items())
    assert all(value is None or isinstance(value, Value) for value in one.traits().values())
    assert one.time_us <= RECEIVED_US


def test_a_clock_set_right_stays_among_the_dates() -> None:
    """Else nothing could write the time down again."""
    late = Receipt(RECEIVED_US, "web", False, sent_at="9990-01-01T00:00:00Z")
    assert call(late, timestamp="0001-02-01T00:00:00Z").time_us == EARLIEST_US
