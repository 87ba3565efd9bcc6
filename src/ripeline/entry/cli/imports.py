"""`ripeline import leads | events | outcomes`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.imports import open_file, opened_importer
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.cli.options import WorkspaceOption, now_us, out, progress
from ripeline.entry.workspace import find_workspace
from ripeline.ports.files import EventFile, Imported, LeadFile, OutcomeFile
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.issues import InputError, UsageError, did_you_mean

Source = Annotated[str | None, Parameter(help="Where the rows come from; default: the file's stem.")]
TimeZone = Annotated[str, Parameter(help="Where clocks stood that name no zone.")]
Columns = Annotated[list[str] | None, Parameter(negative=())]


def leads(
    file: Path,
    *,
    workspace: WorkspaceOption,
    id: Annotated[str, Parameter(help="The column of the lead's id.")],
    created: Annotated[str | None, Parameter(help="The column of when the lead came into being.")] = None,
    at: Annotated[str | None, Parameter(help="The column of when the row's traits held.")] = None,
    known_at: Annotated[str | None, Parameter(help="The column of when we knew; default: the same time.")] = None,
    only: Annotated[Columns, Parameter(help="Only these columns become traits (a,b,c).")] = None,
    ignore: Annotated[Columns, Parameter(help="These columns are left out (a,b,c).")] = None,
    rename: Annotated[Columns, Parameter(help="OLD=NEW: call a column's trait otherwise; may be repeated.")] = None,
    source: Source = None,
    timezone: TimeZone = "UTC",
) -> None:
    """Bring in what is known of leads: each row states traits of one lead.

    Traits hold from --at, else from --created; without either they are undated, always visible.
    """
    how = LeadFile(id, created, at, known_at, _listed(only), _listed(ignore), _renamed(rename))
    _import("leads", file, workspace, source, timezone, how)


def events(
    file: Path,
    *,
    workspace: WorkspaceOption,
    lead: Annotated[str | None, Parameter(help="The column of the lead's id.")] = None,
    name: Annotated[str | None, Parameter(help="The column of the event's name.")] = None,
    event: Annotated[str | None, Parameter(help="Instead of --name: what all rows are called.")] = None,
    time: Annotated[str | None, Parameter(help="The column of the event's time.")] = None,
    type: Annotated[str | None, Parameter(help="A column, or track, page or screen for all rows.")] = None,
    id: Annotated[str | None, Parameter(help="The column of an id that each event keeps.")] = None,
    known_at: Annotated[str | None, Parameter(help="The column of when we knew; default: the same time.")] = None,
    source: Source = None,
    timezone: TimeZone = "UTC",
) -> None:
    """Bring in what people did: each row is one act, other columns become its properties.

    JSON Lines of Segment-shaped calls need no column names at all.
    """
    if name is not None and event is not None:
        raise UsageError("say either --name COLUMN or --event NAME")
    how = EventFile(lead, name, time, type, id, known_at, event)
    _import("events", file, workspace, source, timezone, how)


def outcomes(
    file: Path,
    *,
    workspace: WorkspaceOption,
    lead: Annotated[str, Parameter(help="The column of the lead's id.")],
    time: Annotated[str | None, Parameter(help="The column of when it was decided.")] = None,
    outcome: Annotated[str | None, Parameter(help="A column that says won or lost.")] = None,
    won_when: Annotated[str | None, Parameter(help="A condition on the file's columns.")] = None,
    lost_when: Annotated[str | None, Parameter(help="Another one; without it, what is not won is lost.")] = None,
    source: Source = None,
    timezone: TimeZone = "UTC",
) -> None:
    """Bring in which leads were won and lost."""
    if (outcome is None) == (won_when is None):
        raise UsageError("say either --outcome COLUMN or --won-when CONDITION")
    if lost_when is not None and won_when is None:
        raise UsageError("--lost-when goes with --won-when")
    _import("outcomes", file, workspace, source, timezone, OutcomeFile(lead, time, outcome, won_when, lost_when))


def _listed(values: list[str] | None) -> tuple[str, ...]:
    return tuple(name.strip() for value in values or () for name in value.split(",") if name.strip())


def _renamed(values: list[str] | None) -> dict[str, str]:
    pairs = [pair.partition("=") for value in values or () for pair in value.split(",")]
    for old, equals, new in pairs:
        if not (old and equals and new):
            raise InputError(f'--rename "{old}{equals}{new}": write OLD=NEW')
    return {old: new for old, _, new in pairs}


def _zone(name: str) -> Zone:
    if name not in references().zones():
        raise InputError(f'--timezone "{name}" is not a time zone; {did_you_mean(name, references().zones())}')
    return references().zone(name)


def _import(
    what: str, file: Path, folder: Path, source: str | None, timezone: str, how: LeadFile | EventFile | OutcomeFile
) -> None:
    workspace, zone = find_workspace(folder), _zone(timezone)
    name = source or file.name.split(".")[0]
    with opened_importer(workspace, now_us()) as importer, progress() as report:
        report(f"reading {file}", None)
        opened = open_file(importer, file)
        report(f"storing {what}", None)
        match how:
            case LeadFile():
                done = importer.leads(opened, how, name, zone)
            case OutcomeFile():
                done = importer.outcomes(opened, how, name, zone)
            case EventFile() if how.lead is None and how.name is None and how.time is None and how.event is None:
                _must_be_calls(opened.kinds)
                done = importer.calls(opened, name, zone)
            case _:
                done = importer.events(opened, _complete(how), name, zone)
    _tell(what, done)


def _must_be_calls(columns: object) -> None:
    if not isinstance(columns, dict) or "type" not in columns:
        raise UsageError("say which columns hold the lead, the name and the time: --lead COL --name COL --time COL")


def _complete(how: EventFile) -> EventFile:
    given = {"lead": how.lead, "name": how.name or how.event, "time": how.time}
    missing = [f"--{key}" for key, column in given.items() if column is None]
    if missing:
        raise UsageError(f"also say which column holds it: {', '.join(missing)}")
    return how


def _tell(what: str, done: Imported) -> None:
    kinds = "" if done.what is None else f" ({', '.join(f'{count:,} {kind}' for kind, count in done.what.items())})"
    known = done.read - done.rejected - done.added
    again = f", {known:,} known already or without news" if known > 0 and done.what is None else ""
    out.print(
        f"{what}: {done.read:,} rows read, {done.added:,} new{kinds}{again}, {done.rejected:,} refused.",
        highlight=False,
    )
    if done.rejects is not None:
        out.print(f"Refused rows with line and reason: {done.rejects}", highlight=False, soft_wrap=True)
