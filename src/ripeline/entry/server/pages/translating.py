"""Templates in another language: their words are found where they stand, and nothing in them has to be marked.

Words are text between tags, attributes that people read, and texts in expressions that read as words: `'Not yet'`, not
`'not_yet'`. Tags of a line, such as <b>, stay within a message; all other tags, and statements of Jinja, end it.
"""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from jinja2 import DictLoader, Environment, Template, nodes
from jinja2.exceptions import TemplateSyntaxError

from ripeline.entry.server.pages.messages import (
    Element,
    Items,
    Lookup,
    Part,
    Slot,
    Text,
    is_message,
    originals,
    parts_of,
    put_out,
    told,
)

READ: Final = frozenset(
    {"alt", "aria-label", "aria-description", "data-label", "data-name", "label", "placeholder", "title"}
)
"""Attributes that people read, or hear."""

OF_A_LINE: Final = frozenset({"a", "abbr", "b", "bdi", "code", "em", "i", "kbd", "small", "span", "strong", "time"})
"""Tags that stand within a sentence."""

CODE: Final = frozenset({"code", "kbd", "pre", "script", "style", "textarea", "time"})
"""Tags whose text nobody translates; times are written by the browser."""

NOT_READ: Final = frozenset({"width"})
"""Blocks that stand within an attribute."""

FOR_MACHINES: Final = frozenset({"format", "replace", "urlencode"})
"""Filters whose texts are not to be read."""

_TAG: Final = re.compile(r"<(!|/?)([a-zA-Z][\w-]*)")
_IN_TAG: Final = re.compile(r"""([\w:@-]+)\s*=\s*(["'])|>""")


class TranslatedLoader(DictLoader):
    """Templates in a language, compiled with their words in place: nothing is looked up when a page is made."""

    def __init__(self, templates: Mapping[str, str], lookup: Lookup) -> None:
        """Take the templates as they are written, and a language."""
        super().__init__(templates)
        self._lookup = lookup

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        """Compile one of them."""
        source, _, uptodate = self.get_source(environment, name)
        tree = translated(environment.parse(source, name), self._lookup)
        tree.set_environment(environment)
        return Template.from_code(environment, environment.compile(tree, name), globals or {}, uptodate)


def messages_of(tree: nodes.Template) -> set[str]:
    """Return what is looked up for a template."""
    found = set[str]()
    translated(tree, found.add)
    return found


