"""cell-missing, unknown-level: every fit level and unknown meets every engagement level, and nothing else."""

from collections.abc import Iterator

from ripeline.definition.checks.draft import Draft
from ripeline.vocabulary.issues import Issue, did_you_mean


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each cell that is missing and each row or column that is no level."""
    rows = list(draft.definition.rows())
    columns = [level.name for level in draft.definition.engagement.levels]
    # Without levels every row would be a stranger; that levels are missing was told before.
    if draft.raw.get("matrix") is None or not columns or len(rows) == 1:
        return []
    return [*_strangers(draft, rows, columns), *_missing(draft, rows, columns)]


def _strangers(draft: Draft, rows: list[str], columns: list[str]) -> Iterator[Issue]:
    for row, cells in draft.raw["matrix"].items():
        if row not in rows:
            message, hint = f'"{row}" is no fit level', did_you_mean(row, rows)
            yield Issue("unknown-level", message, draft.at_key("matrix", row), hint)
        for column in cells:
            if column not in columns:
                message, hint = f'"{column}" is no engagement level', did_you_mean(column, columns)
                yield Issue("unknown-level", message, draft.at_key("matrix", row, column), hint)


def _missing(draft: Draft, rows: list[str], columns: list[str]) -> Iterator[Issue]:
    for row in rows:
        if not _written(draft, row):
            hint = f"{row}: {{{', '.join(f'{column}: nurture' for column in columns)}}}"
            yield Issue("cell-missing", f'the matrix has no row "{row}"', draft.at_key("matrix"), hint)
            continue
        for column in columns:
            if row in draft.raw["matrix"] and not _written(draft, row, column):
                message = f'the matrix has no cell for fit "{row}" and engagement "{column}"'
                yield Issue("cell-missing", message, draft.at_key("matrix", row), f"{column}: nurture")


def _written(draft: Draft, *path: str) -> bool:
    """Say whether a row or cell is there, be it misread."""
    return ("matrix", *path) in draft.reading.keys
