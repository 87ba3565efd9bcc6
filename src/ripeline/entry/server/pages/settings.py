"""Settings: what administrators see to, a tab each."""

from typing import Final

from starlette.responses import RedirectResponse, Response

from ripeline.entry.server.pages.page import Page, Visit
from ripeline.entry.server.pages.rendering import HEADERS
from ripeline.entry.workspace import Workspace

SETTINGS: Final = "/settings"
FIRST: Final = f"{SETTINGS}/people"


class SettingsPages:
    """The page that leads to the first of them."""

    def pages(self) -> list[Page]:
        """Return the page."""
        return [Page("GET", SETTINGS, "administer", self.first)]

    async def first(self, _: Visit) -> Response:
        """Go to the first tab."""
        return sent_to(FIRST)


def sent_to(path: str) -> Response:
    """Return an answer that leads to another page."""
    return RedirectResponse(path, 303, headers=dict(HEADERS))


def base_url(workspace: Workspace, visit: Visit) -> str:
    """Return where people reach this server: what the settings say, else what they asked for it by."""
    url = visit.request.url
    return workspace.server.url or f"{url.scheme}://{url.netloc}"
