"""A backup: one moment of the book, the files of history it names, definitions and settings, with a list of all."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec

from ripeline.ports.scores import Progress
from ripeline.ports.workspace import Packed
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError

FORMAT = 1
BOOK, LIST = "book.sqlite", "backup.json"
"""The list stands last: a backup that has it was written to its end."""

_NAME = r"[^/\\\x00-\x1f\x7f]+"
_BELONGS = re.compile(
    rf"{re.escape(BOOK)}|{re.escape(LIST)}|ripeline\.toml|qualification\.yaml|definitions/{_NAME}\.yaml|"
    rf"\.ripeline/[\w.-]+\.json|history/[a-z_]+/[0-9a-z-]+\.parquet|rejects/{_NAME}\.csv|"
    r"locale/[A-Za-z_]+/LC_MESSAGES/ripeline\.[pm]o"
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds. ripeline: the version that wrote it; position, manifest: where inbox and history stood."""

    format: int
    ripeline: str
    made_at: str
    position: int
    manifest: int
    files: tuple[Packed, ...]


class Archive(Protocol):
    """A backup that is being written."""

    def add(self, name: str, path: Path) -> Packed:
        """Add a file as it is now under a name."""

    def add_text(self, name: str, text: bytes) -> None:
        """Add a text under a name."""


def belongs(name: str) -> bool:
    """Say whether a file of this name may be in a backup; none of these leads out of its folder.

    >>> belongs("history/events/00000001-0.parquet"), belongs("definitions/north.yaml")
    (True, True)
    >>> belongs("locale/pt_BR/LC_MESSAGES/ripeline.po")
    True
    >>> belongs("../book.sqlite"), belongs("definitions/../../x.yaml"), belongs("/etc/passwd"), belongs("notes.txt")
    (False, False, False, False)
    """
    return _BELONGS.fullmatch(name) is not None


def backup(
    archive: Archive, files: Mapping[str, Path], moment: tuple[int, int], made_by: tuple[str, int], progress: Progress
) -> Contents:
    """Put files into an archive by their names, then the list of them; return the list.

    moment: the position and the manifest of the book among the files; made_by: version, instant.
    """
    packed = list[Packed]()
    for name, path in files.items():
        progress("packing", len(packed) / len(files))
        packed.append(archive.add(name, path))
    contents = Contents(FORMAT, made_by[0], instant_text(made_by[1]), *moment, tuple(packed))
    archive.add_text(LIST, msgspec.json.format(msgspec.json.encode(contents), indent=1))
    return contents


def contents_of(text: bytes) -> Contents:
    """Return the list of a backup, or raise InputError."""
    try:
        contents = msgspec.json.decode(text, type=Contents)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"the backup's list, {LIST}, cannot be read: {error}") from error
    if contents.format != FORMAT:
        raise InputError(f"the backup is of format {contents.format}; this Ripeline knows {FORMAT}")
    return contents


def must_be_whole(contents: Contents, found: Iterable[Packed]) -> None:
    """Raise InputError where what was found is not what the list says, byte by byte."""
    wanted, there = {one.name: one for one in contents.files}, {one.name: one for one in found}
    for name in sorted(wanted.keys() | there.keys()):
        if name not in there:
            raise InputError(f"the backup is not whole: {name} is missing")
        if name not in wanted:
            raise InputError(f"the backup holds {name}, which its list does not name")
        if wanted[name] != there[name]:
            raise InputError(f"the backup is damaged: {name} is not what was packed")


def backup_record(file: str, contents: Contents) -> dict[str, Any]:
    """Return a backup as `backup --format json` and `restore --format json` write it."""
    return {
        "backup": file,
        "made_at": contents.made_at,
        "position": contents.position,
        "manifest": contents.manifest,
        "files": len(contents.files),
        "bytes": sum(one.bytes for one in contents.files),
    }
