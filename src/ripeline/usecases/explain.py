"""Explain one lead: every point with its evidence, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ripeline.identity.accounts import account_of
from ripeline.plan.nodes import Plan
from ripeline.ports.history import History
from ripeline.scoring.evaluate import Observed, judge, observe
from ripeline.scoring.explain import engagement_evidence, fit_evidence
from ripeline.scoring.level import at_level
from ripeline.scoring.outlook import FARTHEST, Fall, Raise, next_fall, ways_up
from ripeline.vocabulary.calendar import day_text, instant_text
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.scores import Contribution, LeadScore

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A lead's score at an instant, with what it was made of. account: where it belongs.

    stage: the one that was logged by then, where any was; else the one that the score alone says.
    """

    plan: Plan
    lead: str
    as_of_us: int
    score: LeadScore
    observed: Observed
    fall: Fall | None
    ways_up: tuple[Raise, ...]
    account: str | None
    stage: str

    @property
    def day(self) -> int:
        """The local day of the instant."""
        return self.plan.zone.day(self.as_of_us)


def explain(plan: Plan, history: History, lead: str, as_of_us: int, farthest: int = FARTHEST) -> Explanation:
    """Return the explanation of a lead by any of its identifiers; InputError where nobody has it.

    farthest: days ahead that a fall is looked for.
    """
    shown, stored = history.lead(plan, lead, as_of_us)
    day = plan.zone.day(as_of_us)
    observed = observe(plan, stored, as_of_us)
    score = judge(at_level(plan, history.level(plan, as_of_us)), observed, day)
    fall, raises = next_fall(plan, observed, score, day, farthest), ways_up(plan, observed, score, day)
    account = account_of(stored.group_links, observed.profile, as_of_us)
    stage = history.stage(plan, lead, as_of_us) or score.stage
    return Explanation(plan, shown, as_of_us, score, observed, fall, raises, account, stage)


def explanation_record(explanation: Explanation) -> Record:
    """Return the explanation as plain values, as `--format json` writes it; points as decimal text."""
    score = explanation.score
    record: Record = {
        "lead": explanation.lead,
        "as_of": instant_text(explanation.as_of_us),
        "definition": explanation.plan.version,
        "fit": {
            "points": points_text(score.fit.micro),
            "level": score.fit.level,
            "contributions": [_line(explanation, "fit", line) for line in score.fit.contributions],
            "unknown": list(score.unknown),
        },
        "engagement": {
            "points": points_text(score.engagement.micro),
            "level": score.engagement.level,
            "contributions": [_line(explanation, "engagement", one) for one in score.engagement.contributions],
        },
        "rating": score.rating,
        "action": score.action,
        "meets_definition": score.meets_definition,
        "stage": explanation.stage,
        "likelihood": None if score.likelihood is None else points_text(score.likelihood),
        "next": _next(explanation),
        "account": explanation.account,
    }
    named = {"suppressed_by": score.suppressed_by, "hand_raise": score.hand_raise}
    return record | {key: value for key, value in named.items() if value is not None}


def evidence_of(explanation: Explanation, part: str, line: Contribution) -> Mapping[str, object]:
    """Return the evidence behind a line of fit or engagement."""
    if part == "fit":
        return fit_evidence(explanation.plan, explanation.observed, line)
    return engagement_evidence(explanation.plan, explanation.observed, explanation.day, line)


def label_of(explanation: Explanation, part: str, line: Contribution) -> str:
    """Return what people call the rule behind a line of fit or engagement, or the limit that it is."""
    kind, _, name = line.name.rpartition(":")
    rules = explanation.plan.criteria if part == "fit" else [one.signal for one in explanation.plan.signals]
    label = next((rule.label for rule in rules if rule.name == name), name)
    return {"limit": f"  limit on {label}", "clamp": f"  most that counts of {label}"}.get(kind, label)


def _line(explanation: Explanation, part: str, line: Contribution) -> Record:
    evidence = dict(evidence_of(explanation, part, line))
    return {"name": line.name, "points": points_text(line.micro), "evidence": evidence}


def _next(explanation: Explanation) -> Record:
    fall = explanation.fall
    return {
        "falls_on": None if fall is None else day_text(fall.day),
        "falls_to": None if fall is None else {"fit": fall.fit, "engagement": fall.engagement},
        "raise": [{"signal": way.signal, "events": way.events, "level": way.level} for way in explanation.ways_up],
    }
