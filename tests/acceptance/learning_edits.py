"""What comes to be known of a company after it was learned from: edits of the future, each of which takes a workspace.

Of a company of LEADS that was looked at until LAST_LOOK, as it was known at AS_OF.
"""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tests.acceptance.learning_company import BEGIN, TRUTH, at
from tests.acceptance.learning_runs import bring_in, run

AS_OF: Final = "2025-10-01"
LOOKED: Final = {
    "once": ("--win-within", "14d", "--score-at", "created+60d", "--as-of", AS_OF),
    "by the calendar": ("--win-within", "21d", "--score-at", "every:21d", "--as-of", AS_OF),
}
LAST_LOOK: Final = datetime(2025, 9, 17, 23, 59, tzinfo=BEGIN.tzinfo)
"""No moment that is looked at is later: what became of those in the 14 days before AS_OF is not known by then."""

LEADS: Final = [f"L{number:05d}" for number in range(500)]
ACTS: Final = [act.name for act in TRUTH.acts]
LATER: Final = ("2025-10-03", "2026-06-01")
EARLIER: Final = ("2024-06-01", AS_OF)

Edit = Callable[[Path, random.Random], None]


def draw(chance: random.Random, between: tuple[str, str]) -> str:
    """Return a moment between two."""
    first, last = (datetime.fromisoformat(each).replace(tzinfo=BEGIN.tzinfo) for each in between)
    return at(first + chance.random() * (last - first))


def more_events(workspace: Path, chance: random.Random) -> None:
    """Events of later days."""
    rows = [{"lead": lead, "name": chance.choice(ACTS), "time": draw(chance, LATER)} for lead in LEADS]
    bring_in(workspace, events=rows)


def events_known_later(workspace: Path, chance: random.Random) -> None:
    """Events of earlier days that nobody knew of until later."""
    rows = [
        {"lead": lead, "name": chance.choice(ACTS), "time": draw(chance, EARLIER), "known_at": draw(chance, LATER)}
        for lead in chance.choices(LEADS, k=300)
    ]
    bring_in(workspace, events=rows)


def more_traits(workspace: Path, chance: random.Random) -> None:
    """What is stated of a later time, also of leads nobody had heard of, and also of another kind."""
    rows = [
        {
            "id": lead,
            "at": draw(chance, LATER),
            "employees": chance.choice([1, 100, "many"]),
            "industry": chance.choice(["education", "mining"]),
            "motto": chance.choice("abc"),
        }
        for lead in [*LEADS, "A0001", "Z0001"]
    ]
    bring_in(workspace, leads=rows)


def traits_known_later(workspace: Path, chance: random.Random) -> None:
    """What is stated of an earlier time, and nobody knew until later."""
    rows = [
        {"id": lead, "at": draw(chance, EARLIER), "known_at": draw(chance, LATER), "industry": chance.choice("abc")}
        for lead in [*LEADS, "A0002", "Z0002"]
    ]
    bring_in(workspace, leads=rows)


def more_outcomes(workspace: Path, chance: random.Random) -> None:
    """What became of leads later."""
    rows = [{"lead": lead, "outcome": chance.choice(["won", "lost"]), "time": draw(chance, LATER)} for lead in LEADS]
    bring_in(workspace, outcomes=rows)


def merged(workspace: Path, chance: random.Random) -> None:
    """Two leads that turn out to be one person: that is known now."""
    run("merge", *chance.sample(LEADS, 2), "-w", workspace, "--yes")


def tied(workspace: Path, chance: random.Random) -> None:
    """Devices that turn out to be a lead's, and bring along what was done on them."""
    calls = []
    for number, lead in enumerate(chance.sample(LEADS, 80)):
        who = {"anonymousId": f"device{number}", "timestamp": draw(chance, LATER)}
        calls.append({**who, "type": "track", "event": chance.choice(ACTS), "messageId": f"seen{number}"})
        calls.append({**who, "type": "identify", "userId": lead, "messageId": f"tied{number}"})
    bring_in(workspace, calls=calls)


def set_aside(workspace: Path, chance: random.Random) -> None:
    """Events that turn out to be nobody's: that is known now."""
    run("set-aside", "add", "--lead", chance.choice(LEADS), "--reason", "a test", "--yes", "-w", workspace)


def new_names(workspace: Path, chance: random.Random) -> None:
    """Events of a name that nobody had heard of."""
    bring_in(workspace, events=[{"lead": lead, "name": "Chat Begun", "time": draw(chance, LATER)} for lead in LEADS])


def new_values(workspace: Path, chance: random.Random) -> None:
    """Events with a property that no event had."""
    rows = [
        {"lead": lead, "name": "Blog Read", "time": draw(chance, LATER), "topic": topic}
        for lead in LEADS
        for topic in ("scoring", "recipes")
    ]
    bring_in(workspace, events=rows)


_SOON = at(LAST_LOOK + timedelta(days=5))


def first_events_known_soon(workspace: Path, chance: random.Random) -> None:
    """Events before all others of their leads, of which nobody knew at the last look, but somebody did by AS_OF."""
    rows = [{"lead": lead, "name": "Blog Read", "time": "2024-06-01", "known_at": _SOON} for lead in LEADS[::2]]
    bring_in(workspace, events=rows)


def first_traits_known_soon(workspace: Path, chance: random.Random) -> None:
    """The same of what is stated."""
    bring_in(
        workspace, leads=[{"id": lead, "at": "2024-06-01", "known_at": _SOON, "colour": "red"} for lead in LEADS[::2]]
    )


UNSEEN: Final[Sequence[Edit]] = (
    more_events,
    events_known_later,
    more_traits,
    traits_known_later,
    more_outcomes,
    merged,
    tied,
    set_aside,
    new_names,
    new_values,
    first_events_known_soon,
    first_traits_known_soon,
)


def another_past(workspace: Path, chance: random.Random) -> None:
    """What was known all the time."""
    leads = [{"id": lead, "at": "2025-01-01", "industry": "mining"} for lead in LEADS[::3]]
    events = [{"lead": lead, "name": "Blog Read", "time": "2025-08-01"} for lead in LEADS[::3]]
    bring_in(workspace, leads=leads, events=events)
