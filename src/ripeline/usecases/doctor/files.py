"""Every file of history that the book names is there, and holds what the book says."""

from collections.abc import Iterator, Mapping

from ripeline.ports.history import HistoryFile
from ripeline.usecases.doctor.case import Case, Finding
from ripeline.vocabulary.issues import InputError

ADVICE = "bring this file back from a backup: scores without it are wrong"


def files(case: Case) -> Iterator[Finding]:
    """Find files that are missing, cannot be read, or hold something else."""
    for file in case.state.cut.files:
        try:
            rows, columns = case.examined.stored(file, every_row=case.thorough)
        except InputError as error:
            yield Finding(file.path, str(error), ADVICE)
            continue
        if rows != file.rows:
            yield Finding(file.path, f"it holds {rows:,} rows, the book names {file.rows:,}", ADVICE)
        if different := _different(file, columns):
            yield Finding(file.path, f"its columns are not those that the book names: {different}", ADVICE)


def _different(file: HistoryFile, columns: Mapping[str, str]) -> str:
    names = sorted(name for name in file.columns.keys() | columns.keys() if file.columns.get(name) != columns.get(name))
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")  # noqa: PLR2004 - enough to see what it is
