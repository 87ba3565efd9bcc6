"""A workspace from a backup: nothing is put in its place before everything is found to be right."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from itertools import islice
from typing import Protocol

from ripeline.ports.scores import Progress
from ripeline.ports.workspace import Examined, Packed
from ripeline.usecases.backup import BOOK, Contents, contents_of, must_be_whole
from ripeline.usecases.doctor import examine
from ripeline.vocabulary.issues import InputError

MUST_BE_SOUND = frozenset({"book", "files", "inbox"})
MOST_TOLD = 3


class Unpacked(Protocol):
    """A backup that is unpacked beside the place it is meant for."""

    def unpack(self) -> tuple[Iterable[Packed], bytes]:
        """Write everything down; return what was found, and the list that came with it."""

    def examined(self) -> AbstractContextManager[Examined]:
        """Open what was unpacked, to be looked at, its book in the present form."""

    def put_in_place(self) -> None:
        """Make what was unpacked the workspace."""


def restore(unpacked: Unpacked, now_us: int, progress: Progress) -> Contents:
    """Make a workspace from a backup, or raise InputError and leave nothing."""
    found, text = unpacked.unpack()
    contents, there = contents_of(text), list(found)
    must_be_whole(contents, there)
    must_have = {BOOK, "ripeline.toml"} - {one.name for one in there}
    if must_have:
        raise InputError(f"the backup lacks {' and '.join(sorted(must_have))}")
    with unpacked.examined() as examined:
        _must_be_sound(examined, contents, now_us, progress)
    unpacked.put_in_place()
    return contents


def _must_be_sound(examined: Examined, contents: Contents, now_us: int, progress: Progress) -> None:
    state, there = examined.book().state, {one.name for one in contents.files}
    if state is not None:
        strange = [file.path for file in state.cut.files if file.path not in there]
        if strange:
            raise InputError(f"the backup's book names {strange[0]!a}, which the backup does not hold")
        if (state.accepted, state.cut.number) != (contents.position, contents.manifest):
            raise InputError("the backup's book is not of the moment that its list tells")
    diagnosis = examine(examined, now_us, progress, only=MUST_BE_SOUND)
    errors = [f"{one.where}: {one.message}" for _, one in diagnosis.findings if one.severity == "error"]
    if errors:
        raise InputError("the backup is not sound: " + "; ".join(islice(errors, MOST_TOLD)))
