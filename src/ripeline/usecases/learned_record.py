"""What was learned, as plain values: `report.json`."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from ripeline.learning.capacity import Step
from ripeline.learning.columns import is_fit
from ripeline.learning.evaluation import Figure, Group, Judgement, calibration_error
from ripeline.learning.findings import Findings
from ripeline.learning.leaks.check import Leak
from ripeline.learning.own import Begin, Own
from ripeline.learning.signals import Fading
from ripeline.learning.words import label_of, names_of
from ripeline.usecases.learn import Learned
from ripeline.usecases.learn_asked import when_told
from ripeline.vocabulary.calendar import EVER, day_text, instant_text
from ripeline.vocabulary.looks import read_moments
from ripeline.vocabulary.rates import Rate

LOOKS: Final = 1_000
"""The level of likelihoods follows what became of so many: fewer follow chance, more lag behind."""

Record = dict[str, Any]
DECIMALS = 4


def learned_record(of: Learned, name: str, found: Findings | None) -> Record:
    """Return the report. name: of the definition that is proposed; found: what is told of it, None without one."""
    study = of.study
    return {
        "verdict": study.verdict,
        "definition": name if found else None,
        "compared_with": of.plan.version,
        "asked": _asked(of),
        "data": data_record(of),
        "split": _split(of),
        "evaluation": {who: _judgement(one) for who, one in study.judgements.items()},
        "gain": {"log_loss": round(study.gain, 6), "z": round(study.z, 2)},
        "tried": _tried(of),
        "calibration": _calibration(study.groups),
        "rules": [] if found is None else rules_record(of, found),
        "likelihood": [] if found is None else [[points, chance / 1e6] for points, chance in found.table],
        "line": None if found is None else _line(found),
        "capacity": [] if found is None else [_step(step) for step in found.steps],
        "leaks": [_leak(leak, of) for leak in of.leaks],
        "clocks": [{"name": one.name, "reason": one.reason} for one in of.clocks],
        "undated": list(of.undated),
        "starting_from": None if of.begin is None else _starting(of.begin),
    }


def _starting(begin: Begin) -> Record:
    """Return what was started from: rules that deals may not correct, and, once the text is written, what changed."""
    return {"not_corrected": [one.name for one in begin.rules if one.is_fixed], "changes": []}


def data_record(of: Learned) -> Record:
    """Return what was learned from: leads, how often each was looked at, and from when to when."""
    sample, at_us = of.looked.sample, of.looked.snapshots.at_us
    days = [day_text(of.plan.zone.day(int(us))) for us in (at_us.min(), at_us.max())] if len(at_us) else [None, None]
    won = int(sample.won.sum())
    leads_won = len(set(sample.person[sample.won > 0].tolist()))
    return {
        "leads": len(of.people),
        "outcomes": len(of.people.deals.won),
        "snapshots": len(sample),
        "leads_looked_at": len(set(sample.person.tolist())),
        "by_lot": int((sample.leads > 1).sum()),
        "stand_for": round(float(sample.leads.sum())),
        "won": won,
        "not_won": len(sample) - won,
        "leads_won": leads_won,
        "from": days[0] if of.is_dated else None,
        "to": days[1] if of.is_dated else None,
    }


def rules_record(of: Learned, found: Findings) -> list[Record]:
    """Return each rule with what speaks for it."""
    card = of.study.card
    assert card is not None  # noqa: S101 - there are findings
    every = zip(names_of(card.rules), card.rules, card.points, found.evidence, strict=True)
    return [
        {
            "name": name,
            "part": "fit" if is_fit(rule) else "engagement",
            "label": label_of(rule),
            "points": points,
            "was": rule.points if isinstance(rule, Own) else None,
            "fades": isinstance(rule, Fading),
            "interval": [round(one.low, 1), round(one.high, 1)],
            "with": _rate(one.on),
            "without": _rate(one.off),
            "found_again": None if isinstance(rule, Own) else one.again,
        }
        for name, rule, points, one in every
    ]


def _asked(of: Learned) -> Record:
    asked = of.asked
    return {
        "as_of": instant_text(asked.as_of_us),
        "win_within_days": asked.within_days,
        "score_at": when_told(of.when),
        "max_rules": asked.most,
        "repeat": asked.repeats,
        "capacity_per_week": asked.per_week,
        "seed": asked.seed,
        "ignored": list(asked.ignored),
        "kept": list(asked.kept),
    }


def _split(of: Learned) -> Record | None:
    split, at_us = of.study.split, of.looked.snapshots.at_us
    if split is None:
        return None
    from_us = int(at_us[split.judged].min()) if split.kind == "time" else EVER
    return {
        "kind": split.kind,
        "learned": int(split.learned.sum()),
        "judged": int(split.judged.sum()),
        "judged_from": instant_text(from_us) if split.kind == "time" else None,
    }


def _judgement(one: Judgement) -> Record:
    return {name: figure_record(figure) for name, figure in one.by_name().items()}


def figure_record(one: Figure) -> Record:
    """Return a figure with the interval in which it lies at 95 %."""
    return {"value": round(one.value, DECIMALS), "low": round(one.low, DECIMALS), "high": round(one.high, DECIMALS)}


def _tried(of: Learned) -> list[Record]:
    trial = of.study.trial
    if trial is None:
        return []
    return [
        {
            "rules": one.way.most,
            "together": one.way.together,
            "log_loss": round(one.log_loss, DECIMALS),
            "taken": one is trial.best,
        }
        for one in trial.tried
    ]


def _calibration(groups: Sequence[Group]) -> Record:
    error = calibration_error(groups)
    return {
        "error": None if error is None else round(error, DECIMALS),
        "groups": [{"foretold": round(one.chance, DECIMALS), **_rate(one.rate)} for one in groups],
    }


def _line(found: Findings) -> Record:
    lines = found.lines
    return {
        "fit": dict(lines.fit),
        "engagement": dict(lines.interest),
        "handed_over": [list(cell) for cell, action in lines.actions.items() if action == "handoff"],
        "flagged": _rate(found.flagged),
        "caught": _rate(found.caught),
        "best_tenth": _rate(found.best),
        "worst_tenth": _rate(found.worst),
    }


def _step(step: Step) -> Record:
    return {
        "points": step.points,
        "leads": step.leads,
        "per_week": None if step.per_week is None else round(step.per_week, 1),
        "won": _rate(step.won),
        "caught": _rate(step.caught),
    }


def _leak(leak: Leak, of: Learned) -> Record:
    return {"name": leak.name, "kind": leak.kind, "reason": leak.reason, "kept": leak.name in of.asked.kept}


def _number(value: float) -> Decimal:
    return Decimal(str(value))


def _rate(rate: Rate) -> Record:
    interval = rate.interval
    return {
        "count": rate.count,
        "of": rate.of,
        "share": None if rate.share is None else round(rate.share, DECIMALS),
        "low": None if interval is None else round(interval[0], DECIMALS),
        "high": None if interval is None else round(interval[1], DECIMALS),
    }


def follows_of_record(record: Mapping[str, Any]) -> Record | None:
    """Return what the level of likelihoods follows: the same looks that were learned from, where they go on."""
    asked = record["asked"]
    if read_moments(asked["score_at"]) is None:
        return None
    within = asked["win_within_days"]
    told = {
        "looks": LOOKS,
        "score_at": asked["score_at"],
        "won_within": None if within is None else f"{within}d",
        "repeat": asked["repeat"] or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def evidence_of_record(record: Mapping[str, Any]) -> Record:
    """Return what stands in the `learned:` block of the definition, of a report."""
    asked, data, card = record["asked"], record["data"], record["evaluation"].get("card", {})
    within = asked["win_within_days"]
    told = {
        "from": data["from"],
        "to": asked["as_of"][:10],
        "won_within": None if within is None else f"{within}d",
        "score_at": asked["score_at"],
        "leads": data["leads_looked_at"],
        "snapshots": data["snapshots"],
        "won": data["won"],
        "figures": {name: [_number(one[key]) for key in ("value", "low", "high")] for name, one in card.items()},
        "calibration": [
            [_number(one["foretold"]), _number(one["share"]), one["of"]]
            for one in record["calibration"]["groups"]
            if one["share"] is not None
        ],
        "intervals": {one["name"]: [_number(end) for end in one["interval"]] for one in record["rules"]},
        "left_out": [f"{one['name']}: {one['reason']}" for one in record["leaks"] if not one["kept"]],
    }
    return {key: value for key, value in told.items() if value not in (None, [], {})}
