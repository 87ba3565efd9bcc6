"""What a run of a template consists of: words, what a page fills in, choices between words, and elements within a line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from typing import cast

from jinja2 import nodes
from markupsafe import escape

Items = list[nodes.Expr | nodes.If]
"""What is put out, one after another."""

Plain = Callable[[nodes.Expr], nodes.Expr]
"""Gives what becomes of what a page fills in: there may be words in it."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words, as they stand in HTML. is_code: nobody translates it."""

    html: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """What a page fills in."""

    node: nodes.Expr


@dataclass(frozen=True, slots=True)
class Choice:
    """One of two, by what a page knows."""

    node: nodes.CondExpr
    yes: "Sequence[Part]"
    no: "Sequence[Part]"


@dataclass(frozen=True, slots=True)
class Element:
    """What stands within a tag, such as <b>."""

    name: str
    opens: Items
    parts: "Sequence[Part]"
    closes: Items


Part = Text | Slot | Choice | Element


def parts_of(node: nodes.Expr) -> list[Part]:
    """Return what an expression puts out, with the words that it chooses from."""
    match node:
        case nodes.Const(value=str(text)):
            return [Text(str(escape(text)))]
        case nodes.Concat():
            return [part for one in node.nodes for part in parts_of(one)]
        case nodes.CondExpr():
            yes, no = parts_of(node.expr1), parts_of(node.expr2) if node.expr2 else []
            return [Choice(node, yes, no)] if has_words([*yes, *no]) else [Slot(node)]
        case _:
            return [Slot(node)]


def has_words(parts: Sequence[Part]) -> bool:
    """Say whether anything of it is to be read, elements included."""
    return any(has_words(part.parts) if isinstance(part, Element) else _is_word(part) for part in parts)


def is_message(parts: Sequence[Part]) -> bool:
    """Say whether there are words beside the elements: else each element is one for itself."""
    return any(_is_word(part) for part in parts)


def originals(parts: Sequence[Part], plain: Plain) -> Items:
    """Return parts as they stand in the template."""
    found: Items = []
    for part in parts:
        match part:
            case Text(html):
                found.append(nodes.TemplateData(html))
            case Slot(node):
                found.append(plain(node))
            case Choice(node):
                found.append(node)
            case Element(_, opens, inner, closes):
                found += [*opens, *originals(inner, plain), *closes]
    return found


def put_out(items: Items) -> list[nodes.Node]:
    """Return items as statements."""
    found: list[nodes.Node] = []
    for is_if, some in groupby(items, lambda item: isinstance(item, nodes.If)):
        each = list(some)
        found += each if is_if else [nodes.Output(cast("list[nodes.Expr]", each))]
    return found


def _is_word(part: Part) -> bool:
    match part:
        case Text(html, is_code):
            return not is_code and any(map(str.isalpha, unescape(html)))
        case Choice(_, yes, no):
            return has_words([*yes, *no])
        case _:
            return False
