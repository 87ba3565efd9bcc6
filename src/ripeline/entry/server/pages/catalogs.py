"""Catalogs: what the texts of pages are in other languages. A language is a file; no program has to know it."""

import gettext
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from babel.messages.pofile import read_po

Catalog = Mapping[str, str]
FOLDER: Final = resources.files("ripeline.entry.server.pages").joinpath("locale")


@cache
def languages() -> frozenset[str]:
    """Return the languages that there is a catalog of, such as "de" or "pt_BR"."""
    return frozenset(one.name for one in FOLDER.iterdir() if one.is_dir() and _files(one))


@cache
def catalog_of(language: str) -> Catalog:
    """Return what messages are in a language; nothing where there is no catalog of it."""
    if language not in languages():
        return {}
    return read(_files(FOLDER.joinpath(language))[0])


def read(file: Traversable) -> Catalog:
    """Return what a file says, translated by a person and finished, .po or .mo."""
    with file.open("rb") as opened:
        if file.name.endswith(".mo"):
            found = vars(gettext.GNUTranslations(opened))["_catalog"]
            return {one: text for one, text in found.items() if isinstance(one, str) and one and text}
        told = ((one.id, one.string) for one in read_po(opened) if not one.fuzzy)
        return {one: text for one, text in told if isinstance(one, str) and isinstance(text, str) and one and text}


def _files(language: Traversable) -> list[Traversable]:
    folder = language.joinpath("LC_MESSAGES")
    return [one for name in ("ripeline.po", "ripeline.mo") if (one := folder.joinpath(name)).is_file()]
