"""Servers for tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ripeline.entry.bootstrap.shipped import template
from tests.acceptance.live.served import Served


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A running server of a new workspace with the definition for software companies."""
    server = Served(tmp_path / "live", template("b2b-saas"))
    server.start()
    yield server
    server.stop()
    assert not server.defects()
