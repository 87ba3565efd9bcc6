"""Decisions as rows of history: links that no guard refuses, retractions of links, judgements of events."""

from collections.abc import Iterable
from itertools import chain

from ripeline.adapters.columnar.columns import BASE
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.history.judged import store_judgements
from ripeline.adapters.history.linking import BOND_ID
from ripeline.adapters.history.typed_rows import UNIT
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.intake.decisions import Decision, Judgement, Linking
from ripeline.vocabulary.people import RANK, Name

PAIRS = {
    "kind": "VARCHAR",
    "one_kind": "VARCHAR",
    "one_value": "VARCHAR",
    "other_kind": "VARCHAR",
    "other_value": "VARCHAR",
    "ts": "BIGINT",
    "position": "BIGINT",
}
NAMES = {"kind": "VARCHAR", "value": "VARCHAR"}
_NAMED = (
    "decided d JOIN named a ON a.kind = d.one_kind AND a.value = d.one_value "
    "JOIN named b ON b.kind = d.other_kind AND b.value = d.other_value"
)
_TIE = "b.kind = 'anonymous' AND a.kind <> 'anonymous'"


def store_decisions(writer: HistoryWriter, decisions: Iterable[Decision]) -> None:
    """Store decisions, in the order in which they were made."""
    made = list(decisions)
    store_judgements(writer, (one for one in made if isinstance(one, Judgement)))
    known = [one for one in made if isinstance(one, Linking)]
    if not known:
        return
    load(writer.con, "decided", PAIRS, (_row(one) for one in known))
    names = chain.from_iterable((one.pair.one, one.pair.other) for one in known)
    load(writer.con, "decided_names", NAMES, ({"kind": one.kind, "value": one.value} for one in names))
    writer.name_identifiers("decided_names", [("kind", "value")])
    _store(writer, "links", _ties())
    _store(writer, "bonds", _bonds())
    _store(writer, "retractions", _retractions())


def _row(decision: Linking) -> dict[str, object]:
    """What a person is rather called by comes first; of equals it is as decided."""
    one, other = decision.pair.one, decision.pair.other
    if RANK[other.kind] < RANK[one.kind]:
        one, other = other, one
    return {
        "kind": decision.kind,
        **_name("one", one),
        **_name("other", other),
        "ts": decision.at_us,
        "position": decision.position,
    }


def _name(end: str, name: Name) -> dict[str, object]:
    return {f"{end}_kind": name.kind, f"{end}_value": name.value}


def _ties() -> str:
    identity = f"CAST(md5(concat_ws({UNIT}, 'by hand', a.value, b.value, CAST(d.ts AS VARCHAR))) AS UUID)"
    return (
        f"SELECT a.who, b.who AS device, d.ts, d.ts AS known, {identity} AS id, 'by hand' AS source, d.position AS decided "
        f"FROM {_NAMED} WHERE d.kind = 'merge' AND {_TIE}"
    )


def _bonds() -> str:
    return (
        f"SELECT a.who AS one, b.who AS other, d.ts, d.ts AS known, {BOND_ID} AS id, 'by hand' AS source, "
        f"d.position AS decided FROM {_NAMED} WHERE d.kind = 'merge' AND NOT ({_TIE})"
    )


def _retractions() -> str:
    return (
        "SELECT least(a.who, b.who) AS one, greatest(a.who, b.who) AS other, d.ts AS known, d.position AS decided "
        f"FROM {_NAMED} WHERE d.kind = 'unmerge'"
    )


def _store(writer: HistoryWriter, kind: str, query: str) -> None:
    columns = ", ".join(BASE[kind])
    writer.con.execute(f"CREATE OR REPLACE TABLE finished AS SELECT DISTINCT {columns} FROM ({query})")
    writer.store(kind, "finished")
