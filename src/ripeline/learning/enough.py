"""How much it takes to tell anything."""

from typing import Final

LEAST_OF_EACH: Final = 10
"""With fewer leads that were won, or that were not, nothing can be told."""

ENOUGH_OF_EACH: Final = 100
"""With as many, a signal that is worth anything would have shown; with fewer, nobody knows."""

CLEAR: Final = 2.0
"""Standard errors by which chances have to be better than everybody's chance."""
