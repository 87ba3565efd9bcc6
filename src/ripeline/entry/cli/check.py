"""`ripeline check`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ripeline.definition.read import check_text
from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.cli.options import Format, out, print_json
from ripeline.entry.cli.show import show_issues
from ripeline.entry.workspace import DEFAULT_DEFINITION, SETTINGS_FILE, find_workspace, text_of
from ripeline.usecases.check import check_record
from ripeline.vocabulary.issues import Issue


def check(
    file: Annotated[Path, Parameter(help="The definition.")] = Path(DEFAULT_DEFINITION), *, format: Format = "text"
) -> int:
    """Show everything that is wrong with a definition, each with its place and what is allowed.

    In a workspace it also warns of events and traits that its history has never seen.
    """
    issues = _issues(file)
    if format == "json":
        print_json(check_record(str(file), issues))
    elif issues:
        show_issues(out, str(file), issues)
    else:
        out.print(f"[green]{file} is fine.[/]", highlight=False)
    return 1 if any(issue.is_error for issue in issues) else 0


def _issues(file: Path) -> list[Issue]:
    text = text_of(file)
    folder = file.parent if file.parent.name != "definitions" else file.parent.parent
    seen = None
    if (folder / SETTINGS_FILE).is_file():
        with opened_store(find_workspace(folder)) as store:
            seen = history_of(store).seen()
    return check_text(text, file.stem, references().zones(), seen)[1]
