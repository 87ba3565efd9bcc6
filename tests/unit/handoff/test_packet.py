"""The packet: what is known is said in plain words, what is not is named, and nothing that a visitor wrote does harm."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from ripeline.handoff.packet import (
    Act,
    Company,
    Packet,
    Person,
    Reason,
    Side,
    Visit,
    company_of,
    consent_of,
    line,
    opening_of,
    pages_of,
    person_of,
    questions_of,
    visits_of,
)
from ripeline.scoring.outlook import Fall
from ripeline.usecases.packet_text import packet_text
from ripeline.usecases.packet_words import headline, sections, verdict
from ripeline.usecases.page import packet_page
from ripeline.vocabulary.calendar import SECOND_US, UTC_ZONE
from ripeline.vocabulary.handoffs import REJECTED, Need
from ripeline.vocabulary.people import Name
from tests.unit.handoff.test_links import GIVEN_US, OPENED

MINUTE_US = 60 * SECOND_US
ASKED = Reason("asked", "Asked for a demo", 40_000_000, "once on one day, last on 2026-03-27", "2026-03-27")
PRICING = Reason("pricing", "Pricing page", 24_600_000, "4 times on 2 days, last on 2026-03-30", "2026-03-30")
SIZE = Reason("mid_size", "100 to 500 people", 30_000_000, "company size 240")
REFUSED = replace(OPENED, number=3, state=REJECTED, reason="no_budget", comment="next year", made_us=0)
PACKET = Packet(
    handoff=OPENED,
    as_of_us=GIVEN_US,
    definition="acme@0123456789abcdef",
    person=Person("ada", "Ada Example", "ada@corp.example", None, "Head of IT"),
    company=Company("Corp", "corp.example", (("country", "Germany"),)),
    fit=Side(30_000_000, "good", (SIZE,)),
    interest=Side(64_600_000, "high", (ASKED, PRICING)),
    hand_raise=ASKED,
    visits=(Visit(GIVEN_US, GIVEN_US, ("looked at /pricing", "Demo Requested")),),
    questions={"budget": "10 k", "need": None, "timing": None},
    pages=(("/pricing", 4),),
    opening="Ada Example asked to talk to sales.",
    consent=(("marketing_consent", "yes"),),
    before=(REFUSED,),
    fall=Fall(739_705, "good", "medium"),
)


def page(at_us: int, path: str) -> Act:
    return Act(at_us, "page", "", {"context.page.path": path})


def text(packet: Packet) -> str:
    return packet_text(headline(packet), [verdict(packet)], sections(packet, UTC_ZONE))


def test_all_of_it_is_said() -> None:
    told = " ".join(text(PACKET).split())
    for said in (
        "Ada Example (Corp) asked to talk to sales",
        "Good fit, high interest; asked: Asked for a demo.",
        "accept by Sat 2026-03-28 09:00 (UTC)",
        "mail ada@corp.example",
        "country Germany",
        "+24.6 Pricing page: 4 times on 2 days, last on 2026-03-30",
        "FIT: GOOD, 30.0 POINTS +30.0 100 to 500 people: company size 240",
        "Fri 2026-03-27 09:00 looked at /pricing Demo Requested",
        "4 times /pricing",
        "budget 10 k need not known timing not known",
        "marketing consent yes",
        "Thu 1970-01-01 00:00 rejected by maria; no budget; “next year”",
        "good fit and medium interest on 2026-03-31",
    ):
        assert said in told


def test_what_takes_points_away_is_said_behind_what_gives_some() -> None:
    rival = Reason("rival", "Competitor", -90_000_000, "company Rival")
    against = replace(
        PACKET, fit=Side(-60_000_000, "poor", (SIZE,), (rival,)), interest=Side(-5_000_000, "low", (), (rival,))
    )
    told = " ".join(text(against).split())
    assert "FIT: POOR, -60.0 POINTS +30.0 100 to 500 people: company size 240 -90.0 Competitor: company Rival" in told
    assert "INTEREST: LOW, -5.0 POINTS +0.0 nothing speaks for it -90.0 Competitor: company Rival" in told


def test_what_is_not_known_is_named_or_left_out() -> None:
    nothing = replace(
        PACKET,
        person=Person("d1"),
        company=Company(),
        hand_raise=None,
        visits=(),
        pages=(),
        consent=(),
        before=(),
        fall=None,
    )
    told = text(nothing)
    assert "d1 is ripe" in told
    assert "not known: nothing says what they allow" in told
    for title in ("ASKED FOR", "WHAT THEY DID", "LOOKED AT MOST", "BEFORE", "IF NOTHING HAPPENS"):
        assert title not in told


# ---- what is made of traits and acts ----------------------------------------------------------------------------


def test_names_as_clients_send_them() -> None:
    assert person_of("u1", {"firstName": "Ada", "lastName": "Example", "email": "a@x.example", "phone": 49}) == Person(
        "u1", "Ada Example", "a@x.example", "49", None
    )
    assert person_of("u1", {"name": " ", "first_name": "Ada"}).called == "Ada"
    assert person_of("u1", {"name": None}).called == "u1"
    assert company_of("corp", {"company.name": "Corp & Sons", "company_size": 500}, {"industry": "toys"}) == Company(
        "Corp & Sons", "corp", (("company size", "500"), ("industry", "toys"))
    )


def test_what_they_allow() -> None:
    traits = {
        "consent.mail": True,
        "marketing_consent": False,
        "unsubscribed": "yes",
        "consentful": 1,
        "do_not_call": None,
    }
    assert consent_of(traits) == (("consent.mail", "yes"), ("marketing_consent", "no"), ("unsubscribed", "yes"))


def test_what_sales_found_out_goes_before_what_traits_say() -> None:
    known = [replace(REFUSED, found=Need(budget="5 k", need="a new one")), replace(OPENED, found=Need(budget="10 k"))]
    assert questions_of(known, {"budget": "1 k", "timing": "soon"}) == {
        "budget": "10 k",
        "need": "a new one",
        "timing": "soon",
    }


def test_visits_end_where_nothing_happens_for_half_an_hour() -> None:
    acts = [
        page(0, "/"),
        page(30 * MINUTE_US, "/pricing"),
        page(60 * MINUTE_US + 1, "/docs"),
        page(61 * MINUTE_US, "/docs"),
    ]
    assert visits_of(reversed(acts)) == (
        Visit(60 * MINUTE_US + 1, 61 * MINUTE_US, ("looked at /docs",)),
        Visit(0, 30 * MINUTE_US, ("looked at /", "looked at /pricing")),
    )
    assert pages_of(acts)[0] == ("/docs", 2)


def test_not_more_than_ten_lines_are_shown() -> None:
    """Eight of the last visit, and the last two of five before; how many are left out is said."""
    acts = [page(number, f"/{number}") for number in range(5)]
    acts += [page(60 * MINUTE_US + number, f"/then/{number}") for number in range(8)]
    last, before = visits_of(acts)
    assert (len(last.did), last.more) == (8, 0)
    assert (before.did, before.more) == (("looked at /3", "looked at /4"), 3)


# ---- how to begin -----------------------------------------------------------------------------------------------

KNOWN = {"budget": "10 k", "need": "one", "timing": "soon"}


@pytest.mark.parametrize(
    ("asked", "interest", "fit", "said"),
    [
        (ASKED, (PRICING,), (SIZE,), "Ada asked to talk to sales on 2026-03-27 (Asked for a demo): answer that first."),
        (None, (PRICING,), (SIZE,), "Begin with what Ada did: Pricing page, last on 2026-03-30."),
        (None, (), (SIZE,), "Ada did nothing lately that says more; what fits: 100 to 500 people."),
        (None, (), (), "Ada did nothing lately that says more; ask what brings them here."),
    ],
)
def test_an_opening_rests_on_what_is_known(
    asked: Reason | None, interest: tuple[Reason, ...], fit: tuple[Reason, ...], said: str
) -> None:
    sides = Side(0, "high", interest), Side(0, "good", fit)
    assert opening_of("Ada", asked, *sides, KNOWN) == said
    asks = opening_of("Ada", asked, *sides, {**KNOWN, "need": None, "timing": None})
    assert asks == f"{said} Ask about need and timing: nothing is known of that yet."


# ---- what a visitor may write -------------------------------------------------------------------------------------

HOSTILE = (
    '"><script>alert(1)</script><img src=x onerror=alert(1)>&lt;\r\nBcc: all@x.example\x1b[2J\x00\u202e\u2028\ud800'
    + "x" * 9_000
)


def hostile(packet: Packet) -> Packet:
    """A packet in which everything that somebody may write is hostile."""
    bad = line(HOSTILE)
    reason = Reason("asked", bad, 1_000_000, bad, "2026-03-27")
    acts = [Act(GIVEN_US, "track", HOSTILE, {"properties.form": HOSTILE}), page(GIVEN_US, HOSTILE)]
    answered = replace(REFUSED, reason=HOSTILE, comment=HOSTILE, competitor=HOSTILE)
    traits = dict.fromkeys(
        ("name", "email", "phone", "title", "consent.x", "budget", "company", "country", HOSTILE), HOSTILE
    )
    person, questions = person_of(HOSTILE, traits), questions_of([answered], traits)
    return replace(
        packet,
        handoff=replace(OPENED, lead=Name("user", HOSTILE), rating=HOSTILE, why=HOSTILE),
        person=person,
        company=company_of(HOSTILE, traits, {HOSTILE: HOSTILE}),
        fit=Side(0, "good", (reason,)),
        hand_raise=reason,
        visits=visits_of(acts),
        pages=pages_of(acts),
        questions=questions,
        opening=opening_of(person.called, reason, Side(0, "low"), Side(0, "low"), questions),
        consent=consent_of({**traits, f"{HOSTILE}_consent": HOSTILE}),
        before=(answered,),
    )


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_a_page_holds_no_element_of_a_visitors() -> None:
    packet = hostile(PACKET)
    links = [("Accept", "https://leads.acme.example/answer/x")]
    parser = _Elements()
    parser.feed(packet_page(headline(packet), [verdict(packet)], sections(packet, UTC_ZONE), links))
    assert parser.found == {
        *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "a"),
        *("section", "table", "tr", "th", "td"),
    }
    assert parser.attributes == {"lang", "charset", "name", "content", "class", "href"}


def test_text_holds_no_control_characters_and_keeps_its_lines() -> None:
    told = text(hostile(PACKET))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\ud800]", told)
    assert "\nBcc" not in told
    assert len(told) < 12_000
    told.encode()


def test_a_rating_is_told() -> None:
    rated = replace(PACKET, handoff=replace(OPENED, rating="hot"))
    assert verdict(rated) == "Good fit, high interest, rated hot; asked: Asked for a demo."
