"""The regular look at a definition of a workspace, which it only reads."""

from typing import Any

from ripeline.adapters.book.handoffs import handled
from ripeline.adapters.engines.review import StoredReview
from ripeline.definition.syntax import Mapping, Scalar, read_yaml
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.definitions import live_versions, must_be_definition, plan_of_version
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.sales import sales_as_it_lies
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.workspace import Workspace, text_of
from ripeline.ports.scores import Progress
from ripeline.usecases.load_plan import load_plan
from ripeline.usecases.review import review
from ripeline.usecases.review_asked import InUse, review_asked, weekly_capacity
from ripeline.usecases.review_record import review_record
from ripeline.vocabulary.handoffs import Handoff

Record = dict[str, Any]


def reviewed(
    workspace: Workspace, name: str, since: str | None, as_of: str | None, now_us: int, progress: Progress
) -> Record:
    """Return the review of a definition. Raises InputError where there is no such definition, or no such period."""
    of = in_use(workspace, name)
    asked = review_asked(of, since, as_of, now_us, weekly_capacity(sales_as_it_lies(workspace)))
    given = _handoffs(workspace, name, asked.since_us, asked.as_of_us)
    with opened_store(workspace) as store:
        return review_record(review(StoredReview(store), given, of, asked, progress))


def in_use(workspace: Workspace, name: str) -> InUse:
    """Return a definition as it is live; as its file has it where nothing was published yet."""
    must_be_definition(workspace, name)
    version = live_versions(workspace).get(name)
    if version is not None:
        plan = plan_of_version(version)
        return InUse(name, plan, version.at_us, version.fingerprint, _won_within(version.text))
    file = workspace.own_file(name)
    text = text_of(file)
    plan = load_plan(text, file.stem, str(file), references())
    return InUse(name, plan, None, plan.fingerprint, _won_within(text))


def _won_within(text: str) -> int | None:
    """Return in how many days a learned definition says that leads are won, None for ever or where it says nothing."""
    node = read_yaml(text).root
    for key in ("learned", "won_within"):
        entry = node.get(key) if isinstance(node, Mapping) else None
        node = None if entry is None else entry.value
    days = (node.text or "") if isinstance(node, Scalar) else ""
    return int(days.removesuffix("d")) if days else None


def _handoffs(workspace: Workspace, definition: str, from_us: int, until_us: int) -> list[Handoff]:
    """Return what the definition made ripe: what was drawn by lot does not speak of it."""
    with book_connection(workspace) as db:
        found = (one.handoff for one in handled(db, from_us, until_us))
        return [one for one in found if one.definition == definition and one.by_lot is None]
