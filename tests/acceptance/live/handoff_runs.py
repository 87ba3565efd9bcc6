"""Random days of a shop with salespeople, and what must hold whatever happened: nobody forgotten, nothing done twice."""

import json
import random
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.logged import of_persons
from ripeline.entry.bootstrap.book import opened_server_book
from ripeline.entry.bootstrap.live import opened_store
from ripeline.lifecycle.lot import is_drawn
from ripeline.lifecycle.standing import standing
from ripeline.ports.handoffs import HandoffsAsked
from ripeline.vocabulary.calendar import instant_of
from ripeline.vocabulary.handoffs import Handoff
from ripeline.vocabulary.stages import LEAD, RESTING
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.receivers import FINE, Heard, Said
from tests.acceptance.live.served import Served
from tests.acceptance.live.shop import DEFINITION, SHOWN, START, batch, calls, live

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SALES = """
[sales]
timezone = "Europe/Berlin"
hours = "Mon-Fri 09:00-12:00, 13:00-17:00"
holidays = ["2026-04-03", "2026-04-06"]
[sales.people.maria]
mail = "maria@shop.example"
capacity = 12
[sales.people.jon]
mail = "jon@shop.example"
weight = 2
absent = ["2026-04-08 to 2026-04-10"]
[sales.people.petra]
mail = "petra@shop.example"
[sales.people.kim]
mail = "kim@shop.example"
capacity = 3
[sales.teams.pro]
members = ["maria", "kim"]
manager = "petra"
[sales.teams.all]
members = ["maria", "jon"]
manager = "petra"
[[sales.routes]]
when = "plan = 'pro'"
team = "pro"
[[sales.routes]]
team = "all"
"""
TOLD = """
[outbox.webhooks.crm]
url = "http://127.0.0.1:{port}/crm"
secret = "{secret}"
allow_private = true
"""
SHARES = {("poor", "medium"): 60_000, ("unknown", "medium"): 40_000, ("unknown", "low"): 70_000}
LOTS = DEFINITION.replace("medium: nurture, low: remove", "medium: {action: nurture, by_lot: 60%}, low: remove")
LOTS = LOTS.replace(
    "unknown: {high: handoff, medium: nurture, low: nurture}",
    "unknown: {high: handoff, medium: {action: nurture, by_lot: 40%}, low: {action: nurture, by_lot: 70%}}",
)
"""The shop's definition, with lots where its matrix says to nurture."""

PEOPLE = ("maria", "jon", "kim", "petra")
THRESHOLDS = (20, 14, 8)
NAMES = re.compile(r'("(?:[ud]|[aA]|C-)[0-9]+)(@[^"]*"|")')
"""Names of users and devices, addresses, and ids of a CRM, in a call."""
VERBS = {
    "accept": {},
    "touch": {"comment": "called"},
    "reject": {"reason": "no_need"},
    "recycle": {"until": "2026-06-01"},
    "disqualify": {"reason": "a student"},
    "qualify": {"budget": "10 k", "need": "one", "fit": "good", "timing": "soon"},
    "won": {},
    "lost": {"reason": "price"},
    "reassign": {},
}


