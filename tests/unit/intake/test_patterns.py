"""What several acts together show: mail scanners and bursts, and what people may do all the same."""

import random
from collections.abc import Iterable

import pytest

from ripeline.intake.patterns import Act, Patterns, crowded, scanned

SECOND = 1_000_000
USUAL = Patterns()


def act(id_: str, seconds: float, name: str, mail: str | None = "m1", link: str | None = None) -> Act:
    return Act(id_, int(seconds * SECOND), name, mail, link)


def delivered(seconds: float, mail: str = "m1") -> Act:
    return act(f"delivered {mail}", seconds, "Email Delivered", mail)


def opened(id_: str, seconds: float, mail: str | None = "m1") -> Act:
    return act(id_, seconds, "Email Opened", mail)


def clicked(id_: str, seconds: float, link: str | None, mail: str | None = "m1") -> Act:
    return act(id_, seconds, "Email Link Clicked", mail, link)


@pytest.mark.parametrize(
    ("after", "found"),
    [(0, True), (1, True), (5, True), (5.000001, False), (60, False), (-5, True), (-5.000001, False)],
)
def test_opened_before_anybody_can_have_seen_it(after: float, found: bool) -> None:
    acts = [delivered(100), opened("o", 100 + after)]
    assert scanned(acts, USUAL) == ({"o": "too_soon"} if found else {})


def test_another_mail_that_was_just_delivered_says_nothing() -> None:
    assert scanned([delivered(100, "m2"), opened("o", 101), clicked("c", 101, "/a")], USUAL) == {}
    assert scanned([delivered(100), opened("o", 101, None)], USUAL) == {}, "of an unknown mail"


def test_a_mail_that_was_delivered_again() -> None:
    acts = [delivered(100), delivered(5_000), opened("late", 3_000), opened("soon", 5_001)]
    assert scanned(acts, USUAL) == {"soon": "too_soon"}


def test_all_links_at_once() -> None:
    """A scanner an hour after delivery: three links in two seconds; the person's own click comes later."""
    acts = [
        delivered(0),
        clicked("s1", 3_600, "/a"),
        clicked("s2", 3_601, "/b"),
        clicked("s3", 3_602, "/c"),
        clicked("own", 4_000, "/b"),
    ]
    assert scanned(acts, USUAL) == {"s1": "all_links", "s2": "all_links", "s3": "all_links"}


@pytest.mark.parametrize(
    "clicks",
    [
        # Two links in ten seconds, as people do.
        [clicked("a", 0, "/a"), clicked("b", 10, "/b")],
        # Two links within a second: too few to say.
        [clicked("a", 0, "/a"), clicked("b", 1, "/b")],
        # One link, impatiently.
        [clicked(str(n), n / 4, "/a") for n in range(8)],
        # Three links, but never three within five seconds.
        [clicked("a", 0, "/a"), clicked("b", 3, "/b"), clicked("c", 6, "/c"), clicked("d", 9, "/d")],
        # Three links of three mails.
        [clicked("a", 0, "/a", "m1"), clicked("b", 1, "/b", "m2"), clicked("c", 2, "/c", "m3")],
        # Links that are not told.
        [clicked(str(n), 0, None) for n in range(5)],
    ],
)
def test_a_person_is_no_scanner(clicks: list[Act]) -> None:
    assert scanned([delivered(-3_600), *clicks], USUAL) == {}


def test_a_long_run_over_the_links_is_taken_whole() -> None:
    """A link every second: each three of them lie within five seconds."""
    clicks = [clicked(f"c{n}", n, f"/{n}") for n in range(9)]
    assert scanned(clicks, USUAL) == {f"c{n}": "all_links" for n in range(9)}


def test_mails_have_the_names_that_a_company_gives_them() -> None:
    own = Patterns(delivered=("Sent",), opened=("Seen",), clicked=("Followed",), soon_seconds=2)
    acts = [act("d", 0, "Sent"), act("o", 2, "Seen"), act("c", 3, "Followed", link="/a"), opened("other", 1)]
    assert scanned(acts, own) == {"o": "too_soon"}


FEW = Patterns(burst_events=3, burst_seconds=10)


def hits(*seconds: float) -> list[Act]:
    return [Act(f"{at:g}", int(at * SECOND)) for at in seconds]


def test_more_than_a_person_can_do() -> None:
    """Four within ten seconds, less a moment: those alone."""
    assert crowded(hits(0, 100, 101, 102, 109.9, 300), FEW) == dict.fromkeys(["100", "101", "102", "109.9"], "burst")


@pytest.mark.parametrize("times", [(0, 1, 2), (0, 1, 2, 10), (0, 4, 8, 12, 16, 20), ()])
def test_as_much_as_a_person_can_do(times: tuple[float, ...]) -> None:
    assert crowded(hits(*times), FEW) == {}


def shuffled(acts: Iterable[Act], seed: int) -> list[Act]:
    mixed = list(acts)
    random.Random(seed).shuffle(mixed)
    return mixed


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_arrival_does_not_matter(seed: int) -> None:
    rng = random.Random(seed)
    links = [clicked(f"c{n}", rng.randrange(40), f"/{rng.randrange(5)}") for n in range(12)]
    mails = [delivered(rng.randrange(40)), *(opened(f"o{n}", rng.randrange(40)) for n in range(4)), *links]
    assert scanned(shuffled(mails, seed), USUAL) == scanned(mails, USUAL)
    many = [Act(str(n), rng.randrange(60) * SECOND) for n in range(20)]
    assert crowded(shuffled(many, seed), FEW) == crowded(many, FEW)


@pytest.mark.parametrize("seed", range(20))
def test_a_burst_is_every_span_that_holds_too_much(seed: int) -> None:
    """The same by looking at every span of time by itself."""
    rng = random.Random(seed)
    many = [Act(str(n), rng.randrange(80) * SECOND) for n in range(rng.randrange(30))]
    spans = ([one for one in many if 0 <= one.time_us - first.time_us < 10 * SECOND] for first in many)
    assert set(crowded(many, FEW)) == {one.id for span in spans if len(span) > 3 for one in span}
