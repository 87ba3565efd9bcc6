"""Names that say that a field may be written late."""

import re
from itertools import pairwise
from typing import Final

TELLING: Final = re.compile(
    "last|latest|status|stage|score|index|quality|profile|outcome|won|lost|closed?|closedate|duration|tags?"
)
"""Words for what sales, or a system, writes again and again until a deal is closed, and for its end."""

HARMLESS: Final = frozenset({("last", "name"), ("marital", "status"), ("employment", "status"), ("funding", "stage")})
"""Words that together say something else."""

_BETWEEN: Final = re.compile(r"[\W\d_]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words_of(name: str) -> list[str]:
    """Return the words of a name, in small letters.

    >>> words_of("LastActivity"), words_of("CRMStatus_2"), words_of("lead-stage now")
    (['last', 'activity'], ['crm', 'status'], ['lead', 'stage', 'now'])
    """
    return [word.lower() for word in _BETWEEN.split(name) if word]


def telling_word(name: str) -> str | None:
    """Return the first word that says so, None where there is none.

    >>> telling_word("Lead Quality"), telling_word("Last Name"), telling_word("scored_by"), telling_word("poutcome")
    ('quality', None, None, None)
    """
    words = words_of(name)
    harmless = {word for pair in pairwise(words) if pair in HARMLESS for word in pair}
    return next((word for word in words if TELLING.fullmatch(word) and word not in harmless), None)
