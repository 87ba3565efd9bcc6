"""Dispositions as rows of history, each once."""

from collections.abc import Iterable

from ripeline.adapters.columnar.columns import BASE, listed
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.history.typed_rows import UNIT
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.intake.dispositions import Disposition
from ripeline.vocabulary.values import storable

TOLD = {
    "place": "BIGINT",
    "kind": "VARCHAR",
    "value": "VARCHAR",
    **{name: kind for name, kind in BASE["dispositions"].items() if name not in {"who", "id"}},
}


def store_dispositions(writer: HistoryWriter, dispositions: Iterable[Disposition]) -> None:
    """Store dispositions in the order in which they were told; the same answer of the same instant adds nothing."""
    told = list(dispositions)
    if not told:
        return
    load(writer.con, "told_dispositions", TOLD, (_row(place, one) for place, one in enumerate(told)))
    writer.name_identifiers("told_dispositions", [("kind", "value")])
    identity = f"CAST(md5(concat_ws({UNIT}, t.kind, t.value, t.answer, CAST(t.ts AS VARCHAR))) AS UUID)"
    named = (
        f"SELECT t.*, n.who, {identity} AS id FROM told_dispositions t "
        "JOIN named n ON n.kind = t.kind AND n.value = t.value"
    )
    writer.con.execute(
        f"CREATE OR REPLACE TABLE finished AS SELECT {listed(BASE['dispositions'])} FROM ({named}) "
        f"WHERE id NOT IN (SELECT id FROM {writer.view('dispositions')}) "
        "QUALIFY row_number() OVER (PARTITION BY id ORDER BY place) = 1"
    )
    writer.store("dispositions", "finished")


def _row(place: int, one: Disposition) -> dict[str, object]:
    return {
        "place": place,
        "kind": one.lead.kind,
        "value": one.lead.value,
        "answer": one.answer,
        "ts": one.at_us,
        "known": one.known_us,
        "by": storable(one.by),
        "reason": storable(one.reason),
    }
