"""Invented history for the benchmarks: seeded, of any size, written once in the layout that imports write.

20 million events of a million leads in 180 days: names, leads and devices follow power laws, and all draws
are independent. (DuckDB's `hash(i, k)` for different k is one value XOR a constant; draws made so are
correlated and flatter every benchmark. Hence the hash of one number that differs for every draw.)
"""

import argparse
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ripeline.adapters.book.sqlite import SqliteBook, known_form
from ripeline.adapters.columnar.columns import text_of
from ripeline.adapters.columnar.store import connect
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.adapters.sources.files import TABLE
from ripeline.adapters.tables.references import ShippedReferences
from ripeline.vocabulary.derived import email_kind, title_function, title_seniority

DAY_US = 86_400_000_000
DAYS = 180
START_US = int(datetime(2026, 2, 1, tzinfo=UTC).timestamp()) * 1_000_000
AS_OF_US = START_US + DAYS * DAY_US - 1
DEVICE_SHARE = 0.15
DRAWS = 64
"""More than the draws of one row: hash(row * PRIME + number) is a draw of its own."""
PRIME = 1_000_003

NAMES = (
    ("page", "Home"),
    ("page", "Product"),
    ("track", "Email Opened"),
    ("page", "Pricing"),
    ("page", "Blog"),
    ("track", "Link Clicked"),
    ("page", "Docs"),
    ("track", "Session Started"),
    ("page", "Case Study"),
    ("track", "Form Viewed"),
    ("track", "Video Played"),
    ("track", "Email Delivered"),
    ("page", "Integrations"),
    ("track", "Signed In"),
    ("page", "Webinar"),
    ("track", "Product Added"),
    ("track", "Wish List Updated"),
    ("track", "Newsletter Subscribed"),
    ("track", "Form Submitted"),
    ("page", "Careers"),
    ("track", "Ebook Downloaded"),
    ("track", "Search Performed"),
    ("page", "Events"),
    ("track", "Trial Downloaded"),
    ("track", "Demo Used"),
    ("track", "Chat Started"),
    ("page", "Partners"),
    ("track", "Webinar Registered"),
    ("track", "Webinar Attended"),
    ("track", "Podcast Played"),
    ("page", "Contact"),
    ("track", "Social Clicked"),
    ("track", "Ad Clicked"),
    ("track", "Pricing Calculated"),
    ("track", "Invite Sent"),
    ("track", "Quote Requested"),
    ("track", "Demo Booked"),
    ("track", "Support Asked"),
    ("track", "Survey Answered"),
    ("track", "Feedback Given"),
)
"""Types and names of events; the n-th happens 1/n as often as the first."""

RANKS = ("Head of", "Manager", "Director of", "VP", "Chief Officer", "Intern", "Assistant", "Senior", "Lead", "")
TRADES = (
    "IT", "Purchasing", "Marketing", "Sales", "Finance", "Human Resources", "Engineering", "Operations",
    "Logistics", "Legal", "Support", "Production", "Quality", "Research", "Design", "Data", "Product",
)  # fmt: skip
REGIONS = ("", "EMEA", "DACH", "North", "South", "Europe", "Nordics", "Global", "Iberia", "Benelux", "UK", "Americas")
COUNTRIES = ("Germany", "DE", "Austria", "CH", "France", "Italy", "Spain", "GB", "US", "United States", "Poland")
INDUSTRIES = ("software", "machinery", "retail", "health", "education", "finance", "logistics", "it services")
FREE_MAIL = ("gmail.com", "outlook.com", "gmx.de", "yahoo.com", "web.de")


@dataclass(frozen=True, slots=True)
class Size:
    """How much to invent."""

    events: int
    leads: int
    devices: int
    imported: int

    @property
    def name(self) -> str:
        """The name of its folder: what an older Ripeline made is not what this one reads."""
        return f"{self.events}-events-{self.leads}-leads-{known_form()}"


