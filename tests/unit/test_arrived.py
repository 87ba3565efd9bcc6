"""What became of an event that came, by what is known of it."""

from typing import Any

import msgspec
import pytest

from ripeline.adapters.tables.references import ShippedReferences
from ripeline.intake.calls import Call
from ripeline.ports.intake import FailedEvent, Request, WriteKey
from ripeline.usecases.arrived import Arrived, Known, arrived
from ripeline.usecases.load_plan import load_plan
from ripeline.usecases.read_requests import Taken, read_requests
from ripeline.vocabulary.history import Event, LeadHistory, Statement
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.values import typed

AT_US = 1_774_994_399_000_000
PLAN = load_plan(
    """\
version: 1
required: []
fit: {levels: {any: 0}}
engagement:
  signals:
    hit: {event: Hit, when: properties.price > 10, points: 3}
  levels: {any: 0}
matrix: {any: {any: nurture}, unknown: {any: nurture}}
suppress:
  staff: {when: "email_domain = 'acme.example'"}
""",
    "arrived",
    "arrived.yaml",
    ShippedReferences(),
)
HIT = {"type": "track", "event": "Hit", "userId": "ada", "messageId": "m1", "properties": {"price": 20}}


def taken(record: dict[str, Any]) -> Taken:
    request = Request(AT_US, 1, msgspec.json.encode({"batch": [record]}))
    (one,) = read_requests([(7, request)], {1: WriteKey(1, "server", "shop")})
    return one


def history(one: Taken, known_us: int = AT_US) -> LeadHistory:
    """The history of a lead in which an event is stored."""
    call = one.outcome
    assert isinstance(call, Call)
    said = {key: value for key, raw in call.fields.items() if (value := typed(raw)) is not None}
    return LeadHistory((Event(call.kind, call.name, call.time_us, known_us, said),))


def became(record: dict[str, Any], **known: object) -> Arrived:
    (one,) = arrived(PLAN, [(taken(record), "shop")], Known(**known), AT_US)  # type: ignore[arg-type]
    return one


def ada(one: dict[str, Any], known_us: int = AT_US) -> dict[str, Any]:
    return {"leads": {Name("user", "ada"): ("Ada", history(taken(one), known_us))}}


FAILED = FailedEvent(7, 0, AT_US, 1, None, "id_reused", "m1", b"", id=5)


@pytest.mark.parametrize(
    ("record", "known", "state", "why"),
    [
        (HIT, ada(HIT), "counts", ""),
        (HIT | {"event": "Hitt"}, ada(HIT | {"event": "Hitt"}), "nothing", 'did you mean "Hit"?'),
        # Another one of another instant is stored, so this one was a copy of it.
        (HIT, ada(HIT, known_us=AT_US - 1), "again", "a copy of what came before"),
        (HIT, {**ada(HIT), "copies": {(7, 0)}}, "again", "its messageId came before"),
        (HIT, {"aside": {taken(HIT).outcome.id: "burst"}}, "set_aside", "Set aside: more in a minute than"),  # type: ignore[union-attr]
        (HIT, {"failed": {(7, 0): FAILED}}, "failed", "The messageId was used before for another event: m1."),
        ({"type": "track"}, {}, "failed", "The event has no messageId"),
        ({"type": "identify", "userId": "ada", "messageId": "m2", "traits": {"plan": "pro"}}, {}, "facts", "plan."),
        ({"type": "group", "userId": "ada", "messageId": "m3", "groupId": "acme"}, {}, "facts", "the account acme."),
        (
            {"type": "alias", "userId": "ada", "messageId": "m4", "previousId": "d1"},
            {},
            "facts",
            "They were d1 before.",
        ),
    ],
)
def test_what_became_of_it(record: dict[str, Any], known: dict[str, Any], state: str, why: str) -> None:
    found = became(record, **known)
    assert (found.state, why in found.why) == (state, True), found.why
    assert bool(why) == bool(found.why)


def test_an_event_counts_with_the_points_it_gives_and_names_its_lead() -> None:
    found = became(HIT, **ada(HIT))
    assert [(look.signal.name, look.micro) for look in found.looks] == [("hit", 3_000_000)]
    assert (found.lead, found.source, found.suppressed) == ("Ada", "shop", None)


def test_of_events_at_one_instant_the_one_is_meant_that_says_the_same() -> None:
    """Two of one instant, of 5 and of 20: the one of 20 counts, though the other is stored before it."""
    cheap = HIT | {"properties": {"price": 5}, "messageId": "m9"}
    both = LeadHistory(history(taken(cheap)).events + history(taken(HIT)).events)
    leads = {Name("user", "ada"): ("Ada", both)}
    assert [became(one, leads=leads).state for one in (HIT, cheap)] == ["counts", "nothing"]


def test_what_was_dealt_with_is_not_offered_to_be_repaired() -> None:
    assert became(HIT, failed={(7, 0): FAILED}).failed == FAILED.id
    dealt_with = FailedEvent(7, 0, AT_US, 1, None, "x", "", b"", 5, "", "dismissed")
    assert became(HIT, failed={(7, 0): dealt_with}).failed is None


def test_a_lead_that_is_suppressed_is_said_to_be() -> None:
    mail = Statement({"email": typed("ada@acme.example")}, AT_US, AT_US, 1)
    lead = LeadHistory(history(taken(HIT)).events, (mail,))
    assert became(HIT, leads={Name("user", "ada"): ("Ada", lead)}).suppressed == "staff"
