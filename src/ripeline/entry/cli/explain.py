"""`ripeline explain`."""

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.cli.options import AsOf, DefinitionOption, Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.score import plan_of
from ripeline.entry.cli.show_explanation import show_explanation
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.explain import explain as explain_lead
from ripeline.usecases.explain import explanation_record
from ripeline.usecases.score import asked_at


def explain(
    lead: str,
    *,
    workspace: WorkspaceOption,
    definition: DefinitionOption = None,
    as_of: AsOf = None,
    format: Format = "text",
) -> None:
    """Show why a lead has its score, point by point, and what comes next.

    Parameters
    ----------
    lead
        Any of the lead's identifiers, or its e-mail address.
    """
    found = find_workspace(workspace)
    plan = plan_of(found, definition)
    asked = asked_at(plan, now_us(), as_of, None)
    with opened_store(found) as store:
        explanation = explain_lead(plan, history_of(store), lead, asked.as_of_us)
    if format == "json":
        print_json(explanation_record(explanation))
    else:
        show_explanation(out, explanation)
