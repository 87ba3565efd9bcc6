"""Whose company each subject belongs to, and all companies by their persons' scores."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from ripeline.adapters.columnar.columns import quoted, text_of
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.files import instant_sql, points_sql, records, write_rows
from ripeline.adapters.engines.lookups import load_lookups
from ripeline.plan.nodes import Plan
from ripeline.scoring.sql.accounts import ACCOUNT_COLUMNS, TRAITS, lower_account_of, lower_accounts
from ripeline.scoring.sql.frame import Frame
from ripeline.vocabulary.derived import company_host
from ripeline.vocabulary.domains import LONGEST_HOST

PLAIN_HOST = f"regexp_full_match(raw, '[a-z0-9-]+(\\.[a-z0-9-]+)+') AND strlen(raw) <= {LONGEST_HOST}"
"""Domains that are written as their company's host is."""


def load_accounts(store: Store, frame: Frame) -> None:
    """Make `accounts_of`: the account of every subject of a frame, NULL where it has none.

    The look-ups of what the plan reads are there already.
    """
    load_lookups(store, replace(frame.plan, traits=tuple(trait for trait in TRAITS if trait not in frame.plan.traits)))
    load(store.con, "company_hosts", {"raw": "VARCHAR", "host": "VARCHAR"}, _hosts(store))
    store.con.execute(f"CREATE OR REPLACE TABLE accounts_of AS {lower_account_of(frame)}")


def with_accounts(scored: str) -> str:
    """Return a query of scores with the column account; `load_accounts` comes first."""
    return f"SELECT v.*, a.account FROM ({scored}) v LEFT JOIN accounts_of a ON a.subject = v.subject"


def keys_of_account(store: Store, account: str) -> list[int]:
    """Return the identifiers that at any time said what may make them an account's, by a group call or a domain."""
    odd = (one["raw"] for one in _hosts(store) if one["host"] == account)
    domains = ", ".join(text_of(raw) for raw in (account, *odd) if raw is not None)
    columns = [name for name in ("email:domain", "email_domain:text") if name in store.columns["traits"]]
    stated = " OR ".join(f"{quoted(name)} IN ({domains})" for name in columns) or "FALSE"
    found = store.con.execute(
        f"SELECT who FROM group_links WHERE account = {text_of(account)} UNION SELECT who FROM traits WHERE {stated}"
    )
    return [who for (who,) in found.fetchall()]


def _hosts(store: Store) -> list[dict[str, str | None]]:
    stated = "of IN ('email:domain', 'email_domain:text')"
    found = store.con.execute(f"SELECT DISTINCT raw FROM raws WHERE {stated} AND NOT ({PLAIN_HOST})").fetchall()
    return [{"raw": raw, "host": company_host(raw)} for (raw,) in found]


class DuckAccounts:
    """Accounts rolled up from a table of scores, sorted by name."""

    def __init__(self, con: duckdb.DuckDBPyConnection, plan: Plan, scores: str) -> None:
        """Make the table `rolled_up`."""
        self._con = con
        con.execute(f"CREATE OR REPLACE TABLE rolled_up AS {lower_accounts(plan, scores)} ORDER BY account")

    def write(self, file: Path) -> int:
        """Write all of them as .csv, .json or .parquet; return how many."""
        made = {"as_of": instant_sql("as_of_us")} | {name: points_sql(name, file) for name in ("fit", "engagement")}
        columns = ("as_of" if name == "as_of_us" else name for name in ACCOUNT_COLUMNS)
        return write_rows(self._con, "rolled_up", {name: made.get(name, name) for name in columns}, file)

    def rows(self) -> Sequence[Mapping[str, object]]:
        """Return all of them as records of plain values, points in micro-points."""
        return records(self._con.execute("SELECT * FROM rolled_up"))
