"""The description of all routes, for programs: OpenAPI 3.1."""

from collections.abc import Iterable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

import ripeline
from ripeline.entry.schemas import schema
from ripeline.entry.server.answers import answer
from ripeline.entry.server.operations import Content, Operation, named_schemas, written

_ERROR = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "pattern": "^[a-z_]+$", "description": "A stable word."},
        "message": {"type": "string", "description": "What is wrong, in a sentence."},
        "problems": {**written("check", "properties/issues"), "description": "Of a definition that is wrong."},
    },
    "required": ["code", "message"],
    "additionalProperties": False,
}
_SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API token: ripeline tokens create. The scope admin allows everything.",
    },
    "writeKey": {
        "type": "http",
        "scheme": "basic",
        "description": "A write key as the user: ripeline keys create. It may also be a Bearer, or writeKey in the body.",
    },
}


def openapi_operation(operations: Sequence[Operation]) -> Operation:
    """Return the operation that answers with the description of all, its own among them."""
    return Operation(
        "GET", "/api/openapi.json", _Description(operations).openapi, Content({"type": "object"}), scope=None
    )


class _Description:
    def __init__(self, operations: Sequence[Operation]) -> None:
        self._operations = operations

    async def openapi(self, _: Request) -> Response:
        """What the server can be asked, as OpenAPI 3.1."""
        return answer(openapi(self._operations))


def openapi(operations: Iterable[Operation]) -> dict[str, Any]:
    """Return the OpenAPI document of operations."""
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(one.shown_path, {})[one.method.lower()] = one.told()
    named = sorted({*named_schemas(paths), *named_schemas(_ERROR)} - {"Error"})
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ripeline", "version": ripeline.__version__, "summary": "Know which leads are ripe."},
        "paths": paths,
        "components": {
            "schemas": {name: _embedded(name) for name in named} | {"Error": _ERROR},
            "responses": {
                "Error": {
                    "description": "It was not done; the status says whose fault that is.",
                    "content": {"application/json": {"schema": written("Error")}},
                }
            },
            "securitySchemes": _SECURITY,
        },
    }


def _embedded(name: str) -> dict[str, Any]:
    return {key: value for key, value in schema(name).items() if key != "$schema"}
