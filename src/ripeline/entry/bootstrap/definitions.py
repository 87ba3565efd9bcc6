"""Opens what is published of a workspace's definitions, and publishes."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress

from ripeline.adapters.book import published as book
from ripeline.entry.bootstrap.announce import Announcer
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.history import engine_of, history_of
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.workspace import DEFAULT_NAME, Workspace, replacing, text_of
from ripeline.handoff.sales import Sales
from ripeline.plan.nodes import Plan
from ripeline.ports.definitions import Published
from ripeline.ports.scores import Asked, Progress
from ripeline.usecases.announce import Outside, published_happening
from ripeline.usecases.load_plan import load_plan
from ripeline.usecases.preview import Preview, preview
from ripeline.vocabulary.issues import DefinitionError, InputError, did_you_mean

FOUND = "as it was found"
"""The comment of files that nobody published."""

UNPUBLISHED = ".unpublished"
"""Behind the name of a file that keeps what a workspace's own file held and nobody published."""


def read_version(
    name: str, text: str, at_us: int, *, comment: str = "", file: str = "", by: str = ""
) -> tuple[Published, Plan]:
    """Return a text as a version that may be published, with its plan; DefinitionError where it is wrong.

    name: of the definition in the workspace. file: how messages call the text. by: who publishes it.
    """
    plan = load_plan(text, name, file or name, references())
    return Published(name, plan.fingerprint, text, at_us, comment, by=by), plan


def plan_of_version(version: Published) -> Plan:
    """Return the plan of a version."""
    return load_plan(version.text, version.name, f"what is published as {version.name}", references())


def all_versions(workspace: Workspace, name: str | None = None) -> list[Published]:
    """Return everything that was published, of one definition or of all, in order."""
    with book_connection(workspace) as db:
        return book.versions(db, name)


def live_versions(workspace: Workspace) -> dict[str, Published]:
    """Return the version of each definition that is live, the default definition first."""
    with book_connection(workspace) as db:
        found = book.live(db)
    return dict(sorted(found.items(), key=lambda item: (item[0] != DEFAULT_NAME, item[0])))


def plans_of(versions: Mapping[str, Published]) -> dict[str, Plan]:
    """Return the plan of each version."""
    return {name: plan_of_version(one) for name, one in versions.items()}


def live_plans(workspace: Workspace) -> dict[str, Plan]:
    """Return the plan of each definition that is live, the default definition first; InputError where none is."""
    plans = plans_of(live_versions(workspace))
    if not plans:
        raise InputError(
            "nothing is published here yet, so there is nothing to tell; `ripeline serve` publishes and begins, "
            "and where no server runs `ripeline advance`"
        )
    return plans


def plan_named(plans: Mapping[str, Plan], name: str) -> Plan:
    """Return the plan of a definition that is live, or raise InputError."""
    if name not in plans:
        raise InputError(f'"{name}" is no definition that is live here; {did_you_mean(name, plans)}')
    return plans[name]


def signal_labels(workspace: Workspace) -> dict[tuple[str, str], str]:
    """Return what people call the signals of the definitions that are live, by the definition's name and theirs."""
    plans = plans_of(live_versions(workspace))
    return {(name, one.name): one.signal.label for name, plan in plans.items() for one in plan.signals}


def must_be_definition(workspace: Workspace, name: str) -> None:
    """Raise InputError where a workspace has no definition of a name."""
    known = {DEFAULT_NAME, *workspace.definitions(), *live_versions(workspace)}
    if name not in known:
        raise InputError(f'"{name}" is no definition of this workspace; {did_you_mean(name, known)}')


def version_before(workspace: Workspace, new: Published) -> Published | None:
    """Return what a version would take the place of: what is live, else what the workspace's own file says.

    The latter has no number yet. None where there is neither.
    """
    live, file = live_versions(workspace).get(new.name), workspace.own_file(new.name)
    if live is not None or not file.is_file():
        return live
    text = text_of(file)
    with suppress(DefinitionError):
        return None if text == new.text else read_version(new.name, text, new.at_us, comment=FOUND)[0]
    return None


def file_texts(workspace: Workspace) -> Mapping[str, str]:
    """Return the texts of the workspace's own files by name."""
    return {name: text_of(file) for name, file in workspace.definitions().items()}


def settle(workspace: Workspace, at_us: int) -> list[Published]:
    """Publish the files of which nothing was published yet, as they are; return what was published.

    Also what is live and means something else to this version of Ripeline (its tables, or the rules of scoring)
    becomes a version of its own, with the fingerprint that scores carry from now on.
    """
    live = live_versions(workspace)
    new = [
        read_version(name, text_of(file), at_us, comment=FOUND, file=str(file))[0]
        for name, file in workspace.definitions().items()
        if name not in live
    ]
    for one in live.values():
        fingerprint = plan_of_version(one).fingerprint
        if fingerprint != one.fingerprint:
            new.append(Published(one.name, fingerprint, one.text, at_us, "as this Ripeline reads it"))
    return [publish_version(workspace, one, live.get(one.name), keep_file=True) for one in new]


def preview_version(workspace: Workspace, before: Published, new: Plan, at_us: int, progress: Progress) -> Preview:
    """Return who would move at an instant if a plan took the place of a version."""
    with opened_store(workspace) as store:
        return preview(
            plan_of_version(before), new, engine_of(store, "duckdb"), history_of(store), Asked(at_us), progress
        )


def publish_version(
    workspace: Workspace, new: Published, before: Published | None, *, keep_file: bool = False
) -> Published:
    """Make a version live and put its text into the workspace's own file; return it as it was published.

    before: the version it was previewed against; without a number it is published first, so that there is
    something to roll back to. keep_file: leave the file as it is. What else the file held is kept beside it.

    Raises PublishedMeanwhileError where another version is live by now.
    """
    if before is not None and not before.number:
        before = publish_version(workspace, before, None)
    file = workspace.own_file(new.name)
    held = text_of(file) if file.is_file() else None
    with book_connection(workspace) as db:
        if keep_file or held == new.text:
            return _publish(workspace, db, new, before, lambda: None)
        if held is not None and (before is None or held != before.text):
            with replacing(file.with_name(file.name + UNPUBLISHED), held) as keep:
                keep()
        with replacing(file, new.text) as put_in_place:
            return _publish(workspace, db, new, before, put_in_place)


def _publish(
    workspace: Workspace,
    db: sqlite3.Connection,
    new: Published,
    before: Published | None,
    put_in_place: Callable[[], object],
) -> Published:
    """Make a version live; the outside is told where it takes the place of another one."""

    def last() -> None:
        if before is not None:
            announcer = Announcer(lambda: Outside(workspace.outbox, Sales()))
            announcer.announce(db, [published_happening(new, before)])
        put_in_place()

    return book.publish(db, new, 0 if before is None else before.number, last)
