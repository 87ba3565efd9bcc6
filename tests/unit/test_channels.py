"""Channels: what the address of a page, the one before it and tags tell of how somebody came. Worked by hand."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.adapters.tables import load_tables
from ripeline.adapters.tables.places import referrers
from ripeline.adapters.tables.shipped import rows
from ripeline.vocabulary.channels import (
    CLICK_IDS,
    LONGEST_ADDRESS,
    LONGEST_TAG,
    MEDIUMS,
    PAID,
    UNPAID,
    WORDS,
    Arrival,
    Channel,
    channel_of,
    host_of,
)
from ripeline.vocabulary.domains import LONGEST_HOST, ascii_host

TABLES = load_tables().channels
PAGE = "https://www.acme.example/pricing"

FROM_A_PAGE = """
                                             | direct         | -
$direct                                      | direct         | -
https://www.google.com/                      | organic search | google
https://google.de/search?q=lead+scoring      | organic search | google
https://www.google.co.uk/                    | organic search | google
https://www.google.com.br/                   | organic search | google
android-app://com.google.android.googlequicksearchbox/ | organic search | google
https://cn.bing.com/search?q=x               | organic search | bing
https://duckduckgo.com/                      | organic search | duckduckgo
https://de.search.yahoo.com/                 | organic search | yahoo
https://www.yahoo.co.jp/                     | organic search | yahoo
https://yandex.com.tr/                       | organic search | yandex
https://www.ecosia.org/                      | organic search | ecosia
https://search.brave.com/                    | organic search | brave
https://chatgpt.com/                         | ai assistant   | chatgpt
https://chat.openai.com/                     | ai assistant   | chatgpt
https://www.perplexity.ai/search/x           | ai assistant   | perplexity
https://claude.ai/                           | ai assistant   | claude
https://gemini.google.com/app                | ai assistant   | gemini
https://copilot.microsoft.com/               | ai assistant   | copilot
https://m365.cloud.microsoft/                | ai assistant   | copilot
https://edgeservices.bing.com/               | ai assistant   | copilot
https://notebooklm.google.com/               | ai assistant   | notebooklm
https://www.linkedin.com/feed/               | organic social | linkedin
android-app://com.linkedin.android           | organic social | linkedin
https://lnkd.in/                             | organic social | linkedin
https://l.facebook.com/                      | organic social | facebook
https://t.co/AbC                             | organic social | x
https://out.reddit.com/                      | organic social | reddit
https://www.pinterest.co.uk/                 | organic social | pinterest
https://news.ycombinator.com/item?id=1       | organic social | hackernews
https://mail.google.com/                     | email          | gmail
android-app://com.google.android.gm/         | email          | gmail
https://eur01.safelinks.protection.outlook.com/ | email       | outlook
https://us.mail.yahoo.com/                   | email          | yahoo mail
https://github.com/acme                      | referral       | github
https://news.google.com/                     | referral       | google news
https://sites.google.com/view/x              | referral       | sites.google.com
https://www.partner.example/tools            | referral       | partner.example
https://partner.example:8443/tools           | referral       | partner.example
https://googleads.g.doubleclick.net/         | display        | google
https://www.awin1.com/cread.php              | affiliate      | awin
https://acme.example/                        | internal       | -
https://blog.acme.example/post               | internal       | -
https://www.acme.example/pricing             | internal       | -
https://notacme.example/                     | referral       | notacme.example
https://accounts.google.com/                 | internal       | -
https://www.paypal.com/checkout              | internal       | -
www.bing.com                                 | organic search | bing
partner.example/tools                        | referral       | partner.example
"""

HOSTILE = """
https://google.com@evil.example/             | referral       | evil.example
https://google.com:pw@evil.example/          | referral       | evil.example
https://a@google.com@evil.example/           | referral       | evil.example
https://google.com.evil.example/             | referral       | google.com.evil.example
https://evil.example/https://google.com/     | referral       | evil.example
https://evil.example?https://google.com/     | referral       | evil.example
https://evil.example#@google.com/            | referral       | evil.example
https://evil.example\\@google.com/           | referral       | evil.example
https://google.evil/                         | referral       | google.evil
https://google.github.io/                    | referral       | google.github.io
https://xn--ggle-55da.com/                   | referral       | xn--ggle-55da.com
https://gооgle.com/                          | referral       | xn--ggle-55da.com
https://ｇｏｏｇｌｅ.com/                      | organic search | google
https://WWW.GOOGLE.COM./                     | organic search | google
https://bücher.example/                      | referral       | xn--bcher-kva.example
https://goo%67le.com/                        | direct         | -
https://goo gle.com/                         | direct         | -
https:///                                    | direct         | -
http://[::1]/                                | direct         | -
http://[                                     | direct         | -
http://127.0.0.1:8080/                       | referral       | 127.0.0.1
http://localhost/                            | referral       | localhost
//partner.example/x                          | referral       | partner.example
javascript:alert(1)                          | direct         | -
data:text/html,x                             | direct         | -
file:///C:/Users/ada/offer.html              | direct         | -
chrome-extension://abcdef/x.html             | direct         | -
mailto:ada@google.com                        | direct         | -
ada@google.com                               | direct         | -
google                                       | direct         | -
https://.com/                                | direct         | -
https://-x.example/                          | direct         | -
"""

TAGGED = """
utm_source=google&utm_medium=cpc                  | -                        | paid search    | google
utm_source=google&utm_medium=CPC                  | -                        | paid search    | google
utm_source=facebook&utm_medium=cpc                | -                        | paid social    | facebook
utm_source=fb&utm_medium=paid                     | https://l.facebook.com/  | paid social    | facebook
utm_source=linkedin&utm_medium=paid_social        | -                        | paid social    | linkedin
utm_source=linkedin&utm_medium=paid-social-video  | -                        | paid social    | linkedin
utm_source=linkedin                               | -                        | organic social | linkedin
utm_source=LinkedIn&utm_medium=social             | -                        | organic social | linkedin
utm_source=linkedin&utm_medium=organic            | -                        | organic social | linkedin
utm_source=google&utm_medium=organic              | -                        | organic search | google
utm_source=capterra&utm_medium=ppc                | -                        | paid other     | capterra
utm_source=some-fair&utm_medium=cpc               | -                        | paid other     | some-fair
utm_source=search&utm_medium=cpc                  | https://www.google.com/  | paid search    | search
utm_medium=cpc                                    | https://www.bing.com/    | paid search    | bing
utm_medium=sem                                    | -                        | paid search    | -
utm_source=newsletter&utm_medium=email            | -                        | email          | newsletter
utm_source=newsletter                             | -                        | email          | newsletter
utm_source=october&utm_medium=e-mail              | https://mail.google.com/ | email          | october
utm_medium=Email+Newsletter                       | -                        | email          | -
utm_source=outbrain&utm_medium=native             | -                        | display        | outbrain
utm_source=blog&utm_medium=banner                 | -                        | display        | blog
utm_source=anna&utm_medium=affiliate              | -                        | affiliate      | anna
utm_source=partner&utm_medium=referral            | -                        | referral       | partner
utm_source=chatgpt.com                            | -                        | ai assistant   | chatgpt
utm_source=chatgpt.com                            | https://chatgpt.com/     | ai assistant   | chatgpt
utm_source=chatgpt.com&utm_medium=referral        | -                        | ai assistant   | chatgpt
utm_source=openai                                 | -                        | ai assistant   | chatgpt
utm_source=perplexity                             | -                        | ai assistant   | perplexity
utm_source=copilot.com                            | -                        | ai assistant   | copilot
utm_source=www.linkedin.com                       | -                        | organic social | linkedin
utm_source=x                                      | -                        | organic social | x
utm_source=messe&utm_medium=trade-fair            | -                        | other          | messe
utm_source=messe                                  | -                        | other          | messe
utm_source=messe                                  | https://www.google.com/  | organic search | messe
utm_campaign=autumn                               | https://www.google.com/  | organic search | google
utm_campaign=autumn                               | -                        | direct         | -
gclid=Cj0x                                        | https://www.google.com/  | paid search    | google
gclid=Cj0x                                        | -                        | paid search    | google
gclid=Cj0x&utm_medium=display                     | -                        | display        | google
GCLID=Cj0x                                        | -                        | paid search    | google
gclid=                                            | -                        | direct         | -
a=1&wbraid=x                                      | -                        | paid search    | google
msclkid=x                                         | https://www.bing.com/    | paid search    | bing
li_fat_id=x                                       | https://www.linkedin.com/ | paid social   | linkedin
fbclid=x                                          | https://l.facebook.com/  | organic social | facebook
fbclid=x&utm_medium=paid                          | https://l.facebook.com/  | paid social    | facebook
fbclid=x&utm_source=ig&utm_medium=paid            | -                        | paid social    | instagram
ttclid=x                                          | -                        | paid social    | tiktok
mc_eid=x                                          | -                        | email          | mailchimp
srsltid=x                                         | https://www.google.com/  | organic search | google
utm_source=google&utm_medium=cpc                  | https://www.acme.example/ | paid search   | google
utm_medium=%20&utm_source=                        | https://t.co/x           | organic social | x
utm_source=a&utm_source=linkedin                  | -                        | other          | a
utm_source=&utm_source=linkedin                   | -                        | organic social | linkedin
x=utm_source=linkedin                             | -                        | direct         | -
"""


def cells(table: str) -> list[list[str | None]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").splitlines()]
    return [[None if cell == "-" else cell for cell in line] for line in lines]


@pytest.mark.parametrize(("referrer", "medium", "source"), cells(FROM_A_PAGE) + cells(HOSTILE))
def test_by_the_page_they_came_from(referrer: str, medium: str, source: str | None) -> None:
    assert channel_of(Arrival(PAGE, referrer), TABLES) == Channel(medium, source)


@pytest.mark.parametrize(("query", "referrer", "medium", "source"), cells(TAGGED))
def test_by_tags_and_click_ids(query: str, referrer: str | None, medium: str, source: str | None) -> None:
    found = channel_of(Arrival(f"{PAGE}?{query}#top", referrer), TABLES)
    assert (found.medium, found.source) == (medium, source)


def test_what_is_stated_beside_the_address_goes_before_it() -> None:
    url = f"{PAGE}?utm_medium=cpc&utm_source=google&utm_term=crm"
    stated = Arrival(url, source="october", medium="email", campaign="Autumn 26")
    assert channel_of(stated, TABLES) == Channel("email", "october", "Autumn 26", "crm")


def test_tags_may_stand_in_the_search_part_alone() -> None:
    assert channel_of(Arrival(PAGE, search="?a=1&utm_medium=email"), TABLES) == Channel("email")
    assert channel_of(Arrival(f"{PAGE}?utm_medium=cpc", search="?utm_medium=email"), TABLES) == Channel("paid other")


def test_tags_are_kept_as_written_with_single_spaces() -> None:
    url = f"{PAGE}?utm_campaign=Autumn++%20Sale&utm_content=stra%C3%9Fe&utm_term=%22a%22"
    assert channel_of(Arrival(url), TABLES) == Channel("direct", None, "Autumn Sale", '"a"', "straße")


def test_tags_behind_a_hash_are_none() -> None:
    assert channel_of(Arrival(f"{PAGE}#?utm_medium=cpc"), TABLES) == Channel("direct")


def test_without_a_page_nothing_is_direct() -> None:
    assert channel_of(Arrival(), TABLES) == Channel()
    assert channel_of(Arrival(referrer="https://www.google.com/"), TABLES) == Channel("organic search", "google")
    assert channel_of(Arrival(medium="email"), TABLES) == Channel("email")


@pytest.mark.parametrize(
    ("page", "before", "medium"),
    [
        ("https://a.github.io/", "https://b.github.io/", "referral"),  # everybody registers right below github.io
        ("https://a.github.io/", "https://www.a.github.io/", "internal"),
        ("https://a.co.uk/", "https://b.co.uk/", "referral"),
        ("https://shop.a.co.uk/", "https://a.co.uk/", "internal"),
        ("http://localhost:3000/", "http://localhost:8000/", "internal"),
        ("http://10.0.0.1/", "http://10.0.0.1/x", "internal"),
        ("http://10.0.0.1/", "http://20.0.0.1/", "referral"),
        ("https://bücher.example/", "https://shop.xn--bcher-kva.example/", "internal"),
        ("not an address", "https://acme.example/", "referral"),
        ("https://www.linkedin.com/company/x", "https://www.linkedin.com/", "internal"),
    ],
)
def test_the_own_site_is_what_one_somebody_registered(page: str, before: str, medium: str) -> None:
    assert channel_of(Arrival(page, before), TABLES).medium == medium


def test_no_more_is_read_than_a_part() -> None:
    far = f"{PAGE}?a={'x' * LONGEST_ADDRESS}&utm_medium=cpc"
    assert channel_of(Arrival(far), TABLES) == Channel("direct")
    long = channel_of(Arrival(f"{PAGE}?utm_source={'x' * 3_000}"), TABLES)
    assert long == Channel("other", "x" * LONGEST_TAG)
    assert host_of(f"https://{'a' * 300}.example/") is None


anything = st.text(max_size=80)
pieces = st.sampled_from(
    ("https:", "//", "/", "\\", "@", ":", "?", "#", "&", "=", ".", "%", "%ff", "google.com", "acme.example", "utm_source",
     "utm_medium", "gclid", "cpc", "[::1]", "xn--", "ß", "\u0130", "\ud800", "\x00", "\n", " ", "-", "443", "$direct")
)  # fmt: skip
addresses = st.one_of(st.none(), anything, st.lists(pieces, max_size=14).map("".join))


@given(addresses, addresses, anything, anything)
def test_whatever_is_sent_has_a_channel(url: str | None, referrer: str | None, source: str, medium: str) -> None:
    found = channel_of(Arrival(url, referrer, url, source, medium), TABLES)
    assert found.medium is None or found.medium in MEDIUMS
    assert found.source is None or 0 < len(found.source) <= LONGEST_HOST


def test_every_medium_has_a_case_of_its_own() -> None:
    told = {row[1] for row in cells(FROM_A_PAGE)} | {row[2] for row in cells(TAGGED)}
    assert told == set(MEDIUMS)


def test_tables_name_what_there_is() -> None:
    words = set(WORDS.values()) - {"paid", "organic", "referral"}
    assert words | set(UNPAID.values()) | set(PAID.values()) | {medium for medium, _ in CLICK_IDS.values()} <= set(
        MEDIUMS
    )
    assert all(source in referrers().words for _, source in CLICK_IDS.values() if source)


def test_each_entry_stands_once_and_can_be_found() -> None:
    lines = [row.split("\t") for row in rows("referrers.tsv")]
    entries = [entry for _, _, listed in lines for entry in listed.split()]
    assert [entry for entry, times in Counter(entries).items() if times > 1] == []
    assert {kind for kind, _, _ in lines} == set(UNPAID)
    assert [entry for entry in entries if entry != entry.lower()] == []
    hosts = [entry.removeprefix(".").removesuffix(".*") for entry in entries if "." in entry]
    assert [host for host in hosts if ascii_host(host) != host or host.startswith("www.")] == []
