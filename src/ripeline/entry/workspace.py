"""The folder of one workspace: where its files are and what its settings say."""

import os
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ripeline.entry.settings import SECTIONS, IntakeSettings, LogSettings, ServerSettings, check_keys
from ripeline.handoff.destinations import OutboxSettings
from ripeline.intake.patterns import USUAL, Patterns
from ripeline.vocabulary.issues import InputError, did_you_mean

SETTINGS_FILE = "ripeline.toml"
DEFAULT_NAME = "qualification"
DEFAULT_DEFINITION = f"{DEFAULT_NAME}.yaml"
FIRST_SETTINGS = """\
# Settings of this workspace. What an MQL is stands in qualification.yaml; further definitions may lie in definitions/.
# A section that you use loses the # before its [name], too.

[engine]
memory_limit = "1200MB"   # most memory that scoring may use before it spills to disk
# threads = 2             # default: all cores

# [intake]
# address_rate = 500      # events a second that one client address may send with a web key; more at once: address_burst
# trusted_proxies = ["10.0.0.0/8"]   # whose X-Forwarded-For tells the client's address

# What people did not do themselves is set aside; docs/intake.md tells every setting.
# [set_aside]
# staff_domains = ["acme.example"]             # your own people's mail domains ...
# staff_addresses = ["kim@freelance.example"]  # ... and further addresses of theirs

# Where people reach this server; links in mails lead there: docs/handoffs.md.
# [server]
# url = "https://leads.acme.example"
# banner = "A copy of last month, for trying things out"   # on top of every page of the app

# Who leads are handed to, and when they work; docs/routing-and-clock.md tells every setting.
# [sales]
# timezone = "Europe/Berlin"
# hours = "Mon-Fri 09:00-12:30, 13:30-17:30"
# people.maria = {mail = "maria@acme.example"}
# people.jon = {mail = "jon@acme.example", weight = 2}

# Whom nobody removes, and whether people on the removal list are removed by themselves; docs/removals.md.
# [removals]
# automatic = true   # default: a person confirms
# wait_days = 14     # so long somebody stands on the list before
# never = "legal_hold = true or open_deal = true"

# Who is told what happens: docs/outbox.md.
# [outbox.webhooks.crm]
# url = "https://crm.example/hooks/ripeline"
# secret_env = "CRM_WEBHOOK_SECRET"
"""
KNOWN: Mapping[str, Mapping[str, type]] = {
    "engine": {"memory_limit": str, "threads": int},
    **{name: keys for name, (keys, _) in SECTIONS.items()},
}


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace's folder.

    memory_limit, threads: what the engine may use; intake, log, server: settings of the server; outbox: who is told what
    happens; set_aside: patterns of what people did not do themselves; sales, removals: salespeople, and
    how people are removed, as they are written; read by bootstrap/sales.py and removal_check.py.
    """

    root: Path
    memory_limit: str = "1200MB"
    threads: int | None = None
    intake: IntakeSettings = field(default_factory=IntakeSettings)
    log: LogSettings = field(default_factory=LogSettings)
    outbox: OutboxSettings = field(default_factory=OutboxSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    set_aside: Patterns = USUAL
    sales: Mapping[str, Any] = field(default_factory=dict)
    removals: Mapping[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> Path:
        """The file of settings."""
        return self.root / SETTINGS_FILE

    @property
    def book(self) -> Path:
        """The book of record."""
        return self.root / "book.sqlite"

    def definition(self, named: str | None) -> Path:
        """Return the file of a definition: by its name in definitions/, its path, or the default one."""
        if named is None:
            return self.root / DEFAULT_DEFINITION
        known = self.definitions()
        if named in known:
            return known[named]
        if Path(named).is_file():
            return Path(named)
        raise InputError(
            f'"{named}" is neither a file nor a definition of this workspace; {did_you_mean(named, known)}'
        )

    def own_file(self, name: str) -> Path:
        """Return where the definition of a name lies, or would lie."""
        return self.root / (DEFAULT_DEFINITION if name == DEFAULT_NAME else f"definitions/{name}.yaml")

    def definitions(self) -> dict[str, Path]:
        """Return the definitions of this workspace by name."""
        files = [self.root / DEFAULT_DEFINITION, *sorted((self.root / "definitions").glob("*.yaml"))]
        return {file.stem: file for file in files if file.is_file()}


def find_workspace(root: Path) -> Workspace:
    """Return the workspace in a folder, or raise InputError."""
    settings = root / SETTINGS_FILE
    if not settings.is_file():
        raise InputError(f"{root} is not a workspace: it has no {SETTINGS_FILE}; make one with: ripeline init {root}")
    try:
        raw = tomllib.loads(settings.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{settings}: {error}") from error
    try:
        _check_settings(raw)
        further: dict[str, Any] = {name: read(raw.get(name, {})) for name, (_, read) in SECTIONS.items()}
    except InputError as error:
        raise InputError(f"{settings}: {error}") from error
    return Workspace(root, **raw.get("engine", {}), **further)


def _check_settings(raw: Mapping[str, object]) -> None:
    for section, values in raw.items():
        if section not in KNOWN:
            raise InputError(f'"{section}" is no section; {did_you_mean(section, KNOWN)}')
        if not isinstance(values, dict):
            raise InputError(f"{section} is a section; write [{section}]")
        check_keys(section, values, KNOWN[section])


@contextmanager
def replacing(file: Path, text: str) -> Iterator[Callable[[], object]]:
    """Write a text beside a file, safe on disk; what is handed out puts it in the file's place at one stroke."""
    try:
        file.parent.mkdir(exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(beside).chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
    except OSError as error:
        raise InputError(f"{file} cannot be replaced: {error}") from error
    try:
        yield lambda: Path(beside).replace(file)
    finally:
        Path(beside).unlink(missing_ok=True)


def text_of(file: Path) -> str:
    """Return a file's text, or raise InputError."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(f"{file} does not exist") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is no text in UTF-8") from error
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}") from error
