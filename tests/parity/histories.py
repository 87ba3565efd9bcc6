"""Histories made at random, crowded around the scored instant, clock changes and the edges of windows."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations

from hypothesis import strategies as st

from ripeline.vocabulary.calendar import DAY_US, SECOND_US
from ripeline.vocabulary.history import Event, LeadHistory, Statement
from ripeline.vocabulary.values import Value, read_time, typed
from tests.parity.values import ADDRESSES, AGENTS, KNOWN, RAW

WAYS = (
    "context.page.url",
    "properties.url",
    "context.page.referrer",
    "properties.referrer",
    "context.page.search",
    "context.campaign.medium",
    "context.campaign.name",
    "properties.utm_source",
)
"""Fields that tell how somebody came."""

TAGS = ("cpc", "Paid_Social", "5", "2026-03-31", "straße", "linkedin", " a  b ", "x" * 300, 5, None)

MINUTE_US = 60 * SECOND_US


@dataclass(frozen=True, slots=True)
class Link:
    """A device was seen with a user; both are names of leads."""

    device: str
    user: str
    time_us: int
    known_us: int
    id: int


@dataclass(frozen=True, slots=True)
class Merge:
    """Two leads were said to be one person, by hand."""

    one: str
    other: str
    time_us: int
    known_us: int
    id: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Sales answered a handoff of a lead."""

    lead: str
    time_us: int
    known_us: int


def at(text: str) -> int:
    """Return the instant of an ISO time."""
    found = read_time(text)
    assert found is not None, text
    return found


MOMENTS: Mapping[str, tuple[int, ...]] = {
    "UTC": tuple(map(at, ("2026-03-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z", "2000-02-29T12:00:00Z"))),
    "Europe/Berlin": tuple(
        map(
            at,
            (
                "2026-03-29T01:00:00Z",
                "2026-10-25T01:00:00Z",
                "2026-03-31T21:59:59.999999Z",
                "1900-01-01T00:00:00Z",
            ),
        )
    ),
    # Clocks went from 00:01 back to 23:01 of the day before until 2011.
    "America/St_Johns": tuple(map(at, ("2010-11-07T02:31:00Z", "2010-11-07T02:45:00Z", "2010-03-14T03:31:00Z"))),
    # There was no 30 December 2011.
    "Pacific/Apia": tuple(map(at, ("2011-12-30T10:00:00Z", "2012-01-01T10:00:00Z", "2011-12-30T09:59:59.999999Z"))),
    "Africa/Casablanca": tuple(
        map(at, ("2026-02-15T02:00:00Z", "2026-03-22T02:00:00Z", "2026-03-31T22:59:59.999999Z"))
    ),
}
"""Instants at which a zone does something, or is about to."""

NEAR = (
    0,
    0,
    1,
    -1,
    29 * MINUTE_US,
    -30 * MINUTE_US,
    -30 * MINUTE_US - 1,
    -31 * MINUTE_US,
    -75 * MINUTE_US,
    -5 * 60 * MINUTE_US,
)
AGES = (0, 0, 0, 1, 1, 2, 3, 6, 7, 8, 13, 29, 30, 31, 59, 60, 364, 365, -1, -30)
FAR = (36_499, 36_500, 36_501)


def instants(as_of: int) -> st.SearchStrategy[int]:
    """Return times around an instant: whole days away, give or take."""
    ages = st.one_of(*[st.sampled_from(AGES)] * 30, st.sampled_from(FAR))
    return st.tuples(ages, st.sampled_from(NEAR)).map(lambda p: as_of - p[0] * DAY_US + p[1])


def known(time_us: int) -> st.SearchStrategy[int]:
    """Return when something was heard of: mostly at once."""
    return st.sampled_from((0, 0, 0, 1, DAY_US, 40 * DAY_US)).map(lambda late: time_us + late)


def values(pool: tuple[object, ...] = RAW) -> st.SearchStrategy[Value | None]:
    return st.sampled_from(pool).map(typed)


@st.composite
def events(draw: st.DrawFn, as_of: int) -> Event:
    """Return an event."""
    time_us = draw(instants(as_of))
    keys = ("properties.p", "properties.n", "properties.l", "context.page.path", 'properties."utm.source"')
    chosen = draw(st.lists(st.sampled_from(keys), max_size=3, unique=True))
    fields = {key: value for key in chosen if (value := draw(values())) is not None}
    if (agent := draw(values((None, None, *AGENTS)))) is not None:
        fields["context.userAgent"] = agent
    for key in draw(st.lists(st.sampled_from(WAYS), max_size=3, unique=True)):
        if (value := draw(values(ADDRESSES if key.endswith(("url", "referrer", "search")) else TAGS))) is not None:
            fields[key] = value
    return Event(
        draw(st.sampled_from(("track", "track", "page", "screen"))),
        draw(st.sampled_from(("A", "A", "B", "O'Brien", "a"))),
        time_us,
        draw(known(time_us)),
        fields,
        draw(st.integers(0, 3)) > 0,
    )


@st.composite
def bursts(draw: st.DrawFn, as_of: int) -> list[Event]:
    """Return one event, or several equal ones at small distances: visits and crowded days."""
    one = draw(events(as_of))
    gaps = draw(st.lists(st.sampled_from((0, 1, MINUTE_US, 30 * MINUTE_US, 30 * MINUTE_US + 1)), max_size=5))
    found = [one]
    for gap in gaps:
        last = found[-1]
        found.append(Event(one.type, one.name, last.time_us + gap, last.known_us + gap, one.fields, one.trusted))
    return found


