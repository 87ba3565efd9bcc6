"""Accounts: many by their people's current scores, one with the reason for every point."""

from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.server.answers import ApiError, answer, time_of
from ripeline.entry.server.operations import (
    AS_OF,
    DEFINITION,
    WAITING,
    WHOLE,
    Content,
    Operation,
    page_of,
    record,
    written,
)
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.usecases.accounts import account_record, account_row_record, explain_account
from ripeline.usecases.leads_asked import ACCOUNTS, leads_asked
from ripeline.usecases.score import asked_at
from ripeline.vocabulary.issues import InputError


def account_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does = _Accounts(services)
    return [
        Operation(
            "GET",
            "/api/accounts",
            does.accounts,
            Content(record(total=WHOLE, accounts=written("accounts"))),
            takes=(*page_of(ACCOUNTS), DEFINITION, *WAITING),
        ),
        Operation(
            "GET",
            "/api/accounts/{account:path}",
            does.account,
            Content(written("account")),
            takes=(AS_OF, DEFINITION, *WAITING),
        ),
    ]


class _Accounts:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def accounts(self, request: Request) -> Response:
        """Accounts by the current scores of their leads: filtered, sorted, a page at a time."""
        name = self._with.name(request.query_params.get("definition"))
        asked = leads_asked(request.query_params.multi_items(), ACCOUNTS)
        await self._with.wait(request)
        total, rows = await self._with.live.ask(
            lambda serving: serving.scores[name].accounts(serving.history.store, asked)
        )
        return answer({"total": total, "accounts": [account_row_record(row) for row in rows]})

    async def account(self, request: Request) -> Response:
        """One account by its group id or mail domain, with the reason for every point."""
        name = self._with.name(request.query_params.get("definition"))
        account, as_of = request.path_params["account"], time_of(request, "as_of")
        await self._with.wait(request)

        def ask(serving: Serving) -> dict[str, object]:
            plan, history = serving.plans[name], serving.history
            asked = asked_at(plan, self._with.now_us(), as_of, None)
            try:
                explained = explain_account(plan, history_of(history.store), account, asked.as_of_us)
            except InputError as error:
                raise ApiError(404, "no_such_account", str(error)) from error
            return {**account_record(explained), "position": history.position}

        return answer(await self._with.live.ask(ask))
