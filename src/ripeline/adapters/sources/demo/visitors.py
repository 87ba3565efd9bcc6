"""The demo company's leads as their visitors' clients see them: devices, forms, and calls as they are sent.

A visitor is anonymous until a form names it, on each device anew; a firm's shared device forgets everybody. What
happens to mails comes from the mail program, by a server key.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from ripeline.adapters.sources.demo.acts import DemoEvent
from ripeline.adapters.sources.demo.people import OWN_DOMAIN, DemoLead

ROUND: Final = "\ue000"
"""Stands behind every name of somebody: when the story is told again, it is told of other people."""

_SITE: Final = f"https://www.{OWN_DOMAIN}"
_VISIT_ENDS_AFTER: Final = timedelta(minutes=30)
_MAIL_PROGRAM: Final = frozenset({"Email Delivered", "Email Opened", "Email Clicked", "Unsubscribed"})
_SHORT_FORMS: Final = frozenset({"Newsletter Subscribed", "E-book Downloaded"})
"""Forms that ask for nothing but an address; all others ask who somebody is."""

_NO_FORMS: Final = frozenset({"Ad Clicked"})
_AGENTS: Final = {
    "laptop": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "phone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1",
    "tablet": "Mozilla/5.0 (Linux; Android 15; Tablet) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
}
_MORE_DEVICES: Final = 0.35
_SHARED_SHARE: Final = 0.1
_CAME_FROM: Final = {
    "search": ("cpc", "https://www.google.com/"),
    "social": ("social", "https://www.linkedin.com/"),
    "newsletter": ("email", ""),
    "partner": ("referral", "https://partner.example/tools"),
}
_UNPAID: Final = {"": 50, "https://www.google.com/": 30, "https://www.bing.com/": 8, "https://chatgpt.com/": 12}


@dataclass(frozen=True, slots=True)
class Draft:
    """A call without what is new each time that it is sent: its id and its time.

    at: in the story. by_server: it comes with a server key. kind, name: of the call. who, what: its members
    as JSON without brackets; `who` holds its identifiers, and both hold ROUND wherever somebody is named.
    """

    at: datetime
    by_server: bool
    kind: str
    name: str
    who: bytes
    what: bytes


@dataclass(frozen=True, slots=True)
class _Device:
    id: str
    sort: str
    shared: bool = False


def drafts_of(seed: int, lead: DemoLead, acts: Sequence[DemoEvent]) -> Iterator[Draft]:
    """Yield the calls that a lead's acts make, in order of their time, the same for the same seed."""
    visitor = _Visitor(seed, lead)
    for act in acts:
        yield from visitor.calls(act)


class _Visitor:
    """What is to be remembered of a visitor from call to call."""

    def __init__(self, seed: int, lead: DemoLead) -> None:
        self._rng, self._lead = random.Random(f"{seed} {lead.id}"), lead
        self._devices = _devices(self._rng, seed, lead)
        self._device, self._seen = self._devices[0], lead.created - 2 * _VISIT_ENDS_AFTER
        self._known_on = set[str]()
        self._told = dict[str, object]()
        self._listed = False

    def calls(self, act: DemoEvent) -> Iterator[Draft]:
        """Yield what one act sends; whatever else has to be said goes before it."""
        if act.name in _MAIL_PROGRAM:
            yield from self._mail(act)
            return
        landing = self._arrive(act.time)
        if act.type == "page":
            yield self._on_device(act, "page", act.name, _page(self._rng, act, landing=landing))
            return
        if act.name not in _NO_FORMS:
            yield from self._form(act)
        if act.name == "Quote Requested":
            cart = {"product": "Ripe", "price": float(act.price or 0), "currency": "EUR"}
            yield self._on_device(act, "track", "Product Added", {"properties": cart})
        yield self._on_device(
            act, "track", act.name, {"properties": _properties(act), "context": _campaign(act.campaign)}
        )

    def _arrive(self, at: datetime) -> bool:
        """Choose a device where a visit begins; say whether it does."""
        begins = at - self._seen > _VISIT_ENDS_AFTER
        if begins:
            self._known_on -= {device.id for device in self._devices if device.shared}
            self._device = self._rng.choice(self._devices)
        self._seen = at
        return begins

    def _form(self, act: DemoEvent) -> Iterator[Draft]:
        asked = _traits(self._lead, short=act.name in _SHORT_FORMS)
        if self._device.id in self._known_on and asked.items() <= self._told.items():
            return
        self._known_on.add(self._device.id)
        self._told |= asked
        yield self._on_device(act, "identify", "", {"traits": asked})

    def _mail(self, act: DemoEvent) -> Iterator[Draft]:
        who = {"userId": self._lead.id + ROUND}
        if not self._listed:
            self._listed = True
            traits = {"email": _email(self._lead), "lead_source": self._lead.lead_source}
            yield _draft(act.time, "identify", "", who, {"traits": traits}, by_server=True)
        said = {"properties": _properties(act), "context": _campaign(act.campaign)}
        yield _draft(act.time, "track", act.name, who, said, by_server=True)

    def _on_device(self, act: DemoEvent, kind: str, name: str, said: Mapping[str, Any]) -> Draft:
        device = self._device
        who = {"anonymousId": device.id} | ({"userId": self._lead.id + ROUND} if device.id in self._known_on else {})
        context = {"userAgent": _AGENTS[device.sort], "locale": "de-DE"} | said.get("context", {})
        return _draft(act.time, kind, name, who, {**said, "context": context})


