"""What forms say of salespeople and teams: what is another than before; an emptied field goes back to ripeline.toml."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from starlette.responses import Response

from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.pages.page import Visit, sent_to
from ripeline.entry.server.services import Services
from ripeline.handoff.sales import Sales
from ripeline.usecases.change_sales import THEIR_TEAMS, Entries, SaidOfSales
from ripeline.vocabulary.calendar import day_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.sales import Salesperson, Team, week_text

NUMBERS: Final = ("weight", "capacity")
LISTS: Final = ("holidays",)
LONGEST: Final = 2_000

_Named = TypeVar("_Named")


def change(services: Services, visit: Visit, decide: Callable[[SaidOfSales], Entries]) -> str:
    """Change how sales is set up, as somebody says; return why it cannot be, "" where it was."""
    try:
        services.salespeople.change(decide, visit.who.name, visit.at_us)
    except InputError as error:
        return str(error)
    services.live.wake()
    return ""


def changed(
    services: Services,
    visit: Visit,
    decide: Callable[[SaidOfSales], Entries],
    then: str,
    page: Callable[[str], Response],
) -> Response:
    """Change how sales is set up and go on; where that cannot be, the page is shown again with why."""
    wrong = change(services, visit, decide)
    return page(wrong) if wrong else sent_to(then)


def named(visit: Visit, known: Mapping[str, _Named], what: str) -> _Named:
    """Return what an address names; ApiError where there is none."""
    found = known.get(visit.request.path_params["name"])
    if found is None:
        raise ApiError(404, f"no_such_{what.rsplit(maxsplit=1)[-1]}", f"there is no {what} of that name")
    return found


def values_of(person: Salesperson) -> dict[str, str]:
    """Return what stands in the fields of a salesperson's form."""
    return {
        "label": person.label,
        "mail": person.mail,
        "hours": week_text(person.hours.week),
        "timezone": person.hours.zone.name,
        "holidays": " ".join(map(day_text, person.hours.holidays)),
        "weight": str(person.weight),
        "capacity": "" if person.capacity is None else str(person.capacity),
    }


def said_of_person(sales: Sales, person: Salesperson, form: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form says of somebody, as the settings have it. InputError where it cannot be read."""
    before = values_of(person)
    told = {name: form.get(name, before[name]).strip()[:LONGEST] for name in before}
    said: dict[str, Any] = {name: _value(name, text) for name, text in told.items() if text != before[name]}
    teams = [one for one in sales.teams if form.get(f"team_{one}")]
    if teams != [name for name, one in sales.teams.items() if person.name in one.members]:
        said[THEIR_TEAMS] = teams
    return said


def said_of_team(sales: Sales, team: Team, form: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form says of a team; who is in it already keeps the place."""
    known = [*team.members, *(name for name in sales.people if name not in team.members)]
    members = [name for name in known if form.get(f"member_{name}")]
    said: dict[str, Any] = {} if members == list(team.members) else {"members": members}
    if (manager := form.get("manager") or None) != team.manager:
        said["manager"] = manager
    return said


def _value(name: str, text: str) -> Any:  # noqa: ANN401 - texts, numbers and lists, as the settings take them
    if not text:
        return None
    if name in LISTS:
        return text.replace(",", " ").split()
    if name not in NUMBERS:
        return text
    if not text.isdecimal() or len(text) > len(str(LONGEST)):
        raise InputError(f'{name} takes a whole number, not "{text}"')
    return int(text)
