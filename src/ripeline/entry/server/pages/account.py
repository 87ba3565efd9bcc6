"""The account of a lead, for the lead's page: what it comes to, and who else is part of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ripeline.entry.bootstrap.history import history_of
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
    most interested of them but for the lead itself, people: who these are.
    """

    account: str
    company: Company
    judged: Mapping[str, Any] | None
    total: int
    others: Sequence[Mapping[str, Any]]
    people: Mapping[str, Person]


def account_around(serving: Serving, name: str, account: str, lead: str, at_us: int) -> Account:
    """Return the account of a lead by a definition."""
    store, scores = serving.history.store, serving.scores[name]
    history = history_of(store)
    total, rows = scores.page(store, LeadsAsked(((Condition(("account",), (account,)),),), ORDER, MOST_OTHERS + 1))
    others = [row for row in rows if row["lead"] != lead][:MOST_OTHERS]
    said = stated_at(history.account_statements(account), at_us)
    company = company_of(account, {}, {key: value.plain for key, value in sorted(said.items())})
    people = people_of(history, [str(row["lead"]) for row in others], at_us)
    return Account(account, company, scores.account(store, account), total, others, people)
