"""On which lines of a CSV file its rows stand, and what is wrong with rows that have no right form.

The fast reader counts neither lines inside quotes nor blank lines; where a line has to be named, the file
is read once more, slowly and exactly.
"""

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

import duckdb

Refused = tuple[int, str, str]


class CsvLines:
    """The lines of one file. columns: how many its header names; kept: how many rows were read."""

    def __init__(self, file: Path, delimiter: str, columns: int, kept: int) -> None:
        """Take what the fast reader found."""
        self._file, self._delimiter, self._columns, self._kept = file, delimiter, columns, kept

    def kept(self) -> Sequence[int]:
        """Return the line of every row that was read; counted from the header where they cannot be matched."""
        lines = [line for line, cells in self._records() if self._fault(cells) is None]
        return lines if len(lines) == self._kept else range(2, self._kept + 2)

    def refused(self) -> list[Refused]:
        """Return line, reason and text of the rows without a right form."""
        faults = ((line, self._fault(cells), cells) for line, cells in self._records())
        return [(line, fault, self._delimiter.join(cells)) for line, fault, cells in faults if fault]

    def _fault(self, cells: list[str]) -> str | None:
        if len(cells) != self._columns:
            return f"has {len(cells)} columns, the header names {self._columns}"
        if any("\ufffd" in cell for cell in cells):
            return "is not UTF-8"
        return None

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        csv.field_size_limit(1 << 30)
        with self._opened() as raw:
            text = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")
            reader = csv.reader(text, delimiter=self._delimiter)
            next(reader, None)
            line = reader.line_num + 1
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1

    def _opened(self) -> BinaryIO:
        if self._file.suffix == ".gz":
            return cast("BinaryIO", gzip.open(self._file, "rb"))
        if self._file.suffix in {".zst", ".zstd"}:
            return io.BytesIO(_unpacked(self._file))
        return self._file.open("rb")


def _unpacked(file: Path) -> bytes:
    """Unpack Zstandard with what is there: DuckDB, reading whole lines."""
    path = str(file).replace("'", "''")
    with duckdb.connect() as con:
        rows = con.execute(
            f"SELECT line FROM read_csv('{path}', columns = {{'line': 'VARCHAR'}}, header = false, auto_detect = false, "
            "delim = '\x01', quote = '', escape = '', strict_mode = false, max_line_size = 16777216)"
        ).fetchall()
    return b"\n".join((line or "").encode() for (line,) in rows)
