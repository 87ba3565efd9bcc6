"""`ripeline tasks`: what sales is to see to without urgency."""

from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.book import opened_server_book
from ripeline.entry.bootstrap.definitions import signal_labels
from ripeline.entry.bootstrap.desk import opened_desk
from ripeline.entry.cli.options import COUNT, WHOLE, Format, Number, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show_tasks import show_task, show_tasks
from ripeline.entry.cli.stages import names_of
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.answer import Rights
from ripeline.usecases.answer_task import TaskAnswer, TaskVerb
from ripeline.usecases.said import words_of
from ripeline.usecases.task_record import task_record, tasks_asked

By = Annotated[str | None, Parameter(help="Who says so. Default: the salesperson who has it.")]
Comment = Annotated[str | None, Parameter(help="More about it, in words.")]


def list_tasks(
    *,
    workspace: WorkspaceOption,
    state: Annotated[
        str, Parameter(help="Those in this state, several with commas between, or all.")
    ] = "open,waiting,held",
    owner: Annotated[str | None, Parameter(help="Only what this person has.")] = None,
    lead: Annotated[str | None, Parameter(help="Only those of this lead, by any identifier.")] = None,
    definition: Annotated[str | None, Parameter(help="Only of this definition, by its name in the workspace.")] = None,
    limit: Annotated[int, COUNT, Parameter(help="How many: who asked again comes first, then the oldest.")] = 50,
    offset: Annotated[int, WHOLE, Parameter(help="How many to pass over.")] = 0,
    format: Format = "text",
) -> None:
    """List tasks: leads that sales is to see to without urgency, each with its reason."""
    chosen = {"state": None if state == "all" else state, "owner": owner, "lead": lead, "definition": definition}
    pages = {"limit": str(limit), "offset": str(offset)}
    asked = tasks_asked(pages | {name: told for name, told in chosen.items() if told})
    where = find_workspace(workspace)
    names = names_of(where, asked.lead)
    with opened_server_book(where) as book:
        total, found = book.tasks(asked, names)
    records = [task_record(one) for one in found]
    if format == "json":
        print_json({"total": total, "tasks": records})
    else:
        show_tasks(out, total, records, signal_labels(where) if any(one.hand_raise for one in found) else {})


def done(
    number: Number, *, workspace: WorkspaceOption, by: By = None, comment: Comment = None, format: Format = "text"
) -> None:
    """Say that a task was seen to; where the lead asked again, that is answered with it.

    Parameters
    ----------
    number
        Its number, as `ripeline tasks list` shows it.
    """
    _say(workspace, number, "done", by, comment, format)


def dismiss(
    number: Number, *, workspace: WorkspaceOption, by: By = None, comment: Comment = None, format: Format = "text"
) -> None:
    """Say that a task is not worth it; where the lead asked again, that is answered with it.

    Parameters
    ----------
    number
        Its number, as `ripeline tasks list` shows it.
    """
    _say(workspace, number, "dismiss", by, comment, format)


def _say(
    workspace: WorkspaceOption, number: int, verb: TaskVerb, by: str | None, comment: str | None, format: Format
) -> None:
    with opened_desk(find_workspace(workspace)) as (desk, store):
        rights = Rights(words_of("--by", by) or desk.task_owner(number) or "command")
        record = desk.answer_task(store, number, TaskAnswer(verb, comment, rights, now_us()))
    if format == "json":
        print_json(record)
    else:
        show_task(out, record)
