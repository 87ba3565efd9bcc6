"""What a run of a template is to a translator: a message with names for what differs, and back again.

`<b>{{ one.total|whole }}</b> leads` is "{total} leads", `See <a href="…">the log</a>` is "See <a>the log</a>", and a choice
between words makes a message of each: `{{ n }} lead{{ '' if n == 1 else 's' }}` is "{n} lead" and "{n} leads". A text that
lacks a name, or has one twice, is not used. All of it is done once, when a template is compiled.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import count, product
from typing import Final

from jinja2 import nodes
from markupsafe import escape

from ripeline.entry.server.language.parts import (
    Choice,
    Element,
    Items,
    Part,
    Plain,
    Slot,
    Text,
    has_words,
    originals,
    put_out,
)

Lookup = Callable[[str], str | None]
"""Gives what a message is in a language, None where the language lacks it."""

Answers = Sequence[tuple[nodes.Expr, bool]]

MOST_CHOICES: Final = 3
"""In a message: each doubles the messages that are made of it."""

_TOKEN: Final = re.compile(r"(\{\w+\}|</?\w+>)")
_BLANKS: Final = re.compile(r"[ \t\r\n]+")


def has_letters(message: str) -> bool:
    """Say whether there is anything to translate beside names."""
    return any(map(str.isalpha, _TOKEN.sub("", message)))


def told(parts: Sequence[Part], lookup: Lookup, plain: Plain) -> Items:
    """Return a message in a language, as it was where the language lacks it."""
    tests = _tests(parts)[:MOST_CHOICES]
    every = {
        chosen: _chosen(parts, list(zip(tests, chosen, strict=True)))
        for chosen in product((True, False), repeat=len(tests))
    }
    found = {chosen: _translated(one, lookup, plain) for chosen, one in every.items()}
    if not any(found.values()):
        return originals(parts, plain)
    filled = {chosen: found[chosen] or originals(one, plain) for chosen, one in every.items()}
    return _by_choice(tests, (), filled)


@dataclass(slots=True)
class _Message:
    """A message while it is put together. items: what each of its names stands for."""

    text: str = ""
    items: dict[str, Items] = field(default_factory=dict)

    def add(self, parts: Sequence[Part], plain: Plain) -> None:
        """Put parts at its end."""
        for part in parts:
            match part:
                case Text(html):
                    self.text += _BLANKS.sub(" ", unescape(html))
                case Element(name, opens, inner, closes) if has_words(inner):
                    own = self._own(name, "<{}>")
                    self._token(f"<{own}>", opens)
                    self.add(inner, plain)
                    self._token(f"</{own}>", closes)
                case _:
                    self._token(self._own(_name(part), "{{{}}}").join("{}"), originals([part], plain))

    def _own(self, name: str, form: str) -> str:
        taken = (name if at == 1 else f"{name}_{at}" for at in count(1))
        return next(one for one in taken if form.format(one) not in self.items)

    def _token(self, token: str, items: Items) -> None:
        self.text += token
        self.items[token] = items


def _translated(parts: Sequence[Part], lookup: Lookup, plain: Plain) -> Items:
    """Return what a language has for a message, nothing where it lacks it or has something else."""
    made = _Message()
    made.add(parts, plain)
    message = made.text.strip()
    text = lookup(message) if has_letters(message) else None
    if text is None or not _fits(text, made.items):
        return []
    before, after = made.text[: -len(made.text.lstrip())], made.text[len(made.text.rstrip()) :]
    return [item for token in _TOKEN.split(before + text.strip() + after) if token for item in _put(token, made.items)]


def _put(token: str, items: Mapping[str, Items]) -> Items:
    return items.get(token) or [nodes.TemplateData(str(escape(token)))]


def _fits(text: str, items: Mapping[str, Items]) -> bool:
    """Say whether a text has each name once, and elements closed in the order in which they are opened."""
    found = [token for token in _TOKEN.findall(text) if token in items]
    opened: list[str] = []
    for token in found:
        if token.startswith("</"):
            if not opened or opened.pop() != token.replace("/", ""):
                return False
        elif token.startswith("<"):
            opened.append(token)
    return sorted(found) == sorted(items)


def _tests(parts: Sequence[Part]) -> list[nodes.Expr]:
    """Return what is asked by choices, each once."""
    found: list[nodes.Expr] = []
    for part in parts:
        match part:
            case Choice(node, yes, no):
                found += [one for one in (node.test, *_tests(yes), *_tests(no)) if one not in found]
            case Element(_, _, inner):
                found += [one for one in _tests(inner) if one not in found]
            case _:
                pass
    return found


def _chosen(parts: Sequence[Part], answers: Answers) -> list[Part]:
    """Return parts where choices have been made; choices that nobody answers are filled in by the page."""
    found: list[Part] = []
    for part in parts:
        match part:
            case Choice(node, yes, no):
                answer = next((answer for test, answer in answers if test == node.test), None)
                found += [Slot(node)] if answer is None else _chosen(yes if answer else no, answers)
            case Element(name, opens, inner, closes):
                found.append(Element(name, opens, _chosen(inner, answers), closes))
            case _:
                found.append(part)
    return found


def _by_choice(tests: Sequence[nodes.Expr], chosen: tuple[bool, ...], found: Mapping[tuple[bool, ...], Items]) -> Items:
    if len(chosen) == len(tests):
        return found[chosen]
    yes, no = (put_out(_by_choice(tests, (*chosen, answer), found)) for answer in (True, False))
    return [nodes.If(tests[len(chosen)], yes, [], no)]


def _name(part: Part) -> str:
    """Return what a translator calls a part: the word that the template has for it."""
    match part:
        case Element(name, _, inner):
            return next((_name(one) for one in inner if isinstance(one, Slot | Element)), name)
        case Slot(node):
            return _word(node) or "value"
        case _:
            return "value"


def _word(node: nodes.Node | None) -> str:
    match node:
        case (
            nodes.Name(name=str(name)) | nodes.Getattr(attr=str(name)) | nodes.Getitem(arg=nodes.Const(value=str(name)))
        ):
            return re.sub(r"\W", "_", name)
        case nodes.Filter() | nodes.Call() | nodes.Getitem():
            return _word(node.node)
        case nodes.Or():
            return _word(node.left)
        case _:
            return ""
