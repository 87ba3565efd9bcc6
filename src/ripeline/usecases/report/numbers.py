"""Numbers as a report writes them: no longer than they can be trusted, and never torn apart at the end of a line."""

from collections.abc import Mapping
from typing import Any, Final

Record = Mapping[str, Any]

MINUS: Final = "\u2212"
TOGETHER: Final = "\u00a0"
"""A space at which no line ends."""

SURE: Final = f"95{TOGETHER}%"
"""How sure intervals are."""

_NEAR: Final = 0.01
_EDGE: Final = 0.0005


def percent(share: float) -> str:
    """Return a share as percent: whole ones, but near none and near all, where a tenth matters.

    >>> [percent(share).replace(TOGETHER, " ") for share in (0.253, 0.0041, 0.9959, 0.0, 1.0, 0.0001, 0.99999)]
    ['25 %', '0.4 %', '99.6 %', '0 %', '100 %', 'below 0.1 %', 'above 99.9 %']
    """
    if 0 < share < _EDGE:
        return f"below 0.1{TOGETHER}%"
    if 1 - _EDGE < share < 1:
        return f"above 99.9{TOGETHER}%"
    near = 0 < share < _NEAR or 1 - _NEAR < share < 1
    return f"{share * 100:.{1 if near else 0}f}{TOGETHER}%"


def told(rate: Record) -> str:
    r"""Return the share of a rate; of too few, how many of how many.

    >>> told({"share": 0.5, "count": 4, "of": 8}), told({"share": None, "count": 1, "of": 3})
    ('50\xa0%', '1\xa0of\xa03')
    """
    if rate["share"] is None:
        return f"{rate['count']:,}{TOGETHER}of{TOGETHER}{rate['of']:,}"
    return percent(rate["share"])


def between(rate: Record) -> str:
    r"""Return between which two a share lies; that there are too few to tell.

    >>> between({"low": 0.2139, "high": 0.3192}), between({"low": None, "high": None})
    ('21\xa0% to 32\xa0%', 'too few')
    """
    return "too few" if rate["low"] is None else f"{percent(rate['low'])} to {percent(rate['high'])}"


def counted(count: int, what: str) -> str:
    r"""Return a number of things.

    >>> counted(1, "rule"), counted(2_000, "lead")
    ('1\xa0rule', '2,000\xa0leads')
    """
    return f"{count:,}{TOGETHER}{what}" if count == 1 else f"{count:,}{TOGETHER}{what}s"


def number(value: float, decimals: int = 0) -> str:
    """Return a number with a true minus.

    >>> number(-1234.5, 1) == MINUS + "1,234.5", number(-0.04, 1)
    (True, '0.0')
    """
    text = f"{abs(value):,.{decimals}f}"
    return MINUS + text if value < 0 and float(text.replace(",", "")) else text


def signed(value: float) -> str:
    """Return points with their sign, whole ones but near 0, where a tenth says on which side; 0 has none.

    >>> signed(28), signed(0.3), signed(0), signed(-20) == MINUS + "20"
    ('+28', '+0.3', '0', True)
    """
    text = number(value, 1 if 0 < abs(value) < 1 else 0)
    return text if text.startswith(MINUS) or not float(text.replace(",", "")) else f"+{text}"
