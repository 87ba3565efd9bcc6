"""A definition in use by history: everybody as it saw them at an instant, counted where they lie, and who was handed over."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.levels import levels_of
from ripeline.adapters.engines.prepare import prepare
from ripeline.adapters.engines.review_handed import handed
from ripeline.adapters.engines.trait_cells import AGE, NUMBER, TEXT, cell_columns
from ripeline.adapters.engines.whose import load_tied
from ripeline.definition.model import Accrual, Frequency, Measure
from ripeline.insight.drift import ELSE, Spread
from ripeline.insight.in_use import Became, Given, Handed, Look, Points, RuleKey
from ripeline.plan.nodes import Plan, SignalPlan, Units
from ripeline.ports.review import Until
from ripeline.ports.scores import Asked
from ripeline.scoring.level import at_level
from ripeline.scoring.lower import OF_RULES, lower_contributions, lower_scores
from ripeline.scoring.profile import UNDATED
from ripeline.scoring.sql.frame import Frame
from ripeline.scoring.sql.profile import profile_steps
from ripeline.vocabulary.points import MICRO, TENTH, shown_total
from ripeline.vocabulary.stages import StageChange

FEWEST_ALIKE = 5
"""A text that fewer leads have is not told: it may be somebody's own."""

A_DATE = "a date"

_WHO_NOW = "LEFT JOIN tied r ON r.who = {0}.{1} AND {2} >= r.from_us AND {2} < r.until_us"


class StoredReview:
    """The history of one cut, at a few instants."""

    def __init__(self, store: Store) -> None:
        """Take the store to read."""
        self._store = store

    def look(self, plan: Plan, at_us: int, until: Until) -> Look:
        """Return everybody at an instant, as it was known then, and what became of them."""
        return _look(self._store, plan, at_us, until)

    def since(self, plan: Plan, from_us: int, until_us: int) -> dict[str, int]:
        """Return by signal how many leads did what it listens for, from the day of one instant to another."""
        return _since(self._store, plan, from_us, until_us)

    def handed(self, plan: Plan, given: Sequence[Given]) -> Handed:
        """Return handoffs with points and traits of then, less those of leads who are not known any more."""
        return handed(self._store, plan, given)

    def moves(self, fingerprint: str, until_us: int) -> Sequence[StageChange]:
        """Return the log of stages of the definition of a version up to an instant; none where it was not published."""
        stages = self._store.stages
        return () if stages is None else stages.lines(fingerprint, until_us)


def _look(store: Store, plan: Plan, at_us: int, until: Until) -> Look:
    asked = Asked(at_us, at_us)
    plan = at_level(plan, levels_of(store, plan, asked).get(at_us, 0))
    _load(store, prepare(store, plan, asked))
    con = store.con
    ((leads, mqls),) = con.execute("SELECT count(*), count(*) FILTER (WHERE meets) FROM looked_at").fetchall()
    cells = con.execute("SELECT fit_level, engagement_level, count(*) FROM looked_at GROUP BY 1, 2").fetchall()
    return Look(
        leads,
        mqls,
        _score(store, "fit"),
        _score(store, "engagement"),
        {(fit, engagement): count for fit, engagement, count in cells},
        {trait: _trait(store, place) for place, trait in enumerate(plan.traits)},
        _points(store, leads),
        _became(store, at_us, until),
    )


def _load(store: Store, frame: Frame) -> None:
    """Make `looked_at` of scores, `looked_points` of lines and `looked_traits` of everybody."""
    plan, facts, moment = frame.plan, frame.facts, frame.moment
    store.con.execute(
        "CREATE OR REPLACE TABLE looked_at AS SELECT subject, fit, fit_level, engagement, engagement_level, likelihood, "
        f"meets_definition AS meets FROM ({lower_scores(plan, facts, moment)})"
    )
    store.con.execute(
        "CREATE OR REPLACE TABLE looked_points AS SELECT part, name, count(*) AS leads, min(micro) AS least, "
        f"max(micro) AS most FROM ({lower_contributions(plan, facts, moment)}) "
        f"WHERE micro <> 0 AND {OF_RULES} GROUP BY part, name"
    )
    steps = ", ".join(f"{name} AS ({select})" for name, select in profile_steps(frame))
    columns = ", ".join(["subject", *cell_columns(frame)])
    store.con.execute(f"CREATE OR REPLACE TABLE looked_traits AS WITH {steps} SELECT {columns} FROM profile p")


def _score(store: Store, name: str) -> Spread:
    """Return how a score lies over leads, as it is shown: in tenths of a point."""
    counts = Counter[int | None]()
    for micro, count in store.con.execute(f"SELECT {name}, count(*) FROM looked_at GROUP BY 1").fetchall():
        counts[shown_total(micro) * TENTH] += count
    return Spread({}, counts)


