"""What tracking clients can send, for the description of all routes; entry/server/intake.py answers it."""

from ripeline.entry.server.intake import KINDS, PREFIX
from ripeline.entry.server.operations import TEXT, WHOLE, Content, Operation, Parameter, Schema, record

_CALL: Schema = {"type": "object", "description": "One call as tracking clients write it, with its messageId."}
_BATCH: Schema = {
    "type": "object",
    "properties": {"batch": {"type": "array", "items": _CALL}, "sentAt": TEXT, "writeKey": TEXT},
    "required": ["batch"],
}
_ACCEPTED = Content(record(success={"const": True}, position=WHOLE))
_PIXEL = (
    Parameter("writeKey", "The key.", needed=True),
    Parameter("event", "What happened; other parameters become properties."),
    Parameter("userId", "Who."),
    Parameter("anonymousId", "Which device."),
    Parameter("data", "A whole call in base64, in place of all others."),
)


def intake_operations() -> list[Operation]:
    """Return the operations."""
    picture = Content({"type": "string", "contentMediaType": "image/gif"}, "image/gif")
    return [
        *(_operation(route, kind) for route, kind in KINDS.items()),
        Operation(
            "GET",
            f"{PREFIX}pixel.gif",
            None,
            picture,
            scope=None,
            takes=_PIXEL,
            does="Take a call from a mail or a page without scripts; the answer is always the picture.",
        ),
    ]


def _operation(route: str, kind: str | None) -> Operation:
    return Operation(
        "POST",
        f"{PREFIX}{route}",
        None,
        _ACCEPTED,
        scope=None,
        key=True,
        body=Content(_BATCH if kind is None else _CALL),
        does="Take many calls." if kind is None else f"Take one {kind} call.",
    )
