"""`ripeline serve`."""

import json
import logging
import os
import socket
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import sleep
from typing import Annotated

import uvicorn
from cyclopts import Parameter, validators

from ripeline.entry.bootstrap.book import deciding_alone
from ripeline.entry.bootstrap.definitions import file_texts, live_versions, plan_of_version, settle
from ripeline.entry.bootstrap.sending import must_have_secrets
from ripeline.entry.cli.garbage import never_garbage
from ripeline.entry.cli.options import WorkspaceOption, now_us, out
from ripeline.entry.log import note, start_log
from ripeline.entry.server.app import Server
from ripeline.entry.workspace import DEFAULT_NAME, Workspace, find_workspace, text_of
from ripeline.usecases.moments import instant_of_text
from ripeline.usecases.publish import differing
from ripeline.vocabulary.calendar import UTC_ZONE
from ripeline.vocabulary.issues import InputError

SWITCH_S = 0.0005
"""How soon a request is looked at while events are applied: Python changes threads ten times as often as usual."""

STOP_WITHIN_S = 10

LOOK_AGAIN_S = 0.1
"""How often a server that waits for another one to go looks whether it has."""


def serve(
    *,
    workspace: WorkspaceOption,
    host: Annotated[str, Parameter(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[
        int, Parameter(help="The port; 0 takes a free one.", validator=validators.Number(gte=0, lte=65_535))
    ] = 8321,
    clock: Annotated[
        Path | None, Parameter(help="A file with the present instant, for tests; it only moves forward.")
    ] = None,
) -> None:
    """Take events, and answer questions about leads, until stopped.

    One server of a workspace runs at a time: a second one waits until the first is gone, and then starts.
    When ready it prints one line of JSON: url and pid, and where the first administrator of the app is made.
    """
    found = find_workspace(workspace)
    start_log(found.log.level)
    serve_by(found, now_us if clock is None else _clock_of(clock), host, port)


def serve_by(
    found: Workspace,
    clock_us: Callable[[], int],
    host: str,
    port: int,
    opened: Callable[[str], object] = lambda _: None,
) -> None:
    """Serve a workspace by a clock, until stopped. opened: is told where, once it is."""
    sys.setswitchinterval(SWITCH_S)
    must_have_secrets(found.outbox)
    # A port that is in use is told at once, also where another server has to be waited for.
    _listening(host, port).close()
    with deciding_alone(found, _waiting(found)), never_garbage():
        _serve(found, clock_us, host, port, opened)


def _waiting(workspace: Workspace) -> Callable[[], None]:
    """Return what is done while another server decides: say so once, and wait."""
    say = cache(note)  # once

    def is_taken() -> None:
        say(f"another server of {workspace.root} runs; this one starts once it is gone", logging.WARNING)
        sleep(LOOK_AGAIN_S)

    return is_taken


def _serve(
    found: Workspace, clock_us: Callable[[], int], host: str, port: int, opened: Callable[[str], object]
) -> None:
    listening = _listening(host, port)
    _settle(found, clock_us())
    application = Server(found, clock_us)
    config = uvicorn.Config(
        application,
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=STOP_WITHIN_S,
        lifespan="on",
        # Whose word on a client's address counts is a setting of the workspace, read by the intake.
        proxy_headers=False,
    )
    _Announced(config, host, lambda: application.set_up_path, opened).run(sockets=[listening])


def _settle(workspace: Workspace, at_us: int) -> None:
    """Publish what was never published; say where a file is not what is going to be served."""
    settle(workspace, at_us)
    live, files = live_versions(workspace), file_texts(workspace)
    if not live:
        raise InputError(f"{workspace.root} has no definition")
    for name in differing(files, live):
        version = plan_of_version(live[name]).version
        which = "" if name == DEFAULT_NAME else f" --definition {name}"
        makes_live = f"; make it live with: ripeline publish -w {workspace.root}{which}" if name in files else ""
        what = "is not what is published" if name in files else "is gone"
        note(f"{workspace.own_file(name)} {what}: {version} is served{makes_live}", logging.WARNING)


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]  # behind it stands the address again
        raise InputError(f"cannot listen at {host}:{port}: {why}") from error


class _Announced(uvicorn.Server):
    """Says on standard output where it listens, once it does."""

    def __init__(
        self,
        config: uvicorn.Config,
        host: str,
        set_up_path: Callable[[], str | None],
        opened: Callable[[str], object],
    ) -> None:
        """Take the settings, where the first login is made, if there is none, and who else is told."""
        super().__init__(config)
        self._host, self._set_up_path, self._opened = host, set_up_path, opened

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started and sockets:
            host = f"[{self._host}]" if ":" in self._host else self._host
            url = f"http://{host}:{sockets[0].getsockname()[1]}"
            self._opened(url)
            path = self._set_up_path()
            told = {"url": url, "pid": os.getpid()} | ({} if path is None else {"set_up": url + path})
            out.file.write(json.dumps(told) + "\n")
            out.file.flush()


def _clock_of(file: Path) -> Callable[[], int]:
    """Return a clock that shows what a file says; never less than it showed before."""
    shown = 0

    def instant() -> int:
        nonlocal shown
        shown = max(shown, instant_of_text(text_of(file), UTC_ZONE))
        return shown

    instant()
    return instant
