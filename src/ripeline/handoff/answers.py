"""What sales answers, and what each answer makes of a handoff and of the lead's stage."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from ripeline.vocabulary import stages
from ripeline.vocabulary.handoffs import (
    ACCEPTED,
    DISQUALIFIED,
    HELD,
    LOST,
    OPEN,
    RECYCLED,
    REJECTED,
    UNANSWERED,
    WAITING,
    WON,
    Handoff,
    Need,
)
from ripeline.vocabulary.issues import InputError, did_you_mean

USUAL_REASONS: Final = (
    "too_small",
    "no_budget",
    "no_need",
    "wrong_person",
    "competitor_customer",
    "student",
    "unreachable",
    "not_now",
)
"""Why a lead may be rejected where the definition does not say."""


Reply = Literal["accepted", "rejected", "recycled", "disqualified", "qualified", "won", "lost"]
"""What history keeps of an answer."""

NOTHING_FOUND: Final = Need()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. verb: one of VERBS; by: who gives it; day: the local day of the definition on which it is given.

    reason: of a list for a rejection, else in words; until: the first day on which a recycled lead may come again;
    found: what is known of budget, need, fit and timing.
    """

    verb: str
    by: str
    at_us: int
    day: int
    reason: str | None = None
    comment: str | None = None
    until: int | None = None
    competitor: str | None = None
    found: Need = NOTHING_FOUND


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer came to.

    stage: where the lead stands from now on, None where it stays. disposition: as history has it, None for none.
    """

    handoff: Handoff
    stage: str | None
    disposition: Reply | None
    why: str


class WrongStateError(InputError):
    """A handoff is in no state for what somebody wants of it."""


def answered(one: Handoff, answer: Answer, reasons: Sequence[str], cool_down: int) -> Answered:
    """Return what an answer makes of a handoff.

    reasons: those that a lead may be rejected for; cool_down: days before a rejected lead may qualify again.
    Raises InputError where the handoff is in no state for it, or something that it needs is not said.
    """
    if answer.verb not in VERBS:
        raise InputError(f'"{answer.verb}" is no answer; {did_you_mean(answer.verb, VERBS)}')
    from_states, decide = VERBS[answer.verb]
    if one.state not in from_states:
        raise WrongStateError(_wrong_state(one, answer.verb, from_states))
    return decide(one, answer, reasons or USUAL_REASONS, cool_down)


def _wrong_state(one: Handoff, verb: str, from_states: Sequence[str]) -> str:
    hint = " Accept it first." if one.state == OPEN and ACCEPTED in from_states else ""
    whose = f" by {one.owner}" if one.owner and one.state not in UNANSWERED else ""
    needed = " or ".join([", ".join(from_states[:-1]), from_states[-1]]) if from_states[1:] else from_states[0]
    return f'handoff {one.number} is {one.state}{whose}; the answer "{verb}" is for one that is {needed}.{hint}'


def _accept(one: Handoff, answer: Answer, _: Sequence[str], __: int) -> Answered:
    taken = replace(one, state=ACCEPTED, owner=one.owner or answer.by, accepted_us=answer.at_us)
    # What was qualified before it was given to somebody else stays so.
    stage = stages.SALES_ACCEPTED if one.qualified_us is None else stages.SALES_QUALIFIED
    return Answered(taken, stage, "accepted", f"Accepted by {answer.by}.")


def _touch(one: Handoff, answer: Answer, reasons: Sequence[str], cool_down: int) -> Answered:
    """Who has spoken with a lead has accepted it."""
    if one.state == ACCEPTED:
        kept = one if one.touched_us is not None else replace(one, touched_us=answer.at_us, next_us=None)
        return Answered(kept, None, None, f"{answer.by} was in touch.")
    first = _accept(one, answer, reasons, cool_down)
    touched = replace(first.handoff, touched_us=answer.at_us, next_us=None)
    return replace(first, handoff=touched, why=f"{answer.by} was in touch, and so accepted it.")


def _reject(one: Handoff, answer: Answer, reasons: Sequence[str], cool_down: int) -> Answered:
    if answer.reason not in reasons:
        told = f'"{answer.reason}" is none of them; ' if answer.reason else "say why; "
        hint = did_you_mean(answer.reason, reasons) if answer.reason else f"one of {', '.join(reasons)}"
        raise InputError(f"a rejection has a reason from the definition's list: {told}{hint}")
    sent = _closed(one, answer, REJECTED, answer.day + cool_down)
    return Answered(sent, stages.RECYCLED, "rejected", f"Rejected by {answer.by}: {_in_words(answer)}.")


def _recycle(one: Handoff, answer: Answer, _: Sequence[str], __: int) -> Answered:
    if answer.until is None or answer.until <= answer.day:
        raise InputError("a lead is recycled until a day that is still to come; name it with until")
    sent = _closed(one, answer, RECYCLED, answer.until)
    return Answered(sent, stages.RECYCLED, "recycled", f"Recycled by {answer.by}{_because(answer)}.")


def _disqualify(one: Handoff, answer: Answer, _: Sequence[str], __: int) -> Answered:
    if not answer.reason:
        raise InputError("say why the lead is disqualified: it is for good, and nobody will be asked again")
    sent = _closed(one, answer, DISQUALIFIED, None)
    return Answered(sent, stages.DISQUALIFIED, "disqualified", f"Disqualified by {answer.by}: {_in_words(answer)}.")


def _qualify(one: Handoff, answer: Answer, _: Sequence[str], __: int) -> Answered:
    told = answer.found
    missing = [name for name in ("budget", "need", "fit", "timing") if not getattr(told, name)]
    if missing:
        raise InputError(
            f"a lead is qualified once budget, need, fit and timing are known; tell {', '.join(missing)} too"
        )
    when = one.qualified_us or answer.at_us
    known = replace(one, found=told, qualified_us=when, touched_us=one.touched_us or answer.at_us, next_us=None)
    return Answered(known, stages.SALES_QUALIFIED, "qualified", f"Qualified by {answer.by}.")


def _win(one: Handoff, answer: Answer, _: Sequence[str], __: int) -> Answered:
    return Answered(_closed(one, answer, WON, None), stages.CUSTOMER, "won", f"Won by {answer.by}.")


def _lose(one: Handoff, answer: Answer, _: Sequence[str], cool_down: int) -> Answered:
    if not answer.reason:
        raise InputError("say why the deal was lost; what is lost to a competitor names it too")
    sent = _closed(one, answer, LOST, answer.day + cool_down)
    to = f" to {answer.competitor}" if answer.competitor else ""
    return Answered(sent, stages.LOST, "lost", f"Lost{to}: {_in_words(answer)}.")


def _closed(one: Handoff, answer: Answer, state: str, resting_until: int | None) -> Handoff:
    return replace(
        one,
        state=state,
        closed_us=answer.at_us,
        next_us=None,
        reason=answer.reason,
        comment=answer.comment,
        competitor=answer.competitor,
        resting_until=resting_until,
    )


def _in_words(answer: Answer) -> str:
    reason = (answer.reason or "").replace("_", " ")
    return f"{reason} ({answer.comment})" if answer.comment else reason


def _because(answer: Answer) -> str:
    return f": {_in_words(answer)}" if answer.reason or answer.comment else ""


_TO_ANSWER: Final = (OPEN, WAITING, HELD)
VERBS: Final = {
    "accept": (_TO_ANSWER, _accept),
    "touch": ((OPEN, ACCEPTED), _touch),
    "reject": ((*_TO_ANSWER, ACCEPTED), _reject),
    "recycle": ((*_TO_ANSWER, ACCEPTED), _recycle),
    "disqualify": ((*_TO_ANSWER, ACCEPTED), _disqualify),
    "qualify": ((ACCEPTED,), _qualify),
    "won": ((ACCEPTED,), _win),
    "lost": ((ACCEPTED,), _lose),
}
"""Every answer: the states that a handoff may be in for it, and what it makes of it."""
