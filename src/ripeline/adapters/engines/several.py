"""What is stored of several leads at once, by the names that events came with."""

from collections.abc import Collection

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import known_keys_of_leads, links_around
from ripeline.adapters.engines.prepare import prepare_people
from ripeline.adapters.engines.python import histories
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.vocabulary.history import LeadHistory
from ripeline.vocabulary.people import Name


def histories_of(
    store: Store, plan: Plan, names: Collection[Name], as_of_us: int
) -> dict[Name, tuple[str, LeadHistory]]:
    """Return what people are called, and their histories, by names of theirs; names that nobody has are left out."""
    keys = known_keys_of_leads(store, {one.asked for one in names})
    if not keys:
        return {}
    links = links_around(store, set(keys.values()))
    whose = links.until(as_of_us)
    people = {name: whose.person(keys[name.asked]) for name in names if name.asked in keys}
    rows = [(person, as_of_us) for person in sorted(set(people.values()))]
    frame = prepare_people(store, plan, Asked(as_of_us, rows=()), links, rows)
    found = {subject: history for subject, _, history in histories(store, frame)}
    called = store.con.execute(
        "SELECT s.subject, s.person, i.value FROM subjects s JOIN identifiers i ON i.who = s.person"
    ).fetchall()
    by_person = {person: (str(value), found[subject]) for subject, person, value in called}
    return {name: by_person[person] for name, person in people.items() if person in by_person}
