"""Whose history is whose: who belongs to somebody else's person, for everybody at once or lead by lead."""

from collections.abc import Iterator, Sequence

from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import MOST_NAMED, standing
from ripeline.identity.links import Links, Whose
from ripeline.identity.persons import Bond, Identifier, persons
from ripeline.identity.ties import MOST_DEVICES, MOST_OWNERS
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.vocabulary.calendar import EVER, NEVER

REACH = {
    "subject": "BIGINT",
    "who": "BIGINT",
    "from_us": "BIGINT",
    "until_us": "BIGINT",
    "as_of_us": "BIGINT",
    "today": "BIGINT",
}
TIED = {"who": "BIGINT", "from_us": "BIGINT", "until_us": "BIGINT", "person": "BIGINT"}
JOINED = {"who": "BIGINT", "person": "BIGINT"}


def load_tied(store: Store, asked: Asked) -> frozenset[str]:
    """Make `tied`: of all that is somebody else's person's, whose it is and when; identity.links for all at once.

    Returns the tables of history that have rows of such identifiers.
    """
    store.con.execute("CREATE TABLE IF NOT EXISTS logged_keys (who BIGINT)")
    _load_joined(store, asked)
    _load_ties(store, asked)
    window = "PARTITION BY device ORDER BY ts, id"
    runs = f"SELECT *, lead(who) OVER ({window}) AS following FROM counted_ties WHERE shared"
    ends = (
        f"SELECT device, coalesce(lag(ts) OVER ({window}) + 1, {EVER}) AS from_us, "
        f"CASE WHEN following IS NULL THEN {NEVER} ELSE ts + 1 END AS until_us, who AS person "
        f"FROM ({runs}) WHERE following IS NULL OR following <> who"
    )
    alone = f"SELECT DISTINCT device, {EVER} AS from_us, {NEVER} AS until_us, who AS person FROM counted_ties WHERE NOT shared"
    spans = f"SELECT * FROM ({ends}) WHERE from_us < until_us UNION ALL {alone}"
    store.con.execute(
        f"CREATE OR REPLACE TABLE tied AS SELECT coalesce(j.who, s.device) AS who, s.from_us, s.until_us, s.person "
        f"FROM ({spans}) s LEFT JOIN (SELECT * FROM joined UNION ALL SELECT DISTINCT person, person FROM joined) j "
        f"ON j.person = s.device UNION ALL SELECT who, {EVER}, {NEVER}, person FROM joined "
        "WHERE person NOT IN (SELECT device FROM counted_ties)"
    )
    return store.tied()


def _load_ties(store: Store, asked: Asked) -> None:
    """Make `counted_ties` of devices and owners by their persons, with whether a device has several."""
    ties = standing(store, "links", asked.known_us, asked.as_of_us)
    if store.has("links"):
        ties = _within_limits(store, ties)
    joins = "LEFT JOIN joined d ON d.who = l.device LEFT JOIN joined o ON o.who = l.who" if store.has("bonds") else ""
    device, owner = ("coalesce(d.person, l.device)", "coalesce(o.person, l.who)") if joins else ("l.device", "l.who")
    store.con.execute(
        f"CREATE OR REPLACE TABLE named_ties AS SELECT {device} AS device, {owner} AS who, l.ts, l.id "
        f"FROM {ties} l {joins}"
    )
    store.con.execute(
        "CREATE OR REPLACE VIEW counted_ties AS SELECT *, device IN "
        "(SELECT device FROM named_ties GROUP BY device HAVING min(who) <> max(who)) AS shared FROM named_ties"
    )


def _within_limits(store: Store, ties: str) -> str:
    """The same ties where nobody has too many: nearly always."""
    pairs = f"SELECT who, device, min((ts, CAST(id AS VARCHAR))) AS first FROM {ties} GROUP BY who, device"
    many = f"SELECT 1 FROM ({pairs}) GROUP BY {{end}} HAVING count(*) > {{most}}"
    over = " UNION ALL ".join(
        many.format(end=end, most=most) for end, most in (("who", MOST_DEVICES), ("device", MOST_OWNERS))
    )
    if not store.con.execute(f"SELECT EXISTS ({over})").fetchall()[0][0]:
        return ties
    ranked = (
        "SELECT who, device, row_number() OVER (PARTITION BY who ORDER BY first, device) AS devices, "
        f"row_number() OVER (PARTITION BY device ORDER BY first, who) AS owners FROM ({pairs})"
    )
    good = f"SELECT who, device FROM ({ranked}) WHERE devices <= {MOST_DEVICES} AND owners <= {MOST_OWNERS}"
    return f"(SELECT * FROM {ties} t WHERE (t.who, t.device) IN ({good}))"


