"""What a server can be asked: each route with what it takes and answers, told once, where the route is made."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ripeline.entry.server.answers import Handler
from ripeline.usecases.leads_asked import OR, SEARCH, Listed

Schema = Mapping[str, Any]

JSON: Final = "application/json"
COMPONENTS: Final = "#/components/schemas/"

TEXT: Final[Schema] = {"type": "string"}
SEVERAL: Final[Schema] = {"type": "array", "items": TEXT}
"""Of a parameter that may be repeated."""

WHOLE: Final[Schema] = {"type": "integer", "minimum": 0}
INSTANT: Final[Schema] = {"type": "string", "pattern": "Z$", "description": "An instant, RFC 3339 in UTC."}

_IN_PATH = re.compile(r"\{(\w+)(?::(\w+))?\}")
_PATH_PARAMETERS: Final = {
    "lead": "Any identifier of the lead, its e-mail address, or kind:value where two have one text.",
    "account": "The account's group id or mail domain.",
    "name": "The definition's name in the workspace.",
    "id": "The number of a failed event.",
    "number": "The number of a handoff.",
    "token": "What the link in a mail or a chat says.",
    "person": "The salesperson's name.",
    "team": "The team's name.",
    "task": "The number of a task.",
    "import": "The number of an import.",
    "message": "The message's id, as the outbox lists it.",
    "event": "The event's id, as the list of what is set aside tells it.",
}


def written(name: str, part: str = "") -> Schema:
    """Return the schema of what commands write too, or a part of it."""
    return {"$ref": f"{COMPONENTS}{name}" + (f"/{part}" if part else "")}


def record(**properties: Schema) -> Schema:
    """Return the schema of an object that has all of these properties and no other."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def listed(items: Schema) -> Schema:
    """Return the schema of an array."""
    return {"type": "array", "items": items}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query, which may be left out unless it is needed."""

    name: str
    meaning: str
    schema: Schema = field(default_factory=lambda: TEXT)
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What is sent, or answered. needed: a body may not be left out."""

    schema: Schema
    media_type: str = JSON
    needed: bool = True


AS_OF = Parameter("as_of", "The moment: a date (its last microsecond in the definition's zone) or a time; now.")
DEFINITION = Parameter("definition", "A definition's name in the workspace, where there are several.")
LIMIT = Parameter("limit", "How many at most.", WHOLE)
OFFSET = Parameter("offset", "How many to leave out at first.", WHOLE)
WAITING = (
    Parameter("min_position", "Answer only when this position of the inbox is applied.", WHOLE),
    Parameter("wait", "How many seconds to wait for it, such as 5s."),
)


def page_of(listed: Listed) -> tuple[Parameter, ...]:
    """Return what chooses, sorts and pages through a list."""
    bounds = {"at_least": "at least", "at_most": "at most"}
    return (
        *(Parameter(name, f"Only {listed.what} with one of these values.", SEVERAL) for name in listed.filters),
        *(
            Parameter(f"{name}_{how}", f"Only {listed.what} with {told} so much {name}.")
            for name in listed.points
            for how, told in bounds.items()
        ),
        Parameter(SEARCH, f"Only {listed.what} with this text in: {', '.join(listed.searched)}; without case."),
        Parameter(OR, "Stands between two groups of filters, and takes nothing: who fits one of them is told."),
        Parameter("sort", "Columns with commas between, from the greatest on behind a minus: -engagement."),
        LIMIT,
        OFFSET,
    )


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one route. The handler's docstring says what it does, unless `does` says it.

    path: as Starlette writes it. handler: None where the intake answers. scope: what a token must allow, None where
    none is asked for; key: clients' write keys are asked for instead. also: statuses beside 200 that answer alike.
    """

    method: str
    path: str
    handler: Handler | None
    answers: Content
    scope: str | None = "read"
    takes: tuple[Parameter, ...] = ()
    body: Content | None = None
    also: tuple[int, ...] = ()
    does: str = ""
    key: bool = False

    @property
    def shown_path(self) -> str:
        """The path as OpenAPI writes it."""
        return _IN_PATH.sub(r"{\1}", self.path)

    def told(self) -> dict[str, Any]:
        """Return it as an OpenAPI operation."""
        security = [{"writeKey": []}] if self.key else [] if self.scope is None else [{"token": [self.scope]}]
        answer = {"description": "Done.", "content": _content(self.answers)}
        told: dict[str, Any] = {
            "summary": self.does or (self.handler.__doc__ or "").strip().split("\n")[0],
            "operationId": _operation_id(self.method, self.shown_path),
            "security": security,
            "parameters": [*self._in_path(), *(_parameter(one) for one in self.takes)],
            "responses": {str(status): answer for status in (200, *self.also)}
            | {"default": {"$ref": "#/components/responses/Error"}},
        }
        if self.body is not None:
            told["requestBody"] = {"required": self.body.needed, "content": _content(self.body)}
        return told

    def _in_path(self) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "in": "path",
                "required": True,
                "description": _PATH_PARAMETERS[name],
                "schema": WHOLE if kind == "int" else TEXT,
            }
            for name, kind in _IN_PATH.findall(self.path)
        ]


def _operation_id(method: str, path: str) -> str:
    return "_".join([method.lower(), *re.findall(r"\w+", path.removeprefix("/api/"))])


def _parameter(one: Parameter) -> dict[str, Any]:
    return {"name": one.name, "in": "query", "required": one.needed, "description": one.meaning, "schema": one.schema}


def _content(content: Content) -> dict[str, Any]:
    return {content.media_type: {"schema": content.schema}}


def named_schemas(told: object) -> Sequence[str]:
    """Return the schemas that a part of a document refers to by name."""
    if isinstance(told, Mapping):
        own = [told["$ref"]] if isinstance(told.get("$ref"), str) else []
        inner = [name for value in told.values() for name in named_schemas(value)]
        return [*(ref.removeprefix(COMPONENTS).partition("/")[0] for ref in own if ref.startswith(COMPONENTS)), *inner]
    if isinstance(told, list | tuple):
        return [name for value in told for name in named_schemas(value)]
    return []
