"""condition-scope: who fits, who is suppressed and which trait signal is open is told by traits alone."""

from collections.abc import Iterator

from ripeline.definition.checks.draft import Draft
from ripeline.definition.conditions import names_in
from ripeline.definition.conditions_of import Written, conditions_of
from ripeline.definition.model import TraitUnits
from ripeline.vocabulary.issues import Issue


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each condition on traits that reads a property of an event."""
    return [
        Issue("condition-scope", _message(read), draft.at_value(*one.path), "name traits only")
        for one in _on_traits(draft)
        if (read := [name.key for name in names_in(one.when) if name.root != "trait"])
    ]


def _message(read: list[str]) -> str:
    return f"{', '.join(dict.fromkeys(read))} belongs to events; here only traits are known"


def _on_traits(draft: Draft) -> Iterator[Written]:
    of_traits = {signal.name for signal in draft.definition.engagement.signals if isinstance(signal.form, TraitUnits)}
    for one in conditions_of(draft.raw):
        if one.path[0] != "engagement" or (one.path[2] in of_traits and len(one.path) == len(WHEN)):
            yield one


WHEN = ("engagement", "signals", "name", "when")
