"""What the SQL of a plan stands on: whose events, up to when, and how a day is told."""

from collections.abc import Callable
from dataclasses import dataclass

from ripeline.definition.conditions import Name
from ripeline.plan.nodes import Plan
from ripeline.scoring.dialects import Dialect
from ripeline.scoring.profile import COUNTRY_RAW
from ripeline.scoring.sql.conditions import ConditionSql
from ripeline.vocabulary.calendar import DAY_US, EPOCH_DAY
from ripeline.vocabulary.derived_fields import INPUTS, twins_of
from ripeline.vocabulary.phones import PHONE_TRAITS
from ripeline.vocabulary.values import TWINS

SLACK_US = 2 * DAY_US
"""How much earlier than a window's first day events are still read: more than any offset."""


TRUSTED = "trusted "
"""Prefix of the profile's columns as trusted statements alone have them."""

DERIVED_TWINS = ("text",)
DOMAIN_TWINS = ("text", "number", "folded")
"""The twins of derived traits: plain words of the shipped tables, but for those that may be anything."""

FREE_TEXTS = ("email_domain", "company_plain")
"""Derived traits that may be any text."""


def twins_made(trait: str) -> tuple[str, ...]:
    """Return the twins that a derived trait can have where it is looked up."""
    if trait == "phone_valid":
        return ("boolean",)
    return DOMAIN_TWINS if trait in FREE_TEXTS else DERIVED_TWINS


SOURCES = {
    "email_domain": ("email",),
    "email_kind": ("email", "email_domain"),
    "title_seniority": ("title",),
    "title_function": ("title",),
    "country": ("country",),
    "company_size_band": ("company_size",),
    "company_domain": ("email", "email_domain"),
    "company_plain": ("company",),
    **dict.fromkeys(PHONE_TRAITS, ("phone", "country")),
}
"""The stated traits that each derived trait is looked up from."""

LOOKUPS = {"title_seniority": "title", "title_function": "title", **dict.fromkeys(PHONE_TRAITS, "phone")}
"""Look-up tables by derived trait, where one table tells several; others are called like their trait."""

