"""Rules that come to a definition and go from it, as a form has them; every other character of the text stays."""

import re
from collections.abc import Collection
from contextlib import suppress
from typing import Any, Final

from ripeline.definition.edit import Plain, with_value, without
from ripeline.definition.model import Definition
from ripeline.usecases.definition_form import Fields, decay_said, must_be_right, number_said
from ripeline.vocabulary.issues import InputError

PLACES: Final = {"criterion": ("fit", "criteria"), "signal": ("engagement", "signals")}
LONGEST_NAME: Final = 60


def with_rule(text: str, definition: Definition, kind: str, said: Fields, zones: Collection[str]) -> str:
    """Return the text with one rule more, called by its label; InputError where it cannot be.

    kind: criterion or signal. said: label, points, when; of a signal also event, decay and days.
    """
    values = {name: value.strip() for name, value in said.items()}
    label = values.get("label", "")
    if not label:
        raise InputError("say what the new rule is called")
    rules = definition.fit.criteria if kind == "criterion" else definition.engagement.signals
    name = name_of(label, {one.name for one in rules})
    made = _criterion(label, values) if kind == "criterion" else _signal(label, values)
    text = _added(text, PLACES[kind], name, made)
    must_be_right(text, definition.name, zones)
    return text


def without_rule(text: str, definition: Definition, place: str, zones: Collection[str]) -> str:
    """Return the text less a rule, such as "fit/criteria/buyer"; InputError where there is none, or it is needed."""
    path = place.split("/")
    known = {
        *(f"fit/criteria/{one.name}" for one in definition.fit.criteria),
        *(f"engagement/signals/{one.name}" for one in definition.engagement.signals),
    }
    if place not in known:
        raise InputError("that rule is not there any more")
    text = without(text, path)
    must_be_right(text, definition.name, zones)
    return text


def name_of(label: str, taken: Collection[str]) -> str:
    """Return a name for a rule: its label in small letters, with a number behind it where that is taken.

    >>> name_of("Asked for a Demo!", []), name_of("Demo", ["demo"]), name_of("100+", [])
    ('asked_for_a_demo', 'demo_2', 'rule_100')
    """
    plain = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[: LONGEST_NAME - 5].strip("_")
    plain = plain if plain[:1].isalpha() else f"rule_{plain}".strip("_")
    numbered = (plain if number == 1 else f"{plain}_{number}" for number in range(1, len(taken) + 2))
    return next(name for name in numbered if name not in taken)


def _criterion(label: str, said: Fields) -> dict[str, Plain]:
    if not said.get("when"):
        raise InputError(f"{label}: say of whom it is true, such as: company_size > 100")
    return {"label": label, "when": said["when"], "points": number_said(label, said.get("points", ""))}


def _signal(label: str, said: Fields) -> dict[str, Plain]:
    if not said.get("event"):
        raise InputError(f"{label}: say which event counts, such as: Demo Requested")
    made: dict[str, Plain] = {"label": label, "event": said["event"]}
    made["points"] = number_said(label, said.get("points", ""))
    if said.get("when"):
        made["when"] = said["when"]
    if said.get("decay", "none") != "none":
        made["decay"] = decay_said(label, said["decay"], said.get("days", ""))
    return made


def _added(text: str, at: tuple[str, str], name: str, made: dict[str, Plain]) -> str:
    """Add a rule, also the first one of its kind."""
    with suppress(InputError):
        return with_value(text, [*at, name], made)
    first: Any = {name: made}
    return with_value(text, at, first)
