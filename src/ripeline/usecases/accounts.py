"""Accounts: all of them by their persons' scores, or one with the reason for every point."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ripeline.plan.nodes import Plan
from ripeline.ports.history import History
from ripeline.ports.scores import Accounts, Asked, Engine, Progress
from ripeline.scoring.accounts import LEAD, AccountScore, Member, judge_account
from ripeline.scoring.level import at_level
from ripeline.scoring.profile import stated_at
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.derived import company_host
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.scores import Contribution, LeadScore, Score
from ripeline.vocabulary.values import Value, storable

Record = dict[str, Any]
TOLD = ("fit", "fit_level", "engagement", "engagement_level", "rating", "action", "meets_definition", "stage")
"""What is told of each person of an account."""

RAISED = "raised"


@dataclass(frozen=True, slots=True)
class AccountExplained:
    """An account at an instant.

    judged: what the definition says of it; leads: rows of its persons' scores, the most interested first; traits: what
    it is.
    """

    plan: Plan
    account: str
    as_of_us: int
    judged: AccountScore
    leads: Sequence[Mapping[str, Any]]
    traits: Mapping[str, Value]

    @property
    def score(self) -> Score:
        """Its interest."""
        return self.judged.score.engagement


def all_accounts(plan: Plan, engine: Engine, asked: Asked, progress: Progress) -> Accounts:
    """Return every account that has a person who is not suppressed."""
    return engine.score(plan, replace(asked, accounts=True), progress).accounts()


def explain_account(plan: Plan, history: History, account: str, as_of_us: int) -> AccountExplained:
    """Return an account by its group id or mail domain; InputError where no person belongs to it who counts."""
    name = storable(account)
    found = history.account(plan, name, as_of_us)
    host = company_host(name)
    if not found.leads and host not in {None, name}:
        return explain_account(plan, history, str(host), as_of_us)
    leads = sorted(found.leads, key=lambda row: (-row["engagement"], row["lead"].encode()))
    counted = [member_of(row) for row in leads if row["rating"] is not None]
    if not counted:
        why = f"its {len(leads):,} leads are all suppressed" if leads else "no lead belongs to it"
        raise InputError(f'"{name}" is no account as of {instant_text(as_of_us)}: {why}')
    traits = stated_at(found.statements, as_of_us)
    judged = judge_account(at_level(plan, history.level(plan, as_of_us)), counted)
    return AccountExplained(plan, name, as_of_us, judged, leads, traits)


def member_of(row: Mapping[str, Any]) -> Member:
    """Return a person of an account by the row of their score, which does not tell by what signal a hand is raised."""
    fit, engagement = (Score(row[part], row[f"{part}_level"], ()) for part in ("fit", "engagement"))
    told = {name: row[name] for name in ("rating", "action", "meets_definition", "stage", "likelihood", "reachable")}
    return Member(
        row["lead"], LeadScore(fit=fit, engagement=engagement, hand_raise=RAISED if row["raised"] else None, **told)
    )


def account_record(explained: AccountExplained) -> Record:
    """Return an account as plain values, points as decimal text."""
    return {
        "account": explained.account,
        "as_of": instant_text(explained.as_of_us),
        "definition": explained.plan.version,
        "engagement": {
            "points": points_text(explained.score.micro),
            "level": explained.score.level,
            "contributions": [
                {"name": line.name, "points": points_text(line.micro), "evidence": dict(evidence)}
                for line, evidence in explained_lines(explained)
            ],
        },
        "fit": {"points": points_text(explained.judged.score.fit.micro), "level": explained.judged.score.fit.level},
        "rating": explained.judged.score.rating,
        "action": explained.judged.score.action,
        "meets_definition": explained.judged.score.meets_definition,
        "contact": explained.judged.contact,
        "leads": [_lead(row) for row in explained.leads],
        "traits": {key: value.plain for key, value in sorted(explained.traits.items())},
    }


def account_row_record(row: Mapping[str, Any]) -> Record:
    """Return a row of rolled-up accounts as plain values, points as decimal text."""
    told = {"account": row["account"], "as_of": instant_text(row["as_of_us"])}
    told |= {name: value for name, value in row.items() if name not in {"account", "as_of_us"}}
    return told | {name: points_text(row[name]) for name in ("fit", "engagement")}


def explained_lines(explained: AccountExplained) -> Iterator[tuple[Contribution, Mapping[str, object]]]:
    """Yield every line with what is behind it: the person's own engagement, or the cap."""
    cap = {"cap": points_text(explained.plan.definition.accounts.breadth_cap)}
    persons = {
        f"{LEAD}{row['lead']}": {"engagement": points_text(row["engagement"]), "level": row["engagement_level"]}
        for row in explained.leads
    }
    return ((line, persons.get(line.name, cap)) for line in explained.score.contributions)


def _lead(row: Mapping[str, Any]) -> Record:
    told = {"lead": row["lead"], **{name: row[name] for name in TOLD}}
    return told | {name: points_text(row[name]) for name in ("fit", "engagement")}
