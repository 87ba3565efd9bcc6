"""Accounts in SQL: which one each subject belongs to, and what their persons' interest comes to."""

from dataclasses import replace
from operator import attrgetter

from ripeline.plan.nodes import Plan
from ripeline.scoring.accounts import least_interest
from ripeline.scoring.dialects import DUCKDB, Dialect
from ripeline.scoring.sql.frame import Frame
from ripeline.scoring.sql.levels import cell, level_of
from ripeline.scoring.sql.profile import profile_steps
from ripeline.vocabulary.derived import USUAL_KIND
from ripeline.vocabulary.scores import UNKNOWN_FIT

TRAITS = ("email_domain", "email_kind")
"""The traits that tell an account where no group link does."""

ACCOUNT_COLUMNS = (
    "account",
    "as_of_us",
    "definition",
    "fit",
    "fit_level",
    "engagement",
    "engagement_level",
    "rating",
    "action",
    "meets_definition",
    "contact",
    "leads",
    "interested",
    "mqls",
    "best",
)


def lower_account_of(frame: Frame) -> str:
    """Return SQL that gives every subject's account, NULL where it has none: subject, account.

    Beside what `lower` reads it wants the look-ups of TRAITS, and company_hosts: raw, host of the domains that are
    not written as their company's host.
    """
    domain = _domain(frame)
    last = frame.dialect.latest.format(value="account", key="(trusted, ts, id)")
    linked = (
        f"SELECT subject, {last} AS account FROM (SELECT {frame.subject('group_links')}, g.account, g.trusted, g.ts, "
        f"CAST(g.id AS VARCHAR) AS id {frame.of('group_links')}) GROUP BY subject"
    )
    mailed = replace(frame, plan=replace(frame.plan, traits=TRAITS, trusted_traits=()))
    steps = ",\n".join(f"{name} AS (\n  {select}\n)" for name, select in (*profile_steps(mailed), ("linked", linked)))
    return (
        f"WITH {steps}\nSELECT p.subject, coalesce(l.account, CASE WHEN h.raw IS NULL THEN {domain} ELSE h.host END) AS "
        f"account FROM profile p LEFT JOIN linked l ON l.subject = p.subject LEFT JOIN company_hosts h ON h.raw = {domain}"
    )


def _domain(frame: Frame) -> str:
    """The mail domain where it is a business one."""
    name, kind = (f"p.{frame.dialect.name_of(f'{trait}:text')}" for trait in TRAITS)
    if any("text" not in frame.trait_twins(trait) for trait in TRAITS):
        return "CAST(NULL AS VARCHAR)"
    return f"CASE WHEN {kind} = {frame.dialect.text(USUAL_KIND)} THEN {name} END"


def lower_accounts(plan: Plan, scores: str, dialect: Dialect = DUCKDB) -> str:
    """Return SQL that rolls up a table of scores, each with its account: the columns of ACCOUNT_COLUMNS.

    Suppressed persons are nobody's business, and no part of an account.
    """
    accounts, least = plan.definition.accounts, least_interest(plan.definition)
    unknown = f"fit_level = {dialect.text(UNKNOWN_FIT)}"
    interested = "0" if least is None else f"count(*) FILTER (WHERE engagement >= {least})"
    summed = (
        f"SELECT account, max(as_of_us) AS as_of_us, any_value(definition) AS definition, max(engagement) AS most, "
        f"count(*) AS leads, {interested} AS interested, count(*) FILTER (WHERE meets_definition) AS mqls, "
        f"arg_min(lead, (-engagement, lead)) AS best, "
        f"arg_min(fit, ({unknown}, -fit, lead)) AS fit, bool_and({unknown}) AS unfit, bool_or(raised) AS raised, "
        f"bool_or(reachable) AS reachable, arg_min(lead, (NOT reachable, NOT raised, -engagement, -fit, lead)) AS contact "
        f"FROM {scores} "
        "WHERE account IS NOT NULL AND rating IS NOT NULL GROUP BY account"
    )
    further = f"least({accounts.breadth} * greatest(interested - 1, 0), {accounts.breadth_cap})"
    rolled = f"SELECT *, most + {further} AS engagement FROM ({summed})"
    level = level_of(dialect, "engagement", plan.definition.engagement.levels)
    fit_level = level_of(dialect, "fit", plan.definition.fit.levels, f"WHEN unfit THEN {dialect.text(UNKNOWN_FIT)}")
    levelled = f"SELECT *, {level} AS engagement_level, {fit_level} AS fit_level FROM ({rolled})"
    action = f"CASE WHEN raised THEN 'handoff' ELSE {cell(plan, dialect, attrgetter('action'))} END"
    judged = f"SELECT *, {cell(plan, dialect, attrgetter('rating'))} AS rating, {action} AS action FROM ({levelled})"
    meets = "action = 'handoff' AND reachable AS meets_definition"
    return f"SELECT {', '.join(ACCOUNT_COLUMNS)} FROM (SELECT *, {meets} FROM ({judged}))"