class Run:
    """One random run over a server. done: how many operations there were, by kind; told: what was answered to verbs.

    together: there are fewer events than so many in one batch.
    """

    def __init__(self, shop: Served, seed: int, together: int = 40) -> None:
        self.shop, self.rng, self.together = shop, random.Random(seed), together
        self.now = START
        self.done, self.told = Counter[str](), Counter[int]()
        self._imports = self._steps = 0
        self._kinds = {
            self.events: 40,
            self.time: 12,
            self.answer: 15,
            self.absence: 2,
            self.merge: 3,
            self.judge: 2,
            self.publish: 1,
            self.import_some: 1,
            self.release: 1,
            self.kill: 1,
            self.restart: 1,
        }
        # Also what happens seldom happens in a short run.
        self._first = self.rng.sample(list(self._kinds), len(self._kinds))

    @property
    def has_done_all(self) -> bool:
        """Whether there was everything that can happen."""
        return not self._first

    def step(self) -> None:
        """Do something, mostly what happens most."""
        self._steps += 1
        (what,) = self.rng.choices(list(self._kinds), list(self._kinds.values()))
        if self._first and self._steps % 4 == 0:
            what = self._first.pop()
        what()

    def events(self) -> None:
        some = [self._of_today(one) for one in calls(self.rng, self.now, self.rng.randrange(1, self.together))]
        reply = self.shop.send(*some, key=self.rng.choice([self.shop.web_key, self.shop.server_key]))
        assert reply.status == 200, reply
        self.done["event"] += len(some)

    def _of_today(self, call: dict[str, Any]) -> dict[str, Any]:
        """Return a call of somebody who is new every now and then: sooner or later sales has decided about all others."""
        text = NAMES.sub(rf"\1{self._generation}\2", json.dumps(call))
        return {**json.loads(text), "messageId": f"r{self.rng.getrandbits(60)}"}

    @property
    def _generation(self) -> str:
        return f"g{self.done['event'] // 600}"

    def _somebody(self) -> str:
        return f"{self.rng.choice('ud')}{self.rng.randrange(10)}{self._generation}"

    def time(self) -> None:
        self.now += timedelta(minutes=self.rng.choice([1, 20, 90, 60 * 7, 60 * 24]))
        self.shop.due(self.now.isoformat().replace("+00:00", "Z"))
        self.done["time"] += 1

    def answer(self) -> None:
        found = self.shop.read("/api/handoffs?state=open,accepted,waiting,held&limit=50")["handoffs"]
        for _ in range(self.rng.randrange(1, 4)):
            number = self.rng.choice(found)["number"] if found else 1
            verb = self.rng.choice(list(VERBS))
            said = {"to": self.rng.choice(PEOPLE)} if verb == "reassign" and self.rng.random() < 0.5 else VERBS[verb]
            reply = self.shop.tell(f"/api/handoffs/{number}/{verb}", said)
            assert reply.status in {200, 400, 404, 409}, (verb, reply)
            self.told[reply.status] += 1
            self.done["answer"] += 1

    def absence(self) -> None:
        """Somebody will be away, or is back before that."""
        path, days = f"/api/sales/people/{self.rng.choice(PEOPLE)}/absences", timedelta(days=self.rng.randrange(4))
        if self.rng.random() < 0.5:
            first = self.now.date()
            reply = self.shop.tell(path, {"first": first.isoformat(), "last": (first + days).isoformat()})
        else:
            reply = self.shop.ask(path, None, "DELETE", authorization=f"Bearer {self.shop.admin}")
        assert reply.status in {200, 400}, reply
        self.done["absence"] += 1

    def merge(self) -> None:
        one, other = self._somebody(), self._somebody()
        verb = self.rng.choice(["merge", "unmerge"])
        reply = self.shop.tell(f"/api/leads/{one}/{verb}", {"identifier": other})
        assert reply.status in {200, 400, 404}, reply
        self.done["merge"] += 1

    def judge(self) -> None:
        path = self.rng.choice(["/api/set-aside", "/api/set-aside/restore"])
        reply = self.shop.tell(path, {"lead": self._somebody(), "reason": "a robot"})
        assert reply.status in {200, 400, 404}, reply
        self.done["judge"] += 1

    def publish(self) -> None:
        text = LOTS.replace("levels: {high: 20, medium: 8", f"levels: {{high: {self.rng.choice(THRESHOLDS)}, medium: 8")
        text = text.replace("high: 8, medium: 8", "high: 9, medium: 8")
        reply = self.shop.ask(
            "/api/definitions/qualification/publish", text.encode(), authorization=f"Bearer {self.shop.admin}"
        )
        assert reply.status in {200, 202, 409}, reply  # 202: not yet scored by it, on a busy machine
        self.done["publish"] += 1

    def import_some(self) -> None:
        self._imports += 1
        file = self.shop.workspace.root / f"more-{self._imports}.csv"
        day = self.now.date().isoformat()
        rows = [f"{self._somebody()},{self.rng.choice(['Trial', 'Hit', 'Asked'])},{day}" for _ in range(5)]
        file.write_text("\n".join(["lead,name,time", *rows]))
        told = ripeline(
            "import",
            "events",
            file,
            "-w",
            self.shop.workspace.root,
            "--lead",
            "lead",
            "--name",
            "name",
            "--time",
            "time",
        )
        assert told.returncode == 0, told.stderr
        self.done["import"] += 1

    def release(self) -> None:
        per_day = self.rng.choice([0, 1, 5])
        reply = self.shop.ask(f"/api/release?per_day={per_day}", b"", authorization=f"Bearer {self.shop.admin}")
        assert reply.status == 200, reply
        self.done["release"] += 1

    def kill(self) -> None:
        self.shop.kill()
        self.shop.start()
        self.done["kill"] += 1

    def restart(self) -> None:
        self.shop.stop()
        self.shop.start()
        self.done["restart"] += 1

    def settle(self) -> None:
        """Let everything that was said take effect, and what is published serve."""
        self.shop.due(self.now.isoformat().replace("+00:00", "Z"))
        self.shop.applied()
        self.shop.due(self.now.isoformat().replace("+00:00", "Z"))


