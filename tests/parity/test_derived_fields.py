"""Derived fields of events: addresses are shortened for SQL's look-up, and tell the same as whole ones."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeline.adapters.engines.derived_fields import shortened
from ripeline.adapters.tables import load_tables
from ripeline.vocabulary.channels import Arrival, channel_of
from tests.how_many import most
from tests.parity.values import ADDRESSES
from tests.parity.workspace import shared_connection

pytestmark = pytest.mark.engine_duckdb
TABLES = load_tables().channels
PIECES = (
    "https://", "http://", "HTTPS://", "//", "/", "\\", "@", ":", ":80", "?", "#", "&", "=", "google.com", "www.acme.example",
    "shop.acme.example", "localhost", "utm_medium=cpc", "&utm_source=x", "?UTM_CAMPAIGN=a", "m\u212at_tok=1", "gclid=1",
    "a=1", "///", "/pricing", "%", "ß", " ", "\n", "\t", "..", "-", "[::1]", "x" * 5_000,
)  # fmt: skip
addresses = st.one_of(
    st.sampled_from([one for one in ADDRESSES if isinstance(one, str)]),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join),
)


@settings(max_examples=most(40), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(addresses, addresses), min_size=30, max_size=60))
def test_a_shortened_address_tells_the_same(pairs: list[tuple[str, str]]) -> None:
    con = shared_connection()
    query = f"SELECT {shortened('$1', 'url')}, {shortened('$2', 'referrer')}, {shortened('$2', 'search')}"
    for url, other in pairs:
        (short,) = con.execute(query, [url, other]).fetchall()
        assert channel_of(Arrival(*short), TABLES) == channel_of(Arrival(url, other, other), TABLES)


@pytest.mark.parametrize(
    ("address", "short"),
    [
        ("https://www.acme.example/pricing?a=1#top", "https://www.acme.example"),
        ("https://www.acme.example:8080", "https://www.acme.example:8080"),
        ("http://www.acme.example/pricing", "http://www.acme.example/pricing"),
        ("https:///www.acme.example/", "https:///www.acme.example/"),
        (
            "https://www.acme.example/a/b?GCLID=Cj0x&utm_medium=cpc&fbclid=1",
            "https://www.acme.example/?GCLID=x&utm_medium=cpc&fbclid=x",
        ),
        ("https://www.acme.example/a?gclid=1#b", "https://www.acme.example/a?gclid=1#b"),
        ("https://a@acme.example/x", "https://a@acme.example"),
    ],
)
def test_what_is_left_of_an_address(address: str, short: str) -> None:
    assert shared_connection().execute(f"SELECT {shortened('$1', 'url')}", [address]).fetchall() == [(short,)]


@pytest.mark.parametrize("name", ["url", "referrer", "search"])
def test_where_nobody_has_an_address_it_is_null(name: str) -> None:
    """DuckDB knows of a column of a table that all of it is NULL, and must not stumble over that."""
    con = shared_connection()
    con.execute("CREATE OR REPLACE TABLE nowhere AS SELECT CAST(NULL AS VARCHAR) AS address FROM range(2)")
    assert con.execute(f"SELECT {shortened('address', name)} FROM nowhere").fetchall() == [(None,), (None,)]
