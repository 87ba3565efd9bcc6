"""Tells people of handoffs: soon after they were promised it, from history, once each."""

from ripeline.adapters.book.sqlite import transaction
from ripeline.adapters.book.tellings import link_secret, take_telling, tellings
from ripeline.adapters.columnar.store import Store
from ripeline.entry.bootstrap.announce import Announcer
from ripeline.entry.bootstrap.desk import HandoffDesk
from ripeline.entry.bootstrap.packets import packet_of_handoff
from ripeline.entry.log import note_error
from ripeline.handoff.packet import Packet
from ripeline.usecases.announce import Occasion, messages
from ripeline.vocabulary.calendar import UTC_ZONE
from ripeline.vocabulary.happenings import Telling
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.messages import Message

TOGETHER = 2
"""Happenings that people are told of in one go: a packet takes a moment, and others ask between."""


def tell_people(announcer: Announcer, desk: HandoffDesk, store: Store, at_us: int) -> bool:
    """Write some mails and chat messages that people were promised; say whether there were any.

    What is told is crossed out in the transaction that puts it into the outbox: a kill between loses nothing, and
    nothing is told twice.
    """
    db = desk.board.db
    found = tellings(db, TOGETHER)
    for one in found:
        made = _messages(announcer, desk, store, one, at_us)
        with transaction(db):
            # Who it is about may have been erased meanwhile.
            if take_telling(db, one.entry) and desk.board.handoff(one.number) is not None:
                announcer.put(db, made)
    return bool(found)


def _messages(announcer: Announcer, desk: HandoffDesk, store: Store, one: Telling, at_us: int) -> list[Message]:
    handoff = desk.board.handoff(one.number)
    if handoff is None:  # who it was about is erased
        return []
    plan = desk.plans.get(handoff.definition)
    zone, packet = UTC_ZONE if plan is None else plan.zone, _packet(desk, store, one.number, at_us)
    return messages(Occasion(announcer.outside, one, handoff, packet, zone, link_secret(desk.board.db)))


def _packet(desk: HandoffDesk, store: Store, number: int, at_us: int) -> Packet | None:
    """Return the packet, None where it cannot be made: whoever promised to answer is told all the same."""
    try:
        return packet_of_handoff(desk, store, number, at_us)
    except InputError:  # nothing is known of the lead, or its definition is not live any more
        return None
    except Exception as error:  # noqa: BLE001 - a defect with one lead must not keep others waiting
        note_error("defect", error)
        return None
