"""A salesperson answers a handoff: it, the lead's stage and history change together, or nothing does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ripeline.handoff.answers import Answer, Answered, WrongStateError, answered
from ripeline.handoff.clock import taken
from ripeline.handoff.routing import LeadToRoute, Routed, routed
from ripeline.intake.dispositions import Disposition
from ripeline.intake.outcomes import Outcome
from ripeline.lifecycle.standing import standing
from ripeline.plan.nodes import Plan
from ripeline.ports.lifecycle import LeadNow
from ripeline.usecases.assign import Desk, Holds, give
from ripeline.usecases.lead_record import handoff_record, stage_record
from ripeline.vocabulary.handoffs import LIVE, Handoff, Step
from ripeline.vocabulary.happenings import HANDOFF_ANSWERED, STAGE_CHANGED, Happening
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.stages import PERSON, StageChange

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rights:
    """Whose handoffs and tasks somebody may answer: these people's, None for everybody's. by: how they are called.

    given_us: a handoff only as it was given to its owner at this instant.
    """

    by: str
    of: frozenset[str] | None = None
    given_us: int | None = None

    def must_allow(self, what: str, owner: str | None, assigned_us: int | None = None) -> None:
        """Raise NotYoursError where somebody may not answer what an owner has. what: such as "handoff 7"."""
        if self.of is not None and owner not in self.of:
            raise NotYoursError(what, owner)
        if self.given_us is not None and assigned_us != self.given_us:
            raise NotYoursError(what, owner)


class NotYoursError(InputError):
    """Somebody else is to answer."""

    def __init__(self, what: str, owner: str | None) -> None:
        """Take what it is, and whose."""
        whose = "nobody's yet" if owner is None else f"{owner}'s"
        super().__init__(f"{what} is {whose}; this token may answer its own person's alone")


def handoff_wanted(desk: Desk, number: int) -> Handoff:
    """Return a handoff by its number, or raise InputError where there is none."""
    found = desk.book.handoff(number)
    if found is None:
        raise InputError(f"there is no handoff {number}; list them with: ripeline handoffs list")
    return found


def answer_handoff(
    desk: Desk, number: int, answer: Answer, rights: Rights, lead: LeadNow, plan: Plan
) -> tuple[Handoff, int | None]:
    """Answer a handoff, inside a transaction; return it, and the position from which history knows the answer.

    lead: the handoff's, by now, and by which plan. Raises InputError where it cannot be answered so; nothing is changed
    then.
    """
    one, definition = handoff_wanted(desk, number), plan.definition
    rights.must_allow(f"handoff {number}", one.owner, one.assigned_us)
    _must_be_somebody(desk, one, answer)
    said = answered(one, answer, definition.handoff.reasons, definition.stages.cool_down)
    new = _with_clock(desk, said.handoff) if answer.verb == "accept" else said.handoff
    desk.book.change(new, Step(number, answer.at_us, answer.verb, answer.by, said.why))
    line = _moved(desk, said, new, answer, lead, plan.fingerprint)
    position = _remember(desk, said, answer, lead)
    desk.book.tell(_happenings(new, line, answer.at_us))
    return new, position


def _must_be_somebody(desk: Desk, one: Handoff, answer: Answer) -> None:
    """Raise InputError where a handoff that nobody has would become somebody's who is no salesperson."""
    if answer.verb == "accept" and one.owner is None and answer.by not in desk.sales.people:
        raise InputError(
            f'handoff {one.number} is nobody\'s yet, and "{answer.by}" is no salesperson here; '
            "say who accepts it, or reassign it to somebody"
        )


def _with_clock(desk: Desk, one: Handoff) -> Handoff:
    owner = desk.sales.people.get(one.owner or "")
    hours = desk.sales.hours if owner is None else owner.hours
    return taken(one, hours, desk.definitions[one.definition].handoff, desk.sales.warn_at)


def _moved(
    desk: Desk, said: Answered, one: Handoff, answer: Answer, lead: LeadNow, fingerprint: str
) -> StageChange | None:
    """Log the move that an answer makes, where it makes one."""
    lines = desk.book.lines_of(one.definition, [owned.name for owned in lead.owned])
    stand = standing([line for line in lines if lead.owns(line.lead, line.at_us)])
    if said.stage is None or stand.is_said(said.stage, one.resting_until):
        return None
    return desk.book.log(
        StageChange(
            definition=one.definition,
            lead=lead.lead,
            before=stand.stage,
            after=said.stage,
            at_us=answer.at_us,
            cause=PERSON,
            why=said.why,
            fingerprint=fingerprint,
            by=answer.by,
            resting_until=one.resting_until,
            fit=lead.score.fit.contributions,
            engagement=lead.score.engagement.contributions,
            follows=tuple(line.number for line in stand.heads),
        )
    )


def _remember(desk: Desk, said: Answered, answer: Answer, lead: LeadNow) -> int | None:
    """Write into history what scores are made of, and what is learned from."""
    match said.disposition:
        case None:
            return None
        case "won" | "lost" as outcome:
            desk.book.tell_outcome(Outcome(lead.lead, outcome, answer.at_us, dated=True))
        case _:
            pass
    return desk.book.tell_disposition(
        Disposition(lead.lead, said.disposition, answer.at_us, answer.by, answer.reason or "")
    )


def _happenings(one: Handoff, line: StageChange | None, at_us: int) -> list[Happening]:
    told = [Happening(HANDOFF_ANSWERED, at_us, handoff_record(one), one.lead, one.number)]
    if line is not None and line.before != line.after:
        told.append(Happening(STAGE_CHANGED, at_us, stage_record(line), line.lead))
    return told


# ---- to somebody else -----------------------------------------------------------------------------------


def reassign(desk: Desk, number: int, to: str | None, rights: Rights, holds: Holds, at_us: int) -> Handoff:
    """Give a handoff to somebody else, inside a transaction; to whom it is routed where nobody is named.

    Raises InputError where it is over, or nobody can take it.
    """
    one = handoff_wanted(desk, number)
    rights.must_allow(f"handoff {number}", one.owner, one.assigned_us)
    if one.state not in LIVE:
        raise WrongStateError(f"handoff {number} is {one.state}, so it is nobody's any more")
    found = _to_somebody(desk, one, holds, at_us) if to is None else _to_person(desk, one, to, rights.by)
    return give(desk, replace(one, accepted_us=None, touched_us=None), found, rights.by, at_us)


def _to_person(desk: Desk, one: Handoff, to: str, by: str) -> Routed:
    people: Mapping[str, object] = desk.sales.people
    if to not in people:
        raise InputError(f'"{to}" is no salesperson here; {did_you_mean(to, people)}')
    if to == one.owner:
        raise InputError(f"handoff {one.number} is {to}'s already")
    return Routed(to, f"Given by {by}.")


def _to_somebody(desk: Desk, one: Handoff, holds: Holds, at_us: int) -> Routed:
    lead = LeadToRoute(holds, None, None, one.hand_raise is not None, frozenset(one.lapsed), one.owner)
    found = routed(lead, desk.sales, desk.loads(at_us), at_us)
    if found.owner is None:
        raise InputError(f"nobody else can take handoff {one.number}: {found.why}")
    return found
