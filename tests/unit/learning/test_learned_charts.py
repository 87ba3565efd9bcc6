"""The charts of the report of learning: marks stand where they should, worked by hand."""

from collections.abc import Iterator

from tests.unit.learning.learned_reports import AGAIN, ONE_PART, RECORD, read


def places(marks: list[dict[str, str | None]], *names: str) -> Iterator[tuple[float, ...]]:
    for mark in marks:
        yield tuple(float((mark[name] or "").rstrip("%")) for name in names)


def test_groups_are_drawn_where_they_are() -> None:
    # The scale goes from 0 to 50 %: 6 of 200, and 90 of 220. Of three rows no share is told, and none is drawn.
    dots = list(places(read(RECORD).every("circle", "dot"), "cx", "cy"))
    assert dots == [(10.0, 94.0), (80.0, 18.18)]


def test_the_proposed_line_is_drawn_on_the_curve() -> None:
    # 40 leads a week, a quarter of them handed over; 55 of 100 wins. The other rings are the goals'.
    rings = list(places(read(RECORD).every("circle", "ring"), "cx", "cy"))
    assert rings == [(25.0, 45.0), (25.0, 50.0), (55.0, 50.0), (80.0, 50.0)]
    assert len(read(AGAIN).every("circle", "ring")) == 3


def test_what_sales_cannot_answer_is_drawn() -> None:
    (beyond,) = [one for one in read(RECORD).every("rect", "beyond") if one["x"] != "1"]
    assert (beyond["x"], beyond["width"]) == ("50%", "50%")
    assert not read(ONE_PART).every("rect", "beyond")


def test_levels_are_drawn_on_the_curve_of_likelihood() -> None:
    # Points from -10 to 40: good begins at 12.
    (good,) = [one for one in read(ONE_PART).every("rect", "under") if one["x"] != "1"]
    assert (good["x"], good["width"]) == ("44%", "56%")
    assert not read(RECORD).every("rect", "under")


def test_bars_are_as_long_as_their_points() -> None:
    # From -10 to 30: 0 is at a quarter, 21 points are 52.5 % of it, and 4 points less 10 % on its left.
    found = read(RECORD)
    bars = list(places([*found.every("rect", "plus"), *found.every("rect", "minus")], "x", "width"))
    assert (25.0, 52.5) in bars
    assert (15.0, 10.0) in bars
