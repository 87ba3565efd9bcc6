"""The list of leads to nurture of one definition: everybody's scores beside who is known to be on it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ripeline.adapters.columnar.columns import quoted, text_of
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import identifiers_of
from ripeline.adapters.engines.live_scores import LiveScores, around
from ripeline.adapters.engines.prepare import prepare_people, prepare_subjects
from ripeline.plan.nodes import Plan
from ripeline.ports.nurture import NurtureBook, NurtureChange
from ripeline.ports.scores import Asked
from ripeline.scoring.sql.frame import Frame
from ripeline.scoring.sql.profile import profile_steps
from ripeline.vocabulary.nurture import NURTURED_STAGES, Member, NurtureAsked, Nurtured
from ripeline.vocabulary.people import RANK, Name
from ripeline.vocabulary.stages import RECYCLED

_MEMBER = {"key": "BIGINT", "joined_us": "BIGINT", "joined_by": "VARCHAR"}
_STAGES = ", ".join(f"'{stage}'" for stage in NURTURED_STAGES)
_TOLD = ("email", "consent")


class NurtureList:
    """Who is on the list by the scores there are, and who is known to be, kept in a table as long as this lives."""

    def __init__(self, definition: str, scores: LiveScores, book: NurtureBook) -> None:
        """Take the definition's name, everybody's scores by it, and the book that remembers."""
        self.definition, self._scores, self._book = definition, scores, book
        self._members, self._changes = f"{scores.table}_nurtured", f"{scores.table}_nurture_changes"
        self._is_loaded, self._done, self._left = False, 0, 0

    @property
    def version(self) -> str:
        """Name and fingerprint of the definition."""
        return f"{self.definition}@{self._scores.plan.fingerprint}"

    def compare(self, store: Store, names: Iterable[str] | None) -> None:
        """Find out who has to join or leave, of some names or of everybody."""
        self._load(store)
        on, members = self._on(), f"SELECT * FROM {self._members}"
        if names is not None:
            load(store.con, "nurture_names", {"value": "VARCHAR"}, ({"value": one} for one in names))
            on += " AND lead IN (SELECT value FROM nurture_names)"
            members += " WHERE lead IN (SELECT value FROM nurture_names)"
        joins = (
            f"SELECT DISTINCT ON (lead) TRUE AS joins, {self._key('lead')} AS key, lead, stage, fit_level, "
            f"engagement_level FROM ({on}) WHERE lead NOT IN (SELECT lead FROM {self._members} WHERE lead IS NOT NULL)"
        )
        gone = f"SELECT * FROM ({members}) WHERE lead IS NULL OR lead NOT IN (SELECT lead FROM ({on}))"
        leaves = (
            "SELECT DISTINCT ON (m.key) FALSE AS joins, m.*, s.stage, s.fit_level, s.engagement_level "
            f"FROM ({gone}) m LEFT JOIN {self._scores.table} s ON s.lead = m.lead"
        )
        store.con.execute(
            f"CREATE OR REPLACE TABLE {self._changes} AS SELECT *, row_number() OVER (ORDER BY key) - 1 AS place "
            f"FROM ({joins} UNION ALL BY NAME {leaves})"
        )
        self._done, self._left = 0, store.con.execute(f"SELECT count(*) FROM {self._changes}").fetchall()[0][0]

    def some(self, store: Store, most: int) -> list[NurtureChange]:
        """Return the next changes, without what is known of the leads; none where all are done."""
        if not self._left:
            return []
        rows = store.con.execute(
            f"SELECT joins, key, lead, joined_us, joined_by, stage, fit_level, engagement_level FROM {self._changes} "
            f"WHERE place >= {self._done} AND place < {self._done + most}"
        ).fetchall()
        return [_change(row) for row in rows]

    def note(self, store: Store, joined: Sequence[Member], changes: Sequence[NurtureChange]) -> None:
        """Remember what the book was told of."""
        names = {one.key: one.nurtured.lead for one in changes}
        load(
            store.con,
            "nurture_done",
            {**_MEMBER, "lead": "VARCHAR"},
            (
                {"key": one.key, "joined_us": one.joined_us, "joined_by": one.by, "lead": names[one.key]}
                for one in joined
            ),
        )
        load(store.con, "nurture_gone", {"key": "BIGINT"}, ({"key": one.key} for one in changes if not one.joins))
        store.con.execute(f"DELETE FROM {self._members} WHERE key IN (SELECT key FROM nurture_gone)")
        store.con.execute(
            f"INSERT INTO {self._members} BY NAME SELECT key, joined_us, joined_by, lead FROM nurture_done"
        )
        self._done, self._left = self._done + len(changes), self._left - len(changes)

    def page(self, store: Store, asked: NurtureAsked, at_us: int) -> tuple[int, list[Nurtured]]:
        """Return how many are on the list, and a page of it: who joined first comes first."""
        self._load(store)
        since = "TRUE" if asked.since_us is None else f"m.joined_us >= {asked.since_us}"
        store.con.execute(
            f"CREATE OR REPLACE TABLE nurture_listed AS SELECT o.lead, m.joined_us, m.joined_by, o.stage, o.fit_level, "
            f"o.engagement_level FROM ({self._on()}) o LEFT JOIN {self._members} m ON m.lead = o.lead WHERE {since}"
        )
        (total,) = store.con.execute("SELECT count(*) FROM nurture_listed").fetchall()[0]
        order = "ORDER BY joined_us NULLS LAST, lead"
        limit = "" if asked.most is None else f" LIMIT {asked.most} OFFSET {asked.offset}"
        found = [Nurtured(*row) for row in store.con.execute(f"FROM nurture_listed {order}{limit}").fetchall()]
        return int(total), self._with_told(store, found, at_us, everybody=asked.most is None)

    def told(self, store: Store, changes: Sequence[NurtureChange], at_us: int) -> list[NurtureChange]:
        """Return changes with what is known of the leads, and by which of their names that stand in history."""
        known = self._with_told(store, [one.nurtured for one in changes], at_us)
        load(store.con, "nurture_names", {"value": "VARCHAR"}, ({"value": one.lead} for one in known))
        rows = store.con.execute(
            "SELECT kind, value FROM identifiers WHERE value IN (SELECT value FROM nurture_names)"
        ).fetchall()
        names = {value: Name(kind, value) for kind, value in sorted(rows, key=lambda row: -RANK[row[0]])}
        return [replace(one, nurtured=own, name=names.get(own.lead)) for one, own in zip(changes, known, strict=True)]

    def _with_told(self, store: Store, found: list[Nurtured], at_us: int, *, everybody: bool = False) -> list[Nurtured]:
        load_told(store, self._scores.plan, None if everybody else [one.lead for one in found], at_us)
        rows = store.con.execute("SELECT lead, email, consent FROM told").fetchall()
        known = {lead: (email, consent) for lead, email, consent in rows}
        until = self._book.resting(self.definition, [one.lead for one in found if one.stage == RECYCLED])
        return [
            replace(one, email=email, consent=consent, resting_until=until.get(one.lead))
            for one in found
            for email, consent in [known.get(one.lead, (None, None))]
        ]

    def _on(self) -> str:
        """Return SQL of everybody who is to be nurtured by their scores."""
        return f"SELECT * FROM {self._scores.table} WHERE action = 'nurture' AND stage IN ({_STAGES})"

    def _key(self, lead: str) -> str:
        whose = text_of(f"{self.definition}\x1f")
        return f"CAST(md5_number_lower({whose} || {lead}) >> 1 AS BIGINT)"

    def _load(self, store: Store) -> None:
        """Read who is known to be on the list; a name that nobody has any more is not known."""
        if self._is_loaded:
            return
        rows = (
            {"key": one.key, "joined_us": one.joined_us, "joined_by": one.by}
            for one in self._book.members(self.definition)
        )
        load(store.con, "nurture_known", _MEMBER, rows)
        named = f"SELECT {self._key('value')} AS key, min(value) AS lead FROM identifiers GROUP BY ALL"
        store.con.execute(
            f"CREATE OR REPLACE TABLE {self._members} AS "
            f"SELECT k.*, n.lead FROM nurture_known k LEFT JOIN ({named}) n ON n.key = k.key"
        )
        self._is_loaded = True


def _change(row: Sequence[Any]) -> NurtureChange:
    joins, key, lead, joined_us, by, stage, fit, engagement = row
    return NurtureChange(
        key, joins, None, Nurtured(lead or "", joined_us, by, stage or "", fit or "", engagement or "")
    )


def load_told(store: Store, plan: Plan, leads: Sequence[str] | None, at_us: int) -> None:
    """Make `told`: lead, email, consent of everybody, or of some leads by the names they are shown by."""
    asks = replace(plan, traits=_TOLD, trusted_traits=())
    if leads is None:
        frame = prepare_subjects(store, asks, Asked(at_us))
    else:
        concerned, links = around(store, leads)
        whose = links.until(at_us)
        people = sorted({whose.person(key) for key in concerned} & links.about)
        frame = prepare_people(store, asks, Asked(at_us, rows=()), links, [(key, at_us) for key in people])
    steps = ", ".join(f"{name} AS ({select})" for name, select in profile_steps(frame))
    told = ", ".join(f"{_in_words(frame, trait)} AS {trait}" for trait in _TOLD)
    store.con.execute(
        f"CREATE OR REPLACE TABLE told AS WITH {steps} SELECT DISTINCT ON (i.value) i.value AS lead, {told} "
        "FROM profile p JOIN subjects s ON s.subject = p.subject JOIN identifiers i ON i.who = s.person"
    )


def _in_words(frame: Frame, trait: str) -> str:
    """Return SQL of a trait as text: what is stated as a text, or as true or false."""
    twins = [quoted(f"{trait}:{twin}") for twin in ("text", "boolean") if twin in frame.trait_twins(trait)]
    return f"coalesce({', '.join([*(f'CAST(p.{twin} AS VARCHAR)' for twin in twins), 'CAST(NULL AS VARCHAR)'])})"


def causes_by_name(
    store: Store, touched: Mapping[str, Iterable[str]], at_us: int, *, just_scored: bool
) -> dict[str, frozenset[str]]:
    """Return all names of whoever took part in something, each with what brought about what the person took part in.

    touched: identifiers that took part, with what brought that about. just_scored: whether their scores were made anew
    right before, so that it is known who is around them.
    """
    several = {frozenset(causes) for causes in touched.values()}
    if just_scored and len(several) == 1:
        # Most often all of them did something, and nothing was decided about anybody: no need to ask who is who.
        return dict.fromkeys((value for (value,) in store.con.execute("FROM touched").fetchall()), several.pop())
    concerned, links = around(store, touched)
    whose, named = links.until(at_us), identifiers_of(store, concerned)
    of_person = defaultdict[int, set[str]](set)
    for key, one in named.items():
        of_person[whose.person(key)].update(touched.get(one.value, ()))
    return {one.value: frozenset(of_person[whose.person(key)]) for key, one in named.items()}
