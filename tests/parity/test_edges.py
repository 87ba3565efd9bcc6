"""Edges that random histories seldom meet, with the sums worked out by hand; both readers must give them."""

from collections.abc import Mapping, Sequence

import pytest

from ripeline.ports.scores import Asked
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.history import Event, LeadHistory, Statement
from ripeline.vocabulary.values import typed
from tests.parity.definitions import Made, plan_of, yaml_of
from tests.parity.histories import MINUTE_US, Link, at
from tests.parity.workspace import both_readings, stored

pytestmark = pytest.mark.engine_duckdb

AS_OF = at("2026-03-31T23:59:59.999999Z")
POINT = 1_000_000
Lines = list[tuple[str, int]]


def definition(
    signals: Made | None = None,
    criteria: Made | None = None,
    zone: str = "UTC",
    groups: Made | None = None,
    **more: object,
) -> str:
    """Return a definition of one level each, so that only lines differ."""
    level = {"only": 0}
    made: Made = {"version": 1, "timezone": zone, "required": [], **more}
    made["fit"] = {"criteria": criteria or {}, "levels": level}
    made["engagement"] = {"signals": signals or {}, "groups": groups or {}, "levels": level}
    made["matrix"] = {row: {"only": "none"} for row in ("only", "unknown")}
    return yaml_of(made)


def acts(times: Sequence[int], name: str = "A", **fields: object) -> tuple[Event, ...]:
    """Return equal events at some times."""
    known = {f"properties.{key}": value for key, raw in fields.items() if (value := typed(raw)) is not None}
    return tuple(Event("track", name, time, time, known) for time in times)


def states(*, time: int | None = None, sequence: int = 1, trusted: bool = True, **traits: object) -> Statement:
    """Return traits stated together."""
    given = {key: typed(raw) for key, raw in traits.items()}
    return Statement(given, time, time, sequence, trusted)


def lines_of(
    text: str, leads: Mapping[str, LeadHistory], asked: Asked | None = None, links: Sequence[Link] = ()
) -> dict[str, Lines]:
    """Return each lead's lines once both readers agree on them."""
    with stored(leads, links) as store:
        sql, python = both_readings(store, plan_of(text), asked or Asked(AS_OF))
    assert sql == python
    found: dict[str, Lines] = {row[0]: [] for row in python.rows}
    for lead, _, _, _, name, micro in python.lines:
        found[lead].append((name, micro))
    return found


def test_ten_thousand_events_a_day_count_and_no_more() -> None:
    crowd = acts(range(AS_OF - 10_000, AS_OF + 1))
    leads = {"eager": LeadHistory(crowd), "busy": LeadHistory(crowd[1:])}
    signals = {"seen": {"event": "A", "points": 1}, "first": {"event": "A", "points": 1, "at_most": "3 ever"}}
    # 10,001 events are held at 10,000; a line with 0 points says so. 10,000 are not held.
    assert lines_of(definition(signals), leads) == {
        "eager": [("seen", 10_000 * POINT), ("clamp:seen", 0), ("first", 3 * POINT), ("clamp:first", 0)],
        "busy": [("seen", 10_000 * POINT), ("first", 3 * POINT)],
    }


def test_a_sum_of_a_day_is_held_cut_toward_zero_and_never_negative() -> None:
    leads = {
        "much": LeadHistory(acts([AS_OF], n=10_001)),
        "little": LeadHistory(acts([AS_OF, AS_OF], n="0.9995")),
        "less": LeadHistory((*acts([AS_OF], n=5), *acts([AS_OF], n="-7"), *acts([AS_OF - DAY_US], n=2))),
        "mixed": LeadHistory((*acts([AS_OF], n="5.99949999"), *acts([AS_OF], n="text"), *acts([AS_OF], n=True))),
    }
    signals = {"bought": {"event": "A", "measure": "sum(properties.n)", "points": 1}}
    # little: 0.9995 is half way, to the even 1.000 thousandths; twice 1.000 is 2.
    # mixed: first 5.999500, then 6.000 thousandths, again to the even; text and true are no numbers.
    # less: 5 - 7 is below zero, so nothing that day; 2 on the day before.
    assert lines_of(definition(signals), leads) == {
        "much": [("bought", 10_000 * POINT), ("clamp:bought", 0)],
        "little": [("bought", 2 * POINT)],
        "less": [("bought", 2 * POINT)],
        "mixed": [("bought", 6 * POINT)],
    }


