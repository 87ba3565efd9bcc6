"""never-seen-event, never-seen-trait, never-seen-property: the history knows nothing of the name."""

from collections.abc import Collection, Iterable, Iterator

from ripeline.definition.checks.draft import Draft, Seen, warning
from ripeline.definition.closed_traits import STANDS_ON
from ripeline.definition.conditions import names_in
from ripeline.definition.conditions_of import conditions_of
from ripeline.definition.model import TraitUnits
from ripeline.definition.reading import Path
from ripeline.vocabulary.derived_fields import FIELDS, stored_fields
from ripeline.vocabulary.issues import Issue, did_you_mean

MOST_NAMED = 4
"""So many of the fields are named that others are worked out from."""


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each name that occurs in the definition and not in the history."""
    if draft.seen is None:
        return []
    return [
        *_events(draft, draft.seen),
        *_traits(draft, _with_derived(draft.seen.traits)),
        *_fields(draft, _with_derived_fields(draft.seen.fields)),
        *_required(draft, draft.seen.traits),
    ]


def _events(draft: Draft, seen: Seen) -> Iterator[Issue]:
    everything: frozenset[str] = frozenset().union(*seen.events.values())
    for path, kind, names in _matches(draft):
        known = everything if kind == "any" else seen.events.get(kind, frozenset())
        for number, name in enumerate(names, start=1):
            if seen.events and name not in known:
                place = draft.reading.values.get((*path, "event", f"[{number}]"))
                message = f'no {"event" if kind == "any" else kind} called "{name}" was ever seen'
                hint = _elsewhere(name, seen) or did_you_mean(name, known)
                yield warning("never-seen-event", message, place or draft.at_value(*path, "event"), hint)


def _elsewhere(name: str, seen: Seen) -> str:
    kinds = [kind for kind, names in seen.events.items() if name in names]
    return f"it was seen as a {kinds[0]}: write type: {kinds[0]}" if kinds else ""


def _matches(draft: Draft) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    for signal, raw in draft.rules("engagement").items():
        path = ("engagement", "signals", signal)
        for here, match in ((path, raw), ((*path, "without"), raw.get("without", {}))):
            yield here, match.get("type", "track"), match.get("event", ())


def _with_derived(traits: frozenset[str]) -> frozenset[str]:
    return traits | {name for name, raw in STANDS_ON.items() if not traits.isdisjoint(raw)}


def _with_derived_fields(fields: frozenset[str]) -> frozenset[str]:
    return fields | {name for name in FIELDS if not fields.isdisjoint(stored_fields([name]))}


def _traits(draft: Draft, known: frozenset[str]) -> Iterator[Issue]:
    read = [(path, name) for path, root, name in _names(draft) if root == "trait"]
    read += [
        (("engagement", "signals", signal.name, "trait"), signal.form.trait)
        for signal in draft.definition.engagement.signals
        if isinstance(signal.form, TraitUnits)
    ]
    if known:
        yield from _unseen("trait", draft, read, known)


def _fields(draft: Draft, known: frozenset[str]) -> Iterator[Issue]:
    read = [(path, name) for path, root, name in _names(draft) if root != "trait"]
    for name, raw in draft.rules("engagement").items():
        measure = raw.get("measure")
        if measure is not None and measure.field is not None:
            read.append((("engagement", "signals", name, "measure"), measure.field))
    if known:
        yield from _unseen("property", draft, read, known)


def _names(draft: Draft) -> Iterator[tuple[Path, str, str]]:
    for one in conditions_of(draft.raw):
        for name in dict.fromkeys(names_in(one.when)):
            yield one.path, name.root, name.key


def _unseen(what: str, draft: Draft, read: Iterable[tuple[Path, str]], known: Collection[str]) -> Iterator[Issue]:
    for path, name in read:
        if name not in known:
            message = f"no {what} called {name} was ever seen"
            hint = f"it is worked out from {_told_by(name)}" if name in FIELDS else did_you_mean(name, known)
            yield warning(f"never-seen-{what}", message, draft.at_value(*path), hint)


def _told_by(field: str) -> str:
    return ", ".join(stored_fields([field])[:MOST_NAMED])


def _required(draft: Draft, known: frozenset[str]) -> Iterator[Issue]:
    required = draft.raw.get("required", ())
    if known and required and known.isdisjoint(required):
        message = f"none of {', '.join(required)} was ever seen, so no lead can be an MQL"
        yield warning("never-seen-trait", message, draft.at_value("required"), did_you_mean(required[0], known))
