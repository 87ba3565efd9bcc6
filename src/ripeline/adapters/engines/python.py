"""All leads one by one by the Python reader, from the same rows of history."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Generic, TypeVar

from ripeline.adapters.columnar.columns import quoted, text_of
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.levels import levels_of
from ripeline.adapters.engines.prepare import prepare_people, prepare_subjects
from ripeline.adapters.engines.results import DuckScores
from ripeline.identity.accounts import account_of
from ripeline.identity.links import Links
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked, Progress
from ripeline.scoring.evaluate import evaluate, judge, observe
from ripeline.scoring.profile import COUNTRY_RAW, UNDATED
from ripeline.scoring.sql.accounts import TRAITS
from ripeline.scoring.sql.frame import SOURCES, Frame
from ripeline.vocabulary.history import Event, GroupLink, LeadHistory, Statement
from ripeline.vocabulary.scores import LeadScore
from ripeline.vocabulary.values import TWINS, Value

T = TypeVar("T")

FEW = 300
"""Up to so many leads are quicker scored one by one than by SQL."""

SCORED = {
    "subject": "BIGINT",
    "fit": "BIGINT",
    "fit_level": "VARCHAR",
    "engagement": "BIGINT",
    "engagement_level": "VARCHAR",
    "rating": "VARCHAR",
    "action": "VARCHAR",
    "meets_definition": "BOOLEAN",
    "stage": "VARCHAR",
    "likelihood": "BIGINT",
    "reachable": "BOOLEAN",
    "raised": "BOOLEAN",
}


class PythonEngine:
    """Scores by `evaluate`."""

    def __init__(self, store: Store) -> None:
        """Take the history to score."""
        self._store = store

    def score(self, plan: Plan, asked: Asked, progress: Progress) -> DuckScores:
        """Return the scores of everybody, or of the rows asked for."""
        progress("reading history", None)
        levels = levels_of(self._store, plan, asked)
        frame = prepare_subjects(self._store, plan, asked)
        total = self._store.con.execute("SELECT count(*) FROM subjects").fetchall()[0][0]

        def rows() -> Iterator[Mapping[str, object]]:
            for done, (subject, as_of_us, history) in enumerate(histories(self._store, frame)):
                if done % 256 == 0:
                    progress("scoring", done / total)
                yield {"subject": subject, **_scored(plan, history, as_of_us, asked)}

        load(self._store.con, "scored", _columns(asked), rows())
        return DuckScores(self._store, plan, asked, "SELECT * FROM scored", levels)

    def score_people(self, plan: Plan, people: Sequence[int], links: Links, as_of_us: int) -> DuckScores:
        """Return the scores and accounts of persons by their identifiers, less those of whom nothing is known by then.

        links: all those around the identifiers.
        """
        asked, levels = Asked(as_of_us, rows=(), accounts=True), levels_of(self._store, plan, Asked(as_of_us))
        frame = prepare_people(self._store, plan, asked, links, [(key, as_of_us) for key in people])
        rows = (
            {"subject": subject, **_scored(plan, history, as_of_us, asked)}
            for subject, _, history in histories(self._store, frame)
            if history.is_known
        )
        load(self._store.con, "scored", _columns(asked), rows)
        return DuckScores(self._store, plan, asked, "SELECT * FROM scored", levels)

    def contributions(self, plan: Plan, asked: Asked) -> Sequence[tuple[str, str, str, int]]:
        """Return every line: lead, part, name, micro-points."""
        frame = prepare_subjects(self._store, plan, asked)
        names = self._store.con.execute(
            "SELECT s.subject, i.value FROM subjects s JOIN identifiers i ON i.who = s.person "
            "ORDER BY i.value, s.as_of_us, s.subject"
        ).fetchall()
        scores = {
            subject: evaluate(plan, history, as_of_us) for subject, as_of_us, history in histories(self._store, frame)
        }
        return [
            (lead, part, line.name, line.micro)
            for subject, lead in names
            for part, score in (("engagement", scores[subject].engagement), ("fit", scores[subject].fit))
            for line in score.contributions
        ]


def _columns(asked: Asked) -> dict[str, str]:
    return SCORED | ({"account": "VARCHAR"} if asked.accounts else {})


def _scored(plan: Plan, history: LeadHistory, as_of_us: int, asked: Asked) -> dict[str, object]:
    observed = observe(plan, history, as_of_us)
    row = _row(judge(plan, observed, plan.zone.day(as_of_us)))
    return row | ({"account": account_of(history.group_links, observed.profile, as_of_us)} if asked.accounts else {})


def _row(score: LeadScore) -> dict[str, object]:
    return {
        "fit": score.fit.micro,
        "fit_level": score.fit.level,
        "engagement": score.engagement.micro,
        "engagement_level": score.engagement.level,
        "rating": score.rating,
        "action": score.action,
        "meets_definition": score.meets_definition,
        "stage": score.stage,
        "likelihood": score.likelihood,
        "reachable": score.reachable,
        "raised": score.hand_raise is not None,
    }


def histories(store: Store, frame: Frame) -> Iterator[tuple[int, int, LeadHistory]]:
    """Yield (subject, as_of_us, history) of every subject, from one sorted pass over each table."""
    subjects = _rows(store, "SELECT subject, as_of_us FROM subjects ORDER BY subject")
    events, statements = _Aligned(_events(store, frame)), _Aligned(_statements(store, frame))
    seen, grouped = _Aligned(_links(store, frame)), _Aligned(_group_links(store, frame))
    answered = _Aligned(_dispositions(store, frame))
    for subject, as_of_us in subjects:
        parts = events.of(subject), statements.of(subject), seen.of(subject), grouped.of(subject)
        yield subject, as_of_us, LeadHistory(*parts, answered.of(subject))


class _Aligned(Generic[T]):
    """Rows (subject, thing) in order of subjects; hands out each subject's things, in that order."""

    def __init__(self, rows: Iterable[tuple[int, T]]) -> None:
        """Take the rows."""
        self._groups = groupby(rows, key=lambda row: row[0])
        self._next = next(self._groups, None)

    def of(self, subject: int) -> tuple[T, ...]:
        """Return what belongs to a subject; subjects come in ascending order."""
        while self._next is not None and self._next[0] < subject:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != subject:
            return ()
        things = tuple(thing for _, thing in self._next[1])
        self._next = next(self._groups, None)
        return things


