"""What an MQL is here, in words for anyone in the company; every version there was, and the way back to it."""

from starlette.responses import Response

from ripeline.definition.diff import change_text, changes
from ripeline.entry.bootstrap.definitions import plan_of_version
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.drafted import definition_asked, definition_sent, drafted
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.pages.rendering import called
from ripeline.entry.server.publishing import Wanted
from ripeline.entry.server.services import Services
from ripeline.ports.definitions import SIDES, Published, digest_of
from ripeline.usecases.definition_words import (
    DOES,
    afterwards,
    criterion_told,
    levels_text,
    mql_text,
    promises,
    signal_told,
)
from ripeline.vocabulary.calendar import instant_text

WAIT_S = 10.0
"""How long a page waits until scores are made by what was published; they follow by themselves where it takes longer."""

LONGEST_COMMENT = 2_000
DONE = {"published": _("Published."), "rolled_back": _("Rolled back.")}


class DefinitionPages:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/definition", "see_figures", self.shown),
            Page("GET", "/definition/history", "see_figures", self.history),
            Page("POST", "/definition/rollback", "publish", self.rolled_back),
        ]

    async def shown(self, visit: Visit) -> Response:
        """What is live, in words."""
        name = definition_asked(self._with, visit)
        found = await drafted(self._with, name)
        definition = self._with.live.plans[name].definition
        told = {
            "title": _("What is an MQL at {name}?", name=called(definition.name)),
            "found": found,
            "definition": definition,
            "names": list(self._with.live.plans),
            "mql": mql_text(definition),
            "fit_levels": levels_text(definition.fit.levels),
            "interest_levels": levels_text(definition.engagement.levels),
            "criteria": list(map(criterion_told, definition.fit.criteria)),
            "signals": list(map(signal_told, definition.engagement.signals)),
            "columns": [level.name for level in definition.engagement.levels],
            "does": DOES,
            "suppressed": [one.name for one in definition.suppress],
            "promises": promises(definition),
            "afterwards": afterwards(definition),
            "published_at": instant_text(found.live.at_us),
            "done": DONE.get(visit.request.query_params.get("done", ""), ""),
            "is_switching": self._with.live.is_switching,
        }
        return visit.shown("definition.html", told)

    async def history(self, visit: Visit) -> Response:
        """Every version, the youngest first, with what it changed."""
        name = definition_asked(self._with, visit)
        log = self._with.book.versions(name)
        versions = [self._version(one, before) for one, before in zip(log, [None, *log], strict=False)]
        told = {"found": await drafted(self._with, name), "versions": versions[::-1], "live": log[-1].number}
        return visit.shown(
            "definition_history.html", {"title": _("Versions"), "names": list(self._with.live.plans)} | told
        )

    def _version(self, one: Published, before: Published | None) -> dict[str, object]:
        signatures = self._with.book.signatures(one.name, digest_of(one.text))
        return {
            "one": one,
            "at": instant_text(one.at_us),
            "signatures": [(side, signatures.get(side)) for side in SIDES],
            "changes": [] if before is None else _between(before, one),
            "is_first": before is None,
        }

    async def rolled_back(self, visit: Visit) -> Response:
        """Make an earlier version live again."""
        name, form = await definition_sent(self._with, visit), await form_of(visit.request)
        wanted = [one for one in self._with.book.versions(name) if str(one.number) == form.get("number")]
        if not wanted:
            raise ApiError(404, "no_such_version", "there is no such version")
        comment = form.get("comment", "").strip()[:LONGEST_COMMENT] or f"rolled back to {wanted[0].fingerprint}"
        await self._with.publishing.publish(
            Wanted(name, wanted[0].text, comment, visit.who.name, form.get("instead_of")), WAIT_S
        )
        return sent_to(f"/definition?definition={name}&done=rolled_back")


def _between(before: Published, one: Published) -> list[str]:
    old, new = (plan_of_version(version).definition for version in (before, one))
    return [change_text(change) for change in changes(old, new)]
