"""Salespeople in ripeline.toml: what is written there, and what is said where it cannot be meant."""

import tomllib
from datetime import date

import pytest

from ripeline.definition.condition_text import parse_condition
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.sales_settings import sales_settings
from ripeline.entry.settings import SECTIONS, check_keys
from ripeline.handoff.sales import USUAL_HOURS, Route, Sales
from ripeline.vocabulary.calendar import day_number
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.sales import Absence, Hours, Salesperson, Team, read_week

ACME = '''
timezone = "Europe/Berlin"
hours = "Mon-Fri 09:00-12:30, 13:30-17:30"
holidays = ["2026-12-26", 2026-12-25, "2026-12-25"]
warn_at = "62.5%"
on_breach = ["reassign"]
[people.maria]
mail = "Maria@Acme.example"
weight = 2
capacity = 15
absent = ["2027-01-01 to 2027-01-06", "2026-12-24 to 2026-12-31", "2026-11-30"]
[people.jon_olsen]
mail = "jon@acme.example"
timezone = "America/New_York"
holidays = []
[people.petra]
label = "Dr. Petra Roth"
mail = "petra@acme.example"
hours = "Sat 10:00-12:00"
[teams.dach]
members = ["jon_olsen", "maria"]
manager = "petra"
[teams.world]
members = ["petra"]
[[routes]]
when = """
  country in ('DE','AT')"""
team = "dach"
[[routes]]
team = "world"
'''
ONE = '[people.maria]\nmail = "maria@acme.example"\n'
TWO = ONE + '[people.jon]\nmail = "jon@acme.example"\n'
TEAMS = f'{TWO}[teams.a]\nmembers = ["maria"]\n[teams.b]\nmembers = ["jon"]\n'


def read(text: str) -> Sales:
    """What `ripeline sales` reads of a section, whose first tables are checked with all other settings."""
    raw = tomllib.loads(text)
    check_keys("sales", raw, SECTIONS["sales"][0])
    return sales_settings(raw, references())


def day(text: str) -> int:
    return day_number(date.fromisoformat(text))


def test_everything_that_can_be_written() -> None:
    berlin, new_york = (references().zone(name) for name in ("Europe/Berlin", "America/New_York"))
    week, holidays = read_week("Mon-Fri 09:00-12:30, 13:30-17:30"), (day("2026-12-25"), day("2026-12-26"))
    usual = Hours(berlin, week, holidays)
    away = (Absence(day("2026-11-30"), day("2026-11-30")), Absence(day("2026-12-24"), day("2027-01-06")))
    dach = "country in ('DE', 'AT')"
    found = read(ACME)
    assert found == Sales(
        {
            "maria": Salesperson("maria", "Maria", "maria@acme.example", usual, 2, 15, away),
            "jon_olsen": Salesperson("jon_olsen", "Jon Olsen", "jon@acme.example", Hours(new_york, week)),
            "petra": Salesperson(
                "petra", "Dr. Petra Roth", "petra@acme.example", Hours(berlin, read_week("Sat 10:00-12:00"), holidays)
            ),
        },
        {"dach": Team("dach", ("jon_olsen", "maria"), "petra"), "world": Team("world", ("petra",))},
        (Route("dach", parse_condition(dach), dach), Route("world", None, "everybody else")),
        usual,
        62_500,
        ("reassign",),
    )
    assert list(found.people) == ["maria", "jon_olsen", "petra"]


def test_nobody() -> None:
    assert read("") == Sales()
    assert read('timezone = "Europe/Berlin"').hours.week == USUAL_HOURS.week


def test_people_alone_are_one_team_that_gets_everything() -> None:
    found = read(TWO)
    assert found.teams == {"everybody": Team("everybody", ("maria", "jon"))}
    assert found.routes == (Route("everybody", None, "everybody"),)
    assert read(f'{TWO}[teams.a]\nmembers = ["jon"]').routes == (Route("a", None, "everybody"),)