@st.composite
def statements(draw: st.DrawFn, as_of: int) -> Statement:
    """Return traits stated together; its sequence is given later."""
    time_us = draw(st.one_of(st.none(), instants(as_of)))
    simple = ("t", "n", "b", "l", "d", "Lead Quality")
    chosen = draw(st.lists(st.sampled_from((*simple, *KNOWN)), min_size=1, max_size=4, unique=True))
    traits = {key: draw(values(KNOWN.get(key, RAW))) for key in chosen}
    known_us = draw(st.one_of(st.none(), known(as_of - DAY_US))) if time_us is None else draw(known(time_us))
    return Statement(traits, time_us, known_us, 0, draw(st.integers(0, 3)) > 0)


@st.composite
def leads(draw: st.DrawFn, as_of: int, most: int = 6) -> dict[str, LeadHistory]:
    """Return some leads; statements are numbered in a shuffled order, as late arrivals would be."""
    found: dict[str, LeadHistory] = {}
    stated = draw(st.lists(statements(as_of), max_size=2 * most))
    order = draw(st.permutations(range(len(stated))))
    numbered = [
        Statement(one.traits, one.time_us, one.known_us, sequence + 1, one.trusted)
        for one, sequence in zip(stated, order, strict=True)
    ]
    names = ("ada", "Bob", "çem", "d'or", "zoë", "Zed", "0x", "ß")[: draw(st.integers(1, most))]
    for number, name in enumerate(names):
        happened = [event for burst in draw(st.lists(bursts(as_of), max_size=6)) for event in burst]
        own = tuple(numbered[number :: len(names)])
        found[name] = LeadHistory(tuple(happened), own)
    return found


@st.composite
def crowded_leads(draw: st.DrawFn, as_of: int) -> dict[str, LeadHistory]:
    """Return leads with many plain events over the last months: what measures and frequency caps work on."""
    numbers = [value for value in map(typed, (1, 2.5, "3", 40, "-1", "x")) if value is not None]
    step = st.tuples(st.integers(0, 75), st.sampled_from(NEAR), st.sampled_from(numbers))
    found: dict[str, LeadHistory] = {}
    for name in ("ada", "Bob", "çem", "zoë"):
        steps = draw(st.lists(step, min_size=5, max_size=40))
        times = [(as_of - age * DAY_US + near, number) for age, near, number in steps]
        found[name] = LeadHistory(
            tuple(Event("track", "A", time, time, {"properties.n": number}) for time, number in times)
        )
    return found


@st.composite
def links(draw: st.DrawFn, names: list[str], as_of: int) -> list[Link]:
    """Return links: the last leads are devices of the first ones, some of them shared."""
    half = max(1, len(names) // 2)
    users, devices = names[:half], names[half:]
    if not devices:
        return []
    pairs = draw(st.lists(st.tuples(st.sampled_from(devices), st.sampled_from(users), instants(as_of)), max_size=6))
    ids = draw(st.permutations(range(len(pairs))))
    return [
        Link(device, user, time_us, draw(known(time_us)), number + 1)
        for (device, user, time_us), number in zip(pairs, ids, strict=True)
    ]


@st.composite
def merges(draw: st.DrawFn, names: list[str], as_of: int) -> list[Merge]:
    """Return merges of two users, or of two devices, as `links` has them."""
    half = max(1, len(names) // 2)
    kin = [pair for own in (names[:half], names[half:]) for pair in permutations(own, 2)]
    if not kin:
        return []
    pairs = draw(st.lists(st.tuples(st.sampled_from(kin), instants(as_of)), max_size=3))
    return [
        Merge(one, other, time_us, draw(known(time_us)), number)
        for number, ((one, other), time_us) in enumerate(pairs, start=1)
    ]


@st.composite
def answers(draw: st.DrawFn, found: Mapping[str, LeadHistory], as_of: int) -> list[Answer]:
    """Return answers of sales, many of them right at an event of somebody, before or after it."""
    times = [event.time_us for history in found.values() for event in history.events]
    beside = st.tuples(st.sampled_from(times), st.sampled_from((-1, 0, 1))).map(sum) if times else instants(as_of)
    given = draw(st.lists(st.tuples(st.sampled_from(list(found)), st.one_of(beside, instants(as_of))), max_size=6))
    return [Answer(lead, time_us, draw(known(time_us))) for lead, time_us in given]


@st.composite
def asking_leads(draw: st.DrawFn, as_of: int) -> tuple[dict[str, LeadHistory], list[Answer]]:
    """Return leads who ask for something again and again, and answers around the moments at which they did."""
    names, ages = ("ada", "Bob", "tablet", "phone"), st.integers(-1, 12)
    step = st.tuples(st.sampled_from("AB"), ages, st.sampled_from(NEAR), st.booleans())
    found: dict[str, LeadHistory] = {}
    for name in names:
        steps = draw(st.lists(step, min_size=1, max_size=4))
        asked = ((what, as_of - age * DAY_US + near, trusted) for what, age, near, trusted in steps)
        found[name] = LeadHistory(tuple(Event("track", what, at_us, at_us, {}, sure) for what, at_us, sure in asked))
    times = [event.time_us for history in found.values() for event in history.events]
    beside = st.tuples(st.sampled_from(times), st.sampled_from((-1, 0, 1))).map(sum)
    given = draw(st.lists(st.tuples(st.sampled_from(names), beside), min_size=2, max_size=8))
    return found, [Answer(lead, time_us, draw(known(time_us))) for lead, time_us in given]
