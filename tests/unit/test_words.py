"""Words of templates are found where they stand, and come back in another language without harm; numbers by locale."""

import os
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from jinja2 import DictLoader, Environment, StrictUndefined

from ripeline.entry.server.language.catalogs import FOLDER, catalog_in, languages
from ripeline.entry.server.language.manner import PLAIN, Manner, Numbers, manner_of
from ripeline.entry.server.language.sentences import Sentence
from ripeline.entry.server.language.translating import TranslatedLoader, messages_of, translated
from ripeline.entry.server.pages.pot import pot
from ripeline.entry.server.pages.rendering import environment, rendered, templates


def words(source: str) -> set[str]:
    return messages_of(Environment().parse(source))


def told(source: str, catalog: dict[str, str], **values: object) -> str:
    loader = TranslatedLoader({"one.html": source}, catalog.get)
    return (
        Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("one.html").render(values)
    )


def as_written(source: str, **values: object) -> str:
    made = Environment(loader=DictLoader({"one.html": source}), autoescape=True, undefined=StrictUndefined)
    return made.get_template("one.html").render(values)


# ---- what is found --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Nothing is here.</p>", {"Nothing is here."}),
        ("<p>One</p><p>Two</p>", {"One", "Two"}),
        ("<b>{{ n|int }}</b> leads", {"{n} leads"}),
        ("{{ one.total }} of {{ two.total }} leads", {"{total} of {total_2} leads"}),
        ('See <a href="/log?of={{ name }}">the log</a>.', {"See <a>the log</a>."}),
        ('<a href="/log">Log</a> <a href="/home">Home</a>', {"Log", "Home"}),
        ("{{ n }} lead{{ '' if n == 1 else 's' }}", {"{n} lead", "{n} leads"}),
        ("{{ n }} {{ 'lead is' if n == 1 else 'leads are' }} here, it seem{{ 's' if n == 1 }}", {"{n} lead is here, it seems", "{n} leads are here, it seem"}),
        ("A &amp; B", {"A & B"}),
        ("a\n   <i>b</i>\n c", {"a <i>b</i> c"}),
        ("Run <code>ripeline serve {{ name }}</code> first", {"Run {name} first"}),
        ("<pre>as it is</pre><script>let a = 1</script><textarea>kept</textarea>", set()),
        ("<p>{{ one }}, {{ two }}: 95 %</p>", set()),
        ('<input placeholder="id or address" value="not this" class="nor this">', {"id or address"}),
        ('<input aria-label="Tick {{ lead }}" name="{{ \'a b\' }}">', {"Tick {lead}"}),
        ("<td class=\"shade{{ ' handed over' if a }}\"></td>", set()),
        ("{% for path, name in (('/to_it', 'Home'), ('/so', 'Not yet')) %}<a href=\"{{ path }}\">{{ name }}</a>{% endfor %}", {"Home", "Not yet"}),
        ("{% if a == 'Some words' %}yes, it is{% else %}no{% endif %}", {"yes, it is", "no"}),
        ("{{ a or 'nobody' }}{{ b|default('nothing at all') }}{{ '%d of all'|format(3) }}", {"nobody", "nothing at all"}),
        ("{% set title = 'Its title' %}{% macro m(a='Some text') %}{{ a }}{% endmacro %}{{ m('Other text') }}", {"Its title", "Some text", "Other text"}),
        ("{{ f(a, 'not_words', 'Words') }}<br>{{ 'yes' if a else 'no' }}", {"Words", "yes", "no"}),
        ("{{ counts.get('Dead') }}{{ counts['Won deals'] }}", set()),
        ("{{ 'every ' ~ kind }}", {"every {kind}"}),
        ('<a href="/"{% if here %} class="here"{% endif %}>Home</a> of all', {"Home", "of all"}),
        ("<p title='Single quotes' >too</p>", {"Single quotes", "too"}),
    ],
)  # fmt: skip
def test_what_is_read_is_found(source: str, found: set[str]) -> None:
    assert words(source) == found


def test_a_branch_may_not_end_within_a_tag() -> None:
    with pytest.raises(Exception, match="one branch ends within a tag"):
        words('<a {% if a %}title="{% endif %}x">y</a>')


