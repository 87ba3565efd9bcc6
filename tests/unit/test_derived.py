"""Derived traits: what shipped tables make of addresses, titles, country names and head counts."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.adapters.tables import load_tables, title_rows
from ripeline.adapters.tables.shipped import rows
from ripeline.vocabulary.derived import (
    MOST_LABELS,
    SIZE_BANDS,
    company_size_band,
    country_code,
    email_domain,
    email_kind,
    title_function,
    title_seniority,
)
from ripeline.vocabulary.phones import PhoneRules
from ripeline.vocabulary.titles import FUNCTIONS, SENIORITIES

TABLES = load_tables()
LINES = rows("titles.tsv")
BANDS = {band for _, band in SIZE_BANDS}
anything = st.text(max_size=60)


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("ada@example.com", "example.com"),
        ("  Ada@Mail.EXAMPLE.co.uk.  ", "mail.example.co.uk"),
        ("a@b@example.com", "example.com"),
        ("ada@müller.DE", "müller.de"),
        ("ada@xn--mller-kva.de", "xn--mller-kva.de"),
        ("ada@localhost", None),
        ("@example.com", None),
        ("ada@", None),
        ("ada", None),
        ("", None),
        ("ada @example.com", None),
        ("ada@exam ple.com", None),
        ("Ada <ada@example.com>", None),
        ("ada@example..com", None),
        ("ada@.com", None),
        ("ada@" + "a." * 200 + "com", None),
    ],
)
def test_domain_of_an_address(email: str, domain: str | None) -> None:
    """The host after the last @, lower-cased; what cannot be an address has none."""
    assert email_domain(email) == domain


@pytest.mark.parametrize(
    ("domain", "kind"),
    [
        ("gmail.com", "free"),
        ("GMail.com", "free"),
        ("web.de", "free"),
        ("yahoo.co.uk", "free"),
        ("mail.yahoo.co.uk", "free"),
        ("mailinator.com", "disposable"),
        ("inbox.mailinator.com", "disposable"),
        ("acme.example", "business"),
        ("notgmail.com", "business"),
        ("gmail.com.acme.example", "business"),
        ("com", "business"),
        ("", "business"),
    ],
)
def test_kind_of_a_mail_domain(domain: str, kind: str) -> None:
    """A domain is judged by itself and by the domains it lies in, throw-away lists first."""
    assert email_kind(domain, TABLES) == kind


def test_a_throw_away_domain_under_a_free_one_is_disposable() -> None:
    """The disposable list is asked first, however far up its domain stands."""
    tables = replace(TABLES, disposable=frozenset({"both.example"}), free=frozenset({"a.both.example"}))
    assert email_kind("a.both.example", tables) == "disposable"


def test_no_listed_domain_is_too_deep_to_be_found() -> None:
    """Every listed domain is found by looking at the last labels only."""
    assert max(domain.count(".") + 1 for domain in TABLES.disposable | TABLES.free) <= MOST_LABELS


TITLES = """
Head of IT                              | head     | it
IT Manager                              | manager  | it
Manager, Sales                          | manager  | sales
Sales Director                          | director | sales
Product Marketing Manager               | manager  | marketing
Director, Marketing and Sales           | director | marketing
Sr. VP, Global Marketing                | vp       | marketing
SVP Sales                               | vp       | sales
V.P. R&D                                | vp       | research
CIO                                     | chief    | it
C.E.O.                                  | chief    | general_management
Co-Founder & CTO                        | chief    | engineering
Owner/Operator                          | chief    | general_management
Managing Director                       | chief    | general_management
General Manager                         | director | general_management
Partner                                 | chief    | general_management
Chief Happiness Officer                 | chief    | -
Chief of Staff                          | head     | -
Deputy Head of Procurement              | head     | purchasing
Assistant Marketing Manager             | manager  | marketing
Marketing Manager Assistant             | staff    | marketing
Assistant to the CEO                    | staff    | administration
CEO Assistant                           | staff    | administration
Executive Assistant                     | staff    | administration
Account Executive                       | staff    | sales
Product Owner                           | staff    | product
HR Business Partner                     | staff    | hr
Senior Software Engineer                | staff    | engineering
IT Corporate Recruiter                  | staff    | hr
Buyer                                   | staff    | purchasing
Registered Nurses                       | staff    | health
Student                                 | intern   | -
Marketing Intern                        | intern   | marketing
Manager Trainee                         | intern   | -
Student Affairs Director                | director | education
Marketing                               | -        | marketing
Geschäftsführer                         | chief    | general_management
Geschaeftsfuehrerin                     | chief    | general_management
GF                                      | chief    | general_management
Leiterin Marketing                      | head     | marketing
Leiter/in Einkauf                       | head     | purchasing
IT-Leiter (m/w/d)                       | head     | it
Vertriebsleiterin                       | head     | sales
Teamleiter Kundenservice                | manager  | support
Sachbearbeiter Einkauf                  | staff    | purchasing
Softwareentwickler                      | staff    | engineering
Verkäufer*in                            | staff    | sales
Assistentin der Geschäftsführung        | staff    | administration
Werkstudent Marketing                   | intern   | marketing
Praktikantin im Vertrieb                | intern   | sales
PDG                                     | chief    | general_management
Directrice Marketing                    | director | marketing
Directeur/trice des ressources humaines | director | hr
Directeur des systèmes d'information    | director | it
Responsable des achats                  | manager  | purchasing
Chef de projet                          | manager  | project_management
Chargée de communication                | staff    | marketing
Stagiaire marketing                     | intern   | marketing
Consejero Delegado                      | chief    | general_management
Directora de Compras                    | director | purchasing
Jefe de Informática                     | manager  | it
Becario                                 | intern   | -
Amministratore Delegato                 | chief    | general_management
Responsabile Acquisti                   | manager  | purchasing
Impiegata amministrativa                | staff    | administration
Diretor de Marketing                    | director | marketing
Gerente de TI                           | manager  | it
Estagiário                              | intern   | -
Eigenaar                                | chief    | general_management
Hoofd Marketing en Communicatie         | head     | marketing
Inkoopmanager                           | manager  | purchasing
Prezes zarządu                          | chief    | general_management
Kierowniczka Marketingu                 | manager  | marketing
Specjalista ds. zakupów                 | staff    | purchasing
Verkställande direktör                  | chief    | general_management
Marknadschef                            | head     | marketing
Inköpschef                              | head     | purchasing
Salgschef                               | head     | sales
Markedssjef                             | head     | marketing
Adm. direktør                           | chief    | general_management
Daglig leder                            | chief    | general_management
Xyzzy                                   | -        | -
Mr                                      | -        | -
...                                     | -        | -
"""


@pytest.mark.parametrize("line", TITLES.strip().splitlines(), ids=lambda line: line.split("|")[0].strip())
def test_rank_and_function_of_a_title(line: str) -> None:
    """Titles of many languages tell rank and trade, or honestly neither."""
    title, *expected = (None if cell.strip() == "-" else cell.strip() for cell in line.split("|"))
    assert title is not None
    assert [title_seniority(title, TABLES), title_function(title, TABLES)] == expected


def test_case_width_and_composition_do_not_matter() -> None:
    """Full-width letters, capitals and accents written apart are the same title."""
    for title in ("GESCHÄFTSFÜHRER", "Gescha\u0308ftsfu\u0308hrer", "geschaftsfuhrer", "Geschäftsführer"):
        assert title_seniority(title, TABLES) == "chief"
    assert title_function("\uff29\uff34 Manager", TABLES) == "it"


def test_every_row_of_the_title_table_names_known_things() -> None:
    """The table gives no function outside the closed set, and uses every one of it."""
    meanings = [*TABLES.titles.phrases.values(), *TABLES.titles.beginnings.values()]
    assert {meaning.function for meaning in meanings} - {None} == set(FUNCTIONS)


def test_phrases_of_the_title_table_can_be_met() -> None:
    """A phrase is bare words with an edge at most, as titles are read; anything else would never match."""
    edges = {"^", "$"}
    for phrase in TABLES.titles.phrases:
        assert all(word.isalnum() or word in edges for word in phrase.split(" ")), phrase


def test_no_phrase_of_the_title_table_is_written_with_two_meanings() -> None:
    """Which row stands first must not matter."""
    written: dict[str, set[str]] = {}
    for line in LINES:
        columns = line.rpartition("\t")[0]
        for phrase in title_rows.title_words([line]).phrases:
            written.setdefault(phrase, set()).add(columns)
    assert {phrase: rows for phrase, rows in written.items() if len(rows) > 1} == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("deu", "DE"),
        ("Deutschland", "DE"),
        ("GERMANY", "DE"),
        ("Federal Republic of Germany", "DE"),
        ("Alemania", "DE"),
        ("Niemcy", "DE"),
        ("Duitsland", "DE"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("Vereinigte Staaten", "US"),
        ("UK", "GB"),
        ("Great Britain", "GB"),
        ("England", "GB"),
        ("Holland", "NL"),
        ("The Netherlands", "NL"),
        ("Pays-Bas", "NL"),
        ("Schweiz", "CH"),
        ("Suisse", "CH"),
        ("Svizzera", "CH"),
        ("Österreich", "AT"),
        ("Osterreich", "AT"),
        ("Korea, South", "KR"),
        ("Korea, Republic of", "KR"),
        ("Korea, Democratic People's Republic of", "KP"),
        ("Moldova, Republic of", "MD"),
        ("Congo, The Democratic Republic of the", "CD"),
        ("Republic of China", "TW"),
        ("Côte d'Ivoire", "CI"),
        ("cote d’ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("Czech Republic", "CZ"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Россия", "RU"),
        ("日本", "JP"),
        ("España", "ES"),
        ("Trinidad & Tobago", "TT"),
        (" france ", "FR"),
        ("Republic of Ireland", "IE"),
        ("Atlantis", None),
        ("ZZ", None),
        ("", None),
        (",", None),
    ],
)
def test_code_of_a_country(text: str, code: str | None) -> None:
    """Codes, names, native names and aliases lead to one code, whatever case and accents."""
    assert country_code(text, TABLES) == code


def test_all_countries_are_known_by_both_codes() -> None:
    """ISO 3166-1 has 249 countries; each has an alpha-2 and an alpha-3 code."""
    codes = set(TABLES.countries.values())
    assert len(codes) == 249
    assert all(country_code(code, TABLES) == code for code in codes)
    assert Counter(TABLES.countries[key] for key in TABLES.countries if len(key) == 3).keys() >= codes


@pytest.mark.parametrize(
    ("raw", "band"),
    [
        (1, "1-10"),
        (10, "1-10"),
        (11, "11-50"),
        (240, "201-500"),
        (10_000, "5001-10000"),
        (10_001, "10001+"),
        (10**30, "10001+"),
        (0, None),
        (-5, None),
        ("240", "201-500"),
        ("240.9", "201-500"),
        ("10.9", "1-10"),
        ("1.2345", "1-10"),
        ("0.5", None),
        ("1,200", "1001-5000"),
        ("1.200", "1001-5000"),
        ("1 200", "1001-5000"),
        ("1\u202f200", "1001-5000"),
        ("1'200", "1001-5000"),
        ("1’200", "1001-5000"),
        ("1,200.50", "1001-5000"),
        ("1.234.567", "10001+"),
        ("51-200 employees", "51-200"),
        ("11 – 50", "11-50"),
        ("1,001-5,000", "1001-5000"),
        ("201-500", "201-500"),
        ("100-500", "51-200"),
        ("10,001+", "10001+"),
        ("500+", "201-500"),
        (">1000", "1001-5000"),
        (">= 1000", "501-1000"),
        ("more than 50", "51-200"),
        ("<10", "1-10"),
        ("bis 10", "1-10"),
        ("up to 500", None),
        ("0-10", "1-10"),
        ("ca. 200 Mitarbeiter", "51-200"),
        ("10k+", "5001-10000"),
        ("1.5k", "1001-5000"),
        ("-5", None),
        ("0", None),
        ("many", None),
        ("", None),
        ("9" * 5_000, "10001+"),
    ],
)
def test_band_of_a_company_size(raw: str | int, band: str | None) -> None:
    """A number lies in its band; a range counts by its lower bound; no number tells nothing."""
    assert company_size_band(raw) == band


@given(anything)
def test_any_text_gives_a_value_of_the_closed_set_or_nothing(text: str) -> None:
    """No text makes a function fail, and none gives a value outside the documented ones."""
    domain = email_domain(text)
    assert domain is None or "." in domain
    assert email_kind(text, TABLES) in {"business", "free", "disposable"}
    assert title_seniority(text, TABLES) in {*SENIORITIES, None}
    assert title_function(text, TABLES) in {*FUNCTIONS, None}
    assert country_code(text, TABLES) in {*TABLES.countries.values(), None}
    assert company_size_band(text) in {*BANDS, None}


@given(st.lists(st.sampled_from(sorted(TABLES.titles.phrases)), max_size=6).map(" ".join))
def test_any_words_of_the_table_give_a_value_of_the_closed_set(title: str) -> None:
    """Known words in any order are read without failing."""
    assert title_seniority(title, TABLES) in {*SENIORITIES, None}
    assert title_function(title, TABLES) in {*FUNCTIONS, None}


@given(st.integers(min_value=1))
def test_a_head_count_in_words_lies_in_the_band_of_the_number(count: int) -> None:
    """A number and its text, plain or in groups of three, are one size."""
    assert company_size_band(str(count)) == company_size_band(f"{count:,}") == company_size_band(count)


@pytest.mark.parametrize("name", ["mail_domains", "titles", "countries", "sizes", "phones"])
def test_a_digest_tells_the_content_of_one_table(name: str) -> None:
    """A digest is the same for the same content, and changes with its own table only."""
    turned = replace(TABLES, countries=dict(sorted(TABLES.countries.items(), reverse=True)))
    other = replace(TABLES, countries={**TABLES.countries, "atlantis": "AT"}, free=frozenset())
    assert len(TABLES.digest(name)) == 64
    assert turned.digest(name) == TABLES.digest(name)
    assert (other.digest(name) == TABLES.digest(name)) is (name in {"titles", "sizes"})


def test_another_release_of_the_rules_of_numbers_is_another_table() -> None:
    released = replace(TABLES, phones=PhoneRules(TABLES.phones.read, lambda: "9.0.43"))
    assert released.digest("phones") != TABLES.digest("phones")


def test_tables_are_read_once() -> None:
    """The shipped tables are kept, so asking for them again costs nothing."""
    assert load_tables() is load_tables()


def test_every_value_is_documented() -> None:
    """The reference page names each value a derived trait can have."""
    page = (Path(__file__).parents[2] / "docs" / "derived-traits.md").read_text(encoding="utf-8")
    assert [value for value in (*SENIORITIES, *FUNCTIONS, *BANDS) if f"`{value}`" not in page] == []


def test_a_title_as_long_as_a_book_is_read_at_once() -> None:
    """Anyone can send a text of any length, so only its beginning is read."""
    assert title_seniority("Head of IT" + " leiter" * 100_000 + "x" * 1_000_000, TABLES) == "head"
