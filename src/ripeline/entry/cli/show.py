"""What commands print: issues, tables of leads, an explanation that can be read aloud."""

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ripeline.vocabulary.issues import Issue

COUNTED = frozenset({"count", "days", "last", "ignored"})
"""Evidence of events that is told in one sentence; anything beside it is the signal's measure."""


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


def evidence_text(evidence: Mapping[str, object]) -> str:
    """Return evidence as words.

    >>> evidence_text({"count": 2, "days": 1, "last": "2026-03-31", "ignored": {"too old": 3}})
    'twice on one day, last on 2026-03-31; not counted: 3 too old'
    >>> evidence_text({"count": 1, "days": 1, "last": "2026-03-31", "channel.source": ["bing", "google"]})
    'once on one day, channel.source bing, google, last on 2026-03-31'
    """
    if "count" not in evidence:
        return ", ".join(f"{_words(key)} {_plain(value)}" for key, value in evidence.items() if value is not None)
    said = f"{_times(evidence['count'])} on {_of_days(evidence['days'])}"
    measures = [_measured(key, value) for key, value in evidence.items() if key not in COUNTED]
    last = f"last on {evidence['last']}" if evidence.get("last") else ""
    counted = ", ".join(part for part in (said, *measures, last) if part)
    ignored = evidence.get("ignored")
    return counted + (f"; not counted: {_plain(ignored)}" if ignored else "")


def _measured(key: str, value: object) -> str:
    """Words that events had are listed behind their name; a number stands before what it counts."""
    return f"{key} {', '.join(map(str, value))}" if isinstance(value, list) else f"{_plain(value)} {key}"


def _words(key: str) -> str:
    return key.replace("_", " ")


def _times(count: object) -> str:
    return {1: "once", 2: "twice"}.get(int(str(count)), f"{_plain(count)} times")


def _of_days(days: object) -> str:
    return "one day" if days == 1 else f"{_plain(days)} days"


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{count:,} {reason}" for reason, count in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)
