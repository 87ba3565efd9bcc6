"""One event as a client sent it to a call that counts, or the reason why it does not."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, md5
from typing import Any, Final

import msgspec

from ripeline.intake.suspicion import suspicion
from ripeline.intake.times import event_time, read_stated
from ripeline.vocabulary.addresses import address_of
from ripeline.vocabulary.fields import DEEPEST, TooDeepError, flatten, flattened, keys_in
from ripeline.vocabulary.history import EVENT_TYPES
from ripeline.vocabulary.values import Value, storable, typed

KINDS: Final = ("track", "page", "screen", "identify", "group", "alias")
LARGEST_EVENT = 32 * 1024
"""Bytes of one event; the clients' own limit."""

LONGEST_ID = 255
MOST_FIELDS = 250
"""Keys of one event, on all levels."""


BLOCKED = frozenset({"", "null", "none", "nil", "undefined", "anonymous", "guest", "unknown", "-1", "n/a", "nan"})
"""Texts that stand for nobody, in lower case; and any row of zeros."""

REASONS: Final = {
    "not_json": "the event is not valid JSON",
    "not_an_object": "an event is a JSON object",
    "duplicate_keys": "a key is there twice in one object",
    "too_large": f"an event may hold {LARGEST_EVENT:,} bytes",
    "too_deep": "the event is nested too deep",
    "too_many_fields": f"an event may have {MOST_FIELDS} keys",
    "unknown_type": f"the type is none of {', '.join(KINDS)}",
    "no_message_id": "the event has no messageId, by which it would be counted once",
    "no_lead_id": "the event has neither a userId nor an anonymousId of somebody",
    "no_event_name": "a track call names its event",
    "no_group_id": "a group call names its group by a groupId",
    "impossible_time": "the timestamp is no time",
    "id_reused": "the messageId was used before for another event",
}
"""Why an event is kept as failed: stable codes, each with its sentence."""

_WITH_FIELDS: Final = ("properties", "context")
_NESTED: Final = (dict, list)
_SPACED = re.compile(rb'"[ \t\r\n]+:')


class RefusedError(Exception):
    """An event that does not count. reason: one of REASONS; detail: what exactly."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """Take the reason."""
        super().__init__(reason)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is known of an event beside its own words.

    received_us: when it came. source: whose key it came with; trusted: a server's. kind: the call its route
    names, None for batches. sent_at: when the body says it was sent. retried: a client says it sent it before.
    """

    received_us: int
    source: str
    trusted: bool
    kind: str | None = None
    sent_at: object = None
    retried: bool = False


class Call(msgspec.Struct, frozen=True, gc=False):
    """A call that counts. time_us, known_us: when it happened and when we received it, by our clock.

    name: of a track, page or screen call. account: of a group call, its group id. id: 32 hexadecimal digits, one for
    each message of a source. digest: of type, name, properties and stated time, the same for every copy that a client
    sends. record: the decoded event. fields: its properties and context by their dotted names, as they came; the
    person's traits are left out. email, crm_id: further names of its person, the address as it was written.
    suspicion: why it is set aside at once, None where it counts.
    """

    kind: str
    name: str
    user: str | None
    device: str | None
    previous: str | None
    account: str | None
    time_us: int
    known_us: int
    source: str
    trusted: bool
    id: str
    digest: int
    record: Mapping[str, Any]
    fields: Mapping[str, object]
    email: str | None = None
    crm_id: str | None = None
    suspicion: str | None = None

    def traits(self) -> dict[str, Value | None]:
        """Return what an identify call states, its top level before its context; None unsets a trait.

        A form that nobody known has filled in states the address it was given.
        """
        if self.kind != "identify":
            mail = _form_email(self.fields, self.kind, self.user)
            return {} if mail is None else {"email": typed(mail)}
        return _values(_stated_of(self.record, self.kind))

    def account_traits(self) -> dict[str, Value | None]:
        """Return what a group call states of its account; None unsets a trait."""
        return _values(_part(self.record, "traits")) if self.kind == "group" else {}


