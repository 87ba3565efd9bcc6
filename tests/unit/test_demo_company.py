"""The demo company: repeatable, invented throughout, and won or lost by its hidden truth."""

import csv
from collections import defaultdict
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from ripeline.adapters.sources.demo.people import (
    COMPETITOR_DOMAIN,
    DISPOSABLE_DOMAIN,
    FREE_DOMAINS,
    OWN_DOMAIN,
)
from ripeline.adapters.sources.demo.truth import TRUTH
from ripeline.adapters.sources.demo_company import (
    DemoCompany,
    DemoFiles,
    invent_demo_company,
    write_demo_company,
)

STORY_BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
# The last instant of the story's today where the company lives.
STORY_ENDS = datetime(2026, 9, 30, 22, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """The demo company with its default size and seed."""
    return write_demo_company(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def company() -> DemoCompany:
    """The same company in memory."""
    return invent_demo_company()


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a written table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def every_byte(files: DemoFiles) -> bytes:
    """Return the bytes of all files."""
    return b"".join(path.read_bytes() for path in (files.leads, files.events, files.outcomes, files.readme))


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    """Two runs cannot be told apart."""
    first = write_demo_company(tmp_path / "first", leads=100, seed=11)
    second = write_demo_company(tmp_path / "second", leads=100, seed=11)
    assert every_byte(first) == every_byte(second)


def test_another_seed_writes_another_company(tmp_path: Path) -> None:
    """Each table differs."""
    first = write_demo_company(tmp_path / "first", leads=100, seed=11)
    second = write_demo_company(tmp_path / "second", leads=100, seed=12)
    assert first.leads.read_bytes() != second.leads.read_bytes()
    assert first.events.read_bytes() != second.events.read_bytes()
    assert first.outcomes.read_bytes() != second.outcomes.read_bytes()


def test_writing_again_replaces_the_files(tmp_path: Path) -> None:
    """Nothing of a larger company is left behind."""
    write_demo_company(tmp_path, leads=100)
    assert len(rows(write_demo_company(tmp_path, leads=10).leads)) == 10


def test_it_is_as_large_as_promised(files: DemoFiles) -> None:
    """2,000 leads, 20 to 40 thousand events, about 350 closed deals."""
    assert len(rows(files.leads)) == 2000
    assert 20_000 <= len(rows(files.events)) <= 40_000
    assert 300 <= len(rows(files.outcomes)) <= 420


def test_about_three_deals_in_ten_are_won(files: DemoFiles) -> None:
    """Between 25 and 35 of a hundred."""
    ends = [row["outcome"] for row in rows(files.outcomes)]
    assert set(ends) == {"won", "lost"}
    assert 0.25 <= ends.count("won") / len(ends) <= 0.35


def test_every_time_lies_in_the_story(files: DemoFiles) -> None:
    """From New Year to its today, in UTC."""
    written = [row["created"] for row in rows(files.leads)]
    written += [row["time"] for row in (*rows(files.events), *rows(files.outcomes))]
    times = [datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z") for text in written]
    assert min(times) >= STORY_BEGINS
    assert max(times) < STORY_ENDS


def test_ids_are_unique(files: DemoFiles) -> None:
    """Of leads, of events, and one outcome a lead."""
    for path, key in ((files.leads, "id"), (files.events, "id"), (files.outcomes, "lead")):
        ids = [row[key] for row in rows(path)]
        assert len(ids) == len(set(ids))


def test_events_and_outcomes_are_of_known_leads(files: DemoFiles) -> None:
    """No row points nowhere; some leads have no event at all."""
    known = {row["id"] for row in rows(files.leads)}
    active = {row["lead"] for row in rows(files.events)}
    assert active < known
    assert {row["lead"] for row in rows(files.outcomes)} < known


def test_no_lead_acts_before_it_is_known(files: DemoFiles) -> None:
    """Neither acts nor outcomes come before the lead is created."""
    created = {row["id"]: row["created"] for row in rows(files.leads)}
    later = (*rows(files.events), *rows(files.outcomes))
    assert all(created[row["lead"]] <= row["time"] for row in later)


def test_addresses_are_invented(files: DemoFiles) -> None:
    """The local part is the lead's number; firms live under a reserved domain."""
    for row in rows(files.leads):
        local, _, domain = row["email"].partition("@")
        assert local == f"lead{row['id'].removeprefix('L-')}"
        assert domain.endswith(".example") or domain in {*FREE_DOMAINS, DISPOSABLE_DOMAIN}


def test_phone_numbers_are_kept_for_fiction(files: DemoFiles) -> None:
    """Each begins like a range that no subscriber ever gets."""
    fiction = ("+49 30 23125 ", "+44 20 7946 0", "+33 1 99 00 ", "+1 202 555 01")
    phones = [row["phone"] for row in rows(files.leads) if row["phone"]]
    assert phones
    assert all(phone.startswith(fiction) for phone in phones)


@pytest.mark.parametrize("domain", [OWN_DOMAIN, COMPETITOR_DOMAIN, DISPOSABLE_DOMAIN, *FREE_DOMAINS])
def test_every_kind_of_address_occurs(files: DemoFiles, domain: str) -> None:
    """Suppressions and the free mail criterion have something to find."""
    assert any(row["email"].endswith(f"@{domain}") for row in rows(files.leads))


def test_a_few_leads_do_most(files: DemoFiles) -> None:
    """Activity follows a power law: the busiest tenth does a third or more, and half do little."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows(files.events):
        counts[row["lead"]] += 1
    busiest = sorted(counts.values(), reverse=True)
    assert sum(busiest[: len(busiest) // 10]) > len(rows(files.events)) / 3
    assert busiest[len(busiest) // 2] < 15


def test_more_points_of_the_truth_win_more_often(company: DemoCompany) -> None:
    """Of a won and a lost deal, the won one had more points in at least 7 of 10 pairs."""
    points = points_at_the_decision(company)
    won, lost = points["won"], points["lost"]
    higher = sum(winner > loser for winner, loser in product(won, lost))
    assert higher / (len(won) * len(lost)) > 0.7


def test_as_many_deals_are_won_as_the_truth_expects(company: DemoCompany) -> None:
    """The sum of the chances comes close to the number of wins: at most 30 of some 350 apart."""
    points = points_at_the_decision(company)
    expected = sum(TRUTH.likelihood(each) for ends in points.values() for each in ends)
    assert abs(expected - len(points["won"])) < 30


def points_at_the_decision(company: DemoCompany) -> dict[str, list[float]]:
    """Return the hidden points of the closed leads when they were closed, by outcome."""
    leads = {lead.id: lead for lead in company.leads}
    acts = defaultdict(list)
    for event in company.events:
        acts[event.lead].append(event)
    points: dict[str, list[float]] = {"won": [], "lost": []}
    for end in company.outcomes:
        points[end.outcome].append(TRUTH.points(leads[end.lead], acts[end.lead], end.time))
    return points


def test_the_readme_says_that_all_is_invented(files: DemoFiles) -> None:
    """Whoever finds the folder later is told."""
    assert "invented by a seeded program (seed 7)" in files.readme.read_text(encoding="utf-8")