LOOKED_UP_ONLY = ("country", "email_kind")
"""Derived traits that are never given: their names hold the raw text, or belong to the table alone."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the emitters may rely on about a history.

    event_columns, trait_columns: the twin columns that exist, such as "properties.price:number".
    earliest_us: no event is older. tied: the tables (events, traits, links, group_links, dispositions) with rows of identifiers that
    belong to another's person. untrusted: the tables (events, traits) with rows that came from a page.
    crowded: someone may have more events than a day's measure can hold, so that days must be counted one by one.
    near: tables of which what belongs to whoever is asked for lies apart, such as near_events.
    answered: sales answered something at all.
    """

    event_columns: frozenset[str]
    trait_columns: frozenset[str]
    earliest_us: int
    tied: frozenset[str] = frozenset({"events", "traits", "links", "group_links", "dispositions"})
    untrusted: frozenset[str] = frozenset({"events", "traits"})
    crowded: bool = True
    near: frozenset[str] = frozenset()
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant everything is scored at. known_us: only what was known by then, None for all.

    each: every subject has an instant of its own, in the table `subjects`; as_of_us is the latest. then: of each only
    what was known by its instant.
    only: the identifiers that matter, where they are few: files are then read in those places alone.
    """

    as_of_us: int
    known_us: int | None = None
    each: bool = False
    only: tuple[int, ...] = ()
    then: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """One plan over one history at one moment, in one dialect."""

    plan: Plan
    facts: Facts
    moment: Moment
    dialect: Dialect

    @property
    def today(self) -> str:
        """The scored day: a number, or a column where every subject has its own."""
        return "today" if self.moment.each else str(self.plan.zone.day(self.moment.as_of_us))

    @property
    def keys(self) -> str:
        """What rows of one subject are grouped by."""
        return "subject, today" if self.moment.each else "subject"

    def day(self, instant: str) -> str:
        """Return the local day of an instant: the zone's offsets as a ladder, youngest first."""
        rows = self.plan.zone.rows
        reached = [row for row in rows if row[0] <= self.moment.as_of_us] or [rows[0]]
        first = max((i for i, row in enumerate(reached) if row[0] <= self.facts.earliest_us), default=0)
        shifts = [(start, offset + EPOCH_DAY * DAY_US) for start, offset in reached[first:]]
        if len(shifts) == 1:
            return self.dialect.div(f"({instant} + {shifts[0][1]})", DAY_US)
        cases = " ".join(f"WHEN {instant} >= {start} THEN {shift}" for start, shift in reversed(shifts[1:]))
        return self.dialect.div(f"({instant} + CASE {cases} ELSE {shifts[0][1]} END)", DAY_US)

    def any_day(self, instant: str) -> str:
        """Return the local day of any instant, however early or late."""
        rows = [(start, offset + EPOCH_DAY * DAY_US) for start, offset in self.plan.zone.rows]
        cases = " ".join(f"WHEN {instant} >= {start} THEN {shift}" for start, shift in reversed(rows[1:]))
        ladder = f"CASE {cases} ELSE {rows[0][1]} END" if cases else str(rows[0][1])
        return self.dialect.div(f"({instant} + {ladder})", DAY_US)

    def age(self, day: str) -> str:
        """Return a day's age in days, never below 0."""
        return f"greatest(0, {self.today} - {day})"

    def of(self, table: str, *, derived: bool = False) -> str:
        """Return FROM and WHERE of what belongs to the subjects: rows of a table up to the moment.

        The table goes by its first letter: e.ts is when an event was. derived: with its derived fields.
        """
        near = f"near_{table}" if table in self.facts.near else table
        rows = f"derived_{table}" if derived else near
        alias, instant = table[0], f"{table[0]}.ts"
        known = "" if self.moment.known_us is None else f" AND {alias}.known <= {self.moment.known_us}"
        if self.moment.each:
            keys = ", ".join(map(str, self.moment.only))
            known += f" AND {alias}.who IN ({keys})" if keys else ""
            known += f" AND {alias}.known <= r.as_of_us" if self.moment.then else ""
            return (
                f"FROM {rows} {alias} JOIN reach r ON {alias}.who = r.who AND {instant} >= r.from_us "
                f"AND {instant} < r.until_us WHERE {instant} <= r.as_of_us{known}"
            )
        if table not in self.facts.tied:
            return f"FROM {rows} {alias} WHERE {instant} <= {self.moment.as_of_us}{known}"
        return (
            f"FROM {rows} {alias} LEFT JOIN tied r ON {alias}.who = r.who AND {instant} >= r.from_us "
            f"AND {instant} < r.until_us WHERE {instant} <= {self.moment.as_of_us}{known}"
        )

    def subject(self, table: str) -> str:
        """Return the columns that say whose a row is, for a query that reads from `of`."""
        if self.moment.each:
            return "r.subject, r.today"
        who = f"{table[0]}.who"
        return f"coalesce(r.person, {who}) AS subject" if table in self.facts.tied else f"{who} AS subject"

    def since(self, instant: str, horizon: int) -> str:
        """Return a filter that leaves out rows surely older than a horizon in days; it never cuts closer."""
        if self.moment.each:
            return ""
        first = self.plan.zone.day(self.moment.as_of_us) - horizon
        if first < 0:
            return ""
        bound = (first - EPOCH_DAY) * DAY_US - SLACK_US
        return f" AND {instant} >= {bound}" if bound > self.facts.earliest_us else ""

    def trait_conditions(self, *, trusted: bool = False, alias: str = "p") -> ConditionSql:
        """Return the emitter of conditions over the profile."""
        return ConditionSql(self.dialect, self._trait_column(alias, trusted=trusted), self.any_day, self.today)

    def event_conditions(self, *, trusted: bool) -> ConditionSql:
        """Return the emitter of conditions over events `e`, with the profile `p` where it is joined."""
        trait = self._trait_column("p", trusted=trusted)

        def column(name: Name, twin: str) -> str | None:
            if name.root == "trait":
                return trait(name, twin)
            label = f"{name.key}:{twin}"
            there = twin in twins_of(name.key) if name.root in INPUTS else label in self.facts.event_columns
            return f"e.{self.dialect.name_of(label)}" if there else None

        return ConditionSql(self.dialect, column, self.any_day, "p.today" if self.moment.each else self.today)

    def trait_twins(self, key: str) -> tuple[str, ...]:
        """Return the twins that a trait can have in the profile."""
        if key == COUNTRY_RAW:
            return self.stated_twins("country")
        derived = self.derived_twins(key)
        stated = () if key in LOOKED_UP_ONLY else self.stated_twins(key)
        return tuple(twin for twin in TWINS if twin in stated or twin in derived)

    def stated_twins(self, key: str) -> tuple[str, ...]:
        """Return the twins under which a trait was ever stated."""
        return tuple(twin for twin in TWINS if f"{key}:{twin}" in self.facts.trait_columns)

    def derived_twins(self, key: str) -> tuple[str, ...]:
        """Return the twins under which a trait is made from another one, none where nothing was stated."""
        if not any(self.stated_twins(source) for source in SOURCES.get(key, ())):
            return ()
        return twins_made(key)

    def _trait_column(self, alias: str, *, trusted: bool) -> Callable[[Name, str], str | None]:
        view = TRUSTED if trusted and "traits" in self.facts.untrusted else ""

        def column(name: Name, twin: str) -> str | None:
            if twin not in self.trait_twins(name.key):
                return None
            return f"{alias}.{self.dialect.name_of(f'{view}{name.key}:{twin}')}"

        return column
