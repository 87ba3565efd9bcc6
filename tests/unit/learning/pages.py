"""What holds of every page: it needs nothing, allows nothing, and tells those who do not see its charts."""

import re
from base64 import b64encode
from hashlib import sha256

from tests.unit.learning.learned_reports import Read

HOSTILE = """</td></svg><script src=//evil.example>alert(1)</script>"'`<img src=x onerror=alert(2)>&amp;\u202e\x00\ud800שלום"""


def assert_asks_nobody(page: str) -> None:
    found = Read(page)
    assert {name for name, _ in found.tags}.isdisjoint(
        {"script", "img", "link", "iframe", "object", "a", "form", "use"}
    )
    for _, attrs in found.tags:
        assert attrs.keys().isdisjoint({"src", "href", "style"})
        assert not any(name.startswith("on") or "//" in (value or "") for name, value in attrs.items())
    assert not re.search(r"https?:|url\(|@import", page)


def assert_allows_its_own_style_alone(page: str) -> None:
    style = page.partition("<style>")[2].partition("</style>")[0]
    policy = next(attrs["content"] for name, attrs in Read(page).tags if attrs.get("http-equiv"))
    hashed = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{hashed}'; form-action 'none'; base-uri 'none'"


def assert_charts_are_told(page: str) -> None:
    found = Read(page)
    ids = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    outer = [attrs for name, attrs in found.tags if name == "svg" and "viewbox" not in attrs]
    for drawing in outer:
        named = (drawing.get("aria-labelledby") or "").split()
        assert named or drawing.get("aria-hidden") == "true"
        assert set(named) <= set(ids)


def assert_no_harm(hostile: str, page: str) -> None:
    """page: the same with plain names."""
    assert {name for name, _ in Read(hostile).tags} == {name for name, _ in Read(page).tags}
    assert not re.search(r"<script|<img|[\u202e\x00\ud800]", hostile)
    hostile.encode()
