"""What happened to a lead with what belongs to one visit together; instants are whole minutes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.adapters.tables import load_tables
from ripeline.usecases.lead_visits import Happened, LeadVisit, by_visit
from ripeline.vocabulary.visits import SILENCE_US

MINUTE = 60_000_000
MAIL = "Email Delivered"


def act(minute: int, name: str = "Hit", type_: str = "track", **fields: object) -> Happened:
    record = {
        "kind": "event",
        "type": type_,
        "name": name,
        "fields": {k.replace("__", "."): v for k, v in fields.items()},
    }
    return Happened(minute * MINUTE, record)


def beside(minute: int, kind: str) -> Happened:
    return Happened(minute * MINUTE, {"kind": kind})


def minutes(groups: list[Happened | LeadVisit]) -> list[object]:
    """Minutes of what stands by itself, lists of minutes of visits."""
    return [
        [each.at_us // MINUTE for each in one.entries] if isinstance(one, LeadVisit) else one.at_us // MINUTE
        for one in groups
    ]


def test_a_visit_ends_where_nothing_happens_for_more_than_half_an_hour() -> None:
    assert minutes(by_visit([act(91), act(60), act(30), act(0)], ())) == [[91], [60, 30, 0]]


def test_what_is_told_meanwhile_is_part_of_a_visit_and_prolongs_none() -> None:
    entries = [beside(21, "traits"), act(20), beside(20, "link"), beside(10, "account"), act(0), beside(-1, "traits")]
    assert minutes(by_visit(entries, ())) == [21, [20, 20, 10, 0], -1]


@pytest.mark.parametrize("kind", ["set_aside", "outcome", "disposition", "stage", "note"])
def test_what_others_do_stands_beside_a_visit_behind_what_is_younger(kind: str) -> None:
    assert minutes(by_visit([beside(20, kind), act(20), beside(10, kind), act(0)], ())) == [20, [20, 0], 10]


def test_a_mail_is_no_part_of_a_visit() -> None:
    entries = [act(40), act(20, MAIL), act(0)]
    assert minutes(by_visit(entries, {MAIL})) == [[40], 20, [0]]
    assert minutes(by_visit(entries, ())) == [[40, 20, 0]]


@pytest.mark.parametrize(("before", "may"), [(None, False), (-30, True), (-31, False)])
def test_what_is_left_out_may_belong_to_the_first_visit(before: int | None, may: bool) -> None:
    found = by_visit([act(60), act(0)], (), None if before is None else before * MINUTE)
    assert [one.may_begin_earlier for one in found if isinstance(one, LeadVisit)] == [False, may]


def test_the_way_is_told_by_the_first_page_that_tells_one() -> None:
    url, tags = "https://acme.example/?utm_source=google&utm_medium=cpc&utm_campaign=Autumn", "context__page__url"
    own = {tags: "https://acme.example/b", "context__page__referrer": "https://acme.example/a"}
    tables = load_tables()

    def way(*acts: Happened) -> str | None:
        (visit,) = by_visit(acts, ())
        assert isinstance(visit, LeadVisit)
        return visit.way(tables)

    first = act(1, "Home", "page", **{tags: url})
    assert way(act(2, "Prices", "page", **own), first, act(0)) == "paid search: google, campaign Autumn"
    assert way(act(2, "Prices", "page", **own)) is None
    assert way(act(2)) is None
    assert way(act(2, "Home", "page", **{tags: "https://acme.example/"})) == "direct"


KINDS = st.sampled_from(["event", "mail", "traits", "link", "disposition", "stage", "note"])


@given(st.lists(st.tuples(st.integers(0, 300), KINDS)))
def test_nothing_is_lost_and_gaps_are_right(drawn: list[tuple[int, str]]) -> None:
    """Every entry once, the youngest first in visits and among them; between acts of a visit no long silence, and
    between visits one."""
    drawn.sort(key=lambda one: -one[0])
    entries = [
        act(minute, MAIL if kind == "mail" else "Hit") if kind in {"event", "mail"} else beside(minute, kind)
        for minute, kind in drawn
    ]
    groups = by_visit(entries, {MAIL})
    flat = [each for one in groups for each in (one.entries if isinstance(one, LeadVisit) else (one,))]
    assert sorted(map(id, flat)) == sorted(map(id, entries))
    youngest = [one.until_us if isinstance(one, LeadVisit) else one.at_us for one in groups]
    assert youngest == sorted(youngest, reverse=True)
    visits = [one for one in groups if isinstance(one, LeadVisit)]
    for visit in visits:
        places = [next(at for at, one in enumerate(entries) if one is each) for each in visit.entries]
        assert places == sorted(places)
        assert visit.acts[0].at_us == visit.until_us
        assert visit.acts[-1].at_us == visit.from_us
        assert all(late.at_us - early.at_us <= SILENCE_US for late, early in pairwise(visit.acts))
    assert all(late.from_us - early.until_us > SILENCE_US for late, early in pairwise(visits))
    alone = [one.record["kind"] for one in groups if isinstance(one, Happened) and one.record.get("name") != MAIL]
    assert "event" not in alone
