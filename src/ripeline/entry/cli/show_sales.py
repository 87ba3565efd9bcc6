"""How sales is set up, as a reader sees it: people with their hours, teams, routes, and what happens to promises."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape

from ripeline.entry.cli.show import counted, table
from ripeline.handoff.sales import Sales
from ripeline.usecases.sales_words import HAPPENS
from ripeline.usecases.salespeople import Record, left_out, local_text, presence, share_text
from ripeline.vocabulary.calendar import Zone, day_text
from ripeline.vocabulary.sales import Salesperson, Team, week_text

NOBODY = """\
There are no salespeople: nobody gets a lead. Write them into ripeline.toml, such as

    [sales]
    timezone = "Europe/Berlin"
    hours = "Mon-Fri 09:00-12:30, 13:30-17:30"
    [sales.people.maria]
    mail = "maria@acme.example"
"""


def show_sales(console: Console, sales: Sales, record: Record, at_us: int) -> None:
    """Print how sales is set up, and who is at work at an instant. record: the same, with what was said besides the file."""
    if not sales.people:
        console.print(NOBODY, highlight=False, markup=False, soft_wrap=True, end="")
        return
    moment = f"{local_text(at_us, sales.hours.zone)} in {sales.hours.zone.name}"
    people = [_person(one, sales.hours.zone, at_us) for one in sales.people.values()]
    in_turn = [_team(sales, one) for one in sales.teams.values()]
    routes = [(str(number), one.told, one.team) for number, one in enumerate(sales.routes, 1)]
    hours = ("hours", "time zone", "next holiday", "who")
    shown = ("who", "now", "weight", "a day", "mail")
    console.print(table(f"Salespeople, {moment}", shown, people, ("weight", "a day"), ("who", "mail")))
    console.print(table("Hours", hours, _hours(sales, at_us), (), hours[1:3]))
    if absences := _absences(sales, at_us):
        console.print(table("Absences", ("who", "from", "to"), absences, (), ("from", "to")))
    console.print(table("Teams", ("team", "members", "manager"), in_turn, (), ("team", "manager")))
    console.print(table("Routes, the first that fits", ("", "leads", "team"), routes, (), ("", "team")))
    if record["unattended"]:
        left = [
            (str(one["number"]), one["lead"], one["state"], one["owner"], one["why"]) for one in record["unattended"]
        ]
        columns = ("handoff", "lead", "state", "who", "why")
        console.print(table("Nobody attends to", columns, left, ("handoff",), ("handoff", "state")))
    console.print(_promises(sales), highlight=False, soft_wrap=True)
    for line in (*_contact(record["contact"]), *_besides(record)):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    for message, advice in left_out(sales):
        console.print(f"[yellow]warning[/] {escape(message)}: {escape(advice)}", highlight=False, soft_wrap=True)


def _contact(rules: Record) -> Iterator[str]:
    """Yield when leads may be contacted, as far as anything is said of it."""
    for what, named in (("touches", "Sales is in touch with a lead"), ("mails", "A lead is sent a mail")):
        if (most := rules[f"{what}_per_week"]) is not None:
            yield f"{named} at most {counted(most, 'time')} in seven days."
    if rules["needs_consent"] is not None:
        asked = "also" if rules["needs_consent_when_asked"] else "not"
        yield f"A handoff needs consent: {rules['needs_consent']}; {asked} where the lead asked to talk to sales."


def _besides(record: Record) -> Iterator[str]:
    """Yield what was said by command or API, and goes before the file."""
    for kind in ("people", "teams"):
        for one in record[kind]:
            if one["told"]:
                yield f"Said by command or API, not by ripeline.toml: {', '.join(one['told'])} of {one['name']}."
    for one in record["removed"]:
        yield f"Removed by command or API: {one['name']}."


def _person(person: Salesperson, zone: Zone, at_us: int) -> Sequence[str]:
    capacity = "" if person.capacity is None else str(person.capacity)
    return person.label, _now(person, zone, at_us), str(person.weight), capacity, person.mail


def _now(person: Salesperson, zone: Zone, at_us: int) -> str:
    now = presence(person, at_us)
    if now.at_work:
        return "at work"
    if now.absent_until is not None:
        return f"absent until {day_text(now.absent_until)}"
    return f"from {local_text(now.from_us, zone)}"


def _hours(sales: Sales, at_us: int) -> list[Sequence[str]]:
    """Return whose hours are alike."""
    whose: dict[tuple[str, str, str], list[str]] = {}
    for one in sales.people.values():
        hours = one.hours
        holiday = next((day_text(day) for day in hours.holidays if day >= hours.zone.day(at_us)), "")
        whose.setdefault((week_text(hours.week), hours.zone.name, holiday), []).append(one.label)
    return [(*hours, ", ".join(who)) for hours, who in whose.items()]


def _absences(sales: Sales, at_us: int) -> list[Sequence[str]]:
    """Return absences that are not over, the next one first."""
    ahead = [
        (day_text(away.first), one.label, day_text(away.last))
        for one in sales.people.values()
        for away in one.absences
        if away.last >= one.hours.zone.day(at_us)
    ]
    return [(who, first, last) for first, who, last in sorted(ahead)]


def _team(sales: Sales, team: Team) -> Sequence[str]:
    manager = "" if team.manager is None else sales.people[team.manager].label
    return team.name, ", ".join(sales.people[name].label for name in team.members), manager


def _promises(sales: Sales) -> str:
    then = " and ".join(HAPPENS[one] for one in sales.on_breach) or "nothing happens"
    return f"Owners are warned at {share_text(sales.warn_at)} of a promise; once it is broken, {then}."