def _load_joined(store: Store, asked: Asked) -> None:
    """Make `joined`: who is bound to a person that is shown by another identifier.

    Nearly all bonds are of two identifiers that have no other one: the first of them is the person, and the second
    matters only where history has something of it, or the log of stages has. The others are replayed under the guards.
    """
    if not store.has("bonds"):
        load(store.con, "joined", JOINED, ())
        return
    standing_bonds = standing(store, "bonds", asked.known_us, asked.as_of_us)
    store.con.execute(f"CREATE OR REPLACE TABLE known_bonds AS SELECT * FROM {standing_bonds}")
    ends = "SELECT DISTINCT one, other FROM known_bonds"
    both = f"SELECT one AS who FROM ({ends}) UNION ALL SELECT other FROM ({ends})"
    store.con.execute(f"CREATE OR REPLACE TABLE busy AS SELECT who FROM ({both}) GROUP BY who HAVING count(*) > 1")
    rows = [{"who": who, "person": person} for who, person in _replayed(store)]
    load(store.con, "joined", JOINED, rows)
    store.con.execute(
        "INSERT INTO joined SELECT DISTINCT b.other, b.one FROM known_bonds b "
        "WHERE b.one NOT IN (SELECT who FROM busy) AND b.other NOT IN (SELECT who FROM busy) AND "
        "(b.other IN (SELECT who FROM presence) OR b.other IN (SELECT who FROM stored_set_aside) "
        "OR b.other IN (SELECT device FROM links) OR b.other IN (SELECT who FROM logged_keys))"
    )


def _replayed(store: Store) -> Iterator[tuple[int, int]]:
    """Yield (identifier, person) of those who are bound to several others."""
    chosen = "one IN (SELECT who FROM busy) OR other IN (SELECT who FROM busy)"
    bonds = [
        Bond(*row)
        for row in store.con.execute(
            f"SELECT ts, CAST(id AS VARCHAR), one, other, decided IS NOT NULL FROM known_bonds WHERE {chosen}"
        ).fetchall()
    ]
    if not bonds:
        return
    named = store.con.execute(
        "SELECT who, kind, value FROM identifiers WHERE who IN (SELECT one FROM known_bonds UNION SELECT other FROM known_bonds)"
    ).fetchall()
    found = persons({row[0]: Identifier(*row) for row in named}, bonds)
    for key in sorted({end for bond in bonds for end in (bond.one, bond.other)}):
        if found.of(key) != key:
            yield key, found.of(key)


def load_reach(store: Store, plan: Plan, links: Links, rows: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Make `reach`: for every (identifier, instant) which identifiers were that person's, and when; and `asked_for`.

    links: all those around the identifiers. Returns the identifiers where they are few enough to be named one by
    one, else none.
    """
    whose, today = _Instants(links, rows), {at: plan.zone.day(at) for at in {as_of_us for _, as_of_us in rows}}

    def reach() -> Iterator[dict[str, int]]:
        for subject, (key, as_of_us) in enumerate(rows):
            then = whose.at(key, as_of_us)
            for one in then.belongings(then.person(key)):
                yield {
                    "subject": subject,
                    "who": one.identifier,
                    "from_us": one.from_us,
                    "until_us": one.until_us,
                    "as_of_us": as_of_us,
                    "today": today[as_of_us],
                }

    load(store.con, "reach", REACH, reach())
    shown = (
        {
            "subject": subject,
            "person": whose.at(key, as_of_us).person(key),
            "as_of_us": as_of_us,
            "today": today[as_of_us],
        }
        for subject, (key, as_of_us) in enumerate(rows)
    )
    kinds = {"subject": "BIGINT", "person": "BIGINT", "as_of_us": "BIGINT", "today": "BIGINT"}
    load(store.con, "asked_for", kinds, shown)
    found = store.con.execute("SELECT DISTINCT who FROM reach ORDER BY who").fetchall()
    return tuple(who for (who,) in found) if len(found) <= MOST_NAMED else ()


class _Instants:
    """Whose is what at many instants."""

    def __init__(self, links: Links, rows: Sequence[tuple[int, int]]) -> None:
        # Of many instants only the links around each lead are looked at; of one all of them, once.
        self._groups = links.groups() if len({as_of_us for _, as_of_us in rows}) > 1 else None
        self._links, self._last = links, links
        self._made = dict[int, Whose]()

    def at(self, key: int, as_of_us: int) -> Whose:
        if self._groups is None:
            return self._by(0, self._links, as_of_us)
        links = self._groups.get(key, _NONE)
        if links is not self._last:
            self._last = links
            self._made.clear()
        # As long as no further link is known, nothing is anybody else's.
        bonds = sum(one.time_us <= as_of_us for one in links.bonds)
        return self._by(bonds + sum(one.time_us <= as_of_us for one in links.ties), links, as_of_us)

    def _by(self, known: int, links: Links, as_of_us: int) -> Whose:
        if known not in self._made:
            self._made[known] = links.until(as_of_us)
        return self._made[known]


_NONE = Links({})
