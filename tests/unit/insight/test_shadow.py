"""Our MQLs beside the CRM's, counted by hand. Days are those of March 2026, in UTC."""

import pytest

from ripeline.insight.journey import Journey
from ripeline.insight.shadow import Called, Shadow, first_called, shadow
from ripeline.usecases.shadow import Refused, Told, called_of, period_of
from ripeline.usecases.sla import Period
from ripeline.vocabulary.calendar import UTC_ZONE
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.rates import Rate
from tests.unit.insight.march import day, line


def compared(journeys: dict[int, Journey], called: dict[int, Called]) -> Shadow:
    return shadow(journeys, called, day(1), day(32) - 1, UTC_ZONE)


def leads(made: Shadow) -> dict[str, int]:
    return {name: group.leads for name, group in made.groups.items()}


def test_who_is_in_which_group() -> None:
    """1 in both; 2 ours alone; 3 theirs alone; 4 ours in another month, and not theirs: in none; 5 theirs, and ours before."""
    made = compared(
        {
            1: Journey("both", [line(3, "mql")]),
            2: Journey("ours", [line(4, "sales_qualified")]),
            3: Journey("theirs", [line(5, "suppressed")]),
            4: Journey("earlier", [line(-20, "mql")]),
            5: Journey("long ours", [line(-20, "mql")]),
        },
        {1: Called("both", day(4)), 3: Called("theirs", day(4)), 5: Called("long ours", day(9))},
    )
    assert leads(made) == {"ours": 3, "theirs": 3, "both": 2, "only_ours": 1, "only_theirs": 1}
    (alone,) = made.groups["only_theirs"].examples
    assert (alone.lead, alone.cause, alone.stage) == ("theirs", None, "suppressed")


def test_who_was_earlier() -> None:
    """We were 1 and 3 days earlier, the CRM 2, one on one day; a minute before midnight is a day before a minute after.

    What came by import came with history, whenever it was ripe: its day is not compared.
    """
    causes = ["event", "time", "hand_raise", "event", "event", "import", "definition"]
    ours = [3, 5, 9, 6.1, 7.999, 1, 1]
    theirs = [4, 8, 7, 6.9, 8.001, 20, 20]
    made = compared(
        {n: Journey(f"l{n}", [line(ours[n], "mql", causes[n])]) for n in range(7)},
        {n: Called(f"l{n}", day(theirs[n])) for n in range(7)},
    )
    assert list(made.days_earlier) == [-2, 0, 1, 1, 3]
    assert dict(made.groups["both"].causes) == {"event": 3, "time": 1, "hand_raise": 1, "import": 1, "definition": 1}


def test_what_became_of_them() -> None:
    """Accepted by the CRM's word, else by a person's move; won only by a deal after the first of both called them MQL."""
    made = compared(
        {
            1: Journey("a", [line(3, "mql"), line(4, "sales_accepted", "person", "maria")], [day(9)]),
            2: Journey("b", [line(3, "mql"), line(4, "recycled", "person", "maria")], [day(2)]),
            # Nobody said anything; the deal has no time.
            3: Journey("c", [line(3, "mql")], [None]),
            # Sales qualified by a score is nobody's word.
            4: Journey("d", [line(3, "sales_qualified")], [day(2.5)]),
            # The CRM had it earlier, and the deal came between the two.
            5: Journey("e", [line(8, "mql"), line(9, "recycled", "person", "maria")], [day(6)]),
        },
        {5: Called("e", day(5), accepted=True)},
    )
    only_ours, both = made.groups["only_ours"], made.groups["both"]
    assert (only_ours.accepted, only_ours.won) == (Rate(1, 2), Rate(2, 4))
    assert (both.accepted, both.won) == (Rate(1, 1), Rate(1, 1))
    assert (made.groups["ours"].accepted, made.groups["ours"].won) == (Rate(2, 3), Rate(3, 5))


def test_the_first_time_counts_that_the_crm_called_somebody_so() -> None:
    """Two rows of one person, by two names: the earlier day; accepted once is accepted."""
    rows = [(1, Called("ada", day(5), accepted=False)), (1, Called("a@x.example", day(3), accepted=True))]
    assert first_called(rows) == {1: Called("ada", day(3), accepted=True)}


def test_rows_that_cannot_be_read_are_told() -> None:
    rows = [
        Told("line 2", "ada", "2026-03-02", "Yes"),
        Told("line 3", " ", "2026-03-02"),
        Told("line 4", "bob", "soon"),
        Told("line 5", "cem", "2026-03-05", "perhaps"),
        Told("line 6", "dan", "2026-04-05"),
        Told("line 7", "eve", "2026-03-04T06:00:00Z", ""),
    ]
    called, refused = called_of(rows, UTC_ZONE, day(31))
    # A date is its last microsecond.
    assert called == [Called("ada", day(3) - 1, accepted=True), Called("eve", day(4.25), accepted=None)]
    assert refused == [
        Refused("line 3", "names no lead"),
        Refused("line 4", '"soon" is no time; write a date such as 2026-03-31 or a time such as 2026-03-31T12:00:00Z'),
        Refused("line 5", '"perhaps" is neither accepted (true, yes, 1, accepted) nor not (false, no, 0, rejected)'),
        Refused("line 6", '"2026-04-05" is still to come'),
    ]
    assert period_of(called, refused, UTC_ZONE) == Period(day(2), day(5) - 1)
    with pytest.raises(InputError, match="nothing to compare with; line 3: names no lead"):
        period_of([], refused, UTC_ZONE)
