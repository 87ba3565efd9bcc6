"""Every definition can be used."""

from collections.abc import Iterator

from ripeline.usecases.doctor.case import Case, Finding


def definitions(case: Case) -> Iterator[Finding]:
    """Find what `ripeline check` finds."""
    found = case.examined.definitions()
    if not found:
        yield Finding("qualification.yaml", "there is no definition", "write one; ripeline init makes one")
    for file, issues in found.items():
        for issue in issues:
            where = f"{file}:{issue.place.line}:{issue.place.column}"
            advice = issue.hint or f"ripeline check {file}"
            yield Finding(where, f"{issue.message} [{issue.code}]", advice, "error" if issue.is_error else "warning")
