"""Templates as HTML: where their texts and attributes begin and end, whatever statements stand between.

Tags of a line, such as <b>, stay within a message; all other tags, and statements, end it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from jinja2 import nodes

from ripeline.entry.server.language.messages import Lookup, told
from ripeline.entry.server.language.parts import (
    Element,
    Items,
    Part,
    Slot,
    Text,
    is_message,
    originals,
    parts_of,
    put_out,
)
from ripeline.entry.server.language.words import Words

READ: Final = frozenset(
    {"alt", "aria-label", "aria-description", "data-label", "data-name", "label", "placeholder", "title"}
)
"""Attributes that people read, or hear."""

OF_A_LINE: Final = frozenset({"a", "abbr", "b", "bdi", "code", "em", "i", "kbd", "small", "span", "strong", "time"})
"""Tags that stand within a sentence."""

CODE: Final = frozenset({"code", "kbd", "pre", "script", "style", "textarea", "time"})
"""Tags whose text nobody translates; times are written by the browser."""

_TAG: Final = re.compile(r"<(!|/?)([a-zA-Z][\w-]*)")
_IN_TAG: Final = re.compile(r"""([\w:@-]+)\s*=\s*(["'])|>""")


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag within a run of text."""

    name: str
    is_end: bool
    items: Items


@dataclass(frozen=True, slots=True)
class Place:
    """Where in HTML we are.

    tag: whose tag is open, "" in text; is_cut: a statement stands in it, so that it cannot be moved; attribute, quote:
    whose value; code: which element is code.
    """

    tag: str = ""
    is_end: bool = False
    is_cut: bool = False
    attribute: str = ""
    quote: str = ""
    code: str = ""


@dataclass(slots=True)
class _Run:
    """What was seen and not yet put out. text: between tags; value: of an attribute; tag: of the tag itself."""

    done: Items = field(default_factory=list)
    text: list[Part | _Tag] = field(default_factory=list)
    tag: Items = field(default_factory=list)
    value: list[Part] = field(default_factory=list)


class Markup:
    """One template, from its top to its end. place: where in it we are."""

    def __init__(self, lookup: Lookup, words: Words) -> None:
        """Take a language."""
        self._lookup, self._words = lookup, words
        self.place = Place()
        self._run = _Run()

    def output(self, node: nodes.Output) -> list[nodes.Node]:
        """Return what is put out there, with its words in the language."""
        for one in node.nodes:
            if isinstance(one, nodes.TemplateData):
                self._html(one.data)
            else:
                self._expression(one)
        self._flush()
        items, self._run = self._run.done, _Run()
        return [one.set_lineno(node.lineno) for one in put_out(items)]

    # ---- HTML -----------------------------------------------------------------------------------------------

    def _html(self, html: str) -> None:
        while html:
            if self.place.quote:
                html = self._in_value(html)
            elif self.place.tag:
                html = self._in_tag(html)
            else:
                html = self._in_text(html)

    def _in_text(self, html: str) -> str:
        """Take text up to the next tag, and its name; in code the end of that alone is a tag."""
        code = self.place.code
        found = re.search(f"<(/)({code})\\b", html) if code else _TAG.search(html)
        text = html[: found.start()] if found else html
        if text:
            self._run.text.append(Text(text, bool(code)))
        if found is None:
            return ""
        self.place = Place(tag=found[2].lower(), is_end=found[1] == "/")
        self._run.tag = [nodes.TemplateData(found[0])]
        return html[found.end() :]

    def _in_tag(self, html: str) -> str:
        found = _IN_TAG.search(html)
        if found is None:
            self._run.tag.append(nodes.TemplateData(html))
            return ""
        self._run.tag.append(nodes.TemplateData(html[: found.end()]))
        if found[0] == ">":
            self._close_tag()
        else:
            self.place = replace(self.place, attribute=found[1].lower(), quote=found[2])
        return html[found.end() :]

    def _in_value(self, html: str) -> str:
        value, quote, rest = html.partition(self.place.quote)
        if value:
            self._run.value.append(Text(value, self.place.attribute not in READ))
        if quote:
            self._close_value()
            self._run.tag.append(nodes.TemplateData(quote))
            self.place = replace(self.place, attribute="", quote="")
        return rest

    def _expression(self, node: nodes.Expr) -> None:
        place = self.place
        if place.quote:
            self._run.value += parts_of(node) if place.attribute in READ else [Slot(node)]
        elif place.tag:
            self._run.tag.append(node)
        else:
            self._run.text += [Slot(node)] if place.code else parts_of(node)

    # ---- runs -------------------------------------------------------------------------------------------------

    def _close_value(self) -> None:
        value, self._run.value = self._run.value, []
        is_read = self.place.attribute in READ
        self._run.tag += self._told(value) if is_read else originals(value, lambda node: node)

    def _close_tag(self) -> None:
        place, items = self.place, self._run.tag
        self._run.tag = []
        self.place = Place(code=place.tag if place.tag in CODE and not place.is_end else "")
        if place.tag in OF_A_LINE and not place.is_cut:
            self._run.text.append(_Tag(place.tag, place.is_end, items))
        else:
            self._end_text()
            self._run.done += items

    def _end_text(self) -> None:
        text, self._run.text = self._run.text, []
        self._run.done += self._each(text)

    def _flush(self) -> None:
        """Put out what was seen so far: a statement follows."""
        self._end_text()
        self._close_value()
        self._run.done += self._run.tag
        self._run.tag = []
        self.place = replace(self.place, is_cut=bool(self.place.tag))

    def _each(self, run: Sequence[Part | _Tag]) -> Items:
        """Return a run; tags that are not opened and closed in it end a message."""
        found: Items = []
        parts: list[Part] = []
        for one in _nested(run):
            if isinstance(one, _Tag):
                found += [*self._told(parts), *one.items]
                parts = []
            else:
                parts.append(one)
        return [*found, *self._told(parts)]

    def _told(self, parts: Sequence[Part]) -> Items:
        if is_message(parts):
            return told(parts, self._lookup, self._words.shown)
        found: Items = []
        for part in parts:
            match part:
                case Element(_, opens, inner, closes):
                    found += [*opens, *self._told(inner), *closes]
                case _:
                    found += originals([part], self._words.shown)
        return found


def _nested(run: Sequence[Part | _Tag]) -> list[Part | _Tag]:
    """Return a run whose tags are elements where they are opened and closed in it."""
    found: list[Part | _Tag] = []
    for one in run:
        at = _opener(found, one) if isinstance(one, _Tag) and one.is_end else None
        if at is None or not isinstance(one, _Tag):
            found.append(one)
            continue
        opens = found[at]
        parts = [part for part in found[at + 1 :] if not isinstance(part, _Tag)]
        found[at:] = [Element(one.name, opens.items if isinstance(opens, _Tag) else [], parts, one.items)]
    return found


def _opener(found: Sequence[Part | _Tag], end: _Tag) -> int | None:
    """Return where an element begins: at the last tag that is still open, if that is of its name."""
    tags = [at for at, one in enumerate(found) if isinstance(one, _Tag)]
    last = found[tags[-1]] if tags else None
    return tags[-1] if isinstance(last, _Tag) and last.name == end.name and not last.is_end else None
