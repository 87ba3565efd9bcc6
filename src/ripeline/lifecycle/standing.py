"""Where a person stands: what is left of the log's lines of all their identifiers."""

from collections.abc import Sequence
from dataclasses import dataclass

from ripeline.vocabulary.stages import LEAD, MERGE, RESTING, STAGES, StageChange


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands.

    heads: the lines that no other takes the place of: none where nothing was logged, several where leads became one
    person and nobody has logged that yet. last: the last line of all, None where there is none.
    """

    heads: tuple[StageChange, ...] = ()
    last: StageChange | None = None

    @property
    def head(self) -> StageChange | None:
        """The line that holds: of several the one that is furthest."""
        return min(self.heads, key=lambda line: (STAGES.index(line.after), -line.number), default=None)

    @property
    def stage(self) -> str:
        """The stage."""
        return LEAD if self.head is None else self.head.after

    @property
    def is_decided(self) -> bool:
        """Say whether a person decided so, and no score may overwrite it."""
        return self.head is not None and self.head.by != "" and self.stage not in RESTING

    def is_said(self, stage: str, resting_until: int | None) -> bool:
        """Say whether a person has decided just that: the stage, and until which day the lead rests there."""
        head = self.head
        return head is not None and head.by != "" and (head.after, head.resting_until) == (stage, resting_until)

    def rests(self, day: int) -> bool:
        """Say whether the lead is cooling down on a local day; who is suppressed meanwhile is so too."""
        until = None if self.head is None else self.head.resting_until
        return until is not None and day < until

    @property
    def is_logged(self) -> bool:
        """Say whether the last line of the log says where the person stands."""
        return self.last is None if self.head is None else len(self.heads) == 1 and self.last == self.head


def standing(lines: Sequence[StageChange]) -> Standing:
    """Return where a person stands by all lines that are theirs, in the order of their numbers.

    A line of a merge holds as long as everything that it took the place of is the same person's. So a merge that is
    taken back leaves both where they were.
    """
    there = {line.number: line for line in lines}
    valid = [line for line in lines if line.cause != MERGE or all(number in there for number in line.follows)]
    gone = {line.number for line in lines} - {line.number for line in valid}
    superseded = {number for line in valid for number in _behind(line, there, gone)}
    heads = tuple(line for line in valid if line.number not in superseded)
    return Standing(heads, lines[-1] if lines else None)


def _behind(line: StageChange, there: dict[int, StageChange], gone: set[int]) -> set[int]:
    """Return the numbers of all lines that one takes the place of, also by way of one that does not hold any more."""
    found, waiting = set[int](), [*line.follows]
    while waiting:
        number = waiting.pop()
        if number in found or number not in there:
            continue
        found.add(number)
        if number in gone:
            waiting += there[number].follows
    return found
