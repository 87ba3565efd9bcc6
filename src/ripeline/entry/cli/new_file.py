"""Files that hold what is known of people."""

import os
from pathlib import Path

from ripeline.vocabulary.issues import InputError


def write_new(file: Path, text: str) -> None:
    """Write a text to a new file that its owner alone may read, or raise InputError."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise InputError(f"{file} exists already; name a new file") from error
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from error
