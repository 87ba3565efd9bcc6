"""Publish a definition: which version, told against which, and what everybody is told of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from ripeline.ports.definitions import Published
from ripeline.usecases.preview import Preview, preview_record
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError

Record = dict[str, Any]


def rolled_back(log: Sequence[Published], to: str | None) -> Published:
    """Return the version that a roll back makes live again, of everything that was published of a definition.

    to: its fingerprint, also as name@fingerprint; None for the last one that says something else than what is
    live. Rolling back twice is therefore back where one began.
    """
    if not log:
        raise InputError("nothing was published yet, so there is nothing to roll back to")
    now = log[-1]
    if to is None:
        found = [one for one in log if one.text != now.text]
        hint = f"{now.name} has one version alone, so there is nothing to roll back to"
    else:
        found = [one for one in log if one.fingerprint == to.rpartition("@")[2]]
        known = ", ".join(dict.fromkeys(one.fingerprint for one in reversed(log)))
        hint = f'"{to}" was never published as {now.name}; published were: {known}'
    if not found:
        raise InputError(hint)
    return found[-1]


def is_live(new: Published, live: Published | None) -> bool:
    """Say whether a version is, to the letter, what is live."""
    return live is not None and live.number > 0 and (live.text, live.fingerprint) == (new.text, new.fingerprint)


def differing(files: Mapping[str, str], live: Mapping[str, Published]) -> tuple[str, ...]:
    """Return the definitions whose file says something else than what is live, or is gone."""
    return tuple(name for name, one in live.items() if files.get(name) != one.text)


def publish_record(new: Published, before: Published | None, preview: Preview | None = None) -> Record:
    """Return what publishing came to, as plain values; a new version without a number was live before."""
    return {
        "name": new.name,
        "fingerprint": new.fingerprint,
        "instead_of": None if before is None else before.fingerprint,
        "published": before is None or new.number != before.number,
        "position": new.position,
        "preview": None if preview is None else preview_record(preview),
    }


def definitions_record(log: Sequence[Published]) -> Record:
    """Return definitions with their versions, the youngest first, as plain values."""
    names = dict.fromkeys(one.name for one in log)
    return {"definitions": [{"name": name, "versions": versions_record(log, name)} for name in names]}


def versions_record(log: Sequence[Published], name: str) -> list[Record]:
    """Return the versions of a definition, the youngest first: that one is live."""
    own = [one for one in reversed(log) if one.name == name]
    return [
        {
            "fingerprint": one.fingerprint,
            "published_at": instant_text(one.at_us),
            "comment": one.comment,
            "by": one.by or None,
            "position": one.position,
            "live": one is own[0],
        }
        for one in own
    ]
