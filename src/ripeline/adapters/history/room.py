"""How many columns clients may make: whoever has a web key can send any names, and every column costs every reader."""

from collections.abc import Iterable

from ripeline.vocabulary.derived_fields import INPUTS

MOST_COLUMNS = 2_000
"""Columns of one kind of history that live calls may make; the last half is kept for what trusted sources send."""

LONGEST_NAME = 255
"""Letters of a column's name."""

_TRAITS = ("email", "email_domain", "phone", "title", "country", "company", "company_size", "crm_id")
_FIELDS = (field for told_by in INPUTS.values() for fields in told_by.values() for field in fields)
ALWAYS = frozenset({*_TRAITS, *_FIELDS})
"""Traits with a meaning of their own, and fields that others are derived from, always have their columns, which are not counted."""


class Room:
    """The columns of one kind of history, and which further ones still have room.

    The answer depends on what came before alone, so everybody who reads the inbox has the same columns, in whatever
    stretches they read it. admitted: the names that may have columns by now.
    """

    def __init__(self, there: Iterable[str]) -> None:
        """Take the columns that there are."""
        self._counted = {name for name in there if ":" in name and not _has_always(name)}
        self.admitted = set[tuple[str, ...]]()

    def has(self, names: tuple[str, ...], *, trusted: bool) -> bool:
        """Say whether a value may have the columns of these names; from then on they are there."""
        if names in self.admitted:
            return True
        new = {name for name in names if not _has_always(name)} - self._counted
        most = MOST_COLUMNS if trusted else MOST_COLUMNS // 2
        if new and (len(self._counted) + len(new) > most or max(map(len, new)) > LONGEST_NAME):
            return False
        self._counted |= new
        self.admitted.add(names)
        return True


def _has_always(name: str) -> bool:
    return name.rpartition(":")[0] in ALWAYS
