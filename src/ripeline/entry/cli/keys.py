"""`ripeline keys` and `ripeline tokens`: who may send events, and who may use the API."""

from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.book import (
    list_tokens,
    list_write_keys,
    make_token,
    make_write_key,
    take_back_token,
    take_back_write_key,
)
from ripeline.entry.bootstrap.sales import opened_salespeople
from ripeline.entry.cli.options import Format, Number, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show import table
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.access import key_wanted, token_wanted
from ripeline.vocabulary.access import KeyKind, Scope
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import UsageError


def create(
    *,
    workspace: WorkspaceOption,
    kind: Annotated[KeyKind, Parameter(help="web: public, for pages; server: secret and trusted.")],
    source: Annotated[
        str | None, Parameter(help="What sends with it; messages of one source count once. Default: its kind.")
    ] = None,
    origin: Annotated[tuple[str, ...], Parameter(help="Sites that a web key may be used on; may be repeated.")] = (),
    format: Format = "text",
) -> None:
    """Make a write key and print it; a server key cannot be shown again."""
    new = key_wanted(kind, source or "", origin)
    key = make_write_key(find_workspace(workspace), new.kind, new.source, new.origins, now_us())
    if format == "json":
        print_json({"kind": kind, "source": new.source, "key": key})
    else:
        out.print(key, highlight=False, soft_wrap=True)


def list_keys(*, workspace: WorkspaceOption, format: Format = "text") -> None:
    """List the write keys in use; of server keys there is nothing left to show but their number."""
    rows = list_write_keys(find_workspace(workspace))
    if format == "json":
        names = ("id", "kind", "source", "key", "origins")
        print_json({"keys": [{name: row[name] for name in names} for row in rows]})
        return
    columns = ("id", "kind", "source", "key", "origins")
    cells = ((str(row["id"]), row["kind"], row["source"], row["key"] or "", " ".join(row["origins"])) for row in rows)
    out.print(table("Write keys", columns, cells))


def revoke(key_id: Number, *, workspace: WorkspaceOption, format: Format = "text") -> None:
    """Take a write key out of use; the server refuses it within seconds.

    Parameters
    ----------
    key_id
        Its number, as `ripeline keys list` shows it.
    """
    take_back_write_key(find_workspace(workspace), key_id, now_us())
    if format == "json":
        print_json({"state": "revoked"})
    else:
        out.print(f"Key {key_id} is out of use.", highlight=False)


def create_token(
    *,
    workspace: WorkspaceOption,
    scope: Annotated[tuple[Scope, ...], Parameter(help="What it allows; may be repeated.")],
    name: Annotated[str, Parameter(help="What it is for.")] = "",
    person: Annotated[
        str | None, Parameter(help="Whose it is: with the scope answer it answers this salesperson's handoffs alone.")
    ] = None,
    format: Format = "text",
) -> None:
    """Make an API token and print it; it cannot be shown again."""
    if person is not None and not {"answer", "admin"} & set(scope):
        raise UsageError("--person goes with --scope answer: it says whose handoffs a token answers")
    found = find_workspace(workspace)
    with opened_salespeople(found) as salespeople:
        people = salespeople.now().people
    new = token_wanted(name, scope, person, people)
    token = make_token(found, new.name, new.scopes, now_us(), person)
    if format == "json":
        print_json({"name": new.name, "scopes": sorted(scope), "person": person, "token": token})
    else:
        out.print(token, highlight=False, soft_wrap=True)


def list_api_tokens(*, workspace: WorkspaceOption, format: Format = "text") -> None:
    """List the API tokens in use; what they are cannot be shown again."""
    rows = [
        {
            "id": row["id"],
            "name": row["name"],
            "scopes": row["scopes"],
            "person": row["person"],
            "created_at": instant_text(row["created_us"]),
        }
        for row in list_tokens(find_workspace(workspace))
    ]
    if format == "json":
        print_json({"tokens": rows})
        return
    told = ((str(row["id"]), row["name"], " ".join(row["scopes"])) for row in rows)
    cells = ((*one, row["person"] or "", row["created_at"][:10]) for one, row in zip(told, rows, strict=True))
    out.print(table("API tokens", ("id", "name", "scopes", "person", "created"), cells) if rows else "No API tokens.")


def revoke_token(token_id: Number, *, workspace: WorkspaceOption, format: Format = "text") -> None:
    """Take an API token out of use; the server refuses it from now on.

    Parameters
    ----------
    token_id
        Its number, as `ripeline tokens list` shows it.
    """
    take_back_token(find_workspace(workspace), token_id, now_us())
    if format == "json":
        print_json({"state": "revoked"})
    else:
        out.print(f"Token {token_id} is out of use.", highlight=False)
