"""Ripe Software, the demo company: an invented seller of business software with a known truth.

Everything here is invented by a seeded program: no person, firm, address or number is real. The same seed
writes the same bytes, on any day, since the story has a clock of its own: it runs from 2026-01-01 to its
"today", 2026-09-30. Because a hidden rule decides which deals are won (see `demo.truth`), a learner can be
tested by whether it finds that rule again in the files.

Planted on purpose: interest that went cold, projects that sales overlooked, mail programs that open every
mail, students and job seekers who are busy and never buy, own staff and competitors among the leads, and
countries, titles and sizes as people type them or leave them out.
"""

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from ripeline.adapters.sources.demo.acts import DemoEvent
from ripeline.adapters.sources.demo.buying import acts_of, draw_project
from ripeline.adapters.sources.demo.calendar import TODAY, rfc3339
from ripeline.adapters.sources.demo.habits import habits
from ripeline.adapters.sources.demo.mailings import mailings
from ripeline.adapters.sources.demo.people import DemoLead, invent_leads
from ripeline.adapters.sources.demo.sales import DemoOutcome, close
from ripeline.adapters.sources.demo.truth import TRUTH

_LEAD_COLUMNS: Final = (
    "id", "created", "email", "phone", "title",
    "company", "company_size", "industry", "country", "lead_source",
)  # fmt: skip
_EVENT_COLUMNS: Final = (
    "id", "lead", "type", "name", "time",
    "context.page.path", "context.campaign.source", "properties.asset", "properties.price",
)  # fmt: skip
_OUTCOME_COLUMNS: Final = ("lead", "outcome", "time")
_README: Final = """\
Ripe Software, a demo company
=============================
Everything in this folder is invented by a seeded program (seed {seed}). No person, firm or deal is real.
Domains end in .example, which is reserved and belongs to nobody, or are well-known mail services with made-up
addresses; telephone numbers lie in ranges kept for films and books. Never send mail to any of them.

The story runs from 2026-01-01 to its "today", 2026-09-30. All times are UTC.

leads.csv     {leads} leads: one row each, empty cells where a lead told nothing
events.csv    {events} events: pages viewed, downloads, mails, requests
outcomes.csv  {outcomes} deals that ended, won or lost
"""

Row: TypeAlias = tuple[str | int | None, ...]


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """The whole story in memory, each part in order of time."""

    leads: tuple[DemoLead, ...]
    events: tuple[DemoEvent, ...]
    outcomes: tuple[DemoOutcome, ...]


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Where the demo company was written to."""

    leads: Path
    events: Path
    outcomes: Path
    readme: Path


def write_demo_company(folder: Path, *, leads: int = 2000, seed: int = 7) -> DemoFiles:
    """Write the demo company into a folder, made if need be; older files of the same names are replaced."""
    company = invent_demo_company(leads=leads, seed=seed)
    folder.mkdir(parents=True, exist_ok=True)
    files = DemoFiles(folder / "leads.csv", folder / "events.csv", folder / "outcomes.csv", folder / "README.txt")
    _write_table(files.leads, _LEAD_COLUMNS, map(_lead_row, company.leads))
    _write_table(files.events, _EVENT_COLUMNS, map(_event_row, range(1, len(company.events) + 1), company.events))
    _write_table(files.outcomes, _OUTCOME_COLUMNS, map(_outcome_row, company.outcomes))
    files.readme.write_text(_readme(company, seed), encoding="utf-8", newline="\n")
    return files


def invent_demo_company(*, leads: int = 2000, seed: int = 7) -> DemoCompany:
    """Return the demo company that `write_demo_company` writes, for tests that compare with the truth."""
    rng = random.Random(seed)  # noqa: S311 - a made-up story has to be repeatable, not secret
    people = invent_leads(rng, leads)
    events: list[DemoEvent] = []
    outcomes: list[DemoOutcome] = []
    for lead in people:
        acts, outcome = _live(rng, lead)
        events += acts
        outcomes += [outcome] if outcome else []
    return DemoCompany(people, _by_time(events), tuple(sorted(outcomes, key=lambda o: (o.time, o.lead))))


def _live(rng: random.Random, lead: DemoLead) -> tuple[Sequence[DemoEvent], DemoOutcome | None]:
    """Return all that one lead did until today, and how its deal ended."""
    project = draw_project(rng, lead)
    acts = [*habits(rng, lead), *mailings(rng, lead), *(acts_of(rng, project) if project else ())]
    lived = [act for act in acts if lead.created <= act.time and act.time.date() <= TODAY]
    return lived, close(rng, TRUTH, lead, project, lived)


def _by_time(events: Iterable[DemoEvent]) -> tuple[DemoEvent, ...]:
    # The sort is stable, so acts of one lead in one second keep the order in which it did them.
    return tuple(sorted(events, key=lambda event: (event.time, event.lead)))


def _lead_row(lead: DemoLead) -> Row:
    return (
        lead.id,
        rfc3339(lead.created),
        lead.email,
        lead.phone,
        lead.title.text if lead.title else None,
        lead.company.name if lead.company else None,
        lead.company_size,
        lead.industry,
        lead.country_text,
        lead.lead_source,
    )


def _event_row(number: int, event: DemoEvent) -> Row:
    return (
        f"E-{number:06d}",
        event.lead,
        event.type,
        event.name,
        rfc3339(event.time),
        event.path,
        event.campaign,
        event.asset,
        event.price,
    )


def _outcome_row(outcome: DemoOutcome) -> Row:
    return (outcome.lead, outcome.outcome, rfc3339(outcome.time))


def _write_table(path: Path, columns: Sequence[str], rows: Iterator[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _readme(company: DemoCompany, seed: int) -> str:
    return _README.format(
        seed=seed, leads=len(company.leads), events=len(company.events), outcomes=len(company.outcomes)
    )
