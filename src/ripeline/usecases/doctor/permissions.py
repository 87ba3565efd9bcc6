"""Keys and what people did are for the owner's eyes alone."""

from collections.abc import Iterator

from ripeline.usecases.doctor.case import Case, Finding


def permissions(case: Case) -> Iterator[Finding]:
    """Find books and backups that others may read."""
    for name in case.examined.open_to_others():
        yield Finding(name, "others on this machine may read it", f"chmod 600 {name}", "warning")
