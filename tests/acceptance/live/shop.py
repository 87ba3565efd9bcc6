"""An invented shop: what a lead is to it, what its visitors' clients send, and its scores live and in a batch."""

import csv
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ripeline.adapters.book.inbox import tell_dispositions
from ripeline.adapters.book.sqlite import transaction
from ripeline.entry.bootstrap.book import book_connection
from ripeline.intake.dispositions import Disposition
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served

DEFINITION = """\
version: 1
name: shop
timezone: Europe/Berlin
required: []
fit:
  criteria:
    large: {when: "company_size > 100", points: 30}
    pro: {when: "plan = 'pro'", points: 10}
    acme: {when: "company_domain = 'acme.example'", points: 3}
    german: {when: "phone_country = 'DE'", points: 0.5}
    long_known: {when: "days_since(since) >= 2", points: 5}
  levels: {good: 30, fair: 10, poor: 0}
engagement:
  signals:
    hit: {event: Hit, points: 3, decay: {half_life: 2d}, cap: 20}
    often: {event: Hit, at_least: 3 within 2d, points: 7}
    visits: {type: page, measure: visits, points: 2, within: 3d, at_most: 2 per day}
    found: {type: any, when: "channel.medium in ('organic search', 'ai assistant')", points: 2, within: 3d}
    at_a_desk: {type: any, when: "device.kind = 'desktop'", points: 1, at_most: 2 per day}
    spent: {event: Bought, measure: sum(properties.price), points: 0.1, decay: {fade: 5d}}
    quiet: {type: any, inactive: 3d, points: -4}
    trial: {event: Trial, points: 10, trusted: true}
    asked: {event: Asked, points: 15, hand_raise: {open_for: 2d}}
  levels: {high: 20, medium: 8, low: 0}
matrix:
  good: {high: handoff, medium: handoff, low: nurture}
  fair: {high: handoff, medium: nurture, low: nurture}
  poor: {high: follow_up, medium: nurture, low: remove}
  unknown: {high: handoff, medium: nurture, low: nurture}
suppress:
  staff: {when: "email_domain = 'shop.example'"}
learned:
  likelihood:
    of: fit + engagement
    table: [[0, 0.05], [5, 0.1], [10, 0.2], [20, 0.4], [40, 0.7]]
    follows: {looks: 60, score_at: created+1m}
"""
START = datetime(2026, 3, 27, 9, tzinfo=UTC)
"""A Friday, days before clocks change."""

SHOWN = (
    "fit",
    "fit_level",
    "engagement",
    "engagement_level",
    "rating",
    "action",
    "meets_definition",
    "stage",
    "likelihood",
)


def calls(rng: random.Random, now: datetime, count: int) -> Iterator[dict[str, Any]]:
    """Calls of a few users and devices, some of them shared, some late, some sent twice; addresses known of several."""
    for _ in range(count):
        user = rng.choice([None, *(f"u{n}" for n in range(10)), "A1@Acme.example", "d3"])
        device = rng.choice([None, *(f"d{n}" for n in range(10))]) if user else f"d{rng.randrange(10)}"
        at = now - timedelta(minutes=rng.choice([0, 1, 5, 40, 60 * 30]) + rng.randrange(50))
        call: dict[str, Any] = {"messageId": f"m{rng.randrange(4_000)}", "timestamp": at.isoformat()}
        call |= {"userId": user, "anonymousId": device, **rng.choice(AGENTS)}
        kind = rng.choice(["track", "track", "track", "page", "identify", "alias"])
        if kind == "track":
            call |= {
                "event": rng.choice(["Hit", "Hit", "Bought", "Trial", "Asked"]),
                "properties": {"price": rng.randrange(90)} | rng.choice([{}, {}, {"email": address(rng)}]),
            }
        if kind == "identify":
            traits = {"company_size": rng.choice([5, 500, None]), "plan": rng.choice(["pro", "free"])}
            call["traits"] = traits | {"since": at.date().isoformat(), "email": address(rng)}
            call["traits"] |= rng.choice([{}, {}, {"crm_id": f"C-{rng.randrange(6)}"}])
            call["traits"] |= PHONES[at.minute % len(PHONES)]
        if kind == "alias":
            call["previousId"] = f"d{rng.randrange(12)}"
        yield call | {"type": kind}


def address(rng: random.Random) -> str:
    return f"a{rng.randrange(9)}@{rng.choice(['shop', 'acme', 'Acme'])}.example"


PHONES: tuple[dict[str, Any], ...] = (
    {},
    {"phone": "+49 30 901820"},
    {"phone": "030 901820"},
    {"country": "Germany"},
    {"phone": "020 7946 0958", "country": "GB"},
)
AGENTS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"context": {"userAgent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}},
    {"context": {"userAgent": "X11; Linux"}},
    {"context": {"page": {"url": "https://shop.example/?utm_source=chatgpt.com", "referrer": ""}}},
    {"context": {"page": {"url": "https://shop.example/a", "referrer": "https://www.google.com/"}}},
    {"context": {"page": {"url": "https://shop.example/b", "referrer": "https://www.shop.example/a"}}},
)


def live(served: Served) -> dict[str, tuple[str, ...]]:
    rows = list[dict[str, Any]]()
    while page := served.read(f"/api/leads?limit=1000&sort=lead&offset={len(rows)}")["leads"]:
        rows += page
    return {row["lead"]: tuple(_text(row[name]) for name in SHOWN) for row in rows}


def batch(served: Served, as_of: str, engine: str = "duckdb") -> dict[str, tuple[str, ...]]:
    out = served.workspace.root / "scores.csv"
    done = ripeline("score", "-w", served.workspace.root, "--as-of", as_of, "-o", out, "--engine", engine)
    assert done.returncode == 0, done.stderr
    with out.open(encoding="utf-8", newline="") as rows:
        return {row["lead"]: tuple(row[name] for name in SHOWN) for row in csv.DictReader(rows)}


def answered(served: Served, dispositions: Sequence[Disposition], now: datetime = START) -> None:
    """Let sales have answered, and wait until it is applied."""
    with book_connection(served.workspace) as db, transaction(db):
        position = tell_dispositions(db, dispositions, micros(now))
    served.applied(position)


def micros(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def _text(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
