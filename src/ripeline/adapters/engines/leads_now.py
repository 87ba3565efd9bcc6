"""Persons at an instant, each with score, traits and names: what stages and handoffs are decided by."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import identifiers_of
from ripeline.adapters.engines.live_scores import LiveScores, around
from ripeline.adapters.engines.logged import load_stood, name_of
from ripeline.adapters.engines.lots import is_drawn_sql
from ripeline.adapters.engines.prepare import prepare_people
from ripeline.adapters.engines.python import histories
from ripeline.identity.accounts import account_of
from ripeline.identity.links import Whose
from ripeline.plan.nodes import Plan
from ripeline.ports.lifecycle import LeadNow, Owned
from ripeline.ports.scores import Asked
from ripeline.ports.tasks import Tasked
from ripeline.scoring.evaluate import judge, observe
from ripeline.vocabulary.calendar import EVER
from ripeline.vocabulary.history import LeadHistory
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.stages import MQL, RESTING, SALES_QUALIFIED, SUPPRESSED
from ripeline.vocabulary.tasks import ASKED_AGAIN, FOLLOW_UP


class LeadsNow:
    """The leads of a store as they are by one plan."""

    def __init__(self, store: Store, plan: Plan) -> None:
        """Take the store to read and the plan to score by."""
        self._store, self._plan = store, plan

    def of(self, identifiers: Iterable[str], at_us: int) -> Iterator[LeadNow]:
        """Yield everybody whom identifiers may concern, less those of whom nothing is known by then."""
        concerned, links = around(self._store, identifiers)
        whose = links.until(at_us)
        people = sorted({whose.person(key) for key in concerned} & links.about)
        names = self._names(whose, people)
        asked = Asked(at_us, rows=(), accounts=True)
        frame = prepare_people(self._store, self._plan, asked, links, [(key, at_us) for key in people])
        outcomes = self._outcomes(at_us)
        for subject, _, history in histories(self._store, frame):
            if history.is_known:
                lead = self._lead(history, people[subject], whose, names, at_us)
                yield replace(lead, outcome=outcomes.get(subject))

    def _outcomes(self, at_us: int) -> dict[int, tuple[str, int]]:
        """Return the last outcome of those in `reach` of whom there is one, by their numbers there."""
        if not self._store.has("outcomes"):
            return {}
        rows = self._store.con.execute(
            f"SELECT r.subject, arg_max(o.outcome, o.ts), max(o.ts) FROM reach r JOIN outcomes o ON o.who = r.who "
            f"AND o.ts >= r.from_us AND o.ts < r.until_us WHERE o.ts <= {at_us} GROUP BY r.subject"
        )
        return {subject: (outcome, ts) for subject, outcome, ts in rows.fetchall()}

    def _lead(self, history: LeadHistory, person: int, whose: Whose, names: Mapping[int, Name], at_us: int) -> LeadNow:
        observed = observe(self._plan, history, at_us)
        owned = tuple(Owned(names[one.identifier], one.from_us, one.until_us) for one in whose.belongings(person))
        account = account_of(history.group_links, observed.profile, at_us)
        score = judge(self._plan, observed, self._plan.zone.day(at_us))
        return LeadNow(names[person], owned, score, observed.profile, account)

    def _names(self, whose: Whose, people: Iterable[int]) -> dict[int, Name]:
        keys = {key for person in people for one in whose.belongings(person) for key in (person, one.identifier)}
        return {key: name_of(one) for key, one in identifiers_of(self._store, keys).items()}


def may_move(store: Store, scores: LiveScores, tasks: Iterable[Tasked], at_us: int, *, stood: bool) -> set[str]:
    """Return identifiers of everybody who may move, get a task or lose one, of all who have current scores.

    That is whose score, or outcome, says another stage than the log, less those whom sales decided about; whose score
    and `tasks`, those not answered or seen to lately, do not agree; and whose lot is drawn. Where accounts qualify, of their members none
    but who is suppressed, or was: see `accounts_may_move`.

    stood: `standings` is there by this definition, from when everybody was scored.
    """
    if not stood:
        load_stood(store, scores.plan, at_us)
    load(store.con, "tasked", _TASKED, map(_tasked, tasks))
    told = store.con.execute(
        "SELECT DISTINCT i.value FROM outcomes o JOIN identifiers i ON i.who = o.who LEFT JOIN standings n ON n.person = o.who "
        f"WHERE o.ts <= {at_us} AND (coalesce(n.since_us, {EVER}) < o.ts OR (o.outcome = 'won' AND NOT {_SAID}))"
    ).fetchall()
    rows = scores.table
    if scores.plan.definition.per == "account":
        rows = f"(FROM {scores.table} WHERE account IS NULL OR rating IS NULL OR stage = '{SUPPRESSED}')"
    found = store.con.execute(
        f"SELECT s.lead FROM {rows} s JOIN identifiers i ON i.value = s.lead "
        "LEFT JOIN standings n ON n.person = i.who LEFT JOIN tasked t ON t.kind = i.kind AND t.value = s.lead "
        f"WHERE (NOT {_SETTLED} AND ({_DIFFERS} OR {is_drawn_sql(scores.plan, 's')})) "
        f"OR {_TASK_DUE} OR {_TASK_POINTLESS}"
    ).fetchall()
    return {lead for (lead,) in (*found, *told)}


_TASKED = {"kind": "VARCHAR", "value": "VARCHAR", "nobodys": "BOOLEAN", "open": "BOOLEAN", "action": "VARCHAR"}
_RIPE = f"('{MQL}', '{SALES_QUALIFIED}')"
_SETTLED = "coalesce(n.decided AND n.logged, FALSE)"
_SAID = f"(n.decided OR n.stage IN {tuple(sorted(RESTING))})"
_DIFFERS = (
    f"(s.meets_definition AND coalesce(n.stage, '') NOT IN {_RIPE}) OR (NOT s.meets_definition AND n.stage IN {_RIPE}) "
    f"OR ((s.rating IS NULL) <> (coalesce(n.stage, '') = '{SUPPRESSED}')) OR NOT coalesce(n.logged, TRUE)"
)
_TASK_DUE = (
    f"(t.value IS NULL AND s.action = 'follow_up' AND NOT {_SETTLED} "
    f"AND coalesce(n.stage, '') NOT IN {_RIPE}) "
    f"OR (NOT coalesce(t.nobodys OR t.open, FALSE) AND s.raised AND {_SETTLED})"
)
"""The matrix asks for one; or sales decided about a lead, and its hand is raised."""

_TASK_POINTLESS = (
    f"((t.nobodys OR t.open) AND (s.rating IS NULL OR n.stage IN {_RIPE} OR (t.nobodys AND s.action <> t.action)))"
)


def _tasked(one: Tasked) -> dict[str, object]:
    action = "handoff" if one.reason == ASKED_AGAIN else FOLLOW_UP
    told = {"kind": one.lead.kind, "value": one.lead.value, "nobodys": one.nobodys, "open": one.open}
    return told | {"action": action}
