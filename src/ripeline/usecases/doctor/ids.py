"""Nothing is counted twice: ids of events and identifiers are there once."""

from collections.abc import Iterator

from ripeline.usecases.doctor.book import FROM_BACKUP
from ripeline.usecases.doctor.case import Case, Finding

SAMPLE = 1_000_000
"""About so many ids are looked at, unless all are asked for."""

UNIQUE = {
    "events": (("id",), "ids of events"),
    "identifiers": (("kind", "value"), "identifiers"),
}


def ids(case: Case) -> Iterator[Finding]:
    """Find what is there more than once."""
    cut = case.state.cut
    for kind, (columns, name) in UNIQUE.items():
        rows = sum(file.rows for file in cut.files if file.kind == kind)
        one_in = 1 if case.thorough else max(1, rows // SAMPLE)
        if repeated := case.examined.repeated(cut, kind, columns, one_in):
            sample = "" if one_in == 1 else f" (of one in {one_in:,} that were looked at)"
            message = f"{repeated:,} {name} are there more than once{sample}"
            yield Finding(f"history/{kind}", message, FROM_BACKUP)
