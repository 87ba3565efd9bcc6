"""Whose leads may not be contacted now, and why: for handoffs, and for whatever else would contact a lead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ripeline.handoff.contact import NEVER_CONTACTED, ContactRules, Contacts, Wait, wait_for_consent, wait_for_room
from ripeline.ports.handoffs import Touch
from ripeline.ports.lifecycle import LeadNow
from ripeline.usecases.assign import Holds
from ripeline.vocabulary.people import Name


@dataclass(frozen=True, slots=True)
class Known:
    """A lead as it is asked whether it may be contacted. holds: answers conditions on its traits."""

    lead: LeadNow | None
    holds: Holds
    contacts: Contacts = NEVER_CONTACTED


def wait_of(rules: ContactRules, known: Known, at_us: int, *, asked: bool) -> Wait | None:
    """Return why a lead may not be contacted now, None where it may be. asked: it asked to talk to sales once."""
    asks = asked or (known.lead is not None and known.lead.score.hand_raise is not None)
    return consent_wait(rules, known.holds, asked=asks) or wait_for_room(rules, known.contacts, at_us, asked=asks)


def consent_wait(rules: ContactRules, holds: Holds, *, asked: bool) -> Wait | None:
    """Return what consent there is not, None where there is all that it takes."""
    return wait_for_consent(rules, holds=None if rules.consent is None else holds(rules.consent), asked=asked)


class ContactLog:
    """When leads were contacted, by the names that it is told of."""

    def __init__(self, touches: Iterable[Touch], mails: Iterable[tuple[Name, int]]) -> None:
        """Take what salespeople told, and which mails were sent."""
        self._touches: dict[Name, list[Touch]] = {}
        self._mails: dict[Name, list[int]] = {}
        for touch in touches:
            self._touches.setdefault(touch.lead, []).append(touch)
        for name, at_us in mails:
            self._mails.setdefault(name, []).append(at_us)

    def of(self, lead: LeadNow) -> Contacts:
        """Return when a lead was contacted: by what was its own then."""
        names = {one.name for one in lead.owned}
        touched = [one.at_us for one in _of(self._touches, names) if lead.owns(one.lead, one.made_us)]
        mailed = [at for name in names for at in self._mails.get(name, ()) if lead.owns(name, at)]
        return Contacts(touched, mailed)


def _of(told: Mapping[Name, Sequence[Touch]], names: Iterable[Name]) -> Iterable[Touch]:
    return (one for name in names for one in told.get(name, ()))
