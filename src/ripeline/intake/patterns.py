"""What several acts together show of not being a person's own. Each rule is a pure function of all acts there are.

So it does not matter in which order they came, or which of them are set aside already.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ripeline.vocabulary.calendar import SECOND_US

TOO_SOON, ALL_LINKS, BURST, STAFF = "too_soon", "all_links", "burst", "staff"


@dataclass(frozen=True, slots=True)
class Patterns:
    """What a company takes for an automatic act; see docs/intake.md for each.

    delivered, opened, clicked: names of track calls; mail_id, link: the properties that tell which mail and which link.
    """

    delivered: tuple[str, ...] = ("Email Delivered",)
    opened: tuple[str, ...] = ("Email Opened",)
    clicked: tuple[str, ...] = ("Email Link Clicked",)
    mail_id: str = "email_id"
    link: str = "link_url"
    soon_seconds: int = 5
    links: int = 3
    links_seconds: int = 5
    burst_events: int = 1_000
    burst_seconds: int = 60
    staff_domains: tuple[str, ...] = ()
    staff_addresses: tuple[str, ...] = ()

    @property
    def mail_names(self) -> tuple[str, ...]:
        """The names of all acts that have to do with mails."""
        return *self.delivered, *self.opened, *self.clicked

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of events that tell mails and links."""
        return f"properties.{self.mail_id}", f"properties.{self.link}"


USUAL: Final = Patterns()


@dataclass(frozen=True, slots=True)
class Act:
    """One act of somebody. id: of the event; mail, link: which ones it is about."""

    id: str
    time_us: int
    name: str = ""
    mail: str | None = None
    link: str | None = None


def scanned(acts: Iterable[Act], patterns: Patterns) -> dict[str, str]:
    """Return those of one person's acts on mails that a program did, each with the reason."""
    by_mail = defaultdict[str, list[Act]](list)
    for act in sorted(acts, key=lambda act: act.time_us):
        if act.mail is not None:
            by_mail[act.mail].append(act)
    found: dict[str, str] = {}
    for of_one in by_mail.values():
        found |= dict.fromkeys(_all_links(of_one, patterns), ALL_LINKS)
        found |= dict.fromkeys(_too_soon(of_one, patterns), TOO_SOON)
    return found


def _too_soon(acts: Sequence[Act], patterns: Patterns) -> Iterator[str]:
    """Yield what was opened or clicked when the mail was hardly there; the deliverer's clock may be off by as much."""
    delivered = [act.time_us for act in acts if act.name in patterns.delivered]
    soon_us = patterns.soon_seconds * SECOND_US
    for act in acts:
        if act.name in patterns.opened or act.name in patterns.clicked:
            nearest = bisect_left(delivered, act.time_us - soon_us)
            if nearest < len(delivered) and delivered[nearest] <= act.time_us + soon_us:
                yield act.id


def _all_links(acts: Sequence[Act], patterns: Patterns) -> Iterator[str]:
    """Yield clicks on so many links of a mail, one upon the other, as nobody makes them."""
    clicks = [act for act in acts if act.name in patterns.clicked and act.link is not None]
    links, end, told = Counter[str | None](), 0, 0
    for first, click in enumerate(clicks):
        while end < len(clicks) and clicks[end].time_us <= click.time_us + patterns.links_seconds * SECOND_US:
            links[clicks[end].link] += 1
            end += 1
        if len(links) >= patterns.links:
            yield from (one.id for one in clicks[max(first, told) : end])
            told = end
        links -= Counter([click.link])


def crowded(acts: Iterable[Act], patterns: Patterns) -> dict[str, str]:
    """Return those of one identifier's acts that lie in a span with more of them than a person can make."""
    ordered = sorted(acts, key=lambda act: act.time_us)
    found, end, told = dict[str, str](), 0, 0
    for first, act in enumerate(ordered):
        while end < len(ordered) and ordered[end].time_us < act.time_us + patterns.burst_seconds * SECOND_US:
            end += 1
        if end - first > patterns.burst_events:
            found |= dict.fromkeys((one.id for one in ordered[max(first, told) : end]), BURST)
            told = end
    return found


def is_staff(address: str, patterns: Patterns) -> bool:
    """Say whether a mail address is one of the company's own, also in a part of its domain.

    >>> acme = Patterns(staff_domains=("acme.example",), staff_addresses=("kim@mail.example",))
    >>> [is_staff(one, acme) for one in ("a@acme.example", "a@de.acme.example", "a@notacme.example")]
    [True, True, False]
    >>> is_staff("kim@mail.example", acme)
    True
    """
    domain = address.rpartition("@")[2]
    own = any(domain == one or domain.endswith(f".{one}") for one in patterns.staff_domains)
    return own or address in patterns.staff_addresses
