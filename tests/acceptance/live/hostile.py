"""Requests that no tracking client sends: what real ones send, changed by chance, the same for the same seed."""

import gzip
import json
import os
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.acceptance.examples import ROOT

CAPTURES = (
    Path(os.environ.get("RIPELINE_SHARED_DATA") or ROOT.parent / "shared" / "data").absolute().parent / "captures"
)
"""Recorded requests of real clients; without them only invented ones are changed."""

KINDS = ("track", "page", "screen", "identify", "group", "alias")
DEEP = 10_000
WRITTEN_OUT: tuple[bytes, ...] = (
    b"1e308",
    b"-1e308",
    b"1e999",
    b"5e-324",
    b"-0.0",
    b"9" * 200,
    b"-" + b"9" * 25,
    b"9" * 5_000,
    b"0." + b"3" * 400,
    b"01",
    b"NaN",
    b"-Infinity",
    rb'"\ud800"',
    rb'"\udc00\ud800"',
    rb'"\ud83d\ude00"',
    rb'"a\u0000b"',
    b'"a\x00b"',
    b'"\xff\xfe"',
    b'"\xed\xa0\x80"',
    b'"\xc0\x80"',
    b"[" * DEEP + b"]" * DEEP,
    b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    b'{"a":' * 14 + b"1" + b"}" * 14,
    b'{"a":1,"a":2}',
    b'{"a":1,"\\u0061":2}',
    b'{"a" : "x\\":", "b":2}',
    b'{"":{"":{"":0}}}',
    b'{"a\\u0000":1,"a\\ufffd":2}',
    b'{"Plan":1,"plan":2,"PLAN":3,"plan^1":4}',
    b'{"\xc3\x89t\xc3\xa9":1,"\xc3\xa9t\xc3\xa9":2}',
    b'{"a.b":1,"a":{"b":2},"a\\"b":3,"a\'b":4}',
    b'{"x:text":1,"x":{"text":null},"x:unset":null,"who":1,"ts":"a"}',
    b'{"' + b"kK" * 4_000 + b'":1}',
    b'"' + b"x" * 40_000 + b'"',
    b"[" + b"1," * 9_000 + b"1]",
    b"[[1],{},[null],1e308,true]",
    b"",
    b"{",
    b'"',
    b"tru",
)
"""JSON, or nearly, that Python's own encoder would not write; it stands where a mark stood."""

ODD: tuple[object, ...] = (
    *(None, True, False, 0, -1, 2**53, 2**63 - 1, 2**63, -(2**63), 2**64, 10**18, 10**19, 0.1, 1e-7, 1e15, 123456789.0000005),
    *("", " ", "0", "null", "Anonymous", "\u200b", "\u00a0", "\ufeff", "\u202eada", "\U0001f600" * 80, "I\u0307", "\u1e9e", "ﬃ"),
    *("x" * 255, "x" * 256, "e\u0301", "a,b\r\n=1+1", "'; DROP TABLE events; --", "../../etc/passwd", "\x1f", "\x7f", "\u2028"),
    *("0001-01-01", "0001-01-02T00:00:00Z", "0001-03-01T00:00:00Z", "9999-12-31", "9999-12-30T23:59:59.999999999+14:00"),
    *("2026-02-30", "2026-01-01T24:00:00Z", "1969-12-31T23:59:60Z", "-1790000000000", "1790000000", 1790000000000, 10**17, -5),
    *([], {}, [[]], [{}], [None], {"a": None}, {"a": []}, ["x", 1, True, None, {"b": 2}]),
)  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """One request. events: how many it holds, None where that cannot be told without reading it."""

    route: str
    body: bytes
    events: int | None
    headers: Mapping[str, str]


@cache
def recorded() -> tuple[dict[str, Any], ...]:
    """The events that clients of the wire format taken here sent, each once more as they came."""
    found: list[dict[str, Any]] = []
    for file in sorted(CAPTURES.glob("[rs][ue][dg]*.json")):
        for request in json.loads(file.read_bytes())["requests"]:
            found += request["body"].get("batch") or [request["body"]]
    return tuple(found)


def invented(rng: Random) -> dict[str, Any]:
    """An event of everyday size, of few people, so that they meet."""
    number = rng.randrange(200)
    event: dict[str, Any] = {
        "type": rng.choice(KINDS),
        "event": f"Event {number % 9}",
        "messageId": f"m{rng.randrange(10**6)}",
    }
    event |= {"anonymousId": f"device-{number}"} if number % 3 else {"userId": f"user {number}", "previousId": "p"}
    event["timestamp"] = f"2026-0{1 + number % 9}-01T00:00:{number % 60:02}Z"
    event["properties"] = {"plan": "pro", "price": number / 7, "page": {"path": "/pricing", "tags": ["a", "b"]}}
    event["traits"] = {"email": f"u{number}@acme.example", "size": number, "title": "Head of IT"}
    event["context"] = {
        "traits": {"email": None, "phone": "1"},
        "campaign": {"source": "news"},
        "library": {"name": "x"},
    }
    return event


def hostile(seed: int, count: int, names: int = 3_000) -> Iterator[Hostile]:
    """Yield as many requests. names: how many different property names are invented in all."""
    rng = Random(seed)
    for _ in range(count):
        yield _request(rng, names)


