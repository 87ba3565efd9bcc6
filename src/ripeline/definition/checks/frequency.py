"""never-reached: a frequency signal asks for more than its window can hold, or excludes what it counts."""

from collections.abc import Iterator

from ripeline.definition.checks.bounds import most_units
from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.model import EventMatch, Frequency, Signal
from ripeline.vocabulary.issues import Issue


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each frequency signal that never gives its points."""
    return [issue for signal in draft.definition.engagement.signals for issue in _check(draft, signal)]


def _check(draft: Draft, signal: Signal) -> Iterator[Issue]:
    form = signal.form
    if not isinstance(form, Frequency):
        return
    most = _most(form)
    path = ("engagement", "signals", signal.name)
    if most is not None and form.at_least > most:
        message = f'signal "{signal.name}": {form.window} days hold {most} {form.measure.kind} at most'
        yield warning("never-reached", message, draft.at_value(*path, "at_least"), f"at least {most} or fewer")
    if form.without is not None and _covers(form.without, form.match):
        message = f'signal "{signal.name}": what it counts is what must not happen'
        yield warning("never-reached", message, draft.at_key(*path, "without"), "name another event")


def _most(form: Frequency) -> int | None:
    """Return the greatest measure that the window can hold, None where there is no bound."""
    bounds = []
    if form.measure.kind == "days":
        bounds.append(form.window)
    if form.frequency_cap is not None:
        bounds.append(most_units(form.frequency_cap, form.window))
    return min(bounds, default=None)


def _covers(without: EventMatch, match: EventMatch) -> bool:
    """Say whether each event that one counts is one that the other excludes."""
    types = without.type in {match.type, "any"}
    names = without.names is None or (match.names is not None and set(match.names) <= set(without.names))
    return types and names and without.where in {None, match.where}
