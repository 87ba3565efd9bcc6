"""Everything that is stored of a lead in the order of time, the youngest first; a page, or all of it."""

import base64
from dataclasses import replace
from typing import Annotated, Any

import msgspec

from ripeline.identity.persons import Identifier
from ripeline.ports.history import TIMELINE_KINDS, History, Place, TimelineAsked, TimelineEntry
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError, did_you_mean

Record = dict[str, Any]

USUAL_LIMIT, MOST = 50, 1_000

_Whole = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_READ_PLACE = msgspec.json.Decoder(tuple[_Whole, _Whole, _Whole, str])


def timeline_asked(kinds: str | None, before: str | None, limit: int) -> TimelineAsked:
    """Return what is asked for; kinds with commas between, `before` as the page before it tells it in `next`.

    Raises InputError for what is neither.
    """
    wanted = TIMELINE_KINDS if kinds is None else tuple(dict.fromkeys(kinds.split(",")))
    for kind in wanted:
        if kind not in TIMELINE_KINDS:
            raise InputError(f'"{kind}" is no kind of entry; {did_you_mean(kind, TIMELINE_KINDS)}')
    if limit < 1:
        raise InputError("a page has at least one entry: limit is 1 or more")
    return TimelineAsked(wanted, None if before is None else _place(before), min(limit, MOST))


def timeline_record(history: History, lead: str, at_us: int, asked: TimelineAsked) -> Record:
    """Return a part of a lead's timeline as plain values; `next` is where the following one begins, or null."""
    one_more = replace(asked, limit=None if asked.limit is None else asked.limit + 1)
    shown, found = history.timeline(lead, at_us, one_more)
    page = found[: asked.limit]
    return {
        "lead": shown,
        "entries": [entry_record(entry) for _, entry in page],
        "next": _text(page[-1][0]) if len(found) > len(page) else None,
    }


def entry_record(entry: TimelineEntry) -> Record:
    """Return an entry as plain values."""
    record = {
        "kind": entry.kind,
        "time": None if entry.time_us is None else instant_text(entry.time_us),
        "known_at": None if entry.known_us is None else instant_text(entry.known_us),
        "identifier": _plain(entry.identifier),
        "source": entry.source,
        "trusted": entry.trusted,
    }
    said = {key: _plain(value) if isinstance(value, Identifier) else value for key, value in entry.said.items()}
    return record | said


def _plain(one: Identifier) -> Record:
    return {"kind": one.kind, "value": one.value}


def _text(place: Place) -> str:
    """Return a place as a word that callers hand back."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _place(text: str) -> Place:
    try:
        return _READ_PLACE.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (msgspec.DecodeError, ValueError) as error:
        raise InputError('"before" takes what the page before told as "next"') from error
