"""What names somebody who was erased is known by tombstones, in calls and in what cannot be read."""

import gzip

import pytest

from ripeline.intake.calls import Receipt, read_call
from ripeline.intake.erased import Tombstone, Tombstones, hashed
from ripeline.vocabulary.calendar import EVER, NEVER
from ripeline.vocabulary.people import IdentifierKind

SECRET = "s"
STONES = Tombstones(
    SECRET,
    [
        *(Tombstone("user", hashed(SECRET, value), EVER, NEVER) for value in ("7", "ada")),
        Tombstone("email", hashed(SECRET, "ada@corp.example"), EVER, NEVER),
        Tombstone("anonymous", hashed(SECRET, "d1"), EVER, NEVER),
        Tombstone("anonymous", hashed(SECRET, "d2"), EVER, 100),
        Tombstone("anonymous", hashed(SECRET, "d2"), 200, 300),
    ],
)


@pytest.mark.parametrize(
    ("at_us", "covered"), [(99, True), (100, False), (199, False), (200, True), (299, True), (300, False)]
)
def test_a_shared_device_is_theirs_for_stretches(at_us: int, covered: bool) -> None:
    assert STONES.covers("anonymous", "d2", at_us) is covered
    assert not STONES.covers("anonymous", "d2"), "it is somebody else's too"


@pytest.mark.parametrize(
    ("who", "kept"),
    [
        ('"userId": "bob", "anonymousId": "d9"', ("bob", "d9")),
        ('"userId": "bob", "anonymousId": "d1"', ("bob", None)),
        ('"userId": "bob", "anonymousId": "d2"', ("bob", "d2")),
        ('"userId": 7', None),
        ('"userId": 70', ("70", None)),
        ('"anonymousId": "d1"', None),
        ('"userId": "bob", "context": {"traits": {"email": "Ada@corp.example"}}', None),
        ('"userId": "ADA@corp.example"', None),
        ('"anonymousId": "d9", "properties": {"email": "ada@corp.example "}', None),
    ],
)
def test_calls(who: str, kept: tuple[str, str | None] | None) -> None:
    """What is kept of a call, its user and its device; None where nothing is."""
    raw = f'{{"type": "track", "event": "Hit", "messageId": "m", {who}}}'.encode()
    spared = STONES.spared(read_call(raw, Receipt(150, "web", trusted=False)))
    assert (None if spared is None else (spared.user, spared.device)) == kept


@pytest.mark.parametrize(
    ("event", "named"),
    [
        (b'{"userId": "ada", "event": "Hi', True),
        (b'{"userId"\n:7,', True),
        (b'{"userId": "a\\u0064a"', True),
        (b'{"n": 7, "event": "ada"}', False),
        (b'{"userId": "bob", "userId": "ada"}', True),
        (b'{"anonymousId": "d1"', True),
        (b"to <ADA@corp.example>!", True),
        (b'{"mail": "ada\\u0040corp.example"}', True),
        (b"?to=ada%40corp.example&x", True),
        (b"madada@corp.example", False),
        (gzip.compress(b'[{"userId": "ada"}]', mtime=0)[:-6], True),
        (b"\xff\xfe\x00", False),
    ],
)
def test_what_cannot_be_read(event: bytes, named: bool) -> None:
    assert STONES.named_in(event, 0) is named


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ('{"lead": "ada", "n": 1}', True),
        ("x;ada;2026", True),
        ('{"lead": "bob", "mail": "Ada@Corp.example"}', True),
        ('{"lead": "adam"}', False),
    ],
)
def test_refused_rows(row: str, named: bool) -> None:
    assert STONES.told_in(row) is named


def test_long_words_are_looked_at_once() -> None:
    """A megabyte of one letter, and of marks, is no work: at every letter anew it would take minutes."""
    for part in (b"y", b"a@", b"\\", b'"id"  ', b'"'):
        assert not STONES.named_in(part * (2**20 // len(part)), 0)
        assert not STONES.told_in((part * (2**20 // len(part))).decode())


THEIRS: tuple[tuple[IdentifierKind, str], ...] = (("user", "7"), ("email", "ada@corp.example"), ("anonymous", "d1"))
REMOVED = Tombstones(
    SECRET,
    [
        *(STONES.of(kind, value).ending(199) for kind, value in THEIRS),
        STONES.of("anonymous", "d2", EVER, 100).ending(199),
    ],
)


@pytest.mark.parametrize(
    ("who", "before", "later"),
    [
        ('"userId": 7', None, ("7", None)),
        ('"userId": "ada@corp.example"', None, ("ada@corp.example", None)),
        ('"userId": "bob", "anonymousId": "d1"', ("bob", None), ("bob", "d1")),
        ('"anonymousId": "d1"', None, (None, "d1")),
        ('"userId": "bob", "anonymousId": "d2"', ("bob", "d2"), ("bob", "d2")),
    ],
)
def test_who_was_removed_may_come_again(
    who: str, before: tuple[str, str | None] | None, later: tuple[str | None, str | None]
) -> None:
    """What is kept of a call from before the removal, however late it comes, and of one from afterwards."""
    raw = f'{{"type": "track", "event": "Hit", "messageId": "m", {who}}}'.encode()
    for at_us, kept in ((199, before), (200, later)):
        spared = REMOVED.spared(read_call(raw, Receipt(at_us, "web", trusted=False)))
        assert (None if spared is None else (spared.user, spared.device)) == kept


def test_tombstones_of_removals_end_and_are_made_whole_again() -> None:
    whole = [one.unending() for one in REMOVED.stones if one.removed]
    assert whole == [STONES.of(kind, value) for kind, value in THEIRS]
    assert not REMOVED.knows("user", "7"), "whoever has it by now is somebody else"
    assert not REMOVED.is_name("7")
    assert REMOVED.told_in("ada@corp.example;x", 199)
    assert not REMOVED.told_in("ada@corp.example;x", 200)
