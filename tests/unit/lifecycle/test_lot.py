"""A lot says the same to every reader, draws about as many as it says, and never fewer of a larger share."""

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from ripeline.adapters.engines.lots import is_drawn_sql
from ripeline.lifecycle.lot import is_drawn
from tests.parity.definitions import plan_of
from tests.unit.definition.texts import definition_text

LEADS = [f"lead-{number}" for number in range(10_000)]


def test_as_many_are_drawn_as_were_said() -> None:
    """A quarter of 10,000 lies within 200 of 2,500 but once in 250,000 times: 4.6 standard errors of 43."""
    drawn = sum(is_drawn(25_000, "poor", "high", lead) for lead in LEADS)
    assert abs(drawn - 2_500) < 200


def test_one_cell_says_nothing_of_another() -> None:
    """Of those that one cell drew, another draws its share again: about 1,000 of 2,000."""
    first = [lead for lead in LEADS if is_drawn(20_000, "poor", "high", lead)]
    assert abs(sum(is_drawn(50_000, "poor", "low", lead) for lead in first) - len(first) / 2) < 110


@given(st.text(), st.integers(0, 100_000), st.integers(0, 100_000))
def test_who_is_drawn_by_a_share_is_drawn_by_a_larger_one(lead: str, one: int, other: int) -> None:
    small, large = sorted((one, other))
    assert is_drawn(small, "a", "b", lead) <= is_drawn(large, "a", "b", lead)
    assert not is_drawn(0, "a", "b", lead)
    assert is_drawn(100_000, "a", "b", lead)


MATRIX = """\
matrix:
  good: {high: handoff, low: {action: nurture, by_lot: 30%}}
  poor: {high: {action: follow_up, by_lot: 0.5%}, low: nurture}
  unknown: {high: nurture, low: {action: none, by_lot: 100%}}
"""


def test_the_engine_draws_the_same() -> None:
    """SQL and Python agree of each of 10,000 names, some of them with signs that quoting might break."""
    plan, con = plan_of(definition_text(matrix=MATRIX)), duckdb.connect()
    names = [*LEADS[:5_000], *(f"it's \\{number}\n\u00e4\U0001f600" for number in range(5_000))]
    con.execute("CREATE TABLE leads AS SELECT unnest(?::VARCHAR[]) AS lead", [names])
    for fit, cells in plan.definition.matrix.items():
        for interest, cell in cells.items():
            rows = "(SELECT lead, ?::VARCHAR AS fit_level, ?::VARCHAR AS engagement_level FROM leads)"
            query = f"SELECT lead FROM {rows} s WHERE {is_drawn_sql(plan, 's')}"
            found = {lead for (lead,) in con.execute(query, [fit, interest]).fetchall()}
            assert found == {lead for lead in names if is_drawn(cell.by_lot, fit, interest, lead)}
    assert is_drawn_sql(plan_of(definition_text()), "s") == "FALSE"