def test_one_absence_inside_another() -> None:
    found = read(ONE + 'absent = ["2026-12-01 to 2026-12-20", "2026-12-05", "2026-12-22"]').people["maria"]
    assert found.absences == (
        Absence(day("2026-12-01"), day("2026-12-20")),
        Absence(day("2026-12-22"), day("2026-12-22")),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("peple = {}", '"peple" is no setting of [sales]; did you mean "people"?'),
        ("hours = 8", "sales.hours takes a text"),
        ("people = []", "sales.people takes a table"),
        ("people.maria = 'x'", "sales.people.maria takes a table; write [sales.people.maria]"),
        ('timezone = "Europe/Berln"', 'sales.timezone: "Europe/Berln" is no time zone; did you mean "Europe/Berlin"?'),
        ('hours = ""', "sales.hours: "),
        ('hours = "Mon 09:00-12:00, 11:00-13:00"', "sales.hours: 09:00-12:00 and 11:00-13:00 overlap"),
        ('holidays = ["2026-02-30"]', 'sales.holidays: "2026-02-30" is no date; write such as "2026-12-24"'),
        ("holidays = [2026]", 'sales.holidays: "2026" is no date'),
        ("holidays = [2026-12-24T10:00:00]", "is no date"),
        ("warn_at = 75", "sales.warn_at takes a text"),
        ('warn_at = "75"', 'sales.warn_at: "75" cannot be read; write such as "75%"'),
        ('warn_at = "101%"', "sales.warn_at: 101% is more than 100%"),
        ('warn_at = "0%"', "sales.warn_at lies between 0% and 100%"),
        ('warn_at = "100%"', "sales.warn_at lies between 0% and 100%"),
        ('on_breach = ["reasign"]', 'sales.on_breach: "reasign" is no thing to do; did you mean "reassign"?'),
        ("on_breach = [1]", 'sales.on_breach: "1" is no thing to do; known here: reassign, tell_manager'),
        ("[people.maria]", '[sales.people.maria] lacks mail; write such as mail = "maria@acme.example"'),
        ('[people."Maria R"]\nmail = "x"', '"Maria R" cannot be a name in [sales.people]: a to z, 0 to 9 and _'),
        ('[people.maria]\nmail = "maria"', 'sales.people.maria.mail: "maria" is no e-mail address of anybody'),
        (ONE + "wieght = 2", '"wieght" is no setting of [sales.people.maria]; did you mean "weight"?'),
        (ONE + 'weight = "2"', "sales.people.maria.weight takes a whole number"),
        (ONE + "weight = true", "sales.people.maria.weight takes a whole number"),
        (ONE + "weight = 0", "sales.people.maria.weight takes a whole number from 1 to 20"),
        (ONE + "weight = 21", "sales.people.maria.weight takes a whole number from 1 to 20"),
        (ONE + "capacity = 0", "sales.people.maria.capacity takes a whole number from 1 to 1,000"),
        (ONE + 'label = " "', "sales.people.maria.label takes 1 to 100 characters on one line"),
        (ONE + 'label = "a\\nb"', "sales.people.maria.label takes 1 to 100 characters on one line"),
        (ONE + f'label = "{"a" * 101}"', "sales.people.maria.label takes 1 to 100 characters on one line"),
        (ONE + 'hours = "Mon 12:00-09:00"', 'sales.people.maria.hours: "12:00-09:00" ends before it begins'),
        (ONE + 'absent = ["2027-01-06 to 2026-12-24"]', '"2027-01-06 to 2026-12-24" ends before it begins'),
        (ONE + 'absent = ["2026-12-24 until 2027-01-06"]', "sales.people.maria.absent: "),
        (ONE + 'absent = ["2026-12-24 to "]', 'sales.people.maria.absent: "" is no date'),
        (ONE + "[teams.a]", '[sales.teams.a] has no members; write such as members = ["maria", "jon"]'),
        (ONE + "[teams.a]\nmembers = []", "[sales.teams.a] has no members"),
        (ONE + '[teams.a]\nmembers = ["mara"]', '"mara" is no salesperson; did you mean "maria"?'),
        (ONE + "[teams.a]\nmembers = [1]", 'sales.teams.a.members: "1" is no salesperson; known here: maria'),
        (
            ONE + '[teams.a]\nmembers = ["maria", "maria"]',
            '"maria" stands twice; who is to get more leads has a greater',
        ),
        (ONE + '[teams.a]\nmembers = ["maria"]\nmanager = "petra"', 'sales.teams.a.manager: "petra" is no salesperson'),
        ('[teams.a]\nmembers = ["maria"]', '"maria" is no salesperson; there is no salesperson'),
        (TEAMS, "there are teams and no routes; write [[sales.routes]]"),
        ("routes = [1]", "sales.routes, number 1 takes a table; write [[sales.routes]]"),
        (TEAMS + '[[routes]]\nteem = "a"', '"teem" is no setting of [sales.routes]; did you mean "team"?'),
        (TEAMS + "[[routes]]\nwhen = \"country = 'DE'\"", "sales.routes, number 1 lacks a team; known here: a, b"),
        (TEAMS + '[[routes]]\nteam = "c"', 'sales.routes, number 1, team: "c" is no team; known here: a, b'),
        (
            TEAMS + '[[routes]]\nteam = "a"\n[[routes]]\nteam = "b"',
            "sales.routes, number 2: no lead comes so far, since the route before it has no condition",
        ),
        (TEAMS + '[[routes]]\nteam = "a"\nwhen = "country ="', "sales.routes, number 1, when: something is missing"),
        (TEAMS + '[[routes]]\nteam = "a"\nwhen = ""', "sales.routes, number 1, when: "),
        (
            TEAMS + '[[routes]]\nteam = "a"\nwhen = "regexp_matches(country, \'D\')"',
            "is not allowed here; use like with % and _",
        ),
        (TEAMS + '[[routes]]\nteam = "a"\nwhen = "properties.plan = \'pro\'"', "a route reads traits, such as country"),
        (TEAMS + '[[routes]]\nteam = "a"\nwhen = "channel.medium = \'mail\'"', "and no fields of events"),
    ],
)
def test_what_cannot_be_meant_is_said(text: str, message: str) -> None:
    with pytest.raises(InputError) as told:
        read(text)
    assert message in str(told.value)


