"""The past of the invented company, looked at twice a week, at last once a day: who did something since the last look.

A server looks all the time; so few looks are enough for a past that is told in a minute.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from ripeline.adapters.sources.demo.acts import DemoEvent
from ripeline.adapters.sources.demo.sales import DemoOutcome
from ripeline.vocabulary.calendar import instant_of

_LOOKED_AT: Final = time(7, 30)
"""In UTC, as the whole story: half past nine in the summer of Berlin."""

_MONDAY, _SATURDAY = 0, 5
_LOOKED_ON: Final = frozenset({_MONDAY, 3})
_DAILY: Final = timedelta(days=14)

_ARRIVES: Final = frozenset({"Email Delivered", "Email Opened"})
"""What comes to somebody, or mail programs do by themselves: nobody did anything. It counts on the next Monday."""


@dataclass(frozen=True, slots=True)
class Look:
    """When leads are looked at, and who did something since the last time; everybody: all are, since days went by."""

    at_us: int
    leads: frozenset[str]
    everybody: bool


def looks(
    events: Iterable[DemoEvent], outcomes: Iterable[DemoOutcome], first: datetime, last: datetime
) -> Iterator[Look]:
    """Yield the looks from one instant to another; at both, and on each Monday, at everybody."""
    acts = [(one.time, one.lead) for one in events if one.name not in _ARRIVES]
    acts += [(one.time, one.lead) for one in outcomes]
    yield Look(instant_of(first), frozenset(), everybody=True)
    since = first
    for moment in [*_moments(first, last), last]:
        leads = frozenset(lead for at, lead in acts if since < at <= moment)
        yield Look(instant_of(moment), leads, everybody=moment == last or moment.weekday() == _MONDAY)
        since = moment


def _moments(first: datetime, last: datetime) -> Iterator[datetime]:
    for days in range((last - first).days + 1):
        one = datetime.combine(first.date() + timedelta(days=days), _LOOKED_AT, UTC)
        is_late = last - one < _DAILY and one.weekday() < _SATURDAY
        if first < one and one.date() < last.date() and (is_late or one.weekday() in _LOOKED_ON):
            yield one
