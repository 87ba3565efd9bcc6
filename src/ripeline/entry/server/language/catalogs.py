"""Catalogs: what the texts of pages are in other languages. A language is a file; no program has to know it."""

import gettext
import logging
import struct
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from babel.messages.pofile import PoFileError, read_po

from ripeline.entry.log import note

Catalog = Mapping[str, str]
FOLDER: Final = Path(str(resources.files("ripeline.entry.server.language").joinpath("locale")))
"""What comes with Ripeline; a workspace may have a folder of that name, too, which goes before."""

NAMES: Final = ("ripeline.mo", "ripeline.po")
"""Of files in a language's folder LC_MESSAGES; what can be read by people goes before."""


@cache
def languages(workspace: Path | None) -> Mapping[str, Path]:
    """Return the languages that there is a catalog of, such as "de" or "pt_BR", with its file."""
    folders = (FOLDER,) if workspace is None else (FOLDER, workspace / FOLDER.name)
    files = (file for folder in folders for name in NAMES for file in folder.glob(f"*/LC_MESSAGES/{name}"))
    return {file.parts[-3]: file for file in files}


@cache
def catalog_in(file: Path | None) -> Catalog:
    """Return what a file says that is translated and looked over, .po or .mo."""
    if file is None:
        return {}
    try:
        return _read(file)
    except (OSError, PoFileError, ValueError, struct.error) as error:
        note("a translation cannot be read", logging.ERROR, language=file.parts[-3], error=type(error).__name__)
        return {}


def _read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        if file.suffix == ".mo":
            return _texts(vars(gettext.GNUTranslations(opened))["_catalog"])
        return _texts({str(one.id): one.string for one in read_po(opened, abort_invalid=True) if not one.fuzzy})


def _texts(found: Mapping[str, object]) -> Catalog:
    return {one: text for one, text in found.items() if one and text and isinstance(text, str)}
