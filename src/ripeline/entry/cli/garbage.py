"""What commands that answer within milliseconds do about Python's search for garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def never_garbage() -> Iterator[None]:
    """Take all that is there by now for no garbage: to look through it now and then would hold requests up."""
    gc.freeze()
    try:
        yield
    finally:
        # Else it is not cleared away at the end either, and libraries complain of it.
        gc.unfreeze()
