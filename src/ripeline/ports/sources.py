"""Where what is known comes from, as it is counted."""

from dataclasses import dataclass
from typing import Final

HOUR_US: Final = 3_600 * 1_000_000


@dataclass(frozen=True, slots=True)
class SourceHour:
    """What came from a source within an hour. hour: since 1970; first_us, last_us: when it was received."""

    source: str
    hour: int
    count: int
    first_us: int
    last_us: int