def _rows(store: Store, query: str) -> Iterator[tuple[Any, ...]]:
    found = store.con.cursor().execute(query)
    while rows := found.fetchmany(10_000):
        yield from rows


def _events(store: Store, frame: Frame) -> Iterator[tuple[int, Event]]:
    twins = {key: list(store.twins_of("events", key)) for key in frame.plan.fields}
    columns = [f"e.{quoted(f'{key}:{twin}')}" for key, names in twins.items() for twin in names]
    selected = ", ".join([frame.subject("events"), "e.type", "e.name", "e.ts", "e.known", "e.trusted", *columns])
    query = f"SELECT {selected} {frame.of('events')} ORDER BY subject"
    skip = 6 if not frame.moment.each else 7
    for row in _rows(store, query):
        type_, name, ts, known, trusted = row[skip - 5 : skip]
        fields = dict(_values(twins, row[skip:]))
        yield row[0], Event(type_, name, ts, known, fields, trusted)


def _values(twins: Mapping[str, Sequence[str]], cells: Sequence[Any]) -> Iterator[tuple[str, Value]]:
    """Put the twin columns of each key together again; a key without any is not there."""
    at = 0
    for key, names in twins.items():
        own = cells[at : at + len(names)]
        at += len(names)
        found = {name: cell for name, cell in zip(names, own, strict=True) if cell is not None}
        if found:
            yield key, value_of(found)


def value_of(found: Mapping[str, Any]) -> Value:
    """Put the twins of one value together."""
    lists = {name: tuple(found[name]) for name in ("texts", "numbers") if name in found}
    return Value(**{name: cell for name, cell in found.items() if name in TWINS} | lists)


def account_statements(store: Store, account: str) -> list[Statement]:
    """Return everything that group calls state of an account."""
    keys = dict.fromkeys(
        column.rpartition(":")[0] for column in sorted(store.columns["account_traits"]) if ":" in column
    )
    twins = {key: list(store.twins_of("account_traits", key)) for key in keys}
    columns = [quoted(f"{key}:{twin}") for key, names in twins.items() for twin in names]
    selected = ", ".join(["ts", "known", "seq", "trusted", *columns])
    query = f"SELECT {selected} FROM account_traits WHERE account = {text_of(account)} ORDER BY seq"
    return [Statement(dict(_traits(twins, row[4:])), *row[:4]) for row in _rows(store, query)]


def _statements(store: Store, frame: Frame) -> Iterator[tuple[int, Statement]]:
    keys = dict.fromkeys(key for trait in (*frame.plan.traits, *TRAITS) for key in _stated(trait))
    twins = {key: [twin for twin in store.twins_of("traits", key) if twin != "domain"] for key in keys}
    columns = [f"t.{quoted(f'{key}:{twin}')}" for key, names in twins.items() for twin in names]
    selected = ", ".join([frame.subject("traits"), "t.ts", "t.known", "t.seq", "t.trusted", *columns])
    query = f"SELECT {selected} {frame.of('traits')} ORDER BY subject"
    skip = 5 if not frame.moment.each else 6
    for row in _rows(store, query):
        ts, known, sequence, trusted = row[skip - 4 : skip]
        traits = dict(_traits(twins, row[skip:]))
        yield row[0], Statement(traits, None if ts == UNDATED else ts, known, sequence, trusted)


def _stated(trait: str) -> tuple[str, ...]:
    """Return the stated traits that one trait may be made from."""
    return ("country",) if trait == COUNTRY_RAW else (trait, *SOURCES.get(trait, ()))


def _traits(twins: Mapping[str, Sequence[str]], cells: Sequence[Any]) -> Iterator[tuple[str, Value | None]]:
    at = 0
    for key, names in twins.items():
        own = cells[at : at + len(names)]
        at += len(names)
        found = {name: cell for name, cell in zip(names, own, strict=True) if cell is not None}
        if found:
            yield key, None if "unset" in found else value_of(found)


def _links(store: Store, frame: Frame) -> Iterator[tuple[int, int]]:
    query = f"SELECT {frame.subject('links')}, l.ts {frame.of('links')} AND l.decided IS NULL ORDER BY subject"
    return ((row[0], row[-1]) for row in _rows(store, query))


def _group_links(store: Store, frame: Frame) -> Iterator[tuple[int, GroupLink]]:
    columns = "g.account, g.ts, g.known, CAST(g.id AS VARCHAR), g.trusted"
    query = f"SELECT {frame.subject('group_links')}, {columns} {frame.of('group_links')} ORDER BY subject"
    return ((row[0], GroupLink(*row[-5:])) for row in _rows(store, query))


def _dispositions(store: Store, frame: Frame) -> Iterator[tuple[int, int]]:
    if not frame.facts.answered:
        return iter(())
    query = f"SELECT {frame.subject('dispositions')}, d.ts {frame.of('dispositions')} ORDER BY subject"
    return ((row[0], row[-1]) for row in _rows(store, query))