def _request(rng: Random, names: int) -> Hostile:
    events = [_event(rng, names) for _ in range(rng.choice((1, 1, 2, 3, 8)))]
    single = len(events) == 1 and rng.random() < 0.5
    whole: dict[str, Any] = events[0] if single else {"batch": events}
    if rng.random() < 0.4:
        whole["sentAt"] = rng.choice(ODD)
    headers = rng.choice(
        ({}, {}, {}, {"X-Retry-Count": "2"}, {"SentAt": "9990-01-01T00:00:00Z"}, {"Content-Type": "x/\xff"})
    )
    body, kept = _written_out(rng, json.dumps(whole, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass"))
    return _packed(rng, Hostile(rng.choice(KINDS) if single else "batch", body, len(events) if kept else None, headers))


def _event(rng: Random, names: int) -> dict[str, Any]:
    event = deepcopy(rng.choice(recorded())) if recorded() and rng.random() < 0.5 else invented(rng)
    if rng.random() < 0.8:  # else it is a copy of a recorded one, or counts
        event["messageId"] = f"m{rng.randrange(10**6)}"
    for change in rng.choices(CHANGES, k=rng.choice((0, 1, 1, 2, 5))):
        change(rng, event, names)
    return event


def _place(rng: Random, event: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """A key somewhere in an event, the upper levels more often."""
    here: dict[str, Any] = event
    while True:
        key = rng.choice(sorted(here))
        if not (isinstance(here[key], dict) and here[key]) or rng.random() < 0.4:
            return here, key
        here = here[key]


def _odd(rng: Random, event: dict[str, Any], names: int) -> None:
    here, key = _place(rng, event)
    here[key] = deepcopy(rng.choice(ODD))


def _marked(rng: Random, event: dict[str, Any], names: int) -> None:
    here, key = _place(rng, event)
    # Half of the large ones are small ones instead: they take most of the time.
    number = rng.choice([rng.randrange(len(WRITTEN_OUT)), rng.randrange(20)])
    here[key] = f"@@{number}@@"


def _swapped(rng: Random, event: dict[str, Any], names: int) -> None:
    (here, key), (there, other) = _place(rng, event), _place(rng, event)
    here[key], there[other] = deepcopy([there[other], here[key]])


def _renamed(rng: Random, event: dict[str, Any], names: int) -> None:
    here, key = _place(rng, event)
    changed = (key.upper(), key + ".x", f'"{key}"', key + "\x00", key + "^1", "", key + ":text", key * 40, "É" + key)
    here[rng.choice(changed)] = here.pop(key)


def _left_out(rng: Random, event: dict[str, Any], names: int) -> None:
    here, key = _place(rng, event)
    if len(event) > 1:
        del here[key]


def _crowded(rng: Random, event: dict[str, Any], names: int) -> None:
    """Names that nobody else uses: each becomes a column. One time in ten, more than are taken."""
    many = 400 if rng.random() < 0.1 else 20
    own = {f"Key.{rng.randrange(names)}": deepcopy(rng.choice(ODD)) for _ in range(many)}
    event[rng.choice(("properties", "traits", "context"))] = own


CHANGES: tuple[Callable[[Random, dict[str, Any], int], None], ...] = (
    *(_odd, _odd, _odd, _marked, _marked, _swapped, _renamed, _left_out, _crowded),
)


def _written_out(rng: Random, body: bytes) -> tuple[bytes, bool]:
    """Put what stands for each mark there; say whether the brackets still tell the events apart."""
    kept = True
    for number, text in enumerate(WRITTEN_OUT):
        mark = b'"@@%d@@"' % number
        if mark in body:
            body, kept = body.replace(mark, text), kept and text not in {b"", b"{", b'"', b"tru"}
    return body, kept


def _packed(rng: Random, request: Hostile) -> Hostile:
    """The bytes: mostly as they are or packed, else broken."""
    body, chance = request.body, rng.random()
    if chance < 0.6:
        return request
    if chance < 0.75:
        return Hostile(request.route, _gzip(body), request.events, request.headers)
    return Hostile(request.route, rng.choice(BREAKS)(rng, body), None, request.headers)


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 1, mtime=0)


def _flipped(rng: Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(rng.choice((1, 1, 3, 30))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


@cache
def _bomb() -> bytes:
    return _gzip(b'{"batch":[' + b" " * 50_000_000)


BREAKS: tuple[Callable[[Random, bytes], bytes], ...] = (
    *(_flipped, _flipped, _flipped, _flipped),
    lambda rng, body: body[: rng.randrange(len(body))],
    lambda rng, body: body[rng.randrange(len(body)) :],
    lambda rng, body: _gzip(body)[: rng.randrange(2, 200)],
    lambda rng, body: _flipped(rng, _gzip(body)),
    lambda rng, body: _gzip(body[:99]) + _gzip(body[99:]) + rng.choice((b"", b"\x00" * 9)),
    lambda rng, body: _bomb() if rng.random() < 0.05 else _gzip(_gzip(body)),
    lambda rng, body: rng.choice((b"\xef\xbb\xbf", b" \n\t", b"[", b'"', b"\x00")) + body,
    lambda rng, body: body + rng.choice((b"}", b"]", b"\x00", b"{}", b'"', b"\xff", b" ")),
    lambda rng, body: body.decode("utf-8", "replace").encode("utf-16"),
    lambda rng, body: b64encode(body),
    lambda rng, body: body[:-1] + b',"writeKey":"\xff","batch":[1]}',
    lambda rng, body: body[:-1] + b',"sentAt":"\xed\xa0\x80","api_key":"\\ud800"}',
    lambda rng, body: b'{"batch":' * rng.choice((2, DEEP)) + body + b"}" * 2,
    lambda rng, body: b'{"batch":[' + b"{}," * rng.choice((0, 50)) + body + b"]}",
    lambda rng, body: b"",
)
