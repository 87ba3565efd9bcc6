"""any-hand: every event of a type would raise a hand."""

from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.model import Accrual, Frequency
from ripeline.vocabulary.issues import Issue


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each hand-raise that names no event and no condition on events."""
    return [
        warning(
            "any-hand",
            f'signal "{signal.name}": every event of type {signal.form.match.type} raises a hand',
            draft.at_key("engagement", "signals", signal.name, "hand_raise"),
            "name the event, or say when",
        )
        for signal in draft.definition.engagement.signals
        if signal.hand_raise is not None and isinstance(signal.form, Accrual | Frequency)
        if signal.form.match.names is None and signal.form.match.where is None
    ]
