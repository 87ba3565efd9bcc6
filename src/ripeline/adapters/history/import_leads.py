"""Leads from a file into history: each row states traits about one identifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ripeline.adapters.columnar.columns import BASE, CREATED, described, quoted, text_of
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.history.erasing import refuse_erased
from ripeline.adapters.history.linking import TOLD_IDENTIFIERS, read_addresses, store_links
from ripeline.adapters.history.typed_rows import (
    TimeColumn,
    add_twins,
    plain,
    refused,
    said,
    time_problems,
    timed_rows,
)
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.ports.files import LeadFile
from ripeline.scoring.profile import UNDATED
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.derived import email_domain
from ripeline.vocabulary.issues import InputError, did_you_mean

Rejects = list[tuple[int, str, str]]
CONTACT_TRAITS = ("email", "phone")
"""An id column of this name states the trait too."""


@dataclass(frozen=True, slots=True)
class Statements:
    """Columns stated together, with the trait each one becomes, and SQL of when (over `judged`).

    begins: what their digests begin with.
    """

    keys: Mapping[str, str]
    ts: str
    known: str
    begins: str = ""


def import_leads(
    writer: HistoryWriter, kinds: Mapping[str, str], how: LeadFile, source: str, zone: Zone
) -> tuple[int, Rejects]:
    """Store what `source_rows` states of leads; return how many rows said something new, and the refused."""
    keys = trait_keys(kinds, how)
    given = {"created": how.created, "at": how.at, "known": how.known_at}
    times = [TimeColumn(name, column, needed=False) for name, column in given.items() if column]
    timed_rows(writer.con, kinds, zone, {"lead": plain(kinds, how.id), **_names(kinds, keys)}, times)
    rejects = _reject(writer, kinds, times)
    stated = _statements(how, keys)
    _tell(writer, stated[-1], source)
    writer.name_identifiers("told", TOLD_IDENTIFIERS)
    added = max([0, *(_store(writer, kinds, statements, source) for statements in stated)])
    store_links(writer)
    return added, rejects


def _names(kinds: Mapping[str, str], keys: Mapping[str, str]) -> dict[str, str]:
    """Return SQL of the further names that a row tells of its lead."""
    columns = {key: column for column, key in keys.items()}
    return {
        name: plain(kinds, columns[key]) if key in columns else "CAST(NULL AS VARCHAR)"
        for name, key in (("email", "email"), ("crm", "crm_id"))
    }


def _tell(writer: HistoryWriter, statements: Statements, source: str) -> None:
    """Make the table `told` of the rows that are good."""
    writer.con.execute(
        f'CREATE OR REPLACE TABLE told_rows AS SELECT lead AS "user", crm, email, CAST(NULL AS VARCHAR) AS device, '
        f"CAST(NULL AS VARCHAR) AS previous, {statements.ts} AS ts, {statements.known} AS known, "
        f"{text_of(source)} AS source FROM good"
    )
    read_addresses(writer, "told_rows")


def trait_keys(kinds: Mapping[str, str], how: LeadFile) -> dict[str, str]:
    """Return the trait that each column becomes, or raise InputError for a column that is not there."""
    rename = dict(how.rename or {})
    named = [how.id, how.created, how.at, how.known_at, *how.only, *how.ignore, *rename]
    for column in named:
        if column is not None and column not in kinds:
            raise InputError(f'the file has no column "{column}"; {did_you_mean(column, kinds)}')
    left_out = {how.at, how.known_at, *how.ignore}
    if rename.get(how.id, how.id) not in CONTACT_TRAITS:
        left_out.add(how.id)
    wanted = [column for column in kinds if column not in left_out and (not how.only or column in how.only)]
    keys = {column: rename.get(column, column) for column in wanted}
    twice = [key for key in keys.values() if list(keys.values()).count(key) > 1]
    if twice:
        raise InputError(f'two columns would become the trait "{twice[0]}"')
    return keys


def _reject(writer: HistoryWriter, kinds: Mapping[str, str], times: Sequence[TimeColumn]) -> Rejects:
    branches = " ".join(["WHEN lead IS NULL THEN 'no lead'", *time_problems(times)])
    writer.con.execute(f"CREATE OR REPLACE TABLE judged AS SELECT *, CASE {branches} END AS problem FROM timed")
    refuse_erased(writer, writer.tombstones, {"lead": "user", "email": "email", "crm": "crm"})
    writer.con.execute("CREATE OR REPLACE TABLE good AS SELECT * FROM judged WHERE problem IS NULL")
    return refused(writer.con, kinds)


def _statements(how: LeadFile, keys: Mapping[str, str]) -> list[Statements]:
    """A row's traits hold from `at`, else from `created`, else they are undated.

    Where both are given the time of creation is a statement of its own, so that a lead exists from then.
    """
    dated = "at us" if how.at else "created us" if how.created else None
    ts = f"coalesce({quoted(dated)}, {UNDATED})" if dated else str(UNDATED)
    known = f'coalesce("known us", {ts})' if how.known_at else ts
    if not (how.at and how.created and how.created in keys):
        return [Statements(keys, ts, known)]
    rest = {column: key for column, key in keys.items() if column != how.created}
    created = f'coalesce("created us", {UNDATED})'
    born = Statements({how.created: keys[how.created]}, created, known if how.known_at else created, CREATED)
    return [born, Statements(rest, ts, known)]


def _store(writer: HistoryWriter, kinds: Mapping[str, str], statements: Statements, source: str) -> int:
    """Store rows that differ from what was last stated of the lead, by this source, for the same instant."""
    con = writer.con
    digest = f"{text_of(statements.begins)} || md5({said(list(statements.keys))})"
    con.execute(
        f"CREATE OR REPLACE TABLE stated AS SELECT g.line, n.who, {statements.ts} AS at, {statements.known} AS "
        f"known_at, {digest} AS digest FROM good g "
        "JOIN source_rows s ON s.line = g.line JOIN named n ON n.value = g.lead AND n.kind = 'user'"
    )
    con.execute(
        "CREATE OR REPLACE TABLE last_said AS SELECT who, ts, arg_max(digest, seq) AS digest "
        f"FROM {writer.view('traits')} WHERE source = {text_of(source)} AND "
        f"starts_with(digest, '{CREATED}') = {statements.begins == CREATED} GROUP BY who, ts"
    )
    before = "lag(t.digest) OVER (PARTITION BY t.who, t.at ORDER BY t.line)"
    con.execute(
        f"CREATE OR REPLACE TABLE compared AS SELECT t.*, {before} AS before, l.digest AS last FROM stated t "
        "LEFT JOIN last_said l ON l.who = t.who AND l.ts = t.at"
    )
    # Of what a row of the same file said just before nothing is noted: they are undone together.
    con.execute(
        "CREATE OR REPLACE TABLE numbered AS SELECT *, row_number() OVER (ORDER BY line) AS place, "
        "coalesce(before, last) IS DISTINCT FROM digest AS is_new FROM compared WHERE before IS DISTINCT FROM digest"
    )
    con.execute("CREATE OR REPLACE VIEW new_rows AS SELECT * FROM numbered WHERE is_new")
    (count, new) = con.execute("SELECT count(*), count(*) FILTER (is_new) FROM numbered").fetchall()[0]
    first = writer.take_sequence(int(count))
    writer.note_again(
        "traits",
        f'SELECT who, "at" AS ts, known_at AS known, place + {first - 1} AS seq, digest FROM numbered WHERE NOT is_new',
    )
    if new:
        _finish(writer, kinds, statements, source, first)
    return int(new)


def _finish(writer: HistoryWriter, kinds: Mapping[str, str], statements: Statements, source: str, first: int) -> None:
    add_twins(writer.con, "new_rows", kinds, statements.keys)
    base = {
        "who": "t.who",
        "ts": "t.at",
        "known": "t.known_at",
        "seq": f"t.place + {first - 1}",
        "trusted": "TRUE",
        "source": text_of(source),
        "digest": "t.digest",
    }
    columns = [f"{base[name]} AS {quoted(name)}" for name in BASE["traits"]]
    names = described(writer.con, "typed")
    columns += [f"t.{quoted(name)}" for name in names if ":" in name]
    joins = ""
    if "email:text" in names:
        add_domains(writer)
        columns.append('d.domain AS "email:domain"')
        joins = 'LEFT JOIN domains d ON d.raw = t."email:text"'
    writer.con.execute(f"CREATE OR REPLACE TABLE finished AS SELECT {', '.join(columns)} FROM typed t {joins}")
    writer.store("traits", "finished")


def add_domains(writer: HistoryWriter) -> None:
    """Make the table `domains` (raw, domain) of the e-mail addresses in `typed`."""
    raws = writer.con.execute('SELECT DISTINCT "email:text" FROM typed WHERE "email:text" IS NOT NULL').fetchall()
    rows = ({"raw": raw, "domain": email_domain(raw)} for (raw,) in raws)
    load(writer.con, "domains", {"raw": "VARCHAR", "domain": "VARCHAR"}, rows)
