"""Who changed what, and when: the youngest first, chosen by who, what and day, also as a file."""

import re
from typing import Final

from starlette.responses import Response

from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.figures import ON_A_PAGE, Address, address_of, csv_file, page_of
from ripeline.entry.server.pages.page import Page, Visit
from ripeline.entry.server.pages.settings import SETTINGS
from ripeline.entry.server.services import Services
from ripeline.vocabulary.calendar import Zone, instant_text
from ripeline.vocabulary.changes import WORDS, Change, ChangesAsked, What
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.values import read_date

PATH: Final = f"{SETTINGS}/log"
KNOWN: Final = ("by", "what", "from", "to", "offset")
MOST_IN_A_FILE: Final = 100_000
EVER: Final = ChangesAsked()

_HANDOFF: Final = re.compile(r"handoff ([0-9]+)\b")


class LogPages:
    """The page, and the file."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "administer", self.shown),
            Page("GET", f"{PATH}.csv", "administer", self.file),
        ]

    async def shown(self, visit: Visit) -> Response:
        """What was changed, a page at a time."""
        address = address_of(visit, KNOWN)
        # One more than there is room for says whether there are more.
        asked = _asked(address, self._zone, ON_A_PAGE + 1)
        found = self._with.book.changes(asked)
        told = {
            "title": _("Log"),
            "rows": [_row(one) for one in found[:ON_A_PAGE]],
            "more": len(found) > ON_A_PAGE,
            "address": address,
            "offset": asked.offset,
            "most": ON_A_PAGE,
            "who": self._who(asked.by),
            "words": WORDS,
            "zone": self._zone.name,
        }
        return visit.shown("log.html", told)

    async def file(self, visit: Visit) -> Response:
        """The same as a file, without pages."""
        found = self._with.book.changes(_asked(address_of(visit, KNOWN), self._zone, MOST_IN_A_FILE))
        return csv_file("log.csv", [_record(one) for one in found])

    @property
    def _zone(self) -> Zone:
        return self._with.sales.hours.zone

    def _who(self, asked: str | None) -> list[str]:
        """Return everybody who can be chosen: salespeople too, who may have answered for others."""
        return sorted({*self._with.book.who_changed(), *self._with.sales.people, *([asked] if asked else [])})


def _asked(address: Address, zone: Zone, most: int) -> ChangesAsked:
    kept = address.kept
    wanted: What | None = next((one for one in WORDS if one == kept.get("what")), None)
    if wanted is None and "what" in kept:
        raise InputError(f'nothing is called "{kept["what"]}" here; {did_you_mean(kept["what"], WORDS)}')
    first, last = (_day(kept.get(name)) for name in ("from", "to"))
    from_us = EVER.from_us if first is None else zone.first_instant(first)
    until_us = EVER.until_us if last is None else zone.first_instant(last + 1)
    return ChangesAsked(kept.get("by"), wanted, from_us, until_us, most, page_of(address))


def _day(text: str | None) -> int | None:
    day = None if text is None else read_date(text)
    if text is not None and day is None:
        raise InputError(f'"{text}" is no day; write such as 2026-03-31')
    return day


def _row(one: Change) -> dict[str, object]:
    handoff = _HANDOFF.match(one.about) if one.what == "answered" else None
    link = f"/queue/{handoff[1]}" if handoff else ""
    return {"one": one, "at": instant_text(one.at_us), "link": link}


def _record(one: Change) -> dict[str, object]:
    return {"at": instant_text(one.at_us), "by": one.by, "what": one.what, "about": one.about}
