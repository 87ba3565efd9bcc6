"""What clients send has a column of its own, so that definitions can read it."""

from collections.abc import Iterator

from ripeline.usecases.doctor.case import Case, Finding
from ripeline.vocabulary.columns import REST

KINDS = {"properties": ("events", "set_aside"), "traits": ("traits",), "traits of accounts": ("account_traits",)}


def columns(case: Case) -> Iterator[Finding]:
    """Find names that came when there was no room for further columns."""
    for what, kinds in KINDS.items():
        own = [file for file in case.state.cut.files if file.kind in kinds]
        if any(REST in file.columns for file in own):
            there = {name for file in own for name in file.columns if ":" in name}
            message = (
                f"some names of {what} have no column, since there are {len(there):,} already: no definition reads them"
            )
            advice = "find out who sends names without end (ripeline timeline shows them), and stop it"
            yield Finding("history", message, advice, "warning")
