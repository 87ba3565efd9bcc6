"""What was imported: a list, what each refused, and undoing one."""

import asyncio
from collections.abc import Sequence

from starlette.responses import FileResponse, Response

from ripeline.entry.bootstrap.imports import list_imports, rejects_of, undo_import, what_undoing_takes
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.page import Page, Visit, sent_to
from ripeline.entry.server.pages.rendering import HEADERS
from ripeline.entry.server.services import Services
from ripeline.ports.imports import Import
from ripeline.usecases.import_record import import_record, removes_words
from ripeline.vocabulary.issues import InputError

RECENT = 5


class DataPages:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/data", "bring_in", self.recent),
            Page("GET", "/data/imports", "bring_in", self.listed),
            Page("GET", "/data/imports/{number:int}/rejects", "bring_in", self.rejects),
            Page("GET", "/data/imports/{number:int}/undo", "bring_in", self.undo),
            Page("POST", "/data/imports/{number:int}/undo", "bring_in", self.undone),
        ]

    async def recent(self, visit: Visit) -> Response:
        """The last imports, and where another one begins."""
        return _list(visit, (await asyncio.to_thread(list_imports, self._with.workspace)), RECENT)

    async def listed(self, visit: Visit) -> Response:
        """All imports."""
        return _list(visit, await asyncio.to_thread(list_imports, self._with.workspace))

    async def rejects(self, visit: Visit) -> Response:
        """The rows that an import refused, as a file."""
        found = await asyncio.to_thread(rejects_of, self._with.workspace, _number(visit))
        if found is None:
            raise ApiError(404, "no_such_file", "that import refused nothing, or its file is gone")
        return FileResponse(found, headers=dict(HEADERS), media_type="text/csv; charset=utf-8", filename=found.name)

    async def undo(self, visit: Visit) -> Response:
        """What undoing an import would take away."""
        try:
            one, told = await asyncio.to_thread(what_undoing_takes, self._with.workspace, _number(visit))
        except InputError as error:
            raise ApiError(404, "no_such_import", str(error)) from error
        shown = {"title": _("Undo an import"), "one": import_record(one), "told": told}
        return visit.shown("import_undo.html", shown | {"removes": removes_words(told.removes)})

    async def undone(self, visit: Visit) -> Response:
        """Undo an import."""
        number, workspace = _number(visit), self._with.workspace
        try:
            await asyncio.to_thread(undo_import, workspace, number, visit.at_us, visit.who.name)
        except InputError as error:
            raise ApiError(404, "no_such_import", str(error)) from error
        self._with.live.wake()
        return sent_to(f"/data/imports?undone={number}")


def _number(visit: Visit) -> int:
    return int(visit.request.path_params["number"])


def _list(visit: Visit, imports: Sequence[Import], most: int | None = None) -> Response:
    undone = visit.request.query_params.get("undone", "")
    found = next((one for one in imports if str(one.number) == undone and one.undone_us is not None), None)
    told = {
        "title": _("Data") if most else _("Imports"),
        "imports": [import_record(one) | {"rejects": one.rejects is not None} for one in imports[:most]],
        "more": most is not None and len(imports) > most,
        "is_all": most is None,
        "undone": None if found is None else import_record(found),
        "removed": "" if found is None else removes_words(found.removed),
    }
    return visit.shown("imports.html", told)
