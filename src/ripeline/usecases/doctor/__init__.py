"""Look at a workspace, and say in words what is wrong with it, where, and what to do."""

from collections.abc import Mapping
from typing import Any

from ripeline.ports import Examined, Progress
from ripeline.usecases.doctor.book import book
from ripeline.usecases.doctor.case import Case, Check, Finding
from ripeline.usecases.doctor.clock import clock
from ripeline.usecases.doctor.definitions import definitions
from ripeline.usecases.doctor.disk import disk
from ripeline.usecases.doctor.files import files
from ripeline.usecases.doctor.ids import ids
from ripeline.usecases.doctor.inbox import inbox
from ripeline.usecases.doctor.leftovers import leftovers
from ripeline.usecases.doctor.permissions import permissions

CHECKS: Mapping[str, Check] = {
    "book": book,
    "files": files,
    "leftovers": leftovers,
    "inbox": inbox,
    "ids": ids,
    "clock": clock,
    "definitions": definitions,
    "disk": disk,
    "permissions": permissions,
}
ASK_THE_BOOK = frozenset({"files", "leftovers", "inbox", "ids", "clock"})
READ_THE_FILES = frozenset({"ids"})

Findings = Mapping[str, tuple[Finding, ...] | None]
"""What each check found; None where it could not look, since what it looks at is broken."""


def examine(
    examined: Examined, now_us: int, progress: Progress, *, thorough: bool = False, only: frozenset[str] | None = None
) -> Findings:
    """Return what is wrong with a workspace, by check. only: these checks alone."""
    case = Case(examined, examined.book(), now_us, thorough)
    found: dict[str, tuple[Finding, ...] | None] = {}
    wanted = {name: check for name, check in CHECKS.items() if only is None or name in only}
    for number, (name, check) in enumerate(wanted.items()):
        progress("looking at the workspace", number / len(wanted))
        blind = name in ASK_THE_BOOK and case.look.state is None
        blind = blind or (name in READ_THE_FILES and bool(found.get("files")))
        found[name] = None if blind else tuple(check(case))
    return found


def has_errors(findings: Findings) -> bool:
    """Say whether something is wrong, not merely worth a look."""
    return any(finding.severity == "error" for found in findings.values() for finding in found or ())


def doctor_record(workspace: str, findings: Findings) -> dict[str, Any]:
    """Return what was found as `doctor --format json` writes it."""
    listed = [
        {
            "check": name,
            "severity": one.severity,
            "where": one.where,
            "message": one.message,
            "advice": one.advice,
        }
        for name, found in findings.items()
        for one in found or ()
    ]
    errors = sum(one["severity"] == "error" for one in listed)
    return {
        "workspace": workspace,
        "errors": errors,
        "warnings": len(listed) - errors,
        "checked": [name for name, found in findings.items() if found is not None],
        "not_checked": [name for name, found in findings.items() if found is None],
        "findings": listed,
    }