def check(shop: Served, now: datetime) -> dict[str, int]:
    """Hold a shop to what must be so; return how much there was to look at."""
    at_us = instant_of(now)
    with closing(sqlite3.connect(shop.workspace.book)) as db:
        _check_open(db)
        _check_lines(db)
        _check_steps(db)
        (fingerprint,) = db.execute("SELECT fingerprint FROM published ORDER BY number DESC LIMIT 1").fetchone()
        given = db.execute("SELECT count(*) FROM assignments").fetchone()[0]
    with opened_store(shop.workspace) as store, opened_server_book(shop.workspace) as book:
        assert store.stages is not None
        lines = store.stages.lines(fingerprint, at_us)
        own = of_persons(store, [(line.lead, line.at_us, line) for line in lines], at_us)
        stand = {person: standing(sorted(of, key=lambda line: line.number)) for person, of in own.items()}
        unlogged = [person for person, one in stand.items() if not one.is_logged]
        assert not unlogged, f"stage is not the last line of the log: {unlogged}"
        _, found = book.handoffs(HandoffsAsked({}, ("held", "waiting", "open", "accepted"), 10_000))
        persons = of_persons(store, [(one.lead, one.made_us, one) for one in found], at_us)
        # Two that were accepted before their leads became one person stay with whom they are, and say so.
        alone = {person: [one for one in own if not _is_second(one)] for person, own in persons.items()}
        twice = {person: [one.number for one in own] for person, own in alone.items() if len(own) > 1}
        assert not twice, f"two handoffs of one person: {twice}"
        shown, scored = live(shop), batch(shop, now.isoformat())
        _, ever = book.handoffs(HandoffsAsked({}, (), 10_000))
        handed = of_persons(store, [(one.lead, one.made_us, one) for one in ever], at_us)
        _check_drawn(store, shown, handed)
    queues = shop.read("/api/queues")
    assert queues["nowhere"] == []
    assert shown == scored
    drawn = sum(one.by_lot is not None for one in ever)
    counts = {"lines": len(lines), "handoffs": len(found), "given": given, "leads": len(shown), "drawn": drawn}
    return {**counts, **queues["places"]}


def _check_drawn(store: Store, shown: Mapping[str, tuple[str, ...]], handed: Collection[int]) -> None:
    """Whose lot is drawn where they stand is with sales, or was."""
    fit, interest, rating, stage = (SHOWN.index(name) for name in ("fit_level", "engagement_level", "rating", "stage"))
    for lead, told in shown.items():
        share = SHARES.get((told[fit], told[interest]), 0)
        if told[rating] and told[stage] == LEAD and is_drawn(share, told[fit], told[interest], lead):
            keys = store.con.execute("SELECT who FROM identifiers WHERE value = ?", [lead]).fetchall()
            assert any(key in handed for (key,) in keys), f"{lead} was drawn, and nobody has it"


