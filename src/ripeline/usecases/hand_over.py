"""Give leads to sales that are ripe, or drawn by lot; take back what nobody answered and nothing speaks for now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ripeline.lifecycle.advance import RIPE
from ripeline.lifecycle.lot import is_drawn
from ripeline.ports.handoffs import HandoffBook
from ripeline.ports.lifecycle import LeadNow
from ripeline.usecases.lead_record import handoff_record
from ripeline.usecases.rounds import Round
from ripeline.vocabulary.handoffs import (
    ACCEPTED,
    CLOCK,
    HELD,
    LIVE,
    OPEN,
    UNANSWERED,
    WAITING,
    WITHDRAWN,
    Handoff,
    Step,
)
from ripeline.vocabulary.happenings import HANDOFF_WITHDRAWN, Happening
from ripeline.vocabulary.stages import EVIDENCE_GONE, HAND_RAISE, LEAD, QUIET, SUPPRESSED


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lead is in a round: its stage by now, what brought that about, and its handoff that is not over.

    decided: sales has said where it stands; was_handed: now or before; rests: it cools down.
    """

    stage: str
    cause: str
    live: Handoff | None
    decided: bool
    was_handed: bool
    rests: bool


def hand_over(book: HandoffBook, round_: Round, lead: LeadNow, place: Place) -> Handoff | None:
    """Make a handoff of a lead, or see to the one it has, inside a transaction; return the one that it has then."""
    live, rises = place.live, lead.score.meets_definition
    if live is None:
        return _begin(book, round_, lead, place)
    if rises and live.by_lot is not None and live.state in {WAITING, HELD}:
        return _ripen(book, round_, lead, place, live)
    if not rises:
        return _reconsider(book, round_, live, place)
    if live.state in UNANSWERED:
        _see_again(book, round_, live, lead, place.cause)
    return live


def _begin(book: HandoffBook, round_: Round, lead: LeadNow, place: Place) -> Handoff | None:
    if place.stage in RIPE and lead.score.meets_definition:
        return book.add(*_new(round_, lead, place, None))
    share = _share(round_, lead)
    may_be_drawn = place.stage == LEAD and not (place.decided or place.was_handed or place.rests)
    who = lead.account if lead.members and lead.account else lead.lead.value
    if may_be_drawn and is_drawn(share, lead.score.fit.level, lead.score.engagement.level, who):
        return book.add(*_new(round_, lead, place, share))
    return None


def _share(round_: Round, lead: LeadNow) -> int:
    """Return the share of leads that go to sales by lot where one stands; none of whom there is no way to reach."""
    score = lead.score
    if score.suppressed_by is not None or not score.reachable:
        return 0
    return round_.plan.definition.matrix[score.fit.level][score.engagement.level].by_lot


def _new(round_: Round, lead: LeadNow, place: Place, by_lot: int | None) -> tuple[Handoff, str]:
    """Return a new handoff, for whoever may have it or held back where nobody just did anything, and why it is so."""
    quiet = place.cause in QUIET
    found = f"Qualified by {place.cause}" if by_lot is None else "Drawn by lot"
    why = f"{found}; waits to be released." if quiet else "Is given to somebody next."
    return Handoff(
        definition=round_.definition,
        lead=lead.lead,
        stage=place.stage,
        cause=place.cause,
        fingerprint=round_.plan.fingerprint,
        made_us=round_.at_us,
        engagement=lead.score.engagement.micro,
        fit=lead.score.fit.micro,
        rating=lead.score.rating or "",
        hand_raise=lead.score.hand_raise,
        account=lead.account,
        state=HELD if quiet else WAITING,
        why=why,
        by_lot=by_lot,
    ), why


def _ripen(book: HandoffBook, round_: Round, lead: LeadNow, place: Place, live: Handoff) -> Handoff:
    """What was drawn, and given to nobody yet, is ripe by now: then it is handed over as any other."""
    new, why = _new(round_, lead, place, None)
    ripe = replace(new, number=live.number)
    book.change(ripe, Step(live.number, round_.at_us, "ripened", CLOCK, f"It was drawn by lot, and is ripe now. {why}"))
    return ripe


