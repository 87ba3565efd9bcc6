"""What happened, as recorded: events, statements of traits, group links. They carry identifiers, never persons."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ripeline.vocabulary.values import Value

EVENT_TYPES = ("track", "page", "screen")


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded act of one identifier.

    time_us, known_us: when it happened, when we received it. fields: `properties.x` and `context.x.y`
    by their dotted names. trusted: it came by import, CRM or a server key.
    """

    type: str
    name: str
    time_us: int
    known_us: int
    fields: Mapping[str, Value] = field(default_factory=dict)
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Statement:
    """Traits stated together about one identifier.

    time_us is None for undated imports: always visible, older than everything dated. A trait mapped
    to None is unset; one that is missing says nothing. sequence orders equal times.
    """

    traits: Mapping[str, Value | None]
    time_us: int | None
    known_us: int | None
    sequence: int
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class GroupLink:
    """A group call: one identifier belongs to an account from then on. id: orders equal times."""

    account: str
    time_us: int
    known_us: int
    id: str
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class LeadHistory:
    """Everything known of one person, as both readers see it.

    seen_us: times of dated links of devices. answered_us: times at which sales answered a handoff of them.
    """

    events: tuple[Event, ...] = ()
    statements: tuple[Statement, ...] = ()
    seen_us: tuple[int, ...] = ()
    group_links: tuple[GroupLink, ...] = ()
    answered_us: tuple[int, ...] = ()

    @property
    def is_known(self) -> bool:
        """Say whether something is known of the person: what sales answered makes nobody known."""
        return bool(self.events or self.statements or self.seen_us or self.group_links)
