"""Look at a workspace, and say in words what is wrong with it, where, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ripeline.ports.scores import Progress
from ripeline.ports.workspace import BookState, Examined
from ripeline.usecases.doctor.book import book
from ripeline.usecases.doctor.case import Case, Check, Finding
from ripeline.usecases.doctor.clock import clock
from ripeline.usecases.doctor.columns import columns
from ripeline.usecases.doctor.definitions import definitions
from ripeline.usecases.doctor.disk import disk
from ripeline.usecases.doctor.erasures import erasures
from ripeline.usecases.doctor.files import files
from ripeline.usecases.doctor.ids import ids
from ripeline.usecases.doctor.inbox import inbox
from ripeline.usecases.doctor.leftovers import leftovers
from ripeline.usecases.doctor.permissions import permissions
from ripeline.usecases.doctor.sales import sales
from ripeline.vocabulary.calendar import instant_text

CHECKS: Mapping[str, Check] = {
    "book": book,
    "files": files,
    "leftovers": leftovers,
    "erasures": erasures,
    "inbox": inbox,
    "ids": ids,
    "columns": columns,
    "clock": clock,
    "definitions": definitions,
    "sales": sales,
    "disk": disk,
    "permissions": permissions,
}
ASK_THE_BOOK = frozenset({"files", "leftovers", "erasures", "inbox", "ids", "columns", "clock"})
READ_THE_FILES = frozenset({"ids"})


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What each check found, None where it could not look since what it looks at is broken; and what the book tells."""

    found: Mapping[str, tuple[Finding, ...] | None]
    state: BookState | None

    @property
    def findings(self) -> list[tuple[str, Finding]]:
        """Everything that was found, with the check that found it."""
        return [(name, one) for name, found in self.found.items() for one in found or ()]

    @property
    def has_errors(self) -> bool:
        """Say whether something is wrong, not merely worth a look."""
        return any(one.severity == "error" for _, one in self.findings)


def examine(
    examined: Examined, now_us: int, progress: Progress, *, thorough: bool = False, only: frozenset[str] | None = None
) -> Diagnosis:
    """Return what is wrong with a workspace, by check. only: these checks alone."""
    case = Case(examined, examined.book(), now_us, thorough)
    found: dict[str, tuple[Finding, ...] | None] = {}
    wanted = {name: check for name, check in CHECKS.items() if only is None or name in only}
    for number, (name, check) in enumerate(wanted.items()):
        progress("looking at the workspace", number / len(wanted))
        found[name] = None if _is_blind(name, case, found) else tuple(check(case))
    return Diagnosis(found, case.look.state)


def _is_blind(name: str, case: Case, found: Mapping[str, tuple[Finding, ...] | None]) -> bool:
    """Say whether a check could only tell anew what others found: the book is broken, or the files are."""
    if name in ASK_THE_BOOK and case.look.state is None:
        return True
    return name in READ_THE_FILES and bool(found.get("files"))


def doctor_record(workspace: str, diagnosis: Diagnosis) -> dict[str, Any]:
    """Return what was found as `doctor --format json` writes it."""
    listed = [
        {
            "check": name,
            "severity": one.severity,
            "where": one.where,
            "message": one.message,
            "advice": one.advice,
        }
        for name, one in diagnosis.findings
    ]
    errors = sum(one["severity"] == "error" for one in listed)
    return {
        "workspace": workspace,
        "errors": errors,
        "warnings": len(listed) - errors,
        "checked": [name for name, found in diagnosis.found.items() if found is not None],
        "not_checked": [name for name, found in diagnosis.found.items() if found is None],
        "inbox": None if diagnosis.state is None else _inbox_record(diagnosis.state),
        "findings": listed,
    }


def _inbox_record(state: BookState) -> dict[str, Any]:
    return {
        "accepted": state.accepted,
        "applied": state.applied,
        "in_files": state.cut.position,
        "waiting": state.waiting,
        "oldest_waiting": None if state.oldest_us is None else instant_text(state.oldest_us),
    }
