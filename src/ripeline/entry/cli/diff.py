"""`ripeline diff`."""

from pathlib import Path

from rich.markup import escape

from ripeline.definition.diff import change_text, changes
from ripeline.definition.model import Definition
from ripeline.definition.read import read_definition
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.cli.options import Format, out, print_json
from ripeline.entry.workspace import text_of
from ripeline.usecases.compare import diff_record


def diff(old: Path, new: Path, *, format: Format = "text") -> None:
    """Tell what changed between two definitions, in the words of the trade.

    Parameters
    ----------
    old
        The file of the definition before.
    new
        The file of the definition after.
    """
    found = changes(_read(old), _read(new))
    if format == "json":
        print_json(diff_record(str(old), str(new), found))
        return
    for change in found:
        out.print(escape(change_text(change)), highlight=False, soft_wrap=True)
    if not found:
        out.print("Both say the same.")


def _read(file: Path) -> Definition:
    return read_definition(text_of(file), file.stem, references().zones(), str(file))
