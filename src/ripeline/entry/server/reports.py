"""Reports as API and pages ask for them: what takes its time is done beside what answers requests."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ripeline.entry.bootstrap.reports import (
    FunnelAsked,
    channels_of,
    funnels_of,
    handoffs_of,
    leads_given,
    leads_of_funnel,
    sla_of,
)
from ripeline.entry.server.services import Services
from ripeline.handoff.report import Handled
from ripeline.insight.funnel import Passage
from ripeline.usecases.sla import Period
from ripeline.vocabulary.logins import Only
from ripeline.vocabulary.people import Name

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports of a server."""

    services: Services

    async def funnels(self, name: str, asked: FunnelAsked, periods: Sequence[Period], now_us: int) -> list[Record]:
        """Return how far MQLs of a definition came, for each of some periods."""
        return await self.services.live.ask(
            lambda serving: funnels_of(serving.history.store, serving.plans[name], asked, periods, now_us)
        )

    async def leads_of_funnel(
        self, name: str, period: Period, step: str | None, within: int, now_us: int, only: Only = None
    ) -> list[Passage]:
        """Return who first was an MQL in a period and came to a step."""
        return await self.services.live.ask(
            lambda serving: leads_of_funnel(
                serving.history.store, serving.plans[name], period, step, within, now_us, only
            )
        )

    async def sla(self, by: str, period: Period, now_us: int, only: Only = None) -> Record:
        """Return how sales answered the handoffs of a period. only: of leads that came by some channels."""
        channels, sales = await self._channels(by, period, now_us, only), self.services.sales
        # On a thread and a connection of its own: what comes in meanwhile is not to wait for it.
        return await asyncio.to_thread(sla_of, self.services.workspace, sales, by, period, now_us, channels, only)

    async def handoffs(
        self, by: str, group: Collection[str | None], period: Period, now_us: int, only: Only = None
    ) -> list[Handled]:
        """Return the handoffs that a group of that report counts; group: empty for all."""
        channels, sales = await self._channels(by, period, now_us, only), self.services.sales
        return await asyncio.to_thread(handoffs_of, self.services.workspace, sales, by, group, period, channels, only)

    async def _channels(self, by: str, period: Period, now_us: int, only: Only) -> Mapping[Name, str]:
        if by != "channel" and only is None:
            return {}
        leads = await asyncio.to_thread(leads_given, self.services.workspace, period)
        return await self.services.live.ask(lambda serving: channels_of(serving.history.store, leads, now_us))
