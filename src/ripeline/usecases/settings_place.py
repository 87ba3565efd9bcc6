"""Where in ripeline.toml something stands, for whoever has to change it there."""

import re
from collections.abc import Sequence
from typing import Final

FILE: Final = "ripeline.toml"


def place_of(lines: Sequence[str], section: str, key: str = "", number: int = 1) -> str:
    """Return where a section, a key of it, or a table of several stands, or where it would.

    >>> lines = ["[sales]", 'hours = "Mon-Fri 09:00-17:00"', "[[sales.routes]]", "[[sales.routes]]", "[log]"]
    >>> place_of(lines, "sales", "hours"), place_of(lines, "sales.routes", number=2)
    ('ripeline.toml, line 2', 'ripeline.toml, line 4')
    >>> place_of(lines, "sales", "warn_at")
    'ripeline.toml, [sales]'
    """
    here = ""
    for at, line in enumerate(lines, 1):
        if head := re.match(r"\s*\[\[?\s*([\w.]+)\s*\]", line):
            here = head[1]
            if here == section and not key:
                number -= 1
        elif here == section and key and re.match(rf"\s*{key}\s*=", line):
            number -= 1
        if number == 0:
            return f"{FILE}, line {at}"
    return f"{FILE}, [{section}]"
