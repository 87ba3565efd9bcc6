"""Tokens of the API and write keys of sources: what is in use, made and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from ripeline.entry.bootstrap.access import Access
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.page import Page, Visit, base_url, form_of, sent_to
from ripeline.entry.server.pages.settings import SETTINGS
from ripeline.entry.server.services import Services
from ripeline.entry.server.tag import tag
from ripeline.usecases.access import key_wanted, token_wanted
from ripeline.vocabulary.access import KEY_KINDS, SCOPES
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError

TOKENS: Final = f"{SETTINGS}/tokens"
KEYS: Final = f"{SETTINGS}/keys"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows besides what is in use.

    made: what was just made, which is shown this once; of: what it is. wrong: why nothing was, in which form.
    """

    made: str = ""
    of: str = ""
    wrong: str = ""
    form: str = ""
    said: Mapping[str, str] | None = None


class TokenPages:
    """The page."""

    def __init__(self, services: Services) -> None:
        """Take what it works with."""
        self._with = services

    @property
    def _access(self) -> Access:
        return self._with.book.access

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", TOKENS, "administer", self.shown),
            Page("POST", TOKENS, "administer", self.make_token),
            Page("POST", TOKENS + "/{number:int}/take-back", "administer", self.take_back_token),
            Page("POST", KEYS, "administer", self.make_key),
            Page("POST", KEYS + "/{number:int}/take-back", "administer", self.take_back_key),
        ]

    async def shown(self, visit: Visit) -> Response:
        """What is in use."""
        return self._page(visit, Shown())

    async def make_token(self, visit: Visit) -> Response:
        """Make a token, and show it this once."""
        form = await form_of(visit.request)
        scopes = [one for one in SCOPES if form.get(f"scope_{one}")]
        try:
            new = token_wanted(form.get("name", ""), scopes, form.get("person") or None, self._with.sales.people)
        except InputError as error:
            return self._page(visit, Shown(wrong=str(error), form="token", said=form), 400)
        made = self._access.make_token(new, visit.who.name, visit.at_us)
        return self._page(visit, Shown(made, _("the token {name}", name=new.name) if new.name else _("the token")))

    async def make_key(self, visit: Visit) -> Response:
        """Make a write key; one of a server is shown this once."""
        form = await form_of(visit.request)
        try:
            new = key_wanted(form.get("kind", ""), form.get("source", ""), form.get("origins", "").split())
        except InputError as error:
            return self._page(visit, Shown(wrong=str(error), form="key", said=form), 400)
        made = self._access.make_key(new, visit.who.name, visit.at_us)
        return (
            sent_to(f"{TOKENS}#keys")
            if new.kind == "web"
            else self._page(visit, Shown(made, _("the key of {source}", source=new.source)))
        )

    async def take_back_token(self, visit: Visit) -> Response:
        """Take a token out of use."""
        self._access.take_back_token(visit.request.path_params["number"], visit.who.name, visit.at_us)
        return sent_to(TOKENS)

    async def take_back_key(self, visit: Visit) -> Response:
        """Take a key out of use."""
        self._access.take_back_key(visit.request.path_params["number"], visit.who.name, visit.at_us)
        return sent_to(f"{TOKENS}#keys")

    def _page(self, visit: Visit, shown: Shown, status: int = 200) -> Response:
        told = {
            "title": _("Tokens and keys"),
            "tokens": [_timed(one) for one in self._access.tokens()],
            "keys": [self._key(one, visit) for one in self._access.write_keys()],
            "scopes": SCOPES,
            "kinds": KEY_KINDS,
            "people": {name: one.label for name, one in sorted(self._with.sales.people.items())},
            "shown": shown,
            "said": shown.said or {},
        }
        return visit.shown("tokens.html", told, status)

    def _key(self, one: dict[str, Any], visit: Visit) -> dict[str, Any]:
        """Return a key with the tag for pages, where it is for pages."""
        return _timed(one) | {"tag": one["key"] and tag(base_url(self._with.workspace, visit), one["key"])}


def _timed(one: dict[str, Any]) -> dict[str, Any]:
    """Return a token or key with its instants as pages have them."""
    last_us = one.get("last_us")
    return one | {"since": instant_text(one["created_us"]), "last": None if last_us is None else instant_text(last_us)}
