"""`ripeline accounts`: all companies by their people's interest, or one of them."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.history import engine_of, history_of, must_be_writable
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.cli.options import (
    AsOf,
    DefinitionOption,
    Format,
    WorkspaceOption,
    now_us,
    out,
    print_json,
    progress,
)
from ripeline.entry.cli.score import plan_of
from ripeline.entry.cli.show import counted
from ripeline.entry.cli.show_accounts import show_account, show_accounts
from ripeline.entry.workspace import Workspace, find_workspace
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.usecases.accounts import account_record, account_row_record, all_accounts, explain_account
from ripeline.usecases.score import asked_at
from ripeline.vocabulary.issues import UsageError


def accounts(
    account: str | None = None,
    /,
    *,
    workspace: WorkspaceOption,
    definition: DefinitionOption = None,
    as_of: AsOf = None,
    output: Annotated[
        Path | None, Parameter(name=("--output", "-o"), help="Write all accounts to a .csv, .json or .parquet file.")
    ] = None,
    format: Format = "text",
) -> None:
    """Show how interested companies are, or one of them person by person.

    Parameters
    ----------
    account
        A company by its group id or mail domain; without it, all of them.
    """
    if account is not None and output is not None:
        raise UsageError("-o writes all accounts: leave the account out, or take --format json")
    if output is not None:
        must_be_writable(output)
    found = find_workspace(workspace)
    plan = plan_of(found, definition)
    asked = asked_at(plan, now_us(), as_of, None)
    if account is not None:
        _one(found, plan, asked, account, format)
        return
    with opened_store(found) as store, progress() as report:
        rolled_up = all_accounts(plan, engine_of(store, "duckdb"), asked, report)
        written = None if output is None else rolled_up.write(output)
        rows = rolled_up.rows() if output is None else ()
    if written is not None:
        out.print(f"{counted(written, 'account')} by {plan.version} in {output}", highlight=False, soft_wrap=True)
    elif format == "json":
        print_json([account_row_record(row) for row in rows])
    else:
        show_accounts(out, plan, asked, rows)


def _one(workspace: Workspace, plan: Plan, asked: Asked, account: str, format: Format) -> None:
    with opened_store(workspace) as store:
        explained = explain_account(plan, history_of(store), account, asked.as_of_us)
    if format == "json":
        print_json(account_record(explained))
    else:
        show_account(out, explained)
