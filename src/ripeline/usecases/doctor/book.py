"""The book opens, is not broken, and is of the form this Ripeline knows."""

from collections.abc import Iterator

from ripeline.usecases.doctor.case import Case, Finding

FROM_BACKUP = "stop the server and restore the last backup into a new folder: ripeline restore BACKUP -w NEW"


def book(case: Case) -> Iterator[Finding]:
    """Find what is wrong with the book itself."""
    look = case.look
    if look.unopened is not None:
        yield Finding("book.sqlite", look.unopened, FROM_BACKUP)
    for broken in look.damage:
        yield Finding("book.sqlite", f"the file is damaged: {broken}", FROM_BACKUP)
    if look.form > look.known_form:
        message = f"it is of form {look.form}, this Ripeline knows up to {look.known_form}"
        yield Finding("book.sqlite", message, "use the version of Ripeline that wrote it, or a newer one")
    elif look.unopened is None and look.form < look.known_form:
        message = f"it is of form {look.form}, which is older than {look.known_form}; the rest cannot be looked at"
        advice = "run any other command on the workspace: it brings the book to the present form"
        yield Finding("book.sqlite", message, advice, "warning")
    if look.misshapen:
        names = ", ".join(look.misshapen)
        yield Finding("book.sqlite", f"not as form {look.form} has it: {names}", "undo what somebody changed by hand")
