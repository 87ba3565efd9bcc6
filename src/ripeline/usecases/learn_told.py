"""What `ripeline learn` is asked, as it is written: it is read once what learning needs is there."""

from dataclasses import dataclass
from typing import Final

MOST_RULES: Final = 25
USUAL_RULES: Final = 15


@dataclass(frozen=True, slots=True)
class LearnTold:
    """The options of the command: see `ripeline learn --help`."""

    as_of: str | None = None
    win_within: str | None = None
    score_at: str | None = None
    ignore: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    most: int = USUAL_RULES
    repeats: bool = False
    capacity: str | None = None
    seed: int = 0
    is_ordered: bool = False
    starts: bool = False
