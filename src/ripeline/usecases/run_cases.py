"""Cases against a definition: what was expected, what came, and why."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypeGuard

from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked, Engine, unwatched
from ripeline.scoring.evaluate import evaluate
from ripeline.usecases.cases_file import Case
from ripeline.usecases.cases_grammar import Expectation
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.history import LeadHistory
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.scores import Contribution, LeadScore, Score

EngineOver = Callable[[Mapping[str, LeadHistory]], Engine]
"""Makes an engine over histories by lead: the second opinion that cases are checked by."""

Told = Mapping[str, object]
"""What a reader says of a lead, by the names that `expect` knows."""

COLUMNS = (
    "fit",
    "fit_level",
    "engagement",
    "engagement_level",
    "rating",
    "action",
    "meets_definition",
    "stage",
    "likelihood",
)
"""What every engine tells beside the contributions."""

_MILLIONTHS = {"fit", "engagement", "likelihood"}
_NO_LINE = "no such line"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What the user expected and what came, as text. name: a key of `expect`, or `contributions.<line>`."""

    name: str
    expected: str
    came: str
    line: int

    def __str__(self) -> str:
        """Return it as a sentence."""
        return f"{self.name}: expected {self.expected}, came {self.came} (line {self.line})"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An engine says something else than the Python reader: a defect of ours, not of the case."""

    engine: str
    name: str
    python: str
    engine_says: str

    def __str__(self) -> str:
        """Return it as a sentence."""
        said = f"Python says {self.python}, {self.engine} says {self.engine_says}"
        return f"{self.name}: {said}; this is a defect of Ripeline"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of a case, with the whole score, so that it can be seen why."""

    case: Case
    as_of_us: int
    known_us: int | None
    score: LeadScore
    mismatches: tuple[Mismatch, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def passed(self) -> bool:
        """Say whether everything is as expected and all readers agree."""
        return not self.mismatches and not self.disagreements


def run_cases(cases: Sequence[Case], plan: Plan, engines: Mapping[str, EngineOver]) -> list[CaseResult]:
    """Return a result for each case, by the Python reader; each engine must agree with it in everything."""
    asked = {case.name: _asked(case, plan) for case in cases}
    scores = {case.name: _score(case, plan, asked[case.name]) for case in cases}
    others = {name: _told_by(make, cases, plan, asked) for name, make in engines.items()}
    return [
        CaseResult(
            case=case,
            as_of_us=asked[case.name].as_of_us,
            known_us=asked[case.name].known_us,
            score=scores[case.name],
            mismatches=tuple(_mismatches(case.expect, told_of(scores[case.name]))),
            disagreements=tuple(_disagreements(case, asked[case.name], scores[case.name], others)),
        )
        for case in cases
    ]


def told_of(score: LeadScore) -> Told:
    """Return a score by the names that `expect` knows."""
    told = {part.name: getattr(score, part.name) for part in fields(score)}
    return told | {
        "fit": score.fit.micro,
        "fit_level": score.fit.level,
        "fit_contributions": score.fit.contributions,
        "engagement": score.engagement.micro,
        "engagement_level": score.engagement.level,
        "contributions": score.engagement.contributions,
    }


def result_lines(result: CaseResult) -> list[str]:
    """Return a result as lines of text: what differs, then the reasons of both scores."""
    lines = [f"{result.case.name}: {'passed' if result.passed else 'failed'}"]
    lines += [f"  {one}" for one in (*result.mismatches, *result.disagreements)]
    known = "" if result.known_us is None else f", known at {instant_text(result.known_us)}"
    lines.append(f"  as of {instant_text(result.as_of_us)}{known}")
    return [*lines, *_reasons("fit", result.score.fit), *_reasons("engagement", result.score.engagement)]


def _reasons(name: str, score: Score) -> Iterator[str]:
    yield f"  {name} {points_text(score.micro)} ({score.level})"
    width = max((len(line.name) for line in score.contributions), default=0)
    for line in score.contributions:
        yield f"    {line.name:<{width}}  {points_text(line.micro):>12}"


# One lead, by the Python reader


def _asked(case: Case, plan: Plan) -> Asked:
    known = None if case.known_at is None else instant_of_text(case.known_at, plan.zone)
    return Asked(instant_of_text(case.as_of, plan.zone), known)


def _score(case: Case, plan: Plan, asked: Asked) -> LeadScore:
    return evaluate(plan, known_by(case.history, asked.known_us), asked.as_of_us)


def known_by(history: LeadHistory, known_us: int | None) -> LeadHistory:
    """Return what was known of a history at an instant; None for all of it. An answer is known when it is given."""
    if known_us is None:
        return history
    return LeadHistory(
        tuple(event for event in history.events if event.known_us <= known_us),
        tuple(one for one in history.statements if one.known_us is None or one.known_us <= known_us),
        history.seen_us,
        answered_us=tuple(at for at in history.answered_us if at <= known_us),
    )


def _is_there(history: LeadHistory, as_of_us: int) -> bool:
    """Say whether anything exists at an instant: others are in no score file."""
    dated = [event.time_us for event in history.events]
    dated += [one.time_us for one in history.statements if one.time_us is not None]
    return any(one.time_us is None for one in history.statements) or any(at <= as_of_us for at in dated)


# All leads, by an engine


def _told_by(make: EngineOver, cases: Sequence[Case], plan: Plan, asked: Mapping[str, Asked]) -> dict[str, Told]:
    """Return what an engine says of each case: one run for each moment, over the histories of all."""
    engine = make({case.name: case.history for case in cases})
    told: dict[str, Told] = {}
    for moment in dict.fromkeys(asked.values()):
        found = _told_at(engine, plan, moment)
        told |= {name: found[name] for name, own in asked.items() if own == moment and name in found}
    return told


def _told_at(engine: Engine, plan: Plan, asked: Asked) -> dict[str, Told]:
    lines: dict[tuple[str, str], list[Contribution]] = defaultdict(list)
    for lead, part, line, micro in engine.contributions(plan, asked):
        lines[lead, part].append(Contribution(line, micro))
    told: dict[str, Told] = {}
    for row in engine.score(plan, asked, unwatched).rows():
        name = str(row["lead"])
        told[name] = {column: row[column] for column in COLUMNS} | {
            "fit_contributions": tuple(lines[name, "fit"]),
            "contributions": tuple(lines[name, "engagement"]),
        }
    return told


# What differs


def _mismatches(expect: Sequence[Expectation], told: Told) -> Iterator[Mismatch]:
    for one in expect:
        came = told[one.name]
        if _are_lines(one.value) and _are_lines(came):
            yield from _line_mismatches(one, _by_name(one.value), _by_name(came))
        elif one.value != came:
            yield Mismatch(one.name, shown(one.name, one.value), shown(one.name, came), one.place.line)


def _line_mismatches(one: Expectation, wanted: Mapping[str, str], came: Mapping[str, str]) -> Iterator[Mismatch]:
    for name in dict.fromkeys([*wanted, *came]):
        left, right = wanted.get(name, _NO_LINE), came.get(name, _NO_LINE)
        if left != right:
            yield Mismatch(f"{one.name}.{name}", left, right, one.place.line)


def _disagreements(
    case: Case, asked: Asked, score: LeadScore, others: Mapping[str, Mapping[str, Told]]
) -> Iterator[Disagreement]:
    python = told_of(score)
    there = _is_there(known_by(case.history, asked.known_us), asked.as_of_us)
    for engine, told in others.items():
        if case.name not in told:
            if there:
                yield Disagreement(engine, "score", "there is one", "there is none")
            continue
        for name, said in told[case.name].items():
            if said != python[name]:
                yield Disagreement(engine, name, shown(name, python[name]), shown(name, said))


def _are_lines(value: object) -> TypeGuard[tuple[Contribution, ...]]:
    return isinstance(value, tuple) and all(isinstance(one, Contribution) for one in value)


def _by_name(lines: tuple[Contribution, ...]) -> dict[str, str]:
    return {line.name: points_text(line.micro) for line in lines}


def shown(name: str, value: object) -> str:
    """Return a value as a cases file writes it.

    >>> shown("engagement", 12_500_000), shown("rating", None), shown("meets_definition", True)
    ('12.5', 'null', 'true')
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() if name in _MILLIONTHS:
            return points_text(value)
        case Contribution():
            return f"{value.name}: {points_text(value.micro)}"
        case tuple():
            return f"[{', '.join(shown(name, one) for one in value)}]"
    return str(value)
