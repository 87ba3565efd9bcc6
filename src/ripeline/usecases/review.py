"""The regular look at a definition in use: what changed since it was published, and what might be done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from ripeline.insight.drift import Drift, drift, levels_moved
from ripeline.insight.foretold import Foretold, foretold
from ripeline.insight.from_rejections import of_reasons
from ripeline.insight.in_use import Became, Given, Handed, Look
from ripeline.insight.mqls import Mqls, mqls_since
from ripeline.insight.proposals import Proposal, of_dead, of_drifts, of_rules
from ripeline.insight.proposals_of_figures import of_calibration, of_thresholds
from ripeline.insight.rejections import Reason, reasons
from ripeline.insight.rules_in_use import Use, uses
from ripeline.plan.nodes import Plan
from ripeline.ports.review import Review, Until
from ripeline.ports.scores import Progress
from ripeline.usecases.review_asked import InUse, ReviewAsked
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.handoffs import ACCEPTED, DISQUALIFIED, LOST, RECYCLED, REJECTED, WON, Handoff

SENT_BACK: Final = frozenset({REJECTED, RECYCLED, DISQUALIFIED})
TAKEN_ON: Final = frozenset({ACCEPTED, WON, LOST})


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a review found. given: all handoffs; handed: of leads who are known. mqls: None where nothing is logged."""

    of: InUse
    asked: ReviewAsked
    then: Look
    now: Look
    drifts: Mapping[str, Sequence[Drift]]
    mqls: Mqls | None
    foretold: Foretold | None
    uses: Sequence[Use]
    given: Sequence[Given]
    handed: Handed
    reasons: Sequence[Reason]
    proposals: Sequence[Proposal]


def review(history: Review, handoffs: Sequence[Handoff], of: InUse, asked: ReviewAsked, progress: Progress) -> Reviewed:
    """Return what changed, and what might be done. handoffs: of this definition, given to somebody in the period."""
    then, now = _looks(history, of, asked, progress)
    progress("looking what sales made of them", 0.7)
    given = [_given(one, asked.as_of_us) for one in handoffs]
    handed = history.handed(of.plan, given)
    every = uses(of.plan, (then, now), history.since(of.plan, asked.since_us, asked.as_of_us), handed)
    lines = history.moves(of.fingerprint, asked.as_of_us)
    found = Reviewed(
        of=of,
        asked=asked,
        then=then,
        now=now,
        drifts=_drifts(of.plan, then, now),
        mqls=mqls_since(lines, asked.since_us, asked.as_of_us),
        foretold=foretold(_in_time(of, then.became)) if _is_over(of, asked) else None,
        uses=every,
        given=given,
        handed=handed,
        reasons=reasons(given, handed),
        proposals=(),
    )
    return replace(found, proposals=_proposals(found))


def _looks(history: Review, of: InUse, asked: ReviewAsked, progress: Progress) -> tuple[Look, Look]:
    in_time_us = asked.as_of_us if of.won_within is None else asked.since_us + of.won_within * DAY_US
    progress("scoring everybody as it was known then", 0.0)
    then = history.look(of.plan, asked.since_us, Until(asked.as_of_us, in_time_us))
    progress("scoring everybody now", 0.3)
    return then, history.look(of.plan, asked.as_of_us, Until(asked.as_of_us, asked.as_of_us))


def _given(one: Handoff, as_of_us: int) -> Given:
    """Return a handoff as it stood at an instant: what came later is not known yet."""
    over = one.closed_us is not None and one.closed_us <= as_of_us
    if over and one.state in SENT_BACK:
        return Given(one.lead, one.made_us, answer=False, reason=one.reason)
    accepted = one.accepted_us is not None and one.accepted_us <= as_of_us
    taken = accepted or (over and one.state in TAKEN_ON)
    return Given(one.lead, one.made_us, answer=True if taken else None)


def _drifts(plan: Plan, then: Look, now: Look) -> dict[str, Sequence[Drift]]:
    definition = plan.definition
    fits, interests = definition.rows(), [level.name for level in definition.engagement.levels]
    cells = {f"{fit} fit, {level} interest": (fit, level) for fit, level in product(fits, interests)}
    counts = [{name: look.cells.get(cell, 0) for name, cell in cells.items()} for look in (then, now)]
    return {
        "scores": [
            drift("points of fit", then.fit, now.fit),
            levels_moved("levels of fit", fits, *(_by_level(look, 0) for look in (then, now))),
            drift("points of interest", then.engagement, now.engagement),
            levels_moved("levels of interest", interests, *(_by_level(look, 1) for look in (then, now))),
            levels_moved("cells of the matrix", list(cells), *counts),
        ],
        "traits": [drift(trait, then.traits[trait], now.traits[trait]) for trait in plan.traits],
    }


def _by_level(look: Look, side: int) -> dict[str, int]:
    found = dict[str, int]()
    for cell, count in look.cells.items():
        found[cell[side]] = found.get(cell[side], 0) + count
    return found


def _is_over(of: InUse, asked: ReviewAsked) -> bool:
    """Say whether leads scored then had all the days in which a likelihood says that they are won."""
    within = of.won_within or 0
    return of.plan.definition.likelihood is not None and asked.since_us + within * DAY_US <= asked.as_of_us


def _in_time(of: InUse, became: Sequence[Became]) -> Iterator[Became]:
    """Yield leads of whom it is known whether they were won in time; without days, those whose outcome is known."""
    for one in became:
        yield one if of.won_within is not None else replace(one, leads=one.ended, won_in_time=one.won)


# ---- proposals --------------------------------------------------------------------------------------------


def _proposals(found: Reviewed) -> list[Proposal]:
    """Return what chance hardly explains, the clearest first; then what changed; then what is dead."""
    definition = found.of.plan.definition
    tested = [
        *of_calibration(found.foretold),
        *of_thresholds(found.mqls, found.asked.capacity),
        *of_rules(found.uses),
        *of_reasons(found.reasons, definition, found.handed),
    ]
    return [
        *_together(sorted(tested, key=lambda one: -one.strength)),
        *of_drifts([one for part in found.drifts.values() for one in part]),
        *of_dead(found.uses),
    ]


def _together(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Return proposals each once: where several would change the same to the same, all that speaks for it is told."""
    found = dict[object, Proposal]()
    for number, one in enumerate(proposals):
        key = number if one.change is None else (one.change.path, str(one.change.value))
        before = found.get(key)
        found[key] = one if before is None else replace(before, why=f"{before.why} {one.why}")
    return list(found.values())
