"""`ripeline serve`."""

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import uvicorn
from cyclopts import Parameter

from ripeline.entry.cli.options import WorkspaceOption, now_us, out
from ripeline.entry.cli.score import plan_of
from ripeline.entry.log import start_log
from ripeline.entry.server.app import Server
from ripeline.entry.workspace import DEFAULT_DEFINITION, Workspace, find_workspace
from ripeline.plan.nodes import Plan
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.issues import InputError

STOP_WITHIN_S = 10


def serve(
    *,
    workspace: WorkspaceOption,
    host: Annotated[str, Parameter(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, Parameter(help="The port; 0 takes a free one.")] = 8321,
    clock: Annotated[
        Path | None, Parameter(help="A file with the present instant, for tests; it only moves forward.")
    ] = None,
) -> None:
    """Take events, and answer questions about leads, until stopped.

    When ready it prints one line of JSON: url and pid.
    """
    found = find_workspace(workspace)
    start_log(found.log.level)
    application = Server(found, _plans(found), now_us if clock is None else _clock_of(clock))
    listening = _listening(host, port)
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
    _Announced(config, host).run(sockets=[listening])


def _plans(workspace: Workspace) -> dict[str, Plan]:
    names = sorted(workspace.definitions(), key=lambda name: name != Path(DEFAULT_DEFINITION).stem)
    if not names:
        raise InputError(f"{workspace.root} has no definition")
    return {name: plan_of(workspace, name) for name in names}


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
    except (OSError, OverflowError) as error:
        raise InputError(f"cannot listen at {host}:{port}: {error}") from error


class _Announced(uvicorn.Server):
    """Says on standard output where it listens, once it does."""

    def __init__(self, config: uvicorn.Config, host: str) -> None:
        """Take the settings."""
        super().__init__(config)
        self._host = host

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started and sockets:
            host = f"[{self._host}]" if ":" in self._host else self._host
            url = f"http://{host}:{sockets[0].getsockname()[1]}"
            out.file.write(json.dumps({"url": url, "pid": os.getpid()}) + "\n")
            out.file.flush()


def _clock_of(file: Path) -> Callable[[], int]:
    """Return a clock that shows what a file says; never less than it showed before."""
    shown = 0

    def instant() -> int:
        nonlocal shown
        try:
            shown = max(shown, instant_of_text(file.read_text(encoding="utf-8"), Zone("UTC", ((-(2**62), 0),))))
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{file} cannot be read: {error}") from error
        return shown

    instant()
    return instant
