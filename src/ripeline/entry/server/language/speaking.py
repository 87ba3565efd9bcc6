"""What a page fills in, told in a language and with the numbers of whoever reads it."""

from collections.abc import Callable

from jinja2 import Environment

from ripeline.entry.server.language.catalogs import Catalog
from ripeline.entry.server.language.manner import Numbers
from ripeline.entry.server.language.sentences import Sentence


def speak(made: Environment, catalog: Catalog, numbers: Numbers) -> None:
    """Have templates tell sentences, words and numbers so: whatever they put out passes here."""

    def told(value: object) -> object:
        return value.told(catalog, numbers) if value.__class__ is Sentence else value

    def first(filter_: Callable[[object], object]) -> Callable[[object], object]:
        return lambda value: filter_(told(value))

    def worded(filter_: Callable[[str], str]) -> Callable[[str], str]:
        def found(name: str) -> str:
            text = filter_(name)
            return catalog.get(text, text)

        return found

    made.finalize = told
    made.filters |= {name: first(made.filters[name]) for name in ("said", "told", "headed")}
    made.filters |= {name: worded(made.filters[name]) for name in ("called", "yes_no", "worded")}
    made.filters |= {"points": numbers.points, "whole": numbers.whole, "decimal": numbers.decimal}
