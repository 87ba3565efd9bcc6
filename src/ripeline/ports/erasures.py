"""What is known of erasures."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Erasure:
    """Somebody was erased: when, why, how many rows of each sort.

    manifest: the first one without them; position: from there on in the inbox every reader agrees on it.
    by: who did it, "" where nobody is known.
    """

    number: int
    at_us: int
    reason: str
    removed: Mapping[str, int]
    manifest: int
    position: int
    by: str = ""
