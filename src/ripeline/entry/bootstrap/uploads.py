"""Files that people upload to import them: each in a folder of its own until it is imported, for a day at most."""

import json
import re
import secrets
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from ripeline.entry.workspace import Workspace
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.issues import InputError

KINDS: Final = (".csv", ".tsv", ".txt", ".parquet", ".jsonl", ".ndjson", ".json")
PACKED: Final = (".gz", ".zst")
MOST_MB: Final = 500
LONGEST_NAME: Final = 200
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was uploaded. key: what its page is known by; name: as it was called elsewhere, never a path here.

    ending: what kind of file it is, one of ours. how: how its columns are to be read, as the form says it.
    """

    key: str
    name: str
    ending: str
    at_us: int
    by: str
    how: dict[str, str] = field(default_factory=dict)


class Uploads:
    """The uploads of one workspace, in its folder `uploads`."""

    def __init__(self, workspace: Workspace) -> None:
        """Take the workspace."""
        self._folder = workspace.root / "uploads"

    def begin(self, name: str, at_us: int, by: str) -> Upload:
        """Make room for a file; InputError where it is none that can be imported."""
        made = Upload(secrets.token_hex(16), name[:LONGEST_NAME], ending_of(name), at_us, by)
        (self._folder / made.key).mkdir(parents=True, mode=0o700)
        self.keep(made)
        return made

    def file(self, one: Upload) -> Path:
        """Return where the file lies."""
        return self._folder / one.key / f"file{one.ending}"

    def find(self, key: str) -> Upload | None:
        """Return an upload, None where it is not there any more."""
        about = self._folder / key / "about.json"
        if not _KEY.fullmatch(key) or not about.is_file():
            return None
        return Upload(**json.loads(about.read_text("utf-8")))

    def keep(self, one: Upload) -> None:
        """Write down what is known of an upload."""
        beside = self._folder / one.key / "about.new"
        beside.write_text(json.dumps(asdict(one)), "utf-8")
        beside.replace(beside.with_suffix(".json"))

    def remove(self, one: Upload) -> None:
        """Remove a file that was imported, or that nobody wants."""
        shutil.rmtree(self._folder / one.key, ignore_errors=True)

    def clean(self, at_us: int) -> None:
        """Remove what was left for a day, and what is no upload."""
        for folder in self._folder.glob("*"):
            one = self.find(folder.name)
            if one is None or at_us - one.at_us > DAY_US:
                shutil.rmtree(folder, ignore_errors=True)


def ending_of(name: str) -> str:
    """Return by which of our endings a file is read.

    >>> ending_of("../../Leads of May.CSV.gz")
    '.csv.gz'
    """
    small = name.lower()
    packed = next((one for one in PACKED if small.endswith(one)), "")
    kind = next((one for one in KINDS if small.removesuffix(packed).endswith(one)), None)
    if kind is None:
        allowed = "CSV (.csv, .tsv, .txt), JSON Lines (.jsonl, .ndjson, .json) or Parquet (.parquet), also packed as .gz or .zst"
        raise InputError(f'"{name[:80]}" is no file that can be imported: choose {allowed}')
    return kind + packed
