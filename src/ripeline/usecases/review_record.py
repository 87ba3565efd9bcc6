"""A review as plain values: what `ripeline review --format json` writes, and what its page is made from."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from ripeline.handoff.answers import USUAL_REASONS
from ripeline.insight.drift import Band, Drift
from ripeline.insight.foretold import Foretold, Group
from ripeline.insight.from_rejections import fact_words
from ripeline.insight.in_use import Became, RuleKey
from ripeline.insight.proposals import Change, Proposal, moved_words
from ripeline.insight.rejections import Found, Reason, words_of
from ripeline.insight.rules_in_use import Use, disagreed
from ripeline.usecases.review import Reviewed
from ripeline.usecases.review_yaml import yaml_of
from ripeline.usecases.sla import rate_record
from ripeline.vocabulary.calendar import DAY_US, instant_text
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.rates import Rate

Record = dict[str, Any]

MOST_APART: Final = 5
"""Of what tells leads of one reason apart, so many are told."""

TOO_FEW, FINE, OFF, EARLY, NONE, NOTHING, APART = "too_few", "fine", "off", "early", "none", "nothing", "apart"


def review_record(of: Reviewed) -> Record:
    """Return the whole review."""
    asked = of.asked
    return {
        "definition": of.of.plan.version,
        "name": of.of.name,
        "published_at": None if of.of.published_us is None else instant_text(of.of.published_us),
        "since": instant_text(asked.since_us),
        "since_is": asked.how,
        "as_of": instant_text(asked.as_of_us),
        "leads": {"then": of.then.leads, "now": of.now.leads},
        "meeting": {"then": of.then.mqls, "now": of.now.mqls},
        "mqls": _mqls(of),
        "stability": {part: [_drift(one) for one in drifts] for part, drifts in of.drifts.items()},
        "calibration": _calibration(of),
        "cells": _cells(of),
        "handoffs": _handoffs(of),
        "rules": [_rule(one, {rule.key for rule in disagreed(of.uses)}) for one in of.uses],
        "reasons": [_reason(of, one) for one in of.reasons],
        "proposals": [_proposal(one) for one in of.proposals],
    }


def _mqls(of: Reviewed) -> Record:
    mqls = of.mqls
    weekly = None if mqls is None else mqls.per_week
    return {
        "own": None if mqls is None else mqls.own,
        "quiet": None if mqls is None else mqls.quiet,
        "per_week": None if weekly is None else round(weekly, 1),
        "capacity_per_week": of.asked.capacity,
    }


def _drift(one: Drift) -> Record:
    return {
        "name": one.name,
        "psi": round(one.psi, 4),
        "by_chance": round(one.by_chance, 4),
        "verdict": one.verdict,
        "moved": None if one.moved is None else moved_words(one),
        "bands": [_band(band) for band in one.bands],
    }


def _band(one: Band) -> Record:
    return {"name": one.name, "then": one.then, "now": one.now}


# ---- calibration ------------------------------------------------------------------------------------------


def _calibration(of: Reviewed) -> Record:
    within, found = of.of.won_within, of.foretold
    over_us = of.asked.since_us + (within or 0) * DAY_US
    verdict = TOO_FEW if found is None else OFF if found.is_off else FINE
    if of.of.plan.definition.likelihood is None:
        verdict = NONE
    elif over_us > of.asked.as_of_us:
        verdict = EARLY
    return {
        "verdict": verdict,
        "won_within_days": within,
        "over_at": instant_text(over_us) if verdict == EARLY else None,
        "whole": None if found is None else _group(found.whole),
        "groups": [] if found is None else [_group(one) for one in found.groups],
        "losses": None if found is None else _losses(found),
    }


def _group(one: Group) -> Record:
    return {"foretold": round(one.share, 4), **rate_record(one.won)}


def _losses(found: Foretold) -> Record:
    losses = found.losses
    return {
        "brier": {"value": round(losses.brier, 4), "constant": round(losses.constant_brier, 4)},
        "log_loss": {"value": round(losses.log_loss, 4), "constant": round(losses.constant_log_loss, 4)},
    }


def _cells(of: Reviewed) -> list[Record]:
    """Return each cell of the matrix with who was won of those who stood there then, and could still be won."""
    counts = dict[tuple[str, str], Rate]()
    for one in of.then.became:
        key = one.fit_level, one.engagement_level
        counts[key] = _more(counts.get(key, Rate()), one)
    matrix = of.of.plan.definition.matrix
    return [
        {"fit": fit, "engagement": level, "action": cell.action, "won": rate_record(counts.get((fit, level), Rate()))}
        for fit, row in matrix.items()
        for level, cell in row.items()
    ]


def _more(before: Rate, one: Became) -> Rate:
    return Rate(before.count + one.won, before.of + one.leads)


# ---- sales ------------------------------------------------------------------------------------------------


def _handoffs(of: Reviewed) -> Record:
    answers = [one.answer for one in of.given]
    accepted, back = answers.count(True), answers.count(False)
    return {
        "given": len(answers),
        "known": len(of.handed.given),
        "accepted": accepted,
        "sent_back": back,
        "open": answers.count(None),
        "acceptance": rate_record(Rate(accepted, accepted + back)),
    }


def _rule(one: Use, against: Collection[RuleKey]) -> Record:
    part, name = one.key
    return {
        "part": part,
        "name": name,
        "label": one.label,
        "points": points_text(one.points),
        "with_points": {"then": one.then, "now": one.now.leads},
        "happened_since": one.since,
        "at_handoff": rate_record(one.said.handed),
        "accepted_with": rate_record(one.said.having),
        "accepted_without": rate_record(one.said.others),
        "dead": one.dead,
        "sales": TOO_FEW if not one.is_asked else "disagrees" if one.key in against else "agrees",
    }


def _reason(of: Reviewed, one: Reason) -> Record:
    listed = map(words_of, of.of.plan.definition.handoff.reasons or USUAL_REASONS)
    verdict = TOO_FEW if not one.is_enough or not one.text else APART if one.found else NOTHING
    return {
        "reason": one.text,
        "listed": one.text in listed,
        "count": one.count,
        "known": one.known,
        "accepted": one.accepted,
        "tried": one.tried,
        "verdict": verdict,
        "apart": [_found(found) for found in one.found[:MOST_APART]],
    }


def _found(one: Found) -> Record:
    return {
        "what": fact_words(one),
        "sent_back": rate_record(one.back),
        "accepted": rate_record(one.accepted),
        "accepted_of_those": rate_record(one.kept_on),
    }


def _proposal(one: Proposal) -> Record:
    return {
        "kind": one.kind,
        "what": one.what,
        "why": one.why,
        "counts": _counts(one.counts),
        "yaml": _yaml(one.change),
    }


def _counts(counts: Mapping[str, Rate | float]) -> Record:
    return {name: rate_record(one) if isinstance(one, Rate) else one for name, one in counts.items()}


def _yaml(change: Change | None) -> str | None:
    return None if change is None else yaml_of(change)
