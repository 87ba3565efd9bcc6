"""What changed between two definitions."""

from typing import Any

from ripeline.definition.diff import Change, change_text


def diff_record(old: str, new: str, found: tuple[Change, ...]) -> dict[str, Any]:
    """Return changes as `diff --format json` writes them."""
    return {
        "old": old,
        "new": new,
        "changes": [
            {
                "kind": change.kind,
                "path": list(change.path),
                "subject": change.subject or None,
                "what": change.what or None,
                "old": change.old,
                "new": change.new,
                "text": change_text(change),
            }
            for change in found
        ],
    }
