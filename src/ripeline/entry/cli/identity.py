"""`ripeline identity`, `merge` and `unmerge`: who is who, and what somebody decides about it."""

from typing import Any

from ripeline.entry.bootstrap.book import opened_server_book
from ripeline.entry.bootstrap.live import opened_history
from ripeline.entry.cli.confirm import Yes, confirmed
from ripeline.entry.cli.options import AsOf, DefinitionOption, Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.score import plan_of
from ripeline.entry.cli.show import minute, table
from ripeline.entry.workspace import Workspace, find_workspace
from ripeline.intake.decisions import Linking
from ripeline.plan.nodes import Plan
from ripeline.usecases.identity import change_of, change_record, identity_record, merge_of, unmerge_of
from ripeline.usecases.score import asked_at
from ripeline.vocabulary.changes import BY_COMMAND
from ripeline.vocabulary.points import micro_of, shown_text


def identity(lead: str, *, workspace: WorkspaceOption, as_of: AsOf = None, format: Format = "text") -> None:
    """Show all names of a lead, since when its devices are theirs, and every link that says so.

    Parameters
    ----------
    lead
        Any of the lead's identifiers, or its e-mail address.
    """
    found = find_workspace(workspace)
    asked = asked_at(plan_of(found, None), now_us(), as_of, None)
    with opened_history(found) as history:
        record = identity_record(history, lead, asked.as_of_us)
    if format == "json":
        print_json(record)
        return
    names = ("kind", "name", "theirs")
    out.print(
        table(str(record["lead"]), names, ((one["kind"], one["value"], _spans(one)) for one in record["identifiers"]))
    )
    if record["links"]:
        out.print(
            table("Links", ("one", "other", "first", "last", "times", "source", "state"), map(_link, record["links"]))
        )


def merge(
    one: str,
    other: str,
    *,
    workspace: WorkspaceOption,
    definition: DefinitionOption = None,
    yes: Yes = False,
    format: Format = "text",
) -> None:
    """Say that two leads are one person. Shows what becomes of their scores, then asks.

    Parameters
    ----------
    one
        The lead whose name the person keeps, by any identifier.
    other
        The other lead.
    """
    found, at_us = find_workspace(workspace), now_us()
    with opened_history(found) as history:
        decisions = merge_of(history, one, other, at_us)
    _decide(found, plan_of(found, definition), ((one, other), (one,)), decisions, yes=yes, format=format)


def unmerge(
    lead: str,
    identifier: str,
    *,
    workspace: WorkspaceOption,
    definition: DefinitionOption = None,
    yes: Yes = False,
    format: Format = "text",
) -> None:
    """Take a name out of a person: a lead that was merged, an address, a device. Shows the scores, then asks.

    Parameters
    ----------
    lead
        The lead, by any identifier.
    identifier
        What is not theirs. Sources that tell it again do not bring it back; `ripeline merge` does.
    """
    found, at_us = find_workspace(workspace), now_us()
    with opened_history(found) as history:
        decisions = unmerge_of(history, lead, identifier, at_us)
    _decide(found, plan_of(found, definition), ((lead,), (lead, identifier)), decisions, yes=yes, format=format)


def _decide(
    workspace: Workspace,
    plan: Plan,
    leads: tuple[tuple[str, ...], tuple[str, ...]],
    decisions: list[Linking],
    *,
    yes: bool,
    format: Format,
) -> None:
    """Show what decisions do to the leads before and after, and make them if that is wanted."""
    at_us = decisions[0].at_us
    with opened_history(workspace) as before, opened_history(workspace, decisions) as after:
        record = change_record(change_of(plan, before, after, leads, decisions, at_us))
    if format == "text":
        _show(record)
    if not confirmed("Do it?", yes=yes):
        out.print("Nothing was changed.")
        return
    with opened_server_book(workspace) as book:
        position = book.decide(decisions, BY_COMMAND)
    if format == "json":
        print_json({**record, "position": position})
    else:
        out.print(f"Done, at position {position}.", highlight=False)


def _show(record: dict[str, Any]) -> None:
    columns = ("", "lead", "fit", "", "interest", "", "rating", "action", "MQL")
    rows = [(when, *_cells(score)) for when in ("before", "after") for score in record[when]]
    out.print(table("What changes", columns, rows, right=("fit", "interest")))


def _cells(score: dict[str, Any]) -> tuple[str, ...]:
    names = ("fit_level", "engagement_level", "rating", "action")
    fit_level, engagement_level, rating, action = (str(score[name] or "") for name in names)
    fit, engagement = (shown_text(micro_of(score[name])) for name in ("fit", "engagement"))
    meets = "yes" if score["meets_definition"] else "no"
    return str(score["lead"]), fit, fit_level, engagement, engagement_level, rating, action, meets


def _spans(identifier: dict[str, Any]) -> str:
    spans = ((minute(one["from"]), minute(one["until"])) for one in identifier["theirs"])
    return ", ".join(
        " ".join(part for part in (start and f"from {start}", end and f"until {end}") if part) or "always"
        for start, end in spans
    )


def _link(link: dict[str, Any]) -> tuple[str, ...]:
    ends = (f"{link[end]['kind']} {link[end]['value']}" for end in ("one", "other"))
    first, last = ((link[when] or "")[:10] for when in ("first", "last"))
    state = link["state"] if link["whose"] is None else f"refused: it is {link['whose']}'s"
    return (*ends, first or "always", last, str(link["times"]), link["source"], state)
