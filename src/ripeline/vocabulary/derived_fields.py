"""Derived fields of events: what addresses and tags tell of the channel, and a user agent of the device.

A field is named by what it tells of, `channel.medium`. Nothing of it is stored: it is worked out where a definition
reads it, so that what a new table knows holds for old events too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as dataclass_fields
from functools import lru_cache
from itertools import groupby
from typing import Final

from ripeline.vocabulary import channels, devices
from ripeline.vocabulary.channels import LONGEST_ADDRESS, MEDIUMS, Arrival, ChannelTables, channel_of
from ripeline.vocabulary.derived import Tables
from ripeline.vocabulary.devices import BROWSERS, KINDS, SYSTEMS, device_of
from ripeline.vocabulary.values import Value, typed

INPUTS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "channel": {
        "url": ("context.page.url", "properties.url"),
        "referrer": ("context.page.referrer", "properties.referrer"),
        "search": ("context.page.search", "properties.search"),
        "source": ("context.campaign.source", "properties.utm_source"),
        "medium": ("context.campaign.medium", "properties.utm_medium"),
        "campaign": ("context.campaign.name", "properties.utm_campaign"),
        "term": ("context.campaign.term", "properties.utm_term"),
        "content": ("context.campaign.content", "properties.utm_content"),
    },
    "device": {"agent": ("context.userAgent", "properties.user_agent")},
}
"""What each of them is told by, and the stored fields that this is read from: of these the first that holds a text."""

FIELDS: Final = (*(f"channel.{part}" for part in channels.PARTS), *(f"device.{part}" for part in devices.PARTS))

VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "channel.medium": MEDIUMS,
    "device.kind": KINDS,
    "device.browser": tuple(sorted(set(BROWSERS.values()))),
    "device.system": tuple(sorted(set(SYSTEMS.values()))),
}
"""Every value of the fields that have few."""

TABLE_OF: Final[Mapping[str, str]] = {"channel": "channels", "device": "devices"}
"""The shipped table behind each of them."""

_ALONE: Final = frozenset({"campaign", "term", "content"})
_ANY_TWINS: Final = ("text", "number", "folded", "day", "instant")


def root_of(field: str) -> str:
    """Return what a field tells of."""
    return field.partition(".")[0]


def twins_of(field: str) -> tuple[str, ...]:
    """Return the twins that a field may have: the words of our own are plain text, what others wrote is anything."""
    return ("text",) if field in VALUES else _ANY_TWINS


def inputs_of(fields: Sequence[str]) -> tuple[str, ...]:
    """Return the inputs that some fields of one root are told by: names of a campaign tell of themselves alone."""
    root = root_of(fields[0])
    return tuple(name for name in INPUTS[root] if name not in _ALONE or f"{root}.{name}" in fields)


def stored_fields(fields: Iterable[str]) -> tuple[str, ...]:
    """Return the stored fields that derived ones are read from."""
    by_root = {root: list(own) for root, own in groupby(sorted(fields), root_of)}
    return tuple(key for root, own in by_root.items() for name in inputs_of(own) for key in INPUTS[root][name])


def derived_values(root: str, stored: Mapping[str, Value], tables: Tables) -> Mapping[str, Value]:
    """Return what an event's stored fields tell, by derived field; those without a value are left out."""
    return _told_again(root, tuple(_first_text(stored, keys) for keys in INPUTS[root].values()), tables.channels)


def told_by(root: str, inputs: tuple[str | None, ...], tables: ChannelTables) -> Mapping[str, Value]:
    """Return what inputs tell, in the order of INPUTS."""
    told = device_of(*inputs) if root == "device" else channel_of(Arrival(*inputs), tables)
    found = ((part.name, typed(getattr(told, part.name))) for part in dataclass_fields(told))
    return {f"{root}.{part}": value for part, value in found if value is not None}


_told_again = lru_cache(maxsize=2**12)(told_by)
"""Pages and those before them come again and again. Inputs are cut, so that nobody can fill the memory."""


def _first_text(stored: Mapping[str, Value], keys: Iterable[str]) -> str | None:
    for key in keys:
        value = stored.get(key)
        if value is not None and value.text is not None:
            return value.text[:LONGEST_ADDRESS]
    return None
