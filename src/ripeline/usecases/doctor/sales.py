"""Leads can be handed to somebody, and everybody who sells can get one."""

from collections.abc import Iterator

from ripeline.usecases.doctor.case import Case, Finding
from ripeline.usecases.salespeople import left_out
from ripeline.vocabulary.issues import InputError

WHERE = "ripeline.toml"


def sales(case: Case) -> Iterator[Finding]:
    """Find salespeople that cannot be read, and whom or which leads they leave out."""
    try:
        found = case.examined.sales()
    except InputError as error:
        yield Finding(WHERE, str(error), "no server starts with it; docs/routing-and-clock.md tells every setting")
        return
    yield from (Finding(WHERE, message, advice, "warning") for message, advice in left_out(found))
