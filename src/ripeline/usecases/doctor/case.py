"""What every check of the doctor is given, and what it returns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from ripeline.ports.workspace import BookLook, BookState, Examined

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: where, what, and what to do."""

    where: str
    message: str
    advice: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Case:
    """A workspace, how its book is, and the present instant. thorough: every row is looked at, not a sample."""

    examined: Examined
    look: BookLook
    now_us: int
    thorough: bool = False

    @property
    def state(self) -> BookState:
        """What the book tells; checks that ask are left out where it cannot tell."""
        if self.look.state is None:
            raise RuntimeError("the book tells nothing")
        return self.look.state


Check = Callable[[Case], Iterable[Finding]]
