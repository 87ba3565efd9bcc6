"""Scored leads as a table, the same whichever engine made them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ripeline.adapters.columnar.columns import described, text_of
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.accounts import DuckAccounts
from ripeline.adapters.engines.files import instant_sql, points_sql, records, write_rows
from ripeline.adapters.engines.logged import load_logged
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.scoring.level import moved

COLUMNS = (
    "lead",
    "as_of",
    "definition",
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


class DuckScores:
    """Scores of one connection."""

    def __init__(self, store: Store, plan: Plan, asked: Asked, scored: str, levels: Mapping[int, int]) -> None:
        """Make the table `results` from a query of scores: leads by name, in the order of their bytes.

        The stage is the one that was logged, where anything was logged of a lead by then; likelihoods are moved by so
        many steps as levels tell of their instants.
        """
        con = self._con = store.con
        self._plan = plan
        as_of, whose, person = f"{asked.as_of_us} AS as_of_us", "v JOIN identifiers i ON i.who = v.subject", "v.subject"
        if asked.rows is not None:
            as_of, person = "s.as_of_us", "s.person"
            whose = "v JOIN subjects s ON s.subject = v.subject JOIN identifiers i ON i.who = s.person"
        replaced = []
        if load_logged(store, plan, asked):
            replaced.append("coalesce(l.stage, v.stage) AS stage")
            moment = "" if asked.rows is None else " AND l.logged_us = s.as_of_us"
            whose += f" LEFT JOIN logged l ON l.person = {person}{moment}"
        if levels:
            _load_moved(store, plan, levels)
            replaced.append("coalesce(m.moved, v.likelihood) AS likelihood")
            moment = "" if asked.rows is None else " AND m.at_us = s.as_of_us"
            whose += f" LEFT JOIN moved_likelihoods m ON m.likelihood = v.likelihood{moment}"
        columns = "v.* EXCLUDE (subject)" + (f" REPLACE ({', '.join(replaced)})" if replaced else "")
        con.execute(
            f"CREATE OR REPLACE TABLE results AS SELECT i.value AS lead, {as_of}, {text_of(plan.version)} AS definition, "
            f"{columns} FROM ({scored}) {whose} ORDER BY i.value, as_of_us, v.subject"
        )

    def write(self, file: Path) -> int:
        """Write all results as .csv, .json or .parquet; return how many."""
        shown = {name: name for name in COLUMNS} | {"as_of": instant_sql("as_of_us")}
        shown |= {name: points_sql(name, file) for name in ("fit", "engagement", "likelihood")}
        return write_rows(self._con, "results", shown, file)

    def rows(self) -> Sequence[Mapping[str, object]]:
        """Return all results, points in micro-points and likelihood in millionths."""
        return records(self._con.execute("SELECT * FROM results"))

    def accounts(self) -> DuckAccounts:
        """Return the accounts of these leads, which were scored with them, all at one instant."""
        return DuckAccounts(self._con, self._plan, "results")

    def keep_known(self) -> None:
        """Leave out anonymous visitors: those with neither a user id nor an e-mail address."""
        columns = described(self._con, "traits")
        mailed = 'SELECT who FROM traits WHERE "email:text" IS NOT NULL' if "email:text" in columns else "SELECT -1"
        self._con.execute(
            "DELETE FROM results WHERE lead IN (SELECT value FROM identifiers WHERE kind = 'anonymous' "
            f"AND who NOT IN ({mailed})) AND lead NOT IN (SELECT value FROM identifiers WHERE kind <> 'anonymous')"
        )


def _load_moved(store: Store, plan: Plan, levels: Mapping[int, int]) -> None:
    """Make `moved_likelihoods`: what each likelihood of the table is at the level of each instant."""
    likelihood = plan.definition.likelihood
    assert likelihood is not None  # noqa: S101 - it has a level
    chances = {chance for _, chance in likelihood.table}
    rows = (
        {"at_us": at_us, "likelihood": chance, "moved": moved(chance, steps)}
        for at_us, steps in levels.items()
        for chance in chances
    )
    load(store.con, "moved_likelihoods", dict.fromkeys(("at_us", "likelihood", "moved"), "BIGINT"), rows)
