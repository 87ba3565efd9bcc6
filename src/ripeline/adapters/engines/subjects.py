"""Whose scores are wanted: everybody of whom something is known by the moment, and since when."""

from dataclasses import replace

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import MOST_NAMED
from ripeline.definition.model import Inactivity
from ripeline.scoring.evaluate import ALWAYS, NOBODY_YET
from ripeline.scoring.measure import MOST_A_DAY
from ripeline.scoring.profile import UNDATED
from ripeline.scoring.sql.frame import Frame
from ripeline.vocabulary.calendar import EVER, NEVER


def load_subjects(store: Store, frame: Frame, *, counted: bool) -> None:
    """Make `subjects`: subject, person, as_of_us, since_day where that counts, and how many events they have at most.

    counted: whether the last two are wanted where each subject has its own instant.
    """
    if frame.moment.each and not counted:
        store.con.execute("CREATE OR REPLACE TABLE subjects AS SELECT * FROM asked_for")
        return
    since = frame.day("first") if frame.plan.zone.days_run_forward else "first"
    since_day = f"CASE WHEN first IS NULL THEN {ALWAYS} ELSE {since} END"
    if frame.moment.each:
        select = (
            "SELECT a.subject, a.today, a.as_of_us, a.person, "
            f"CASE WHEN v.subject IS NULL THEN {NOBODY_YET} ELSE {since_day} END AS since_day, "
            f"coalesce(v.events, 0) AS events FROM asked_for a LEFT JOIN ({_seen(frame)}) v ON v.subject = a.subject"
        )
    else:
        seen = _summed_up(frame) if _presence_tells(store, frame) else _seen(frame)
        as_of = f"{frame.moment.as_of_us} AS as_of_us"
        since_day = f", {since_day} AS since_day" if _is_silence_counted(frame) else ""
        select = f"SELECT subject, subject AS person, {as_of}{since_day}, events FROM ({seen})"
    store.con.execute(f"CREATE OR REPLACE TABLE subjects AS {select}")


def _is_silence_counted(frame: Frame) -> bool:
    """Whether some signal asks since when each subject is known."""
    return any(isinstance(one.signal.form, Inactivity) for one in frame.plan.signals)


def is_crowded(store: Store, frame: Frame) -> bool:
    """Say whether someone has more events on one day than a day's measure holds."""
    busy = f"SELECT subject FROM subjects WHERE events > {MOST_A_DAY}"
    subjects = [subject for (subject,) in store.con.execute(busy).fetchall()]
    if not subjects:
        return False
    keys = [key for (key,) in store.con.execute(_identifiers(frame, busy)).fetchall()]
    if len(keys) == len(subjects) and not frame.moment.each:
        # Nobody of them has a device: whose events are whose need not be asked.
        frame = replace(frame, facts=replace(frame.facts, tied=frozenset()))
    # Few are named one by one: files are then read only where these stand.
    whose = ", ".join(map(str, keys)) if len(keys) <= MOST_NAMED else _identifiers(frame, busy)
    events = f"SELECT {frame.subject('events')}, {frame.day('e.ts')} AS day {frame.of('events')} AND e.who IN ({whose})"
    found = f"SELECT count(*) AS events FROM ({events}) WHERE subject IN ({busy}) GROUP BY subject, day"
    (most,) = store.con.execute(f"SELECT max(events) FROM ({found})").fetchall()[0]
    return (most or 0) > MOST_A_DAY


def _identifiers(frame: Frame, subjects: str) -> str:
    """Select the identifiers of some subjects."""
    if frame.moment.each:
        return f"SELECT who FROM reach WHERE subject IN ({subjects})"
    return f"{subjects} UNION SELECT who FROM tied WHERE person IN ({subjects})"


def _presence_tells(store: Store, frame: Frame) -> bool:
    """Whether what was summed up when files were written is enough.

    It is where all is known, files hold what counts, and days run forward.
    """
    return frame.moment.known_us is None and not store.pending and frame.plan.zone.days_run_forward


def _summed_up(frame: Frame) -> str:
    """The same as _seen from the files' summaries.

    Whoever shares a device was seen when it was tied to them; only since when is counted anew, where a
    signal of silence asks for it. All the device's events are laid at each one's door: there are at most so many.
    """
    as_of, whole = frame.moment.as_of_us, f"r.from_us = {EVER} AND r.until_us = {NEVER}"
    shared = f"r.who IS NOT NULL AND NOT ({whole})"
    owned = (
        f"SELECT coalesce(r.person, p.who) AS subject, p.events, "
        f"CASE WHEN p.first <= {as_of} AND NOT ({shared}) THEN p.first END AS first "
        f"FROM presence p LEFT JOIN tied r ON r.who = p.who WHERE p.first <= {as_of} OR p.undated"
    )
    if _is_silence_counted(frame):
        shared_devices = f"SELECT who FROM tied r WHERE {shared}"
        counted = _seen(frame, f" AND {{alias}}.who IN ({shared_devices})")
        owned += f" UNION ALL SELECT subject, 0 AS events, first FROM ({counted})"
    return f"SELECT subject, min(first) AS first, CAST(sum(events) AS BIGINT) AS events FROM ({owned}) GROUP BY subject"


def _seen(frame: Frame, only: str = "") -> str:
    """Select subject, first (NULL where nothing is dated) and the number of events.

    first: the earliest instant, or the least day where clocks went back over midnight. only: a further
    condition on the rows that are looked at.
    """
    forward = frame.plan.zone.days_run_forward
    found = []
    for table, count in (("events", "count(*)"), ("traits", "0"), ("links", "0"), ("group_links", "0")):
        alias, instant = table[0], f"{table[0]}.ts"
        dated = instant if forward else frame.day(instant)
        if table == "traits":
            dated = f"CASE WHEN {instant} > {UNDATED} THEN {dated} END"
        seen = " AND l.decided IS NULL" if table == "links" else ""
        found.append(
            f"SELECT {frame.subject(table)}, min({dated}) AS first, {count} AS events "
            f"{frame.of(table)}{seen}{only.format(alias=alias)} GROUP BY ALL"
        )
    together = " UNION ALL ".join(found)
    return (
        f"SELECT subject, min(first) AS first, CAST(sum(events) AS BIGINT) AS events FROM ({together}) GROUP BY subject"
    )
