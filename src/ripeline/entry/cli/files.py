"""Files that a command writes beside what it prints."""

from collections.abc import Callable, Mapping
from json import dumps
from pathlib import Path
from typing import Any

from ripeline.vocabulary.issues import InputError


def must_have_folder(file: Path | None) -> None:
    """Raise InputError where a file cannot be written: better now than after everything is learned."""
    if file is not None and not file.absolute().parent.is_dir():
        raise InputError(f"{file} cannot be written: there is no folder {file.absolute().parent}")


def write_reports(
    record: Mapping[str, Any], page_of: Callable[[Mapping[str, Any]], str], report: Path | None, json: Path | None
) -> None:
    """Write what a command found as a page and as JSON, each where a file is named for it."""
    if report is not None:
        write(report, page_of(record))
    if json is not None:
        write(json, dumps(record, indent=2, ensure_ascii=False) + "\n")


def write(file: Path, text: str) -> None:
    """Write a text to a file, or raise InputError."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from error
