"""`ripeline definitions`."""

from typing import Any

from ripeline.entry.bootstrap.definitions import all_versions
from ripeline.entry.cli.options import Format, WorkspaceOption, out, print_json
from ripeline.entry.cli.show import minute, table
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.publish import definitions_record

COLUMNS = ("fingerprint", "", "published UTC", "from position", "by", "comment")


def definitions(*, workspace: WorkspaceOption, format: Format = "text") -> None:
    """List what was published, the youngest first, and which version of each definition is live.

    from position: where in the inbox a server began to score by it.
    """
    record = definitions_record(all_versions(find_workspace(workspace)))
    if format == "json":
        print_json(record)
        return
    for one in record["definitions"]:
        out.print(table(one["name"], COLUMNS, map(_cells, one["versions"]), ("from position",)))
    if not record["definitions"]:
        out.print("Nothing is published yet; ripeline serve or ripeline publish does that.", highlight=False)


def _cells(version: dict[str, Any]) -> tuple[str, ...]:
    position = "" if version["position"] is None else f"{version['position']:,}"
    return (
        version["fingerprint"],
        "live" if version["live"] else "",
        minute(version["published_at"]),
        position,
        version["by"] or "",
        version["comment"],
    )
