"""`ripeline keys` and `ripeline tokens`: who may send events, and who may use the API."""

from typing import Annotated, Literal

from cyclopts import Parameter

from ripeline.entry.bootstrap import make_token, make_write_key
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.workspace import find_workspace

Scope = Literal["read", "write", "publish", "admin"]


def create(
    *,
    workspace: WorkspaceOption,
    kind: Annotated[Literal["web", "server"], Parameter(help="web: public, for pages; server: secret and trusted.")],
    source: Annotated[
        str | None, Parameter(help="What sends with it; messages of one source count once. Default: its kind.")
    ] = None,
    origin: Annotated[tuple[str, ...], Parameter(help="Sites that a web key may be used on; may be repeated.")] = (),
    format: Format = "text",
) -> None:
    """Make a write key and print it; a server key cannot be shown again."""
    key = make_write_key(find_workspace(workspace), kind, source or kind, origin, now_us())
    if format == "json":
        print_json({"kind": kind, "source": source or kind, "key": key})
    else:
        out.print(key, highlight=False, soft_wrap=True)


def create_token(
    *,
    workspace: WorkspaceOption,
    scope: Annotated[tuple[Scope, ...], Parameter(help="What it allows; may be repeated.")],
    name: Annotated[str, Parameter(help="What it is for.")] = "",
    format: Format = "text",
) -> None:
    """Make an API token and print it; it cannot be shown again."""
    token = make_token(find_workspace(workspace), name, scope, now_us())
    if format == "json":
        print_json({"name": name, "scopes": sorted(scope), "token": token})
    else:
        out.print(token, highlight=False, soft_wrap=True)
