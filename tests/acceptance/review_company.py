"""An invented company with a definition in use whose truth is known: what is dead, what drifts, what sales makes of whom.

Half of its leads came before the definition was published on 1 June 2026, the others until 20 July, when those who
qualify are handed over. Sales rejects firms of fewer than 50 people as too small, most who took an e-book as without a
need, and of all others one of eight, whoever it is, as not now. Nobody has a fax. Leads came by the web, and now by fairs.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from ripeline.entry.bootstrap.book import opened_server_book
from ripeline.entry.bootstrap.desk import opened_desk
from ripeline.entry.workspace import FIRST_SETTINGS, find_workspace
from ripeline.ports.handoffs import HandoffsAsked
from ripeline.usecases.answer import Rights
from ripeline.usecases.said import Said
from ripeline.vocabulary.calendar import instant_of
from tests.acceptance.learning_company import at
from tests.acceptance.learning_runs import bring_in, run

DEFINITION: Final = """\
version: 1
name: acme
timezone: Europe/Berlin
required: []
fit:
  criteria:
    industry: {label: Software or banking, when: "industry in ('software', 'banking')", points: 30}
    grown: {label: 200 people or more, when: "company_size >= 200", points: 10}
    fax: {label: Has a fax, when: "fax = 'yes'", points: 5}
  levels: {good: 30, fair: 10, poor: 0}
engagement:
  signals:
    demo: {label: Saw a demo, event: Demo, points: 20, cap: 40}
    ebook: {label: Took an e-book, event: Ebook, points: 15, cap: 15}
    webinar: {label: Was at a webinar, event: Webinar, points: 10, cap: 20}
    asked: {label: Asked for a quote, event: Asked, points: 30, hand_raise: true}
  levels: {high: 20, low: 0}
matrix:
  good: {high: handoff, low: nurture}
  fair: {high: nurture, low: nurture}
  poor: {high: nurture, low: remove}
  unknown: {high: nurture, low: nurture}
suppress:
  partners: {when: "source = 'partner'"}
"""
SALES: Final = """
[sales]
hours = "Mon-Sun 00:00-24:00"
[sales.people.maria]
mail = "maria@acme.example"
"""
PUBLISHED: Final = datetime(2026, 6, 1, 8, tzinfo=UTC)
HANDED: Final = datetime(2026, 7, 20, 8, tzinfo=UTC)
ANSWERED: Final = HANDED + timedelta(days=2)
AS_OF: Final = "2026-07-31"

Row = Mapping[str, Any]


def people(count: int, seed: int, until: datetime, fair: float) -> Iterator[tuple[Row, list[Row]]]:
    """Yield leads who came in the 40 days before, with what they did. fair: which share of them came by a fair."""
    chance = random.Random(seed)
    for number in range(count):
        created = until - timedelta(days=chance.uniform(5, 40))
        lead = f"{'new' if seed else 'old'}-{number:04d}"
        yield (
            {
                "id": lead,
                "created": at(created),
                "industry": chance.choice(["software", "banking", "retail"]),
                "company_size": chance.choice([5, 20, 45, 80, 120, 150, 300, 400, 900]),
                "source": "fair" if chance.random() < fair else "web",
                "colour": chance.choice(["red", "green", "blue"]),
            },
            [
                {"lead": lead, "name": name, "time": at(created + timedelta(days=chance.uniform(0, 4)))}
                for name, often in (("Demo", 0.7), ("Ebook", 0.4), ("Webinar", 0.5))
                if chance.random() < often
            ],
        )


def bring(workspace: Path, made: Sequence[tuple[Row, list[Row]]]) -> None:
    """Import leads with what they did."""
    bring_in(workspace, leads=[lead for lead, _ in made], events=[act for _, acts in made for act in acts])


def verdict(lead: Row, acts: Sequence[Row], chance: random.Random) -> Said:
    """Return what sales answers."""
    if lead["company_size"] < 50:
        return Said("reject", "too_small")
    if any(act["name"] == "Ebook" for act in acts) and chance.random() < 0.75:
        return Said("reject", "no_need")
    return Said("reject", "not_now") if chance.random() < 0.125 else Said("accept")


def make(folder: Path, definition: str = DEFINITION, count: int = 400) -> Path:
    """Make a workspace whose definition is published, and whose handoffs are answered."""
    workspace = folder / "acme"
    run("init", workspace)
    (workspace / "qualification.yaml").write_text(definition, encoding="utf-8")
    (workspace / "ripeline.toml").write_text(FIRST_SETTINGS + SALES, encoding="utf-8")
    old = list(people(count, 0, PUBLISHED, fair=0.1))
    new = list(people(count, 1, HANDED, fair=0.9))
    bring(workspace, old)
    run("advance", "-w", workspace, "--as-of", at(PUBLISHED))
    bring(workspace, new)
    run("advance", "-w", workspace, "--as-of", at(HANDED))
    run("release", 1_000, "-w", workspace)
    run("advance", "-w", workspace, "--as-of", at(HANDED + timedelta(minutes=10)))
    answer(workspace, {str(lead["id"]): (lead, acts) for lead, acts in [*old, *new]})
    return workspace


def answer(workspace: Path, made: Mapping[str, tuple[Row, list[Row]]]) -> None:
    """Have sales answer everything that it was given, in the order of its numbers."""
    where, chance = find_workspace(workspace), random.Random(7)
    with opened_server_book(where) as book:
        _, given = book.handoffs(HandoffsAsked({}, ("open",), 10_000))
    with opened_desk(where) as (desk, store):
        for one in sorted(given, key=lambda one: one.number):
            said = verdict(*made[one.lead.value], chance)
            desk.says(store, one.number, said, Rights("maria"), instant_of(ANSWERED))
