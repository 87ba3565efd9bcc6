"""Files that a command writes beside what it prints."""

from pathlib import Path

from ripeline.vocabulary.issues import InputError


def must_have_folder(file: Path | None) -> None:
    """Raise InputError where a file cannot be written: better now than after everything is learned."""
    if file is not None and not file.absolute().parent.is_dir():
        raise InputError(f"{file} cannot be written: there is no folder {file.absolute().parent}")


def write(file: Path, text: str) -> None:
    """Write a text to a file, or raise InputError."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from error
