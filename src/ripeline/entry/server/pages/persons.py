"""Who leads are, for pages that list them by what they are asked for by."""

from collections.abc import Iterable, Mapping

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.server.services import Services
from ripeline.handoff.packet import Person
from ripeline.usecases.who import people_of


async def persons(services: Services, leads: Iterable[str], at_us: int) -> Mapping[str, Person]:
    """Return who leads are, by what they are asked for by."""
    asked = list(leads)
    return await services.live.ask(lambda serving: people_of(history_of(serving.history.store), asked, at_us))
