"""Words in expressions of templates: texts that are put out, and others that read as words."""

from typing import Final

from jinja2 import nodes

from ripeline.entry.server.language.messages import Lookup

FOR_MACHINES: Final = frozenset({"format", "replace", "urlencode"})
"""Filters whose texts are not to be read."""


class Words:
    """Gives expressions in a language. They are changed where they stand."""

    def __init__(self, lookup: Lookup) -> None:
        """Take a language."""
        self._lookup = lookup

    def shown(self, node: nodes.Expr) -> nodes.Expr:
        """Return an expression that is put out as text: each text in it is to be read."""
        match node:
            case nodes.Const(value=str(text)) if any(map(str.isalpha, text)):
                return nodes.Const(self._text(text))
            case nodes.CondExpr():
                node.expr1, node.expr2 = self.shown(node.expr1), node.expr2 and self.shown(node.expr2)
            case nodes.Or():
                node.left, node.right = self.shown(node.left), self.shown(node.right)
            case nodes.Filter(name=name, node=nodes.Expr() as inner) if name not in FOR_MACHINES:
                node.node = self.shown(inner)
                self.arguments(node)
            case _:
                return self.used(node)
        return node

    def used(self, node: nodes.Expr) -> nodes.Expr:
        """Return an expression that a page works with: texts in it that read as words are in the language."""
        match node:
            case nodes.Const(value=str(text)) if _reads_as_words(text):
                return nodes.Const(self._text(text))
            case nodes.CondExpr():
                node.expr1, node.expr2 = self.used(node.expr1), node.expr2 and self.used(node.expr2)
            case nodes.Or():
                node.left, node.right = self.used(node.left), self.used(node.right)
            case nodes.Concat():
                node.nodes = [self.used(one) for one in node.nodes]
            case nodes.Tuple() | nodes.List():
                node.items = [self.used(one) for one in node.items]
            case nodes.Dict():
                node.items = [nodes.Pair(one.key, self.used(one.value)) for one in node.items]
            case nodes.Filter(name=name, node=nodes.Expr() as inner) if name not in FOR_MACHINES:
                node.node = self.used(inner)
                self.arguments(node)
            case nodes.Call(node=nodes.Name()):
                self.arguments(node)
            case _:
                pass
        return node

    def _text(self, text: str) -> str:
        """Return a text in the language; the blanks around it stay."""
        words = text.strip()
        return text.replace(words, self._lookup(words) or words)

    def arguments(self, node: nodes.Call | nodes.Filter) -> None:
        """Have what a macro or a filter is given in the language."""
        if isinstance(node, nodes.Filter) and node.name in FOR_MACHINES:
            return
        node.args = [self.used(one) for one in node.args]
        for one in node.kwargs:
            if isinstance(one, nodes.Keyword):
                one.value = self.used(one.value)


def _reads_as_words(text: str) -> bool:
    text = text.strip()
    return text[:1].isupper() or (" " in text and any(map(str.isalpha, text)) and "/" not in text)
