"""`ripeline erase`."""

from typing import Annotated, Any

from cyclopts import Parameter
from rich.markup import escape

from ripeline.entry.bootstrap.erase import erase as erase_lead
from ripeline.entry.bootstrap.erase import find_person, finish, holding_backups
from ripeline.entry.cli.confirm import Yes, confirmed
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json, progress
from ripeline.entry.cli.show import table
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.erase import erased_record, person_record


def erase(
    lead: str,
    *,
    workspace: WorkspaceOption,
    reason: Annotated[str, Parameter(help="Why; it is kept, so it names nobody.")] = "",
    yes: Yes = False,
    format: Format = "text",
) -> None:
    """Erase a person: everything behind any identifier is gone for good, also while the server runs.

    Shows what goes, then asks. What comes of the person later is not stored. Backups still hold them. Broken off, it
    is completed by running it again.

    Parameters
    ----------
    lead
        Any of the person's identifiers, or their e-mail address.
    """
    found, at_us = find_workspace(workspace), now_us()
    person = find_person(found, lead, at_us)
    record = None if person is None else person_record(person.person, person.removes)
    if record is not None and format == "text":
        _show(record)
    if record is not None and not confirmed("Erase all of it for good?", yes=yes):
        out.print("Nothing was changed.")
        return
    with progress() as report:
        erased = erase_lead(found, lead, reason, at_us, report)
        gone = finish(found, report)
    done = erased_record(erased, holding_backups(found), gone=gone)
    if format == "json":
        print_json(done)
    else:
        _tell(done)


def _show(record: dict[str, Any]) -> None:
    names = (
        (one["kind"], one["value"], "while it was theirs" if one["shared"] else "all") for one in record["identifiers"]
    )
    out.print(table(f"To be erased: {record['lead']}", ("kind", "name", "what"), names))
    removes = ", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in record["removes"].items() if count)
    out.print(f"Removes: {removes or 'nothing but the names'}.", highlight=False, soft_wrap=True)


def _tell(done: dict[str, Any]) -> None:
    if done["position"] is None:
        out.print("This person was erased before.", highlight=False)
    else:
        out.print(f"Erased, from position {done['position']} on.", highlight=False)
    if not done["gone"]:
        out.print(
            "Files still hold the person: somebody reads them, or the book cannot be written anew just now. Run it again.",
            soft_wrap=True,
        )
    known = "; there are: " + ", ".join(done["backups"]) if done["backups"] else "; none is known here"
    out.print(f"Backups made before still hold the person{escape(known)}.", highlight=False, soft_wrap=True)
