"""By how much likelihoods move on a day: by what became of the last leads that were looked at, as known when it began."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.leads_then import load_leads_then
from ripeline.adapters.engines.then import frame_of_rows
from ripeline.definition.model import Follows
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.scoring.level import Became, steps_of
from ripeline.scoring.lower import lower_scores
from ripeline.vocabulary.calendar import DAY_US, EVER, NEVER
from ripeline.vocabulary.looks import AfterCreation

MOST_INSTANTS = 52
"""Ends of days are gone back so often at most."""

KNOWN = ("events", "set_aside", "judgements", "traits", "links", "bonds", "retractions", "group_links")
"""Kinds of files whose rows tell when they came to be known, and on which it depends who was looked at, and as what."""

Look = tuple[int, int]
"""The key of a person, and the instant."""


def levels_of(store: Store, plan: Plan, asked: Asked) -> dict[int, int]:
    """Return by how many steps likelihoods move, by the instant that is asked for; nothing where they stay."""
    instants = [asked.as_of_us] if asked.rows is None else {at_us for _, at_us in asked.rows}
    begun = {at_us: _begun(plan, at_us, asked.known_us) for at_us in instants}
    steps = _steps_by_day(store, plan, set(begun.values()))
    return {at_us: steps[day_us] for at_us, day_us in begun.items() if steps.get(day_us)}


def _begun(plan: Plan, at_us: int, known_us: int | None) -> int:
    """Return the last instant before the day of an instant, or when all is known that is to be."""
    begun = plan.zone.first_instant(plan.zone.day(at_us)) - 1
    return begun if known_us is None else min(begun, known_us)


def _steps_by_day(store: Store, plan: Plan, ends: Collection[int]) -> dict[int, int]:
    """Return the steps by what was known by each of some instants, those that are known already as they are."""
    likelihood = plan.definition.likelihood
    if likelihood is None or likelihood.follows is None or not store.has("outcomes"):
        return {}
    kept = {end_us: ("level", plan.fingerprint, end_us, _known_by(store, end_us)) for end_us in ends}
    new = [end_us for end_us in ends if kept[end_us] not in store.kept]
    won = {end_us: _looks(store, plan, likelihood.follows, end_us) for end_us in new}
    chances = _chances(store, plan, sorted({look for looks in won.values() for look in looks}))
    for end_us, looks in won.items():
        store.kept[kept[end_us]] = steps_of(_became(looks, chances))
    return {end_us: store.kept[key] for end_us, key in kept.items()}


def _known_by(store: Store, end_us: int) -> tuple[int, ...]:
    """Return how much there is of all that the level stands on: as long as nothing comes to it, the level stays."""
    return (
        *(store.count(kind, f"known <= {end_us}") for kind in KNOWN),
        store.count("outcomes", f"ts <= {end_us}"),
    )


def _became(looks: Mapping[Look, bool], chances: Mapping[Look, int]) -> Iterator[Became]:
    of, won = (
        Counter(chances[look] for look in looks),
        Counter(chances[look] for look, is_won in looks.items() if is_won),
    )
    return (Became(likelihood, many, won[likelihood]) for likelihood, many in of.items())


def _chances(store: Store, plan: Plan, looks: Sequence[Look]) -> dict[Look, int]:
    """Return the likelihoods of looks by the table, each as known then."""
    if not looks:
        return {}
    frame = frame_of_rows(store, plan, looks)
    scored = lower_scores(plan, frame.facts, frame.moment)
    found = store.con.execute(f"SELECT subject, likelihood FROM ({scored})").fetchall()
    return {looks[place]: likelihood for place, likelihood in found}


def _looks(store: Store, plan: Plan, follows: Follows, end_us: int) -> dict[Look, bool]:
    """Return the last looks at leads of which an instant tells what became, and whether they were won."""
    load_leads_then(store, plan, end_us)
    ((last_us,),) = store.con.execute("SELECT max(ended) FROM deals_then").fetchall()
    if last_us is None:
        return {}
    # Outcomes come in late, or not at all any more: after the last of them nobody knows what became of leads.
    end_us = min(end_us, last_us)
    _load_at_risk(store, follows)
    load(store.con, "instants", {"at_us": "BIGINT"}, _instants(store, plan, follows, end_us))
    if isinstance(follows.at, AfterCreation):
        moments = f"SELECT *, seen + {follows.at.wait_us} AS at_us FROM at_risk"
    else:
        moments = "SELECT * FROM at_risk, instants"
    open_then = f"SELECT place, subject, at_us FROM ({moments}) WHERE seen <= at_us AND at_us < closed"
    query = _settled_within(open_then, follows, end_us) if follows.within else _settled(open_then, follows)
    return {(who, at_us): won for who, at_us, won in store.con.execute(query).fetchall()}


def _load_at_risk(store: Store, follows: Follows) -> None:
    """Make `at_risk`: since when leads are, and until when; where any time will do, of those that were closed alone."""
    until = str(NEVER) if follows.repeats else f"coalesce(c.first, {NEVER})"
    join = "LEFT JOIN" if follows.within else "JOIN"
    closed = "SELECT place, min(ended) AS first FROM deals_then GROUP BY place"
    store.con.execute(
        f"CREATE OR REPLACE TABLE at_risk AS SELECT l.place, l.subject, l.seen, {until} AS closed FROM leads_then l "
        f"{join} ({closed}) c ON c.place = l.place WHERE l.seen > {EVER}"
    )


def _instants(store: Store, plan: Plan, follows: Follows, end_us: int) -> Iterator[dict[str, int]]:
    """Yield ends of days at which leads are looked at, the last first, until there are enough looks.

    No win can follow two of them in time, so that none counts twice.
    """
    if isinstance(follows.at, AfterCreation):
        return
    every, within = follows.at.days, follows.within or 0
    last = plan.zone.day(end_us) - within - 1
    apart, looks = max(every, -(-within // every) * every), 0
    for number in range(MOST_INSTANTS):
        at_us = plan.zone.last_instant(last - last % every - number * apart)
        yield {"at_us": at_us}
        open_then = f"SELECT count(*) FROM at_risk WHERE seen <= {at_us} AND {at_us} < closed"
        looks += store.con.execute(open_then).fetchall()[0][0]
        if follows.within and looks >= follows.looks:
            return


def _last(looks: int, rows: str, when: str) -> str:
    """Select the last rows of some; of those of one instant whichever, told by their names."""
    return (
        f"SELECT r.* FROM ({rows}) r JOIN identifiers i ON i.who = r.subject "
        f"ORDER BY r.{when} DESC, md5(i.kind || ':' || i.value), r.at_us DESC LIMIT {looks}"
    )


def _settled_within(open_then: str, follows: Follows, end_us: int) -> str:
    """Select subject, at_us and whether they were won of the last looks whose days are over."""
    over = f"at_us + {(follows.within or 0) * DAY_US}"
    last = _last(follows.looks, f"SELECT * FROM ({open_then}) WHERE {over} <= {end_us}", "at_us")
    return (
        f"SELECT m.subject, m.at_us, count(d.ended) > 0 FROM ({last}) m LEFT JOIN deals_then d "
        f"ON d.place = m.place AND d.won AND d.ended > m.at_us AND d.ended <= m.{over} GROUP BY m.subject, m.at_us"
    )


def _settled(open_then: str, follows: Follows) -> str:
    """The same of looks after which leads were closed, the last of them."""
    told = (
        "SELECT m.subject, m.at_us, bool_or(d.won) AS won, coalesce(min(d.ended) FILTER (WHERE d.won), min(d.ended)) AS told_us "
        f"FROM ({open_then}) m JOIN deals_then d ON d.place = m.place AND d.ended > m.at_us GROUP BY m.subject, m.at_us"
    )
    return f"SELECT subject, at_us, won FROM ({_last(follows.looks, told, 'told_us')})"
