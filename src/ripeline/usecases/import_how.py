"""How a file is imported, as a form says it: which column is what."""

from collections.abc import Collection, Mapping
from typing import Final

from ripeline.ports.files import EventFile, LeadFile, OutcomeFile
from ripeline.usecases.import_guess import ROLES
from ripeline.vocabulary.issues import InputError

FORM: Final = ("what", *dict.fromkeys(role for roles in ROLES.values() for role in roles), "event", "source", "zone")
"""The fields of such a form."""


def how_of(form: Mapping[str, str], columns: Collection[str]) -> LeadFile | EventFile | OutcomeFile | None:
    """Return how a file is read, None where it holds calls; InputError where something is still to be said."""
    what = next((one for one in ROLES if one == form.get("what")), None)
    if what is None:
        raise InputError("say what the file holds")
    chosen = {role: form.get(role) or None for role in ROLES[what]}
    for role, column in chosen.items():
        if column is not None and column not in columns:
            raise InputError(f'the file has no column "{column}"')
        if column is None and ROLES[what][role]:
            raise InputError(f"say which column is the {role}")
    match what:
        case "leads":
            return _leads(chosen, columns)
        case "events":
            return _events(chosen, form.get("event") or None)
        case "outcomes":
            return OutcomeFile(chosen["lead"] or "", chosen["time"], chosen["outcome"])
        case "calls":
            return None


def _leads(chosen: Mapping[str, str | None], columns: Collection[str]) -> LeadFile:
    mail = chosen["email"]
    rename = {mail: "email"} if mail not in {None, "email"} else {}
    # Two columns cannot be one trait: what is chosen wins.
    ignore = ("email",) if rename and "email" in columns else ()
    return LeadFile(
        chosen["id"] or "",
        chosen["created"],
        chosen["at"],
        ignore=ignore,
        rename={one: to for one, to in rename.items() if one},
    )


def _events(chosen: Mapping[str, str | None], event: str | None) -> EventFile:
    if (chosen["name"] is None) == (event is None):
        raise InputError("say either which column is the event's name, or what all of them are called")
    return EventFile(chosen["lead"], chosen["name"], chosen["time"], chosen["type"], chosen["id"], event=event)
