"""A definition in the words of the trade: every value of every rule as text, in the order of the file."""

from collections.abc import Iterable, Mapping

from ripeline.definition.conditions import And, Condition
from ripeline.definition.model import (
    Accrual,
    Cell,
    Criterion,
    Decay,
    Definition,
    EventMatch,
    Fade,
    Follows,
    Form,
    Frequency,
    FrequencyCap,
    Group,
    HalfLife,
    HandRaise,
    Inactivity,
    Likelihood,
    Measure,
    Promise,
    Signal,
    Step,
    TraitUnits,
)
from ripeline.definition.render import condition_text
from ripeline.definition.words import WHOLE
from ripeline.vocabulary.looks import moments_text
from ripeline.vocabulary.points import points_text

Facts = dict[str, str]
"""What is said of one thing, by what it is about. What is not said is left out."""


def facts_of_definition(definition: Definition) -> Facts:
    """Return what is said at the top of the file."""
    per = None if definition.per == "lead" else definition.per
    required = _list(definition.required)
    return _said({"name": definition.name, "timezone": definition.timezone, "required": required, "per": per})


def facts_of_criterion(one: Criterion) -> Facts:
    """Return what is said of a criterion."""
    return _said(
        {
            "label": one.label,
            "points": points_text(one.points),
            "when": condition_text(one.when),
            "group": one.group,
            "trusted only": _yes(one.trusted),
        }
    )


def facts_of_signal(signal: Signal) -> Facts:
    """Return what is said of a signal."""
    return _said(
        {
            "label": signal.label,
            "points": points_text(signal.points),
            **_form(signal.form),
            "when": _when(signal),
            "cap": _points(signal.cap),
            "floor": _points(signal.floor),
            "group": signal.group,
            "evidence": "weak" if signal.weak else None,
            "hand-raise": _hand_raise(signal.hand_raise),
            "trusted only": _yes(signal.trusted),
        }
    )


def facts_of_group(group: Group) -> Facts:
    """Return what is said of a group."""
    return _said(
        {
            "at most": _points(group.at_most),
            "floor": _points(group.floor),
            "only the first that is true": _yes(group.first),
        }
    )


def facts_of_fit(definition: Definition) -> Facts:
    """Return what is said of fit as a whole."""
    fit = definition.fit
    return _said({"min known": str(fit.min_known), "at most": _points(fit.at_most), "floor": _points(fit.floor)})


def facts_of_engagement(definition: Definition) -> Facts:
    """Return what is said of engagement as a whole."""
    engagement = definition.engagement
    return _said(
        {
            "at most": _points(engagement.at_most),
            "floor": _points(engagement.floor),
            "weak share": share_text(engagement.weak_share),
        }
    )


def facts_of_cell(cell: Cell) -> Facts:
    """Return what is said of a cell of the matrix, its action by no name."""
    return _said({"": cell.action, "rating": cell.rating, "by lot": share_text(cell.by_lot) if cell.by_lot else None})


def facts_of_stages(definition: Definition) -> Facts:
    """Return what is said of stages."""
    stages = definition.stages
    return _said(
        {
            "an MQL falls below engagement": _points(stages.fall_engagement),
            "an MQL falls below fit": _points(stages.fall_fit),
            "cool-down": f"{stages.cool_down}d",
            "remove after": f"{stages.remove_after}d",
        }
    )


def facts_of_handoff(definition: Definition) -> Facts:
    """Return what is said of handoffs."""
    handoff = definition.handoff
    return _said(
        {
            "accept within": _promise(handoff.accept_within),
            "first touch within": _promise(handoff.first_touch_within),
            "hand-raise: accept within": _promise(handoff.raise_accept_within),
            "hand-raise: first touch within": _promise(handoff.raise_first_touch_within),
            "reasons": _list(handoff.reasons),
        }
    )


def facts_of_accounts(definition: Definition) -> Facts:
    """Return what is said of accounts."""
    accounts = definition.accounts
    return _said({"breadth": points_text(accounts.breadth), "breadth cap": points_text(accounts.breadth_cap)})


