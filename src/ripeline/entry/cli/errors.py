"""How a command ends: its exit code, and what it says when something is wrong."""

import os
import sys
import traceback

from cyclopts import App
from rich.console import Console

from ripeline.entry.cli.show import show_issues
from ripeline.vocabulary.issues import DefinitionError, InputError, UsageError

FINE, INPUT, USAGE, DEFECT, INTERRUPTED = 0, 1, 2, 3, 130


def run(app: App) -> int:
    """Run the command line and return its exit code."""
    errors = Console(stderr=True, soft_wrap=True)
    try:
        code = app()
    except DefinitionError as error:
        show_issues(errors, error.file, error.issues)
        return INPUT
    except InputError as error:
        errors.print(f"[bold red]error[/] {_escaped(str(error))}", highlight=False)
        return USAGE if isinstance(error, UsageError) else INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads us has seen enough (as `head` does): not an error, but nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except Exception:  # noqa: BLE001 - the one place where a defect of ours becomes an exit code
        traceback.print_exc()
        errors.print("[bold red]This is a defect of Ripeline.[/] Please report it with the lines above.")
        return DEFECT
    return code if isinstance(code, int) else FINE


def _escaped(text: str) -> str:
    return text.replace("[", "\\[")
