"""Issues of a definition as plain values."""

from collections.abc import Iterable
from typing import Any

from ripeline.vocabulary.issues import Issue

Record = dict[str, Any]


def check_record(file: str, issues: Iterable[Issue]) -> Record:
    """Return issues as `check --format json` writes them."""
    found = issue_records(issues)
    errors = sum(issue["severity"] == "error" for issue in found)
    return {"file": file, "errors": errors, "warnings": len(found) - errors, "issues": found}


def issue_records(issues: Iterable[Issue]) -> list[Record]:
    """Return issues as plain values, each with its place."""
    return [
        {
            "code": issue.code,
            "severity": issue.severity,
            "line": issue.place.line,
            "column": issue.place.column,
            "message": issue.message,
            "hint": issue.hint or None,
        }
        for issue in issues
    ]