def facts_of_likelihood(likelihood: Likelihood | None) -> Facts:
    """Return the rows of the likelihood table, each by the sum from which it holds."""
    if likelihood is None:
        return {}
    rows = {f"from {points_text(least)}": points_text(share) for least, share in likelihood.table}
    return {"of": likelihood.of, **_follows(likelihood.follows), **rows}


def _follows(follows: Follows | None) -> Facts:
    if follows is None:
        return {}
    within = "ever" if follows.within is None else f"within {follows.within}d"
    again = ", again and again" if follows.repeats else ""
    return {"follows": f"the last {follows.looks} looks, {moments_text(follows.at)}, won {within}{again}"}


def _said(facts: Mapping[str, str | None]) -> Facts:
    return {what: text for what, text in facts.items() if text is not None}


def _form(form: Form) -> dict[str, str | None]:
    match form:
        case TraitUnits(trait):
            return {"for each unit of": trait}
        case Inactivity(match, days):
            return {**_match(match), "inactive": f"{days}d"}
        case Frequency(match, measure, cap, least, window, without):
            return {
                **_match(match),
                "measure": _measure(measure),
                "frequency cap": _cap(cap),
                "at least": f"{least} within {window}d",
                "without": None if without is None else ", ".join(_match_words(without)),
            }
        case Accrual(match, measure, decay, cap, within):
            return {
                **_match(match),
                "measure": _measure(measure),
                "decay": _decay(decay),
                "frequency cap": _cap(cap),
                "within": None if within is None else f"{within}d",
            }


def _match(match: EventMatch) -> dict[str, str | None]:
    return {"type": None if match.type == "track" else match.type, "event": _list(match.names or ())}


def _match_words(match: EventMatch) -> Iterable[str]:
    names = _list(match.names or ()) or f"any {match.type}"
    yield names if match.type == "track" or match.names is None else f"{match.type} {names}"
    if match.where is not None:
        yield f"when {condition_text(match.where)}"


def _when(signal: Signal) -> str | None:
    """The condition as it was split: what opens the signal and what each event must satisfy."""
    where = None if isinstance(signal.form, TraitUnits) else signal.form.match.where
    parts = [part for part in (signal.gate, where) if part is not None]
    return condition_text(_joined(parts)) if parts else None


def _joined(parts: list[Condition]) -> Condition:
    flat = [one for part in parts for one in (part.args if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def _measure(measure: Measure) -> str | None:
    if measure.field is not None:
        return f"{measure.kind}({measure.field})"
    return None if measure.kind == "count" else measure.kind


def _decay(decay: Decay) -> str | None:
    match decay:
        case HalfLife(days):
            return f"half-life {days}d"
        case Fade(days):
            return f"fade {days}d"
        case Step(lose, every):
            return f"step {share_text(int(lose * WHOLE))} every {every}d"
    return None


def _cap(cap: FrequencyCap | None) -> str | None:
    if cap is None:
        return None
    return f"{cap.most} ever" if cap.per == "ever" else f"{cap.most} per {cap.per}"


def _hand_raise(raised: HandRaise | None) -> str | None:
    return None if raised is None else f"open for {raised.open_for}d, to {raised.stage}"


def _promise(promise: Promise | None) -> str | None:
    return None if promise is None else f"{promise.amount}{promise.unit}"


def _points(points: int | None) -> str | None:
    return None if points is None else points_text(points)


def share_text(thousandths: int) -> str:
    """Return thousandths of a percent as a definition writes them.

    >>> share_text(25_000), share_text(2_500)
    ('25%', '2.5%')
    """
    return f"{points_text(thousandths * 1000)}%"


def _list(words: tuple[str, ...]) -> str | None:
    return ", ".join(f'"{word}"' if "," in word else word for word in words) or None


def _yes(flag: bool) -> str | None:  # noqa: FBT001 - it is read from a flag and turned into a word
    return "yes" if flag else None
