"""From the inbox on: each message counts once, the first that came; what does not count is kept with its reason."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from ripeline.intake.calls import Call, RefusedError
from ripeline.intake.decisions import Decision, Judgement, Linking
from ripeline.intake.dispositions import Disposition
from ripeline.intake.erased import ERASED, Tombstones
from ripeline.intake.outcomes import Outcome
from ripeline.ports.intake import FailedEvent, Inbox
from ripeline.usecases.read_requests import MOST_KEPT, Taken, read_requests
from ripeline.vocabulary.people import Name

NO_END = 2**63 - 1
"""Behind every position."""

Known = Callable[[Iterable[str]], Mapping[str, int | None]]
"""Asked for ids; tells those that are history already, with their digests where these were kept."""


class FirstOnes:
    """Tells first messages from copies and from others that came under the same id."""

    def __init__(self, known: Known, tombstones: Tombstones) -> None:
        """Take who knows the ids in history, and who was erased."""
        self._known, self._seen, self._tombstones = known, dict[str, int | None](), tombstones

    def sort_out(self, taken: Iterable[Taken]) -> Iterator[Call | Decision | Outcome | Disposition | FailedEvent]:
        """Leave out copies; what uses another message's id does not count."""
        events = [self.spared(one) for one in taken] if self._tombstones else list(taken)
        new = {one.outcome.id for one in events if isinstance(one.outcome, Call)} - self._seen.keys()
        self._seen.update(self._known(new))
        for one in events:
            if isinstance(one.outcome, RefusedError):
                yield one.failed(one.outcome)
            elif isinstance(one.outcome, (Linking, Judgement, Outcome, Disposition)):
                yield one.outcome
            elif one.outcome.id not in self._seen:
                self._seen[one.outcome.id] = one.outcome.digest
                yield one.outcome
            elif self._seen[one.outcome.id] not in {None, one.outcome.digest}:
                yield one.failed(RefusedError("id_reused", str(one.outcome.record.get("messageId"))[:100]))

    def spared(self, one: Taken) -> Taken:
        """Return something as it is stored beside tombstones: what names somebody who was erased does not count."""
        if isinstance(one.outcome, Call):
            spared = self._tombstones.spared(one.outcome)
            return one if spared is one.outcome else replace(one, outcome=spared or RefusedError(ERASED))
        return replace(one, outcome=RefusedError(ERASED)) if self._names_erased(one) else one

    def _names_erased(self, one: Taken) -> bool:
        match one.outcome:
            case RefusedError():
                return self._tombstones.named_in(one.event[:MOST_KEPT], one.request.received_us)
            case Linking(pair=pair):
                told_us = one.request.received_us
                return self._is_erased(pair.one, told_us) or self._is_erased(pair.other, told_us)
            case Outcome(lead=lead, at_us=at_us) | Disposition(lead=lead, at_us=at_us):
                return self._is_erased(lead, at_us)
            case _:
                return False

    def _is_erased(self, name: Name, at_us: int) -> bool:
        return self._tombstones.names(name.kind, name.value, at_us)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a stretch of the inbox came to, each in the order in which it was accepted."""

    calls: Sequence[Call]
    decisions: Sequence[Decision]
    outcomes: Sequence[Outcome]
    dispositions: Sequence[Disposition]
    failed: Sequence[FailedEvent]


class InboxReader:
    """Reads the inbox from where history ends, a stretch at a time, and hands on what counts."""

    def __init__(self, inbox: Inbox, known: Known, position: int, tombstones: Tombstones) -> None:
        """Take the inbox, who knows the ids in history, the position that history ends at, and who was erased."""
        self._inbox, self.position = inbox, position
        self._first_ones = FirstOnes(known, tombstones)

    def read_on(self, until: int = NO_END) -> Stretch | None:
        """Return what the next stretch came to, up to a position; None where there is no more."""
        requests = self._inbox.waiting(self.position, until)
        if not requests:
            return None
        found = list(self._first_ones.sort_out(read_requests(requests, self._inbox.keys())))
        self.position = requests[-1][0]
        return Stretch(
            [one for one in found if isinstance(one, Call)],
            [one for one in found if isinstance(one, (Linking, Judgement))],
            [one for one in found if isinstance(one, Outcome)],
            [one for one in found if isinstance(one, Disposition)],
            [one for one in found if isinstance(one, FailedEvent)],
        )
