"""A backup as one tar file: packed with the digest of everything, and unpacked with distrust.

What stands in a tar may come from anywhere: only plain files under names that a backup has are ever written,
each once, into a folder that did not exist before.
"""

import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO

from ripeline.ports.scores import Progress
from ripeline.ports.workspace import Packed
from ripeline.vocabulary.issues import InputError

PIECE, LARGEST_LIST = 2**20, 2**26
SYNCED_AT_ONCE = 2**22
PLAIN = frozenset({tarfile.REGTYPE, tarfile.AREGTYPE})
Belongs = Callable[[str], bool]


class TarWriter:
    """Writes a tar whose files are readable by their owner alone and name nobody."""

    def __init__(self, file: IO[bytes]) -> None:
        """Take the file to write to."""
        self._file, self._unsynced = file, 0
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by its user

    def add(self, name: str, path: Path) -> Packed:
        """Add a file as it is now under a name."""
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            read = _Read(file, self._keep_pace)
            self._tar.addfile(_member(name, found.st_size, int(found.st_mtime)), read)
        return Packed(name, found.st_size, read.digest.hexdigest())

    def add_text(self, name: str, text: bytes) -> None:
        """Add a text under a name."""
        self._tar.addfile(_member(name, len(text), 0), BytesIO(text))

    def close(self) -> None:
        """Write the end, down to the disk."""
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())

    def _keep_pace(self, size: int) -> None:
        """Write down a little at a time: whoever commits to the same disk would else wait for all of it at once."""
        self._unsynced += size
        if self._unsynced >= SYNCED_AT_ONCE:
            os.fsync(self._file.fileno())
            self._unsynced = 0


def _member(name: str, size: int, mtime: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, mtime, 0o600
    return member


class _Read:
    """A file that is digested while it is read."""

    def __init__(self, file: IO[bytes], done: Callable[[int], None]) -> None:
        self._file, self._done, self.digest = file, done, sha256()

    def read(self, size: int = -1, /) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        self._done(len(piece))
        return piece


@contextmanager
def opened_tar(path: Path) -> Iterator["TarReader"]:
    """Open a tar to read it once, or raise InputError; also where it turns out later to be broken."""
    if not path.is_file():
        raise InputError(f"{path} is no file")
    try:
        with path.open("rb") as file:
            yield TarReader(path, file)
    except (tarfile.TarError, EOFError, ValueError, OverflowError, IndexError) as error:
        raise InputError(f"{path} cannot be read as a backup: {error}") from error


class TarReader:
    """Reads a tar from its beginning to its end."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        """Take the open file; path is for what is said of it."""
        self._path, self._file, self._bytes = path, file, os.fstat(file.fileno()).st_size

    def read(
        self, belongs: Belongs, last: str, progress: Progress, into: Path | None = None
    ) -> tuple[list[Packed], bytes]:
        """Return what is in it, and the text of its last file; with `into`, write all but that to this new folder.

        Raises InputError at the first file that does not belong into a backup; what was written then is the caller's.
        """
        found: dict[str, Packed] = {}
        with tarfile.open(fileobj=self._file, mode="r:") as tar:
            for member in tar:
                self._must_be_plain(member, found, belongs)
                content = tar.extractfile(member)
                if content is None:
                    raise InputError(f'{self._path}: "{member.name}" has no content')
                if member.name == last:
                    return list(found.values()), content.read(LARGEST_LIST)
                found[member.name] = _copied(member, content, into)
                progress("reading the backup" if into is None else "unpacking", self._file.tell() / max(self._bytes, 1))
        raise InputError(f"{self._path} is not whole: its last file, {last}, is missing")

    def _must_be_plain(self, member: tarfile.TarInfo, found: dict[str, Packed], belongs: Belongs) -> None:
        """A name that belongs has no way out of the folder; a plain file is no link, no device, and as large as it is."""
        if member.type not in PLAIN or member.issparse():
            raise InputError(f"{self._path}: {_shown(member.name)} is no plain file, so this is no backup of Ripeline")
        if not belongs(member.name) or member.name in found:
            raise InputError(f"{self._path}: {_shown(member.name)} does not belong into a backup of Ripeline")


def _copied(member: tarfile.TarInfo, content: IO[bytes], into: Path | None) -> Packed:
    digest, size = sha256(), 0
    with _target(member.name, into) as file:
        while piece := content.read(PIECE):
            digest.update(piece)
            file.write(piece)
            size += len(piece)
        file.flush()
        if into is not None:
            os.fsync(file.fileno())
    if size != member.size:
        raise InputError(f"the backup is not whole: {member.name} ends early")
    return Packed(member.name, size, digest.hexdigest())


def _target(name: str, into: Path | None) -> IO[bytes]:
    path = Path(os.devnull) if into is None else into / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # New files alone, for their owner alone.
    flags = os.O_WRONLY if into is None else os.O_WRONLY | os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def _shown(name: str) -> str:
    return ascii(name[:100])
