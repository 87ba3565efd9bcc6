"""Single events of one cut: those that are set aside, those to judge, and what patterns are looked for in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from ripeline.adapters.columnar.columns import quoted, text_of
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import links_around
from ripeline.adapters.engines.leads import StoredHistory
from ripeline.adapters.engines.live_scores import around
from ripeline.adapters.engines.whose import load_tied
from ripeline.identity.links import Links
from ripeline.intake.patterns import Act, Patterns, is_staff
from ripeline.intake.suspicion import AGENT
from ripeline.ports.acts import ActsAsked, SetAside, SetAsideFor, SetAsideOf, Touched
from ripeline.ports.scores import Asked
from ripeline.vocabulary.calendar import SECOND_US

ALL = "(SELECT * FROM stored_events UNION ALL BY NAME SELECT * FROM stored_set_aside)"
SPANS = {"person": "BIGINT", "who": "BIGINT", "from_us": "BIGINT", "until_us": "BIGINT"}
_WHOSE = "a.who = r.who AND a.ts >= r.from_us AND a.ts < r.until_us"
_LAST = (
    "SELECT id, arg_max(reason, coalesce(decided, 0)) AS reason, arg_max(by_hand, coalesce(decided, 0)) AS by_hand, "
    "arg_max(known, coalesce(decided, 0)) AS judged FROM judgements GROUP BY id"
)
_ID = "replace(CAST(a.id AS VARCHAR), '-', '')"


class StoredActs:
    """The single events of a store."""

    def __init__(self, store: Store) -> None:
        """Take the store to read."""
        self._store, self._con = store, store.con

    def set_aside(self, limit: int, offset: int) -> tuple[int, list[SetAside]]:
        """Return how many are set aside, and a page of them, the last judged first."""
        (total,) = self._con.execute("SELECT count(*) FROM set_aside").fetchall()[0]
        rows = self._con.execute(
            f"SELECT {_ID}, i.value, a.type, a.name, a.ts, a.source, j.reason, j.by_hand, j.judged FROM set_aside a "
            f"JOIN ({_LAST}) j ON j.id = a.id JOIN identifiers i ON i.who = a.who "
            f"ORDER BY j.judged DESC, a.id LIMIT {limit} OFFSET {offset}"
        ).fetchall()
        return int(total), [SetAside(*row) for row in rows]

    def set_aside_for(self, most_reasons: int, most_each: int) -> list[SetAsideFor]:
        """Return what is set aside by its reasons, the most frequent first, each with whose it is for the most part."""
        self._con.execute(
            "CREATE OR REPLACE TABLE aside_of AS SELECT j.reason, j.by_hand, a.who, count(*) AS events, "
            "arg_max(a.type, a.ts) AS type, arg_max(a.name, a.ts) AS name, max(a.ts) AS last, "
            "row_number() OVER (PARTITION BY j.reason, j.by_hand ORDER BY count(*) DESC, a.who) AS place "
            f"FROM set_aside a JOIN ({_LAST}) j ON j.id = a.id GROUP BY j.reason, j.by_hand, a.who"
        )
        of = [
            SetAsideOf(*row)
            for row in self._con.execute(
                "SELECT reason, by_hand, i.value, i.kind, events, type, name, last FROM aside_of a "
                f"JOIN identifiers i ON i.who = a.who WHERE place <= {most_each} ORDER BY place"
            ).fetchall()
        ]
        counted: list[tuple[Any, ...]] = self._con.execute(
            "SELECT reason, by_hand, CAST(sum(events) AS BIGINT), count(*) FROM aside_of GROUP BY 1, 2 "
            f"ORDER BY 3 DESC, 1, 2 LIMIT {most_reasons}"
        ).fetchall()
        whose = defaultdict[tuple[str, bool], list[SetAsideOf]](list)
        for one in of:
            whose[one.reason, one.by_hand].append(one)
        return [
            SetAsideFor(reason, by_hand, events, many, whose[reason, by_hand])
            for reason, by_hand, events, many in counted
        ]

    def aside(self, events: Iterable[str]) -> dict[str, str]:
        """Return those of some events that are set aside by the last judgement of each, with its reason."""
        load(self._con, "asked_ids", {"id": "UUID"}, ({"id": one} for one in events))
        last = "arg_max(reason, coalesce(decided, 0)), arg_max(aside, coalesce(decided, 0)) AS is_aside"
        found = self._con.execute(
            f"SELECT {_ID}, {last} FROM judgements a WHERE a.id IN (SELECT id FROM asked_ids) GROUP BY a.id HAVING is_aside"
        ).fetchall()
        return {event: reason for event, reason, _ in found}

    def chosen(self, asked: ActsAsked, at_us: int, *, aside: bool) -> dict[str, str]:
        """Return the events asked for that are set aside, or that are not, each with the identifier it came with."""
        where, join = ["TRUE"], ""
        if asked.events is not None:
            load(self._con, "asked_ids", {"id": "UUID"}, ({"id": one} for one in asked.events))
            where.append("a.id IN (SELECT id FROM asked_ids)")
        if asked.lead is not None:
            kin = StoredHistory(self._store).kin((asked.lead,))
            self._load_spans(kin.links, kin.asked.values(), at_us)
            join = f"JOIN spans r ON {_WHOSE}"
        if asked.user_agent is not None:
            agent = f"{AGENT}:text"
            known = agent in self._store.columns["events"]
            where.append(
                f"contains(lower(a.{quoted(agent)}), {text_of(asked.user_agent.lower())})" if known else "FALSE"
            )
        found = self._con.execute(
            f"SELECT {_ID}, i.value FROM {'set_aside' if aside else 'events'} a {join} "
            f"JOIN identifiers i ON i.who = a.who WHERE {' AND '.join(where)}"
        ).fetchall()
        return dict(found)

    def on_mails(self, patterns: Patterns, touched: Touched | None, at_us: int) -> Iterator[list[Act]]:
        """Yield what each person did with mails."""
        mail, link = (self._text(field) for field in patterns.fields)
        names = ", ".join(map(text_of, patterns.mail_names))
        if mail == "NULL":
            return
        if touched is None:
            load_tied(self._store, Asked(at_us))
            whose = f"LEFT JOIN tied r ON {_WHOSE}"
        else:
            self._load_touched(touched, at_us)
            whose = f"JOIN spans r ON {_WHOSE}"
        found = self._con.execute(
            f"SELECT coalesce(r.person, a.who) AS person, {_ID}, a.ts, a.name, {mail}, {link} FROM {ALL} a {whose} "
            f"WHERE a.type = 'track' AND a.name IN ({names}) ORDER BY person"
        ).fetchall()
        yield from _grouped(found)

    def in_numbers(self, patterns: Patterns, touched: Touched | None) -> Iterator[list[Act]]:
        """Yield what came untrusted from each identifier of which there is much."""
        among = near = "TRUE"
        if touched is not None:
            load(self._con, "touched", {"value": "VARCHAR"}, ({"value": one} for one in touched.identifiers))
            self._con.execute(
                "CREATE OR REPLACE TABLE touched_keys AS SELECT who FROM identifiers "
                "WHERE value IN (SELECT value FROM touched)"
            )
            among = "who IN (SELECT who FROM touched_keys)"
            near = f"a.ts > {touched.since_us - patterns.burst_seconds * SECOND_US}"
        many = (
            f"SELECT who FROM presence WHERE {among} GROUP BY who HAVING sum(events) > {patterns.burst_events} "
            f"UNION SELECT who FROM stored_set_aside WHERE {among}"
        )
        found = self._con.execute(
            f"SELECT a.who, {_ID}, a.ts FROM {ALL} a WHERE NOT a.trusted AND {near} AND a.who IN ({many}) ORDER BY a.who"
        ).fetchall()
        yield from _grouped(found)

    def of_staff(self, patterns: Patterns, touched: Touched | None, at_us: int) -> list[str]:
        """Return all that the company's own people did."""
        own = [text_of(domain) for domain in patterns.staff_domains]
        likely = " OR ".join(
            [
                *(f"ends_with(value, {one})" for one in own),
                *(f"value = {text_of(one)}" for one in patterns.staff_addresses),
            ]
        )
        if not likely:
            return []
        if touched is not None:
            self._load_touched(touched, at_us)
            likely = f"({likely}) AND who IN (SELECT who FROM spans)"
        rows = self._con.execute(f"SELECT who, value FROM identifiers WHERE kind = 'email' AND ({likely})").fetchall()
        staff = {who for who, value in rows if is_staff(value, patterns)}
        if not staff:
            return []
        self._load_spans(links_around(self._store, staff), staff, at_us)
        return [
            event for (event,) in self._con.execute(f"SELECT {_ID} FROM {ALL} a JOIN spans r ON {_WHOSE}").fetchall()
        ]

    def judged(self, events: Iterable[str]) -> set[str]:
        """Return those of some events of which there is a judgement already."""
        load(self._con, "asked_ids", {"id": "UUID"}, ({"id": one} for one in events))
        found = self._con.execute(
            f"SELECT DISTINCT {_ID} FROM judgements a WHERE a.id IN (SELECT id FROM asked_ids)"
        ).fetchall()
        return {event for (event,) in found}

    def _load_touched(self, touched: Touched, at_us: int) -> None:
        keys, links = around(self._store, touched.identifiers)
        self._load_spans(links, keys, at_us)

    def _load_spans(self, links: Links, keys: Iterable[int], at_us: int) -> None:
        """Make `spans`: what is whose, and when, of the persons that some identifiers are."""
        whose = links.until(at_us)
        rows = (
            {"person": person, "who": one.identifier, "from_us": one.from_us, "until_us": one.until_us}
            for person in {whose.person(key) for key in keys} & links.about
            for one in whose.belongings(person)
        )
        load(self._con, "spans", SPANS, rows)

    def _text(self, field: str) -> str:
        """Return SQL of a field as text: texts as they are, numbers by their digits."""
        there = [
            f"CAST(a.{quoted(f'{field}:{twin}')} AS VARCHAR)"
            for twin in ("text", "number")
            if f"{field}:{twin}" in self._store.columns["events"]
        ]
        return f"coalesce({', '.join([*there, 'NULL'])})" if there else "NULL"


def _grouped(rows: Sequence[tuple[Any, ...]]) -> Iterator[list[Act]]:
    for _, own in groupby(rows, key=itemgetter(0)):
        yield [Act(*row[1:]) for row in own]