@pytest.mark.parametrize("name", sorted(templates()))
def test_a_language_without_words_changes_nothing(name: str) -> None:
    made = environment({})
    plain = made.compile(made.parse(templates()[name], name), name, raw=True)
    tree = translated(made.parse(templates()[name], name), lambda _: None)
    tree.set_environment(made)
    assert made.compile(tree, name, raw=True) == plain


# ---- how it comes back ----------------------------------------------------------------------------------------


def test_words_come_back_with_what_belongs_to_them() -> None:
    source = '<p>See <a href="/log?of={{ who|urlencode }}">the log</a> of <b>{{ who }}</b>.</p>'
    catalog = {"See <a>the log</a> of {who}.": "Von {who}: <a>das Protokoll</a> & mehr."}
    assert (
        told(source, catalog, who="<i>")
        == '<p>Von <b>&lt;i&gt;</b>: <a href="/log?of=%3Ci%3E">das Protokoll</a> &amp; mehr.</p>'
    )


def test_each_choice_has_words_of_its_own() -> None:
    source = "<p>{{ n }} lead{{ '' if n == 1 else 's' }}</p>"
    catalog = {"{n} lead": "{n} Kontakt", "{n} leads": "{n} Kontakte"}
    assert [told(source, catalog, n=n) for n in (1, 2)] == ["<p>1 Kontakt</p>", "<p>2 Kontakte</p>"]
    assert told(source, {"{n} lead": "{n} Kontakt"}, n=2) == "<p>2 leads</p>", "the other one is not told yet"


def test_blanks_around_words_stay() -> None:
    assert told("<p> A day <i>{{ n }}</i></p>", {"A day {n}": "Ein Tag {n}"}, n=1) == "<p> Ein Tag <i>1</i></p>"


@pytest.mark.parametrize(
    "wrong",
    [
        "Von dem Protokoll",
        "{who} {who} <a>Protokoll</a>",
        "</a>{who}<a>",
        "<a>{who}",
        "<a>{who}</a></a>",
        "{other} <a>{who}</a><a></a>",
    ],
)
def test_what_does_not_fit_is_not_used(wrong: str) -> None:
    source = '<p>See <a href="/log">the log</a> of {{ who }}.</p>'
    assert told(source, {"See <a>the log</a> of {who}.": wrong}, who="ada") == as_written(source, who="ada")


def test_elements_stay_within_each_other() -> None:
    source = "<p>See <a href='/log'>the log</a> or <b>ask {{ who }}</b>.</p>"
    message = "See <a>the log</a> or <b>ask {who}</b>."
    assert (
        told(source, {message: "<b>{who}</b>? <a>Log</a>!"}, who="ada") == "<p><b>ada</b>? <a href='/log'>Log</a>!</p>"
    )
    assert told(source, {message: "<b>{who} <a>Log</a></b>"}, who="ada") == "<p><b>ada <a href='/log'>Log</a></b></p>"
    assert told(source, {message: "<b>{who} <a></b>Log</a>"}, who="ada") == as_written(source, who="ada")


HOSTILE = "<script>alert(1)</script> \" onload='alert(1)' {{ 7 * 7 }} {% print 1 %} {who.__class__}"


def test_what_a_catalog_says_is_text() -> None:
    source = "<p title=\"Some title\">Some words {{ who }} <i>{{ 'by hand' if who else who }}</i></p>"
    catalog = {"Some title": HOSTILE, "Some words {who} <i>by hand</i>": HOSTILE + "{who}<i></i>", "by hand": HOSTILE}
    found = told(source, catalog, who="ada")
    safe = "&lt;script&gt;alert(1)&lt;/script&gt; &#34; onload=&#39;alert(1)&#39; {{ 7 * 7 }} {% print 1 %} {who.__class__}"
    assert found == f'<p title="{safe}">{safe}ada<i></i></p>'


def test_sentences_and_numbers_are_told_where_they_are_put_out() -> None:
    made = Sentence("{count} leads of {who}", {"count": 12_345, "who": Sentence("the team", {})})
    assert made == "12,345 leads of the team", "in English wherever the program looks at it"
    catalog = {"{count} leads of {who}": "{who}: {count}", "the team": "<das Team>", "Home": "Zuhause"}
    page = {"title": made, "why": made, "login": None, "banner": ""}
    html = environment(catalog, Manner("de", Numbers(".", ","))).get_template("wrong.html").render(page)
    assert "<title>&lt;das Team&gt;: 12.345 · Ripeline</title>" in html
    assert "<p>&lt;das Team&gt;: 12.345</p>" in html
    assert '<html lang="de">' in html
    assert "<p>12.345 leads of the team</p>" in rendered("wrong.html", page, manner_of("de"))
    assert '<html lang="en">' in rendered("wrong.html", page, manner_of("de")), "there are no words in German here"


