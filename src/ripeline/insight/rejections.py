"""From the reasons for which sales sends leads back to what would have kept these leads away.

Of each reason that is given often enough, everything that was known of leads when they were handed over is tried: is
it more frequent among those sent back for it than among those accepted, and than among all others who were answered,
more clearly than chance brings where so much is tried? Of what is, the clearest is told. Who has what is a whole number
whose bits are handoffs, so counting is exact.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ripeline.definition.conditions import Compare, Condition, DaysSince, Expr, IsNull, Literal, Name, Truth
from ripeline.insight.chance import by_chance, is_sure
from ripeline.insight.in_use import Cells, Given, Handed, RuleKey
from ripeline.vocabulary.plain_text import one_line
from ripeline.vocabulary.rates import Rate
from ripeline.vocabulary.values import Value

LEAST: Final = 10
"""Leads sent back for a reason, and leads accepted: of fewer, nothing is looked for."""

LEAST_ALIKE: Final = 5
"""A value that fewer handoffs have is not tried."""

LONGEST: Final = 100
_CUTS: Final = 20
_MOST_VALUES: Final = 50


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is true of some handoffs. when: a condition on a trait, None of what a signal gave.

    carries: the signal gave more than half of the interest.
    """

    holds: int
    when: Condition | None = None
    signal: str | None = None
    carries: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A fact that tells leads sent back for a reason from accepted ones, and from all others who were answered.

    Both are asked for: sales may accept few who have something for quite another reason. kept_on: of all who have it,
    how many were accepted. chance: the likelier of both by chance alone; tried: of how many facts it is one.
    """

    fact: Fact
    back: Rate
    accepted: Rate
    kept_on: Rate
    chance: float
    tried: int


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for which leads were sent back. found: what tells them apart, the clearest first.

    known: of how many of them it was known what they were then; tried: how many facts were looked at, 0 where there are
    too few leads to look at any.
    """

    text: str
    count: int
    known: int
    accepted: int
    tried: int
    found: Sequence[Found]

    @property
    def is_enough(self) -> bool:
        """Say whether anything could be looked for."""
        return min(self.known, self.accepted) >= LEAST


def words_of(reason: str | None) -> str:
    """Return a reason as it is counted, however it was written; '' for none.

    >>> words_of("Too_small "), words_of(None)
    ('too small', '')
    """
    return one_line((reason or "").replace("_", " ")).casefold()[:LONGEST]


def reasons(told: Iterable[Given], handed: Handed) -> list[Reason]:
    """Return the reasons for which leads were sent back, the most frequent first. told: of all, known or not."""
    counts = Counter(words_of(one.reason) for one in told if one.answer is False)
    facts = facts_of(handed)
    accepted = _bits(one.answer is True for one in handed.given)
    answered = _bits(one.answer is not None for one in handed.given)
    found = []
    for text, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        back = _bits(one.answer is False and words_of(one.reason) == text for one in handed.given)
        found.append(_reason(text, count, facts, (back, accepted, answered)))
    return found


def _reason(text: str, count: int, facts: Sequence[Fact], sides: tuple[int, int, int]) -> Reason:
    back, accepted, _ = sides
    bare = Reason(text, count, back.bit_count(), accepted.bit_count(), 0, ())
    if not bare.is_enough or not text:
        return bare
    apart = [_found(fact, sides, len(facts)) for fact in facts]
    sure = [one for one in apart if is_sure(one.chance, one.tried)]
    sure.sort(key=lambda one: (one.chance, -one.back.count))
    return Reason(text, count, bare.known, bare.accepted, len(facts), sure)


def _found(fact: Fact, sides: tuple[int, int, int], tried: int) -> Found:
    back, accepted, answered = sides
    of_back, of_accepted, others = (_rate(fact.holds, side) for side in (back, accepted, answered & ~back))
    kept_on = Rate(of_accepted.count, of_back.count + others.count)
    chance = max(by_chance(of_back, of_accepted), by_chance(of_back, others))
    return Found(fact, of_back, of_accepted, kept_on, chance, tried)


def _rate(holds: int, among: int) -> Rate:
    return Rate((holds & among).bit_count(), among.bit_count())


def _bits(flags: Iterable[bool]) -> int:
    """Return a number with a bit for each flag that is true, the first one lowest.

    >>> bin(_bits([True, False, True]))
    '0b101'
    """
    return int("".join("1" if flag else "0" for flag in flags)[::-1] or "0", 2)


# ---- what is tried ----------------------------------------------------------------------------------------


def facts_of(handed: Handed) -> list[Fact]:
    """Return everything that is tried, each that some handoffs have and others have not."""
    every = len(handed.given)
    found = [*_of_traits(handed.traits), *_of_signals(handed.points)]
    return [one for one in found if LEAST_ALIKE <= one.holds.bit_count() < every]


def _of_traits(traits: Mapping[str, Cells]) -> Iterator[Fact]:
    for key, cells in sorted((key, cells) for key, cells in traits.items() if _is_writable(key)):
        name = Name("trait", key)
        if cells.numbers is None:
            yield from _of_texts(name, cells)
        else:
            yield from _of_numbers(DaysSince(name) if cells.is_age else name, cells.numbers)
        yield Fact(_bits(text is None for text in cells.texts), IsNull(name))


def _of_texts(name: Name, cells: Cells) -> Iterator[Fact]:
    counts = Counter(text for text in cells.texts if text is not None)
    for value, count in counts.most_common(_MOST_VALUES):
        if count >= LEAST_ALIKE and _is_writable(value):
            yield Fact(_bits(text == value for text in cells.texts), _equal(name, value, cells))


def _is_writable(text: str) -> bool:
    """Say whether a condition can name a text, so that people see what it says."""
    return text.isprintable() and text == " ".join(text.split()) and 0 < len(text) <= LONGEST


def _equal(name: Name, value: str, cells: Cells) -> Condition:
    """Return the condition that a trait has a value."""
    if not cells.is_boolean:
        return Compare("=", name, Literal(Value(text=value)))
    return Truth(name) if value == "true" else Compare("=", name, Literal(Value(boolean=False)))


def _of_numbers(expr: Expr, numbers: Sequence[int | None]) -> Iterator[Fact]:
    """Yield below and from, at each twentieth of those known."""
    known = sorted(number for number in numbers if number is not None)
    cuts = sorted({known[len(known) * part // _CUTS] for part in range(1, _CUTS)}) if known else []
    for cut in cuts:
        for operator in ("<", ">="):
            below = operator == "<"
            holds = _bits(number is not None and (number < cut) is below for number in numbers)
            yield Fact(holds, Compare(operator, expr, Literal(Value(number=cut))))


def _of_signals(points: Sequence[Mapping[RuleKey, int]]) -> Iterator[Fact]:
    """Yield who had points from each signal, and who had more than half of their interest from it."""
    acts = [
        {name: micro for (part, name), micro in one.items() if part == "engagement" and micro > 0} for one in points
    ]
    totals = [sum(one.values()) for one in acts]
    for name in sorted({name for one in acts for name in one}):
        given = [one.get(name, 0) for one in acts]
        yield Fact(_bits(micro > 0 for micro in given), signal=name)
        carried = (2 * micro > total for micro, total in zip(given, totals, strict=True))
        yield Fact(_bits(carried), signal=name, carries=True)


def best_of(reason: Reason) -> list[Found]:
    """Return what is proposed of a reason: the clearest fact of traits, and the clearest one of signals."""
    traits = (one for one in reason.found if one.fact.when is not None)
    signals = (one for one in reason.found if one.fact.signal is not None)
    return [one for one in (next(traits, None), next(signals, None)) if one is not None]
