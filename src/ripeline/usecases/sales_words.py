"""What ripeline.toml says of sales, in words, and where it stands there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ripeline.handoff.sales import REASSIGN, TELL_MANAGER, Sales
from ripeline.usecases.salespeople import local_text, presence, share_text
from ripeline.usecases.settings_place import place_of
from ripeline.vocabulary.calendar import day_text
from ripeline.vocabulary.sales import Salesperson, week_text

HAPPENS: Final = {TELL_MANAGER: "the team's manager is told", REASSIGN: "the lead goes to somebody else"}
"""What happens when a promise is broken."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that only ripeline.toml changes. place: where it stands there."""

    name: str
    told: str
    place: str


def now_text(person: Salesperson, at_us: int) -> str:
    """Return whether somebody is at work, else from when on."""
    found = presence(person, at_us)
    if found.at_work:
        return "at work"
    away = "" if found.absent_until is None else f"absent until {day_text(found.absent_until)}, "
    return f"{away}from {local_text(found.from_us, person.hours.zone)}"


def routes_in_words(sales: Sales, lines: Sequence[str]) -> Iterator[Rule]:
    """Yield which leads go to which team. lines: of ripeline.toml."""
    for number, one in enumerate(sales.routes, 1):
        yield Rule(one.team, one.told, place_of(lines, "sales.routes", number=number))


def rules_in_words(sales: Sales, lines: Sequence[str]) -> Iterator[Rule]:
    """Yield what holds for everybody. lines: of ripeline.toml."""

    def rule(name: str, told: str, key: str) -> Rule:
        return Rule(name, told, place_of(lines, "sales", key))

    hours, contact = sales.hours, sales.contact
    yield rule("Time zone", hours.zone.name, "timezone")
    yield rule("Usual hours", week_text(hours.week), "hours")
    yield rule("Holidays", ", ".join(map(day_text, hours.holidays)) or "none", "holidays")
    yield rule("Warned", f"when {share_text(sales.warn_at)} of a promised time is over", "warn_at")
    yield rule("A promise is broken", "; ".join(HAPPENS[one] for one in sales.on_breach) or "nothing", "on_breach")
    touches = "as often as sales likes" if contact.touches is None else f"at most {contact.touches} in seven days"
    yield rule("In touch with a lead", touches, "touches_per_week")
    mails = "are not counted" if contact.mails is None else f"at most {contact.mails} in seven days"
    yield rule("Mails to a lead", mails, "mails_per_week")
    yield rule("Needs consent", contact.consent_told or "no", "needs_consent")
