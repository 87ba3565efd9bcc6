"""What a job title says of rank and trade, read by tables of words and phrases.

A title is cut into clauses at commas, brackets and little words such as "of". In the first clause that
names a rank, the highest wins, but a staff word takes back what stood before it (Manager Assistant) and a
trainee stays one. The heaviest word names the function: an occupation before a department, a department
before a setting, a setting before a mere hint; of two equals the last wins (IT Recruiter), unless "and"
joins them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ripeline.vocabulary.plain_text import bare_letters

Seniority = Literal["intern", "staff", "manager", "head", "director", "vp", "chief"]
Role = Literal["word", "of", "and", "stop"]

SENIORITIES: Final[tuple[Seniority, ...]] = ("intern", "staff", "manager", "head", "director", "vp", "chief")
"""Ranks, lowest first."""

FUNCTIONS: Final = (
    "administration", "agriculture", "construction", "consulting", "data", "design", "education",
    "engineering", "finance", "general_management", "health", "hospitality", "hr", "it", "legal",
    "logistics", "maintenance", "marketing", "media", "operations", "product", "production",
    "project_management", "public_service", "purchasing", "quality", "research", "sales",
    "social_services", "support",
)  # fmt: skip
"""Every function a title may have."""

WEIGHTS: Final = ("hint", "setting", "department", "occupation")
"""How much a word says of the function, least first."""

LONGEST_TITLE = 300
"""Letters of a title that are read: anyone can send a longer text, and nobody has a longer title."""

NO_RANK = -1
_INTERN = SENIORITIES.index("intern")
_STAFF = SENIORITIES.index("staff")
_DEPARTMENT = WEIGHTS.index("department")

_PARTS = re.compile(r"[,;:|()\[\]@\u2013\u2014\u2022]| -|- ")
_WORDS = re.compile(r"[^\W_]+|[&/+]")
# Leiter/in, Chef(fe), Verkäufer*in, Manager (m/w/d): the ending tells of a person's sex, not of the work.
_GENDER = re.compile(
    r"(?<=[^\W\d_]{3})[(/*:_\u00b7]-?(?:in|innen|frau|e|fe|a|o|r|ra|ka|ne|se|te|ice|rice|trice|euse|ere)\b\)?"
    r"|\(?\b[mwfhdx](?:[/|][mwfhdxn]){1,2}\b\)?"
)
_LINKS = ("", "s", "es", "n", "en", "e")
"""What German, Dutch and the Nordic languages put between the halves of a compound."""
_SHORTEST_LINKED = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one phrase says: a rank (or NO_RANK), a function with its weight, or what a little word does."""

    role: Role = "word"
    rank: int = NO_RANK
    works: bool = False
    function: str | None = None
    weight: int = 0


@dataclass(frozen=True, slots=True)
class TitleWords:
    """The table of titles, arranged for reading.

    phrases: by bare words; ^ and $ stand for the beginning and the end of a part.
    lengths: first word of a phrase -> how many words such phrases have, longest first.
    frames: first word -> (last word, meaning), for pairs with anything between: chief ... officer.
    beginnings, endings: the halves of compounds such as Vertriebs-leiter.
    """

    phrases: Mapping[str, Meaning]
    lengths: Mapping[str, tuple[int, ...]]
    frames: Mapping[str, tuple[str, Meaning]]
    beginnings: Mapping[str, Meaning]
    endings: Mapping[str, Meaning]


@dataclass(frozen=True, slots=True)
class TitleReading:
    """Seniority and function of a title; None where it does not tell."""

    seniority: Seniority | None
    function: str | None


def read_title(title: str, table: TitleWords) -> TitleReading:
    """Return what a title says, whatever text it is."""
    clauses = _clauses(title, table)
    rank = next((found for clause in clauses if (found := _rank(clause)) != NO_RANK), NO_RANK)
    if rank == NO_RANK and any(meaning.works for clause in clauses for meaning in clause):
        rank = _STAFF
    return TitleReading(None if rank == NO_RANK else SENIORITIES[rank], _function(clauses))


def _rank(clause: Sequence[Meaning]) -> int:
    best = NO_RANK
    for meaning in clause:
        if meaning.rank == _INTERN:
            return _INTERN
        best = _STAFF if meaning.rank == _STAFF else max(best, meaning.rank)
    return best


def _function(clauses: Sequence[Sequence[Meaning]]) -> str | None:
    """The function of the first clause that names a department, else the heaviest there is."""
    best, weight = None, -1
    for clause in clauses:
        heaviest = _heaviest(clause)
        if heaviest.function is not None and heaviest.weight > weight:
            best, weight = heaviest.function, heaviest.weight
        if weight >= _DEPARTMENT:
            break
    return best


def _heaviest(clause: Sequence[Meaning]) -> Meaning:
    best, joined = Meaning(weight=-1), False
    for meaning in clause:
        if meaning.role == "and":
            joined = True
        elif meaning.function is not None:
            if meaning.weight > best.weight or (meaning.weight == best.weight and not joined):
                best = meaning
            joined = False
    return best


def _clauses(title: str, table: TitleWords) -> list[list[Meaning]]:
    """The meanings of a title's phrases, clause by clause, up to a word that ends it."""
    clauses: list[list[Meaning]] = []
    for part in _PARTS.split(_GENDER.sub(" ", bare_letters(title[:LONGEST_TITLE]))):
        clauses.append([])
        for meaning in _meanings(part, table):
            if meaning.role == "stop":
                return clauses
            if meaning.role == "of":
                clauses.append([])
            else:
                clauses[-1].append(meaning)
    return clauses


def _meanings(part: str, table: TitleWords) -> list[Meaning]:
    """The meanings of the longest phrases, from left to right."""
    words = ["^", *("and" if word in "&/+" else word for word in _WORDS.findall(part)), "$"]
    found: list[Meaning] = []
    at = 0
    while at < len(words):
        taken, meanings = _phrase_at(words, at, table)
        found += meanings
        at += taken
    return found


def _phrase_at(words: list[str], at: int, table: TitleWords) -> tuple[int, Sequence[Meaning]]:
    """How many words the longest phrase that begins here takes, and what it says."""
    word = words[at]
    for length in table.lengths.get(word, ()):
        meaning = table.phrases.get(" ".join(words[at : at + length]))
        if meaning is not None and at + length <= len(words):
            if length == 1 and word in table.frames and table.frames[word][0] in words[at:]:
                return 1, (table.frames[word][1],)
            return length, (meaning,)
    return 1, _lone_word(word, table)


def _lone_word(word: str, table: TitleWords) -> Sequence[Meaning]:
    """A word no phrase has: a plural, or a compound whose ending is known."""
    if word.endswith("s") and (single := table.phrases.get(word[:-1])) is not None:
        return (single,)
    for cut in range(2, len(word) - 2):
        ending = table.endings.get(word[cut:])
        if ending is not None:
            beginning = _beginning(word[:cut], table)
            return (ending,) if beginning is None else (beginning, ending)
    return ()


def _beginning(half: str, table: TitleWords) -> Meaning | None:
    """The first half of a compound, read for its function alone."""
    for link in _LINKS:
        stem = half.removesuffix(link)
        if link and len(stem) < _SHORTEST_LINKED:
            continue
        meaning = table.beginnings.get(stem) or table.phrases.get(stem)
        if meaning is not None and meaning.function is not None:
            return Meaning(function=meaning.function, weight=meaning.weight)
    return None
