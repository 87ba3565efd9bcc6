"""The rows of titles.tsv -> the table that titles are read by."""

from collections.abc import Iterable

from ripeline.vocabulary.plain_text import bare_letters, swapped
from ripeline.vocabulary.titles import NO_RANK, SENIORITIES, WEIGHTS, Meaning, Role, TitleWords

_LONG_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"}
_GAP = " ... "
_LITTLE: dict[str, Role] = {"of": "of", "and": "and", "stop": "stop"}
_RANKS: dict[str, int] = {name: rank for rank, name in enumerate(SENIORITIES)}


def title_words(lines: Iterable[str]) -> TitleWords:
    """Return the table of titles from its rows."""
    phrases: dict[str, Meaning] = {}
    frames: dict[str, tuple[str, Meaning]] = {}
    beginnings: dict[str, Meaning] = {}
    endings: dict[str, Meaning] = {}
    for line in lines:
        *columns, written = line.split("\t")
        meaning = _meaning(*columns)
        for phrase in _spelled_out(written):
            if _GAP in phrase:
                first, last = phrase.split(_GAP)
                frames[first] = (last, meaning)
            elif phrase.endswith("-"):
                beginnings[phrase[:-1]] = meaning
            elif phrase.startswith("-"):
                phrases[phrase[1:]] = endings[phrase[1:]] = meaning
            else:
                phrases[phrase] = meaning
    return TitleWords(phrases, _lengths(phrases), frames, beginnings, endings)


def _meaning(rank: str, function: str, weight: str) -> Meaning:
    return Meaning(
        role=_LITTLE.get(rank, "word"),
        rank=_RANKS.get(rank, NO_RANK),
        works=rank == "worker",
        function=None if function == "-" else function,
        weight=0 if weight == "-" else WEIGHTS.index(weight),
    )


def _spelled_out(written: str) -> list[str]:
    """Every spelling of a row's phrases, bare: leiter(in) is leiter and leiterin, für is fur and fuer."""
    phrases = bare_letters(written).split("|")
    if (spelled := swapped(written, _LONG_UMLAUTS)) != written:
        longer = bare_letters(spelled).split("|")
        phrases += [long for phrase, long in zip(phrases, longer, strict=True) if long != phrase]
    return [spelling for phrase in phrases for spelling in _choices(phrase)] if "(" in written else phrases


def _choices(phrase: str) -> Iterable[str]:
    if "(" not in phrase:
        return (phrase,)
    before, _, rest = phrase.partition("(")
    endings, _, after = rest.partition(")")
    return [before + ending + tail for tail in _choices(after) for ending in ("", *endings.split(","))]


def _lengths(phrases: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """First word -> how many words its phrases have, longest first."""
    found: dict[str, tuple[int, ...]] = {}
    for phrase in phrases:
        first, _, others = phrase.partition(" ")
        length = others.count(" ") + 2 if others else 1
        known = found.get(first)
        if known is None:
            found[first] = (length,)
        elif length not in known:
            found[first] = tuple(sorted((*known, length), reverse=True))
    return found
