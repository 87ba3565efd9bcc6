"""The packet of a handoff, made from history and from what sales answered before."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ripeline.handoff.packet import (
    MOST_BEFORE,
    MOST_COLLEAGUES,
    MOST_REASONS,
    Act,
    BuyingGroup,
    Colleague,
    Packet,
    Reason,
    Side,
    Visit,
    company_of,
    consent_of,
    line,
    opening_of,
    pages_of,
    person_of,
    questions_of,
    visits_of,
)
from ripeline.plan.nodes import Plan
from ripeline.ports.history import History, TimelineAsked, TimelineEntry
from ripeline.scoring.profile import UNDATED, stated_at
from ripeline.usecases.accounts import explain_account
from ripeline.usecases.evidence_words import evidence_text
from ripeline.usecases.explain import Explanation, evidence_of, explain, label_of
from ripeline.usecases.lead_record import handoff_record
from ripeline.vocabulary.calendar import day_text, instant_text
from ripeline.vocabulary.handoffs import Handoff
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.scores import Contribution, Score, given_by

Record = dict[str, Any]

MOST_ACTS = 300
"""Acts that are looked at for visits and pages."""

MOST_DAYS = 90
"""Days ahead that a fall is looked for: to look farther takes long, and nobody plans by it."""


def packet_of(history: History, plan: Plan, one: Handoff, known: Sequence[Handoff], at_us: int) -> Packet:
    """Return the packet of a handoff at an instant, by the definition that it was made under as it is by now.

    known: all handoffs of the lead, the oldest first. Raises InputError where nothing is known of the lead any more.
    """
    named = f"{one.lead.kind}:{one.lead.value}"
    explained = explain(plan, history, named, at_us, MOST_DAYS)
    entries = history.timeline(named, at_us, TimelineAsked(("traits",)))[1]
    traits = _traits([entry for _, entry in entries], at_us)
    _, acted = history.timeline(named, at_us, TimelineAsked(("event",), limit=MOST_ACTS))
    acts = [act for _, entry in reversed(acted) if (act := _act(entry)).at_us <= at_us]
    person, questions = person_of(explained.lead, traits), questions_of(known, traits)
    fit, interest = _side(explained, "fit"), _side(explained, "engagement")
    asked = _asked(explained, one.hand_raise or explained.score.hand_raise)
    return Packet(
        handoff=one,
        as_of_us=at_us,
        definition=plan.version,
        person=person,
        company=company_of(explained.account, traits, _said(history, explained.account, at_us)),
        fit=fit,
        interest=interest,
        hand_raise=asked,
        visits=visits_of(acts),
        questions=questions,
        pages=pages_of(acts),
        opening=opening_of(person.called, asked, interest, fit, questions),
        consent=consent_of(traits),
        before=tuple(other for other in reversed(known) if other.number < one.number)[:MOST_BEFORE],
        fall=explained.fall,
        group=_group(history, plan, explained.account, explained.lead, at_us),
    )


def _group(history: History, plan: Plan, account: str | None, lead: str, at_us: int) -> BuyingGroup | None:
    """Return the buying group where accounts qualify, without the lead itself."""
    if plan.definition.per != "account" or account is None:
        return None
    explained = explain_account(plan, history, account, at_us)
    others = [row for row in explained.leads if row["lead"] != lead and row["rating"] is not None]
    people = tuple(_colleague(history, row, at_us) for row in others[:MOST_COLLEAGUES])
    score = explained.judged.score
    return BuyingGroup(score.fit.level, score.engagement.level, people, len(others) - len(people))


def _colleague(history: History, row: Mapping[str, Any], at_us: int) -> Colleague:
    entries = history.timeline(row["lead"], at_us, TimelineAsked(("traits",)))[1]
    person = person_of(row["lead"], _traits([entry for _, entry in entries], at_us))
    return Colleague(person, row["fit_level"], row["engagement_level"], row["stage"])


def _traits(entries: Sequence[TimelineEntry], at_us: int) -> dict[str, object]:
    """Return what is stated of a person, as it was stated: by the rule of the profile."""
    dated = [(UNDATED if one.time_us is None else one.time_us, one) for one in reversed(entries)]
    stated = sorted((one for one in dated if one[0] <= at_us), key=lambda one: (bool(one[1].trusted), one[0]))
    known: dict[str, object] = {}
    for _, entry in stated:
        told = entry.said["traits"]
        if isinstance(told, Mapping):
            known.update(told)
    return known


def _said(history: History, account: str | None, at_us: int) -> dict[str, object]:
    statements = () if account is None else history.account_statements(account)
    return {key: value.plain for key, value in sorted(stated_at(statements, at_us).items())}


def _act(entry: TimelineEntry) -> Act:
    fields = entry.said["fields"]
    known = fields if isinstance(fields, Mapping) else {}
    return Act(entry.time_us or 0, str(entry.said["type"]), str(entry.said["name"] or ""), known)


def _side(explained: Explanation, part: str) -> Side:
    score: Score = explained.score.fit if part == "fit" else explained.score.engagement
    strongest = sorted(given_by(score.contributions), key=lambda one: -abs(one.micro))
    gave, took = ([one for one in strongest if one.micro * sign > 0][:MOST_REASONS] for sign in (1, -1))
    reasons, against = (tuple(_reason(explained, part, one) for one in some) for some in (gave, took))
    return Side(score.micro, score.level, reasons, against)


def _reason(explained: Explanation, part: str, given: Contribution) -> Reason:
    evidence = evidence_of(explained, part, given)
    last = evidence.get("last")
    label, told = label_of(explained, part, given), line(evidence_text(evidence))
    return Reason(given.name, line(label), given.micro, told, None if last is None else str(last))


def _asked(explained: Explanation, signal: str | None) -> Reason | None:
    """Return what the lead asked for; nothing where the definition has no such signal any more."""
    if signal is None or signal not in {one.name for one in explained.plan.signals}:
        return None
    given = {one.name: one for one in given_by(explained.score.engagement.contributions)}
    return _reason(explained, "engagement", given.get(signal, Contribution(signal, 0)))


# ---- as plain values ----------------------------------------------------------------------------------------


def packet_record(packet: Packet) -> Record:
    """Return a packet as `--format json` writes it; points as decimal text, instants in UTC."""
    return {
        "handoff": handoff_record(packet.handoff),
        "as_of": instant_text(packet.as_of_us),
        "definition": packet.definition,
        "person": asdict(packet.person),
        "company": {
            "name": packet.company.name,
            "account": packet.company.account,
            "facts": [{"name": name, "value": value} for name, value in packet.company.facts],
        },
        "fit": _side_record(packet.fit),
        "interest": _side_record(packet.interest),
        "hand_raise": None if packet.hand_raise is None else _reason_record(packet.hand_raise),
        "visits": [_visit(one) for one in packet.visits],
        "questions": dict(packet.questions),
        "pages": [{"page": page, "count": count} for page, count in packet.pages],
        "opening": packet.opening,
        "consent": [{"name": name, "value": value} for name, value in packet.consent],
        "before": [_before(one) for one in packet.before],
        "buying_group": None if packet.group is None else _group_record(packet.group),
        "falls": None
        if packet.fall is None
        else {"on": day_text(packet.fall.day), "fit": packet.fall.fit, "engagement": packet.fall.engagement},
    }


def _group_record(group: BuyingGroup) -> Record:
    people = [
        asdict(one.person) | {"fit": one.fit, "interest": one.interest, "stage": one.stage} for one in group.people
    ]
    return {"fit": group.fit, "interest": group.interest, "people": people, "more": group.more}


def _side_record(side: Side) -> Record:
    reasons = [_reason_record(one) for one in side.reasons]
    return {"points": points_text(side.micro), "level": side.level, "reasons": reasons}


def _reason_record(one: Reason) -> Record:
    return {"name": one.name, "label": one.label, "points": points_text(one.micro), "why": one.evidence}


def _visit(one: Visit) -> Record:
    return {
        "from": instant_text(one.from_us),
        "until": instant_text(one.until_us),
        "did": list(one.did),
        "more": one.more,
    }


def _before(one: Handoff) -> Record:
    told = handoff_record(one)
    kept = ("number", "made_at", "owner", "state", "reason", "comment", "competitor", "touched_at", "closed_at")
    return {name: told[name] for name in kept}
