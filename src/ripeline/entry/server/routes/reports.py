"""Reports on what became of leads: how sales answers them, and our MQLs beside those of the company's CRM."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.reports import FunnelAsked, shadow_of
from ripeline.entry.server.answers import ApiError, answer, body_as, time_of
from ripeline.entry.server.operations import DEFINITION, TEXT, Content, Operation, Parameter, listed, written
from ripeline.entry.server.reports import Reports
from ripeline.entry.server.services import Services
from ripeline.handoff.report import GROUPS
from ripeline.usecases.funnel import USUAL_DAYS, apart_asked, cohort_asked, days_asked
from ripeline.usecases.shadow import Told
from ripeline.usecases.sla import group_asked, period_asked
from ripeline.vocabulary.issues import did_you_mean

MOST_MQLS = 10_000
"""MQLs in one request; the command takes files of any length."""

_MQL = {
    "type": "object",
    "properties": {
        "lead": {**TEXT, "description": "Any identifier of the lead, its e-mail address, or kind:value."},
        "time": {**TEXT, "description": "When the CRM called it MQL: a date or a time."},
        "accepted": {"type": ["boolean", "null"], "description": "Whether sales accepted it, where the CRM says so."},
    },
    "required": ["lead", "time"],
    "additionalProperties": False,
}
_MQLS = {
    "type": "object",
    "properties": {"mqls": {**listed(_MQL), "minItems": 1, "maxItems": MOST_MQLS}},
    "required": ["mqls"],
    "additionalProperties": False,
}
PERIOD = (
    Parameter("from", "The first day, or a time; 29 days before the last."),
    Parameter("to", "The last day, or a time; now."),
)
COHORTS = (
    Parameter("by", "What cohorts are made by, week or month; month."),
    Parameter("within", "How many days everybody is given, such as 30d; 90d."),
    Parameter("from", "A day of the first cohort; a year before the last."),
    Parameter("to", "A day of the last cohort; now."),
    Parameter("apart", "What MQLs of cohorts that are over are told apart by beside: channel, campaign or definition."),
)


def report_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does = _Reports(services)
    by = Parameter("by", f"What handoffs are told apart by: {', '.join(GROUPS)}; owner.")
    return [
        Operation("GET", "/api/sla", does.sla, Content(written("sla")), takes=(by, *PERIOD)),
        Operation("GET", "/api/funnel", does.funnel, Content(written("funnel")), takes=(*COHORTS, DEFINITION)),
        Operation(
            "POST", "/api/shadow", does.shadow, Content(written("shadow")), takes=(DEFINITION,), body=Content(_MQLS)
        ),
    ]


class CalledMql(msgspec.Struct, forbid_unknown_fields=True):
    """A lead that the CRM called MQL."""

    lead: str
    time: str
    accepted: bool | None = None


class Called(msgspec.Struct, forbid_unknown_fields=True):
    """The body that tells them."""

    mqls: Annotated[list[CalledMql], msgspec.Meta(min_length=1, max_length=MOST_MQLS)]


class _Reports:
    def __init__(self, services: Services) -> None:
        self._with, self._reports = services, Reports(services)

    async def sla(self, request: Request) -> Response:
        """How sales answers: how much is accepted, why not, how soon, and how often as promised."""
        must_be(request, ("by", "from", "to"))
        zone, at_us = self._with.sales.hours.zone, self._with.now_us()
        by = group_asked(request.query_params.get("by"))
        period = period_asked(time_of(request, "from"), time_of(request, "to"), zone, at_us)
        return answer(await self._reports.sla(by, period, at_us))

    async def funnel(self, request: Request) -> Response:
        """How far MQLs come, by the week or month in which they first were ones."""
        must_be(request, ("by", "within", "from", "to", "apart", "definition"))
        asked, now_us = request.query_params, self._with.now_us()
        name = self._with.name(asked.get("definition"))
        by, within = cohort_asked(asked.get("by")), days_asked(asked.get("within"))
        zone = self._with.live.plans[name].zone
        period = period_asked(time_of(request, "from"), time_of(request, "to"), zone, now_us, USUAL_DAYS)
        funnel = FunnelAsked(by, within, apart_asked(asked.get("apart")))
        (record,) = await self._reports.funnels(name, funnel, [period], now_us)
        return answer(record)

    async def shadow(self, request: Request) -> Response:
        """Our MQLs beside those that the company's CRM called MQL; nothing is stored."""
        must_be(request, ("definition",))
        name, now_us = self._with.name(request.query_params.get("definition")), self._with.now_us()
        told = await _told(request)
        return answer(
            await self._with.live.ask(
                lambda serving: shadow_of(serving.history.store, serving.plans[name], told, now_us)
            )
        )


async def _told(request: Request) -> list[Told]:
    wanted = 'send {"mqls": [{"lead": "...", "time": "2026-03-31", "accepted": true}]}'
    mqls = (await body_as(request, Called, wanted)).mqls
    words = {True: "yes", False: "no", None: ""}
    return [Told(f"mqls[{place}]", one.lead, one.time, words[one.accepted]) for place, one in enumerate(mqls)]


def must_be(request: Request, known: tuple[str, ...]) -> None:
    """Refuse parameters that are not known: a report for the wrong days looks like any other."""
    for name in request.query_params:
        if name not in known:
            raise ApiError(400, "bad_parameter", f'"{name}" is no parameter; {did_you_mean(name, known)}')
