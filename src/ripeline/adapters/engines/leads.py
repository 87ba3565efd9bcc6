"""What is stored of single leads, and which names occur at all."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache, partial

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.accounts import keys_of_account
from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.files import records
from ripeline.adapters.engines.kin import all_known, identifiers_of, known_keys_of_leads, links_around, told_of
from ripeline.adapters.engines.levels import levels_of
from ripeline.adapters.engines.logged import by_name, name_of, of_person
from ripeline.adapters.engines.named import leads_named
from ripeline.adapters.engines.prepare import prepare_people
from ripeline.adapters.engines.python import FEW, PythonEngine, account_statements, histories
from ripeline.adapters.engines.stated import stated_of
from ripeline.adapters.engines.timeline import entries
from ripeline.definition.checks import Seen
from ripeline.lifecycle.standing import standing
from ripeline.plan.nodes import Plan
from ripeline.ports.history import AccountKnown, Kin, Place, TimelineAsked, TimelineEntry
from ripeline.ports.lifecycle import Owned
from ripeline.ports.scores import Asked
from ripeline.vocabulary.history import LeadHistory, Statement
from ripeline.vocabulary.people import Name


class StoredHistory:
    """The history of one cut, lead by lead. What is asked of one lead after the other is looked up once."""

    def __init__(self, store: Store) -> None:
        """Take the store to read; it has to stay as it is."""
        self._store = store
        self._known = lru_cache(maxsize=1)(partial(known_keys_of_leads, store))
        self._links = lru_cache(maxsize=1)(partial(links_around, store))
        self._kin = lru_cache(maxsize=1)(self._kin_of)
        self._read: tuple[tuple[str, str, int], tuple[str, LeadHistory]] | None = None

    def lead(self, plan: Plan, lead: str, as_of_us: int) -> tuple[str, LeadHistory]:
        """Return the id shown and the history of a lead, by any of its identifiers or its e-mail address."""
        asked = plan.fingerprint, lead, as_of_us
        if self._read is None or self._read[0] != asked:
            self._read = asked, self._history(plan, lead, as_of_us)
        return self._read[1]

    def _history(self, plan: Plan, lead: str, as_of_us: int) -> tuple[str, LeadHistory]:
        key, asked = self._key(lead), Asked(as_of_us, rows=())
        frame = prepare_people(self._store, plan, asked, self._links(frozenset({key})), [(key, as_of_us)])
        (row,) = histories(self._store, frame)
        ((shown,),) = self._store.con.execute(
            "SELECT i.value FROM subjects s JOIN identifiers i ON i.who = s.person"
        ).fetchall()
        return str(shown), row[2]

    def leads(self, plan: Plan, leads: Sequence[str], as_of_us: int) -> Mapping[str, LeadHistory]:
        """Return the histories of some leads by any of their identifiers, read together, less those who are not known."""
        keys = known_keys_of_leads(self._store, leads)
        if not keys:
            return {}
        links, rows = links_around(self._store, set(keys.values())), [(key, as_of_us) for key in keys.values()]
        frame = prepare_people(self._store, plan, Asked(as_of_us, rows=()), links, rows)
        names = list(keys)
        return {names[subject]: history for subject, _, history in histories(self._store, frame)}

    def level(self, plan: Plan, as_of_us: int) -> int:
        """Return by how many steps likelihoods move at an instant."""
        return levels_of(self._store, plan, Asked(as_of_us)).get(as_of_us, 0)

    def stage(self, plan: Plan, lead: str, as_of_us: int) -> str | None:
        """Return the stage that was logged of a lead by an instant, None where nothing was."""
        if self._store.stages is None:
            return None
        key = self._key(lead)
        whose = self._links(frozenset({key})).until(as_of_us)
        spans = list(whose.belongings(whose.person(key)))
        named = identifiers_of(self._store, {one.identifier for one in spans})
        owned = [Owned(name_of(named[one.identifier]), one.from_us, one.until_us) for one in spans]
        lines = self._store.stages.lines_of(plan.fingerprint, [one.name for one in owned], as_of_us)
        own = of_person(by_name(lines), owned, as_of_us)
        return standing(own).stage if own else None

    def account(self, plan: Plan, account: str, as_of_us: int) -> AccountKnown:
        """Return the persons of an account at an instant, and what is said of it."""
        keys = keys_of_account(self._store, account)
        links = links_around(self._store, keys)
        whose = links.until(as_of_us)
        people = sorted({whose.person(key) for key in links.about})
        engine = PythonEngine(self._store) if len(people) <= FEW else DuckEngine(self._store)
        engine.score_people(plan, people, links, as_of_us)
        found = self._store.con.execute("SELECT * FROM results WHERE account = ? ORDER BY lead", [account])
        return AccountKnown(records(found), account_statements(self._store, account))

    def account_statements(self, account: str) -> Sequence[Statement]:
        """Return what is said of an account, without its persons."""
        return account_statements(self._store, account)

    def timeline(
        self, lead: str, at_us: int, asked: TimelineAsked
    ) -> tuple[str, Sequence[tuple[Place, TimelineEntry]]]:
        """Return the id shown for any identifier of a lead, and what is stored of it, the youngest first."""
        key = self._key(lead)
        whose = self._links(frozenset({key})).until(at_us)
        person = whose.person(key)
        shown = identifiers_of(self._store, {person})[person].value
        return shown, entries(self._store, list(whose.belongings(person)), asked)

    def kin(self, leads: Sequence[str]) -> Kin:
        """Return the links around leads by any of their identifiers, also by `kind:value` where two have one text."""
        return self._kin(tuple(leads))

    def _kin_of(self, leads: Sequence[str]) -> Kin:
        asked = self._keys(leads)
        links = self._links(frozenset(asked.values()))
        told = told_of(self._store, {*asked.values(), *links.keys()})
        named = {*asked.values(), *links.keys(), *(end for one in told for end in (one.one, one.other))}
        return Kin(asked, identifiers_of(self._store, named), links, told)

    def names(self, lead: str) -> list[Name]:
        """Return all names that are linked with one of a lead, its devices' among them."""
        kin = self.kin([lead])
        keys = {kin.asked[lead], *kin.links.keys()}
        return [name_of(one) for key, one in kin.identifiers.items() if key in keys]

    def is_known(self, lead: str) -> bool:
        """Say whether somebody goes by an identifier."""
        return bool(known_keys_of_leads(self._store, (lead,)))

    def named(
        self, text: str, keys: Collection[str], pairs: Collection[tuple[str, str]], at_us: int, most: int
    ) -> Sequence[str]:
        """Return the identifiers of leads of whom a text was ever stated in some traits; pairs: read as one text."""
        return leads_named(self._store, text, keys, pairs, at_us, most)

    def stated(self, leads: Sequence[str], keys: Collection[str], at_us: int) -> Mapping[str, Mapping[str, object]]:
        """Return some traits of leads by any of their identifiers, as they were said; of who is not known, nothing."""
        own = self._known(tuple(leads))
        return stated_of(self._store, own, self._links(frozenset(own.values())), keys, at_us) if own else {}

    def _keys(self, leads: Sequence[str]) -> Mapping[str, int]:
        return all_known(leads, self._known(tuple(leads)))

    def _key(self, lead: str) -> int:
        return self._keys((lead,))[lead]

    def seen(self) -> Seen | None:
        """Return which events, fields and traits there are; None while the history is empty."""
        if not self._store.cut.files:
            return None
        events: dict[str, set[str]] = defaultdict(set)
        for type_, name in self._store.con.execute("SELECT DISTINCT type, name FROM events").fetchall():
            events[type_].add(name or "")
        fields, traits = (
            frozenset(column.rpartition(":")[0] for column in self._store.columns[kind] if ":" in column)
            for kind in ("events", "traits")
        )
        return Seen({type_: frozenset(names) for type_, names in events.items()}, fields, traits)

    def outcomes(self) -> Mapping[str, str]:
        """Return the last known outcome, won or lost, by lead."""
        return dict(
            self._store.con.execute(
                "SELECT i.value, arg_max(o.outcome, o.ts) FROM outcomes o JOIN identifiers i ON i.who = o.who GROUP BY 1"
            ).fetchall()
        )
