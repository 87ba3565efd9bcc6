"""What a single act shows of not being a person's own: it is set aside as it comes.

Only what the act itself says is looked at, never a setting, so everybody who reads it judges alike.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

CRAWLER, PREFETCH = "crawler", "prefetch"

AGENT: Final = "context.userAgent"
"""The field in which a client says what it is."""

LONGEST_LOOKED_AT: Final = 512
"""Letters of a user agent; crawlers say who they are early."""

NAMED: Final = (
    "adsbot-google",
    "applebot",
    "archive.org_bot",
    "baiduspider",
    "barracuda",
    "bingpreview",
    "bytespider",
    "chatgpt-user",
    "chrome-lighthouse",
    "claude-user",
    "facebookexternalhit",
    "feedfetcher",
    "google-inspectiontool",
    "googleother",
    "ia_archiver",
    "mediapartners-google",
    "meta-externalagent",
    "perplexity-user",
    "phantomjs",
    "skypeuripreview",
    "slurp",
    "storebot-google",
)
"""Automatic readers by the names their operators publish, beside all that call themselves bot, crawler or spider.

Left out on purpose: mail programs and their picture proxies (GoogleImageProxy, YahooMailProxy, Microsoft Office),
which a person sits before; HeadlessChrome, by which companies test their own pages; libraries for HTTP, by which
their own servers send.
"""

# Not the phones called Cubot.
_CRAWLER: Final = re.compile(
    rf"(?<!cu)bots?\b|crawler|spider\b|{'|'.join(map(re.escape, NAMED))}", re.IGNORECASE | re.ASCII
)

PURPOSES: Final = ("prefetch", "prerender", "preview")
"""First words of the headers Sec-Purpose, Purpose, X-Purpose and X-Moz of what nobody looks at yet."""


def suspicion(record: Mapping[str, Any]) -> str | None:
    """Return why an act is set aside at once, None where it counts.

    >>> suspicion({"context": {"userAgent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}})
    'crawler'
    >>> suspicion({"context": {"userAgent": "Mozilla/5.0 (Linux; Android 9; CUBOT NOTE 20)"}})
    >>> suspicion({"context": {"purpose": "prefetch;prerender"}})
    'prefetch'
    """
    context = record.get("context")
    if not isinstance(context, dict):
        return None
    agent, purpose = context.get("userAgent"), context.get("purpose")
    if isinstance(agent, str) and _is_crawler(agent[:LONGEST_LOOKED_AT]):
        return CRAWLER
    return PREFETCH if isinstance(purpose, str) and purpose.strip().lower().startswith(PURPOSES) else None


@lru_cache(maxsize=4096)
def _is_crawler(agent: str) -> bool:
    return _CRAWLER.search(agent) is not None
