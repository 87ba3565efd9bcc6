"""Persons are what links make of identifiers: in any order the same, and without a link as if it had never been."""

from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ripeline.identity.links import Links, Whose
from ripeline.identity.persons import Bond, Identifier, persons
from ripeline.identity.ties import Belonging, Tie, within_limits
from ripeline.vocabulary.calendar import EVER, NEVER

USERS, MAILS, DEVICES = (1, 2, 3), (4, 5, 6), (7, 8, 9)
NAMED = {
    **{key: Identifier(key, "user", f"u{key}") for key in USERS},
    **{key: Identifier(key, "email", f"m{key}@example.com") for key in MAILS},
    **{key: Identifier(key, "anonymous", f"d{key}") for key in DEVICES},
}
anchors = st.sampled_from(USERS + MAILS)
bonds = st.lists(
    st.builds(Bond, st.integers(0, 9), st.uuids().map(str), anchors, anchors, st.booleans()).filter(
        lambda bond: bond.one != bond.other
    ),
    max_size=8,
)
ties = st.lists(st.builds(Tie, st.integers(0, 9), st.uuids().map(str), st.sampled_from(DEVICES), anchors), max_size=6)


def told(whose: Whose) -> dict[int, list[Belonging]]:
    return {
        person: sorted(whose.belongings(person), key=lambda one: (one.identifier, one.from_us))
        for person in sorted({whose.person(key) for key in NAMED})
    }


@given(bonds, ties, st.integers(0, 9), st.randoms())
def test_the_order_in_which_links_are_told_does_not_matter(
    known: list[Bond], tied: list[Tie], as_of: int, random: Random
) -> None:
    expected = told(Links(NAMED, known, tied).until(as_of))
    random.shuffle(known)
    random.shuffle(tied)
    assert told(Links(NAMED, [*known, *known[:2]], [*tied, *tied[:2]]).until(as_of)) == expected


@given(bonds, ties, anchors, anchors)
def test_what_is_merged_and_taken_apart_is_as_before(known: list[Bond], tied: list[Tie], one: int, other: int) -> None:
    links = Links(NAMED, known, tied).without([frozenset((one, other))])
    merged = Links(NAMED, [*links.bonds, Bond(10, "by hand", one, other, by_hand=True)], links.ties)
    assert merged.until(10).person(one) == merged.until(10).person(other)
    assert told(merged.without([frozenset((one, other))]).until(10)) == told(links.until(10))


@given(bonds, ties, st.integers(0, 9), st.integers(-1, 10))
def test_every_instant_of_every_identifier_is_one_persons(
    known: list[Bond], tied: list[Tie], as_of: int, at: int
) -> None:
    whose = Links(NAMED, known, tied).until(as_of)
    for key in NAMED:
        owners = [
            person
            for person, owned in told(whose).items()
            for one in owned
            if one.identifier == key and one.from_us <= at < one.until_us
        ]
        assert len(owners) == 1, (key, owners)


def test_a_second_user_does_not_take_over_an_address() -> None:
    found = persons(NAMED, [Bond(1, "a", 1, 4), Bond(2, "b", 2, 4), Bond(3, "c", 2, 5)])
    assert (found.of(4), found.of(5), found.members(1), found.members(2)) == (1, 2, (1, 4), (2, 5))
    assert [bond.id for bond in found.refused] == ["b"]


def test_a_guard_looks_at_whole_persons() -> None:
    # 4 and 5 are one through nobody's user id; 1 has 4, so 2 cannot have 5 any more.
    found = persons(NAMED, [Bond(1, "a", 4, 5), Bond(2, "b", 1, 4), Bond(3, "c", 2, 5)])
    assert found.members(1) == (1, 4, 5)
    assert found.of(2) == 2


def test_somebodys_decision_stands_above_the_guards_and_names_the_person() -> None:
    found = persons(NAMED, [Bond(1, "a", 3, 1, by_hand=True), Bond(2, "b", 3, 2, by_hand=True)])
    assert {found.of(key) for key in USERS} == {3}
    # A user id is shown rather than an address, whichever came first in the decision.
    assert persons(NAMED, [Bond(1, "a", 4, 2, by_hand=True)]).of(4) == 2


def test_an_address_is_shown_until_there_is_a_user() -> None:
    assert persons(NAMED, [Bond(1, "a", 5, 4)]).of(5) == 4
    assert persons(NAMED, [Bond(1, "a", 5, 4), Bond(2, "b", 3, 5)]).of(4) == 3


def test_a_shared_device_leaks_nothing_to_the_second_user() -> None:
    # 4 is the address of user 1: what 7 did before 20 is theirs, whichever of their names it was tied to.
    whose = Links(NAMED, [Bond(1, "a", 1, 4)], [Tie(10, "x", 7, 4), Tie(20, "y", 7, 1), Tie(30, "z", 7, 2)]).until(99)
    assert [one for one in whose.belongings(1) if one.identifier == 7] == [Belonging(7, EVER, 21, 1)]
    assert [one for one in whose.belongings(2) if one.identifier == 7] == [Belonging(7, 21, NEVER, 2)]
    assert (whose.person(7), whose.person(4)) == (2, 1)


def test_devices_that_are_one_go_together() -> None:
    whose = Links(NAMED, [Bond(1, "a", 8, 7, by_hand=True)], [Tie(10, "x", 7, 1)]).until(99)
    assert {whose.person(7), whose.person(8)} == {1}
    assert [one.identifier for one in whose.belongings(1)] == [1, 7, 8]
    assert Links(NAMED, [Bond(1, "a", 8, 7, by_hand=True)]).until(99).person(7) == 8


def _owned(ties_: Sequence[Tie]) -> set[tuple[int, int]]:
    return {(tie.device, tie.user) for tie in within_limits(ties_)}


def test_the_first_devices_and_owners_count() -> None:
    many_devices = [Tie(device, "x", device, 0) for device in range(1, 202)]
    assert _owned(many_devices) == {(device, 0) for device in range(1, 201)}
    many_owners = [Tie(-user, "x", 0, user) for user in range(1, 52)]
    assert _owned(many_owners) == {(0, user) for user in range(2, 52)}
    # Seen again, the first ones are no new ones.
    assert _owned([*many_devices[:200], *(Tie(900, "y", device, 0) for device in range(1, 201))]) == {
        (device, 0) for device in range(1, 201)
    }
