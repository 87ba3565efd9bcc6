"""Accounts: both readers lay everybody at the same door, and SQL for all comes to what is told of each one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.python import PythonEngine
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked, Engine, Scores
from ripeline.scoring.accounts import judge_account, least_interest
from ripeline.usecases.accounts import member_of
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.history import GroupLink, LeadHistory, Statement
from ripeline.vocabulary.values import typed
from tests.how_many import most
from tests.parity.definitions import Made, definitions, plan_of, yaml_of
from tests.parity.histories import MOMENTS, instants, known, leads, links
from tests.parity.workspace import stored

pytestmark = pytest.mark.engine_duckdb

QUICK = settings(
    max_examples=most(15), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
MAILS = ("ada@acme.example", "bob@ACME.example.", "c@gmail.com", "d@mailinator.com", "é@Ümlaut.example", "nobody", None)
DOMAINS = ("acme.example", "Acme.Example", " acme.example ", "gmail.com", "n/a", "a..b", f"{'x' * 252}.de", "7", None)


@st.composite
def group_links(draw: st.DrawFn, as_of: int) -> GroupLink:
    time_us = draw(instants(as_of))
    account = draw(st.sampled_from(("acme", "acme.example", "Acme", "é")))
    return GroupLink(account, time_us, draw(known(time_us)), "", draw(st.booleans()))


@st.composite
def persons(draw: st.DrawFn, as_of: int) -> dict[str, LeadHistory]:
    """Return leads with group links and mail domains; one call is the same for nobody else."""
    found, number = draw(leads(as_of)), 0
    for name, history in found.items():
        grouped = draw(st.lists(group_links(as_of), max_size=3))
        numbers = draw(st.permutations(range(number + 1, number + 1 + len(grouped))))
        number += len(grouped)
        named = tuple(
            replace(one, id=f"00000000-0000-0000-0000-{n:012x}") for one, n in zip(grouped, numbers, strict=True)
        )
        mailed = {"email": typed(draw(st.sampled_from(MAILS))), "email_domain": typed(draw(st.sampled_from(DOMAINS)))}
        said = {key: value for key, value in mailed.items() if draw(st.booleans()) or value is not None}
        stated = Statement(said, draw(st.one_of(st.none(), instants(as_of))), None, 1000 + number, draw(st.booleans()))
        statements = (*history.statements, replace(stated, known_us=stated.time_us))
        found[name] = replace(history, statements=statements, group_links=named)
    return found


def scored(engine: Engine, plan: Plan, asked: Asked) -> Scores:
    return engine.score(plan, asked, lambda _, __: None)


@QUICK
@given(definitions(most_signals=3), st.data())
def test_both_readers_know_the_same_accounts(made: Made, data: st.DataObject) -> None:
    plan = plan_of(yaml_of(made | {"accounts": {"breadth": 2.5, "breadth_cap": 4}}))
    as_of = data.draw(st.sampled_from(MOMENTS[made["timezone"]]), "as of")
    found = data.draw(persons(as_of), "leads")
    tied = data.draw(st.one_of(st.just([]), links(list(found), as_of)), "links")
    asked = Asked(as_of, data.draw(st.sampled_from((None, as_of, as_of - DAY_US)), "known"), accounts=True)
    with stored(found, tied) as store:
        duck = scored(DuckEngine(store), plan, asked)
        rows, accounts = duck.rows(), duck.accounts().rows()
        assert scored(PythonEngine(store), plan, asked).rows() == rows
        each = replace(asked, rows=tuple((str(row["lead"]), as_of) for row in rows))
        if rows:
            assert scored(DuckEngine(store), plan, each).rows() == rows
    assert accounts == told_one_by_one(plan, rows)


def judged(plan: Plan, rows: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """Return what one account is told to be by its persons' scores."""
    told = judge_account(plan, map(member_of, rows))
    score = told.score
    assert score.engagement.micro == sum(line.micro for line in score.engagement.contributions)
    return {
        "fit": score.fit.micro,
        "fit_level": score.fit.level,
        "engagement": score.engagement.micro,
        "engagement_level": score.engagement.level,
        "rating": score.rating,
        "action": score.action,
        "meets_definition": score.meets_definition,
        "contact": told.contact,
    }


def told_one_by_one(plan: Plan, rows: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    counted = [row for row in rows if row["account"] is not None and row["stage"] != "suppressed"]
    by_account = sorted(counted, key=lambda row: (str(row["account"]).encode(), str(row["lead"]).encode()))
    least = least_interest(plan.definition)
    told = []
    for account, of_account in groupby(by_account, key=lambda row: row["account"]):
        own = list(of_account)
        micros = {str(row["lead"]): int(str(row["engagement"])) for row in own}
        told.append(
            {
                "account": account,
                "as_of_us": own[0]["as_of_us"],
                "definition": plan.version,
                **judged(plan, own),
                "leads": len(own),
                "interested": sum(least is not None and micro >= least for micro in micros.values()),
                "mqls": sum(bool(row["meets_definition"]) for row in own),
                "best": min(micros, key=lambda lead: (-micros[lead], lead.encode())),
            }
        )
    return told
