"""Templates in another language: their words are found where they stand, and nothing in them has to be marked.

Words are text between tags, attributes that people read, and texts in expressions that read as words: `'Not yet'`, not
`'not_yet'`.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, Final

from jinja2 import DictLoader, Environment, Template, nodes
from jinja2.exceptions import TemplateSyntaxError

from ripeline.entry.server.language.markup import Markup
from ripeline.entry.server.language.messages import Lookup
from ripeline.entry.server.language.words import Words

NOT_READ: Final = frozenset({"width"})
"""Blocks that stand within an attribute."""


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


class _Walk:
    """One template, statement by statement."""

    def __init__(self, lookup: Lookup) -> None:
        self._words = Words(lookup)
        self._markup = Markup(lookup, self._words)

    def body(self, found: Sequence[nodes.Node]) -> list[nodes.Node]:
        """Return statements with their words in the language."""
        return [one for node in found for one in self._statement(node)]

    def _statement(self, node: nodes.Node) -> list[nodes.Node]:
        match node:
            case nodes.Output():
                return self._markup.output(node)
            case nodes.If():
                self._branches(node)
            case nodes.For(iter=nodes.Expr() as each):
                node.iter = self._words.used(each)
                node.body, node.else_ = self.body(node.body), self.body(node.else_)
            case nodes.Block(name=name) if name in NOT_READ:
                pass
            case nodes.Macro() | nodes.CallBlock():
                node.defaults = [self._words.used(one) for one in node.defaults]
                if isinstance(node, nodes.CallBlock):
                    self._words.arguments(node.call)
                node.body = self.body(node.body)
            case nodes.Block() | nodes.AssignBlock() | nodes.With() | nodes.Scope():
                node.body = self.body(node.body)
            case nodes.Assign(node=nodes.Expr() as value):
                node.node = self._words.used(value)
            case _:
                pass
        return [node]

    def _branches(self, node: nodes.If) -> None:
        """Each branch begins where the first does, and all end at one place."""
        begins, ends = self._markup.place, []
        for branch in (node, *node.elif_):
            self._markup.place = begins
            branch.body = self.body(branch.body)
            ends.append(self._markup.place)
        self._markup.place = begins
        node.else_ = self.body(node.else_)
        if set(ends) != {self._markup.place}:
            raise TemplateSyntaxError("one branch ends within a tag, another does not", node.lineno)