def translated(tree: nodes.Template, lookup: Lookup) -> nodes.Template:
    """Return a template in a language; it is put out as it stands where the language lacks something."""
    tree.body = _Walk(lookup).body(tree.body)
    return tree


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag within a run of text."""

    name: str
    is_end: bool
    items: Items


@dataclass(frozen=True, slots=True)
class _Place:
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


class _Walk:
    """One template, from its top to its end."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._place = _Place()
        self._run = _Run()

    # ---- statements ---------------------------------------------------------------------------------------

    def body(self, found: Sequence[nodes.Node]) -> list[nodes.Node]:
        """Return statements with their words in the language."""
        return [one for node in found for one in self._statement(node)]

    def _statement(self, node: nodes.Node) -> list[nodes.Node]:
        match node:
            case nodes.Output():
                return self._output(node)
            case nodes.If():
                self._branches(node)
            case nodes.For(iter=nodes.Expr() as each):
                node.iter = self._words(each)
                node.body, node.else_ = self.body(node.body), self.body(node.else_)
            case nodes.Block(name=name) if name in NOT_READ:
                pass
            case nodes.Macro() | nodes.CallBlock():
                node.defaults = [self._words(one) for one in node.defaults]
                if isinstance(node, nodes.CallBlock):
                    self._arguments(node.call)
                node.body = self.body(node.body)
            case nodes.Block() | nodes.AssignBlock() | nodes.With() | nodes.Scope():
                node.body = self.body(node.body)
            case nodes.Assign(node=nodes.Expr() as value):
                node.node = self._words(value)
            case _:
                pass
        return [node]

    def _branches(self, node: nodes.If) -> None:
        """Each branch begins where the first does, and all end at one place."""
        begins, ends = self._place, []
        for branch in (node, *node.elif_):
            self._place = begins
            branch.body = self.body(branch.body)
            ends.append(self._place)
        self._place = begins
        node.else_ = self.body(node.else_)
        if set(ends) != {self._place}:
            raise TemplateSyntaxError("one branch ends within a tag, another does not", node.lineno)

    def _output(self, node: nodes.Output) -> list[nodes.Node]:
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
            if self._place.quote:
                html = self._in_value(html)
            elif self._place.tag:
                html = self._in_tag(html)
            else:
                html = self._in_text(html)

    def _in_text(self, html: str) -> str:
        """Take text up to the next tag, and its name; in code the end of that alone is a tag."""
        code = self._place.code
        found = re.search(f"<(/)({code})\\b", html) if code else _TAG.search(html)
        text = html[: found.start()] if found else html
        if text:
            self._run.text.append(Text(text, bool(code)))
        if found is None:
            return ""
        self._place = _Place(tag=found[2].lower(), is_end=found[1] == "/")
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
            self._place = replace(self._place, attribute=found[1].lower(), quote=found[2])
        return html[found.end() :]

    def _in_value(self, html: str) -> str:
        value, quote, rest = html.partition(self._place.quote)
        if value:
            self._run.value.append(Text(value, self._place.attribute not in READ))
        if quote:
            self._close_value()
            self._run.tag.append(nodes.TemplateData(quote))
            self._place = replace(self._place, attribute="", quote="")
        return rest

    def _expression(self, node: nodes.Expr) -> None:
        place = self._place
        if place.quote:
            self._run.value += parts_of(node) if place.attribute in READ else [Slot(node)]
        elif place.tag:
            self._run.tag.append(node)
        else:
            self._run.text += [Slot(node)] if place.code else parts_of(node)

    # ---- runs -------------------------------------------------------------------------------------------------

    def _close_value(self) -> None:
        value, self._run.value = self._run.value, []
        is_read = self._place.attribute in READ
        self._run.tag += self._told(value) if is_read else originals(value, lambda node: node)

    def _close_tag(self) -> None:
        place, items = self._place, self._run.tag
        self._run.tag = []
        self._place = _Place(code=place.tag if place.tag in CODE and not place.is_end else "")
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
        self._place = replace(self._place, is_cut=bool(self._place.tag))

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
            return told(parts, self._lookup, self._shown)
        found: Items = []
        for part in parts:
            match part:
                case Element(_, opens, inner, closes):
                    found += [*opens, *self._told(inner), *closes]
                case _:
                    found += originals([part], self._shown)
        return found

    # ---- words in expressions -------------------------------------------------------------------------------

    def _shown(self, node: nodes.Expr) -> nodes.Expr:
        """Return an expression that is put out as text: each text in it is to be read."""
        match node:
            case nodes.Const(value=str(text)) if any(map(str.isalpha, text)):
                return nodes.Const(self._text(text))
            case nodes.CondExpr():
                node.expr1, node.expr2 = self._shown(node.expr1), node.expr2 and self._shown(node.expr2)
            case nodes.Or():
                node.left, node.right = self._shown(node.left), self._shown(node.right)
            case nodes.Filter(name=name, node=nodes.Expr() as inner) if name not in FOR_MACHINES:
                node.node = self._shown(inner)
                self._arguments(node)
            case _:
                return self._words(node)
        return node

    def _words(self, node: nodes.Expr) -> nodes.Expr:
        """Return an expression that a page works with: texts in it that read as words are in the language."""
        match node:
            case nodes.Const(value=str(text)) if _reads_as_words(text):
                return nodes.Const(self._text(text))
            case nodes.CondExpr():
                node.expr1, node.expr2 = self._words(node.expr1), node.expr2 and self._words(node.expr2)
            case nodes.Or():
                node.left, node.right = self._words(node.left), self._words(node.right)
            case nodes.Concat():
                node.nodes = [self._words(one) for one in node.nodes]
            case nodes.Tuple() | nodes.List():
                node.items = [self._words(one) for one in node.items]
            case nodes.Dict():
                node.items = [nodes.Pair(one.key, self._words(one.value)) for one in node.items]
            case nodes.Filter(name=name, node=nodes.Expr() as inner) if name not in FOR_MACHINES:
                node.node = self._words(inner)
                self._arguments(node)
            case nodes.Call():
                self._arguments(node)
            case _:
                pass
        return node

    def _text(self, text: str) -> str:
        """Return a text in the language; the blanks around it stay."""
        words = text.strip()
        return text.replace(words, self._lookup(words) or words)

    def _arguments(self, node: nodes.Call | nodes.Filter) -> None:
        if isinstance(node, nodes.Filter) and node.name in FOR_MACHINES:
            return
        node.args = [self._words(one) for one in node.args]
        for one in node.kwargs:
            if isinstance(one, nodes.Keyword):
                one.value = self._words(one.value)


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


def _reads_as_words(text: str) -> bool:
    text = text.strip()
    return text[:1].isupper() or (" " in text and any(map(str.isalpha, text)) and "/" not in text)
