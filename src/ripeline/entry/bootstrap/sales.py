"""The salespeople of a workspace, with the time zones that ship."""

from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.sales_settings import sales_settings
from ripeline.entry.workspace import Workspace
from ripeline.handoff.sales import Sales
from ripeline.vocabulary.issues import InputError


def sales_of(workspace: Workspace) -> Sales:
    """Return how sales is set up in a workspace, or raise InputError."""
    try:
        return sales_settings(workspace.sales, references())
    except InputError as error:
        raise InputError(f"{workspace.settings}: {error}") from error
