"""The stories that tracking clients tell, each in a process of its own, and what a server then holds."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.live.served import Served

CLIENTS = Path(__file__).parent / "clients"
NODE_MODULES = CLIENTS / "node_modules"
STORIES: dict[str, tuple[str | Path, ...]] = {
    "segment": (sys.executable, CLIENTS / "story.py", "segment"),
    "rudder": (sys.executable, CLIENTS / "story.py", "rudder"),
    "segment-node": ("node", CLIENTS / "story.mjs", "segment"),
    "rudder-node": ("node", CLIENTS / "story.mjs", "rudder"),
}

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
needs_node_modules = pytest.mark.skipif(
    not NODE_MODULES.is_dir(), reason=f"the packages of {CLIENTS.name}/package.json are not installed: make test-all"
)


def tell(served: Served, client: str, name: str, count: int, url: str = "", key: str = "") -> "subprocess.Popen[bytes]":
    """Start a story; url: where it is sent to, if not straight to the server; key: what it shows, if not one for it."""
    key = key or (served.server_key if client == "segment" else served.web_key)
    command = [*STORIES[client], url or served.url, key, name, str(count)]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def told(process: "subprocess.Popen[bytes]") -> None:
    """Wait until a story is told, and its client says that everything was delivered."""
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors.decode()


def stored_once(served: Served, name: str, count: int) -> None:
    """Assert that what a story tells is stored, once each, and nothing else."""
    served.applied()
    assert served.failed() == []
    columns = 'e.type, e.name, i.value, e."properties.number:number"'
    expected = {
        ("page", "Pricing", f"{name}-device", None),
        ("track", "Trial Downloaded", name, None),
        ("track", "Pricing Requested", name, None),
        *(("track", "Counted", name, number * 1_000_000) for number in range(count)),
    }
    assert sorted(served.stored(columns), key=str) == sorted(expected, key=str)


def qualified(served: Served, name: str) -> set[str]:
    """Assert that the story's lead meets the definition; return the signals that its explanation names."""
    lead = served.read(f"/api/leads/{name}@acme.example")
    assert (lead["lead"], lead["meets_definition"], lead["hand_raise"]) == (name, True, "pricing_request")
    signals = {line["name"] for line in lead["engagement"]["contributions"]}
    assert {"trial_download", "pricing_request"} <= signals
    return signals
