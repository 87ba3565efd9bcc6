"""How a file is imported, as a form says it: which column is what."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from ripeline.ports.files import OUTCOME_WORDS, EventFile, LeadFile, OutcomeFile
from ripeline.usecases.import_guess import ROLES
from ripeline.vocabulary.issues import InputError

FORM: Final = ("what", *dict.fromkeys(role for roles in ROLES.values() for role in roles), "event", "source", "zone")
"""The fields of such a form."""


MEANS: Final = "means:"
"""Stands before a word of the column of outcomes in the name of the field that says what it means."""

WORDS: Final = {"won": "won", "lost": "lost", "open": "neither yet"}
MOST_WORDS: Final = 30


def meanings(form: Mapping[str, str]) -> dict[str, str]:
    """Return what a form says that words mean."""
    found = ((name.removeprefix(MEANS), value) for name, value in form.items() if name.startswith(MEANS))
    return {word: value for word, value in found if value in WORDS}


def words_of(values: Sequence[str]) -> dict[str, int]:
    """Return the words of a column that have to be told, each with how often it is there, the most frequent first.

    >>> words_of(["Won", "Negotiation", "negotiation ", "Contract sent"])
    {'negotiation': 2, 'contract sent': 1}
    """
    usual = {word for words in OUTCOME_WORDS.values() for word in words}
    counts = Counter(value.strip().lower() for value in values)
    return {word: count for word, count in counts.most_common() if word not in usual}


def likely_meaning(word: str) -> str:
    """Return what a word most likely means, "" where it says nothing.

    >>> likely_meaning("deal won (2026)"), likely_meaning("negotiation")
    ('won', '')
    """
    return next((one for one in ("won", "lost") if one in word.split()), "")


def must_be_told(form: Mapping[str, str], columns: Mapping[str, Sequence[str]]) -> None:
    """Raise InputError where a column of outcomes has words that nobody said the meaning of."""
    column = form.get("outcome", "")
    if form.get("what") != "outcomes" or column not in columns:
        return
    words, said = words_of(columns[column]), meanings(form)
    if len(words) > MOST_WORDS:
        raise InputError(
            f'"{column}" has {len(words)} different words, too many to say of each what it means: choose another column'
        )
    if missing := [word for word in words if word not in said]:
        raise InputError(f'say what "{missing[0]}" means in the column "{column}": won, lost, or neither yet')


def how_of(form: Mapping[str, str], columns: Collection[str]) -> LeadFile | EventFile | OutcomeFile | None:
    """Return how a file is read, None where it holds calls; InputError where something is still to be said."""
    what = next((one for one in ROLES if one == form.get("what")), None)
    if what is None:
        raise InputError("say what the file holds")
    chosen = {role: form.get(role) or None for role in ROLES[what]}
    for role, column in chosen.items():
        if column is not None and column not in columns:
            raise InputError(f'the file has no column "{column}"')
        if column is None and ROLES[what][role]:
            raise InputError(f"say which column is the {role}")
    match what:
        case "leads":
            return _leads(chosen, columns)
        case "events":
            return _events(chosen, form.get("event") or None)
        case "outcomes":
            said = meanings(form)
            return OutcomeFile(chosen["lead"] or "", chosen["time"], chosen["outcome"], means=said)
        case "calls":
            return None


def _leads(chosen: Mapping[str, str | None], columns: Collection[str]) -> LeadFile:
    mail = chosen["email"]
    rename = {mail: "email"} if mail not in {None, "email"} else {}
    # Two columns cannot be one trait: what is chosen wins.
    ignore = ("email",) if rename and "email" in columns else ()
    return LeadFile(
        chosen["id"] or "",
        chosen["created"],
        chosen["at"],
        ignore=ignore,
        rename={one: to for one, to in rename.items() if one},
    )


def _events(chosen: Mapping[str, str | None], event: str | None) -> EventFile:
    if (chosen["name"] is None) == (event is None):
        raise InputError("say either which column is the event's name, or what all of them are called")
    return EventFile(chosen["lead"], chosen["name"], chosen["time"], chosen["type"], chosen["id"], event=event)
