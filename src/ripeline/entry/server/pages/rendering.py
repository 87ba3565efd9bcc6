"""Pages made of templates: what is put in is escaped, and nothing that is missing passes for empty."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from jinja2 import DictLoader, Environment, StrictUndefined

from ripeline.entry.server.language.catalogs import Catalog, catalog_in
from ripeline.entry.server.language.manner import PLAIN, Manner
from ripeline.entry.server.language.sentences import Sentence, _
from ripeline.entry.server.language.speaking import speak
from ripeline.entry.server.language.translating import TranslatedLoader
from ripeline.vocabulary.plain_text import one_line
from ripeline.vocabulary.points import shown_text

FILES: Final = "/static/"
LONGEST_SENTENCE: Final = 2_000
LONGEST: Final = 120
"""What somebody wrote is cut there: it may be a whole page."""

CALLED: Final[Mapping[str, str]] = {
    "mql": "MQL",
    "fit_level": "fit",
    "engagement_level": "interest",
    "follow_up": "follow up",
    "meets_definition": "meets the definition",
    "read_only": "read only",
}
"""What is not called as it is written."""

YES_NO: Final[Mapping[str, str]] = {"true": _("yes"), "false": _("no")}

HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "cache-control": "no-store",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
"""What every page is sent with: it runs our own files alone, is kept by nobody, and stands in no frame."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that pages load, by an address that changes with what is in it, so that browsers may keep it."""

    name: str
    body: bytes
    packed: bytes

    @property
    def path(self) -> str:
        """Where pages load it from."""
        return f"{FILES}{sha256(self.body).hexdigest()[:12]}/{self.name}"


@cache
def files() -> Mapping[str, File]:
    """Return the files of pages by their names."""
    found = ((one.name, one.read_bytes()) for one in _folder("files").iterdir() if one.is_file())
    return {name: File(name, body, gzip.compress(body, mtime=0)) for name, body in found}


def rendered(template: str, told: Mapping[str, object], manner: Manner = PLAIN) -> str:
    """Return a page, or a part of one, in the manner of whoever reads it."""
    return _environment(manner).get_template(template).render(told)


@cache
def templates() -> Mapping[str, str]:
    """Return the templates as they are written, by their names."""
    return {one.name: one.read_text("utf-8") for one in _folder("templates").iterdir() if one.name.endswith(".html")}


@cache
def _environment(manner: Manner) -> Environment:
    return environment(catalog_in(manner.file), manner)


def environment(catalog: Catalog, manner: Manner = PLAIN) -> Environment:
    """Return what makes pages in a language, and writes numbers as its readers do."""
    loader = TranslatedLoader(templates(), catalog.get) if catalog else DictLoader(templates())
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals |= {"file": lambda name: files()[name].path, "language": manner.language.replace("_", "-")}
    made.filters |= {"points": shown_text, "whole": "{:,}".format, "decimal": str, "headed": headed}
    made.filters |= {"said": said, "told": told, "called": called, "yes_no": yes_no, "worded": str}
    if catalog or manner != PLAIN:
        speak(made, catalog, manner.numbers)
    return made


@lru_cache(maxsize=1024)
def called(name: str) -> str:
    """Return how people call a stage, an action or a column.

    >>> called("mql"), called("sales_accepted"), called("engagement_level")
    ('MQL', 'sales accepted', 'interest')
    """
    return Sentence(CALLED.get(name, name.replace("_", " ")), {})


def yes_no(value: str) -> str:
    """Return how people call a value of a column.

    >>> yes_no("true"), yes_no("sales_accepted")
    ('yes', 'sales accepted')
    """
    return YES_NO.get(value) or called(value)


def headed(text: str) -> str:
    """Return a text as a heading begins.

    >>> headed("first an MQL")
    'First an MQL'
    """
    return text[:1].upper() + text[1:]


def said(text: str | None) -> str:
    r"""Return what somebody wrote on one line that does no harm, cut where it is very long.

    >>> said("a\u202eb\n"), said(None), len(said("x" * 500))
    ('a b', '', 120)
    """
    shown = one_line((text or "")[: 4 * LONGEST])
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def told(text: str) -> str:
    """Return a sentence of ours on one line, in which words of others may stand: it is not cut so soon."""
    return one_line(text[:LONGEST_SENTENCE])


def _folder(name: str) -> Traversable:
    return resources.files("ripeline.entry.server.pages").joinpath(name)
