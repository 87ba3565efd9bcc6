"""Chances worked by hand, and against the method as it is told: a table of counts, and one product a lead."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.learning.acts import Acts, Kind
from ripeline.learning.arrays import Floats
from ripeline.learning.odoo import odoo_of
from ripeline.learning.sample import Numbers, Sample, Texts, Trait
from tests.unit.learning.done import done_at

Text = str | None


def known(won: int, lost: int) -> Floats:
    return np.array([1.0] * won + [0.0] * lost)


def percents(learned: Sample, asked: Mapping[str, Trait], rows: int) -> list[float]:
    chances = odoo_of(learned).chances(Sample(np.zeros(rows), asked))
    return [round(float(chance) * 100, 2) for chance in chances]


def acts(kinds: Sequence[tuple[Kind, Sequence[tuple[int, int]]]], rows: int) -> Acts:
    """What rows did: (row, times) of each kind, on days of their own."""
    done = [(place, row, times) for place, (_, each) in enumerate(kinds) for row, times in each]
    kind, row, times = np.array(done, dtype=np.int64).reshape(-1, 3).T
    return Acts(tuple(kind for kind, _ in kinds), kind, done_at(row, np.arange(len(row)), times), np.full(rows, 90))


# ---- by hand --------------------------------------------------------------------------------------------


def test_a_field_moves_the_rate_of_all() -> None:
    """10 won, 8 of them by web and 2 by event; 30 lost, 12 and 18."""
    source = Texts.of(["web"] * 8 + ["event"] * 2 + ["web"] * 12 + ["event"] * 18)
    # web: 10.1/40.2 x 8.1/10.2 against 30.1/40.2 x 12.1/30.2; event: x 2.1/10.2 against x 18.1/30.2
    assert percents(Sample(known(10, 30), {"source": source}), {"source": Texts.of(["web", "event"])}, 2) == [
        39.94,
        10.34,
    ]


def test_with_no_field_there_is_the_rate_of_all() -> None:
    assert percents(Sample(known(10, 30), {}), {}, 2) == [25.12, 25.12]  # 10.1 / 40.2
    assert percents(Sample(known(1, 0), {}), {}, 1) == [91.67]  # 1.1 / 1.2


def test_blanks_are_skipped_when_counting_and_when_asked() -> None:
    """Of 4 won 2 are a, 2 blank; of 4 lost 1 is a, 3 are b. The rate of all is one half."""
    learned = Sample(known(4, 4), {"x": Texts.of(["a", "a", None, None, "a", "b", "b", "b"])})
    # a: 2.1/2.2 against 1.1/4.2; b: 0.1/2.2 against 3.1/4.2
    assert percents(learned, {"x": Texts.of(["a", "b", None])}, 3) == [78.47, 5.80, 50.0]


@pytest.mark.parametrize("asked", [{"x": Texts.of(["c"])}, {"x": Numbers(np.array([1.0]))}, {}])
def test_what_was_never_seen_tells_nothing(asked: Mapping[str, Trait]) -> None:
    learned = Sample(known(4, 4), {"x": Texts.of(["a"] * 3 + ["b"] * 5), "y": Numbers(np.arange(8.0))})
    assert percents(learned, asked, 1) == [50.0]


def test_texts_are_known_by_name() -> None:
    """Another sample has other levels in other places."""
    learned = Sample(known(4, 4), {"x": Texts.of(["b", "b", "b", "c", "c", "c", "c", "b"])})
    b, c = percents(learned, {"x": Texts.of(["b", "c"])}, 2)
    assert percents(learned, {"x": Texts.of(["z", "c", "a", "b"])}, 4) == [50.0, c, 50.0, b]


def test_numbers_are_cut_into_five_equal_parts_of_what_was_learned() -> None:
    """1 to 10, of which 9 and 10 were won: 1 and 2 are a part, and so on."""
    learned = Sample(np.array([0.0] * 8 + [1.0] * 2), {"x": Numbers(np.arange(1.0, 11.0))})
    asked = Numbers(np.array([9.0, 10.0, 99.0, 8.5, 8.0, 3.0, -5.0, np.nan]))
    # 2.1 / 8.1 x (2.1 / 2.5) / (0.1 / 8.5) is 18.51; x (0.1 / 2.5) / (2.1 / 8.5) is 0.04198
    most, least = 94.87, 4.03
    assert percents(learned, {"x": asked}, 8) == [most, most, most, most, least, least, least, 20.59]


def test_a_number_that_many_rows_have_stands_for_itself() -> None:
    learned = Sample(np.tile([0.0, 1.0], 50), {"x": Numbers(np.array([0.0] * 95 + [1.0, 2.0, 3.0, 4.0, 5.0]))})
    zero, *others = percents(learned, {"x": Numbers(np.array([0.0, 1.0, 7.0]))}, 3)
    assert others[0] == others[1] != zero


def test_how_often_things_were_done_is_a_field() -> None:
    """Of 4 won 2 did it more than once, 1 once and 1 never; of 4 lost 1 once and 3 never."""
    did = [(0, 5), (1, 1), (1, 1), (2, 1), (4, 1)]
    learned = Sample(known(4, 4), {}, acts([(Kind("page"), did)], 8))
    asked = Sample(np.zeros(3), {}, acts([(Kind("email"), [(0, 1)]), (Kind("page"), [(1, 1), (2, 3)])], 3))
    # never: 1.1/4.3 against 3.1/4.3; once: 1.1 against 1.1; more: 2.1 against 0.1
    assert (odoo_of(learned).chances(asked) * 100).round(2).tolist() == [26.19, 50.0, 95.45]
    nobody = Sample(np.zeros(1), {}, acts([(Kind("email"), [(0, 1)])], 1))
    assert odoo_of(learned).chances(nobody) == pytest.approx([0.2619])
    assert odoo_of(learned).chances(Sample(np.zeros(1), {})) == pytest.approx([0.5])


def test_only_events_by_name_are_fields_not_what_was_in_them() -> None:
    did = acts([(Kind("track", "demo"), [(0, 1)]), (Kind("track", "demo", "plan", "big"), [(0, 1)])], 4)
    assert [len(field) for field, _ in odoo_of(Sample(known(2, 2), {}, did)).fields] == [3]


def test_however_much_speaks_for_it_no_chance_is_certain() -> None:
    """Twenty fields that all say the same, as if each were news: Odoo stops at 99.99 percent."""
    told = {str(place): Texts.of(["yes"] * 50 + ["no"] * 50) for place in range(20)}
    assert percents(Sample(known(50, 50), told), {name: Texts.of(["yes", "no"]) for name in told}, 2) == [99.99, 0.01]


def test_a_number_known_only_of_rows_that_do_not_count_tells_nothing() -> None:
    weight, number = np.array([1.0, 1.0, 0.0]), Numbers(np.array([np.nan, np.nan, 5.0]))
    table = odoo_of(Sample(known(1, 2), {"x": number}, weight=weight))
    assert table.chances(Sample(np.zeros(1), {"x": Numbers(np.array([5.0]))})) == pytest.approx([0.5])


def test_without_leads_there_is_no_chance() -> None:
    with pytest.raises(ValueError, match="there is none"):
        odoo_of(Sample(np.empty(0), {}))


# ---- as it is told --------------------------------------------------------------------------------------

TEXTS = st.sampled_from([None, "a", "b", "c"])
LEADS = st.lists(st.tuples(TEXTS, TEXTS, st.booleans(), st.integers(0, 3)), min_size=1, max_size=40)
Leads = list[tuple[Text, Text, bool, int]]


def plainly(leads: Leads, asked: tuple[Text, Text]) -> float:
    """A table of (field, value) with won and lost, each row of it from 0.1 on, and one product."""
    table: dict[tuple[str, Text], list[float]] = {}
    for one, other, won, _ in leads:
        for key in (("stage", "New"), ("one", one), ("other", other)):
            if key[1] is not None:
                table.setdefault(key, [0.1, 0.1])[not won] += 1
    first = table["stage", "New"]
    scores = [each / sum(first) for each in first]
    for key in (("one", asked[0]), ("other", asked[1])):
        if key in table:
            for side in (0, 1):
                scores[side] *= table[key][side] / sum(
                    row[side] for (field, _), row in table.items() if field == key[0]
                )
    return min(max(round(100 * scores[0] / sum(scores), 2), 0.01), 99.99)


def sample_of(leads: Leads) -> Sample:
    one, other, won, _ = zip(*leads, strict=True)
    return Sample(np.array(won, dtype=np.float64), {"one": Texts.of(one), "other": Texts.of(other)})


def with_size(sample: Sample, sizes: Sequence[float], weight: Floats) -> Sample:
    return Sample(sample.won, {**sample.traits, "size": Numbers(np.array(sizes, dtype=np.float64))}, weight=weight)


@given(LEADS, LEADS)
def test_it_is_the_table_and_the_product(leads: Leads, asked: Leads) -> None:
    chances = odoo_of(sample_of(leads)).chances(sample_of(asked))
    assert chances * 100 == pytest.approx([plainly(leads, lead[:2]) for lead in asked], abs=0.0101)
    assert ((chances > 0) & (chances < 1)).all()


@given(LEADS.filter(lambda leads: any(lead[3] for lead in leads)))
def test_rows_count_as_much_as_they_weigh(leads: Leads) -> None:
    """A row of weight 3 is three rows, and one of none is not there."""
    many = np.array([float(lead[3]) for lead in leads])
    copies = [(lead, place % 7) for place, lead in enumerate(leads) for _ in range(lead[3])]
    weighed = with_size(sample_of(leads), [place % 7 for place in range(len(leads))], many)
    copied = with_size(sample_of([lead for lead, _ in copies]), [size for _, size in copies], np.ones(len(copies)))
    assert odoo_of(weighed).chances(weighed) == pytest.approx(odoo_of(copied).chances(weighed), abs=1e-4)
