"""How a definition stands: what is live, what somebody works on, who agreed to it, and what it would change."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache

from ripeline.definition.diff import Change, changes
from ripeline.definition.model import Definition
from ripeline.definition.read import check_text
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.page import Visit, form_of
from ripeline.entry.server.services import Services
from ripeline.ports.definitions import SIDES, Draft, Published, Side, Signature, digest_of
from ripeline.vocabulary.issues import Issue
from ripeline.vocabulary.logins import Login


@dataclass(frozen=True, slots=True)
class Drafted:
    """A definition of the workspace.

    draft: None where nobody works on it. definition: what the draft says, else what is live; None where the draft has
    errors. issues: all problems of that text; changes: from what is live; signatures: of exactly that text.
    """

    name: str
    live: Published
    draft: Draft | None
    definition: Definition | None
    issues: tuple[Issue, ...]
    changes: tuple[Change, ...]
    signatures: dict[Side, Signature]

    @property
    def text(self) -> str:
        """The draft's, else what is live."""
        return self.live.text if self.draft is None else self.draft.text

    @property
    def digest(self) -> str:
        """What the text is known by."""
        return digest_of(self.text)

    @property
    def unsigned(self) -> list[Side]:
        """The teams that did not agree to the text."""
        return [side for side in SIDES if side not in self.signatures]

    @property
    def is_ready(self) -> bool:
        """Say whether there is a draft that may be published."""
        return self.draft is not None and self.definition is not None


async def drafted(services: Services, name: str) -> Drafted:
    """Return how a definition stands."""
    live, draft = services.publishing.live(name), services.book.draft(name)
    text = live.text if draft is None else draft.text

    def read() -> tuple[Definition | None, tuple[Issue, ...], tuple[Change, ...]]:
        (definition, issues), (before, _) = _read(text, name), _read(live.text, name)
        found = changes(before, definition) if before is not None and definition is not None else ()
        return definition, issues, found

    definition, issues, found = await asyncio.to_thread(read)
    signatures = services.book.signatures(name, digest_of(text))
    return Drafted(name, live, draft, definition, issues, found, signatures)


@lru_cache(maxsize=16)
def _read(text: str, name: str) -> tuple[Definition | None, tuple[Issue, ...]]:
    """Return what a text says, and its problems: a long one takes tens of milliseconds, and is shown again and again."""
    definition, issues = check_text(text, name, references().zones())
    return definition, tuple(issues)


def sides_of(who: Login) -> tuple[Side, ...]:
    """Return the teams that somebody may sign for."""
    return SIDES if who.role == "admin" else tuple(side for side in SIDES if side == who.role)


def definition_asked(services: Services, visit: Visit) -> str:
    """Return the name of the definition that an address is about."""
    return services.name(visit.request.query_params.get("definition") or None)


async def definition_sent(services: Services, visit: Visit) -> str:
    """Return the name of the definition that a form is about."""
    return services.name((await form_of(visit.request)).get("definition") or None)


def keep(services: Services, visit: Visit, found: Drafted, text: str) -> None:
    """Keep a text as the draft; what says the same as what is live is none."""
    if text == found.live.text:
        services.book.drop_draft(found.name)
    elif text != found.text:
        services.book.save_draft(Draft(found.name, text, visit.at_us, visit.who.name))


async def changed_meanwhile(visit: Visit, found: Drafted) -> str:
    """Return that somebody changed the text since a form was made from it; "" where nobody did."""
    if (await form_of(visit.request)).get("of") == found.digest:
        return ""
    by = found.draft.by if found.draft is not None and found.draft.by else _("Somebody")
    return _("{by} changed the draft meanwhile", by=by)


async def must_be_seen(visit: Visit, found: Drafted) -> None:
    """Raise ApiError where a form is about another text than the one that it was made from."""
    if changed := await changed_meanwhile(visit, found):
        raise ApiError(409, "changed_meanwhile", f"{changed}; load the page again to see it")
