"""The removal list and holds, as a terminal shows them."""

from rich.console import Console
from rich.markup import escape

from ripeline.entry.cli.show import counted, minute, table
from ripeline.usecases.removal_record import Record
from ripeline.vocabulary.points import micro_of, shown_text

MOST_NAMED = 10
"""Leads that are named one by one."""


def show_removals(console: Console, record: Record, offset: int) -> None:
    """Print a page of the list."""
    leads, total = record["leads"], record["total"]
    if not total:
        console.print("Nobody is proposed for removal.")
        return
    columns = ["lead", "e-mail", "since", "proposed UTC", "fit", "interest"]
    rows = [[one["lead"], one["email"] or "", one["since"], one["proposed_at"][:10], *_points(one)] for one in leads]
    if record["automatic"]:
        columns.append("removed UTC")
        rows = [[*row, minute(one["removed_from"])[:10]] for row, one in zip(rows, leads, strict=True)]
    cells = [[cell or "" for cell in row] for row in rows]
    whole = ("since", "proposed UTC", "removed UTC")
    console.print(table("Proposed for removal", columns, cells, ("fit", "interest"), whole))
    if total > len(leads):
        begin = f"{offset + 1:,} to {offset + len(leads):,}" if leads else "none"
        console.print(f"{begin} of {counted(total, 'lead')}; more with --limit and --offset", highlight=False)


def _points(one: Record) -> list[str]:
    """Return fit and interest with one decimal; nothing where nothing is known of a lead any more."""
    stated = (one["fit"], one["engagement"])
    return ["" if text is None else shown_text(micro_of(text)) for text in stated]


def show_removed(console: Console, record: Record) -> None:
    """Print who was removed."""
    leads = record["removed"]
    named = ", ".join(leads[:MOST_NAMED]) + (
        f" and {len(leads) - MOST_NAMED:,} more" if len(leads) > MOST_NAMED else ""
    )
    if not leads:
        console.print("Nobody is on the list; nobody was removed.")
        return
    told = f"Removed {counted(len(leads), 'lead')}: {named}, from position {record['position']} on."
    console.print(escape(told), highlight=False, soft_wrap=True)
    if not record["gone"]:
        console.print(
            "Files still hold them: somebody reads them, or the book cannot be written anew just now. "
            "`ripeline doctor --tidy` completes it.",
            highlight=False,
            soft_wrap=True,
        )
    if record["backups"]:
        known = ", ".join(record["backups"])
        console.print(f"Backups made before still hold them: {escape(known)}.", highlight=False, soft_wrap=True)


def show_hold(console: Console, record: Record, what: str) -> None:
    """Print what became of a hold."""
    console.print(escape(f"{record['lead']} {what}: {record['reason']}"), highlight=False, soft_wrap=True)


def show_holds(console: Console, record: Record) -> None:
    """Print who is on hold."""
    if not record["holds"]:
        console.print("Nobody is on hold.")
        return
    rows = [(one["lead"], minute(one["at"]), one["by"], one["reason"]) for one in record["holds"]]
    console.print(table("On hold", ("lead", "since UTC", "by", "reason"), rows, (), ("since UTC",)))


def show_why(console: Console, record: Record) -> None:
    """Print whether a lead is on the list."""
    if record["listed"]:
        told = f"{record['lead']} is on the removal list since {minute(record['proposed_at'])} UTC: "
        told += f"its action was remove on every day since {record['since']}."
        if record["removed_from"]:
            told += f" It is removed from {minute(record['removed_from'])} UTC on."
    else:
        told = f"{record['lead']} is not on the removal list. {record['why_not']}"
    console.print(escape(told), highlight=False, soft_wrap=True)
