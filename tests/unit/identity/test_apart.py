"""Taking apart: a merge by hand goes back whole, an identifier is cut off alone, and always it is no longer theirs."""

from hypothesis import given

from ripeline.identity.apart import owns, pairs_apart
from ripeline.identity.links import Links
from ripeline.identity.persons import Bond
from ripeline.identity.ties import Tie
from tests.unit.identity.test_persons import NAMED, anchors, bonds, ties


def test_a_merge_is_taken_back_and_nothing_else() -> None:
    # 1 has address 4, 2 has address 5 and device 7; then 1 and 2 were merged.
    own = [Bond(1, "a", 1, 4), Bond(2, "b", 2, 5)]
    links = Links(NAMED, [*own, Bond(9, "c", 1, 2, by_hand=True)], [Tie(3, "x", 7, 2)])
    for lead, identifier in ((1, 2), (2, 1), (1, 5), (4, 7)):
        assert [sorted(pair) for pair in pairs_apart(links, 10, lead, identifier)] == [[1, 2]]


def test_an_address_or_a_device_is_cut_off() -> None:
    links = Links(NAMED, [Bond(1, "a", 1, 4)], [Tie(3, "x", 7, 1), Tie(4, "y", 7, 4), Tie(5, "z", 8, 1)])
    assert pairs_apart(links, 10, 1, 8) == [(1, 8)]
    assert pairs_apart(links, 10, 1, 4) == [(1, 4)]
    assert sorted(pairs_apart(links, 10, 1, 7)) == [(1, 7), (4, 7)]


def test_a_device_of_an_earlier_time_can_be_cut_off_too() -> None:
    links = Links(NAMED, [], [Tie(3, "x", 7, 1), Tie(6, "y", 7, 2)])
    assert pairs_apart(links, 10, 1, 7) == [(1, 7)]
    assert pairs_apart(links, 10, 3, 7) == []


@given(bonds, ties, anchors, anchors)
def test_it_is_no_longer_theirs(known: list[Bond], tied: list[Tie], lead: int, identifier: int) -> None:
    if lead == identifier:
        return
    links = Links(NAMED, known, tied)
    pairs = {frozenset(pair) for pair in pairs_apart(links, 10, lead, identifier)}
    assert owns(links.until(10), lead, identifier) == bool(pairs)
    assert not owns(links.without(pairs).until(10), lead, identifier)
