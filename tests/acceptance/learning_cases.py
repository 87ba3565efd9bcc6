"""Invented companies of other kinds: with leaks, without any signal, with ugly names, and one whose customers come again."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from tests.acceptance.learning_company import BEGIN, TRUTH, Company, Row, Truth, at, invent

UGLY_NAMES: Final = (
    'we"ird', "it's", "back\\slash", "a: b # c", "[bold]x[/bold]", "[/]", "Größe ✓ 价格", "x" * 300,
    "trait", "select", "null", "true", "a.b", "x:number", "%s {0}", "- dash",
    "&anchor", "*star", "`tick`", "days_since", "1st", "comma, name", "ends ", "properties.plan",
)  # fmt: skip
UGLY_VALUES: Final = (
    'va"lue', "# hash", "key: value", "back\\slash", "it's", "- x", "true", "~",
    "[/]", "{a}", "null", "%_like", "1e5", "007", "0x1F", "2025-01-01",
    "  pad ", "😀", "two\nlines", "\x01control", "é" * 120, "tab\tbed", "--", "''",
)  # fmt: skip


def permuted(leads: int, seed: int, truth: Truth = TRUTH) -> Company:
    """Return a company where who was won was drawn from all leads."""
    company = invent(leads, seed, truth)
    ends = [row["outcome"] for row in company.outcomes]
    random.Random(seed).shuffle(ends)
    rows: list[Row] = [{**row, "outcome": end} for row, end in zip(company.outcomes, ends, strict=True)]
    return replace(company, outcomes=rows)


def shuffled(company: Company) -> Company:
    """Return the same company with its rows in another order."""
    chance = random.Random(5)
    leads, events, outcomes = (
        chance.sample(rows, len(rows)) for rows in (company.leads, company.events, company.outcomes)
    )
    return replace(company, leads=leads, events=events, outcomes=outcomes)


def alike(leads: int, end: str) -> Company:
    """Return a company whose leads all ended the same way."""
    company = invent(leads, 1)
    return replace(company, outcomes=[{**row, "outcome": end} for row in company.outcomes])


def leaky() -> Company:
    """Return a company that gives a number to whom it won, and whose contracts are signed three minutes before."""
    company, chance = invent(1_000, 1), random.Random(3)
    ended = {row["lead"]: datetime.fromisoformat(row["time"]) for row in company.outcomes if row["outcome"] == "won"}
    signed = [
        {"lead": lead, "name": "Contract Signed", "time": at(end - timedelta(minutes=3))} for lead, end in ended.items()
    ]
    leads: list[Row] = [
        {
            **row,
            "contract_number": f"C{chance.randrange(4)}" if row["id"] in ended and chance.random() < 0.9 else None,
            "sector, own words": chance.choice("ab"),
        }
        for row in company.leads
    ]
    return replace(company, leads=leads, events=[*company.events, *signed])


def ordered(leads: int) -> Company:
    """Return a company without times: what won among the first three quarters loses among the last."""
    chance, made = random.Random(1), Company()
    ids = [f"L{number:04d}" for number in range(leads)]
    chance.shuffle(ids)
    for place, lead in enumerate(ids):
        segment = chance.choice("ab")
        is_like_first = (segment == "a") == (place < 0.75 * leads)
        made.leads.append({"id": lead, "segment": segment})
        made.outcomes.append(
            {"lead": lead, "outcome": "won" if chance.random() < (0.2, 0.8)[is_like_first] else "lost"}
        )
    return made


def shop() -> Company:
    """Return a shop: who bought lately buys again."""
    chance, made = random.Random(2), Company()
    for number in range(500):
        lead, first = f"C{number:04d}", BEGIN + timedelta(days=chance.uniform(0, 60))
        last: datetime | None = None
        made.events.append({"lead": lead, "name": "Signed Up", "time": at(first)})
        for day in range(1, 240):
            now = first + timedelta(days=day)
            odds = 0.01 if last is None else 0.004 + 0.06 * 2 ** (-(now - last).days / 30)
            if chance.random() < odds:
                last = now
                made.events.append({"lead": lead, "name": "Purchase", "time": at(now)})
                made.outcomes.append({"lead": lead, "outcome": "won", "time": at(now)})
            if chance.random() < 0.02:
                made.events.append({"lead": lead, "name": "Visit", "time": at(now)})
    return made


def ugly(names: Sequence[str], values: Sequence[str], leads: int = 800) -> tuple[Company, list[Row]]:
    """Return outcomes and looks, and calls: traits and events of some names and values, every one of which tells."""
    chance, made, calls = random.Random(1), Company(), list[Row]()
    for number in range(leads):
        lead, created = f"L{number:05d}", BEGIN + timedelta(days=chance.uniform(0, 300))
        look, has = created + timedelta(days=60), [chance.random() < 0.5 for _ in names]
        odds = sum((0.7 if one else -0.7) * (1 if place % 2 else -1) for place, one in enumerate(has))
        traits = {name: value if one else "plain" for name, value, one in zip(names, values, has, strict=True)}
        who = {"userId": lead, "timestamp": at(created), "messageId": f"i{number}"}
        calls.append({**who, "type": "identify", "traits": traits})
        for place, (name, value) in enumerate(zip(names[:3], values[:3], strict=True)):
            if chance.random() < 0.6:
                one = chance.choice([value, "plain"])
                odds += 0.8 * (one == value)
                when = {
                    "timestamp": at(look - timedelta(days=chance.uniform(0, 59))),
                    "messageId": f"e{number}.{place}",
                }
                calls.append({**who, **when, "type": "track", "event": name, "properties": {"plan": one}})
        outcome = "won" if chance.random() < 1 / (1 + np.exp(-odds)) else "lost"
        made.outcomes.append({"lead": lead, "outcome": outcome, "time": at(look + timedelta(days=3))})
        made.looks.append({"lead": lead, "as_of": at(look)})
    return made, calls
