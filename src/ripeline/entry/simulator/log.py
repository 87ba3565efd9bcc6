"""What became of every message, written down as JSON Lines."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ripeline.entry.simulator.batches import Batch
from ripeline.entry.simulator.sender import Settled
from ripeline.entry.simulator.tally import Outcome
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError


@contextmanager
def logged_to(log: Path | None) -> Iterator[Settled]:
    """Hand out what writes down what became of a batch; without a file it writes nothing.

    Raises InputError where the file cannot be written.
    """
    if log is None:
        yield lambda *_: None
        return
    try:
        file = log.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{log} cannot be written: {error.strerror}") from error
    with file:
        yield lambda *settled: file.writelines(_lines(*settled))


def _lines(batch: Batch, outcome: Outcome, position: int | None) -> Iterator[str]:
    """Yield a line for each message; a copy has that of the message it is a copy of."""
    said = {"key": "server" if batch.by_server else "web", "outcome": outcome.value, "position": position}
    for message in batch.messages:
        if not message.copy:
            line = {"id": message.id, "type": message.kind, "name": message.name, "reason": message.reason}
            yield json.dumps({**line, "time": instant_text(message.time_us), **said}) + "\n"
