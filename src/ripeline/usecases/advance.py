"""Move leads from stage to stage as their scores are now, and hand over whoever is ripe."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ripeline.handoff.answers import Reply
from ripeline.intake.dispositions import Disposition
from ripeline.lifecycle.advance import RIPE, Move, Now, advance, ended, keeps_resting
from ripeline.lifecycle.standing import Standing, standing
from ripeline.ports.handoffs import HandoffBook
from ripeline.ports.lifecycle import LeadNow
from ripeline.usecases.follow_up import Found, follow_up
from ripeline.usecases.hand_over import Place, hand_over, one_alone
from ripeline.usecases.lead_record import handoff_record, stage_record
from ripeline.usecases.rounds import Round
from ripeline.usecases.undone import back
from ripeline.vocabulary.calendar import EARLIEST_US
from ripeline.vocabulary.handoffs import (
    ACCEPTED,
    CLOCK,
    LIVE,
    LOST,
    WON,
    Handoff,
    Step,
)
from ripeline.vocabulary.happenings import HANDOFF_ANSWERED, STAGE_CHANGED, Happening
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.stages import (
    CAUSES,
    CUSTOMER,
    EVENT,
    HAND_RAISE,
    IMPORT,
    MERGE,
    PERSON,
    QUIET,
    SUPPRESSED,
    TIME,
    UNDONE,
    UNMERGE,
    StageChange,
)
from ripeline.vocabulary.stages import LOST as LOST_STAGE


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
    handoffs = one_alone(book, round_, [one for one in known if lead.owns(one.lead, one.made_us)])
    live = next((one for one in handoffs if one.state in LIVE), None)
    causes = round_.causes(lead)
    undone = _back(book, round_, lead, stand, lines, causes)
    if undone is not None:
        stand = standing([undone])
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
    line = (closed or undone) if move is None else _logged(book, round_, lead, stand, move)
    stage = stand.stage if line is None else line.after
    rests = stand.rests(round_.day)
    place = Place(stage, now.cause, live, decided=stand.is_decided, was_handed=bool(handoffs), rests=rests)
    live = hand_over(book, round_, lead, place)
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
    return _logged(book, round_, lead, stand, replace(move, cause=min(causes & {IMPORT, UNDONE}, default=PERSON)))


def _back(
    book: HandoffBook,
    round_: Round,
    lead: LeadNow,
    stand: Standing,
    lines: Sequence[StageChange],
    causes: frozenset[str],
) -> StageChange | None:
    """Log that the end of a deal never was, where an import had said so and is undone."""
    found = back(lead, stand, lines, causes)
    return None if found is None else _logged(book, round_, lead, stand, found[0], by=found[1])


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


def _logged(
    book: HandoffBook, round_: Round, lead: LeadNow, stand: Standing, move: Move, by: str | None = None
) -> StageChange:
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
        by=_by(move, head if joins else None) if by is None else by,
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
