"""Outcomes from a file into history: which leads were won and lost, and when."""

from collections.abc import Mapping

from ripeline.adapters.columnar.columns import BASE, described, quoted, text_of
from ripeline.adapters.history.erasing import refuse_erased
from ripeline.adapters.history.typed_rows import UNIT, TimeColumn, add_twins, plain, refused, time_problems, timed_rows
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.definition.condition_text import ConditionError, parse_condition
from ripeline.definition.conditions import Condition, Name, names_in
from ripeline.ports.files import OUTCOME_WORDS, OutcomeFile
from ripeline.scoring.dialects import DUCKDB
from ripeline.scoring.profile import UNDATED
from ripeline.scoring.sql.conditions import ConditionSql
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.issues import InputError, did_you_mean

Rejects = list[tuple[int, str, str]]


def import_outcomes(
    writer: HistoryWriter, kinds: Mapping[str, str], how: OutcomeFile, source: str, zone: Zone
) -> tuple[int, Rejects]:
    """Store the outcomes of `source_rows`; return how many were new, and the rows that were refused.

    Rows that are neither won nor lost by the conditions are not yet known, and left out.
    """
    for column in (how.lead, how.time, how.outcome):
        if column is not None and column not in kinds:
            raise InputError(f'the file has no column "{column}"; {did_you_mean(column, kinds)}')
    times = [TimeColumn("ts", how.time, needed=False)] if how.time else []
    timed_rows(writer.con, kinds, zone, {"lead": plain(kinds, how.lead)}, times)
    rejects = _judge(writer, kinds, how, times)
    return _store(writer, source, dated=bool(times)), rejects


def _judge(writer: HistoryWriter, kinds: Mapping[str, str], how: OutcomeFile, times: list[TimeColumn]) -> Rejects:
    if how.outcome is not None:
        outcome, unread = _by_word(kinds, how.outcome, how.means)
    else:
        outcome, unread = _by_condition(writer, kinds, how), "FALSE"
    problems = [
        "WHEN t.lead IS NULL THEN 'no lead'",
        *time_problems(times),
        f"WHEN {unread} THEN 'neither won nor lost'",
    ]
    writer.con.execute(
        f"CREATE OR REPLACE TABLE judged AS SELECT t.*, {outcome} AS outcome, CASE {' '.join(problems)} END AS "
        f"problem FROM {'typed' if how.outcome is None else 'timed'} t JOIN source_rows s ON s.line = t.line"
    )
    refuse_erased(writer, writer.tombstones, {"lead": "user"})
    return refused(writer.con, kinds)


def _by_word(kinds: Mapping[str, str], column: str, means: Mapping[str, str]) -> tuple[str, str]:
    """Return SQL of the outcome, and of whether a word is not known. means: of words, before what they usually mean."""
    word = f"lower(trim({plain(kinds, column)}))"
    known = {one: outcome for outcome, words in OUTCOME_WORDS.items() for one in words} | dict(means)
    cases = " ".join(
        f"WHEN {word} IN ({', '.join(text_of(one) for one, meant in known.items() if meant == outcome)}) THEN '{outcome}'"
        for outcome in OUTCOME_WORDS
        if outcome in known.values()
    )
    told = f"CASE {cases} END" if cases else "NULL"
    return told, f"{word} IS NOT NULL AND {word} NOT IN ({', '.join(map(text_of, known))})"


def _by_condition(writer: HistoryWriter, kinds: Mapping[str, str], how: OutcomeFile) -> str:
    """Return SQL over `typed` and the file's columns as traits; without lost_when, what is not won is lost."""
    won = _condition(how.won_when or "", "--won-when", kinds)
    lost = None if how.lost_when is None else _condition(how.lost_when, "--lost-when", kinds)
    read = [name.key for one in (won, lost) if one is not None for name in names_in(one)]
    add_twins(writer.con, "timed", kinds, {column: column for column in dict.fromkeys(read)})
    available = described(writer.con, "typed")

    def column(name: Name, twin: str) -> str | None:
        label = f"{name.key}:{twin}"
        return f"t.{quoted(label)}" if label in available else None

    emit = ConditionSql(DUCKDB, column, lambda instant: instant, "0")
    lost_sql = f"WHEN {emit.holds(lost)} THEN 'lost'" if lost is not None else f"WHEN NOT {emit.holds(won)} THEN 'lost'"
    return f"CASE WHEN {emit.holds(won)} THEN 'won' {lost_sql} END"


def _condition(text: str, option: str, kinds: Mapping[str, str]) -> Condition:
    try:
        condition = parse_condition(text)
    except ConditionError as error:
        raise InputError(f"{option} {text}: {error}; {error.hint}") from error
    for name in names_in(condition):
        if name.key not in kinds:
            raise InputError(f'{option}: the file has no column "{name.key}"; {did_you_mean(name.key, kinds)}')
    return condition


def _store(writer: HistoryWriter, source: str, *, dated: bool) -> int:
    con = writer.con
    con.execute("CREATE OR REPLACE TABLE good AS SELECT * FROM judged WHERE problem IS NULL AND outcome IS NOT NULL")
    writer.name_identifiers("good", [("'user'", "lead")])
    ts = f'coalesce("ts us", {UNDATED})' if dated else str(UNDATED)
    identity = f"concat_ws({UNIT}, {text_of(source)}, lead, outcome, CAST({ts} AS VARCHAR))"
    columns = {
        "who": "n.who",
        "outcome": "g.outcome",
        "ts": "g.at",
        "id": "g.id",
        "source": text_of(source),
    }
    selected = ", ".join(f"{columns[name]} AS {quoted(name)}" for name in BASE["outcomes"])
    con.execute(
        f"CREATE OR REPLACE TABLE told_outcomes AS SELECT DISTINCT {selected} FROM (SELECT *, {ts} AS at, "
        f"CAST(md5({identity}) AS UUID) AS id FROM good) g JOIN named n ON n.value = g.lead AND n.kind = 'user'"
    )
    known = f"(SELECT id FROM {writer.view('outcomes')})"
    con.execute(f"CREATE OR REPLACE TABLE finished AS SELECT * FROM told_outcomes ANTI JOIN {known} USING (id)")
    writer.note_again("outcomes", f"SELECT id, who, ts FROM told_outcomes SEMI JOIN {known} USING (id)")
    return writer.store("outcomes", "finished")