def _reconsider(book: HandoffBook, round_: Round, live: Handoff, place: Place) -> Handoff | None:
    """What a handoff rested on is no more: nobody is held to it who has not answered; else it is flagged.

    What was drawn by lot rests on nothing that time takes away. Returns the handoff where it goes on.
    """
    taken_away = place.cause in EVIDENCE_GONE or place.stage == SUPPRESSED
    if live.state == ACCEPTED or place.decided:
        if taken_away:
            flag(book, live, f"its evidence was withdrawn ({place.cause})", round_.at_us)
    elif live.by_lot is not None and not taken_away:
        pass
    elif not taken_away and (live.state == OPEN or (live.state == WAITING and live.hand_raise)):
        # What was promised to a person, or asked for by one, is not undone by time.
        flag(book, live, "it has cooled below the line meanwhile", round_.at_us)
    else:
        told = "suppressed" if place.stage == SUPPRESSED else place.cause
        withdraw(book, live, f"The lead does not meet the definition any more ({told}).", round_.at_us)
        return None
    return live


def _see_again(book: HandoffBook, round_: Round, live: Handoff, lead: LeadNow, cause: str) -> None:
    """Have a handoff looked at again that nobody has: more is known.

    Who asks now to talk to sales is not held, and whoever has them is given them once more, with the time that is
    promised to those who ask.
    """
    if cause == HAND_RAISE and (live.hand_raise is None or live.state == HELD):
        why, raised = "The lead asked to talk to sales meanwhile.", lead.score.hand_raise
        asked = replace(live, state=WAITING, owner=None, hand_raise=raised, why=why, waits_until_us=None, next_us=None)
        book.change(asked, Step(live.number, round_.at_us, "asked", CLOCK, why))
    elif live.waits_until_us is not None:
        book.change(replace(live, waits_until_us=None))


def one_alone(book: HandoffBook, round_: Round, handoffs: Sequence[Handoff]) -> Sequence[Handoff]:
    """Return a person's handoffs with at most one that is live: of leads that became one, the one that is furthest."""
    live = [one for one in handoffs if one.state in LIVE]
    if len(live) < 2:  # noqa: PLR2004 - one alone
        return handoffs
    stays = min(live, key=lambda one: (FURTHEST.index(one.state), one.number))
    is_account = round_.plan.definition.per == "account"
    became, same = ("They are one account", "account") if is_account else ("Leads became one person", "person")
    for other in live:
        if other is not stays and other.state in UNANSWERED:
            withdraw(book, other, f"{became}; handoff {stays.number} goes on.", round_.at_us)
        elif other is not stays:
            flag(book, other, f"the same {same} as in handoff {stays.number}", round_.at_us)
    return [one for one in handoffs if one is stays or one.state not in UNANSWERED]


FURTHEST = (ACCEPTED, OPEN, WAITING, HELD)


def flag(book: HandoffBook, handoff: Handoff, what: str, at_us: int) -> None:
    """Note once on a handoff what became of its evidence."""
    if what not in handoff.flags:
        told = Step(handoff.number, at_us, "flagged", CLOCK, what.capitalize() + ".")
        book.change(replace(handoff, flags=(*handoff.flags, what)), told)


def withdraw(book: HandoffBook, handoff: Handoff, why: str, at_us: int) -> None:
    """Take a handoff back that nobody answered; its clock stops."""
    gone = replace(handoff, state=WITHDRAWN, why=why, next_us=None, closed_us=at_us)
    book.change(gone, Step(handoff.number, at_us, WITHDRAWN, CLOCK, why))
    if handoff.state == OPEN:
        told = () if handoff.owner is None else (handoff.owner,)
        data = handoff_record(gone)
        book.tell([Happening(HANDOFF_WITHDRAWN, at_us, data, handoff.lead, handoff.number, told)])
