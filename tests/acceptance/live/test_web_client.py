"""The client for web pages is the pinned package's own, and served so that any page may load it."""

import gzip
import os
from pathlib import Path

import pytest

from ripeline.entry.server import tag
from ripeline.vocabulary.issues import InputError
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served
from tests.acceptance.live.stories import CLIENTS, NODE_MODULES, needs_node_modules

pytestmark = pytest.mark.acceptance

STATIC = Path(tag.__file__).parent / "static"
BUILT = NODE_MODULES / "@segment" / "analytics-next" / "dist" / "umd"
BANNER = b"/*! @segment/analytics-next, MIT License; licences of all its parts: " + tag.LICENCES.encode() + b" */\n"


@needs_node_modules
def test_the_client_is_the_packages_own() -> None:
    """RIPELINE_GOLDEN=renew takes over the files of a new version; LICENCES.txt names the version by hand."""
    (part,) = BUILT.glob("auto-track.bundle.*.js")
    for source, name in ((BUILT / "index.js", "ripeline.js"), (part, part.name)):
        expected = BANNER + source.read_bytes().partition(b"//# sourceMappingURL=")[0]
        if os.environ.get("RIPELINE_GOLDEN") == "renew":
            (STATIC / name).write_bytes(expected)
        assert (STATIC / name).read_bytes() == expected
    assert len(list(STATIC.glob("*.bundle.*.js"))) == 1
    version = (CLIENTS / "package.json").read_text().partition('analytics-next": "')[2].partition('"')[0]
    assert f"@segment/analytics-next {version}\n" in (STATIC / "LICENCES.txt").read_text()


def test_any_page_may_load_the_client(served: Served) -> None:
    plain = served.ask("/ripeline.js", origin="https://shop.example")
    assert (plain.status, plain.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert plain.headers["access-control-allow-origin"] == "*"
    packed = served.ask("/ripeline.js", accept_encoding="gzip")
    assert gzip.decompress(packed.body) == plain.body
    assert served.ask("/ripeline.js", if_none_match=plain.headers["etag"]).status == 304
    assert b"Permission is hereby granted" in served.ask(tag.LICENCES).body
    assert b"sourceMappingURL" not in plain.body


def test_the_snippet_names_the_first_web_key_in_use(served: Served) -> None:
    printed = ripeline("snippet", "-w", served.workspace.root, "--url", "https://events.acme.example/")
    assert f'("https://events.acme.example", "{served.web_key}");' in printed.stdout
    ended = ripeline("snippet", "-w", served.workspace.root, "--url", "http://x/</script>").stdout
    assert ended.count("</script>") == 1, "what a user names cannot end the element"
    assert ripeline("keys", "revoke", 1, "-w", served.workspace.root).returncode == 0
    without = ripeline("snippet", "-w", served.workspace.root)
    assert (without.returncode, "no web key" in without.stderr) == (1, True)


@pytest.mark.parametrize("url", ["events.acme.example", "ftp://acme.example", "http://", "http://a?b", "http://[", ""])
def test_a_snippet_needs_an_address(url: str) -> None:
    with pytest.raises(InputError, match="is no address of a server"):
        tag.tag(url, "rlw_")
