"""What groups of handoffs, and working times, are called where people read how sales answers."""

from typing import Final

TITLES: Final = {
    "owner": "By who has them",
    "team": "By team",
    "definition": "By version of the definition",
    "way": "By how they qualified",
    "signal": "By what they did",
    "channel": "By how they first came",
}
NAMELESS: Final = {"owner": "(nobody)", "team": "(no team)", "signal": "(none)", "channel": "(not known)"}
WAYS: Final = {"hand_raise": "asked to talk to sales", "matrix": "fit and interest"}


def group_text(by: str, group: str | None) -> str:
    """Return how a group of handoffs is called.

    >>> group_text("way", "matrix"), group_text("owner", None), group_text("team", "dach")
    ('fit and interest', '(nobody)', 'dach')
    """
    if group is None:
        return NAMELESS.get(by, "(none)")
    return WAYS.get(group, group) if by == "way" else group


def time_text(seconds: int) -> str:
    """Return a time in hours and minutes, the minute that is begun left out.

    >>> time_text(7_800), time_text(59), time_text(1_860), time_text(7_200)
    ('2 h 10 min', '0 min', '31 min', '2 h')
    """
    hours, minutes = seconds // 3_600, seconds // 60 % 60
    parts = [(hours, "h"), (minutes, "min")]
    return " ".join(f"{count:,} {unit}" for count, unit in parts if count) or "0 min"
