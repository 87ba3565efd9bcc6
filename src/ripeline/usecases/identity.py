"""Who a lead is: all its names, and the links that say so; what a merge or an un-merge would change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ripeline.identity.apart import owns, pairs_apart
from ripeline.identity.links import Whose
from ripeline.identity.persons import Identifier
from ripeline.intake.decisions import Linking, Pair
from ripeline.plan.nodes import Plan
from ripeline.ports.history import History, Kin, LinkTold
from ripeline.usecases.explain import explain
from ripeline.vocabulary.calendar import EVER, NEVER, instant_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.scores import LeadScore

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision would do, or did. before, after: the scores of the leads it concerns, by the names shown."""

    decisions: Sequence[Linking]
    before: Mapping[str, LeadScore]
    after: Mapping[str, LeadScore]


def merge_of(history: History, one: str, other: str, at_us: int) -> list[Linking]:
    """Return the decision that two leads are one person, called by the first; InputError where they are already."""
    kin = history.kin((one, other))
    whose = kin.links.until(at_us)
    first, second = (_shown(kin, whose, lead) for lead in (one, other))
    if first == second:
        raise InputError(f'"{one}" and "{other}" are one person already: {first.value}')
    return [Linking("merge", at_us, Pair(_name(first), _name(second)))]


def unmerge_of(history: History, lead: str, identifier: str, at_us: int) -> list[Linking]:
    """Return the decisions that take an identifier, or a lead that was merged, out of a person.

    Raises InputError where it is not that person's.
    """
    kin = history.kin((lead, identifier))
    key, taken = kin.asked[lead], kin.asked[identifier]
    pairs = [] if key == taken else pairs_apart(kin.links, at_us, key, taken)
    if not pairs:
        theirs = ", ".join(one.value for one in _members(kin, kin.links.until(at_us), key) if one.key != key)
        raise InputError(f'"{identifier}" is no other name of {lead}; these are: {theirs or "none"}')
    named = kin.identifiers
    return [Linking("unmerge", at_us, Pair(_name(named[one]), _name(named[other]))) for one, other in pairs]


def change_of(
    plan: Plan,
    before: History,
    after: History,
    leads: tuple[Sequence[str], Sequence[str]],
    decisions: Sequence[Linking],
    at_us: int,
) -> Change:
    """Return what decisions change, from history as it is and as it would be.

    leads: those to look at before and after.
    """
    return Change(decisions, _scores(plan, before, leads[0], at_us), _scores(plan, after, leads[1], at_us))


def change_record(change: Change) -> Record:
    """Return a change as plain values, points as decimal text."""
    return {
        "decisions": [
            {"kind": one.kind, "one": _plain(one.pair.one), "other": _plain(one.pair.other)} for one in change.decisions
        ],
        "before": [_score(lead, score) for lead, score in change.before.items()],
        "after": [_score(lead, score) for lead, score in change.after.items()],
    }


def are_one(history: History, one: str, other: str, at_us: int) -> bool:
    """Say whether two identifiers are one person's at an instant; InputError where there is none."""
    kin = history.kin((one, other))
    whose = kin.links.until(at_us)
    return whose.person(kin.asked[one]) == whose.person(kin.asked[other])


def identity_record(history: History, lead: str, at_us: int) -> Record:
    """Return a lead's names and links as plain values."""
    kin = history.kin((lead,))
    whose, key = kin.links.until(at_us), kin.asked[lead]
    members = _members(kin, whose, key)
    concerned = {one.key for one in members}
    return {
        "lead": kin.identifiers[whose.person(key)].value,
        "as_of": instant_text(at_us),
        "identifiers": [_member(whose, key, one) for one in members],
        "links": [_link(kin, whose, one) for one in kin.told if {one.one, one.other} & concerned],
    }


def _scores(plan: Plan, history: History, leads: Iterable[str], at_us: int) -> dict[str, LeadScore]:
    # Nobody asks what comes next.
    explained = (explain(plan, history, lead, at_us, 0) for lead in leads)
    return {one.lead: one.score for one in explained}


def _shown(kin: Kin, whose: Whose, lead: str) -> Identifier:
    return kin.identifiers[whose.person(kin.asked[lead])]


def _members(kin: Kin, whose: Whose, key: int) -> list[Identifier]:
    """Return a person's identifiers, the one shown first."""
    keys = {one.identifier for one in whose.belongings(whose.person(key))}
    return sorted((kin.identifiers[one] for one in keys), key=lambda one: one.precedence)


def _member(whose: Whose, key: int, one: Identifier) -> Record:
    own = [span for span in whose.belongings(whose.person(key)) if span.identifier == one.key]
    spans = [
        {
            "from": None if span.from_us == EVER else instant_text(span.from_us),
            "until": None if span.until_us == NEVER else instant_text(span.until_us),
        }
        for span in sorted(own, key=lambda span: span.from_us)
    ]
    return {"kind": one.kind, "value": one.value, "theirs": spans}


def _link(kin: Kin, whose: Whose, told: LinkTold) -> Record:
    state = _state(whose, told)
    return {
        "one": _plain(_name(kin.identifiers[told.one])),
        "other": _plain(_name(kin.identifiers[told.other])),
        "first": None if told.first_us is None else instant_text(told.first_us),
        "last": None if told.last_us is None else instant_text(told.last_us),
        "times": told.times,
        "source": told.source,
        "state": state,
        "whose": kin.identifiers[whose.person(told.other)].value if state == "refused" else None,
    }


def _state(whose: Whose, told: LinkTold) -> str:
    if not told.stands:
        return "taken back"
    return "counts" if owns(whose, told.one, told.other) else "refused"


def _name(identifier: Identifier) -> Name:
    return Name(identifier.kind, identifier.value)


def _plain(name: Name) -> Record:
    return {"kind": name.kind, "value": name.value}


def _score(lead: str, score: LeadScore) -> Record:
    return {
        "lead": lead,
        "fit": points_text(score.fit.micro),
        "fit_level": score.fit.level,
        "engagement": points_text(score.engagement.micro),
        "engagement_level": score.engagement.level,
        "rating": score.rating,
        "action": score.action,
        "meets_definition": score.meets_definition,
    }
