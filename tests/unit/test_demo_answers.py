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


def test_whose_deal_is_still_to_be_decided_is_taken_up_and_its_end_is_told_by_nobody() -> None:
    deal = replace(GIVEN, fit=-30, deal=("won", after(0, 30 * 24 * 60)))
    many = of_many(deal)
    assert sum(verbs[0] in {"accept", "touch"} for verbs in many) > 360
    assert sum("qualify" in verbs for verbs in many) > 300
    assert not any({"won", "lost"} & {*verbs} for verbs in many)


def test_answers_are_known_and_in_order_of_time() -> None:
    for number in range(200):
        answers = [*answers_to(replace(GIVEN, number=number), after)]
        assert {one.verb for one in answers} <= {*VERBS}
        assert [one.at_us for one in answers] == sorted(one.at_us for one in answers)
