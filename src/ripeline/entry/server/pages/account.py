"""The account of a lead, a part of the lead's page: what it comes to, and who else is part of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.pages.page import Page, Visit
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.handoff.packet import Company, Person, company_of
from ripeline.ports.scores import Condition, LeadsAsked
from ripeline.scoring.profile import stated_at
from ripeline.usecases.who import people_of

MOST_OTHERS: Final = 5
ORDER: Final = (("engagement", True), ("lead", False))


@dataclass(frozen=True, slots=True)
class Account:
    """An account by the scores of now.

    judged: a row of rolled-up accounts, None where all its leads are suppressed; total: its leads; others: rows of the
    most interested of them but for the lead itself, people: who these and the lead are.
    """

    account: str
    company: Company
    judged: Mapping[str, Any] | None
    total: int
    others: Sequence[Mapping[str, Any]]
    people: Mapping[str, Person]


class AccountPage:
    """The page."""

    def __init__(self, services: Services) -> None:
        """Take what it works with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the page."""
        return [Page("GET", "/leads/account", "see_leads", self.shown)]

    async def shown(self, visit: Visit) -> Response:
        """An account, and who is part of it beside a lead."""
        asked = visit.request.query_params
        name, account = self._with.name(asked.get("definition") or None), asked.get("account", "")
        lead, at_us = asked.get("lead", ""), visit.at_us
        around = await self._with.live.ask(lambda serving: _around(serving, name, account, lead, at_us))
        return visit.shown("around.html", {"title": around.company.called, "around": around, "lead": lead})


def _around(serving: Serving, name: str, account: str, lead: str, at_us: int) -> Account:
    """Return the account of a lead by a definition."""
    store, scores = serving.history.store, serving.scores[name]
    history = history_of(store)
    total, rows = scores.page(store, LeadsAsked(((Condition(("account",), (account,)),),), ORDER, MOST_OTHERS + 1))
    if not total:
        raise ApiError(404, "no_such_account", f'no lead belongs to "{account}"')
    others = [row for row in rows if row["lead"] != lead][:MOST_OTHERS]
    said = stated_at(history.account_statements(account), at_us)
    company = company_of(account, {}, {key: value.plain for key, value in sorted(said.items())})
    people = people_of(history, [lead, *(str(row["lead"]) for row in others)], at_us)
    return Account(account, company, scores.account(store, account), total, others, people)
