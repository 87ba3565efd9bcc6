"""All there is of one person, for API and app: told as one record, and erased."""

import asyncio
from typing import Any

from ripeline.entry.bootstrap.erase import erase, finish
from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.bootstrap.removal_desk import hold_of, notes_about
from ripeline.entry.log import note
from ripeline.entry.server.answers import lead_wanted
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.ports.erasures import Erasure
from ripeline.ports.scores import Progress
from ripeline.usecases.erase import Person
from ripeline.usecases.export import export_record
from ripeline.vocabulary.changes import Change

Record = dict[str, Any]


async def exported(services: Services, lead: str, by: str, at_us: int) -> Record:
    """Return everything that is stored of a lead, and note that somebody took it; ApiError where there is none."""

    def ask(serving: Serving) -> Record:
        history = history_of(serving.history.store)
        board, store = serving.check.board, serving.history.store
        hold, notes = hold_of(board, store, lead, at_us), notes_about(board, store, lead)
        record = export_record(history, serving.plans.values(), hold, notes, lead, at_us)
        return {**record, "position": serving.history.position}

    with lead_wanted():
        record = await services.live.ask(ask)
    services.book.note_changes(Change(at_us, by, "exported"))
    return record


async def erased(
    services: Services, lead: str, reason: str, by: str, progress: Progress
) -> tuple[tuple[Person, Erasure] | None, bool]:
    """Erase a lead; return what was done, None where that was before, and whether nothing holds them any more."""
    at_us, workspace = services.now_us(), services.workspace
    done = await asyncio.to_thread(erase, workspace, lead, reason, at_us, progress, by)
    if done is not None:
        note("erased", position=done[1].position)
    return done, await cleared(services, progress)


async def cleared(services: Services, progress: Progress) -> bool:
    """Remove what still holds somebody who was erased; say whether nothing does any more."""
    # The files go when this server reads others: it has to notice.
    services.live.wake()
    return await asyncio.to_thread(finish, services.workspace, progress)
