"""How much came from which source: of files, which never change, counted once, beside whoever works on history."""

from collections.abc import Collection
from contextlib import closing

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.sources import hours_in_file, hours_in_memory, source_files
from ripeline.entry.bootstrap.history import connection, opened_reading
from ripeline.entry.workspace import Workspace
from ripeline.ports.sources import SourceHour


def what_came(store: Store) -> tuple[list[str], list[SourceHour]]:
    """Return the files that hold what came, and what came that is in none yet."""
    return source_files(store), hours_in_memory(store)


class CountedFiles:
    """What files hold by source and hour; for one caller at a time."""

    def __init__(self) -> None:
        """Count none yet."""
        self._known: dict[str, list[SourceHour]] = {}

    def hours(self, workspace: Workspace, files: Collection[str]) -> list[SourceHour]:
        """Return what some files of a workspace hold; those that were not counted before are read."""
        self._known = {file: self._known[file] for file in files if file in self._known}
        if new := [file for file in files if file not in self._known]:
            with opened_reading(workspace), closing(connection(workspace)) as con:
                for file in new:
                    path = workspace.root / file
                    # Whoever was erased meanwhile took their files with them; the next look has the others.
                    self._known[file] = hours_in_file(con, path) if path.exists() else []
        return [one for file in files for one in self._known[file]]
