"""The funnel's records as tables and sentences."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

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
from ripeline.vocabulary.calendar import Zone, day_text
from ripeline.vocabulary.stages import CUSTOMER, SALES_ACCEPTED, SALES_QUALIFIED

Record = dict[str, Any]
CAME: Final = {
    SALES_ACCEPTED: "were accepted by sales",
    SALES_QUALIFIED: "were qualified by sales",
    CUSTOMER: "became customers",
}
"""How MQLs came to each step, in words."""


def verdict(record: Record) -> str:
    """Say how far those came of whom all days are over, in a sentence."""
    total = record["total"]
    if total["leads"] == 0 or any(total[step]["share"] is None for step in STEPS):
        return ""
    came = [f"{percent(total[step]['share'])} {CAME[step]}" for step in STEPS]
    days = f"within {record['within_days']} days"
    return f"Of {total['leads']:,} MQLs, {', '.join(came[:-1])} and {came[-1]} {days}."


def cohort_table(found: Sequence[Record], listed: Address | None) -> Table | None:
    """Return the cohorts with all together, and those before; None where nobody is in any.

    listed: where leads are listed, None for whoever may not see them.
    """
    if not any(record["cohorts"] for record in found):
        return None
    columns = ("MQLs", *map(called, STEPS))
    total = [
        _total(name, record, listed)
        for name, record in zip(("All that are over", "The same before"), found, strict=False)
    ]
    if len(found) > 1:
        now, before = (record["total"] for record in found)
        words = [difference_cell(now[step], before[step]) for step in STEPS]
        total.append(Row(Cell("Difference", ("in percentage points",)), [Cell(""), *words]))
    each = [_cohort(one, found[0]["by"], listed) for one in found[0]["cohorts"]]
    return Table("Cohort", columns, total, each, tuple(columns[1:]))


def _total(name: str, record: Record, listed: Address | None) -> Row:
    over = [one for one in record["cohorts"] if one["over"]]
    span = {"first": over[0]["first"], "last": over[-1]["last"]} if over else {}
    told = f"{span['first']} to {span['last']}" if over else "no cohort is over yet"
    return Row(Cell(name, (told,)), _cells(record["total"], span, listed))


def _cohort(one: Record, by: str, listed: Address | None) -> Row:
    span = {"first": one["first"], "last": one["last"]}
    name = one["first"] if by == "week" else one["first"][:7]
    cells = _cells(one, span, listed)
    if one["over"]:
        return Row(Cell(name, (f"until {one['last']}",) if by == "week" else ()), cells)
    so_far = [
        Cell(f"{one[step]['count']:,} so far", link=cell.link) for step, cell in zip(STEPS, cells[1:], strict=True)
    ]
    return Row(Cell(name, ("not over yet",)), [cells[0], *so_far], is_over=False)


def _cells(one: Record, span: dict[str, str], listed: Address | None) -> list[Cell]:
    def link(count: int, step: str | None = None) -> str:
        return listed.link(**span, step=step) if listed and count else ""

    steps = [share_cell(one[step], link(one[step]["count"], step), _half(one[step])) for step in STEPS]
    return [count_cell(one["leads"], link(one["leads"])), *steps]


def _half(step: Record) -> str:
    days = step["median_days"]
    if days is None:
        return ""
    return f"half within {_days(days)}" if days else "half on the same day"


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"


def listed_table(came: Sequence[Passage], people: Mapping[str, Person], step: str | None, zone: Zone) -> Table:
    """Return leads with when they first were MQLs, and after how many days they came to a step."""
    columns = ("first an MQL", *((f"{called(step)} after",) if step else ()))
    rows = []
    for one in came:
        days = [Cell(_days(one.days[step]))] if step else []
        name = Cell(said(people[one.lead].called), link=Address("/leads/of", {"lead": one.lead}).link())
        rows.append(Row(name, [Cell(day_text(zone.day(one.began_us))), *days]))
    return Table("Lead", columns, each=rows)
