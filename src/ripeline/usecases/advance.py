"""Move leads from stage to stage as their scores are now, and hand over whoever is ripe."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ripeline.handoff.answers import Reply
from ripeline.intake.dispositions import Disposition
from ripeline.lifecycle.advance import RIPE, Move, Now, advance, ended, keeps_resting
from ripeline.lifecycle.standing import Standing, standing
from ripeline.plan.nodes import Plan
from ripeline.ports.handoffs import HandoffBook
from ripeline.ports.lifecycle import LeadNow
from ripeline.usecases.follow_up import Found, follow_up
from ripeline.usecases.lead_record import handoff_record, stage_record
from ripeline.vocabulary.calendar import EARLIEST_US
from ripeline.vocabulary.handoffs import (
    ACCEPTED,
    CLOCK,
    HELD,
    LIVE,
    LOST,
    OPEN,
    UNANSWERED,
    WAITING,
    WITHDRAWN,
    WON,
    Handoff,
    Step,
)
from ripeline.vocabulary.happenings import HANDOFF_ANSWERED, HANDOFF_WITHDRAWN, STAGE_CHANGED, Happening
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.stages import (
    CAUSES,
    CUSTOMER,
    EVENT,
    EVIDENCE_GONE,
    HAND_RAISE,
    IMPORT,
    MERGE,
    PERSON,
    QUIET,
    SUPPRESSED,
    TIME,
    UNMERGE,
    StageChange,
)
from ripeline.vocabulary.stages import LOST as LOST_STAGE


@dataclass(frozen=True, slots=True)
class Round:
    """Leads are looked at together: by which plan, of the definition of which name, when.

    causes: what brought each about, by its names; position: how far the inbox is in their scores.
    """

    plan: Plan
    definition: str
    at_us: int
    position: int
    causes: Callable[[LeadNow], frozenset[str]]

    @property
    def day(self) -> int:
        """The local day."""
        return self.plan.zone.day(self.at_us)


def advance_leads(book: HandoffBook, round_: Round, leads: Iterable[LeadNow]) -> list[StageChange]:
    """Move leads and make, or take back, their handoffs, inside a transaction; return the moves.

    Leads that sales answered about behind the position wait for the scores that know it.
    """
    unread = book.unread_answers(round_.position)
    moved = (_advance(book, round_, lead) for lead in leads if not unread & {one.name for one in lead.owned})
    return [line for line in moved if line is not None]


def _advance(book: HandoffBook, round_: Round, lead: LeadNow) -> StageChange | None:
    names = [one.name for one in lead.owned]
    lines = book.lines_of(round_.definition, names)
    lines = [*lines, *_freed_members(book, round_, lead, lines)]
    stand = standing([line for line in lines if lead.owns(line.lead, line.at_us)])
    known = book.handoffs_of(round_.definition, names)
    handoffs = _one_alone(book, round_, [one for one in known if lead.owns(one.lead, one.made_us)])
    live = next((one for one in handoffs if one.state in LIVE), None)
    causes = round_.causes(lead)
    closed = _ended(book, round_, lead, stand, causes)
    if closed is not None:
        # Whoever lost interest long ago may have found it again since.
        stand = standing([closed])
        for one in handoffs:
            if one.state in LIVE:
                _close(book, round_, one, closed)
        live = None
        if (closed.after == CUSTOMER or stand.rests(round_.day)) and _lowers_hand(book, lead, closed):
            return closed
    rises = lead.score.meets_definition
    now = Now(
        lead.score,
        round_.day,
        _cause(causes, lead, rises=rises),
        with_sales=live is not None and live.owner is not None,
        worked=live is not None and live.state == ACCEPTED,
        is_account=bool(lead.members),
    )
    move = advance(stand, now, round_.plan.definition.stages)
    line = closed if move is None else _logged(book, round_, lead, stand, move)
    stage = stand.stage if line is None else line.after
    if live is None and stage in RIPE and rises:
        _hand_over(book, round_, lead, stage, now.cause)
    elif live is not None and not rises:
        live = _reconsider(book, round_, live, stage, now.cause, decided=stand.is_decided)
    elif live is not None and live.state in UNANSWERED:
        _see_again(book, round_, live, lead, now.cause)
    _follow_up(book, round_, lead, stand, stage, live)
    return line


def _ended(
    book: HandoffBook, round_: Round, lead: LeadNow, stand: Standing, causes: frozenset[str]
) -> StageChange | None:
    """Log that a deal ended, where history says so and the log does not yet."""
    when_us = round_.at_us if lead.outcome is None else lead.outcome[1]
    move = ended(stand, lead.outcome, round_.plan.zone.day(max(when_us, EARLIEST_US)), round_.plan.definition.stages)
    if move is None:
        return None
    return _logged(book, round_, lead, stand, replace(move, cause=IMPORT if IMPORT in causes else PERSON))


def _close(book: HandoffBook, round_: Round, live: Handoff, line: StageChange) -> None:
    """A handoff is over when its deal is."""
    state = WON if line.after == CUSTOMER else LOST
    over = replace(live, state=state, next_us=None, closed_us=round_.at_us)
    book.change(over, Step(live.number, round_.at_us, state, CLOCK, line.why))
    book.tell([Happening(HANDOFF_ANSWERED, round_.at_us, handoff_record(over), live.lead, live.number)])


def _lowers_hand(book: HandoffBook, lead: LeadNow, line: StageChange) -> bool:
    """What a lead asked for before its deal ended is answered by that: history is told so, and scores will know it."""
    if lead.outcome is None or lead.score.hand_raise is None:
        return False
    said: Reply = "won" if line.after == CUSTOMER else "lost"
    book.tell_disposition(Disposition(line.lead, said, lead.outcome[1], CLOCK, ""))
    return True


def _follow_up(
    book: HandoffBook, round_: Round, lead: LeadNow, stand: Standing, stage: str, live: Handoff | None
) -> None:
    cause, worked = _cause(round_.causes(lead), lead, rises=True), live is not None and live.state == ACCEPTED
    found = Found(round_.plan, round_.definition, round_.at_us, stand, stage, cause, live is not None, worked)
    follow_up(book, lead, found)


def _cause(causes: frozenset[str], lead: LeadNow, *, rises: bool) -> str:
    """Return the cause that is told of several.

    What somebody just did is why a lead rises, whatever else happened meanwhile; evidence that is gone is why it falls.
    """
    if rises and EVENT in causes:
        return HAND_RAISE if lead.score.hand_raise else EVENT
    return min(causes - {PERSON}, key=CAUSES.index, default=TIME)


def _logged(book: HandoffBook, round_: Round, lead: LeadNow, stand: Standing, move: Move) -> StageChange:
    head = stand.head
    joins = move.cause in {MERGE, UNMERGE} and head is not None and move.after == head.after
    line = StageChange(
        definition=round_.definition,
        lead=_whose(lead, stand, move.after),
        # Where leads become one, or two again, the stage is what the last line did not say yet.
        before=stand.last.after if joins and stand.last is not None else stand.stage,
        after=move.after,
        at_us=round_.at_us,
        cause=move.cause,
        why=move.why,
        fingerprint=round_.plan.fingerprint,
        # Where people only turn out to be one, or two, whoever decided about them still did.
        by=_by(move, head if joins else None),
        resting_until=move.resting_until or (head.resting_until if joins and head else keeps_resting(stand, move)),
        fit=lead.score.fit.contributions,
        engagement=lead.score.engagement.contributions,
        follows=tuple(one.number for one in stand.heads),
    )
    written = book.log(line)
    if move.cause not in QUIET:
        book.tell([Happening(STAGE_CHANGED, round_.at_us, stage_record(written), lead.lead)])
    return written


def _whose(lead: LeadNow, stand: Standing, after: str) -> Name:
    """Return whose line a move is.

    Of an account: the contact's where it rises; where a deal ended, whose deal it was; else whose the last line was.
    """
    if after in {CUSTOMER, LOST_STAGE} and lead.outcome is not None:
        return next((one.lead for one in lead.members if one.outcome == lead.outcome), lead.lead)
    head = stand.head
    if after in RIPE or head is None:
        return lead.lead
    return next((one.lead for one in lead.members if one.owns(head.lead, head.at_us)), lead.lead)


def _freed_members(
    book: HandoffBook, round_: Round, lead: LeadNow, lines: Sequence[StageChange]
) -> Iterator[StageChange]:
    """Log of the leads of an account that they are suppressed no more: whoever is has no part in it."""
    for one in lead.members:
        stand = standing([line for line in lines if one.owns(line.lead, line.at_us)])
        if stand.stage == SUPPRESSED:
            score = replace(one.score, meets_definition=False)
            now = Now(score, round_.day, _cause(round_.causes(one), one, rises=False))
            move = advance(stand, now, round_.plan.definition.stages)
            if move is not None:
                yield _logged(book, round_, one, stand, move)


def _by(move: Move, head: StageChange | None) -> str:
    """Return who decided a move: whoever decided before where people only become one, or whoever ended a deal."""
    if head is not None:
        return head.by
    return "outcome" if move.after in {CUSTOMER, LOST_STAGE} else ""


# ---- handoffs -----------------------------------------------------------------------------------------


def _hand_over(book: HandoffBook, round_: Round, lead: LeadNow, stage: str, cause: str) -> None:
    """Make a handoff: for whoever may have it, or held back where nobody just did anything."""
    quiet = cause in QUIET
    why = f"Qualified by {cause}; waits to be released." if quiet else "Is given to somebody next."
    new = Handoff(
        definition=round_.definition,
        lead=lead.lead,
        stage=stage,
        cause=cause,
        fingerprint=round_.plan.fingerprint,
        made_us=round_.at_us,
        engagement=lead.score.engagement.micro,
        fit=lead.score.fit.micro,
        rating=lead.score.rating or "",
        hand_raise=lead.score.hand_raise,
        account=lead.account,
        state=HELD if quiet else WAITING,
        why=why,
    )
    book.add(new, why)


def _reconsider(
    book: HandoffBook, round_: Round, live: Handoff, stage: str, cause: str, *, decided: bool
) -> Handoff | None:
    """What a handoff rested on is no more: nobody is held to it who has not answered; else it is flagged.

    decided: sales has said where the lead stands. Returns the handoff where it goes on.
    """
    taken_away = cause in EVIDENCE_GONE or stage == SUPPRESSED
    if live.state == ACCEPTED or decided:
        if taken_away:
            flag(book, live, f"its evidence was withdrawn ({cause})", round_.at_us)
    elif not taken_away and (live.state == OPEN or (live.state == WAITING and live.hand_raise)):
        # What was promised to a person, or asked for by one, is not undone by time.
        flag(book, live, "it has cooled below the line meanwhile", round_.at_us)
    else:
        told = "suppressed" if stage == SUPPRESSED else cause
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


def _one_alone(book: HandoffBook, round_: Round, handoffs: Sequence[Handoff]) -> Sequence[Handoff]:
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
