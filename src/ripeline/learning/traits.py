"""Traits as history holds them, with a column for each reading, as numbers or texts to learn from."""

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from ripeline.learning.arrays import Floats, Whole
from ripeline.learning.sample import ELSE, UNKNOWN, Numbers, Texts, Trait
from ripeline.vocabulary.points import MICRO

LEAST_OF_A_LEVEL: Final = 5
"""A text that fewer rows have has no name of its own."""

MOST_LEVELS: Final = 100

LONGEST_NAMED: Final = 100

_ID: Final = re.compile(r"(?:^|[^A-Za-z])(?i:id)$|[a-z]I[dD]$")

Readings = Mapping[str, npt.NDArray[np.generic]]
"""Masked arrays by twin: text, number in millionths, boolean, and age in days of a date."""


def is_name(trait: str) -> bool:
    """Say whether what a trait holds names something, though it may read as a number.

    >>> is_name("org_id"), is_name("landingPageId"), is_name("paid")
    (True, True, False)
    """
    return _ID.search(trait) is not None


def is_writable(text: str) -> bool:
    """Say whether a condition can name a text."""
    return text.isprintable() and len(text) <= LONGEST_NAMED


def trait_of(readings: Readings, rows: int) -> Trait:
    """Return a trait: a number, date or boolean where all that is known of it is one; else a text."""
    known = {twin: ~np.ma.getmaskarray(column) for twin, column in readings.items()}
    anything = np.any([np.zeros(rows, dtype=np.bool_), *known.values()], axis=0)
    if (whole := _whole(known, anything)) is None:
        return _texts(readings["text"], anything) if "text" in readings else Texts(_else(anything), (ELSE,))
    column = readings[whole]
    match whole:
        case "age":
            return Numbers(_floats(column), is_age=True)
        case "number":
            return Numbers(_floats(column) / MICRO)
    told = np.ma.filled(column, False).astype(np.int64)  # noqa: FBT003 - what is not known is masked anyway
    return Texts(np.where(anything, told, UNKNOWN), ("false", "true"), is_boolean=True)


def _whole(known: Mapping[str, npt.NDArray[np.bool_]], anything: npt.NDArray[np.bool_]) -> str | None:
    """Return the reading that all that is known has, the most telling first."""
    there = (twin for twin in ("age", "number", "boolean") if twin in known)
    return next((twin for twin in there if anything.any() and (known[twin] == anything).all()), None)


def _floats(column: npt.NDArray[np.generic]) -> Floats:
    return np.ma.filled(column.astype(np.float64), np.nan)


def _else(anything: npt.NDArray[np.bool_]) -> Whole:
    return np.where(anything, 0, UNKNOWN)


def _texts(column: npt.NDArray[np.generic], anything: npt.NDArray[np.bool_]) -> Texts:
    told = np.flatnonzero(~np.ma.getmaskarray(column))
    levels, place, rows = np.unique(np.ma.getdata(column)[told].astype(str), return_inverse=True, return_counts=True)
    named = np.argsort(-rows, kind="stable")[:MOST_LEVELS]
    named = np.sort(named[rows[named] >= LEAST_OF_A_LEVEL])
    named = named[[is_writable(str(levels[place])) for place in named]] if len(named) else named
    code_of = np.zeros(len(levels), dtype=np.int64)
    code_of[named] = np.arange(1, len(named) + 1)
    codes = _else(anything)
    codes[told] = code_of[place]
    return Texts(codes, (ELSE, *(str(level) for level in levels[named])))
