"""What somebody held in their hands, as its user agent tells: the kind of device, its system and the browser.

A user agent is what a stranger sends. Any text whatever is taken, its first letters alone are read; None is unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["desktop", "mobile", "tablet", "other"]
KINDS: Final[tuple[Kind, ...]] = ("desktop", "mobile", "tablet", "other")
"""other: televisions, consoles, watches and cars."""

PARTS: Final = ("kind", "browser", "system")
LONGEST_AGENT: Final = 512
"""Letters of a user agent that are read."""

SYSTEMS: Final[Mapping[str, str]] = {
    "windows phone": "windows phone",
    "iphone": "ios",
    "ipad": "ios",
    "ipod": "ios",
    "harmonyos": "harmonyos",
    "openharmony": "harmonyos",
    "kaios": "kaios",
    "tizen": "tizen",
    "web0s": "webos",
    "webos": "webos",
    "android": "android",
    "cros ": "chromeos",
    "windows": "windows",
    "mac os x": "macos",
    "macintosh": "macos",
    "linux": "linux",
    "x11": "linux",
}
"""A part of the user agent, and the system: the first that is there. Most call themselves something older too."""

BROWSERS: Final[Mapping[str, str]] = {
    "fban/": "facebook",
    "fbav/": "facebook",
    "fb_iab/": "facebook",
    "instagram": "instagram",
    "linkedinapp": "linkedin",
    "tiktok": "tiktok",
    "bytedancewebview": "tiktok",
    "micromessenger": "wechat",
    "electron/": "electron",
    "edg/": "edge",
    "edga/": "edge",
    "edgios/": "edge",
    "edge/": "edge",
    "opr/": "opera",
    "opt/": "opera",
    "opx/": "opera",
    "opera": "opera",
    "samsungbrowser/": "samsung",
    "yabrowser/": "yandex",
    "vivaldi/": "vivaldi",
    "duckduckgo/": "duckduckgo",
    "ddg/": "duckduckgo",
    "huaweibrowser/": "huawei",
    "miuibrowser/": "xiaomi",
    "ucbrowser/": "uc",
    "whale/": "whale",
    "silk/": "silk",
    "fxios/": "firefox",
    "focus/": "firefox",
    "firefox/": "firefox",
    "gsa/": "google app",
    "; wv)": "webview",
    "crios/": "chrome",
    "chromium/": "chrome",
    "chrome/": "chrome",
    "msie ": "internet explorer",
    "trident/": "internet explorer",
    "safari/": "safari",
    "applewebkit/": "webview",
}
"""The same of browsers; of an application that shows pages itself its name, or `webview`."""

_OTHERS: Final = (
    "smart-tv", "smarttv", "smart tv", "appletv", "apple tv", "googletv", "google tv", "android tv", "hbbtv", "web0s",
    "crkey", "roku", "bravia", "aftb", "aftm", "afts", "aftt", "playstation", "xbox", "nintendo", "watch", "automotive",
)  # fmt: skip
_ON_DESKS: Final = frozenset({"windows", "macos", "linux", "chromeos"})
_IN_HANDS: Final = frozenset({"ios", "android", "harmonyos"})


@dataclass(frozen=True, slots=True)
class Device:
    """What a user agent tells."""

    kind: Kind | None = None
    browser: str | None = None
    system: str | None = None


def device_of(agent: str | None) -> Device:
    """Return the device that a user agent tells of; nothing for what is no browser on a known system.

    >>> device_of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    Device(kind='desktop', browser='firefox', system='linux')
    """
    text = "" if agent is None else agent[:LONGEST_AGENT].lower()
    system = _first(text, SYSTEMS)
    if system is None:
        return Device("other" if _any(text, _OTHERS) else None)
    return Device(_kind(text, system), _first(text, BROWSERS), system)


def _kind(text: str, system: str) -> Kind:
    if _any(text, _OTHERS):
        return "other"
    if system in _ON_DESKS:
        return "desktop"
    if "ipad" in text or "tablet" in text:
        return "tablet"
    return "tablet" if system in _IN_HANDS and "mobile" not in text and "iphone" not in text else "mobile"


def device_rows() -> Iterable[str]:
    """Yield all that devices are told by, for the fingerprint."""
    for kind, table in (("system", SYSTEMS), ("browser", BROWSERS)):
        yield from (f"{kind} {place} {part} {name}" for place, (part, name) in enumerate(table.items()))
    yield from (f"other {part}" for part in _OTHERS)


def _first(text: str, table: Mapping[str, str]) -> str | None:
    return next((name for part, name in table.items() if part in text), None)


def _any(text: str, parts: Iterable[str]) -> bool:
    return any(part in text for part in parts)