def _is_second(one: Handoff) -> bool:
    return any(flag.startswith("the same person as in handoff") for flag in one.flags)


def receiver(seed: int) -> Callable[[Heard], Said]:
    """Return how a receiver answers that fails now and then."""
    rng = random.Random(seed)
    return lambda _: Said(503) if rng.random() < 0.3 else FINE


def check_told(heard: Sequence[Heard]) -> int:
    """Hold what a receiver heard to what was promised: one id a happening on every attempt, nothing told twice.

    Returns how many happenings it heard of.
    """
    bodies = defaultdict[str, set[bytes]](set)
    for one in heard:
        bodies[one.id].add(one.body)
    assert all(len(said) == 1 for said in bodies.values()), "another body under the same id"
    told = [json.loads(next(iter(said))) for said in bodies.values()]
    sequences = Counter((one["data"].get("lead"), one["sequence"]) for one in told)
    assert max(sequences.values(), default=1) == 1, "two happenings of a lead under one number"
    moves = Counter(one["data"]["number"] for one in told if one["type"] == "stage.changed")
    given = Counter(
        tuple(one["data"][name] for name in ("number", "assigned_at", "owner", "why", "hand_raise"))
        for one in told
        if one["type"] == "handoff.created"
    )
    assert max([*moves.values(), *given.values()], default=1) == 1, "told twice"
    return len(told)


def _check_open(db: sqlite3.Connection) -> None:
    wrong = db.execute(
        "SELECT number FROM handoffs WHERE (state = 'open') <> (owner IS NOT NULL AND accept_due_us IS NOT NULL "
        "AND next_us IS NOT NULL AND closed_us IS NULL AND accepted_us IS NULL)"
    ).fetchall()
    assert not wrong, f"open without one owner and one running clock, or the other way round: {wrong}"
    assert not db.execute("SELECT number FROM handoffs WHERE closed_us IS NOT NULL AND next_us IS NOT NULL").fetchall()


def _check_lines(db: sqlite3.Connection) -> None:
    """Nothing is decided twice: of all that follows a user's line, one at most is no merge or its undoing.

    What was logged of a device may turn out to be somebody else's.
    """
    users = {number for (number,) in db.execute("SELECT number FROM stage_log WHERE kind = 'user'")}
    followers = defaultdict[int, list[int]](list)
    rows = db.execute("SELECT number, cause, follows, before, after FROM stage_log ORDER BY number").fetchall()
    for number, cause, follows, before, after in rows:
        # Who decides once more about somebody at rest changes until when; that is logged too.
        assert before != after or cause in {"merge", "unmerge"} or (cause == "person" and after in RESTING), number
        if cause not in {"merge", "unmerge"}:
            for one in json.loads(follows):
                followers[one].append(number)
    assert not {one: many for one, many in followers.items() if len(many) > 1 and one in users}


def _check_steps(db: sqlite3.Connection) -> None:
    """A handoff is closed once, and given to nobody after it."""
    closing_steps = {"reject", "recycle", "disqualify", "won", "lost", "withdrawn"}
    for number, whats in _by_number(db).items():
        ends = [what for what in whats if what in closing_steps]
        assert len(ends) <= 1, (number, whats)
        assert not ends or whats[-1] in closing_steps | {"flagged"}, (number, whats)


def _by_number(db: sqlite3.Connection) -> dict[int, list[str]]:
    found = defaultdict[int, list[str]](list)
    for number, what in db.execute("SELECT number, what FROM handoff_log ORDER BY entry"):
        found[number].append(what)
    return found


def steps(run: Run, count: int) -> Iterator[int]:
    """Take steps until there were so many operations; yield after each how many there are."""
    while sum(run.done.values()) < count:
        run.step()
        yield sum(run.done.values())
