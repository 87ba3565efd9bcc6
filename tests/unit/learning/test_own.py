"""Rules of a company's own definition: sums are held as scoring holds them, and caps follow their points."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.learning.own import Award, Held, Limits, Own, held
from ripeline.plan import nodes
from ripeline.scoring.limits import WHOLE_SHARE, Part, limited_total, supported

GROUPS = ("a", "b", None)
ends = st.one_of(st.none(), st.integers(-30, 30))
limits = st.builds(lambda most, least: (most, least), ends, ends)
parts = st.lists(st.builds(Part, st.integers(-20, 20), st.sampled_from(GROUPS), st.booleans()), max_size=8)


@given(parts=parts, of=st.tuples(limits, limits, limits), share=st.sampled_from((0, 25_000, WHOLE_SHARE)))
def test_sums_are_held_as_scoring_holds_them(
    parts: list[Part], of: tuple[tuple[int | None, int | None], ...], share: int
) -> None:
    """With groups, floors, caps and weak evidence. Scoring cuts to whole units, which learning does not."""
    told = [nodes.Limits(name, *end) for name, end in zip(("a", "b", "all"), of, strict=True)]
    full, _ = limited_total(parts, told)
    strong, _ = limited_total([part for part in parts if not part.weak], told)
    expected = supported(full, strong, share) if any(part.weak for part in parts) else full
    *groups, total = (Held(one.at_most, one.floor) for one in told)
    found = held(
        [Award(np.array([float(part.micro)]), part.group, part.weak) for part in parts],
        Limits(tuple(zip(("a", "b"), groups, strict=True)), total, share / WHOLE_SHARE),
        1,
    )
    assert expected <= found[0] < expected + 1


def test_a_cap_follows_its_points() -> None:
    """As many units as before fill it, and it turns with them."""
    rule = Own("engagement", "visits", "Visits", points=5.0, most=20.0)
    assert (rule.most_at(5), rule.most_at(10), rule.most_at(-3), rule.most_at(0.7)) == (20, 40, -12, 3)
    assert rule.given(10, np.array([1.0, 4.0, 9.0])).tolist() == [10, 40, 40]
    assert rule.given(-3, np.array([1.0, 4.0, 9.0])).tolist() == [-3, -12, -12]


@pytest.mark.parametrize("points", [5.0, 7.0])
def test_without_a_cap_every_unit_counts(points: float) -> None:
    rule = Own("engagement", "visits", "Visits", points=5.0)
    assert rule.given(points, np.array([0.0, 40.0])).tolist() == [0, 40 * points]