def _points(store: Store, leads: int) -> Mapping[RuleKey, Points]:
    """Return what each rule gives; who is not among those with points from it has 0."""
    found = store.con.execute("SELECT part, name, leads, least, most FROM looked_points").fetchall()
    return {
        (part, name): Points(
            count, least if count == leads else min(least, 0), most if count == leads else max(most, 0)
        )
        for part, name, count, least, most in found
    }


def _trait(store: Store, place: int) -> Spread:
    """Return how a trait lies over leads: as a number where all that is known of it is one.

    Of dates it is told alone whether they are known: everybody grows older.
    """
    text, number = f"{TEXT}_{place}", f"{NUMBER}_{place}"
    known = f"count({text}), count({number}), count({AGE}_{place}), count(*)"
    ((texts, numbers, ages, every),) = store.con.execute(f"SELECT {known} FROM looked_traits").fetchall()
    nobody: dict[str | None, int] = {None: every - texts} if every > texts else {}
    if texts and ages == texts:
        return Spread({A_DATE: texts, **nobody})
    found = store.con.execute(
        f"SELECT {text}, count(*) FROM looked_traits WHERE {text} IS NOT NULL GROUP BY 1 HAVING count(*) >= {FEWEST_ALIKE}"
    ).fetchall()
    rare = texts - sum(count for _, count in found)
    counts = dict(found) | nobody | ({ELSE: rare} if rare else {})
    if numbers < texts:
        return Spread(counts)
    return Spread(
        counts, dict(store.con.execute(f"SELECT {number}, count(*) FROM looked_traits GROUP BY 1").fetchall())
    )


# ---- what became of them ----------------------------------------------------------------------------------


def _became(store: Store, at_us: int, until: Until) -> list[Became]:
    """Return what became of those of whom nothing had become yet, by who they are now."""
    if not store.has("outcomes"):
        return []
    load_tied(store, Asked(until.end_us))
    now = (
        f"SELECT coalesce(r.person, l.subject) AS person, l.* FROM looked_at l {_WHO_NOW.format('l', 'subject', at_us)}"
    )
    ends = (
        "SELECT coalesce(r.person, o.who) AS person, "
        f"bool_or(o.ts <= {at_us} OR o.ts = {UNDATED}) AS before, "
        f"bool_or(o.outcome = 'won' AND o.ts <= {until.end_us}) AS won, bool_or(o.ts <= {until.end_us}) AS ended, "
        f"bool_or(o.outcome = 'won' AND o.ts <= {until.in_time_us}) AS in_time "
        f"FROM outcomes o {_WHO_NOW.format('o', 'who', 'o.ts')} GROUP BY 1"
    )
    counts = ", ".join(f"count(*) FILTER (WHERE e.{name})" for name in ("won", "ended", "in_time"))
    found = store.con.execute(
        f"SELECT n.fit_level, n.engagement_level, n.likelihood, count(*), {counts} FROM ({now}) n "
        f"LEFT JOIN ({ends}) e ON e.person = n.person WHERE NOT coalesce(e.before, FALSE) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    ).fetchall()
    return [Became(*row) for row in found]


# ---- what signals listen for ------------------------------------------------------------------------------


def _since(store: Store, plan: Plan, from_us: int, until_us: int) -> dict[str, int]:
    days = plan.zone.day(until_us) - plan.zone.day(from_us) + 1
    heard = tuple(_listening(one, days) for one in plan.signals if isinstance(one.signal.form, Accrual | Frequency))
    definition = replace(plan.definition, fit=replace(plan.definition.fit, criteria=()))
    listening = replace(plan, definition=definition, signals=heard)
    frame = prepare(store, listening, Asked(until_us, until_us))
    lines = lower_contributions(listening, frame.facts, frame.moment)
    found = store.con.execute(
        f"SELECT name, count(*) FROM ({lines}) WHERE part = 'engagement' AND {OF_RULES} GROUP BY name"
    ).fetchall()
    return dict.fromkeys((one.name for one in heard), 0) | dict(found)


def _listening(one: SignalPlan, days: int) -> SignalPlan:
    """Return a signal that gives a point for all it listens for in so many days, whatever else it asks."""
    form = one.signal.form
    assert isinstance(form, Accrual | Frequency)  # noqa: S101 - asked before
    plain = Accrual(form.match, Measure("count"), None, None, days)
    bare = replace(one.signal, points=MICRO, form=plain, cap=None, floor=None, group=None, weak=False, hand_raise=None)
    return replace(one, signal=bare, units=Units(steady=MICRO), horizon=days)
