"""Imports: which there were, and undoing one."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.imports import list_imports, undo_import, what_undoing_takes
from ripeline.entry.server.answers import ApiError, answer
from ripeline.entry.server.operations import Content, Operation, Parameter, written
from ripeline.entry.server.services import Services
from ripeline.ports.imports import Import, Undoing
from ripeline.usecases.import_record import imports_record, undoing_record
from ripeline.vocabulary.issues import InputError

PREVIEW = Parameter("preview", "true: only tell what it would take away.", {"type": "boolean"})


def import_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, undoing = _Imports(services), Content(written("undoing"))
    return [
        Operation("GET", "/api/imports", does.listed, Content(written("imports"))),
        Operation("POST", "/api/imports/{import:int}/undo", does.undo, undoing, scope="admin", takes=(PREVIEW,)),
    ]


class _Imports:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def listed(self, request: Request) -> Response:
        """All imports, the youngest first."""
        del request
        return answer(imports_record(await asyncio.to_thread(list_imports, self._with.workspace)))

    async def undo(self, request: Request) -> Response:
        """Undo an import, as if it had never been; what later imports brought as well stays."""
        number, is_preview = int(request.path_params["import"]), _is_preview(request)
        try:
            one, told = await asyncio.to_thread(self._undone, number, is_preview)
        except InputError as error:
            raise ApiError(404, "no_such_import", str(error)) from error
        self._with.live.wake()
        return answer(undoing_record(one, told, undone=not is_preview))

    def _undone(self, number: int, is_preview: bool) -> tuple[Import, Undoing]:
        if is_preview:
            return what_undoing_takes(self._with.workspace, number)
        return undo_import(self._with.workspace, number, self._with.now_us(), "api")


def _is_preview(request: Request) -> bool:
    said = request.query_params.get("preview", "false")
    if said not in {"true", "false"}:
        raise ApiError(400, "bad_parameter", '"preview" is true or false')
    return said == "true"
