"""Settings: what administrators see to, a tab each."""

from typing import Final

from starlette.responses import Response

from ripeline.entry.server.pages.page import Page, Visit, sent_to

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
