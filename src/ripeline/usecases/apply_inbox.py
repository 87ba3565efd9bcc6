"""From the inbox on: each message counts once, the first that came; what does not count is kept with its reason."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from ripeline.intake.calls import Call
from ripeline.ports import FailedEvent, Inbox
from ripeline.usecases.read_requests import read_requests

NO_END = 2**63 - 1
"""Behind every position."""

Known = Callable[[Iterable[str]], Mapping[str, int | None]]
"""Asked for ids; tells those that are history already, with their digests where these were kept."""


class FirstOnes:
    """Tells first messages from copies and from others that came under the same id."""

    def __init__(self, known: Known) -> None:
        """Take who knows the ids in history."""
        self._known, self._seen = known, dict[str, int | None]()

    def sort_out(self, events: Iterable[tuple[int, Call | FailedEvent]]) -> Iterator[tuple[int, Call | FailedEvent]]:
        """Leave out copies; turn what uses another message's id into a failed event."""
        group = list(events)
        new = {call.id for _, call in group if isinstance(call, Call)} - self._seen.keys()
        self._seen.update(self._known(new))
        places: dict[int, int] = {}
        for position, one in group:
            place = places[position] = places.get(position, -1) + 1
            if isinstance(one, FailedEvent):
                yield position, one
            elif one.id not in self._seen:
                self._seen[one.id] = one.digest
                yield position, one
            elif self._seen[one.id] not in {None, one.digest}:
                yield position, _reused(position, place, one)

    def forget(self, ids: Iterable[str]) -> None:
        """Forget ids that history knows by now."""
        for known in ids:
            self._seen.pop(known, None)


def _reused(position: int, place: int, call: Call) -> FailedEvent:
    return FailedEvent(
        position=position,
        place=place,
        received_us=call.known_us,
        source=call.source,
        trusted=call.trusted,
        kind=call.kind,
        reason="id_reused",
        detail=str(call.record.get("messageId"))[:100],
        event=msgspec.json.encode(call.record),
    )


class InboxReader:
    """Reads the inbox from where history ends, a stretch at a time, and hands on the calls that count."""

    def __init__(self, inbox: Inbox, known: Known, position: int) -> None:
        """Take the inbox, who knows the ids in history, and the position that history ends at."""
        self._inbox, self.position = inbox, position
        self._first_ones = FirstOnes(known)

    def read_on(self, until: int = NO_END) -> tuple[list[Call], list[FailedEvent]] | None:
        """Return what the next stretch came to, up to a position; None where there is no more."""
        requests = self._inbox.waiting(self.position, until)
        if not requests:
            return None
        found = list(self._first_ones.sort_out(read_requests(requests, self._inbox.keys())))
        self.position = requests[-1][0]
        return [one for _, one in found if isinstance(one, Call)], [
            one for _, one in found if isinstance(one, FailedEvent)
        ]
