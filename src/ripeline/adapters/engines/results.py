"""Scored leads as a table, and the one writer of score files that serves every engine."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from ripeline.adapters.columnar.columns import described, text_of
from ripeline.plan.nodes import Plan
from ripeline.ports import Asked
from ripeline.vocabulary.issues import InputError

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
_FORMATS = {
    ".csv": "FORMAT csv, HEADER true",
    ".json": "FORMAT json, ARRAY true",
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
}


def format_of(file: Path) -> str:
    """Return how a file is written, by its suffix; InputError for one that is not known."""
    if file.suffix not in _FORMATS:
        raise InputError(f"{file}: scores are written as {', '.join(_FORMATS)}")
    return _FORMATS[file.suffix]


def points_sql(micro: str) -> str:
    """Return SQL of micro-points as plain decimal text without trailing zeros."""
    whole, rest = f"abs({micro}) // 1000000", f"lpad(CAST(abs({micro}) % 1000000 AS VARCHAR), 6, '0')"
    digits = f"rtrim(rtrim(CAST({whole} AS VARCHAR) || '.' || {rest}, '0'), '.')"
    return f"CASE WHEN {micro} < 0 THEN '-' ELSE '' END || {digits}"


def instant_sql(us: str) -> str:
    """Return SQL of an instant as RFC 3339 in UTC with six digits."""
    return f"strftime(make_timestamp({us}), '%Y-%m-%dT%H:%M:%S.%fZ')"


class DuckScores:
    """Scores of one connection."""

    def __init__(self, con: duckdb.DuckDBPyConnection, plan: Plan, asked: Asked, scored: str) -> None:
        """Make the table `results` from a query of scores: leads by name, in the order of their bytes."""
        self._con = con
        as_of, whose = f"{asked.as_of_us} AS as_of_us", "v JOIN identifiers i ON i.who = v.subject"
        if asked.rows is not None:
            as_of = "s.as_of_us"
            whose = "v JOIN subjects s ON s.subject = v.subject JOIN identifiers i ON i.who = s.person"
        con.execute(
            f"CREATE OR REPLACE TABLE results AS SELECT i.value AS lead, {as_of}, {text_of(plan.version)} AS definition, "
            f"v.* EXCLUDE (subject) FROM ({scored}) {whose} ORDER BY i.value, as_of_us, v.subject"
        )

    def write(self, file: Path) -> int:
        """Write all results as .csv, .json or .parquet; return how many."""
        kind = format_of(file)
        select = f"SELECT {', '.join(self._shown(file.suffix))} FROM results"
        try:
            self._con.execute(f"COPY ({select}) TO {text_of(str(file))} ({kind})")
        except duckdb.IOException as error:
            raise InputError(f"{file} cannot be written: {str(error).splitlines()[0]}") from error
        return int(self._con.execute("SELECT count(*) FROM results").fetchall()[0][0])

    def rows(self) -> Sequence[Mapping[str, object]]:
        """Return all results, points in micro-points and likelihood in millionths."""
        found = self._con.execute("SELECT * FROM results")
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def keep_known(self) -> None:
        """Leave out anonymous visitors: those with neither a user id nor an e-mail address."""
        columns = described(self._con, "traits")
        mailed = 'SELECT who FROM traits WHERE "email:text" IS NOT NULL' if "email:text" in columns else "SELECT -1"
        self._con.execute(
            "DELETE FROM results WHERE lead IN (SELECT value FROM identifiers WHERE kind = 'anonymous' "
            f"AND who NOT IN ({mailed})) AND lead NOT IN (SELECT value FROM identifiers WHERE kind <> 'anonymous')"
        )

    def _shown(self, suffix: str) -> list[str]:
        shown = {"as_of": instant_sql("as_of_us")}
        for name in ("fit", "engagement", "likelihood"):
            text = points_sql(name)
            shown[name] = f"CAST({text} AS DECIMAL(18, 6))" if suffix == ".parquet" else text
        return [f"{shown.get(name, name)} AS {name}" for name in COLUMNS]
