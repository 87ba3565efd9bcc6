"""Devices by their user agents, each told by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.vocabulary.devices import BROWSERS, KINDS, SYSTEMS, Device, device_of

M = "Mozilla/5.0"
K = "AppleWebKit/537.36 (KHTML, like Gecko)"
I18 = "(iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
AGENTS = [
    (f"{M} (Windows NT 10.0; Win64; x64) {K} Chrome/140.0.0.0 Safari/537.36", "desktop", "chrome", "windows"),
    (f"{M} (Windows NT 10.0; Win64; x64) {K} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "desktop", "edge", "windows"),
    (f"{M} (Windows NT 10.0; Win64; x64) {K} Chrome/140.0.0.0 Safari/537.36 OPR/120.0.0.0", "desktop", "opera", "windows"),
    (f"{M} (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "desktop", "firefox", "windows"),
    (f"{M} (Windows NT 10.0; WOW64; Trident/7.0; Touch; Tablet PC 2.0; rv:11.0) like Gecko", "desktop", "internet explorer", "windows"),
    (f"{M} (Macintosh; Intel Mac OS X 10_15_7) {K} Chrome/140.0.0.0 Safari/537.36", "desktop", "chrome", "macos"),
    (f"{M} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", "desktop", "safari", "macos"),
    (f"{M} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "desktop", "firefox", "linux"),
    (f"{M} (X11; CrOS x86_64 14541.0.0) {K} Chrome/140.0.0.0 Safari/537.36", "desktop", "chrome", "chromeos"),
    (f"{M} (X11; Linux x86_64) {K} HeadlessChrome/140.0.0.0 Safari/537.36", "desktop", "chrome", "linux"),
    (f"{M} (Macintosh; Intel Mac OS X 10_15_7) {K} Slack/4.43 Chrome/134.0 Electron/35.1 Safari/537.36", "desktop", "electron", "macos"),
    (f"{M} {I18} Version/18.5 Mobile/15E148 Safari/604.1", "mobile", "safari", "ios"),
    (f"{M} {I18} CriOS/140.0.7339.39 Mobile/15E148 Safari/604.1", "mobile", "chrome", "ios"),
    (f"{M} {I18} FxiOS/140.0 Mobile/15E148 Safari/605.1.15", "mobile", "firefox", "ios"),
    (f"{M} {I18} EdgiOS/140.0 Version/18.0 Mobile/15E148 Safari/604.1", "mobile", "edge", "ios"),
    (f"{M} {I18} GSA/380.0 Mobile/15E148 Safari/604.1", "mobile", "google app", "ios"),
    (f"{M} {I18} Mobile/15E148", "mobile", "webview", "ios"),
    (f"{M} {I18} Mobile/15E148 [FBAN/FBIOS;FBAV/520.0;FBBV/1]", "mobile", "facebook", "ios"),
    (f"{M} {I18} Mobile/15E148 [LinkedInApp]/9.31", "mobile", "linkedin", "ios"),
    (f"{M} (iPad; CPU OS 15_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Mobile/15E148 Safari/604.1", "tablet", "safari", "ios"),
    (f"{M} (Linux; Android 10; K) {K} Chrome/140.0.0.0 Mobile Safari/537.36", "mobile", "chrome", "android"),
    (f"{M} (Linux; Android 10; K) {K} Chrome/140.0.0.0 Safari/537.36", "tablet", "chrome", "android"),
    (f"{M} (Linux; Android 15; SM-S921B) {K} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "mobile", "samsung", "android"),
    (f"{M} (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "mobile", "firefox", "android"),
    (f"{M} (Android 15; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0", "tablet", "firefox", "android"),
    (f"{M} (Linux; Android 14; Pixel 8 Build/UQ1A; wv) {K} Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36", "mobile", "webview", "android"),
    (f"{M} (Linux; Android 9; KFTRWI) {K} Silk/140.0 like Chrome/140.0.0.0 Safari/537.36", "tablet", "silk", "android"),
    (f"{M} (Linux; Android 12; HarmonyOS; NOH-AN00) {K} HuaweiBrowser/15.0 Mobile Safari/537.36", "mobile", "huawei", "harmonyos"),
    (f"{M} (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) {K} Chrome/52.0 Mobile Safari/537.36 Edge/15.1", "mobile", "edge", "windows phone"),
    (f"{M} (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5", "mobile", "firefox", "kaios"),
    (f"{M} (Web0S; Linux/SmartTV) {K} Chrome/108.0 Safari/537.36", "other", "chrome", "webos"),
    (f"{M} (SMART-TV; Linux; Tizen 7.0) {K} SamsungBrowser/4.0 TV Safari/537.36", "other", "samsung", "tizen"),
    (f"{M} (PlayStation; PlayStation 5/9.00) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15", "other", None, None),
    (f"{M} (Windows NT 10.0; Win64; x64; Xbox; Xbox One) {K} Chrome/140.0 Safari/537.36 Edge/44.18", "other", "edge", "windows"),
    ("python-requests/2.34.2", None, None, None),
    ("analytics-node/2.3.0", None, None, None),
    ("", None, None, None),
    ("x" * 600 + "Windows NT 10.0 Chrome/1", None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("agent", "kind", "browser", "system"), AGENTS)
def test_what_a_user_agent_tells(agent: str, kind: str | None, browser: str | None, system: str | None) -> None:
    found = device_of(agent)
    assert (found.kind, found.browser, found.system) == (kind, browser, system)


def test_nothing_is_told_by_nothing() -> None:
    assert device_of(None) == Device()


@given(st.text(max_size=700))
def test_whatever_is_sent_is_read(agent: str) -> None:
    found = device_of(agent)
    assert found.kind in {None, *KINDS}
    assert found.browser in {None, *BROWSERS.values()}
    assert found.system in {None, *SYSTEMS.values()}


def test_every_part_can_be_met() -> None:
    """What is looked for is in lower case, and no earlier part hides a later one."""
    for table in (SYSTEMS, BROWSERS):
        parts = list(table)
        assert [part for part in parts if part != part.lower()] == []
        assert [
            (one, later)
            for n, one in enumerate(parts)
            for later in parts[n + 1 :]
            if one in later and table[one] != table[later]
        ] == []
