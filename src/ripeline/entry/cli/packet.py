"""`ripeline handoffs packet`: what a salesperson gets with a lead."""

import json
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ripeline.entry.bootstrap.desk import opened_desk
from ripeline.entry.bootstrap.packets import packet_of_handoff
from ripeline.entry.cli.new_file import write_new
from ripeline.entry.cli.options import AsOf, Number, WorkspaceOption, now_us, out
from ripeline.entry.workspace import find_workspace
from ripeline.handoff.packet import Packet
from ripeline.usecases.moments import instant_of_text
from ripeline.usecases.packet import packet_record
from ripeline.usecases.packet_text import packet_text
from ripeline.usecases.packet_words import Section, headline, sections, verdict
from ripeline.usecases.page import packet_page
from ripeline.vocabulary.calendar import UTC_ZONE, Zone

Format = Annotated[
    Literal["text", "json", "html"], Parameter(help="How it is written: for people, for programs, as a page.")
]


def packet(
    number: Number,
    *,
    workspace: WorkspaceOption,
    format: Format = "text",
    output: Annotated[
        Path | None, Parameter(name=("--output", "-o"), help="A file to write it to; it must be new.")
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Show what a salesperson gets with a lead: who it is, why it is ripe, what it did, what to ask.

    Parameters
    ----------
    number
        The handoff's number, as `ripeline handoffs list` shows it.
    """
    with opened_desk(find_workspace(workspace)) as (desk, store):
        at_us = now_us() if as_of is None else instant_of_text(as_of, UTC_ZONE)
        found = packet_of_handoff(desk, store, number, at_us)
        zone = desk.plans[found.handoff.definition].zone
    if output is not None:
        write_new(output, _written(found, zone, format))
        out.print(f"Written to {output}", highlight=False, soft_wrap=True, markup=False)
    elif format == "text":
        show_packet(out, found, zone)
    else:
        out.file.write(_written(found, zone, format))


def _written(found: Packet, zone: Zone, format: str) -> str:
    match format:
        case "json":
            return json.dumps(packet_record(found), indent=2, ensure_ascii=False) + "\n"
        case "html":
            return packet_page(headline(found), [verdict(found)], sections(found, zone))
        case _:
            return packet_text(headline(found), [verdict(found)], sections(found, zone))


def show_packet(console: Console, found: Packet, zone: Zone) -> None:
    """Print a packet."""
    console.print(f"[bold]{escape(headline(found))}[/]", highlight=False, soft_wrap=True)
    console.print(escape(verdict(found)), highlight=False, soft_wrap=True)
    for one in sections(found, zone):
        console.print(f"\n[bold]{escape(one.title)}[/]", highlight=False, soft_wrap=True)
        console.print(_lines(one))


def _lines(one: Section) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    if not any(name for name, _ in one.lines):
        for _, text in one.lines:
            grid.add_row(escape(text))
        return grid
    grid.add_column(style="dim", min_width=16, max_width=22, overflow="fold")
    grid.add_column(overflow="fold")
    for name, text in one.lines:
        grid.add_row(escape(name), escape(text))
    return grid
