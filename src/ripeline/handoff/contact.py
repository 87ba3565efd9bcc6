"""Whether a lead may be contacted now: the consent that it takes, and how often they were contacted already.

It holds for salespeople and for mails alike; handoffs ask it before they are given out. What salespeople are sent is
no mail to a lead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ripeline.definition.conditions import Condition
from ripeline.vocabulary.calendar import DAY_US, LATEST_US, instant_text

WEEK_US: Final = 7 * DAY_US
USUAL_MAILS: Final = ("Email Delivered",)


@dataclass(frozen=True, slots=True)
class ContactRules:
    """When a lead may be contacted.

    touches, mails: how many there may be in seven days, None for any number. mail_names: track calls that tell of a
    mail to a lead, one a mail. consent: must be true of the lead's traits, None for nothing; consent_told: the same as
    people write it. also_when_asked: it must be true of those as well who asked to talk to sales.
    """

    touches: int | None = None
    mails: int | None = None
    mail_names: tuple[str, ...] = USUAL_MAILS
    consent: Condition | None = None
    consent_told: str = ""
    also_when_asked: bool = False

    @property
    def say_something(self) -> bool:
        """Say whether there is anything that may keep a lead from being contacted."""
        return (self.touches, self.mails, self.consent) != (None, None, None)


ALWAYS: Final = ContactRules()
"""Nothing keeps a lead from being contacted."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """When a lead was contacted, as instants in any order."""

    touches_us: Sequence[int] = ()
    mails_us: Sequence[int] = ()


NEVER_CONTACTED: Final = Contacts()


@dataclass(frozen=True, slots=True)
class Wait:
    """A lead may not be contacted. why: as a sentence; until_us: when they may be, unless something new is known."""

    why: str
    until_us: int


def wait_for_consent(rules: ContactRules, *, holds: bool | None, asked: bool) -> Wait | None:
    """Return why a lead may not be contacted for want of consent. holds: of its condition, None where it is unknown.

    Who asked to talk to sales is answered on their own request, which needs no consent unless the rules say so.
    """
    if rules.consent is None or holds is True or (asked and not rules.also_when_asked):
        return None
    told = "not known" if holds is None else "not given"
    return Wait(f"Consent is {told}: {rules.consent_told}.", LATEST_US)


def wait_for_room(rules: ContactRules, contacts: Contacts, at_us: int, *, asked: bool) -> Wait | None:
    """Return why a lead may not be contacted since they were contacted as often as a week allows.

    A week is the 168 hours that end at the instant. Who asked to talk to sales is not kept waiting.
    """
    if asked:
        return None
    waits = [
        _full(f"Was contacted by sales {_times(rules.touches)}", rules.touches, contacts.touches_us, at_us),
        _full(f"Was sent {_counted_mails(rules.mails)}", rules.mails, contacts.mails_us, at_us),
    ]
    return max((one for one in waits if one is not None), key=lambda one: one.until_us, default=None)


def _full(what: str, most: int | None, at: Sequence[int], at_us: int) -> Wait | None:
    in_week = sorted(one for one in at if at_us - WEEK_US < one <= at_us)
    if most is None or len(in_week) < most:
        return None
    counted = in_week[-most:]
    until_us = counted[0] + WEEK_US
    return Wait(f"{what} since {_minute(counted[0])}; from {_minute(until_us)} UTC on there is room again.", until_us)


def _times(count: int | None) -> str:
    return "once" if count == 1 else f"{count} times"


def _counted_mails(count: int | None) -> str:
    return "a mail" if count == 1 else f"{count} mails"


def _minute(at_us: int) -> str:
    return instant_text(at_us)[:16].replace("T", " ")