def _values(stated: Mapping[str, Any]) -> dict[str, Value | None]:
    """Return stated traits by their names; what holds nothing says nothing, but null unsets."""
    found = {name: (raw, typed(raw)) for name, raw in flattened(stated).items()}
    return {name: value for name, (raw, value) in found.items() if value is not None or raw is None}


def read_call(raw: bytes, receipt: Receipt) -> Call:
    """Return the call that an event makes.

    Raises RefusedError with the reason where it makes none.
    """
    record, fields = _decoded(raw)
    kind = str(record.get("type") or receipt.kind or "").lower()
    if kind not in KINDS:
        raise RefusedError("unknown_type", kind[:40])
    message = _message_id(record)
    user, device = _somebody(record, "userId"), _somebody(record, "anonymousId")
    previous = _somebody(record, "previousId") if kind == "alias" else None
    if user is None and device is None:
        raise RefusedError("no_lead_id")
    account = _somebody(record, "groupId") if kind == "group" else None
    if kind == "group" and account is None:
        raise RefusedError("no_group_id")
    name = _name(record, kind)
    stated_us = _stated(record)
    return Call(
        kind=kind,
        name=name,
        user=user,
        device=device,
        previous=previous,
        account=account,
        time_us=_time(record, receipt, stated_us),
        known_us=receipt.received_us,
        source=receipt.source,
        trusted=receipt.trusted,
        id=event_id(receipt.source, message),
        digest=_digest(kind, name, record, stated_us),
        record=record,
        fields=fields,
        suspicion=suspicion(record) if kind in EVENT_TYPES else None,
        **_further_names(record, fields, kind, user),
    )


def event_id(source: str, message: str) -> str:
    """Return the id of an event: 32 hexadecimal digits, one for each message of a source."""
    return md5(f"{source}\x1f{message}".encode(), usedforsecurity=False).hexdigest()


def _further_names(
    record: Mapping[str, Any], fields: Mapping[str, object], kind: str, user: str | None
) -> dict[str, str | None]:
    """Return the address and the CRM id that a call names its person by: nearly always none."""
    context = _part(record, "context")
    if "traits" not in record and "traits" not in context and "externalIds" not in context:
        return {"email": _form_email(fields, kind, user)}
    stated = _stated_of(record, kind)
    return {
        "email": _text(stated.get("email")) or _form_email(fields, kind, user),
        "crm_id": _somebody(stated, "crm_id") or _listed_crm_id(context.get("externalIds")),
    }


