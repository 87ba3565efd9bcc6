"""What is said of salespeople besides the file: field by field before it, and nothing else is changed."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ripeline.handoff.sales_entries import PEOPLE, TEAMS, SalesEntry, entry_with, overlaid

FILE: dict[str, Any] = {
    "timezone": "Europe/Berlin",
    "people": {"maria": {"mail": "m@a.example", "weight": 2}, "jon": {"mail": "j@a.example"}},
    "teams": {"all": {"members": ["maria", "jon"], "manager": "maria"}},
}


def test_nothing_said_is_the_file() -> None:
    assert overlaid(FILE, []) == FILE
    assert overlaid({}, []) == {}


def test_a_field_goes_before_the_file_and_others_stay() -> None:
    found = overlaid(FILE, [SalesEntry(PEOPLE, "maria", {"weight": 5, "capacity": 3})])
    assert found["people"]["maria"] == {"mail": "m@a.example", "weight": 5, "capacity": 3}
    assert found["people"]["jon"] == FILE["people"]["jon"]
    assert FILE["people"]["maria"]["weight"] == 2


def test_who_is_new_comes_last() -> None:
    found = overlaid(FILE, [SalesEntry(PEOPLE, "ada", {"mail": "a@a.example"})])
    assert list(found["people"]) == ["maria", "jon", "ada"]


def test_who_is_removed_is_in_no_team() -> None:
    """Also a team that was told itself."""
    gone = [SalesEntry(PEOPLE, "jon", removed=True), SalesEntry(TEAMS, "some", {"members": ["jon", "maria"]})]
    found = overlaid(FILE, gone)
    assert list(found["people"]) == ["maria"]
    assert {name: team["members"] for name, team in found["teams"].items()} == {"all": ["maria"], "some": ["maria"]}
    # Whoever manages it is missed: that is told when it is read.
    left = overlaid(FILE, [SalesEntry(PEOPLE, "maria", removed=True)])
    assert left["teams"]["all"] == {"members": ["jon"], "manager": "maria"}


def test_what_was_said_of_somebody_who_left_the_file_says_nothing() -> None:
    assert (
        overlaid(FILE, [SalesEntry(PEOPLE, "kim", {"weight": 5}), SalesEntry(TEAMS, "old", {"manager": "jon"})]) == FILE
    )


def test_a_file_that_is_wrong_stays_wrong() -> None:
    wrong = {"people": {"maria": "x"}, "teams": {"all": 3, "some": {"members": "maria"}}}
    entries = [SalesEntry(PEOPLE, "maria", {"weight": 2}), SalesEntry(PEOPLE, "jon", removed=True)]
    assert overlaid(wrong, entries) == wrong


def test_fields_are_said_and_given_back() -> None:
    first = entry_with([], PEOPLE, "maria", {"weight": 5, "label": "Maria"})
    second = entry_with([first], PEOPLE, "maria", {"weight": None, "capacity": 3})
    assert second.told == {"label": "Maria", "capacity": 3}


def test_who_comes_back_begins_anew() -> None:
    gone = SalesEntry(PEOPLE, "maria", {"weight": 5}, removed=True)
    assert entry_with([gone], PEOPLE, "maria", {"label": "M"}) == SalesEntry(PEOPLE, "maria", {"label": "M"})


FIELDS = st.dictionaries(st.sampled_from(["mail", "weight", "label"]), st.integers(1, 3) | st.none(), max_size=3)


@given(said=st.lists(st.tuples(st.sampled_from(["maria", "jon"]), FIELDS), max_size=6))
def test_the_last_word_on_each_field_holds(said: list[tuple[str, dict[str, Any]]]) -> None:
    entries: dict[str, SalesEntry] = {}
    last: dict[tuple[str, str], Any] = {}
    for name, fields in said:
        entries[name] = entry_with(entries.values(), PEOPLE, name, fields)
        last |= {(name, key): value for key, value in fields.items()}
    found = overlaid(FILE, entries.values())["people"]
    for name, of_file in FILE["people"].items():
        told = {key: value for (who, key), value in last.items() if who == name and value is not None}
        assert found[name] == {**of_file, **told}
