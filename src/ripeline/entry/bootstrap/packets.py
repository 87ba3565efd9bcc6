"""The packet of a handoff of a workspace."""

from ripeline.adapters.columnar.store import Store
from ripeline.entry.bootstrap.desk import HandoffDesk
from ripeline.entry.bootstrap.history import history_of
from ripeline.handoff.packet import Packet
from ripeline.usecases.answer import handoff_wanted
from ripeline.usecases.packet import packet_of
from ripeline.vocabulary.issues import InputError


def packet_of_handoff(desk: HandoffDesk, store: Store, number: int, at_us: int) -> Packet:
    """Return the packet of a handoff at an instant.

    Raises InputError where there is no such handoff, or nothing is known of its lead.
    """
    one = handoff_wanted(desk.desk, number)
    plan = desk.plans.get(one.definition)
    if plan is None:
        raise InputError(f"the definition of handoff {number}, {one.definition}, is not live any more")
    history = history_of(store)
    known = desk.board.handoffs_of(one.definition, history.names(f"{one.lead.kind}:{one.lead.value}"))
    return packet_of(history, plan, one, known, at_us)
