"""The addresses in a column, each in the form by which it is known."""

import duckdb

from ripeline.adapters.columnar.columns import text_of
from ripeline.adapters.columnar.spool import load
from ripeline.vocabulary.addresses import EASY, LONGEST_ADDRESS, PLACEHOLDERS, address_of


def load_addresses(con: duckdb.DuckDBPyConnection, raws: str) -> None:
    """Make the table `addresses` (raw, address) of what a query with the column `raw` holds; no row for no address.

    Nearly all are written in a way that SQL can read; the others are read one by one.
    """
    con.execute(
        "CREATE OR REPLACE TABLE raw_addresses AS SELECT raw, lower(raw) AS plain, "
        f"regexp_full_match(raw, {text_of(EASY)}) AND length(raw) <= {LONGEST_ADDRESS} AS easy "
        f"FROM (SELECT DISTINCT raw FROM ({raws}) WHERE raw LIKE '%_@_%')"
    )
    hard = con.execute("SELECT raw FROM raw_addresses WHERE NOT easy").fetchall()
    read = ((raw, address_of(raw)) for (raw,) in hard)
    rows = ({"raw": raw, "address": address} for raw, address in read if address is not None)
    load(con, "addresses", {"raw": "VARCHAR", "address": "VARCHAR"}, rows)
    nobody = ", ".join(map(text_of, sorted(PLACEHOLDERS)))
    con.execute(
        "INSERT INTO addresses SELECT raw, plain FROM raw_addresses "
        f"WHERE easy AND split_part(plain, '@', 1) NOT IN ({nobody})"
    )
