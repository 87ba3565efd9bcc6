"""The invented salespeople: repeatable, each at their own pace, and true to the story's deals."""

from dataclasses import replace

from ripeline.adapters.sources.demo.answers import PACES, GivenLead, answers_to
from ripeline.handoff.answers import VERBS

MINUTE_US = 60_000_000
GIVEN = GivenLead(number=1, lead="L-00001", owner="ben", fit=40, asked=False, at_us=0, deal=None)


def after(at_us: int, minutes: float) -> int:
    """Count every minute as working time."""
    return at_us + round(minutes * MINUTE_US)


def of_many(given: GivenLead) -> list[list[str]]:
    """Return the verbs that 400 such leads are answered by."""
    many = (replace(given, number=number) for number in range(400))
    return [[one.verb for one in answers_to(one, after)] for one in many]


def test_the_same_lead_is_answered_the_same() -> None:
    assert [*answers_to(GIVEN, after)] == [*answers_to(GIVEN, after)]


def test_whoever_fits_is_taken_up_more_often() -> None:
    def taken(fit: float) -> int:
        return sum(verbs[:1] == ["accept"] or verbs[:1] == ["touch"] for verbs in of_many(replace(GIVEN, fit=fit)))

    assert taken(0) < taken(30) < taken(60)


def test_everybody_has_a_pace_and_who_asked_waits_less() -> None:
    def half(given: GivenLead) -> int:
        firsts = [next(iter(answers_to(replace(given, number=number), after)), None) for number in range(400)]
        times = sorted(one.at_us for one in firsts if one)
        return times[len(times) // 2]

    assert half(replace(GIVEN, owner="anna")) < half(GIVEN) < half(replace(GIVEN, owner="carla"))
    assert all(half(replace(GIVEN, owner=name, asked=True)) < half(replace(GIVEN, owner=name)) for name in PACES)


def test_the_slow_one_leaves_some_unanswered() -> None:
    assert 0 < of_many(replace(GIVEN, owner="carla")).count([]) < 80


def test_a_deal_ends_when_and_as_the_story_has_it() -> None:
    ends_us = 30 * 24 * 60 * MINUTE_US
    for end in ("won", "lost"):
        for number in range(100):
            answers = [*answers_to(replace(GIVEN, number=number, deal=(end, ends_us)), after)]
            decided = [one for one in answers if one.verb in {"won", "lost"}]
            assert all((one.verb, one.at_us) == (end, ends_us) for one in decided)
            assert decided or not answers or answers[0].verb in {"reject", "recycle"}


def test_answers_are_known_and_in_order_of_time() -> None:
    for number in range(200):
        answers = [*answers_to(replace(GIVEN, number=number), after)]
        assert {one.verb for one in answers} <= {*VERBS}
        assert [one.at_us for one in answers] == sorted(one.at_us for one in answers)
