"""What a file is, and what its columns mean: guessed from their names and some of their values."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ripeline.ports.files import OUTCOME_WORDS

What = Literal["leads", "events", "outcomes", "calls"]
Columns = Mapping[str, Sequence[str]]
"""Values of each column, as text, without the empty ones."""

ROLES: Final[Mapping[What, Mapping[str, bool]]] = {
    "leads": {"id": True, "email": False, "created": False, "at": False},
    "events": {"lead": True, "name": False, "time": True, "type": False, "id": False},
    "outcomes": {"lead": True, "outcome": True, "time": False},
    "calls": {},
}
"""What columns are asked for, by what a file is; whether there must be one."""

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "leadid", "contactid", "userid", "customerid", "recordid", "key", "prospectid", "number"),
    "lead": ("lead", "leadid", "contactid", "contact", "userid", "user", "customerid", "customer", "email", "id"),
    "email": ("email", "mail", "emailaddress", "mailaddress", "workemail"),
    "created": ("created", "createdat", "createdon", "createdate", "createddate", "signupdate", "signedup", "since"),
    "at": ("at", "updated", "updatedat", "lastmodified", "modified", "asof"),
    "name": ("event", "eventname", "name", "action", "activity", "activitytype"),
    "time": (
        "time",
        "timestamp",
        "date",
        "at",
        "occurredat",
        "eventtime",
        "closedate",
        "closedat",
        "closed",
        "created",
    ),
    "type": ("type", "eventtype", "kind"),
    "outcome": ("outcome", "status", "result", "stage", "won", "dealstage", "converted", "closedwon"),
    "event id": ("id", "eventid", "messageid"),
}
"""How such columns are called, in small letters alone; the likeliest first."""

CALL_COLUMNS: Final = ({"type", "userId"}, {"type", "anonymousId"})
LIKELY, SURE = 0.5, 0.95
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_WORDS = frozenset(word for words in OUTCOME_WORDS.values() for word in words)
_TIME = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?|\d{10}(\d{3}|\d{6})?")


@dataclass(frozen=True, slots=True)
class Guess:
    """A column that has a role, how sure that is (0 to 1), and why."""

    column: str
    share: float
    why: str


@dataclass(frozen=True, slots=True)
class Guessed:
    """What a file is, why, and the columns found for its roles."""

    what: What
    why: str
    roles: Mapping[str, Guess]


def guess(columns: Columns) -> Guessed:
    """Return what a file is, most likely."""
    if any(wanted <= columns.keys() for wanted in CALL_COLUMNS):
        return Guessed("calls", "its lines name a type and a user, as tracking calls do", {})
    if (
        (outcome := _best("outcome", columns, _outcome_words))
        and outcome.share >= LIKELY
        and _outcomes(columns, outcome)
    ):
        return Guessed("outcomes", f'"{outcome.column}" says won or lost', roles_of("outcomes", columns))
    roles = roles_of("events", columns)
    if {"lead", "name", "time"} <= roles.keys() and _repeats(columns[roles["name"].column]):
        return Guessed("events", f'"{roles["name"].column}" says what was done, again and again', roles)
    return Guessed("leads", "each row seems to describe one lead", roles_of("leads", columns))


def roles_of(what: What, columns: Columns) -> dict[str, Guess]:
    """Return the likeliest column of each role, none twice; roles for which none is likely are left out."""
    found, left = dict[str, Guess](), dict(columns)
    for role in ROLES[what]:
        named = "event id" if (what, role) == ("events", "id") else role
        best = _best(named, left, _VALUES.get(named))
        if best is not None and best.share >= LIKELY:
            found[role] = best
            del left[best.column]
    return found


def _best(role: str, columns: Columns, reads: Callable[[str], bool] | None) -> Guess | None:
    guesses = (_judged(role, column, values, reads) for column, values in columns.items())
    return max(guesses, key=lambda one: one.share, default=None)


def _judged(role: str, column: str, values: Sequence[str], reads: Callable[[str], bool] | None) -> Guess:
    """Say how likely a column has a role: by its name, and by its values where these can tell."""
    names = NAMES[role]
    plain = re.sub(r"[^a-z0-9]", "", column.lower())
    called = 1 - names.index(plain) / (4 * len(names)) if plain in names else 0.0
    if role in ("id", "event id"):
        unique = len(set(values)) / len(values) if values else 0.0
        told = "different in every row" if unique == 1 else f"different in {int(100 * unique)} % of rows"
        named = called or (0.6 if plain.endswith("id") else 0.0)
        return Guess(column, named * (0.5 + unique / 2), told)
    if role == "lead":
        return Guess(column, called or (0.6 if plain.endswith("id") else 0.0), "by its name")
    if reads is None:
        return Guess(column, called, "by its name")
    share = sum(map(reads, values)) / len(values) if values else 0.0
    told = f"{MEANS[role]} in {int(100 * share)} % of rows"
    if role == "email":
        return Guess(column, share * (0.97 + called * 0.03), told)
    return Guess(column, share * (0.3 + 0.7 * called) if called else share * 0.3, told)


MEANS: Final = {
    "email": "an e-mail address",
    "created": "a time",
    "at": "a time",
    "time": "a time",
    "outcome": "won or lost",
}
"""What values of a role are."""


def _outcome_words(value: str) -> bool:
    return value.strip().lower() in _WORDS


def _outcomes(columns: Columns, found: Guess) -> bool:
    """Say whether a column that reads as won and lost is what the file is about: it has few others, or is named so."""
    few = 4
    return len(columns) <= few or found.share >= SURE


def _repeats(values: Sequence[str]) -> bool:
    return len(set(values)) <= max(1, len(values) // 2)


def is_mail(value: str) -> bool:
    """Say whether a text reads as an e-mail address."""
    return _MAIL.fullmatch(value.strip()) is not None


def is_time(value: str) -> bool:
    """Say whether a text reads as a time that can be imported."""
    return _TIME.fullmatch(value.strip()) is not None


_VALUES: Final[Mapping[str, Callable[[str], bool]]] = {
    "email": is_mail,
    "created": is_time,
    "at": is_time,
    "time": is_time,
    "outcome": _outcome_words,
}


def looks_like(values: Sequence[str]) -> str:
    """Return in words what most values of a column are.

    >>> looks_like(["ada@x.example", "bob@x.example"]), looks_like(["1", "2"]), looks_like([])
    ('e-mail addresses', 'numbers', 'empty')
    """
    if not values:
        return "empty"
    kinds = (("e-mail addresses", is_mail), ("times", is_time), ("numbers", _is_number), ("true or false", _is_boolean))
    for name, reads in kinds:
        share = sum(map(reads, values)) / len(values)
        if share >= SURE:
            return name if share == 1 else f"{name} ({int(100 * share)} %)"
    return "texts"


def _is_number(value: str) -> bool:
    return re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", value) is not None


def _is_boolean(value: str) -> bool:
    return value.lower() in ("true", "false")
