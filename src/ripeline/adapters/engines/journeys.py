"""Persons with their lines in the log of stages and the deals they won."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import identifiers_of, known_keys_of_leads, links_around
from ripeline.adapters.engines.logged import by_name, keys_of_names
from ripeline.identity.links import Whose
from ripeline.insight.journey import Journey
from ripeline.scoring.profile import UNDATED
from ripeline.vocabulary.stages import StageChange


def journeys(
    store: Store, lines: Sequence[StageChange], leads: Collection[str], at_us: int
) -> tuple[dict[int, Journey], dict[str, int]]:
    """Return everybody of whom there are lines, and whom leads name, by the keys of the identifiers they are shown by.

    leads: by any identifiers; the second answer tells whose they are, less those who are not known. lines: in order.
    """
    known = by_name(lines)
    names = {key: known[name] for name, key in keys_of_names(store, known).items()}
    asked = known_keys_of_leads(store, leads)
    links = links_around(store, {*names, *asked.values()})
    whose = links.until(at_us)
    people = {whose.person(key) for key in {*names, *asked.values(), *links.about}}
    shown, won = identifiers_of(store, people), _won(store, whose, at_us)
    made = dict[int, Journey]()
    wanted = {whose.person(key) for key in asked.values()}
    for person in people & shown.keys():
        own = _own(whose, person, names)
        if own or person in wanted:
            made[person] = Journey(shown[person].value, own, won.get(person, ()))
    return made, {lead: whose.person(key) for lead, key in asked.items()}


def _own(whose: Whose, person: int, names: Mapping[int, Sequence[StageChange]]) -> list[StageChange]:
    """Return the lines that are a person's, in order."""
    found = [
        line
        for one in whose.belongings(person)
        for line in names.get(one.identifier, ())
        if one.from_us <= line.at_us < one.until_us
    ]
    return sorted(found, key=lambda line: line.number)


def _won(store: Store, whose: Whose, at_us: int) -> dict[int, list[int | None]]:
    """Return when deals were won, by person."""
    found = defaultdict[int, list[int | None]](list)
    query = f"SELECT who, ts FROM outcomes WHERE outcome = 'won' AND (ts <= {at_us} OR ts = {UNDATED})"
    for who, ts in store.con.execute(query).fetchall():
        found[whose.person(who)].append(None if ts == UNDATED else ts)
    return found
