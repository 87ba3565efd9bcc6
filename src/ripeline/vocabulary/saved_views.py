"""What of the list of leads somebody wants to see again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view of the list.

    login, by: whose it is; address: what stands behind the question mark; shared: everybody may use it.
    """

    number: int
    login: int
    by: str
    name: str
    address: str
    shared: bool