def _draft(
    at: datetime, kind: str, name: str, who: Mapping[str, str], said: Mapping[str, Any], *, by_server: bool = False
) -> Draft:
    library = {"library": {"name": "ripeline-simulate", "version": "1"}}
    what = {"type": kind} | ({"event" if kind == "track" else "name": name} if name else {})
    whole = {**what, **said, "context": library | said.get("context", {})}
    return Draft(at, by_server, kind, name, _members(who), _members(whole))


def _members(record: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(record)[1:-1]


def _devices(rng: random.Random, seed: int, lead: DemoLead) -> list[_Device]:
    """Most have one, some also a phone; at some firms there is one in the lobby for everybody."""
    own = [_Device(_device_id(rng), "laptop")]
    if rng.random() < _MORE_DEVICES:
        own.append(_Device(_device_id(rng), "phone"))
    if lead.company is None:
        return own
    of_firm = random.Random(f"{seed} {lead.company.domain}")
    shared = _Device(_device_id(of_firm), "tablet", shared=True)
    return [*own, shared] if of_firm.random() < _SHARED_SHARE else own


def _device_id(rng: random.Random) -> str:
    return f"{UUID(int=rng.getrandbits(128), version=4)}{ROUND}"


def _email(lead: DemoLead) -> str:
    return lead.email.replace("@", f"{ROUND}@")


def _traits(lead: DemoLead, *, short: bool) -> dict[str, object]:
    """Return what a form asks of a lead; what it does not tell is left out."""
    told: dict[str, object] = {"email": _email(lead)}
    if not short:
        told |= {
            "phone": lead.phone,
            "title": lead.title.text if lead.title else None,
            "company": lead.company.name if lead.company else None,
            "company_size": lead.company_size,
            "industry": lead.industry,
            "country": lead.country_text,
        }
    return {name: value for name, value in told.items() if value is not None}


def _properties(act: DemoEvent) -> dict[str, object]:
    price = None if act.price is None else float(act.price)
    return {name: value for name, value in {"asset": act.asset, "price": price}.items() if value is not None}


def _page(rng: random.Random, act: DemoEvent, *, landing: bool) -> dict[str, Any]:
    path = act.path or "/"
    referrer = _SITE
    if landing:
        unpaid = rng.choices(list(_UNPAID), list(_UNPAID.values()))[0]
        referrer = _CAME_FROM[act.campaign][1] if act.campaign else unpaid
    query = f"?utm_source={act.campaign}&utm_medium={_CAME_FROM[act.campaign][0]}" if act.campaign else ""
    page = {"path": path, "url": f"{_SITE}{path}{query}", "title": act.name, "referrer": referrer, "search": query}
    return {"properties": page, "context": {"page": page} | _campaign(act.campaign)}


def _campaign(source: str | None) -> dict[str, Any]:
    if source is None:
        return {}
    return {"campaign": {"source": source, "medium": _CAME_FROM[source][0], "name": f"{source}-autumn"}}
