"""condition-scope: who fits, who is suppressed and which trait signal is open is told by traits alone."""

from collections.abc import Iterator

from ripeline.definition.checks.draft import Draft
from ripeline.definition.conditions import Condition, names_in
from ripeline.definition.model import TraitUnits
from ripeline.vocabulary.issues import Issue


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each condition on traits that reads a property of an event."""
    return [
        draft.error("condition-scope", _message(read), *path, "when", hint="name traits only")
        for path, when in _trait_conditions(draft)
        if (read := [name.key for name in names_in(when) if name.root != "trait"])
    ]


def _message(read: list[str]) -> str:
    return f"{', '.join(dict.fromkeys(read))} belongs to events; here only traits are known"


def _trait_conditions(draft: Draft) -> Iterator[tuple[tuple[str, ...], Condition]]:
    for criterion in draft.definition.fit.criteria:
        yield ("fit", "criteria", criterion.name), criterion.when
    for suppression in draft.definition.suppress:
        yield ("suppress", suppression.name), suppression.when
    for signal in draft.definition.engagement.signals:
        when = draft.signals()[signal.name].get("when")
        if isinstance(signal.form, TraitUnits) and when is not None:
            yield ("engagement", "signals", signal.name), when