FULL = Size(20_000_000, 1_000_000, 200_000, 1_000_000)
SMALL = Size(1_000_000, 50_000, 10_000, 100_000)
BIG = Size(20_000_000, 20_000_000, 200_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Data:
    """Where the invented history lies.

    root: a workspace. arrival: its events in order of arrival. titles, domains: derived traits of the
    titles and mail domains in it, as someone who writes SQL by hand would keep them. csv: events to import.
    """

    size: Size
    root: Path

    @property
    def arrival(self) -> Path:
        """The events in order of arrival."""
        return self.root / "arrival.parquet"

    @property
    def titles(self) -> Path:
        """What titles tell."""
        return self.root / "titles.parquet"

    @property
    def domains(self) -> Path:
        """What mail domains tell."""
        return self.root / "domains.parquet"

    @property
    def csv(self) -> Path:
        """Events as a file to import."""
        return self.root / "events.csv"

    def of(self, kind: str) -> str:
        """Return the history files of one kind as SQL."""
        book = SqliteBook(self.root / "book.sqlite")
        paths = [str(self.root / file.path) for file in book.cut().files if file.kind == kind]
        book.close()
        return f"read_parquet([{', '.join(map(text_of, paths))}], union_by_name = true)"


def prepared(size: Size, folder: Path) -> Data:
    """Return the history of a size, made now where it is not there yet."""
    data = Data(size, folder / size.name)
    if not (data.root / "book.sqlite").exists():
        making = Data(size, folder / f"{size.name}.making")
        shutil.rmtree(making.root, ignore_errors=True)
        making.root.mkdir(parents=True)
        _make(making)
        making.root.rename(data.root)
    return data


def _make(data: Data) -> None:
    con = connect(memory="8GB")
    con.execute(f"SET temp_directory = {text_of(str(data.root / 'spill'))}")
    book = SqliteBook(data.root / "book.sqlite")
    writer = HistoryWriter(con, book, data.root)
    con.execute(f"CREATE OR REPLACE TABLE made AS {_identifiers(data.size)}")
    writer.name_identifiers("made", [("kind", "value")])
    for kind, make in {"links": _links, "traits": _traits, "events": _events}.items():
        con.execute(f"CREATE OR REPLACE TABLE made AS {make(data.size)}")
        print(f"{writer.store(kind, 'made'):>12,} {kind}", flush=True)
    con.execute(
        f"COPY (SELECT * FROM made ORDER BY ts, id) TO {text_of(str(data.arrival))} (FORMAT parquet, COMPRESSION zstd)"
    )
    _write_csv(con, data)
    _write_lookups(con, data)
    writer.commit("benchmark", AS_OF_US)
    book.close()
    shutil.rmtree(data.root / "spill", ignore_errors=True)


# Draws


def _draw(number: int, row: str = "i") -> str:
    """A draw from [0, 1) that depends on no other."""
    return f"((hash({row} * {PRIME} + {number}) >> 11) / {2**53}::DOUBLE)"


def _whole(number: int, below: int) -> str:
    return f"CAST(floor({_draw(number)} * {below}) AS BIGINT)"


def _power(number: int, below: int) -> str:
    """A whole number below a limit, the chance of rank r falling with 1 / sqrt(r); spread over all of them."""
    rank = f"CAST(floor(power({_draw(number)}, 2) * {below}) AS BIGINT)"
    return f"(({rank} * 7368787) % {below})"


def _one_of(words: Iterable[str], number: int) -> str:
    listed = ", ".join(map(text_of, words))
    return f"list_extract([{listed}], 1 + {_whole(number, len(tuple(words)))})"


def _user(size: Size, rank: str) -> str:
    return f"({rank} + {size.devices + 1})"


# What is drawn


def _identifiers(size: Size) -> str:
    """Devices and leads; they are numbered in this order, devices from 1 on."""
    return (
        f"SELECT 'anonymous' AS kind, md5('device' || i) AS value FROM range({size.devices}) r(i) "
        f"UNION ALL SELECT 'user', printf('lead-%08d', i) FROM range({size.leads}) r(i)"
    )


def _links(size: Size) -> str:
    """Every device is tied to one user, every tenth to a second one as well."""
    columns = (
        f"{_user(size, _power(1, size.leads))} AS who, i % {size.devices} + 1 AS device, "
        f"{START_US} + {_whole(2, DAYS * DAY_US)} AS ts, CAST(md5('link' || i) AS UUID) AS id, 'bench' AS source"
    )
    rows = size.devices + size.devices // 10
    return f"SELECT who, device, ts, ts AS known, id, source, CAST(NULL AS BIGINT) AS decided FROM (SELECT {columns} FROM range({rows}) r(i))"


def _traits(size: Size) -> str:
    """One statement a lead from before the events, and a newer size or title for some."""
    rows = size.leads + size.leads // 20
    first = f"i < {size.leads}"
    title = f"trim(concat_ws(' ', {_one_of(RANKS, 11)}, {_one_of(TRADES, 12)}, {_one_of(REGIONS, 13)}))"
    domain = (
        f"CASE WHEN {_draw(14)} < 0.3 THEN {_one_of(FREE_MAIL, 15)} "
        f"ELSE 'firm' || {_whole(16, max(size.leads // 10, 1))} || '.example' END"
    )
    employees = f"CAST(floor(exp({_draw(17)} * 9.2)) AS BIGINT)"
    return (
        "SELECT who, ts, ts AS known, i + 1 AS seq, TRUE AS trusted, 'bench' AS source, '' AS digest, "
        'CAST(employees AS VARCHAR) AS "company_size:text", employees * 1000000 AS "company_size:number", '
        'country AS "country:text", title AS "title:text", industry AS "industry:text", '
        "'person' || who || '@' || domain AS \"email:text\", domain AS \"email:domain\" FROM (SELECT i, "
        f"{_user(size, f'(i % {size.leads})')} AS who, {START_US} + CASE WHEN {first} THEN -1 ELSE 1 END * "
        f"{_whole(18, DAYS * DAY_US)} AS ts, CASE WHEN {_draw(19)} < 0.8 THEN {employees} END AS employees, "
        f"CASE WHEN {first} AND {_draw(20)} < 0.9 THEN {_one_of(COUNTRIES, 21)} END AS country, "
        f"CASE WHEN {_draw(22)} < 0.8 THEN {title} END AS title, "
        f"CASE WHEN {first} AND {_draw(23)} < 0.7 THEN {_one_of(INDUSTRIES, 24)} END AS industry, "
        f"CASE WHEN {first} AND {_draw(25)} < 0.9 THEN {domain} END AS domain FROM range({rows}) r(i))"
    )


def _events(size: Size) -> str:
    rank = _rank_of_name()
    names = ", ".join(text_of(name) for _, name in NAMES)
    types = ", ".join(text_of(type_) for type_, _ in NAMES)
    who = (
        f"CASE WHEN {_draw(32)} < {DEVICE_SHARE} THEN {_power(33, size.devices)} + 1 "
        f"ELSE {_user(size, _power(34, size.leads))} END"
    )
    return (
        f"SELECT who, ts, ts AS known, who > {size.devices} AS trusted, list_extract([{types}], rank) AS type, "
        "list_extract([" + names + "], rank) AS name, CAST(md5(CAST(i AS VARCHAR)) AS UUID) AS id, "
        "'bench' AS source, CASE WHEN list_extract([" + types + "], rank) = 'page' THEN "
        f"'/' || {_one_of(('docs', 'product', 'pricing', 'blog', 'cases'), 35)} || '/' || {_whole(36, 40)} END "
        f'AS "context.page.path:text", CASE WHEN rank % 3 = 0 THEN {_one_of(("mail", "web", "ads", "social"), 37)} '
        f'END AS "properties.channel:text", CASE WHEN rank % 4 = 0 THEN {_whole(38, 50_000)} * 10000 END '
        f'AS "properties.amount:number" FROM (SELECT i, {rank} AS rank, {who} AS who, '
        f"{START_US} + {_whole(39, DAYS * DAY_US)} AS ts FROM range({size.events}) r(i))"
    )


def _rank_of_name() -> str:
    weights = [1 / rank for rank in range(1, len(NAMES) + 1)]
    reached, cases = 0.0, []
    for rank, weight in enumerate(weights, start=1):
        reached += weight / sum(weights)
        cases.append(f"WHEN draw < {reached:.15f} THEN {rank}")
    return f"(SELECT CASE {' '.join(cases)} ELSE {len(NAMES)} END FROM (SELECT {_draw(31)} AS draw))"


# Beside the history


def _write_csv(con: duckdb.DuckDBPyConnection, data: Data) -> None:
    """A file of events as people export them, three properties among its columns."""
    con.execute(
        "COPY (SELECT concat('lead-', who) AS lead, type, name, "
        "strftime(make_timestamp(ts), '%Y-%m-%dT%H:%M:%S.%gZ') AS time, "
        '"context.page.path:text" AS "context.page.path", "properties.channel:text" AS channel, '
        'CAST("properties.amount:number" / 1000000 AS DECIMAL(12, 2)) AS amount '
        f"FROM made LIMIT {data.size.imported}) TO {text_of(str(data.csv))} (FORMAT csv, HEADER true)"
    )


def _write_lookups(con: duckdb.DuckDBPyConnection, data: Data) -> None:
    """What the titles and domains tell, by Ripeline's own tables."""
    tables = ShippedReferences().tables()
    con.execute(f"CREATE OR REPLACE TABLE made AS {_traits(data.size)}")
    titles = [title for (title,) in con.execute('SELECT DISTINCT "title:text" FROM made').fetchall() if title]
    told = [(title, title_seniority(title, tables), title_function(title, tables)) for title in titles]
    domains = [domain for (domain,) in con.execute('SELECT DISTINCT "email:domain" FROM made').fetchall() if domain]
    kinds = [(domain, email_kind(domain, tables)) for domain in domains]
    _write(con, "title VARCHAR, seniority VARCHAR, function VARCHAR", told, data.titles)
    _write(con, "domain VARCHAR, kind VARCHAR", kinds, data.domains)


def _write(con: duckdb.DuckDBPyConnection, columns: str, rows: Sequence[tuple[str | None, ...]], file: Path) -> None:
    lists = [list(column) for column in zip(*rows, strict=True)]
    names = [column.split()[0] for column in columns.split(", ")]
    selected = ", ".join("unnest($" + f"{n}::VARCHAR[]) AS {name}" for n, name in enumerate(names, start=1))
    con.execute(f"CREATE OR REPLACE TABLE {TABLE} AS SELECT {selected}", lists)
    con.execute(f"COPY (SELECT * FROM {TABLE} ORDER BY ALL) TO {text_of(str(file))} (FORMAT parquet)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("benchmarks/data"))
    parser.add_argument("--small", action="store_true")
    options = parser.parse_args()
    print(prepared(SMALL if options.small else FULL, options.data).root)