def test_a_signal_is_held_once_at_a_thousand_million_points() -> None:
    days = [AS_OF - DAY_US * age for age in range(11)]
    leads = {"rich": LeadHistory(acts(days, n=10_000)), "poor": LeadHistory(acts(days[:10], n=10_000))}
    bought = {"event": "A", "measure": "sum(properties.n)"}
    signals = {"up": {**bought, "points": 10_000}, "down": {**bought, "points": -10_000, "floor": -10_000}}
    # 11 days x 10,000 x 10,000 points = 1.1 thousand million points; 10 days reach the clamp exactly.
    top = 10**15
    assert lines_of(definition(signals), leads) == {
        "rich": [
            ("up", 11 * top // 10),
            ("clamp:up", -top // 10),
            ("down", -11 * top // 10),
            ("clamp:down", top // 10),
            ("limit:down", top - 10_000 * POINT),
        ],
        "poor": [("up", top), ("down", -top), ("limit:down", top - 10_000 * POINT)],
    }


def test_units_of_a_trait_are_held_too_and_never_negative() -> None:
    given: dict[str, object] = {
        "huge": 10**11,
        "text": "10001",
        "edge": 10_000.9,
        "owing": -3,
        "none": "lots",
    }
    leads = {lead: LeadHistory((), (states(visits=raw),)) for lead, raw in given.items()}
    signals = {"past": {"trait": "visits", "points": 0.5}, "free": {"trait": "visits", "points": 0}}
    assert lines_of(definition(signals), leads) == {
        "huge": [("past", 5_000 * POINT), ("clamp:past", 0)],
        "text": [("past", 5_000 * POINT), ("clamp:past", 0)],
        "edge": [("past", 5_000 * POINT)],
        "owing": [],
        "none": [],
    }


def test_weak_evidence_adds_a_share_cut_to_whole_micro_points() -> None:
    strong = {"event": "A", "points": 8, "decay": {"half_life": "14d"}}
    signals = {"asked": strong, "opened": {"event": "B", "points": 20, "evidence": "weak"}}
    week_ago = acts([AS_OF - 7 * DAY_US])
    leads = {"ada": LeadHistory((*week_ago, *acts([AS_OF], "B"))), "bob": LeadHistory(acts([AS_OF], "B"))}
    # S = 8 x 2^(-1/2) = 5,656,854; a quarter of it is 1,414,213.5, cut to 1,414,213; F = 25,656,854.
    assert lines_of(definition(signals), leads) == {
        "ada": [
            ("asked", 5_656_854),
            ("opened", 20 * POINT),
            ("limit:weak evidence", 1_414_213 - 20 * POINT),
        ],
        "bob": [("opened", 20 * POINT), ("limit:weak evidence", -20 * POINT)],
    }


def test_large_points_of_fit_add_up_in_64_bits() -> None:
    criteria = {f"c{number}": {"when": "n > 0", "points": 2_000} for number in range(3)}
    criteria |= {f"d{number}": {"when": "n > 0", "points": -2_147} for number in range(3)}
    found = lines_of(definition(None, criteria), {"ada": LeadHistory((), (states(n=1),))})
    assert sum(micro for _, micro in found["ada"]) == 3 * (2_000 - 2_147) * POINT


def test_events_at_the_instant_count_and_later_ones_do_not_exist() -> None:
    times = [AS_OF, AS_OF + 1, AS_OF + DAY_US]
    leads = {"ada": LeadHistory(acts(times))}
    assert lines_of(definition({"seen": {"event": "A", "points": 1}}), leads) == {"ada": [("seen", POINT)]}


def test_a_window_takes_days_younger_than_it_and_nothing_is_older_than_36500_days() -> None:
    leads = {"ada": LeadHistory(acts([AS_OF - age * DAY_US for age in (0, 6, 7, 36_499, 36_500, 36_501)]))}
    signals = {
        "week": {"event": "A", "points": 1, "within": "7d"},
        "ever": {"event": "A", "points": 1},
        "slow": {"event": "A", "points": 1, "decay": {"step": {"lose": "0%", "every": "1d"}}},
        "twice": {"event": "A", "points": 1, "at_least": "3 within 7d"},
    }
    found = lines_of(definition(signals), leads)
    assert found == {"ada": [("week", 2 * POINT), ("ever", 5 * POINT), ("slow", 5 * POINT)]}


def test_frequency_caps_keep_the_youngest_of_each_stretch_of_the_calendar() -> None:
    # Monday 30 March began a week, Sunday 1 March ended one and began a month.
    twice = ("2026-03-31", "2026-03-30", "2026-03-29", "2026-02-28")
    days = (*twice, *twice, "2026-03-01")
    leads = {"ada": LeadHistory(acts([at(f"{day}T12:00:00Z") for day in days]))}
    one = {"event": "A", "points": 100, "decay": {"fade": "100d"}}
    caps = {"day": "1 per day", "week": "3 per week", "month": "3 per month", "ever": "3 ever"}
    found = lines_of(definition({name: {**one, "at_most": cap} for name, cap in caps.items()}), leads)
    # Worth by age: 100, 99 and 98 on the last days, 70 on the 1st of March, 69 on the 28th of February.
    assert found == {
        "ada": [
            ("day", (100 + 99 + 98 + 70 + 69) * POINT),
            ("week", (2 * 100 + 99 + 2 * 98 + 70 + 2 * 69) * POINT),
            ("month", (2 * 100 + 99 + 2 * 69) * POINT),
            ("ever", (2 * 100 + 99) * POINT),
        ]
    }


def test_what_was_known_by_an_instant_is_what_came_at_it_or_before() -> None:
    def heard(late: int) -> LeadHistory:
        told = {"n": typed(1)}
        return LeadHistory(
            (Event("track", "A", AS_OF - 5, AS_OF + late),), (Statement(told, AS_OF - 5, AS_OF + late, 1),)
        )

    leads = {"early": heard(-1), "just": heard(0), "late": heard(1)}
    text = definition({"seen": {"event": "A", "points": 1}}, {"one": {"when": "n = 1", "points": 2}})
    both = [("seen", POINT), ("one", 2 * POINT)]
    assert lines_of(text, leads, Asked(AS_OF, known_us=AS_OF)) == {"early": both, "just": both}
    each = Asked(AS_OF, AS_OF, tuple((lead, AS_OF) for lead in leads))
    assert lines_of(text, leads, each) == {"early": both, "just": both, "late": []}


def test_a_visit_belongs_to_its_first_day_and_ends_after_thirty_minutes_of_silence() -> None:
    midnight = at("2026-03-31T00:00:00Z")
    half = 30 * MINUTE_US
    times = [midnight - half, midnight, midnight + half, midnight + 2 * half + 1]
    leads = {"ada": LeadHistory(acts(times))}
    signals = {
        "visits": {
            "event": "A",
            "measure": "visits",
            "points": 1,
            "decay": {"step": {"lose": "50%", "every": "1d"}},
        },
        "minutes": {"event": "A", "measure": "minutes", "points": 1, "within": "1d"},
        "all": {"event": "A", "measure": "minutes", "points": 1},
    }
    # One visit of 60 minutes begins on the 30th (age 1, half), one of 0 minutes on the 31st.
    assert lines_of(definition(signals), leads) == {"ada": [("visits", 1_500_000), ("all", 60 * POINT)]}


def test_nobody_is_quiet_before_anything_is_known_of_them() -> None:
    leads = {"ada": LeadHistory(acts([AS_OF])), "bob": LeadHistory((), (states(n=1),))}
    signals = {"quiet": {"inactive": "1d", "points": -1}}
    before = AS_OF - 100 * DAY_US
    rows = (("ada", before), ("ada", AS_OF), ("ada", AS_OF + DAY_US), ("bob", before))
    with stored(leads) as store:
        sql, python = both_readings(store, plan_of(definition(signals)), Asked(AS_OF + DAY_US, rows=rows))
    assert sql == python
    # Ada was last seen a day ago in the third row. Who is known without a date is known always.
    assert {(lead, subject) for lead, subject, *_ in python.lines} == {("ada", 2), ("bob", 3)}


def test_derived_traits_that_are_never_given_stay_with_their_tables() -> None:
    leads = {"ada": LeadHistory((), (states(email_kind="free", country=["DE"]),))}
    criteria = {
        "free": {"when": "email_kind = 'free'", "points": 1},
        "listed": {"when": "contains(country, 'DE')", "points": 2},
        "raw": {"when": "contains(country_raw, 'DE')", "points": 4},
    }
    assert lines_of(definition(None, criteria), leads) == {"ada": [("raw", 4 * POINT)]}


def test_a_trait_from_a_page_never_replaces_a_trusted_one() -> None:
    page = states(n=2, time=AS_OF, sequence=2, trusted=False)
    leads = {
        "ada": LeadHistory((), (states(n=1), page)),
        "bob": LeadHistory((), (page,)),
        "cem": LeadHistory((), (states(n=None, sequence=3), page)),
    }
    criteria = {
        "one": {"when": "n = 1", "points": 1},
        "two": {"when": "n = 2", "points": 2},
        "sure": {"when": "n = 2", "points": 4, "trusted": True},
    }
    found = lines_of(definition(None, criteria, suppress={"two": {"when": "n = 2"}}), leads)
    assert found == {"ada": [("one", POINT)], "bob": [("two", 2 * POINT)], "cem": []}


def test_a_shared_device_gives_each_person_what_came_before_their_tie() -> None:
    device = LeadHistory(acts([AS_OF - 10, AS_OF - 5, AS_OF - 4, AS_OF - 3, AS_OF]))
    leads = {"ada": LeadHistory(acts([AS_OF])), "bob": LeadHistory(), "tablet": device}
    links = [Link("tablet", "ada", AS_OF - 5, AS_OF - 5, 1), Link("tablet", "bob", AS_OF - 3, AS_OF - 3, 2)]
    signals = {"seen": {"event": "A", "points": 1}}
    # Until and with the first tie to Ada, then to Bob, and what follows the last tie to Bob as well.
    expected = {"ada": [("seen", 3 * POINT)], "bob": [("seen", 3 * POINT)]}
    assert lines_of(definition(signals), leads, links=links) == expected
    asked = Asked(AS_OF, rows=(("ada", AS_OF), ("tablet", AS_OF)))
    assert lines_of(definition(signals), leads, asked, links) == expected
    alone = Asked(AS_OF, known_us=AS_OF - 6)
    assert lines_of(definition(signals), leads, alone, links) == {"tablet": [("seen", POINT)]}


def test_a_day_seen_from_before_its_clocks_went_back_is_of_age_zero() -> None:
    # In St John's clocks went from 00:01 on 7 November 2010 back to 23:01 on the 6th.
    first_midnight = at("2010-11-07T02:30:30Z")
    after = first_midnight + MINUTE_US
    leads = {"ada": LeadHistory(acts([first_midnight]))}
    signals = {
        "seen": {"event": "A", "points": 8, "decay": {"half_life": "1d"}},
        "quiet": {"inactive": "1d", "points": 1},
    }
    text = definition(signals, zone="America/St_Johns")
    assert lines_of(text, leads, Asked(after)) == {"ada": [("seen", 8 * POINT)]}
    assert lines_of(text, leads, Asked(after + DAY_US)) == {"ada": [("seen", 8 * POINT)]}
    assert lines_of(text, leads, Asked(after + 2 * DAY_US)) == {"ada": [("seen", 4 * POINT), ("quiet", POINT)]}
