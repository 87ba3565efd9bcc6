"""Leads by their current scores: filtered, sorted, a page at a time; the address holds all of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from ripeline.definition.model import Definition
from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.server.pages.home import IN_ORDER
from ripeline.entry.server.pages.page import Page, Visit
from ripeline.entry.server.pages.rendering import HEADERS
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.handoff.packet import Person
from ripeline.ports.scores import LeadsAsked
from ripeline.usecases.leads_asked import LEADS, leads_asked
from ripeline.usecases.who import people_of
from ripeline.vocabulary.scores import ACTIONS

ON_A_PAGE: Final = 50
COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "lead": ("Lead", "lead"),
    "fit": ("Fit", "-fit"),
    "engagement": ("Interest", "-engagement"),
    "rating": ("Rating", "rating"),
    "stage": ("Stage", "stage"),
    "likelihood": ("Likelihood", "-likelihood"),
    "account": ("Account", "account"),
}
"""Columns with their titles, and how they are sorted first."""

Rows = Sequence[Mapping[str, object]]

_KEPT: Final = (*LEADS.filters, "sort", "definition")


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at. kept: parameters of the address, less the page."""

    kept: Mapping[str, str]
    offset: int = 0

    @property
    def sort(self) -> str:
        """The column it is sorted by, behind a minus from the greatest on."""
        return self.kept.get("sort", "-engagement")

    @property
    def filters(self) -> dict[str, str]:
        """What is chosen, by columns."""
        return {name: value for name, value in self.kept.items() if name in LEADS.filters}

    def link(self, **changed: str | int | None) -> str:
        """Return the address with other parameters, None for without; it begins with the first page."""
        told = {**self.kept, **changed}
        return "/leads?" + urlencode({name: value for name, value in told.items() if value not in (None, "")})

    def sorted_by(self, column: str) -> str:
        """Return the address sorted by a column, the other way round where it is already."""
        first = COLUMNS[column][1]
        other = first.removeprefix("-") if first.startswith("-") else f"-{first}"
        return self.link(sort=other if self.sort == first else first)

    def way(self, column: str) -> str:
        """Return how a column is sorted, in the words of ARIA."""
        if self.sort.removeprefix("-") != column:
            return "none"
        return "descending" if self.sort.startswith("-") else "ascending"


class Leads:
    """The page."""

    def __init__(self, services: Services) -> None:
        """Take what it works with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [Page("GET", "/leads", "see_leads", self.shown), Page("GET", "/find", "see_leads", self.found)]

    async def shown(self, visit: Visit) -> Response:
        """A page of leads."""
        parameters = visit.request.query_params
        name = self._with.name(parameters.get("definition") or None)
        view = View({key: value for key in _KEPT if (value := parameters.get(key))})
        asked = leads_asked({**view.kept, "offset": parameters.get("offset") or "0", "limit": str(ON_A_PAGE)})
        view = replace(view, offset=asked.offset)
        total, rows, people = await self._with.live.ask(lambda serving: _page(serving, name, asked, visit.at_us))
        definition = self._with.live.plans[name].definition
        columns = {one: told for one, told in COLUMNS.items() if one != "likelihood" or definition.likelihood}
        told = {
            "view": view,
            "total": total,
            "rows": rows,
            "people": people,
            "choices": _choices(definition),
            "columns": columns,
        }
        told |= {"most": ON_A_PAGE}
        return visit.shown("leads.html", {"title": "Leads"} | told)

    async def found(self, visit: Visit) -> Response:
        """Go to the lead of any identifier."""
        named = visit.request.query_params.get("lead", "").strip()
        path = "/leads" if not named else f"/leads/of?{urlencode({'lead': named})}"
        return RedirectResponse(path, 303, headers=dict(HEADERS))


def _page(serving: Serving, name: str, asked: LeadsAsked, at_us: int) -> tuple[int, Rows, Mapping[str, Person]]:
    """Return how many leads there are, one page of them, and who these are."""
    store = serving.history.store
    total, rows = serving.scores[name].page(store, asked)
    return total, rows, people_of(history_of(store), [str(row["lead"]) for row in rows], at_us)


def _choices(definition: Definition) -> dict[str, tuple[str, list[str]]]:
    """Return what can be chosen of each column that has few values, with its title."""
    cells = [cell for row in definition.matrix.values() for cell in row.values()]
    return {
        "fit_level": ("Fit", list(definition.rows())),
        "engagement_level": ("Interest", [level.name for level in definition.engagement.levels]),
        "rating": ("Rating", sorted({cell.rating for cell in cells})),
        "stage": ("Stage", list(IN_ORDER)),
        "action": ("Action", list(ACTIONS)),
    }
