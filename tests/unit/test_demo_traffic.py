"""The demo company's traffic: repeatable to the byte, and what its messages say is what the intake reads."""

from collections import Counter
from itertools import islice, pairwise

import msgspec
import pytest

from ripeline.adapters.sources.demo_traffic import Message, Play, Traffic, at_rate, at_speed
from ripeline.entry.simulator.batches import batches
from ripeline.intake.calls import Receipt, RefusedError, read_call
from ripeline.intake.unpack import parts_of

START_US = 1_790_000_000_000_000


@pytest.fixture(scope="module")
def traffic() -> Traffic:
    return Traffic(leads=300)


def first(traffic: Traffic, count: int, run: str = "r", *, broken: bool = False) -> list[Message]:
    return list(islice(traffic.messages(Play(run, START_US, at_rate(100), broken=broken)), count))


def read(message: Message) -> str | None:
    """Return why a message does not count by the intake's own reading, None where it does."""
    try:
        read_call(message.raw, Receipt(message.time_us + 1, "web", trusted=False))
    except RefusedError as why:
        return why.reason
    return None


def test_the_same_seed_run_and_start_make_the_same_bytes(traffic: Traffic) -> None:
    assert first(traffic, 3_000, broken=True) == first(Traffic(leads=300), 3_000, broken=True)


def test_another_run_is_the_same_story_under_other_ids(traffic: Traffic) -> None:
    one, other = first(traffic, 500), first(traffic, 500, "s")
    assert not {message.id for message in one} & {message.id for message in other}
    assert [(message.kind, message.name) for message in one] == [(message.kind, message.name) for message in other]


def test_another_seed_tells_another_story(traffic: Traffic) -> None:
    assert [message.name for message in first(traffic, 200)] != [
        message.name for message in first(Traffic(seed=8, leads=300), 200)
    ]


def test_every_message_counts_and_says_what_it_is(traffic: Traffic) -> None:
    for message in first(traffic, 3_000):
        call = read_call(message.raw, Receipt(START_US + 10**12, "web", trusted=False))
        assert (call.kind, call.name) == (message.kind, message.name)
        assert call.time_us == message.time_us // 1000 * 1000


def test_broken_ones_fail_for_the_reason_they_are_made_for(traffic: Traffic) -> None:
    """An id that is used again is seen by who remembers ids, not by reading one message."""
    broken = [message for message in first(traffic, 20_000, broken=True) if message.reason]
    reasons = {"no_message_id", "unknown_type", "impossible_time", "not_json", "duplicate_keys"}
    assert {message.reason for message in broken} == reasons | {"no_lead_id", "no_event_name", "id_reused"}
    assert [read(message) for message in broken] == [
        None if message.reason == "id_reused" else message.reason for message in broken
    ]


def test_a_copy_is_a_message_that_was_sent_before(traffic: Traffic) -> None:
    sent: dict[str, bytes] = {}
    copies = 0
    for message in first(traffic, 5_000):
        if message.copy:
            copies += 1
            assert sent[message.id] == message.raw
        else:
            assert message.id not in sent
        sent[message.id] = message.raw
    assert copies


def test_some_come_late_and_none_from_the_future(traffic: Traffic) -> None:
    late_us = [START_US + message.at_s * 1e6 - message.time_us for message in first(traffic, 5_000) if not message.copy]
    assert min(late_us) >= -1
    assert max(late_us) > 86_400_000_000
    assert sum(one < 2 for one in late_us) > 4_000


def test_when_the_story_ends_it_is_told_of_others() -> None:
    """A firm of ten leads is soon through: the second time everybody is called as before with the round behind it."""
    rounds: dict[str, set[str]] = {"": set(), "1": set()}
    for message in first(Traffic(leads=10), 400):
        call = msgspec.json.decode(message.raw)
        name, _, number = str(call.get("userId") or call["anonymousId"]).partition(".")
        rounds[number].add(name)
    assert rounds["1"]
    assert rounds["1"] <= rounds[""]


def test_mails_come_by_a_server_key_alone(traffic: Traffic) -> None:
    names = Counter(message.name for message in first(traffic, 5_000) if message.by_server)
    assert {"Email Delivered", "Email Opened", "Email Clicked", "Unsubscribed", ""} == set(names)
    without = Traffic(leads=300, mails=False)
    assert not any(message.by_server for message in first(without, 5_000))


def test_a_visitor_is_anonymous_until_a_form_names_it(traffic: Traffic) -> None:
    """On each device anew: no call carries a user id before an identify call tied it to the device, lobbies apart."""
    tied = set[tuple[str, str]]()
    anonymous = 0
    for message in first(traffic, 5_000):
        if message.by_server or message.copy:
            continue
        call = msgspec.json.decode(message.raw)
        who = (call["anonymousId"], call.get("userId"))
        if message.kind == "identify":
            tied.add(who)
        elif who[1] is None:
            anonymous += 1
        else:
            assert who in tied
    assert anonymous > 500
    users_of = Counter(device for device, _ in tied)
    assert max(users_of.values()) > 1, "some devices are shared"
    assert max(Counter(user for _, user in tied).values()) > 1, "some people have several"


def test_a_rate_is_kept_and_a_speed_follows_the_story(traffic: Traffic) -> None:
    assert [message.at_s for message in first(traffic, 300)] == [number / 100 for number in range(300)]
    paced = list(islice(traffic.messages(Play("r", START_US, at_speed(86_400))), 300))
    assert all(one.at_s <= other.at_s for one, other in pairwise(paced))
    assert paced[-1].at_s > 5, "300 messages of a small company's first days take days"


def message(number: int, at_s: float, *, by_server: bool = False) -> Message:
    return Message(f"m{number}", by_server, "track", "Hit", 0, at_s, b'{"n":%d}' % number)


def test_batches_go_when_full_or_when_the_first_has_waited_a_second() -> None:
    sent = [message(0, 0.0), message(1, 0.2), message(2, 0.4), message(3, 0.5, by_server=True), message(4, 1.8)]
    made = [(batch.at_s, [one.id for one in batch.messages]) for batch in batches(sent, 2)]
    assert made == [(0.2, ["m0", "m1"]), (1.4, ["m2"]), (1.5, ["m3"]), (1.8, ["m4"])]


def test_a_batch_is_a_body_that_the_intake_splits_into_its_messages() -> None:
    (batch,) = batches([message(0, 0.0), message(1, 0.0)], 100)
    parts = parts_of(batch.body(START_US))
    assert (parts.events, parts.sent_at) == ((b'{"n":0}', b'{"n":1}'), "2026-09-21T14:13:20.000Z")
