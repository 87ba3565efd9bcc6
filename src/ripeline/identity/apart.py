"""Which links to take back so that an identifier is no longer a person's."""

from collections import deque
from collections.abc import Iterator

from ripeline.identity.links import Links, Whose
from ripeline.identity.ties import within_limits

Edges = dict[int, dict[int, bool]]
"""Who is linked to whom, and whether somebody decided it by hand."""


def pairs_apart(links: Links, as_of_us: int, lead: int, identifier: int) -> list[tuple[int, int]]:
    """Return the pairs whose links are to be taken back; none where the identifier is not that person's.

    What somebody decided by hand goes first: it takes a merge back whole. Else the identifier is cut off alone.
    """
    pairs: list[tuple[int, int]] = []
    while True:
        left = links.without({frozenset(pair) for pair in pairs})
        whose = left.until(as_of_us)
        if not owns(whose, lead, identifier):
            return pairs
        pairs.append(_cut(_way(_edges(left, whose, as_of_us), lead, identifier)))


def owns(whose: Whose, lead: int, identifier: int) -> bool:
    """Say whether an identifier is, or at some time was, the person's of another."""
    return any(one.identifier == identifier for one in whose.belongings(whose.person(lead)))


def _cut(way: list[tuple[int, int, bool]]) -> tuple[int, int]:
    """Choose the link to take back on the way from the lead to the identifier: the last by hand, else the last."""
    by_hand = [one for one in way if one[2]] or way
    return by_hand[-1][:2]


def _edges(links: Links, whose: Whose, as_of_us: int) -> Edges:
    """Return the links that count."""
    edges: Edges = {}
    for one, other, by_hand in _counted(links, whose, as_of_us):
        for a, b in ((one, other), (other, one)):
            edges.setdefault(a, {})[b] = edges.get(a, {}).get(b, False) or by_hand
    return edges


def _counted(links: Links, whose: Whose, as_of_us: int) -> Iterator[tuple[int, int, bool]]:
    refused = set(whose.persons.refused)
    for bond in links.bonds:
        if bond.time_us <= as_of_us and bond not in refused:
            yield bond.one, bond.other, bond.by_hand
    for tie in within_limits(tie for tie in links.ties if tie.time_us <= as_of_us):
        yield tie.user, tie.device, False


def _way(edges: Edges, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Return the links on a shortest way between two identifiers."""
    came_from, waiting = {start: start}, deque([start])
    while end not in came_from:
        here = waiting.popleft()
        for there in sorted(edges.get(here, {}).keys() - came_from.keys()):
            came_from[there] = here
            waiting.append(there)
    way, here = list[tuple[int, int, bool]](), end
    while here != start:
        way.insert(0, (came_from[here], here, edges[came_from[here]][here]))
        here = came_from[here]
    return way
