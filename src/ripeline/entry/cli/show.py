"""What commands print: issues, tables of leads, an explanation that can be read aloud."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ripeline.vocabulary.issues import Issue


def show_issues(console: Console, file: str, issues: Iterable[Issue]) -> None:
    """Print issues as file:line:column, what is wrong, and what is allowed."""
    found = list(issues)
    for issue in found:
        colour = "red" if issue.is_error else "yellow"
        where = f"{file}:{issue.place.line}:{issue.place.column}"
        console.print(
            f"[bold]{escape(where)}[/]  [{colour}]{issue.severity}\\[{issue.code}][/]  {escape(issue.message)}",
            highlight=False,
            soft_wrap=True,
        )
        if issue.hint:
            console.print(f"    [dim]hint:[/] {escape(issue.hint)}", highlight=False, soft_wrap=True)
    errors = sum(issue.is_error for issue in found)
    console.print(f"{counted(errors, 'error')}, {counted(len(found) - errors, 'warning')}", highlight=False)


def counted(count: int, what: str) -> str:
    """Return a number of things.

    >>> counted(1, "lead"), counted(2_000, "lead")
    ('1 lead', '2,000 leads')
    """
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> Table:
    """Return a table; columns named in `right` are numbers, those in `whole` are never folded."""
    made = Table(title=escape(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(
            column, justify="right" if column in right else "left", overflow="fold", no_wrap=column in whole
        )
    for row in rows:
        made.add_row(*map(escape, row))
    return made


def minute(instant: str | None) -> str:
    """Return an instant to the minute, as tables have it; nothing for none.

    >>> minute("2026-03-31T21:59:59.999999Z")
    '2026-03-31 21:59'
    """
    return "" if instant is None else instant[:16].replace("T", " ")
