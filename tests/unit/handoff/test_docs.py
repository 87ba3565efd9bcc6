"""docs/routing-and-clock.md: its settings can be used, its table and its sentence are true."""

import re
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from ripeline.definition.model import Promise
from ripeline.entry import sales_settings as settings
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.settings import SECTIONS, check_keys
from ripeline.handoff.hours import due, share_due
from ripeline.handoff.routing import LeadToRoute, routed
from ripeline.handoff.sales import Sales
from ripeline.usecases.salespeople import local_text
from ripeline.vocabulary.calendar import UTC_ZONE, instant_of

PAGE = (Path(__file__).parents[3] / "docs/routing-and-clock.md").read_text("utf-8")
WORKED = re.findall(r"^\| (maria|jon|kim) \| (.+?) \| (\d+)([mhd]) \| (.+?) \| (.+?) \|", PAGE, re.MULTILINE)


def sales() -> Sales:
    raw = tomllib.loads(PAGE.partition("```toml\n")[2].partition("```")[0])["sales"]
    check_keys("sales", raw, SECTIONS["sales"][0])
    return settings.sales_settings(raw, references())


def instant(text: str, name: str) -> int:
    """Text such as "Mon 2026-11-23 12:00", by the clocks of somebody."""
    moment = datetime.strptime(f"{text[4:]} +0000", "%Y-%m-%d %H:%M %z")
    assert local_text(instant_of(moment), UTC_ZONE) == text
    return sales().people[name].hours.zone.from_local(instant_of(moment))


@pytest.mark.parametrize(("name", "comes", "amount", "unit", "warned", "expected"), WORKED)
def test_worked_by_hand(name: str, comes: str, amount: str, unit: str, warned: str, expected: str) -> None:
    hours, promise = sales().people[name].hours, Promise(int(amount), unit)
    given_at = instant(comes, name)
    assert local_text(due(hours, given_at, promise), hours.zone) == expected
    assert local_text(share_due(hours, given_at, promise, sales().warn_at), hours.zone) == warned


def test_every_line_of_the_table_is_read() -> None:
    table = PAGE.partition("| owner |")[2].strip().splitlines()
    assert len(WORKED) == len([line for line in table if re.match(r"\| \w+ \| \w{3} \d", line)]) == 9


def test_the_sentence_is_what_routing_says() -> None:
    quoted = " ".join(re.findall(r"^> (.+)$", PAGE, re.MULTILINE))
    at_us = instant("Sun 2027-01-03 20:00", "kim")
    # Austria is in the first route's list.
    assert routed(LeadToRoute(lambda _: True), sales(), {}, at_us).why == quoted


def test_every_setting_is_documented() -> None:
    documented = set(re.findall(r"`(\w+)`", PAGE))
    for known in (SECTIONS["sales"][0], settings.PERSON, settings.TEAM, settings.ROUTE):
        assert set(known) - {"people", "teams", "routes"} <= documented
