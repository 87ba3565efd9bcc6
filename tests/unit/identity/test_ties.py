"""Whose an anonymous device is: the next user it is tied to, else the last before."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ripeline.identity.ties import Tie, belongings
from ripeline.vocabulary.calendar import EVER, NEVER

ties = st.lists(
    st.builds(Tie, st.integers(0, 6), st.sampled_from("abcdefgh"), st.integers(7, 8), st.integers(1, 3)),
    min_size=1,
    max_size=8,
    unique_by=lambda tie: (tie.time_us, tie.id, tie.device),
)


@given(ties, st.integers(-1, 8))
def test_an_event_goes_to_the_next_tie_else_to_the_last(found: list[Tie], time_us: int) -> None:
    for device in {tie.device for tie in found}:
        own = sorted(tie for tie in found if tie.device == device)
        following = [tie for tie in own if tie.time_us >= time_us]
        expected = (following[0] if following else own[-1]).user
        persons = [
            one.person
            for one in belongings(found)
            if one.identifier == device and one.from_us <= time_us < one.until_us
        ]
        assert persons == [expected]


@given(ties, st.randoms())
def test_every_instant_has_one_owner_whatever_the_order(found: list[Tie], random: Random) -> None:
    shuffled = [*found, *found]
    random.shuffle(shuffled)
    spans = belongings(shuffled)
    assert spans == belongings(found)
    for device in {tie.device for tie in found}:
        own = [one for one in spans if one.identifier == device]
        assert own[0].from_us == EVER
        assert own[-1].until_us == NEVER
        assert all(one.until_us == other.from_us for one, other in pairwise(own))
