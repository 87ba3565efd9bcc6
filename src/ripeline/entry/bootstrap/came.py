"""By which channel everybody first came, worked out beside what serves: it goes through all of history."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ripeline.adapters.engines.first_touch import came_by, write_first_channels
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.workspace import Workspace
from ripeline.ports.scores import Progress


@dataclass(frozen=True, slots=True)
class Came:
    """What was found, in a file that is gone with it. at_us: as of when."""

    folder: TemporaryDirectory[str]
    at_us: int

    @property
    def file(self) -> Path:
        """Where it stands."""
        return Path(self.folder.name) / "came.parquet"

    def rows_of(self, table: str, channels: Collection[str]) -> str:
        """Return SQL of the rows of a table of scores whose leads came by some channels."""
        return came_by(table, self.file, channels)


def everybody_came(workspace: Workspace, position: int, at_us: int, progress: Progress) -> Came:
    """Return by which channel everybody first came, of what was accepted up to a position."""
    made = Came(TemporaryDirectory(prefix="ripeline-"), at_us)
    progress("looking at how everybody first came", None)
    with opened_store(workspace, position) as store:
        write_first_channels(store, references().tables().channels, at_us, made.file)
    return made
