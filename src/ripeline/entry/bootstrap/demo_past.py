"""The past of the invented company, as a workspace lives through it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ripeline.adapters.sources.demo.answers import GivenLead, answers_to
from ripeline.adapters.sources.demo.past import Look, looks
from ripeline.adapters.sources.demo_company import invent_demo_company
from ripeline.entry.bootstrap.past import After
from ripeline.usecases.said import Said
from ripeline.vocabulary.calendar import instant_of
from ripeline.vocabulary.handoffs import Handoff
from ripeline.vocabulary.points import MICRO


class DemoPast:
    """When leads are looked at, and what the invented salespeople say of them."""

    def __init__(self, first: datetime, last: datetime) -> None:
        """Invent it, from an instant to another."""
        company = invent_demo_company()
        self._deals = {one.lead: (one.outcome, instant_of(one.time)) for one in company.outcomes}
        self.looks: Sequence[Look] = [*looks(company.events, company.outcomes, first, last)]

    def answers_to(self, one: Handoff, after: After) -> Iterator[tuple[int, Said]]:
        """Yield what the owner of a handoff is going to say of it, each with when."""
        for answer in answers_to(self._given(one), after):
            yield answer.at_us, Said(answer.verb, **answer.words)

    def _given(self, one: Handoff) -> GivenLead:
        at_us, deal = one.assigned_us or one.made_us, self._deals.get(one.lead.value)
        return GivenLead(
            number=one.number,
            lead=one.lead.value,
            owner=one.owner or "",
            fit=one.fit / MICRO,
            asked=one.hand_raise is not None,
            at_us=at_us,
            deal=deal if deal and deal[1] > at_us else None,
        )
