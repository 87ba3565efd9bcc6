"""An event that arrived, as pages show it."""

from typing import Any, Final

import msgspec

from ripeline.entry.server.language.sentences import _
from ripeline.scoring.looked_at import Look
from ripeline.usecases.arrived import Arrived, name_of_call
from ripeline.usecases.looked_words import look_text
from ripeline.vocabulary.calendar import SECOND_US, instant_text

LIVE: Final = "/data/live"

BADGES: Final = {
    "counts": _("counts"),
    "nothing": _("counts for nothing"),
    "facts": _("facts"),
    "set_aside": _("set aside"),
    "again": _("not counted"),
    "failed": _("failed"),
    "erased": _("erased"),
}
"""What each state is called."""


def row_of(one: Arrived) -> dict[str, object]:
    """Return an event as a page shows it."""
    call, taken = one.call, one.taken
    differs = call is not None and abs(call.time_us - call.known_us) > SECOND_US
    return {
        "path": f"{LIVE}/{taken.position}/{taken.place}",
        "received": instant_text(taken.request.received_us),
        "happened": instant_text(call.time_us) if call is not None and differs else "",
        "kind": "" if call is None else call.kind,
        "what": _unread_name(taken.event) if call is None else call.name or call.kind,
        "who": "" if call is None else name_of_call(call).value,
        "asked": "" if call is None or one.lead is None else name_of_call(call).asked,
        "lead": one.lead,
        "source": one.source,
        "trusted": call is not None and call.trusted,
        "state": one.state,
        "badge": BADGES[one.state],
        "why": one.why,
        "failed": one.failed,
        "suppressed": one.suppressed,
        "looks": [_look(look) for look in one.looks],
    }


def _unread_name(raw: bytes) -> str:
    """Return what an event that failed calls itself, as far as that can be read."""
    try:
        told = msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "unreadable"
    named = (told.get(key) for key in ("event", "name", "type"))
    return next((one for one in named if isinstance(one, str) and one.strip()), _("without a name"))


def _look(look: Look) -> dict[str, object]:
    return {"label": look.signal.label, "counts": look.counts, "micro": look.micro, "text": look_text(look)}
