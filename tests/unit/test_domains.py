"""Hosts, and the domains that somebody registered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.adapters.tables.places import suffixes
from ripeline.vocabulary.domains import MOST_LABELS, ascii_host, registered_domain

SUFFIXES = suffixes()


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("acme.example", "acme.example"),
        ("mail.de.acme.example", "acme.example"),
        ("acme.co.uk", "acme.co.uk"),
        ("mail.acme.co.uk", "acme.co.uk"),
        ("co.uk", None),
        ("com", None),
        ("localhost", None),
        ("acme.github.io", "acme.github.io"),
        ("www.acme.github.io", "acme.github.io"),
        ("github.io", None),
        ("a.b.test.ck", "b.test.ck"),  # everything right below ck is open to all ...
        ("test.ck", None),
        ("a.www.ck", "www.ck"),  # ... but www.ck
        ("a.city.kobe.jp", "city.kobe.jp"),
        ("a.b.c.kobe.jp", "b.c.kobe.jp"),
        ("xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("shop.xn--mgberp4a5d4ar", "shop.xn--mgberp4a5d4ar"),
        ("127.0.0.1", None),
        ("2130706433", None),
    ],
)
def test_what_somebody_registered(host: str, domain: str | None) -> None:
    assert registered_domain(host, SUFFIXES) == domain


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("WWW.Acme.Example.", "www.acme.example"),
        ("müller.example", "xn--mller-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("STRASSE.example", "strasse.example"),
        ("ß.example", "xn--zca.example"),
        ("www。müller．example", "www.xn--mller-kva.example"),
        ("a_b.example", "a_b.example"),
        ("", None),
        (".", None),
        ("a..b", None),
        ("-a.example", None),
        ("a b.example", None),
        ("a%62.example", None),
        ("[::1]", None),
        ("a" * 64 + ".example", None),
        ("a." * 127 + "a", None),
        ("ß" * 300, None),
        ("ß" * 64, None),
    ],
)
def test_the_one_form_of_a_host(text: str, host: str | None) -> None:
    assert ascii_host(text) == host


@given(st.text(max_size=80))
def test_a_host_is_its_own_form(text: str) -> None:
    host = ascii_host(text)
    assert host is None or (ascii_host(host) == host and registered_domain(host, SUFFIXES) in {None, *_above(host)})


def _above(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


def test_no_suffix_is_too_deep_to_be_found() -> None:
    deepest = max(one.count(".") + 1 for one in SUFFIXES.plain | SUFFIXES.not_those)
    assert max(deepest, 2 + max(one.count(".") for one in SUFFIXES.wide)) <= MOST_LABELS
