"""Asking before something is done that others will see."""

import sys
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape
from rich.prompt import Confirm

from ripeline.entry.cli.options import err
from ripeline.vocabulary.issues import InputError

Yes = Annotated[bool, Parameter(name=("--yes", "-y"), help="Do it without asking.", negative=())]


def confirmed(question: str, *, yes: bool) -> bool:
    """Return whether it is wanted: said beforehand, or asked on a terminal; InputError where nobody can be asked."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise InputError("nobody can be asked here: say --yes to do it")
    return Confirm.ask(escape(question), console=err, default=False)
