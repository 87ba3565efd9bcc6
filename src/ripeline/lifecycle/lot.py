"""Who of the leads below the line goes to sales by lot, so that it is known what becomes of such leads.

The lot of a lead is a digest of its name and of where it stands in the matrix: the same in every reader, at every look.
So a lead is drawn once in each cell, and a larger share draws those of a smaller one, and more.
"""

import hashlib
from typing import Final

from ripeline.definition.words import WHOLE

ALL: Final = 16**16


def is_drawn(share: int, fit: str, interest: str, lead: str) -> bool:
    """Say whether a lead of a cell is drawn, by its name. share: in thousandths of a percent."""
    return hashlib.sha256(lot_text(fit, interest, lead).encode()).hexdigest() < bound(share)


def lot_text(fit: str, interest: str, lead: str) -> str:
    """Return what is digested.

    >>> lot_text("poor", "high", "u1")
    'poor/high/u1'
    """
    return f"{fit}/{interest}/{lead}"


def bound(share: int) -> str:
    """Return the text that the digest of whoever is drawn is below; of 100 %, one in 16^16 is left out.

    >>> bound(50_000), bound(0)
    ('8000000000000000', '0000000000000000')
    """
    return f"{min(ALL * share // WHOLE, ALL - 1):016x}"
