"""Companies by their names and mail domains; every form worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.adapters.tables import load_tables
from ripeline.vocabulary.companies import FORMS, LEADING, PHRASES, company_plain
from ripeline.vocabulary.derived import company_domain

TABLES = load_tables()
NAMES = """
Acme                                   | acme
 ACME,  Inc.                           | acme
Acme Corporation                       | acme
The Acme Company                       | acme
Acme Limited Liability Company         | acme
Acme L.L.C.                            | acme
Acme Holdings Pty. Ltd.                | acme holdings
Acme Private Limited                   | acme
Acme p.l.c.                            | acme
Tiffany & Co.                          | tiffany
Marks & Spencer                        | marks and spencer
Marks and Spencer Group plc            | marks and spencer group
Müller & Söhne GmbH & Co. KG           | muller and sohne
Acme GmbH und Co KG                    | acme
Acme AG & Co. KGaA                     | acme
Acme UG (haftungsbeschränkt)           | acme
Acme gGmbH                             | acme
Acme e. V.                             | acme
Siemens Aktiengesellschaft             | siemens
Société Générale S.A.                  | societe generale
SARL Dupont                            | dupont
Acme S.p.A.                            | acme
Acme S. r. l.                          | acme
Grupo X, S.A. de C.V.                  | grupo x
Acme B.V.                              | acme
AB Volvo                               | volvo
Oy Nokia Ab                            | nokia
A.P. Møller – Mærsk A/S                | ap moller maersk
Łódź Sp. z o.o.                        | lodz
Acme s.r.o.                            | acme
ООО «Ромашка»                          | ромашка
株式会社日立製作所                       | 日立製作所
PT Astra International Tbk             | astra international
J.P. Morgan                            | jp morgan
JP Morgan                              | jp morgan
McDonald's                             | mcdonalds
3M Company                             | 3m
1000 AG                                | 1000
Berlin Zoo                             | berlin zoo
Inc                                    | inc
Oy Ab                                  | oy ab
"""


@pytest.mark.parametrize("line", NAMES.strip("\n").splitlines())
def test_a_name_without_its_legal_form(line: str) -> None:
    name, plain = line.split("|")
    assert company_plain(name) == plain.strip()


@pytest.mark.parametrize("name", ["", " ", "-", "!!!", "&"])
def test_what_names_nobody(name: str) -> None:
    assert company_plain(name) in {None, "and"}


@given(st.text(max_size=80))
def test_the_form_of_a_form_is_itself(name: str) -> None:
    plain = company_plain(name)
    assert plain is None or company_plain(plain) == plain


def test_forms_are_written_as_names_are_read() -> None:
    assert [
        form
        for form in (*FORMS, *PHRASES, *LEADING)
        if form != form.lower() or (not form.isalnum() and " " not in form)
    ] == []
    assert all(company_plain(f"Zebra {form}") == "zebra" for form in (*FORMS, *PHRASES))


@pytest.mark.parametrize(
    ("mail_domain", "domain"),
    [
        ("acme.example", "acme.example"),
        ("Mail.De.Acme.Example.", "acme.example"),
        ("mail.acme.co.uk", "acme.co.uk"),
        ("müller.example", "xn--mller-kva.example"),
        ("gmail.com", None),
        ("mailinator.com", None),
        ("co.uk", None),
        ("acme", None),
        ("a b.example", None),
        ("10.0.0.1", None),
    ],
)
def test_the_domain_of_a_company(mail_domain: str, domain: str | None) -> None:
    assert company_domain(mail_domain, TABLES) == domain
