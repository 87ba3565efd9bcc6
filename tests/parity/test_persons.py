"""Whose history is whose: SQL for everybody and the core's replay, lead by lead, say the same of every link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.adapters.columnar.columns import BASE
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import links_around
from ripeline.adapters.engines.whose import load_tied
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.ports.scores import Asked
from ripeline.vocabulary.calendar import NEVER
from tests.how_many import most
from tests.parity.workspace import shared_connection

pytestmark = pytest.mark.engine_duckdb

USERS, CRM, MAILS, DEVICES = range(1, 5), range(5, 7), range(7, 11), range(11, 16)
KIND = {
    **dict.fromkeys(USERS, "user"),
    **dict.fromkeys(CRM, "crm"),
    **dict.fromkeys(MAILS, "email"),
    **dict.fromkeys(DEVICES, "anonymous"),
}
anchors, devices = st.sampled_from([*USERS, *CRM, *MAILS]), st.sampled_from(list(DEVICES))
times = st.integers(0, 9)


@dataclass(frozen=True, slots=True)
class Told:
    """A link, bond or retraction as history has it."""

    kind: str
    one: int
    other: int
    ts: int
    known: int
    by_hand: bool = False

    def row(self, number: int) -> dict[str, object]:
        decided = number if self.by_hand else None
        row: dict[str, object] = {"ts": self.ts, "known": self.known, "decided": decided, "source": "test"}
        if self.kind == "links":
            return {**row, "who": self.one, "device": self.other, "id": f"{number:032x}"}
        if self.kind == "retractions":
            one, other = sorted((self.one, self.other))
            return {"one": one, "other": other, "known": self.known, "decided": number}
        # What a person is rather shown by comes first; bonds of a pair have one id: it is the order of equal times.
        one, other = (self.one, self.other) if KIND[self.one] == KIND[self.other] else sorted((self.one, self.other))
        return {**row, "one": one, "other": other, "id": f"{one * 100 + other:032x}"}


def told_of(kind: str, one: st.SearchStrategy[int], other: st.SearchStrategy[int]) -> st.SearchStrategy[Told]:
    found = st.builds(Told, st.just(kind), one, other, times, times, st.booleans())
    return found.filter(lambda told: told.one != told.other)


def by_hand(told: Told) -> Told:
    return replace(told, by_hand=True)


everything = st.lists(
    st.one_of(
        told_of("links", anchors, devices),
        told_of("links", anchors, devices),
        # What is told together are identifiers of several kinds; decisions may bind two of one kind.
        told_of("bonds", anchors, anchors).filter(lambda told: KIND[told.one] != KIND[told.other]),
        told_of("bonds", anchors, anchors).map(by_hand),
        told_of("bonds", devices, devices).map(by_hand),
        told_of("retractions", anchors, devices),
        told_of("retractions", anchors, anchors),
    ),
    max_size=14,
)


def store_of(folder: str, told: Sequence[Told], named: Sequence[int]) -> Store:
    con, book = shared_connection(), SqliteBook(Path(folder) / "book.sqlite")
    writer = HistoryWriter(con, book, Path(folder))
    identifiers = ({"who": key, "kind": KIND.get(key, "anonymous"), "value": f"name {key}"} for key in named)
    load(con, "identifier_records", BASE["identifiers"], identifiers)
    writer.store("identifiers", "identifier_records")
    # Everybody did something, so that nobody is left out as unheard of.
    seen = ({"who": key, "first": 0, "undated": False, "events": 1} for key in named)
    load(con, "presence_records", BASE["presence"], seen)
    writer.store("presence", "presence_records")
    for kind in ("links", "bonds", "retractions"):
        rows = [one.row(number) for number, one in enumerate(told) if one.kind == kind]
        load(con, f"{kind}_records", BASE[kind], rows)
        writer.store(kind, f"{kind}_records")
    writer.commit("records", 0)
    store = Store(con, Path(folder), book.cut())
    book.close()
    return store


def owners(store: Store, as_of: int, known: int | None) -> Callable[[int, int], int]:
    """Return whose an identifier is at an instant, as SQL for everybody has it."""
    load_tied(store, Asked(as_of, known))
    spans = store.con.execute("SELECT who, from_us, until_us, person FROM tied").fetchall()

    def owner(key: int, at: int) -> int:
        found = [person for who, start, end, person in spans if who == key and start <= at < end]
        assert len(found) < 2, found
        return int(found[0]) if found else key

    return owner


def assert_same_persons(
    store: Store, named: Sequence[int], as_of: int, known: int | None, moments: Sequence[int]
) -> None:
    owner = owners(store, as_of, known)
    for key in named:
        whose = links_around(store, [key], known).until(as_of)
        own = {(one.identifier, one.from_us, one.until_us) for one in whose.belongings(whose.person(key))}
        for at in moments:
            by_core = any(who == key and start <= at < end for who, start, end in own)
            assert by_core == (owner(key, at) == whose.person(key)), (key, at)
        assert owner(key, NEVER - 1) == whose.person(key)


@settings(
    max_examples=most(40), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(everything, times, st.one_of(st.none(), times), st.lists(st.sampled_from(list(KIND)), min_size=1, max_size=4))
def test_everybody_at_once_and_one_by_one(told: list[Told], as_of: int, known: int | None, asked: list[int]) -> None:
    with TemporaryDirectory() as folder:
        assert_same_persons(store_of(folder, told, list(KIND)), asked, as_of, known, range(-1, 11))


def test_limits_count_alike() -> None:
    """A user with 201 devices, the last of them also another's; a device with 51 users."""
    user, kiosk, others = 1, 16, list(range(1000, 1051))
    many = [Told("links", user, 2000 + number, number, number) for number in range(201)]
    shared = [Told("links", 2, 2200, 500, 500)]
    crowd = [Told("links", other, kiosk, number, number) for number, other in enumerate(others)]
    named = [1, 2, kiosk, *others, *range(2000, 2201)]
    KIND.update(dict.fromkeys(others, "user"))
    with TemporaryDirectory() as folder:
        store = store_of(folder, [*many, *shared, *crowd], named)
        owner = owners(store, 900, None)
        assert (owner(2199, 5), owner(2200, 5)) == (user, 2)
        assert [owner(kiosk, at) for at in (0, 49, 50)] == [1000, 1049, 1049]
        assert_same_persons(store, [1, 2, kiosk, 1000, 1049, 1050, 2199, 2200], 900, None, (0, 49, 50, 500))


def test_more_than_can_be_named_one_by_one_hang_together_alike() -> None:
    """A device that somebody bound to 201 others, the last of them to yet another one: found from either end."""
    hub, others, last = 11, range(3000, 3201), 3300
    KIND.update(dict.fromkeys([*others, last], "anonymous"))
    crowd = [Told("bonds", hub, other, 1, 1, by_hand=True) for other in others]
    everybody = [hub, *others, last]
    with TemporaryDirectory() as folder:
        store = store_of(folder, [*crowd, Told("bonds", others[-1], last, 1, 1, by_hand=True)], everybody)
        assert all(links_around(store, [one]).about == set(everybody) for one in (hub, others[0], last))
        assert_same_persons(store, [hub, others[0], last], 9, None, (0, 5))
