"""Judgements of events as rows of history, and files that hold each event where its last judgement wants it."""

from collections.abc import Iterable, Mapping, Sequence

from ripeline.adapters.columnar.columns import ACTS, BASE
from ripeline.adapters.columnar.spool import Row, load
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.intake.calls import Call
from ripeline.intake.decisions import Judgement

LEAVING = {
    "events": "id IN (SELECT id FROM verdicts WHERE aside)",
    "set_aside": "id IN (SELECT id FROM verdicts WHERE NOT aside)",
}
"""Which events no longer belong where they lie."""


def store_suspicions(writer: HistoryWriter, calls: Iterable[Call]) -> None:
    """Store what acts show by themselves."""
    _store(
        writer,
        [
            {"id": one.id, "aside": True, "known": one.known_us, "decided": None, "reason": why, "by_hand": False}
            for one in calls
            if (why := one.suspicion) is not None
        ],
    )


def store_judgements(writer: HistoryWriter, judgements: Iterable[Judgement]) -> None:
    """Store judgements."""
    _store(
        writer,
        [
            {
                "id": event,
                "aside": one.aside,
                "known": one.at_us,
                "decided": one.position,
                "reason": one.judged.reason,
                "by_hand": one.judged.by_hand,
            }
            for one in judgements
            for event in one.judged.events
        ],
    )


def _store(writer: HistoryWriter, rows: list[Row]) -> None:
    if rows:
        load(writer.con, "judgements_made", BASE["judgements"], rows)
        writer.store("judgements", "judgements_made")


def store_acts(writer: HistoryWriter, tails: Mapping[str, str]) -> None:
    """Store the events of a tail, each where its last judgement wants it, and note which events in files lie wrong.

    tails: the tables of the tail by their kind.
    """
    if "judgements" not in tails or not _judge(writer, f"{tails['judgements']} WHERE decided IS NOT NULL"):
        for kind in ACTS:
            if kind in tails:
                writer.store(kind, tails[kind])
        return
    for kind, other in (ACTS, ACTS[::-1]):
        own = [f"SELECT * FROM {tails[kind]} WHERE NOT ({LEAVING[kind]})"] if kind in tails else []
        coming = [f"SELECT * FROM {tails[other]} WHERE {LEAVING[other]}"] if other in tails else []
        _place(writer, kind, [*own, *coming])
    here = "".join(f" ANTI JOIN {tails[kind]} USING (id)" for kind in ACTS if kind in tails)
    writer.con.execute(f"CREATE OR REPLACE TABLE elsewhere AS SELECT * FROM verdicts{here}")
    writer.store("misplaced", "elsewhere")


def settle_acts(writer: HistoryWriter) -> bool:
    """Write files anew whose events lie wrong; say whether there were any."""
    misplaced = [file for file in writer.cut.files if file.kind == "misplaced"]
    if not misplaced:
        return False
    _judge(writer, writer.read(misplaced))
    files = {
        kind: [file for file in writer.cut.files if file.kind == kind and writer.holds(file, LEAVING[kind])]
        for kind in ACTS
    }
    for kind, other in (ACTS, ACTS[::-1]):
        if files[other]:
            _place(writer, kind, [f"SELECT * FROM {writer.read(files[other])} WHERE {LEAVING[other]}"])
        for file in files[kind]:
            writer.replace(file, f"NOT ({LEAVING[kind]})")
    writer.leave_out(misplaced)
    return True


def _place(writer: HistoryWriter, kind: str, parts: Sequence[str]) -> None:
    if parts:
        writer.con.execute(f"CREATE OR REPLACE TABLE placed AS {' UNION ALL BY NAME '.join(parts)}")
        writer.store(kind, "placed")


def _judge(writer: HistoryWriter, judgements: str) -> bool:
    """Make `verdicts` of what was decided last of each event; say whether there is any."""
    writer.con.execute(
        "CREATE OR REPLACE TABLE verdicts AS SELECT id, arg_max(aside, decided) AS aside, max(decided) AS decided "
        f"FROM {judgements} GROUP BY id"
    )
    return bool(writer.con.execute("SELECT EXISTS (SELECT 1 FROM verdicts)").fetchall()[0][0])
