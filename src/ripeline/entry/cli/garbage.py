"""What commands do about Python's search for garbage: to look through all that is there takes time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEW_THINGS = (100_000, 20, 20)
"""How many of them bring a search for circles: thousands of events live for a moment, and none of them has any."""


def look_seldom() -> None:
    """Search for garbage only where very much is new."""
    gc.set_threshold(*NEW_THINGS)


@contextmanager
def never_garbage() -> Iterator[None]:
    """Take all that is there by now for no garbage: to look through it now and then would hold requests up."""
    gc.freeze()
    try:
        yield
    finally:
        # Else it is not cleared away at the end either, and libraries complain of it.
        gc.unfreeze()
