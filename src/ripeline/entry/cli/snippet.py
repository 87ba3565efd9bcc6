"""`ripeline snippet`."""

from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.book import list_write_keys
from ripeline.entry.cli.options import Format, WorkspaceOption, out, print_json
from ripeline.entry.server.tag import tag
from ripeline.entry.workspace import find_workspace
from ripeline.vocabulary.issues import InputError


def snippet(
    *,
    workspace: WorkspaceOption,
    url: Annotated[str, Parameter(help="Where web pages reach the server.")] = "http://127.0.0.1:8321",
    format: Format = "text",
) -> None:
    """Print the tag for web pages, with the first web key in use; it loads the client from the server itself."""
    keys = {row["id"]: row["key"] for row in list_write_keys(find_workspace(workspace)) if row["kind"] == "web"}
    if not keys:
        raise InputError("there is no web key in use; make one with: ripeline keys create --kind web")
    html = tag(url, keys[min(keys)])
    if format == "json":
        print_json({"url": url, "key": keys[min(keys)], "tag": html})
    else:
        out.file.write(html)
