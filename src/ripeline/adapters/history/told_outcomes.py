"""Outcomes that somebody told as rows of history, each once."""

from collections.abc import Iterable

from ripeline.adapters.columnar.columns import BASE
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.history.typed_rows import UNIT
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.intake.outcomes import Outcome

TOLD = {
    "place": "BIGINT",
    "kind": "VARCHAR",
    "value": "VARCHAR",
    "outcome": "VARCHAR",
    "ts": "BIGINT",
    "dated": "BOOLEAN",
}


def store_outcomes(writer: HistoryWriter, outcomes: Iterable[Outcome]) -> None:
    """Store outcomes in the order in which they were told.

    The same again adds nothing: the same time, or no time where it is what is known of the lead already.
    """
    known = list(outcomes)
    if not known:
        return
    load(writer.con, "told_outcomes", TOLD, (_row(place, one) for place, one in enumerate(known)))
    writer.name_identifiers("told_outcomes", [("kind", "value")])
    identity = f"CAST(md5(concat_ws({UNIT}, 'by hand', t.kind, t.value, t.outcome, CAST(t.ts AS VARCHAR))) AS UUID)"
    told = (
        f"SELECT n.who, t.outcome, t.ts, {identity} AS id, 'by hand' AS source, t.dated, t.place "
        "FROM told_outcomes t JOIN named n ON n.kind = t.kind AND n.value = t.value"
    )
    there = (
        f"SELECT who, outcome, ts, id, source, TRUE AS dated, -1 AS place FROM {writer.view('outcomes')} "
        "WHERE who IN (SELECT who FROM named)"
    )
    in_order = (
        "SELECT *, lag(outcome) OVER (PARTITION BY who ORDER BY ts, place) AS before, "
        f"row_number() OVER (PARTITION BY id ORDER BY place) AS copy FROM ({there} UNION ALL {told})"
    )
    writer.con.execute(
        f"CREATE OR REPLACE TABLE finished AS SELECT {', '.join(BASE['outcomes'])} FROM ({in_order}) "
        "WHERE place >= 0 AND copy = 1 AND (dated OR before IS DISTINCT FROM outcome)"
    )
    writer.store("outcomes", "finished")


def _row(place: int, one: Outcome) -> dict[str, object]:
    return {
        "place": place,
        "kind": one.lead.kind,
        "value": one.lead.value,
        "outcome": one.outcome,
        "ts": one.at_us,
        "dated": one.dated,
    }
