"""What visitors wrote is shown as they wrote it."""

from rich.console import Console

from ripeline.entry.cli.show import table


def test_names_are_no_markup() -> None:
    console = Console(width=80, record=True, quiet=True)
    console.print(table("[/x]", ("name",), [("[bold]ada[/]",)]))
    shown = console.export_text()
    assert "[/x]" in shown
    assert "[bold]ada[/]" in shown
