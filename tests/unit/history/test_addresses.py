"""E-mail addresses as identifiers: the two ways to read them, and what is one."""

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ripeline.adapters.history.addresses import load_addresses
from ripeline.vocabulary.addresses import LONGEST_ADDRESS, address_of

KNOWN = {
    "ada@firm.com": "ada@firm.com",
    "  ADA@Firm.COM\n": "ada@firm.com",
    "ada@firm.com.": "ada@firm.com",
    "ada.b+news@mail.firm.co.uk": "ada.b+news@mail.firm.co.uk",
    "o'neil@firm.com": "o'neil@firm.com",
    "ada/sales@firm.com": "ada/sales@firm.com",
    "ada@1and1.com": "ada@1and1.com",
    "ada@7.firm.com": "ada@7.firm.com",
    "ada@firm.museum": "ada@firm.museum",
    "ada@own.local": "ada@own.local",
    # One host, however it is written.
    "ada@müller.de": "ada@xn--mller-kva.de",
    "Ada@MÜLLER.de.": "ada@xn--mller-kva.de",
    "ada@mu\u0308ller.de": "ada@xn--mller-kva.de",
    "ada@XN--MLLER-KVA.de": "ada@xn--mller-kva.de",
    "ada@faß.de": "ada@xn--fa-hia.de",
    "ada@FAẞ.de": "ada@xn--fa-hia.de",
    "ada@fass.de": "ada@fass.de",
    "ada@почта.рф": "ada@xn--80a1acny.xn--p1ai",
    "ada@mail。firm.com": "ada@mail.firm.com",
    "ada@firm。com": "ada@firm.com",
    "ada@\ufb01rm.com": "ada@firm.com",
    # Who writes in another script, and who types Latin letters on a keyboard of one.
    "Ада@firm.com": "ада@firm.com",
    "müller@firm.com": "müller@firm.com",
    "ａｄａ@firm.com": "ada@firm.com",
    "a@" + "b" * 63 + ".com": "a@" + "b" * 63 + ".com",
    "a" * 245 + "@firm.com": "a" * 245 + "@firm.com",
}
NONE = [
    "",
    "@",
    "ada",
    "ada@",
    "@firm.com",
    "ada@localhost",
    "ada at firm.com",
    "Ada <ada@firm.com>",
    "mailto:ada@firm.com",
    "ada@firm.com;",
    "ada@firm.com,",
    "ada@firm.com/x",
    "ada@firm.com?subject=hello",
    "ada@firm.com:25",
    "ada@firm.com, bob@firm.com",
    "ada@bob@firm.com",
    '"ada b"@firm.com',
    "ada b@firm.com",
    "ada@fi rm.com",
    "ada..b@firm.com",
    ".ada@firm.com",
    "ada.@firm.com",
    "ada@.firm.com",
    "ada@firm..com",
    "ada@firm.com..",
    "ada@-firm.com",
    "ada@firm-.com",
    "ada@fi_rm.com",
    "ada@müller..de",
    "ada@10.0.0.1",
    "ada@[10.0.0.1]",
    "ada@firm.123",
    "ad\u200ba@firm.com",  # spaces without width, and other things that nobody sees
    "ada@fi\u200brm.com",
    "ada@firm.com\u200b",
    "\ufeffada@firm.com",
    "ad\u00ada@firm.com",
    "ad\u202ea@firm.com",
    "ada\0@firm.com",
    "ada@firm.com\0",
    "ada\ufffd@firm.com",
    "ada\ud800@firm.com",
    "x＠y@firm.com",  # becomes x@y
    "ada＠firm.com",
    "ada@\u2100.com",  # becomes a/c
    "ada@" + "b" * 64 + ".com",
    "ada@" + "ü" * 64 + ".com",
    "a" * 246 + "@firm.com",
    "ä" * 123 + "@firm.com",
    "test@firm.com",
    "NoReply@firm.com",
    "ｔｅｓｔ@firm.com",
]


@pytest.mark.parametrize(("text", "address"), KNOWN.items())
def test_an_address_has_one_form(text: str, address: str) -> None:
    assert address_of(text) == address
    assert address_of(address) == address


@pytest.mark.parametrize("text", NONE)
def test_what_nobody_can_have_or_stands_for_nobody_is_no_address(text: str) -> None:
    assert address_of(text) is None


def read_by_sql(text: str) -> str | None:
    con = duckdb.connect()
    con.execute("CREATE TABLE texts (raw VARCHAR)")
    con.execute("INSERT INTO texts VALUES (?)", [text])
    load_addresses(con, "SELECT raw FROM texts")
    found = con.execute("SELECT address FROM addresses").fetchall()
    return found[0][0] if found else None


PARTS = st.sampled_from(
    ["a", "B", "0", "test", ".", "..", "-", "_", "+", "'", "/", ";", " ", "@", "ü", "ß", "İ", "\u212a", "。", "\u200b"]
)
TEXTS = st.lists(PARTS, max_size=5).map("".join)


@settings(deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(["", ".com", ".COM.", ".c1", ".1", ".xn--p1ai", ".рф"]))
@example("a", "b" * 63, ".com")
@example("a", "b" * 64, ".com")
@example("a" * (LONGEST_ADDRESS - 6), "b", ".com")
@example("a" * (LONGEST_ADDRESS - 5), "b", ".com")
@example("İ", "a", ".com")
@example("a", "\u212a", ".com")
@example("a", "a。b", "")
def test_the_sql_that_reads_addresses_knows_the_same(local: str, host: str, top: str) -> None:
    text = f"{local}@{host}{top}"
    assert read_by_sql(text) == address_of(text)


@pytest.mark.parametrize("text", [*KNOWN, *NONE])
def test_sql_reads_every_case_alike(text: str) -> None:
    stored = text.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    assert read_by_sql(stored) == KNOWN.get(text)
