"""Tables of figures: what charts draw, what is compared, and how figures are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from ripeline.entry.server.language.sentences import _, counted
from ripeline.entry.server.pages.page import Visit
from ripeline.entry.server.pages.rendering import HEADERS
from ripeline.usecases.csv_text import csv_text
from ripeline.usecases.sla import Period, period_asked
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.rates import Rate, difference
from ripeline.vocabulary.values import read_date

Record = Mapping[str, Any]
BEFORE: Final = "before"
"""What can be compared with."""

ON_A_PAGE: Final = 50
NO_BREAK: Final = "\xa0"
FEW: Final = _("too few for a share")


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure.

    text: as people read it; below: what else is to be known, in parts; value, low, high: what charts draw, None for nothing;
    link: where its leads are listed, "" for nowhere; opens: what leads there, the text where there is nothing else.
    """

    text: str
    below: Sequence[str] = ()
    value: float | None = None
    low: float | None = None
    high: float | None = None
    link: str = ""
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one thing. is_over: there is nothing still to come."""

    name: Cell
    cells: Sequence[Cell]
    is_over: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Figures. charted: columns that charts draw; total: rows of all together; each: the others."""

    title: str
    columns: Sequence[str]
    total: Sequence[Row] = ()
    each: Sequence[Row] = ()
    charted: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """What is looked at, as the address of a page has it. kept: its parameters that say something."""

    path: str
    kept: Mapping[str, str]

    def link(self, path: str = "", **changed: str | int | None) -> str:
        """Return an address with other parameters, None for without."""
        told = {name: value for name, value in {**self.kept, **changed}.items() if value is not None}
        return f"{path or self.path}?{urlencode(told)}" if told else path or self.path


def address_of(visit: Visit, known: Sequence[str]) -> Address:
    """Return what an address says; InputError for what is not known: figures of the wrong days look like any other."""
    asked = visit.request.query_params
    for name in asked:
        if name not in known:
            raise InputError(f'"{name}" is nothing that can be chosen; {did_you_mean(name, known)}')
    return Address(visit.request.url.path, {name: asked[name] for name in known if asked.get(name)})


def days_of(
    address: Address, zone: Zone, now_us: int, usual_days: int, names: tuple[str, str] = ("from", "to")
) -> Period:
    """Return the period that an address names by its first and last day; InputError where there is none."""
    texts = [address.kept.get(name) for name in names]
    for text in texts:
        if text is not None and read_date(text) is None:
            raise InputError(f'"{text}" is no day; write such as 2026-03-31')
    first, last = texts
    if first is not None and last is not None and first > last:
        raise InputError(f"the last day, {last}, lies before the first, {first}")
    return period_asked(first, last, zone, now_us, usual_days)


def compares(address: Address) -> bool:
    """Say whether somebody wants to compare with the period before."""
    wanted = address.kept.get("compare")
    if wanted not in {None, BEFORE}:
        raise InputError(f'there is no comparison with "{wanted}"; write compare={BEFORE}')
    return wanted is not None


def percent(share: float) -> str:
    r"""Return a share as people read it.

    >>> percent(0.8333)
    '83.3\xa0%'
    """
    return _("{share}\N{NO-BREAK SPACE}%", share=share * 100)


def between(rate: Record) -> str:
    r"""Return where a share lies at 95 %, "" where none is told.

    >>> between({"low": 0.3755, "high": 0.9638})
    '38 to 96\xa0%'
    """
    if rate["low"] is None:
        return ""
    low, high = round(rate["low"] * 100), round(rate["high"] * 100)
    return _("{low} to {high}\N{NO-BREAK SPACE}%", low=low, high=high)


def share_cell(rate: Record, link: str = "", *more: str) -> Cell:
    """Return a rate as a figure: its share, of how many it is one, and its interval; more: what else stands below."""
    opens = _("{count} of {of}", count=rate["count"], of=rate["of"])
    if not rate["of"]:
        return Cell(_("none yet"))
    if rate["share"] is None:
        return Cell(opens, (FEW,), link=link)
    below = (between(rate), *filter(None, more))
    return Cell(percent(rate["share"]), below, rate["share"], rate["low"], rate["high"], link, opens)


def count_cell(count: int, link: str = "") -> Cell:
    """Return a count as a figure; there is nothing to open where nobody is counted."""
    return Cell(counted(count), value=count, link=link if count else "")


def difference_cell(now: Record, before: Record) -> Cell:
    """Return how much greater a share is than before, in percentage points and words.

    >>> found = difference_cell({"count": 87, "of": 117, "share": 0.7436}, {"count": 74, "of": 98, "share": 0.7551})
    >>> found.text, found.below
    ('1.1 points less', ('may be chance',))
    """
    found = difference(Rate(now["count"], now["of"]), Rate(before["count"], before["of"]))
    if found is None:
        return Cell(_("too few"))
    low, high = found[1:]
    # Of the shares as they are shown, so that what stands on a page adds up.
    more = round(now["share"] * 100, 1) - round(before["share"] * 100, 1)
    if f"{abs(more):.1f}" == "0.0":
        return Cell(_("as before"))
    chance = (_("may be chance"),) if low <= 0 <= high else ()
    if more > 0:
        return Cell(_("{points} points more", points=more), chance)
    return Cell(_("{points} points less", points=-more), chance)


def page_of(address: Address) -> int:
    """Return from which row on somebody reads a list."""
    text = address.kept.get("offset", "0")
    if not text.isdecimal() or len(text) > 9:  # noqa: PLR2004 - more rows than anything has
        raise InputError(f'offset takes a whole number, not "{text}"')
    return int(text)


def csv_file(name: str, records: Sequence[Record]) -> Response:
    """Return records as a file that browsers keep under a name."""
    headers = {**HEADERS, "content-disposition": f'attachment; filename="{name}"'}
    return Response(csv_text(records), headers=headers, media_type="text/csv")
