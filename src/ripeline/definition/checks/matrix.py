"""cell-missing, unknown-level: every fit level and unknown meets every interest level, and nothing else."""

from collections.abc import Iterator

from ripeline.definition.checks.draft import Draft
from ripeline.vocabulary.issues import Issue, did_you_mean


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each cell that is missing and each row or column that is no level."""
    rows = list(draft.definition.rows())
    columns = [level.name for level in draft.definition.engagement.levels]
    raw = draft.raw.get("matrix")
    if raw is None or not columns or len(rows) == 1:
        return []
    return [*_strangers(draft, rows, columns), *_missing(draft, rows, columns)]


def _strangers(draft: Draft, rows: list[str], columns: list[str]) -> Iterator[Issue]:
    for row, cells in draft.raw["matrix"].items():
        if row not in rows:
            hint = did_you_mean(row, rows)
            yield draft.error("unknown-level", f'"{row}" is no fit level', "matrix", row, hint=hint)
        for column in cells:
            if column not in columns:
                message, hint = f'"{column}" is no engagement level', did_you_mean(column, columns)
                yield draft.error("unknown-level", message, "matrix", row, column, hint=hint)


def _missing(draft: Draft, rows: list[str], columns: list[str]) -> Iterator[Issue]:
    for row in rows:
        if row not in draft.raw["matrix"]:
            hint = f"{row}: {{{', '.join(f'{column}: nurture' for column in columns)}}}"
            yield draft.error("cell-missing", f'the matrix has no row "{row}"', "matrix", hint=hint)
            continue
        for column in columns:
            if column not in draft.raw["matrix"][row] and not _misread(draft, row, column):
                message = f'the matrix has no cell for fit "{row}" and interest "{column}"'
                yield draft.error("cell-missing", message, "matrix", row, hint=f"{column}: nurture")


def _misread(draft: Draft, row: str, column: str) -> bool:
    return ("matrix", row, column) in draft.reading.keys
