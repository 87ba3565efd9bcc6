"""Servers for tests. A standing one serves all tests of a module, for those that leave what they ask about as it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ripeline.entry.bootstrap.shipped import template
from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A running server of a new workspace with the definition for software companies."""
    with serving(tmp_path / "live", template("b2b-saas")) as server:
        yield server


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same, for all tests of a module."""
    with serving(tmp_path_factory.mktemp("standing") / "live", template("b2b-saas")) as server:
        yield server


@pytest.fixture(scope="module")
def definition() -> str:
    """What a lead is to the shop; a module may have another one."""
    return DEFINITION


@pytest.fixture(scope="module")
def settings() -> str:
    """The shop's settings; a module may have others."""
    return FIRST_SETTINGS


@pytest.fixture
def shop(tmp_path: Path, definition: str, settings: str) -> Iterator[Served]:
    """A running server of the shop, whose clock stands still until it is told otherwise."""
    with serving(tmp_path / "shop", definition, settings, START) as server:
        yield server


@pytest.fixture(scope="module")
def standing_shop(tmp_path_factory: pytest.TempPathFactory, definition: str, settings: str) -> Iterator[Served]:
    """The same, for all tests of a module."""
    with serving(tmp_path_factory.mktemp("standing") / "shop", definition, settings, START) as server:
        yield server