def test_when_leads_may_be_contacted() -> None:
    found = read(
        'touches_per_week = 3\nmails_per_week = 2\nmails = ["Sent"]\n'
        'needs_consent = "consent_sales=true"\nneeds_consent_when_asked = true'
    ).contact
    assert (found.touches, found.mails, found.mail_names) == (3, 2, ("Sent",))
    assert (found.consent, found.consent_told) == (parse_condition("consent_sales = true"), "consent_sales = true")
    assert found.also_when_asked
    assert not read("").contact.say_something
    assert read('needs_consent = "consent_sales = true"').traits == ("consent_sales",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("touches_per_week = 0", "sales.touches_per_week takes a whole number from 1 to 1,000"),
        ('mails_per_week = "2"', "sales.mails_per_week takes a whole number"),
        ("mails = []", "sales.mails takes names of track calls"),
        ("mails = [1]", "sales.mails takes names of track calls"),
        ('needs_consent = "consent_sales ="', "sales.needs_consent: "),
        ("needs_consent = \"properties.x = 'y'\"", "sales.needs_consent: a consent reads traits"),
        ("needs_consent_when_asked = true", "goes with sales.needs_consent"),
        ("needs_consent = true", "sales.needs_consent takes a text"),
    ],
)
def test_what_cannot_be_meant_of_contacts(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        read(text)
    assert message in str(error.value)