# ---- numbers --------------------------------------------------------------------------------------------------

COUNTS = (0, 7, 1_234, -1_234, 12_345, 1_234_567, 10**12)


@pytest.mark.parametrize(
    "name", ["en", "de", "de-CH", "fr", "sv", "en-IN", "hi-IN", "pt-BR", "es", "pl", "ja", "ar", "nl-BE"]
)
def test_counts_are_written_as_the_locale_has_them(name: str) -> None:
    locale = Locale.parse(name, sep="-")
    numbers = manner_of(f"{name},en;q=0.5").numbers
    assert [numbers.whole(count) for count in COUNTS] == [format_decimal(count, locale=locale) for count in COUNTS]


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("", "1,234,567 -0.5"),
        ("de", "1.234.567 -0,5"),
        ("de-AT-1996, en", "1.234.567 -0,5"),
        ("EN-in", "12,34,567 -0.5"),
        ("fr;q=0.1, de;q=0.9", "1.234.567 -0,5"),
        ("fr;q=0, de;q=0.2", "1.234.567 -0,5"),
        ("xx, zz-ZZ, de", "1.234.567 -0,5"),
        ("*", "1,234,567 -0.5"),
        ("../../../etc/passwd", "1,234,567 -0.5"),
        ("de\x00", "1,234,567 -0.5"),
        ("q=1;;;,,,;q=de", "1,234,567 -0.5"),
        ("de-" * 5_000, "1,234,567 -0.5"),
        ("de;q=9", "1,234,567 -0.5"),
        ("é-DE, <script>", "1,234,567 -0.5"),
    ],
)
def test_whatever_a_browser_asks_for_is_answered(asked: str, written: str) -> None:
    numbers = manner_of(asked).numbers
    assert f"{numbers.whole(1_234_567)} {numbers.points(-500_000)}" == written


def test_english_is_written_as_ever() -> None:
    assert manner_of("en-US,en;q=0.9") == PLAIN == manner_of("en")
    assert [PLAIN.numbers.whole(count) for count in COUNTS] == [f"{count:,}" for count in COUNTS]


# ---- files ----------------------------------------------------------------------------------------------------


def test_the_messages_for_translators_are_current() -> None:
    file = FOLDER / "ripeline.pot"
    if os.environ.get("RIPELINE_GOLDEN") == "renew":
        file.write_text(pot(), "utf-8")
    assert file.read_text("utf-8") == pot(), "renew it with `make messages`"


def written(folder: Path, language: str, text: str) -> Path:
    file = folder / "locale" / language / "LC_MESSAGES" / "ripeline.po"
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    return file


def test_a_language_is_a_file(tmp_path: Path) -> None:
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Home"\nmsgstr "Zuhause é"\n'
    text += '\n#, fuzzy\nmsgid "Leads"\nmsgstr "nobody looked at it"\n\nmsgid "Queue"\nmsgstr ""\n'
    file = written(tmp_path, "de", text)
    assert languages(tmp_path) == {"de": file}
    assert catalog_in(file) == {"Home": "Zuhause é"}
    assert [manner_of(asked, tmp_path).language for asked in ("de-CH, en", "en, de", "fr, de", "fr")] == [
        "de",
        "en",
        "de",
        "en",
    ]
    compiled = file.with_suffix(".mo")
    with file.open("rb") as opened, compiled.open("wb") as to:
        write_mo(to, read_po(opened))
    assert catalog_in(compiled) == catalog_in(file)


@pytest.mark.parametrize("broken", [b"\xff\xfe\x00nothing", b'msgid "a"\nmsgstr "\xff"', b"msgid msgid msgid"])
def test_a_file_that_cannot_be_read_is_as_none(tmp_path: Path, broken: bytes, caplog: pytest.LogCaptureFixture) -> None:
    file = written(tmp_path, "de", "")
    file.write_bytes(broken)
    assert catalog_in(file) == {}
    file.with_suffix(".mo").write_bytes(broken)
    assert catalog_in(file.with_suffix(".mo")) == {}
    assert [one.getMessage() for one in caplog.records] == ["a translation cannot be read"] * 2
