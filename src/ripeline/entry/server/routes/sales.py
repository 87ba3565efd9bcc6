"""How sales is set up, who is at work; and changes of it."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.sales_settings import PERSON, TEAM
from ripeline.entry.server.answers import ApiError, answer, body_as, time_of
from ripeline.entry.server.operations import TEXT, Content, Operation, Parameter, written
from ripeline.entry.server.services import Services
from ripeline.handoff.sales_entries import PEOPLE, TEAMS, Kind
from ripeline.usecases import change_sales
from ripeline.usecases.change_sales import THEIR_TEAMS, Entries, NobodyError, SaidOfSales
from ripeline.usecases.moments import instant_of_text

AT = Parameter("at", "The moment at which people work or not: a time, or a date (its last microsecond); now.")
FIRST = Parameter("first", "The first of these days. Left out: from today on, until the end of their absence.")
LAST = Parameter("last", "The last of them. Left out: the first one alone.")
JSON_TYPES = {str: "string", int: "integer", list: "array"}


class Absent(msgspec.Struct, forbid_unknown_fields=True):
    """The body that tells of an absence: its days. last: none where it is one day."""

    first: str
    last: str | None = None


ABSENT = {
    "type": "object",
    "properties": {"first": TEXT, "last": {"type": ["string", "null"]}},
    "required": ["first"],
    "additionalProperties": False,
}
"""The schema of that body."""


def sales_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, sales = _Sales(services), Content(written("sales"))
    person, team = "/api/sales/people/{person}", "/api/sales/teams/{team}"
    fields = Content(_fields({**PERSON, THEIR_TEAMS: list}))
    return [
        Operation("GET", "/api/sales", does.sales, sales, takes=(AT,)),
        Operation("PUT", person, does.set_person, sales, scope="admin", body=fields),
        Operation("DELETE", person, does.remove_person, sales, scope="admin"),
        Operation("POST", f"{person}/absences", does.absent, sales, scope="answer", body=Content(ABSENT)),
        Operation("DELETE", f"{person}/absences", does.back, sales, scope="answer", takes=(FIRST, LAST)),
        Operation("PUT", team, does.set_team, sales, scope="admin", body=Content(_fields(TEAM))),
        Operation("DELETE", team, does.remove_team, sales, scope="admin"),
    ]


def _fields(known: Mapping[str, type]) -> dict[str, Any]:
    properties = {name: {"type": [JSON_TYPES[kind], "null"]} for name, kind in known.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


class _Sales:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def sales(self, request: Request) -> Response:
        """Salespeople and who is at work, teams, which leads go to which, and whose handoffs nobody attends to."""
        at, zone = time_of(request, "at"), self._with.sales.hours.zone
        return answer(self._with.salespeople.record(self._with.now_us() if at is None else instant_of_text(at, zone)))

    async def set_person(self, request: Request) -> Response:
        """Say something of a salesperson, who is new where there is nobody of that name; null: as the file has it."""
        name, fields = request.path_params["person"], await _told(request)
        return self._change(request, lambda said: change_sales.set_person(said, name, fields))

    async def remove_person(self, request: Request) -> Response:
        """Remove a salesperson; what they are to answer goes to somebody else."""
        return self._remove(request, PEOPLE, request.path_params["person"])

    async def absent(self, request: Request) -> Response:
        """Say that a salesperson is absent; what they are to answer then goes to somebody else."""
        name = self._own(request)
        days = await body_as(request, Absent, 'send {"first": "2026-12-24", "last": "..."}')
        return self._change(request, lambda said: change_sales.absent(said, name, days.first, days.last))

    async def back(self, request: Request) -> Response:
        """Say that a salesperson is here on days on which they were to be absent."""
        name, at_us = self._own(request), self._with.now_us()
        days = request.query_params.get("first"), request.query_params.get("last")
        return self._change(request, lambda said: change_sales.back(said, name, days, at_us))

    async def set_team(self, request: Request) -> Response:
        """Say who is in a team, which is new where there is none of that name; null: as the file has it."""
        name, fields = request.path_params["team"], await _told(request)
        return self._change(request, lambda said: change_sales.set_team(said, name, fields))

    async def remove_team(self, request: Request) -> Response:
        """Remove a team to which no route leads."""
        return self._remove(request, TEAMS, request.path_params["team"])

    def _own(self, request: Request) -> str:
        """Return of whom a request tells, if its token is theirs or may speak for them."""
        name, rights = str(request.path_params["person"]), self._with.rights(request)
        if rights.of is not None and name not in rights.of:
            raise ApiError(403, "not_yours", "this token may tell of its own person alone")
        return name

    def _remove(self, request: Request, kind: Kind, name: str) -> Response:
        return self._change(request, lambda said: change_sales.remove(said, kind, name))

    def _change(self, request: Request, decide: Callable[[SaidOfSales], Entries]) -> Response:
        at_us, people = self._with.now_us(), self._with.salespeople
        try:
            people.change(decide, self._with.rights(request).by, at_us)
        except NobodyError as error:
            raise ApiError(404, "no_such_person", str(error)) from error
        self._with.live.wake()
        return answer(people.record(at_us))


async def _told(request: Request) -> dict[str, Any]:
    return await body_as(request, dict[str, Any], 'send an object of fields, such as {"weight": 2}')
