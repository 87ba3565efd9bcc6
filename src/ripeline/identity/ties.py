"""Whose events are an anonymous device's: those of the person it is next tied to, else of the last before.

So a device that two people share leaks nothing from the first to the second. Persons are recomputed
from links and never stored: taking a link away gives everything back as it was.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from ripeline.vocabulary.calendar import EVER, NEVER

MOST_DEVICES: Final = 200
"""Devices of one identifier; further ones are not tied to it."""

MOST_OWNERS: Final = 50
"""Identifiers that one device is tied to; it is not tied to further ones."""


class Tie(NamedTuple):
    """A device was seen with a user, or with an e-mail address, at an instant. id breaks ties of time."""

    time_us: int
    id: str
    device: int
    user: int


class Belonging(NamedTuple):
    """From an instant (included) until another (excluded), what an identifier did is a person's."""

    identifier: int
    from_us: int
    until_us: int
    person: int


def belongings(ties: Iterable[Tie]) -> list[Belonging]:
    """Return whose each tied device is, and when; devices that are nowhere here are their own person.

    >>> for b in belongings([Tie(100, "a", device=7, user=1), Tie(200, "b", device=7, user=2)]):
    ...     print(b.person, b.until_us)
    1 101
    2 9223372036854775807
    """
    by_device: dict[int, list[Tie]] = defaultdict(list)
    for tie in sorted(set(ties)):
        by_device[tie.device].append(tie)
    return [belonging for device in sorted(by_device) for belonging in _of_device(by_device[device])]


def within_limits(ties: Iterable[Tie]) -> list[Tie]:
    """Leave out the ties of an identifier to more devices, and of a device to more of them, than are believed.

    The first ones count, each pair by its first tie.
    """
    first: dict[tuple[int, int], Tie] = {}
    known = sorted(set(ties))
    for tie in known:
        first.setdefault((tie.device, tie.user), tie)
    devices = _ranks(first.values(), lambda tie: tie.user)
    owners = _ranks(first.values(), lambda tie: tie.device)
    good = {pair for pair, tie in first.items() if devices[tie] < MOST_DEVICES and owners[tie] < MOST_OWNERS}
    return [tie for tie in known if (tie.device, tie.user) in good]


def _ranks(first: Iterable[Tie], of: Callable[[Tie], int]) -> dict[Tie, int]:
    """How many pairs of the same one came before each."""
    seen: dict[int, int] = defaultdict(int)
    ranks = {}
    for tie in sorted(first):
        ranks[tie] = seen[of(tie)]
        seen[of(tie)] += 1
    return ranks


def _of_device(ties: list[Tie]) -> list[Belonging]:
    """Each tie takes what came since the last one, its own instant included; the last takes the rest."""
    ends_of_runs = [tie for tie, after in zip(ties, [*ties[1:], None], strict=True) if not _goes_on(tie, after)]
    starts = [EVER, *(tie.time_us + 1 for tie in ends_of_runs[:-1])]
    return [
        Belonging(tie.device, start, end, tie.user)
        for tie, start, end in zip(ends_of_runs, starts, [*starts[1:], NEVER], strict=True)
        if start < end
    ]


def _goes_on(tie: Tie, after: Tie | None) -> bool:
    return after is not None and after.user == tie.user
