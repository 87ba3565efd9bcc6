"""What visitors wrote is shown as they wrote it."""

from io import StringIO

from rich.console import Console

from ripeline.entry.cli.show import table


def test_names_are_no_markup() -> None:
    shown = StringIO()
    Console(width=80, file=shown).print(table("[/x]", ("name",), [("[bold]ada[/]",)]))
    assert "[/x]" in shown.getvalue()
    assert "[bold]ada[/]" in shown.getvalue()
