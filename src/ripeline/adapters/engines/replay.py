"""History played again: everybody scored at many instants, each with what was known by then."""

from collections.abc import Collection, Mapping, Sequence

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.first_touch import first_channels
from ripeline.adapters.engines.kin import identifiers_of
from ripeline.adapters.engines.logged import name_of
from ripeline.adapters.engines.looks import frame_of_news, keep_seen, only_news_matters
from ripeline.adapters.engines.prepare import prepare
from ripeline.adapters.engines.whose import load_tied
from ripeline.learning.backtest import Ends, Met
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked, Progress
from ripeline.scoring.lower import lower_scores
from ripeline.scoring.profile import UNDATED
from ripeline.vocabulary.channels import ChannelTables

_LATE = ("events", "traits", "links", "bonds", "group_links")
_WHO_NOW = "LEFT JOIN tied r ON r.who = {0}.{1} AND {0}.{2} >= r.from_us AND {0}.{2} < r.until_us"


class StoredReplay:
    """The history of one cut, at any instant."""

    def __init__(self, store: Store, channels: ChannelTables, now_us: int) -> None:
        """Take the store, the tables of channels, and the instant at which people are told apart."""
        self._store, self._con, self._channels, self._now_us = store, store.con, channels, now_us

    def first_met(self, plan: Plan, instants: Sequence[int], progress: Progress) -> list[Met]:
        """Return everybody who met a definition at some of these instants, with the first of them."""
        self._con.execute(
            "CREATE OR REPLACE TABLE met (person BIGINT, at_us BIGINT, fit BIGINT, fit_level VARCHAR, "
            "engagement BIGINT, engagement_level VARCHAR)"
        )
        is_late, tells = self._is_late(), only_news_matters(self._store, plan)
        for number, at_us in enumerate(instants):
            progress(f"scoring as {plan.definition.name} would have", number / len(instants))
            asked = Asked(at_us, at_us if is_late else None)
            if number and tells:
                frame = frame_of_news(self._store, plan, asked, instants[number - 1], "met")
            else:
                frame = prepare(self._store, plan, asked)
                keep_seen(self._store)
            scored = lower_scores(plan, frame.facts, frame.moment)
            self._con.execute(
                f"INSERT INTO met SELECT subject, {at_us}, fit, fit_level, engagement, engagement_level FROM ({scored}) "
                "WHERE meets_definition AND subject NOT IN (SELECT person FROM met)"
            )
        return self._met(instants[0])

    def _met(self, first_us: int) -> list[Met]:
        """Return each person's first row, by who they are now: two of them may be one by now."""
        load_tied(self._store, Asked(self._now_us))
        now = "SELECT coalesce(r.person, m.person) AS now, m.* FROM met m " + _WHO_NOW.format("m", "person", "at_us")
        found = self._con.execute(
            f"SELECT now, at_us, fit, fit_level, engagement, engagement_level, at_us = {first_us} FROM ({now}) "
            "QUALIFY row_number() OVER (PARTITION BY now ORDER BY at_us, person) = 1 ORDER BY at_us, now"
        ).fetchall()
        return [Met(*row) for row in found]

    def _is_late(self) -> bool:
        """Say whether something was known later than it was, so that what was known then has to be asked for."""
        if self._store.has("judgements") or self._store.has("retractions"):
            return True
        late = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE known > ts" for table in _LATE)
        return bool(self._con.execute(f"SELECT EXISTS ({late})").fetchall()[0][0])

    def ends(self, known_us: int) -> Ends:
        """Return what is known by an instant to have become of people."""
        load_tied(self._store, Asked(self._now_us))
        won = self._firsts("outcomes", f"t.outcome = 'won' AND t.ts > {UNDATED}", known_us)
        accepted = self._firsts("dispositions", "t.answer IN ('accepted', 'qualified')", known_us)
        answered = self._firsts("dispositions", "t.answer NOT IN ('followed_up', 'dismissed')", known_us)
        return Ends(won, accepted, answered)

    def _firsts(self, table: str, where: str, known_us: int) -> dict[int, int]:
        if not self._store.has(table):
            return {}
        found = self._con.execute(
            f"SELECT coalesce(r.person, t.who) AS person, min(t.ts) FROM {table} t {_WHO_NOW.format('t', 'who', 'ts')} "
            f"WHERE {where} AND t.ts <= {known_us} GROUP BY 1"
        ).fetchall()
        return dict(found)

    def names(self, people: Collection[int]) -> Mapping[int, str]:
        """Return the identifiers that people are shown by."""
        return {key: one.value for key, one in identifiers_of(self._store, people).items()}

    def channels(self, people: Collection[int], at_us: int) -> Mapping[int, str]:
        """Return by which channel people first came, of those of whom it is known."""
        named = {name_of(one): key for key, one in identifiers_of(self._store, people).items()}
        found = first_channels(self._store, named, self._channels, at_us)
        return {named[name]: channel for name, channel in found.items()}
