"""What a report is put into: a page that asks nobody for anything, sections, tables, tiles."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from html import escape
from typing import Final

from ripeline.usecases.report.markup import Html, joined, p, said, tag
from ripeline.usecases.report.numbers import SURE
from ripeline.usecases.report.style import STYLE

POLICY: Final = (
    "default-src 'none'; style-src 'sha256-"
    + b64encode(sha256(STYLE.encode()).digest()).decode()
    + "'; form-action 'none'; base-uri 'none'"
)
"""A report may do nothing: no script, no picture from elsewhere, no style but its own."""


def document(title: str, body: Iterable[Html]) -> str:
    """Return a whole page. title: text."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="content-security-policy" content="{escape(POLICY)}">'
        '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
        f"<title>{said(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main>\n{joined(body)}</main></body></html>\n"
    )


def section(title: str, lead: Html, *parts: Html) -> Html:
    """Return a section. lead: what it says, in a sentence."""
    return Html(tag("section", tag("h2", said(title)), tag("p", lead, class_="lead"), *parts) + "\n")


def beside(words: Iterable[Html], picture: Html) -> Html:
    """Return words on the left of a picture, above it on a small screen."""
    return tag("div", tag("div", *words), tag("div", picture), class_="beside")


def tiles(told: Iterable[tuple[str, str, str]]) -> Html:
    """Return what matters most, large: of each what it is, its value, and what to know of it."""
    return tag("dl", *(_tile(*map(said, one)) for one in told), class_="tiles")


def _tile(what: Html, value: Html, more: Html) -> Html:
    return tag("div", tag("dt", what), tag("dd", value, class_="big"), tag("dd", more))


def facts(told: Mapping[str, Html]) -> Html:
    """Return what is known of something, line by line."""
    lines = (tag("tr", tag("th", said(name), scope="row"), tag("td", value)) for name, value in told.items())
    return tag("table", tag("tbody", *lines), class_="facts")


def grid(columns: Sequence[str], rows: Iterable[Sequence[Html]], numbers: Sequence[int] = (), kind: str = "") -> Html:
    """Return a table; the first of each row is what it is about. numbers: which columns hold numbers, from 0."""
    return headed([said(name) for name in columns], rows, numbers, kind)


def headed(names: Sequence[Html], rows: Iterable[Sequence[Html]], numbers: Sequence[int] = (), kind: str = "") -> Html:
    """Return such a table whose columns are called by what somebody gave a name to."""
    heads = (tag("th", name, scope="col", class_=_number(place, numbers)) for place, name in enumerate(names))
    lines = (_row(row, numbers) for row in rows)
    return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *lines), class_=f"grid {kind}".rstrip())


def _row(row: Sequence[Html], numbers: Sequence[int]) -> Html:
    cells = (tag("td", cell, class_=_number(place, numbers)) for place, cell in enumerate(row) if place)
    return tag("tr", tag("th", row[0], scope="row", class_=_number(0, numbers)), *cells)


def _number(place: int, numbers: Sequence[int]) -> str | None:
    return "number" if place in numbers else None


def as_table(what: str, table: Html) -> Html:
    """Return the figures of a chart for those who want to read them, folded away. what: of what they are."""
    return tag("details", tag("summary", said(what)), table)


def foot(made: str) -> Html:
    """Return the end of a page: how it was made, and what its intervals mean."""
    sure = f"At {SURE}: of 100 such intervals about 95 hold the true figure. The same figures as JSON: --json FILE."
    return tag("footer", p(made), p(sure))


def sign(text: str, kind: str) -> Html:
    """Return a word that stands out. kind: "yes", "no" or "plain"; the word says the same as its colour."""
    return tag("span", said(text), class_=f"sign {kind}")


def listed(lines: Iterable[Html]) -> Html:
    """Return a list."""
    return tag("ul", *(tag("li", line) for line in lines))


def words(*texts: str) -> Html:
    """Return paragraphs of text."""
    return joined(p(text, "words") for text in texts)
