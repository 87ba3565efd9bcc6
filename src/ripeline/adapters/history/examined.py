"""Files of history looked at one by one, as they lie there."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from ripeline.adapters.columnar.columns import described, listed, text_of
from ripeline.ports.history import Cut, HistoryFile
from ripeline.ports.workspace import FileOnDisk
from ripeline.vocabulary.issues import InputError


class ExaminedFiles:
    """The files of one workspace."""

    def __init__(self, con: duckdb.DuckDBPyConnection, root: Path) -> None:
        """Take the connection to read with, and the workspace's folder."""
        self._con, self._root = con, root

    def stored(self, file: HistoryFile, *, every_row: bool) -> tuple[int, Mapping[str, str]]:
        """Return the rows and columns of a file as it lies there, or raise InputError where it cannot be read."""
        path = self._root / file.path
        if not path.is_file():
            raise InputError("the file is missing")
        read = f"read_parquet({text_of(str(path))})"
        try:
            if every_row:
                self._con.execute(f"SELECT bit_xor(hash(t)) FROM {read} t").fetchall()
            (rows,) = self._con.execute(f"SELECT count(*) FROM {read}").fetchall()[0]
            return int(rows), described(self._con, f"(FROM {read})")
        except duckdb.Error as error:
            raise InputError(f"it cannot be read: {str(error).splitlines()[0]}") from error

    def on_disk(self) -> list[FileOnDisk]:
        """Return all files in the folder of history."""
        folder = self._root / "history"
        found = ((path, path.lstat()) for path in sorted(folder.rglob("*")) if path.is_symlink() or path.is_file())
        return [
            FileOnDisk(path.relative_to(self._root).as_posix(), told.st_size, told.st_mtime_ns // 1_000)
            for path, told in found
        ]

    def repeated(self, cut: Cut, kind: str, columns: Sequence[str], one_in: int) -> int:
        """Return how many different values of columns are there more than once, looking at one in so many of them."""
        paths = [text_of(str(self._root / file.path)) for file in cut.files if file.kind == kind]
        if not paths:
            return 0
        names = listed(columns)
        sample = "" if one_in == 1 else f"WHERE hash({names}) % {one_in} = 0"
        (count,) = self._con.execute(
            f"SELECT count(*) FROM (SELECT {names} FROM read_parquet([{', '.join(paths)}], union_by_name = true) {sample} "
            f"GROUP BY {names} HAVING count(*) > 1)"
        ).fetchall()[0]
        return int(count)