def _stated_of(record: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the person's traits, wherever a call carries them; the traits of a group are the company's."""
    own = {} if kind == "group" else _part(record, "traits")
    theirs = _part(_part(record, "context"), "traits")
    return theirs | own if theirs else own


def _form_email(fields: Mapping[str, object], kind: str, user: str | None) -> str | None:
    """Return the address in the properties of an act of nobody known; users may name somebody else's."""
    if kind != "track" or user is not None:
        return None
    mail = _text(fields.get("properties.email"))
    return mail if mail is not None and address_of(mail) is not None else None


def _listed_crm_id(listed: object) -> str | None:
    """Return the id among external ids that is of the type crm_id."""
    records = (one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()
    named = (_somebody(one, "id") for one in records if one.get("type") == "crm_id")
    return next((one for one in named if one), None)


def _decoded(raw: bytes) -> tuple[dict[str, Any], dict[str, object]]:
    """Return an event as it is, and its fields."""
    if len(raw) > LARGEST_EVENT:
        raise RefusedError("too_large", f"{len(raw):,} bytes")
    fields: dict[str, object] = {}
    try:
        record = msgspec.json.decode(raw)
        if not isinstance(record, dict):
            raise RefusedError("not_an_object")
        keys = _take_fields(fields, record)
        # A key makes one '":' and a text may hold more: where there are no more than keys, none was lost.
        if raw.count(b'":') != keys or _SPACED.search(raw):
            _refuse_duplicates(raw)
    except (RecursionError, TooDeepError) as error:
        raise RefusedError("too_deep") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RefusedError("not_json", str(error)[:200]) from error
    if keys > MOST_FIELDS:
        raise RefusedError("too_many_fields", f"{keys:,}")
    return record, fields


def _take_fields(fields: dict[str, object], record: Mapping[str, Any]) -> int:
    """Add an event's fields; return how many keys it has, on all levels."""
    keys = len(record)
    for key, value in record.items():
        if isinstance(value, dict) and key in _WITH_FIELDS:
            keys += _take_part(fields, key, value)
        elif isinstance(value, _NESTED):
            keys += keys_in(value, DEEPEST - 1)
    return keys


def _take_part(fields: dict[str, object], key: str, part: dict[str, Any]) -> int:
    if key == "properties" or "traits" not in part:
        return flatten(fields, part, key, DEEPEST - 1)
    rest = {name: value for name, value in part.items() if name != "traits"}
    return flatten(fields, rest, key, DEEPEST - 1) + 1 + keys_in(part["traits"], DEEPEST - 2)


def _refuse_duplicates(raw: bytes) -> None:
    def once(pairs: list[tuple[str, object]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            raise RefusedError("duplicate_keys", next(name for name in names if names.count(name) > 1)[:40])

    json.loads(raw, object_pairs_hook=once)


def _message_id(record: Mapping[str, Any]) -> str:
    message = _text(record.get("messageId"))
    if message is None:
        raise RefusedError("no_message_id")
    return message


def _somebody(record: Mapping[str, Any], key: str) -> str | None:
    """Return an identifier, None where it stands for nobody."""
    value = record.get(key)
    return None if value is None else _named(value) if type(value) is str else _who(_text(value))


@lru_cache(maxsize=2**16)
def _named(text: str) -> str | None:
    """Who sends once mostly sends again."""
    return _who(_text(text))


def _who(text: str | None) -> str | None:
    return None if text is None or text.lower() in BLOCKED or not text.strip("0-") else text


def _text(value: object) -> str | None:
    """Return a text or whole number as an identifier; what is too long or of another kind is none."""
    if type(value) is str:
        text = storable(value).strip()
    else:
        text = str(value) if type(value) is int and abs(value) < 10**LONGEST_ID else ""
    return text if 0 < len(text) <= LONGEST_ID else None


def _name(record: Mapping[str, Any], kind: str) -> str:
    named = record.get("event") if kind == "track" else record.get("name", record.get("event"))
    name = storable(named) if isinstance(named, str) else ""
    if kind == "track" and not name:
        raise RefusedError("no_event_name")
    return name if kind in {"track", "page", "screen"} else ""


def _stated(record: Mapping[str, Any]) -> int | None:
    stated = record.get("timestamp")
    try:
        return read_stated(record.get("originalTimestamp") if stated in {None, ""} else stated)
    except (ValueError, TypeError) as error:
        raise RefusedError("impossible_time", str(error)) from error


def _time(record: Mapping[str, Any], receipt: Receipt, stated_us: int | None) -> int:
    """When it happened. An event of a batch that carries a time of sending of its own never renews it."""
    frozen = receipt.kind is None and "sentAt" in record
    sent_us = _sent(record["sentAt"] if frozen else receipt.sent_at)
    return event_time(stated_us, sent_us, receipt.received_us, waited=receipt.retried or frozen)


def _sent(stated: object) -> int | None:
    """Return when something says it was sent: what came together says the same."""
    return _sent_once(stated) if type(stated) is str else _read_sent(stated)


def _read_sent(stated: object) -> int | None:
    try:
        return read_stated(stated)
    except ValueError:
        return None


_sent_once = lru_cache(maxsize=2**8)(_read_sent)


def _part(record: Mapping[str, Any], key: str) -> dict[str, Any]:
    part = record.get(key)
    return part if isinstance(part, dict) else {}


def _digest(kind: str, name: str, record: Mapping[str, Any], stated_us: int | None) -> int:
    """A number that tells one event from another under the same message id."""
    said = [kind, name, record.get("traits" if kind in {"identify", "group"} else "properties"), stated_us]
    digest = blake2b(msgspec.json.encode(said, order="sorted"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
