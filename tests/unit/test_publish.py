"""Which version a roll back takes, and what is told of versions."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from ripeline.adapters.book import published as book
from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.ports.definitions import Draft, Published, PublishedMeanwhileError
from ripeline.usecases.publish import differing, is_live, publish_record, rolled_back, versions_record
from ripeline.vocabulary.issues import InputError


def version(text: str, number: int, *, name: str = "shop") -> Published:
    """A version whose fingerprint is its text; what follows a # in it is a comment."""
    return Published(name, text.partition("#")[0], text, 0, number=number)


A, B, C = version("a", 1), version("b", 2), version("c", 3)


@pytest.mark.parametrize(
    ("log", "to", "expected"),
    [
        ([A, B], None, A),
        ([A, B, C], None, B),
        ([A, B, C], "a", A),
        ([A, B, C], "shop@a", A),
        ([A, B, version("a", 3)], None, B),
        ([A, B, version("b", 3)], None, A),
        ([version("a#1", 1), version("a#2", 2), B], "a", version("a#2", 2)),
    ],
)
def test_a_roll_back_takes_what_was_live_before_or_is_named(
    log: list[Published], to: str | None, expected: Published
) -> None:
    assert rolled_back(log, to) == expected


@pytest.mark.parametrize(
    ("log", "to", "told"),
    [
        ([], None, "nothing was published yet"),
        ([A], None, "one version alone"),
        ([A, B, version("a", 3)], "x", '"x" was never published as shop; published were: a, b'),
    ],
)
def test_a_roll_back_to_nothing_is_refused(log: list[Published], to: str | None, told: str) -> None:
    with pytest.raises(InputError, match=told):
        rolled_back(log, to)


def test_live_is_what_says_the_same_to_the_letter() -> None:
    """A label that changed has the same fingerprint, and is a version all the same; as is what was never published."""
    assert is_live(replace(A, number=0), A)
    assert not is_live(version("a#other", 0), A)
    assert not is_live(replace(A, fingerprint="of newer tables"), A)
    assert not is_live(A, replace(A, number=0))
    assert not is_live(A, None)


def test_files_differ_that_say_something_else_or_are_gone() -> None:
    live = {"a": A, "b": B, "c": C}
    assert differing({"a": "a", "b": "b # new", "d": "never published"}, live) == ("b", "c")


def test_the_youngest_version_is_live() -> None:
    log = [A, version("x", 2, name="other"), B]
    assert [(one["fingerprint"], one["live"]) for one in versions_record(log, "shop")] == [("b", True), ("a", False)]


def test_a_record_tells_whether_something_was_published() -> None:
    told = [publish_record(A, None), publish_record(B, A), publish_record(A, A)]
    assert [(one["instead_of"], one["published"]) for one in told] == [(None, True), ("a", True), ("a", False)]


@pytest.fixture
def db(tmp_path: Path) -> sqlite3.Connection:
    SqliteBook(tmp_path / "book.sqlite").close()
    return sqlite3.connect(tmp_path / "book.sqlite", isolation_level=None)


def test_who_comes_second_is_refused(db: sqlite3.Connection) -> None:
    """Two had looked at the same version; the file of the second is not put in place."""
    first = book.publish(db, A, 0, lambda: None)
    second = book.publish(db, B, first.number, lambda: None)
    placed = list[str]()
    with pytest.raises(PublishedMeanwhileError):
        book.publish(db, C, first.number, lambda: placed.append("c"))
    assert (placed, book.live(db), book.last_number(db)) == ([], {"shop": second}, second.number)
    db.close()


def test_what_cannot_be_put_in_place_is_not_published(db: sqlite3.Connection) -> None:
    def full() -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        book.publish(db, A, 0, full)
    assert (book.versions(db), book.last_number(db)) == ([], 0)
    db.close()


def test_the_position_of_a_version_is_written_once(db: sqlite3.Connection) -> None:
    number = book.publish(db, A, 0, lambda: None).number
    book.note_live(db, [number], 7)
    book.note_live(db, [number], 9)
    assert [one.position for one in book.versions(db)] == [7]
    db.close()


def test_a_draft_goes_when_it_is_published(db: sqlite3.Connection) -> None:
    """Not where somebody has gone on working on it."""
    book.save_draft(db, Draft("shop", "a", 0))
    book.save_draft(db, Draft("shop", "b", 1))
    first = book.publish(db, A, 0, lambda: None)
    assert book.draft(db, "shop") == Draft("shop", "b", 1)
    book.publish(db, B, first.number, lambda: None)
    assert book.draft(db, "shop") is None
    db.close()
