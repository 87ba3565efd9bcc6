"""Which single acts are set aside as they come, and which are people's own however odd they look."""

import pytest

from ripeline.intake.suspicion import LONGEST_LOOKED_AT, suspicion

CRAWLERS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.2; +https://openai.com/gptbot",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)",
]
PEOPLE = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 9; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/89 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 9; CUBOT_P30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/89 Mobile Safari/537.36",
    # Pictures of mails come through these when a person opens the mail.
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.1; Pro)",
    # By which companies test their own pages, and send from their own servers.
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
    "python-requests/2.31",
    "okhttp/4.9.3",
    "",
]


@pytest.mark.parametrize("agent", CRAWLERS)
def test_crawlers_are_known_by_name(agent: str) -> None:
    assert suspicion({"context": {"userAgent": agent}}) == "crawler"


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_and_own_programs_count(agent: str) -> None:
    assert suspicion({"context": {"userAgent": agent}}) is None


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender", "Prefetch", " preview", "prerender"])
def test_what_nobody_looks_at_yet(purpose: str) -> None:
    assert suspicion({"context": {"userAgent": PEOPLE[0], "purpose": purpose}}) == "prefetch"


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"context": None},
        {"context": "Googlebot"},
        {"context": {"userAgent": ["Googlebot"]}},
        {"context": {"userAgent": None, "purpose": 1}},
        {"context": {"purpose": "visit; prefetch later"}},
        {"properties": {"userAgent": "Googlebot", "purpose": "prefetch"}},
        {"context": {"page": {"title": "What is a crawler bot?"}}},
    ],
)
def test_other_words_and_places_say_nothing(record: dict[str, object]) -> None:
    assert suspicion(record) is None


def test_only_the_beginning_of_an_endless_user_agent_is_read() -> None:
    assert suspicion({"context": {"userAgent": "x" * LONGEST_LOOKED_AT + " Googlebot/2.1"}}) is None
