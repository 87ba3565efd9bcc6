"""HTML that is made of text: what is no Html yet is escaped on its way in."""

from collections.abc import Iterable
from html import escape
from typing import Final, NewType

from ripeline.usecases.report.numbers import TOGETHER
from ripeline.vocabulary.plain_text import one_line

Html = NewType("Html", str)
"""Text that a browser may read as it stands; only this file makes it of other text."""

NOTHING: Final = Html("")

LONGEST: Final = 160
"""What somebody named so long is cut: a field may be called by a whole page of text."""


def tag(element: str, *inside: Html, **attributes: str | float | None) -> Html:
    """Return an element with an end. attributes: by their names, with _ for - and at the end of a word of Python's.

    >>> tag("p", said("a < b"), class_="it's", stroke_width=1.50, id=None)
    '<p class="it&#x27;s" stroke-width="1.5">a &lt; b</p>'
    """
    given = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(f"{value:g}" if isinstance(value, float) else str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return Html(f"<{element}{given}>{''.join(inside)}</{element}>")


def said(text: str) -> Html:
    r"""Return text, on one line and without what could do harm.

    >>> said("<b>\u202eno")
    '&lt;b&gt; no'
    """
    return Html(escape(TOGETHER.join(map(one_line, text.split(TOGETHER)))))


def called(name: str) -> Html:
    """Return a name that somebody gave: it is written in its own direction, and not too long.

    >>> called("Visits"), len(called("x" * 9_000))
    ('<bdi>Visits</bdi>', 171)
    """
    shown = one_line(name[: 4 * LONGEST])
    return tag("bdi", said(shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"))


def joined(parts: Iterable[Html], between: str = "") -> Html:
    """Return parts one after the other. between: text."""
    return Html(escape(between).join(parts))


def p(text: str, class_: str | None = None) -> Html:
    """Return a paragraph of text."""
    return tag("p", said(text), class_=class_)
