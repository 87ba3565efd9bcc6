"""`ripeline learn` finds pages and campaigns, which clients send beside whatever was done."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from tests.acceptance.learning_company import BEGIN, at
from tests.acceptance.learning_runs import Learned, bring_in, empty_workspace, learned, run

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

LEADS: Final = 500
SETTINGS: Final = ("--win-within", "30d", "--score-at", "created+20d", "--as-of", "2026-06-01")
PATHS: Final = ("/", "/blog", "/pricing", "/docs", *(f"/blog/{number}" for number in range(40)))
CAMPAIGNS: Final = ("spring", "summer", "autumn")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Learned:
    """Of a company whose visitors buy after they saw prices, and hardly ever after they came by one campaign.

    Pages have no names, and there are more of them than are looked at one by one.
    """
    folder, calls, outcomes = tmp_path_factory.mktemp("pages"), list[Any](), list[Any]()
    chance = random.Random(1)
    for number in range(LEADS):
        lead, begin = f"V{number}", BEGIN + timedelta(days=chance.uniform(0, 200))
        seen, campaign = chance.sample(PATHS, 4), chance.choice(CAMPAIGNS)
        calls += [_page(lead, path, campaign, begin + timedelta(hours=hour)) for hour, path in enumerate(seen)]
        won = chance.random() < 0.15 + 0.6 * ("/pricing" in seen) - 0.1 * (campaign == "autumn")
        end = begin + timedelta(days=40)
        outcomes.append({"lead": lead, "outcome": "won" if won else "lost", "time": at(end)})
    workspace = empty_workspace(folder)
    bring_in(workspace, calls=calls, outcomes=outcomes)
    return learned(workspace, settings=SETTINGS)


def _page(lead: str, path: str, campaign: str, time: datetime) -> dict[str, object]:
    context = {"page": {"path": path, "url": f"https://acme.example{path}"}, "campaign": {"name": campaign}}
    return {
        "type": "page",
        "userId": lead,
        "messageId": f"{lead}{path}",
        "timestamp": at(time),
        "properties": {},
        "context": context,
    }


def test_a_page_is_found(told: Learned) -> None:
    conditions = {one["when"]: one["points"] for one in told.signals.values() if "when" in one}
    assert conditions["context.page.path = '/pricing'"] > 0


def test_it_is_called_so_that_people_know_it(told: Learned) -> None:
    assert any("(on page /pricing)" in one["label"] for one in told.signals.values())


def test_the_file_passes_the_check(told: Learned) -> None:
    run("check", told.file)


def test_how_long_people_stay_is_found(tmp_path: Path) -> None:
    """Readers do not come more often than others, nor on more days: they stay."""
    calls, outcomes, chance = list[Any](), list[Any](), random.Random(2)
    for number in range(LEADS):
        lead, begin = f"V{number}", BEGIN + timedelta(days=chance.uniform(0, 200))
        reads = chance.random() < 0.5
        step = timedelta(minutes=9 if reads else 1)
        calls += [
            _page(lead, "/", "spring", begin + place * step) | {"messageId": f"{lead} {place}"} for place in range(4)
        ]
        won = chance.random() < (0.7 if reads else 0.15)
        outcomes.append({"lead": lead, "outcome": "won" if won else "lost", "time": at(begin + timedelta(days=40))})
    workspace = empty_workspace(tmp_path)
    bring_in(workspace, calls=calls, outcomes=outcomes)
    found = learned(workspace, settings=SETTINGS)
    (rule,) = found.signals.values()
    assert (rule["measure"], rule["points"] > 0) == ("minutes", True)
    assert any("minutes" in one["label"] for one in found.signals.values())
    run("check", found.file)
