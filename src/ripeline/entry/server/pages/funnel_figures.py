"""The funnel's records as tables and sentences."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.figures import (
    Address,
    Cell,
    Row,
    Table,
    count_cell,
    difference_cell,
    percent,
    share_cell,
)
from ripeline.entry.server.pages.rendering import called, said
from ripeline.handoff.packet import Person
from ripeline.insight.funnel import STEPS, Passage
from ripeline.ports.definitions import Published
from ripeline.vocabulary.calendar import Zone, day_text
from ripeline.vocabulary.stages import CUSTOMER, SALES_ACCEPTED, SALES_QUALIFIED

Record = dict[str, Any]
CAME: Final = {
    SALES_ACCEPTED: _("were accepted by sales"),
    SALES_QUALIFIED: _("were qualified by sales"),
    CUSTOMER: _("became customers"),
}
"""How MQLs came to each step, in words."""


def verdict(record: Record) -> str:
    """Say how far those came of whom all days are over, in a sentence."""
    total = record["total"]
    if total["leads"] == 0 or any(total[step]["share"] is None for step in STEPS):
        return ""
    came = [_("{share} {what}", share=percent(total[step]["share"]), what=CAME[step]) for step in STEPS]
    return _(
        "Of {leads} MQLs, {accepted}, {qualified} and {customers} within {days} days.",
        leads=total["leads"],
        days=record["within_days"],
        **dict(zip(("accepted", "qualified", "customers"), came, strict=True)),
    )


def listed_title(step: str | None, within: int, first: str, last: str) -> str:
    """Return what leads of the funnel are listed."""
    if step is None:
        return _("MQLs; first ones from {first} to {last}", first=first, last=last)
    came = {"came": CAME[step], "within": within, "first": first, "last": last}
    return _("MQLs who {came} within {within} days; first ones from {first} to {last}", **came)


def cohort_table(found: Sequence[Record], listed: Address | None) -> Table | None:
    """Return the cohorts with all together, and those before; None where nobody is in any.

    listed: where leads are listed, None for whoever may not see them.
    """
    if not any(record["cohorts"] for record in found):
        return None
    columns = (_("MQLs"), *map(called, STEPS))
    total = [
        _total(name, record, listed)
        for name, record in zip((_("All that are over"), _("The same before")), found, strict=False)
    ]
    if len(found) > 1:
        now, before = (record["total"] for record in found)
        words = [difference_cell(now[step], before[step]) for step in STEPS]
        total.append(Row(Cell(_("Difference"), (_("in percentage points"),)), [Cell(""), *words]))
    each = [_cohort(one, found[0]["by"], listed) for one in found[0]["cohorts"]]
    return Table(_("Cohort"), columns, total, each, tuple(columns[1:]))


def _total(name: str, record: Record, listed: Address | None) -> Row:
    over = [one for one in record["cohorts"] if one["over"]]
    span = {"first": over[0]["first"], "last": over[-1]["last"]} if over else {}
    told = _("{first} to {last}", **span) if over else _("no cohort is over yet")
    return Row(Cell(name, (told,)), _cells(record["total"], span, listed))


def _cohort(one: Record, by: str, listed: Address | None) -> Row:
    span = {"first": one["first"], "last": one["last"]}
    name = one["first"] if by == "week" else one["first"][:7]
    cells = _cells(one, span, listed)
    if one["over"]:
        return Row(Cell(name, (_("until {day}", day=one["last"]),) if by == "week" else ()), cells)
    so_far = [
        Cell(_("{count} so far", count=one[step]["count"]), link=cell.link)
        for step, cell in zip(STEPS, cells[1:], strict=True)
    ]
    return Row(Cell(name, (_("not over yet"),)), [cells[0], *so_far], is_over=False)


def _cells(one: Record, span: dict[str, str], listed: Address | None) -> list[Cell]:
    def link(count: int, step: str | None = None) -> str:
        return listed.link(**span, step=step) if listed and count else ""

    steps = [share_cell(one[step], link(one[step]["count"], step), _half(one[step])) for step in STEPS]
    return [count_cell(one["leads"], link(one["leads"])), *steps]


def apart_table(record: Record, words: Mapping[str, str], versions: Sequence[Published]) -> Table | None:
    """Return the MQLs of cohorts that are over by what they are told apart by; None where that is nothing."""
    apart = record.get("apart")
    if apart is None:
        return None
    numbers = {f"{one.name}@{one.fingerprint}": _("version {number}", number=str(one.number)) for one in versions}
    rows = []
    for one in record["groups"]:
        name = numbers.get(one["group"], one["group"]) or _("not known")
        rows.append(
            Row(
                Cell(said(name), (_("{first} to {last}", first=one["first"], last=one["last"]),)), _cells(one, {}, None)
            )
        )
    return Table(words[apart], (_("MQLs"), *map(called, STEPS)), each=rows)


def _half(step: Record) -> str:
    days = step["median_days"]
    if days is None:
        return ""
    return _("half within {days}", days=_days(days)) if days else _("half on the same day")


def _days(count: int) -> str:
    return _("{count} day", count=count) if count == 1 else _("{count} days", count=count)


def listed_table(came: Sequence[Passage], people: Mapping[str, Person], step: str | None, zone: Zone) -> Table:
    """Return leads with when they first were MQLs, and after how many days they came to a step."""
    columns = (_("first an MQL"), *((_("{step} after", step=called(step)),) if step else ()))
    rows = []
    for one in came:
        days = [Cell(_days(one.days[step]))] if step else []
        name = Cell(said(people[one.lead].called), link=Address("/leads/of", {"lead": one.lead}).link())
        rows.append(Row(name, [Cell(day_text(zone.day(one.began_us))), *days]))
    return Table(_("Lead"), columns, each=rows)
