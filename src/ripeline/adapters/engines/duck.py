"""All leads by SQL in DuckDB."""

from collections.abc import Mapping, Sequence

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.accounts import load_accounts, with_accounts
from ripeline.adapters.engines.levels import levels_of
from ripeline.adapters.engines.prepare import completed, prepare, prepare_people
from ripeline.adapters.engines.results import DuckScores
from ripeline.identity.links import Links
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked, Progress
from ripeline.scoring.evaluate import NOBODY_YET
from ripeline.scoring.lower import lower_contributions, lower_scores
from ripeline.scoring.sql.frame import Frame


class DuckEngine:
    """Scores by the lowered plan."""

    def __init__(self, store: Store) -> None:
        """Take the history to score."""
        self._store = store

    def score(self, plan: Plan, asked: Asked, progress: Progress) -> DuckScores:
        """Return the scores of everybody, or of the rows asked for."""
        progress("reading history", None)
        levels = levels_of(self._store, plan, asked)
        frame = prepare(self._store, plan, asked)
        progress("scoring", None)
        return self._scores(plan, asked, frame, levels)

    def score_people(self, plan: Plan, people: Sequence[int], links: Links, as_of_us: int) -> DuckScores:
        """Return the scores and accounts of persons by their identifiers, less those of whom nothing is known by then.

        links: all those around the identifiers.
        """
        asked, levels = Asked(as_of_us, rows=(), accounts=True), levels_of(self._store, plan, Asked(as_of_us))
        frame = prepare_people(self._store, plan, asked, links, [(key, as_of_us) for key in people], counted=True)
        self._store.con.execute(f"DELETE FROM subjects WHERE since_day = {NOBODY_YET}")
        frame = completed(self._store, plan, frame)
        return self._scores(plan, asked, frame, levels)

    def _scores(self, plan: Plan, asked: Asked, frame: Frame, levels: Mapping[int, int]) -> DuckScores:
        scored = lower_scores(plan, frame.facts, frame.moment)
        if asked.accounts:
            load_accounts(self._store, frame)
            scored = with_accounts(scored)
        return DuckScores(self._store, plan, asked, scored, levels)

    def contributions(self, plan: Plan, asked: Asked) -> Sequence[tuple[str, str, str, int]]:
        """Return every line: lead, part, name, micro-points."""
        frame = prepare(self._store, plan, asked)
        query = lower_contributions(plan, frame.facts, frame.moment)
        return self._store.con.execute(
            f"SELECT i.value, c.part, c.name, c.micro FROM ({query}) c "
            "JOIN subjects s ON s.subject = c.subject JOIN identifiers i ON i.who = s.person "
            "ORDER BY i.value, s.as_of_us, c.subject, c.part, c.position"
        ).fetchall()
