"""What of the list of leads is looked at, as the address has it: which leads, in what order, with what told of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.rendering import called, said, yes_no
from ripeline.ports.scores import LeadsAsked
from ripeline.usecases.handoffs_asked import MOST_WHOLE
from ripeline.usecases.leads_asked import LEADS, OR, POINTS, SEARCH, Pairs, leads_asked, split
from ripeline.vocabulary.issues import InputError, did_you_mean

Pair = tuple[str, str]

PATH: Final = "/leads"
COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "fit": (_("Fit"), "-fit"),
    "engagement": (_("Interest"), "-engagement"),
    "rating": (_("Rating"), "rating"),
    "action": (_("Action"), "action"),
    "stage": (_("Stage"), "stage"),
    "likelihood": (_("Likelihood"), "-likelihood"),
    "meets_definition": (_("Meets the definition"), "-meets_definition"),
    "account": (_("Account"), "account"),
    "last_event": (_("Last event"), ""),
    "next_fall": (_("Next fall"), ""),
}
"""What can be told of each lead, with titles, and how it is sorted first; "" where it is worked out for a page alone."""

WORKED_OUT: Final = tuple(name for name, (_, sort) in COLUMNS.items() if not sort)

USUAL: Final = ("fit", "engagement", "rating", "stage", "likelihood", "account")
TICKED: Final = "ticked"
MOST_TRAITS: Final = 5
LONGEST_TRAIT: Final = 100
FIRST_SORT: Final = "-engagement"

_OTHERS: Final = ("sort", "columns", "traits", "definition", "offset")
_ENDS: Final = {"_at_least": _("at least"), "_at_most": _("at most")}


@dataclass(frozen=True, slots=True)
class Address:
    """What is looked at. groups: filters, of which those of one group hold together; definition: "" for the usual one."""

    groups: tuple[tuple[Pair, ...], ...] = ()
    sort: str = FIRST_SORT
    columns: tuple[str, ...] = USUAL
    traits: tuple[str, ...] = ()
    definition: str = ""
    offset: int = 0

    def pairs(self) -> list[Pair]:
        """Return the parameters, what is usual left out."""
        told = [pair for group in self.groups for pair in ((OR, ""), *group)][1:]
        columns = "" if self.columns == USUAL else ",".join(self.columns)
        others = (
            ("sort", "" if self.sort == FIRST_SORT else self.sort),
            ("columns", columns),
            ("traits", ",".join(self.traits)),
            ("definition", self.definition),
            ("offset", str(self.offset or "")),
        )
        return [*told, *(pair for pair in others if pair[1])]

    @property
    def query(self) -> str:
        """What stands behind the question mark."""
        return urlencode(self.pairs(), safe=",:@/")

    def link(self, path: str = PATH) -> str:
        """Return the address of a page of the same leads."""
        return f"{path}?{self.query}" if self.query else path

    def at(self, offset: int) -> "Address":
        """Return the same from another row on."""
        return replace(self, offset=max(offset, 0))

    def without(self, place: int, filter_: Pair) -> "Address":
        """Return the same with one filter less of a group; a group that is left without any goes too."""
        groups = list(self.groups)
        groups[place] = tuple(one for one in groups[place] if one != filter_)
        return replace(self, groups=tuple(group for group in groups if group), offset=0)

    def sorted_by(self, column: str) -> "Address":
        """Return the same sorted by a column, the other way round where it is already."""
        first = "lead" if column == "lead" else COLUMNS[column][1]
        other = first.removeprefix("-") if first.startswith("-") else f"-{first}"
        return replace(self, sort=other if self.sort == first else first, offset=0)

    def way(self, column: str) -> str:
        """Return how a column is sorted, in the words of ARIA."""
        if self.sort.removeprefix("-") != column:
            return "none"
        return "descending" if self.sort.startswith("-") else "ascending"

    def asked(self, limit: int) -> LeadsAsked:
        """Return which leads are asked for."""
        chosen = [pair for pair in self.pairs() if pair[0] not in {"columns", "traits"}]
        return leads_asked([*chosen, ("limit", str(limit))])

    def only(self) -> "Address":
        """Return which leads there are, however they are shown."""
        return replace(self, sort=FIRST_SORT, columns=USUAL, traits=(), offset=0)

    def values(self, place: int, name: str) -> list[str]:
        """Return what a group chooses by a parameter."""
        group = self.groups[place] if place < len(self.groups) else ()
        return [text for one, text in group if one == name]


def address_of(parameters: Pairs) -> Address:
    """Return what an address says; what is left blank says nothing. Raises InputError for what cannot be asked."""
    # What people type may begin or end with a blank; a lead is ticked, and is nobody else.
    told = [(name, text if name == "lead" else text.strip()) for name, text in parameters]
    others = {name: text for name, text in told if name in _OTHERS and text}
    chosen = [pair for pair in told if pair[0] not in _OTHERS and (pair[1] or pair[0] == OR)]
    groups = tuple(tuple(dict.fromkeys(group)) for group in split(chosen) if group)
    found = Address(
        groups,
        others.get("sort", FIRST_SORT),
        _columns([text for name, text in told if name == "columns"]),
        _traits(others.get("traits", "")),
        others.get("definition", ""),
        _offset(others.get("offset", "0")),
    )
    found.asked(1)
    return found


def ticked_of(parameters: Pairs) -> Address:
    """Return what an address says of which somebody ticked leads; InputError where nobody is ticked.

    TICKED says that leads are meant that somebody ticked: where nobody is, that is nobody, not everybody.
    """
    pairs = list(parameters)
    told = [pair for pair in pairs if pair[0] != TICKED]
    if len(told) < len(pairs) and not any(name == "lead" for name, _ in told):
        raise InputError("Nobody is ticked: tick leads in the list first.")
    return address_of(told)


def address_in(query: str) -> Address:
    """Return what stands behind a question mark."""
    return address_of(parse_qsl(query, keep_blank_values=True))


def filter_text(filter_: Pair) -> str:
    """Return a filter as people read it.

    >>> filter_text(("engagement_at_least", "20")), filter_text(("meets_definition", "true"))
    ('interest at least 20', 'meets the definition: yes')
    """
    name, text = filter_
    for ending, words in _ENDS.items():
        if name.endswith(ending):
            return _("{what} {bound} {number}", what=_point(name.removesuffix(ending)), bound=words, number=said(text))
    if name == SEARCH:
        return _("has “{text}”", text=said(text))
    value = said(text) if name in {"lead", "account"} else yes_no(said(text))
    return _("{what}: {value}", what=called(name), value=value)


def bounds() -> Iterator[tuple[str, str]]:
    """Yield the parameters that bound points, with what they are called."""
    for name in LEADS.points:
        for ending, words in _ENDS.items():
            yield name + ending, _("{what} {bound}", what=COLUMNS[name][0], bound=words)


def _point(name: str) -> str:
    return _("interest") if name == POINTS[1] else called(name)


def _columns(texts: Sequence[str]) -> tuple[str, ...]:
    """Return columns in the order of all of them, whatever order they are named in."""
    named = {part for text in texts for part in text.split(",") if part and part != "lead"}
    for name in sorted(named):
        if name not in COLUMNS:
            raise InputError(f'there is no column "{name}"; {did_you_mean(name, tuple(COLUMNS))}')
    return tuple(name for name in COLUMNS if name in named) or USUAL


def _traits(text: str) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if len(named) > MOST_TRAITS or any(len(name) > LONGEST_TRAIT for name in named):
        raise InputError(f"at most {MOST_TRAITS} traits are told of each lead")
    return named


def _offset(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST_WHOLE))):
        raise InputError(f"offset takes a whole number from 0 to {MOST_WHOLE:,}")
    return int(text)
