"""History without one import, as if it had never been: what later imports brought as well stays, and is theirs then.

An import notes what it brings that is there already (`again`). Undoing goes through what the others brought since: a row
of which the undone one is the first stays where another one brought it too.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from ripeline.adapters.columnar.columns import ACTS, BASE, CREATED, MANIFEST, definitions, quoted, text_of
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.history.writer import SUMMARIES, HistoryWriter
from ripeline.ports.history import HistoryFile
from ripeline.ports.imports import UNDO, Import, ImportBook, Undoing
from ripeline.scoring.profile import UNDATED

ONCE = {
    "events": "id",
    "set_aside": "id",
    "links": "id",
    "outcomes": "id",
    "group_links": "id",
    "traits": "digest",
    "account_traits": "digest",
}
"""Kinds of which a row counts once, by what tells it from others. Of traits these are the ones that calls state."""

BY_CALL = 36
"""Letters of a digest that is an id: of statements that came by calls, which count once."""

NAMES = {
    **dict.fromkeys(("events", "set_aside", "traits", "group_links", "outcomes", "dispositions"), ("who",)),
    "links": ("who", "device"),
    "again": ("who", "other"),
    **dict.fromkeys(("bonds", "retractions"), ("one", "other")),
}
"""Columns that name somebody, by kind."""

TOLD = {
    "events": ACTS,
    "statements": ("traits",),
    "links": ("links", "bonds"),
    "group_links": ("group_links",),
    "account_statements": ("account_traits",),
    "outcomes": ("outcomes",),
}
"""What is told of an undone import, each with the kinds of files it lies in."""

MARKED = [kind for kind in BASE if kind not in (*SUMMARIES, "identifiers", "judgements", "misplaced", "retractions")]
_ADDRESS = f"source = 'user id' AND ts = {UNDATED} AND decided IS NULL"


class Undo:
    """What it takes to leave one import out; nothing is written before `carry_out`."""

    def __init__(self, writer: HistoryWriter, book: ImportBook, imports: Sequence[Import], one: Import) -> None:
        """Take a writer that marks nothing, its book, all imports, and the one to leave out."""
        self._writer, self._con, self._book, self._one = writer, writer.con, book, one
        sources = ({"manifest": made.manifest, "source": made.source} for made in imports)
        load(self._con, "import_sources", {"manifest": "BIGINT", "source": "VARCHAR"}, sources)
        for kind in MARKED:
            self._divide(kind)
        self._con.execute("CREATE OR REPLACE TABLE used (seq BIGINT)")
        self._con.execute(f"CREATE OR REPLACE TABLE demoted ({definitions(BASE['again'])}, manifest BIGINT)")
        for kind in ONCE:
            self._find_heirs(kind)
        self._judge_statements()
        self._find_bonds()
        self._find_nobody()

    @cached_property
    def told(self) -> Undoing:
        """What goes, and what stays although this import brought it first."""
        gone = {name: sum(map(self._leaving, kinds)) for name, kinds in TOLD.items()}
        heirs = ("heir_" + kind for kind in (*ONCE, "statements", "bonds"))
        return Undoing(gone, self._count("nobody"), sum(map(self._count, heirs)))

    def carry_out(self, at_us: int, by: str) -> None:
        """Write files anew that hold something of the import, and make the manifest without it."""
        writer, one, told = self._writer, self._one, self.told
        try:
            for kind in (*ONCE, "bonds"):
                writer.store(kind, f"heir_{kind}")
            writer.store("traits", "heir_statements")
            writer.store("again", "demoted")
            for file in writer.cut.files:
                leaving = " OR ".join(self._leaves(file))
                if leaving and writer.holds(file, leaving):
                    writer.replace(file, f"NOT ({leaving})")
            writer.commit(
                f"{UNDO}{one.number}",
                at_us,
                beside=lambda manifest: self._book.note_undone(one.number, at_us, by, told.removes, manifest),
            )
        except BaseException:
            writer.discard()
            raise

    def _leaves(self, file: HistoryFile) -> Iterator[str]:
        """Yield conditions of rows that leave a file; none of them is ever unknown."""
        if MANIFEST in file.columns:
            yield f"{MANIFEST} IS NOT DISTINCT FROM {self._one.manifest}"
        match file.kind:
            case "traits":
                yield "seq IN (SELECT seq FROM demoted)"
            case "again":
                yield "seq IN (SELECT seq FROM used)"
            case "identifiers":
                yield "who IN (SELECT who FROM nobody)"
            case "bonds":
                yield f"({_ADDRESS} AND one IN (SELECT who FROM nobody))"
            case _:
                pass

    def _divide(self, kind: str) -> None:
        """Make the views `own_<kind>` of what the import brought, and `other_<kind>` of everything else."""
        rows, manifest = self._writer.view(kind), self._one.manifest
        if MANIFEST not in self._writer.columns(kind):
            rows = f"(SELECT *, CAST(NULL AS BIGINT) AS {MANIFEST} FROM {rows})"
        for name, which in (("own", "IS NOT DISTINCT FROM"), ("other", "IS DISTINCT FROM")):
            self._con.execute(
                f"CREATE OR REPLACE VIEW {name}_{kind} AS SELECT * FROM {rows} WHERE {MANIFEST} {which} {manifest}"
            )

    def _table(self, name: str, query: str) -> None:
        self._con.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")

    def _use(self, query: str) -> None:
        self._con.execute(f"INSERT INTO used {query}")

    def _count(self, table: str) -> int:
        return int(self._con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])

    def _leaving(self, kind: str) -> int:
        heirs = self._count(f"heir_{kind}") + (self._count("heir_statements") if kind == "traits" else 0)
        return self._count(f"own_{kind}") - heirs

    def _find_heirs(self, kind: str) -> None:
        """Make `heir_<kind>`: rows of the import that another one brought as well, as that one would have stored them."""
        key, of = ONCE[kind], "events" if kind in ACTS else kind
        once = f" AND length(digest) = {BY_CALL}" if kind == "traits" else ""
        which = f"kind = '{of}'{once} AND {key} IN (SELECT {key} FROM own_{kind})"
        same_source = "" if key == "id" else "source, "
        self._table(
            "heirs",
            f"SELECT a.*, s.source FROM other_again a JOIN import_sources s USING (manifest) WHERE {which} QUALIFY "
            f"row_number() OVER (PARTITION BY {same_source}{key} ORDER BY manifest) = 1",
        )
        taken = [name for name in ("known", "seq", "source") if name in BASE[kind]]
        replaced = ", ".join(f"h.{quoted(name)} AS {quoted(name)}" for name in (*taken, MANIFEST))
        same = f"h.{key} = o.{key}" + ("" if key == "id" else " AND h.source = o.source")
        self._table(f"heir_{kind}", f"SELECT o.* REPLACE ({replaced}) FROM own_{kind} o JOIN heirs h ON {same}")
        self._use(f"SELECT h.seq FROM heirs h JOIN own_{kind} o ON {same}")

    def _judge_statements(self) -> None:
        """What rows of leads state is stored where it differs from what the row before said; see import_leads.

        Without the import a row may follow another one: then it is stored that was not, or the other way round. Makes
        `heir_statements` of the first and adds to `demoted` the others.
        """
        con, series = self._con, "source, who, ts, born"
        born = f"starts_with(digest, {text_of(CREATED)}) AS born"
        self._table(
            "series", f"SELECT DISTINCT source, who, ts, {born} FROM own_traits WHERE length(digest) <> {BY_CALL}"
        )
        stored = f"SELECT source, who, ts, {born}, seq, digest, known, manifest, TRUE AS stored FROM other_traits"
        again = (
            f"SELECT s.source, who, ts, {born}, seq, digest, known, manifest, FALSE AS stored FROM other_again "
            f"JOIN import_sources s USING (manifest) WHERE kind = 'traits' AND length(digest) <> {BY_CALL}"
        )
        self._table(
            "judged_statements",
            f"SELECT *, digest IS DISTINCT FROM lag(digest) OVER (PARTITION BY {series} ORDER BY seq) AS is_new "
            f"FROM (({stored}) UNION ALL ({again})) SEMI JOIN series USING ({series})",
        )
        self._table(
            "heir_statements",
            "SELECT o.* REPLACE (j.known AS known, j.seq AS seq, j.manifest AS manifest) FROM judged_statements j JOIN "
            "own_traits o ON o.source = j.source AND o.who = j.who AND o.ts = j.ts AND o.digest = j.digest "
            "WHERE NOT j.stored AND j.is_new QUALIFY row_number() OVER (PARTITION BY j.seq ORDER BY o.seq) = 1",
        )
        self._use("SELECT seq FROM heir_statements")
        con.execute(
            "INSERT INTO demoted BY NAME SELECT 'traits' AS kind, who, ts, known, seq, digest, manifest FROM "
            f"judged_statements WHERE stored AND NOT is_new AND manifest IS NOT NULL AND length(digest) <> {BY_CALL}"
        )

    def _find_bonds(self) -> None:
        """Make `heir_bonds`: bonds that were not stored, since one of the import says more; see linking."""
        self._table(
            "other_told",
            "SELECT one, other, ts, known, coalesce(manifest, 0) AS manifest FROM other_bonds WHERE decided IS NULL "
            "UNION ALL SELECT who, other, ts, known, manifest FROM other_again WHERE kind = 'bonds'",
        )
        earlier = "e.one = a.who AND e.other = a.other AND e.ts <= a.ts AND e.known <= a.known"
        self._table(
            "found_bonds",
            "SELECT a.*, s.source FROM other_again a JOIN import_sources s USING (manifest) WHERE kind = 'bonds' AND EXISTS "
            f"(SELECT 1 FROM own_bonds e WHERE {earlier}) AND NOT EXISTS (SELECT 1 FROM other_told e WHERE {earlier} AND "
            "e.manifest < a.manifest)",
        )
        self._table(
            "heir_bonds",
            "SELECT who AS one, other, ts, known, id, source, CAST(NULL AS BIGINT) AS decided, manifest FROM found_bonds",
        )
        self._use("SELECT seq FROM found_bonds")

    def _find_nobody(self) -> None:
        """Make `nobody`: identifiers of the import that nothing else names.

        An address that is a user id is named by that id alone; the bond of the two goes with it.
        """
        own = self._named("own", [kind for kind in NAMES if kind in MARKED])
        address = f"SELECT one, other FROM other_bonds WHERE {_ADDRESS}"
        others = self._named("other", [kind for kind in NAMES if kind in MARKED and kind != "bonds"])
        others += f" UNION SELECT unnest([one, other]) FROM other_bonds WHERE NOT ({_ADDRESS})"
        others += f" UNION SELECT unnest([one, other]) FROM {self._writer.view('retractions')}"
        self._table("address_bonds", address)
        self._table("own_names", own)
        self._con.execute(
            "INSERT INTO own_names SELECT other FROM address_bonds WHERE one IN (SELECT who FROM own_names)"
        )
        self._table("nobody", f"SELECT DISTINCT who FROM own_names WHERE who NOT IN ({others})")
        self._con.execute(
            "DELETE FROM nobody WHERE who IN (SELECT other FROM address_bonds WHERE one NOT IN (SELECT who FROM nobody))"
        )

    def _named(self, which: str, kinds: Sequence[str]) -> str:
        """Return SQL of whom rows of some kinds name."""
        return " UNION ".join(
            f"SELECT {column} AS who FROM {which}_{kind} WHERE {column} IS NOT NULL"
            for kind in kinds
            for column in NAMES[kind]
        )
