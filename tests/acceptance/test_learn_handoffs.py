"""Learning from what sales was given: leads below the line that were drawn by lot stand for those that were not.

A shop sells to large companies, since only these are handed over; how many small ones of the trade "it" would buy nobody
can see but by a lot. What is invented here, and how often everybody would buy if sales spoke to them, is known.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ripeline.adapters.book.handoffs import add_handoff, change_handoff
from ripeline.adapters.book.sqlite import transaction
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.workspace import find_workspace
from ripeline.vocabulary.calendar import instant_of
from ripeline.vocabulary.handoffs import ACCEPTED, WITHDRAWN, Handoff
from ripeline.vocabulary.people import Name
from tests.acceptance.learning_company import Row
from tests.acceptance.learning_runs import Learned, bring_in, empty_workspace, learn, scores

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

SHARE = 0.1
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
WON = {("large", "it"): 0.8, ("large", "shop"): 0.26, ("small", "it"): 0.37, ("small", "shop"): 0.05}
"""How often such a lead buys that sales speaks to, size and trade each adding to the log odds; of others nobody does."""

ASKED = ("--win-within", "30d", "--as-of", "2026-06-01", "--score-at")


@dataclass(frozen=True, slots=True)
class Lead:
    name: str
    size: str
    trade: str
    created: datetime
    given: bool
    by_lot: bool
    won: bool

    @property
    def row(self) -> Row:
        return {"id": self.name, "size": self.size, "trade": self.trade, "created": self.created.isoformat()}

    @property
    def chance(self) -> float:
        """How often such a lead would buy if sales spoke to it."""
        return WON[self.size, self.trade]


def leads(count: int, seed: int) -> Iterator[Lead]:
    rng = random.Random(seed)
    for number in range(count):
        size, trade = rng.choice(["large", "small", "small"]), rng.choice(["it", "shop", "shop", "shop"])
        drawn = size == "small" and rng.random() < SHARE
        given = drawn or size == "large"
        won = given and rng.random() < WON[size, trade]
        created = BEGIN + timedelta(days=rng.randrange(360), seconds=rng.randrange(86_000))
        yield Lead(f"lead{number}", size, trade, created, given, drawn, won)


@pytest.fixture(scope="module")
def everybody() -> list[Lead]:
    return list(leads(4_000, 1))


@pytest.fixture(scope="module")
def workspace(everybody: list[Lead], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = empty_workspace(tmp_path_factory.mktemp("handoffs"))
    ended = (
        {
            "lead": one.name,
            "outcome": "won" if one.won else "lost",
            "time": (one.created + timedelta(days=9)).isoformat(),
        }
        for one in everybody
        if one.given
    )
    bring_in(root, leads=[one.row for one in everybody], outcomes=list(ended))
    with book_connection(find_workspace(root)) as db, transaction(db):
        for one in everybody:
            if one.given:
                made_us = instant_of(one.created + timedelta(hours=5))
                new = Handoff("qualification", Name("user", one.name), "mql", "event", "0" * 16, made_us)
                share = round(100_000 * SHARE) if one.by_lot else None
                written = add_handoff(db, new)
                told = {name: getattr(written, name) for name in Handoff.__slots__}
                told |= {"state": ACCEPTED, "owner": "maria", "assigned_us": made_us, "by_lot": share}
                change_handoff(db, Handoff(**told))
        # What was taken back before anybody answered tells nothing.
        add_handoff(db, Handoff("qualification", Name("user", "lead0"), "mql", "event", "0" * 16, 1, state=WITHDRAWN))
    return root


@pytest.fixture(scope="module")
def of_handoffs(workspace: Path) -> Learned:
    return learn(workspace, settings=(*ASKED, "handoffs"))


def test_what_nobody_was_given_is_learned_from_whom_the_lot_drew(
    workspace: Path, everybody: list[Lead], of_handoffs: Learned
) -> None:
    """Everybody's likelihood is what would become of them, small companies' of the trade it among them."""
    assert of_handoffs.report["verdict"] == "learned", of_handoffs.done.stdout
    told = {one.lead: one.likelihood for one in scores(workspace, of_handoffs.file)}
    for kind, chance in WON.items():
        alike = [one for one in everybody if (one.size, one.trade) == kind]
        error = (chance * (1 - chance) / sum(one.given for one in alike)) ** 0.5
        assert sum(told[one.name] for one in alike) / len(alike) == pytest.approx(chance, abs=3 * error + 0.02), kind
    # Of all together, where only how many were drawn makes it unsure: 0.34 a row.
    mean, true = (sum(each) / len(everybody) for each in (told.values(), [one.chance for one in everybody]))
    assert mean == pytest.approx(true, abs=3 * 0.34 / sum(one.by_lot for one in everybody) ** 0.5)


def test_without_weights_the_likelihood_of_all_would_be_wrong(workspace: Path, everybody: list[Lead]) -> None:
    """Looked at after an hour, whoever was not given to sales counts as lost: small companies seem hopeless.

    So much so that their size is asked about as something that may know the outcome.
    """
    found = learn(workspace, settings=(*ASKED, "created+1h", "--keep", "size"))
    told = {one.lead: one.likelihood for one in scores(workspace, found.file)}
    small = [told[one.name] for one in everybody if (one.size, one.trade) == ("small", "it")]
    assert sum(small) / len(small) < WON["small", "it"] / 2


def test_it_says_for_how_many_the_drawn_ones_stand(everybody: list[Lead], of_handoffs: Learned) -> None:
    data, given = of_handoffs.report["data"], [one for one in everybody if one.given]
    drawn = sum(one.by_lot for one in given)
    assert (data["snapshots"], data["by_lot"]) == (len(given), drawn)
    assert data["stand_for"] == len(given) - drawn + 10 * drawn
    sentence = f"{drawn} of them were drawn by lot; together all stand for {data['stand_for']:,} leads."
    assert sentence in " ".join(of_handoffs.done.stdout.split())
    assert sentence in " ".join((of_handoffs.text or "").replace("#", " ").split())
    assert of_handoffs.report["asked"]["score_at"] == "handoffs"
    # Nobody can look so at leads again, so the level stays as it is.
    assert "follows" not in of_handoffs.definition["learned"]["likelihood"]


def test_where_nobody_was_given_anything_it_says_so(tmp_path: Path) -> None:
    root = empty_workspace(tmp_path)
    bring_in(root, leads=[one.row for one in leads(20, 2)])
    done = learn(root, settings=(*ASKED, "handoffs")).done
    assert done.returncode == 1
    assert 'nobody was given a lead by "qualification" yet; leave out --score-at handoffs' in done.stderr
