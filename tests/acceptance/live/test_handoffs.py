"""From a visitor's act to a salesperson's answer, over a real server; instants are worked out by hand.

The shop's clock begins on Friday 2026-03-27 at 09:00 UTC, which is 10:00 in Berlin; clocks change on the Sunday after it.
"""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ripeline.entry.bootstrap.book import make_token
from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Reply, Served, serving
from tests.acceptance.live.shop import DEFINITION, START

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

SALES = """
[sales]
timezone = "Europe/Berlin"
hours = "Mon-Fri 09:00-12:00, 13:00-17:00"
holidays = ["2026-04-03", "2026-04-06"]
[sales.people.maria]
mail = "maria@shop.example"
[sales.people.jon]
mail = "jon@shop.example"
[sales.people.petra]
mail = "petra@shop.example"
[sales.teams.all]
members = ["maria", "jon"]
manager = "petra"
[[sales.routes]]
team = "all"
"""


@pytest.fixture(scope="module")
def settings() -> str:
    return FIRST_SETTINGS + SALES


def known(lead: str, **traits: object) -> dict[str, Any]:
    return {"type": "identify", "userId": lead, "messageId": f"known-{lead}", "traits": {"company_size": 500} | traits}


def act(lead: str, event: str, number: int = 1) -> dict[str, Any]:
    return {"type": "track", "userId": lead, "event": event, "messageId": f"{lead}-{event}-{number}"}


def send(shop: Served, *calls: dict[str, Any]) -> None:
    shop.send(*calls, key=shop.server_key)
    shop.due(shop.clock.read_text())


def handoffs(shop: Served, query: str = "") -> list[dict[str, Any]]:
    return list(shop.read(f"/api/handoffs{query}")["handoffs"])


def say(shop: Served, number: int, verb: str, **said: str) -> Reply:
    reply = shop.tell(f"/api/handoffs/{number}/{verb}", said)
    shop.applied()
    return reply


def wait_until(holds: Callable[[], object], within_s: float = 20) -> None:
    until = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def moves(shop: Served, lead: str) -> list[tuple[str, str, str]]:
    return [(one["from"], one["to"], one["cause"]) for one in shop.read(f"/api/stages?lead={lead}")["stages"]]


def steps(shop: Served, number: int) -> list[tuple[str, str]]:
    return [(one["what"], one["at"][:16]) for one in shop.read(f"/api/handoffs/{number}")["steps"]]


def test_a_lead_that_asks_is_handed_over_and_accepted(shop: Served) -> None:
    """Asked: 15 points and fit 30: a raised hand; promised are the usual four hours and one working day."""
    send(shop, known("ada"), act("ada", "Asked"))
    (one,) = handoffs(shop)
    assert (one["lead"], one["state"], one["owner"], one["hand_raise"]) == ("ada", "open", "maria", "asked")
    assert one["why"] == "Team all (everybody): it is Maria's turn, with this one 1 today."
    # 10:00 and four hours of work: two until noon, two from 13:00 on; 15:00 in Berlin is 14:00 UTC.
    assert one["accept_by"] == "2026-03-27T14:00:00.000000Z"
    # One working day later is Monday 10:00, in summer time.
    assert one["touch_by"] == "2026-03-30T08:00:00.000000Z"
    assert moves(shop, "ada") == [("lead", "mql", "hand_raise")]
    assert shop.read("/api/leads/ada")["stage"] == "mql"
    folder = ("-w", shop.workspace.root)
    assert "asked: Asked " in ripeline("handoffs", "list", *folder).stdout
    assert "asked to talk to sales (Asked); fit 30.0, interest 15.0" in ripeline("handoffs", "show", 1, *folder).stdout
    done = say(shop, 1, "accept")
    assert (done.status, done.json["state"]) == (200, "accepted")
    assert moves(shop, "ada")[1:] == [("mql", "sales_accepted", "person")]
    assert shop.read("/api/leads/ada")["stage"] == "sales_accepted"
    # Seven hours of work until Monday 10:00, so three quarters are over at 16:15 in Berlin.
    shop.due("2026-03-27T20:00:00Z")
    assert steps(shop, 1)[2:] == [("accept", "2026-03-27T09:00"), ("touch_warned", "2026-03-27T15:15")]
    say(shop, 1, "touch", comment="called her")
    # Nothing warns of what was done, and no score takes a lead from sales.
    shop.due("2026-04-20T08:00:00Z")
    assert [what for what, _ in steps(shop, 1)[4:]] == ["touch"]
    assert shop.read("/api/leads/ada")["stage"] == "sales_accepted"


def test_silence_warns_and_escalates_in_working_time(shop: Served) -> None:
    """Asked on Friday at 16:00 in Berlin: one hour is left, then a weekend and a change of clocks."""
    shop.due("2026-03-27T15:00:00Z")
    send(shop, known("ada"), act("ada", "Asked"))
    (one,) = handoffs(shop)
    assert one["accept_by"] == "2026-03-30T10:00:00.000000Z"
    shop.due("2026-03-30T10:00:00Z")
    assert steps(shop, 1) == [
        ("waiting", "2026-03-27T15:00"),
        ("assigned", "2026-03-27T15:00"),
        # Three of the four hours: one on Friday, two on Monday from 9:00 on, 7:00 UTC.
        ("warned", "2026-03-30T09:00"),
        ("breached", "2026-03-30T10:00"),
        ("reassigned", "2026-03-30T10:00"),
    ]
    (one,) = handoffs(shop)
    assert (one["owner"], one["state"], one["lapsed"]) == ("jon", "open", ["maria"])
    # Noon in Berlin: four hours from 13:00 on.
    assert one["accept_by"] == "2026-03-30T15:00:00.000000Z"
    # He does not answer either, and there is nobody else: it stays with him, and is brought up every working day.
    for now in ("2026-03-30T15:00:00Z", "2026-04-01T07:00:00Z", "2026-04-02T07:00:00Z", "2026-04-07T12:00:00Z"):
        shop.due(now)
    # Broken at 17:00 on Monday; from Tuesday's opening on one working day each: Wednesday, Thursday, then Good Friday,
    # a weekend and Easter Monday, so Tuesday.
    assert steps(shop, 1)[5:] == [
        ("warned", "2026-03-30T14:00"),
        ("breached", "2026-03-30T15:00"),
        ("kept", "2026-03-30T15:00"),
        ("still_open", "2026-04-01T07:00"),
        ("kept", "2026-04-01T07:00"),
        ("still_open", "2026-04-02T07:00"),
        ("kept", "2026-04-02T07:00"),
        ("still_open", "2026-04-07T07:00"),
        ("kept", "2026-04-07T12:00"),
    ]
    (one,) = handoffs(shop)
    assert (one["owner"], one["state"]) == ("jon", "open")


def test_whoever_is_given_what_lapsed_while_nobody_looked_has_their_whole_time(shop: Served) -> None:
    """No server ran from Friday to Thursday: Maria's time was over on Friday, Jon's begins when he is told."""
    send(shop, known("ada"), act("ada", "Trial"))
    assert handoffs(shop)[0]["owner"] == "maria"
    shop.due("2026-04-02T07:30:00Z")
    assert [what for what, _ in steps(shop, 1)][:5] == ["waiting", "assigned", "warned", "breached", "reassigned"]
    assert steps(shop, 1)[3:5] == [("breached", "2026-03-27T14:00"), ("reassigned", "2026-04-02T07:30")]
    (one,) = handoffs(shop)
    assert (one["owner"], one["state"], one["breached_at"]) == ("jon", "open", None)
    # Half past nine in Berlin: until noon, and one and a half hours from 13:00 on.
    assert one["accept_by"] == "2026-04-02T12:30:00.000000Z"


def test_a_rejected_lead_cools_down(shop: Served) -> None:
    """Rejected on 27 March for 90 days; only a raised hand comes through, and it goes back to whom it knew."""
    send(shop, known("bob", plan="pro"), act("bob", "Trial"))
    assert handoffs(shop)[0]["owner"] == "maria"
    wrong = say(shop, 1, "reject", reason="no_bugdet")
    assert wrong.status == 400
    assert 'did you mean "no_budget"' in wrong.json["message"]
    done = say(shop, 1, "reject", reason="no_budget", comment="next year")
    assert (done.status, done.json["resting_until"]) == (200, "2026-06-25")
    over = say(shop, 1, "accept").json["message"]
    assert over == 'handoff 1 is rejected by maria; the answer "accept" is for one that is open, waiting or held.'
    send(shop, act("bob", "Trial", 2))
    assert shop.read("/api/leads/bob")["stage"] == "recycled"
    assert len(handoffs(shop)) == 1
    shop.due("2026-03-27T10:00:00Z")
    send(shop, act("bob", "Asked"))
    assert [one["owner"] for one in handoffs(shop, "?state=open")] == ["maria"]
    assert handoffs(shop, "?state=open")[0]["why"] == "Maria had this lead before."
    assert moves(shop, "bob") == [
        ("lead", "mql", "event"),
        ("mql", "recycled", "person"),
        ("recycled", "mql", "hand_raise"),
    ]


def test_the_answer_closes_the_raised_hand(shop: Served) -> None:
    """Asked, and rejected: the hand is down, and the lead rests, whatever its score says."""
    send(shop, known("ada"), act("ada", "Asked"))
    assert shop.read("/api/leads/ada").get("hand_raise") == "asked"
    shop.due("2026-03-27T10:00:00Z")
    # Five years of 365 days after 2026-03-27, of which 2028 takes one more.
    later = say(shop, 1, "recycle", until="2031-03-27")
    assert (later.status, "until 2031-03-26, not until 2031-03-27" in later.json["message"]) == (400, True)
    say(shop, 1, "recycle", until="2026-05-04")
    assert "hand_raise" not in shop.read("/api/leads/ada")
    assert shop.read("/api/leads/ada")["stage"] == "recycled"
    shop.due("2026-03-28T10:00:00Z")
    assert len(handoffs(shop)) == 1


def test_what_was_qualified_won_and_lost(shop: Served) -> None:
    send(shop, known("ada"), act("ada", "Asked"), known("bob"), act("bob", "Asked"))
    assert [one["owner"] for one in handoffs(shop)] == ["jon", "maria"]
    assert say(shop, 1, "qualify", budget="10 k", need="now").status == 409
    say(shop, 1, "accept")
    incomplete = say(shop, 1, "qualify", budget="10 k", need="a new one")
    assert (incomplete.status, incomplete.json["message"]) == (
        400,
        "a lead is qualified once budget, need, fit and timing are known; tell fit, timing too",
    )
    found = {"budget": "10 k", "need": "a new one", "fit": "good", "timing": "this year"}
    assert say(shop, 1, "qualify", **found).json["found"] == found
    say(shop, 1, "won")
    say(shop, 2, "accept")
    say(shop, 2, "lost", reason="too expensive", competitor="Rival")
    assert [shop.read(f"/api/leads/{lead}")["stage"] for lead in ("ada", "bob")] == ["customer", "lost"]
    told = shop.read("/api/leads/ada/timeline?kind=outcome")["entries"]
    assert [one["outcome"] for one in told] == ["won"]


def test_blank_words_are_none_and_harmful_ones_are_kept_as_a_line(shop: Served) -> None:
    """What cannot be taken back needs a reason that says something; a terminal shows it as nothing but text."""
    send(shop, known("ada"), act("ada", "Asked"), known("bob"), act("bob", "Asked"))
    blank = ripeline("handoffs", "disqualify", "1", "-w", shop.workspace.root, "--reason", " \t ")
    assert (blank.returncode, "say why the lead is disqualified" in blank.stderr) == (1, True)
    say(shop, 1, "accept")
    found = {"budget": "10 k", "need": " \u200b\u202e", "fit": "good", "timing": "this year"}
    assert say(shop, 1, "qualify", **found).json["message"].endswith("tell need too")
    assert say(shop, 1, "lost", reason="  ").status == 400
    assert [one["state"] for one in handoffs(shop)] == ["open", "accepted"]
    harmful = {"reason": "too\x00 small\x1b[31m\n\nWon by bob", "comment": " \u202elagel\u2028\r\n"}
    done = say(shop, 1, "disqualify", **harmful).json
    assert (done["reason"], done["comment"]) == ("too small [31m Won by bob", "lagel")
    assert done["steps"][-1]["why"] == "Disqualified by admin: too small [31m Won by bob (lagel)."
    by = ripeline("handoffs", "accept", "2", "-w", shop.workspace.root, "--by", " \x1b\n")
    assert by.returncode == 0, by.stderr
    assert shop.read("/api/handoffs/2")["steps"][-1]["by"] == "jon"


def test_nobody_answers_for_somebody_else(shop: Served) -> None:
    """Maria's token answers what Maria has; Petra, who manages the team, answers for it."""
    send(shop, known("ada"), act("ada", "Asked"), known("bob"), act("bob", "Asked"))
    tokens = {name: make_token(shop.workspace, name, ("answer",), 0, name) for name in ("maria", "petra")}

    def accept(number: int, name: str) -> Reply:
        return shop.ask(f"/api/handoffs/{number}/accept", b"", authorization=f"Bearer {tokens[name]}")

    refused = accept(2, "maria")
    assert (refused.status, refused.json["code"]) == (403, "not_yours")
    assert shop.ask("/api/handoffs/2/accept", b"", authorization=f"Bearer {shop.token}").status == 403
    assert [one["state"] for one in handoffs(shop)] == ["open", "open"]
    assert accept(1, "maria").status == 200
    assert accept(2, "petra").status == 200
    assert shop.read("/api/handoffs/2")["steps"][-1]["by"] == "petra"


# ---- nothing floods sales -----------------------------------------------------------------------------


def test_what_is_imported_is_held_until_it_is_released(shop: Served, tmp_path: Path) -> None:
    """Four leads with a good fit and 10 to 15 points of interest: two meet the definition by the matrix, two asked."""
    acts = [
        "c1,Trial,2026-03-26",
        "c2,Trial,2026-03-26",
        "c2,Hit,2026-03-27",
        "c3,Asked,2026-03-26",
        "c4,Asked,2026-03-26",
    ]
    (tmp_path / "events.csv").write_text("\n".join(["lead,name,time", *acts]))
    (tmp_path / "leads.csv").write_text("id,company_size\nc1,500\nc2,500\nc3,500\nc4,500\n")
    folder = ("-w", shop.workspace.root)
    assert ripeline("import", "leads", tmp_path / "leads.csv", *folder, "--id", "id").returncode == 0
    told = ripeline(
        "import", "events", tmp_path / "events.csv", *folder, "--lead", "lead", "--name", "name", "--time", "time"
    )
    assert told.returncode == 0, told.stderr
    shop.due("2026-03-27T09:00:00Z")
    assert [
        (one["lead"], one["state"], one["owner"]) for one in sorted(handoffs(shop), key=lambda one: one["lead"])
    ] == [
        ("c1", "held", None),
        ("c2", "held", None),
        ("c3", "held", None),
        ("c4", "held", None),
    ]
    assert {move for lead in ("c1", "c2", "c3", "c4") for move in moves(shop, lead)} == {("lead", "mql", "import")}
    shop.due("2026-03-27T10:00:00Z")
    assert [one["state"] for one in handoffs(shop)] == ["held"] * 4
    assert ripeline("handoffs", "list", *folder).stdout == "None to answer; 4 held: ripeline release\n"
    assert ripeline("handoffs", "list", *folder, "--state", "won").stdout == "No handoffs.\n"
    assert (
        "The oldest 1 of 4 lines; the next with --after 1, all with -o"
        in ripeline("stages", *folder, "--limit", 1).stdout
    )
    assert "The oldest" not in ripeline("stages", *folder).stdout
    # Who comes back after having asked is held no longer.
    send(shop, act("c4", "Hit"))
    assert [(one["lead"], one["hand_raise"]) for one in handoffs(shop, "?state=open")] == [("c4", "asked")]
    say(shop, handoffs(shop, "?state=open")[0]["number"], "accept")
    # Two a day: who asked comes first, then the best, who has a hit more than the other.
    assert shop.ask("/api/release?per_day=2", b"", authorization=f"Bearer {shop.admin}").json["days"] == 2
    shop.due("2026-03-27T11:00:00Z")
    assert sorted(one["lead"] for one in handoffs(shop, "?state=open")) == ["c2", "c3"]
    # The first day after it, not within the same one.
    shop.due("2026-03-27T22:59:00Z")
    assert [one["lead"] for one in handoffs(shop, "?state=held")] == ["c1"]
    shop.due("2026-03-27T23:01:00Z")
    assert [one["lead"] for one in handoffs(shop, "?state=held")] == []
    assert ripeline("release", *folder).stdout == "0 handoffs and 0 tasks held back; 2 leave a day.\n"


def test_an_import_is_quiet_also_about_whoever_was_here_before(shop: Served, tmp_path: Path) -> None:
    """What a lead did before the import is read once more with the new files; it is no reason of today's."""
    send(shop, known("zed"), act("zed", "Hit"))
    import_events(shop, tmp_path, "zed,Trial,2026-03-26")
    assert [(one["lead"], one["state"]) for one in handoffs(shop)] == [("zed", "held")]
    assert moves(shop, "zed") == [("lead", "mql", "import")]


def import_events(shop: Served, folder: Path, *rows: str) -> None:
    (folder / "more.csv").write_text("\n".join(["lead,name,time", *rows]))
    columns = ("--lead", "lead", "--name", "name", "--time", "time")
    told = ripeline("import", "events", folder / "more.csv", "-w", shop.workspace.root, *columns)
    assert told.returncode == 0, told.stderr
    shop.due(shop.clock.read_text())


def test_each_definition_goes_by_its_own_log(tmp_path: Path) -> None:
    """By the second one everybody who fits is an MQL; that says nothing about where they stand by the first."""
    low = DEFINITION.replace("medium: handoff, low: nurture}", "medium: handoff, low: handoff}", 1)
    low = low.replace("name: shop", "name: second")
    with serving(tmp_path / "shop", DEFINITION, FIRST_SETTINGS + SALES, START, second=low) as shop:
        send(shop, known("ada"))
        assert {one["definition"].partition("@")[0] for one in handoffs(shop)} == {"second"}
        import_events(shop, tmp_path, "ada,Trial,2026-03-26")
        assert shop.read("/api/queues?definition=qualification")["nowhere"] == []
        held = [one["definition"].partition("@")[0] for one in handoffs(shop, "?state=held")]
        assert held == ["qualification"]


def test_what_a_lower_threshold_lets_in_is_held(shop: Served) -> None:
    """Published with high from 10 on instead of 20: who has a trial, 10 points, and no fit known meets it now."""
    send(shop, act("dan", "Trial"))
    assert handoffs(shop) == []
    lower = (shop.workspace.root / "qualification.yaml").read_text().replace("levels: {high: 20", "levels: {high: 10")
    path = "/api/definitions/qualification/publish?release=0"
    reply = shop.ask(path, lower.encode(), authorization=f"Bearer {shop.admin}")
    assert reply.status == 200, reply
    assert shop.read("/api/release")["per_day"] == 0
    wait_until(lambda: shop.read("/api/stages")["stages"])
    assert moves(shop, "dan") == [("lead", "mql", "definition")]
    assert [(one["lead"], one["state"]) for one in handoffs(shop)] == [("dan", "held")]
    # Who qualifies from now on by what they do goes to sales as ever.
    send(shop, act("eve", "Trial"))
    assert [(one["lead"], one["state"]) for one in handoffs(shop, "?state=open")] == [("eve", "open")]


def test_evidence_that_is_taken_away_takes_a_handoff_back(shop: Served) -> None:
    """A trial that was no person's: not answered, the handoff is withdrawn; accepted, it stays and is flagged."""
    send(shop, known("fay"), act("fay", "Trial"), known("gus"), act("gus", "Trial"))
    gus = next(one["number"] for one in handoffs(shop) if one["lead"] == "gus")
    say(shop, gus, "accept")
    for lead in ("fay", "gus"):
        assert shop.tell("/api/set-aside", {"lead": lead, "reason": "a robot"}).status == 200
    shop.due(shop.clock.read_text())
    by_lead = {one["lead"]: one for one in handoffs(shop)}
    assert (by_lead["fay"]["state"], by_lead["fay"]["accept_by"] is None) == ("withdrawn", False)
    assert by_lead["fay"]["why"] == "The lead does not meet the definition any more (set_aside)."
    assert moves(shop, "fay")[-1] == ("mql", "lead", "set_aside")
    assert (by_lead["gus"]["state"], by_lead["gus"]["flags"]) == (
        "accepted",
        ["its evidence was withdrawn (set_aside)"],
    )
    assert shop.read("/api/leads/gus")["stage"] == "sales_accepted"


def test_handoffs_of_a_lead_are_found_by_any_of_its_names(shop: Served) -> None:
    send(shop, known("ada", email="ada@firm.example"), act("ada", "Asked"), known("bob"), act("bob", "Asked"))
    for lead in ("ada", "ada@firm.example"):
        assert [one["number"] for one in handoffs(shop, f"?lead={lead}&state=open")] == [1]
        told = ripeline("handoffs", "list", "-w", shop.workspace.root, "--lead", lead, "--format", "json")
        assert [one["number"] for one in json.loads(told.stdout)["handoffs"]] == [1]
    for path in ("handoffs", "tasks"):
        reply = shop.ask(f"/api/{path}?lead=nobody", authorization=f"Bearer {shop.token}")
        assert (reply.status, reply.json["code"]) == (404, "no_such_lead")
    unknown = ripeline("handoffs", "list", "-w", shop.workspace.root, "--lead", "nobody")
    assert (unknown.returncode, '"nobody" is no identifier' in unknown.stderr) == (1, True)
    page = ripeline("handoffs", "list", "-w", shop.workspace.root, "--limit", "1", "--offset", "1", "--format", "json")
    assert [one["number"] for one in json.loads(page.stdout)["handoffs"]] == [1]
    other = ripeline("handoffs", "list", "-w", shop.workspace.root, "--definition", "other", "--format", "json")
    assert json.loads(other.stdout)["total"] == 0


def test_two_leads_that_become_one_have_one_handoff(shop: Served) -> None:
    """The older one goes on; taken apart again, each stands where it stood, and sales keeps what it has."""
    send(shop, known("hal"), act("hal", "Trial"), known("ida"), act("ida", "Trial"))
    assert [one["state"] for one in handoffs(shop)] == ["open", "open"]
    first = min(handoffs(shop), key=lambda one: one["number"])
    other = max(handoffs(shop), key=lambda one: one["number"])
    assert shop.tell("/api/leads/hal/merge", {"identifier": "ida"}).status == 200
    shop.due(shop.clock.read_text())
    by_number = {one["number"]: one for one in handoffs(shop)}
    assert (by_number[first["number"]]["state"], by_number[other["number"]]["state"]) == ("open", "withdrawn")
    assert moves(shop, "hal")[-1] == ("mql", "mql", "merge")
    assert shop.tell("/api/leads/hal/unmerge", {"identifier": "ida"}).status == 200
    shop.due(shop.clock.read_text())
    assert {shop.read(f"/api/leads/{lead}")["stage"] for lead in ("hal", "ida")} == {"mql"}
    # Both meet the definition, so both are in a queue: the one that was withdrawn is held, since nobody did anything.
    live = [one for one in handoffs(shop) if one["state"] in {"open", "held", "waiting"}]
    assert sorted(one["lead"] for one in live) == ["hal", "ida"]


def test_a_second_answer_about_one_person_lets_them_rest_anew(shop: Served) -> None:
    """Two whom sales works become one person: both answers stand, and the later one says until when they rest."""
    send(shop, known("kay"), act("kay", "Trial"), known("lee"), act("lee", "Trial"))
    first, other = sorted(one["number"] for one in handoffs(shop))
    for number in (first, other):
        say(shop, number, "accept")
    assert shop.tell("/api/leads/kay/merge", {"identifier": "lee"}).status == 200
    shop.due(shop.clock.read_text())
    assert say(shop, first, "recycle", until="2026-06-01").status == 200
    assert say(shop, other, "recycle", until="2026-07-01").status == 200
    assert moves(shop, "kay")[-1] == ("recycled", "recycled", "person")
    assert shop.read("/api/stages?lead=kay")["stages"][-1]["resting_until"] == "2026-07-01"
    shop.due(shop.clock.read_text())
    assert shop.read("/api/queues")["places"]["resting"] == 1


def test_everybody_who_is_ripe_is_somewhere(shop: Served) -> None:
    """One of each: answered, worked, sent back, said never; all of them meet the definition still."""
    for lead in ("a", "b", "c", "d"):
        send(shop, known(lead), act(lead, "Trial"))
    number = {one["lead"]: one["number"] for one in handoffs(shop)}
    say(shop, number["b"], "accept")
    say(shop, number["c"], "reject", reason="not_now")
    say(shop, number["d"], "disqualify", reason="a student")
    found = shop.read("/api/queues")
    assert (found["meets_definition"], found["nowhere"]) == (4, [])
    assert {place: count for place, count in found["places"].items() if count} == {
        "open": 1,
        "accepted": 1,
        "resting": 1,
        "decided": 1,
    }
    told = ripeline("queues", "-w", shop.workspace.root)
    assert told.returncode == 0, told.stderr
    metrics = shop.ask("/metrics").body.decode()
    assert 'ripeline_handoffs{state="open"} 1' in metrics
    assert "\nripeline_leads_nowhere 0\n" in metrics


def test_a_deal_that_ended_ends_the_handoff_too(shop: Served, tmp_path: Path) -> None:
    """Won elsewhere: told by route, the one that nobody answered is over; imported, the lead is never handed over."""
    send(shop, known("kay"), act("kay", "Asked"))
    assert [one["state"] for one in handoffs(shop)] == ["open"]
    shop.due("2026-03-27T10:00:00Z")
    assert shop.tell("/api/outcomes", {"outcomes": [{"lead": "kay", "outcome": "won"}]}).status == 200
    shop.due("2026-03-27T10:00:00Z")
    assert [(one["state"], one["closed_at"]) for one in handoffs(shop)] == [("won", "2026-03-27T10:00:00.000000Z")]
    assert moves(shop, "kay")[-1] == ("mql", "customer", "person")
    (tmp_path / "events.csv").write_text("lead,name,time\nlou,Asked,2026-03-26\nmae,Asked,2026-03-26\n")
    (tmp_path / "deals.csv").write_text("lead,outcome,time\nlou,won,2026-03-20\nmae,lost,2025-10-01\n")
    folder = ("-w", shop.workspace.root, "--lead", "lead")
    assert (
        ripeline(
            "import", "outcomes", tmp_path / "deals.csv", *folder, "--outcome", "outcome", "--time", "time"
        ).returncode
        == 0
    )
    assert (
        ripeline("import", "events", tmp_path / "events.csv", *folder, "--name", "name", "--time", "time").returncode
        == 0
    )
    shop.due("2026-03-27T10:00:01Z")
    assert moves(shop, "lou") == [("lead", "customer", "import")]
    # Lost half a year ago, and asks again: the cool-down of 90 days is long over.
    assert moves(shop, "mae") == [("lead", "lost", "import"), ("lost", "mql", "import")]
    assert [(one["lead"], one["state"]) for one in handoffs(shop, "?state=open,held,waiting")] == [("mae", "held")]


def test_who_asks_while_somebody_has_them_is_heard(shop: Served) -> None:
    """Not answered yet, the promise to those who ask holds from now on; worked, whoever works them has a task."""
    send(shop, known("ned"), act("ned", "Trial"))
    assert (handoffs(shop)[0]["hand_raise"], handoffs(shop)[0]["owner"]) == (None, "maria")
    shop.due("2026-03-27T10:00:00Z")
    send(shop, act("ned", "Asked"))
    (one,) = handoffs(shop)
    assert (one["hand_raise"], one["owner"], one["state"]) == ("asked", "maria", "open")
    assert one["assigned_at"] == "2026-03-27T10:00:00.000000Z"
    assert [what for what, _ in steps(shop, 1)] == ["waiting", "assigned", "asked", "assigned"]
    say(shop, 1, "accept")
    assert shop.read("/api/tasks")["tasks"] == []
    shop.due("2026-03-30T10:00:00Z")
    send(shop, act("ned", "Asked", 2))
    (task,) = shop.read("/api/tasks")["tasks"]
    assert (task["reason"], task["state"], task["owner"]) == ("asked_again", "open", "maria")


def test_who_asks_is_heard_also_where_sales_lost_its_handoff(shop: Served) -> None:
    """Two became one, which was accepted, and are two again: one of them is with nobody, and asks."""
    send(shop, known("ora"), act("ora", "Trial"), known("pam"), act("pam", "Trial"))
    shop.tell("/api/leads/pam/merge", {"identifier": "ora"})
    shop.due("2026-03-27T09:10:00Z")
    number = next(one["number"] for one in handoffs(shop) if one["state"] == "open")
    say(shop, number, "accept")
    shop.due("2026-03-27T09:20:00Z")
    shop.tell("/api/leads/pam/unmerge", {"identifier": "ora"})
    shop.due("2026-03-27T09:30:00Z")
    send(shop, act("ora", "Asked"), act("pam", "Asked"))
    shop.due("2026-03-27T09:40:00Z")
    served = [*handoffs(shop, "?state=open,waiting"), *shop.read("/api/tasks")["tasks"]]
    assert {one["lead"] for one in served} == {"ora", "pam"}


def test_the_end_of_a_deal_answers_what_was_asked_before(shop: Served) -> None:
    """A lead that asked, and whose deal was lost elsewhere, rests: the hand it raised is down."""
    send(shop, known("qui"), act("qui", "Asked"))
    shop.due("2026-03-27T10:00:00Z")
    assert shop.tell("/api/outcomes", {"outcomes": [{"lead": "qui", "outcome": "lost"}]}).status == 200
    shop.due("2026-03-27T10:00:00Z")
    shop.due("2026-03-27T10:10:00Z")
    assert [one["state"] for one in handoffs(shop)] == ["lost"]
    assert moves(shop, "qui")[-1] == ("mql", "lost", "person")
    assert shop.read("/api/queues")["nowhere"] == []


def test_a_deal_that_was_won_before_makes_a_customer(shop: Served, tmp_path: Path) -> None:
    """The CRM's file comes late: an MQL since today, whose deal was won a week ago."""
    send(shop, known("rex"), act("rex", "Trial"))
    (tmp_path / "deals.csv").write_text("lead,outcome,time\nrex,won,2026-03-20\n")
    columns = ("--lead", "lead", "--outcome", "outcome", "--time", "time")
    assert ripeline("import", "outcomes", tmp_path / "deals.csv", "-w", shop.workspace.root, *columns).returncode == 0
    shop.due("2026-03-27T10:00:00Z")
    assert (moves(shop, "rex")[-1], handoffs(shop)[0]["state"]) == (("mql", "customer", "import"), "won")


def test_nobody_but_a_salesperson_takes_what_nobody_has(shop: Served, tmp_path: Path) -> None:
    send(shop, known("sue"))
    import_events(shop, tmp_path, "sue,Trial,2026-03-26")
    refused = say(shop, 1, "accept")
    assert (refused.status, "no salesperson" in refused.json["message"]) == (400, True)
    assert say(shop, 1, "reassign", to="jon").json["owner"] == "jon"


def test_what_was_qualified_stays_so_with_somebody_else(shop: Served) -> None:
    """And the time to be in touch is what was promised when it was given."""
    send(shop, known("tom"), act("tom", "Trial"))
    promised = handoffs(shop)[0]["touch_by"]
    assert say(shop, 1, "accept").json["touch_by"] == promised
    say(shop, 1, "qualify", budget="10 k", need="one", fit="good", timing="soon")
    say(shop, 1, "reassign", to="jon")
    say(shop, 1, "accept")
    assert shop.read("/api/leads/tom")["stage"] == "sales_qualified"


# ---- whom nobody can take ---------------------------------------------------------------------------------


def routes_only(shop: Served, when: str) -> None:
    """Have no route fit any lead but those of a condition."""
    file = shop.workspace.root / "ripeline.toml"
    file.write_text(
        file.read_text().replace('[[sales.routes]]\nteam = "all"', f'[[sales.routes]]\nteam = "all"\n{when}')
    )


def test_whom_nobody_can_take_keeps_nobody_else_waiting(shop: Served) -> None:
    """More than are looked at in one go, all of them before the one whom a route fits: equal leads go by their number."""
    routes_only(shop, "when = \"plan = 'pro'\"")
    crowd = [f"lead{number:03}" for number in range(205)]
    send(shop, *(known(lead) for lead in crowd), *(act(lead, "Trial") for lead in crowd))
    send(shop, known("dan", plan="pro"), act("dan", "Trial"))
    wait_until(lambda: [one["lead"] for one in handoffs(shop, "?state=open")] == ["dan"])
    wait_until(
        lambda: {one["why"] for one in handoffs(shop, "?state=waiting&limit=1000")} == {"No route fits this lead."}
    )
    # Whom a route fits by what is known now is given out at once, and everybody once the rules are others.
    send(shop, known("lead204", plan="pro") | {"messageId": "again"})
    assert [one["lead"] for one in handoffs(shop, "?state=open&lead=lead204")] == ["lead204"]
    file = shop.workspace.root / "ripeline.toml"
    file.write_text(file.read_text().replace("when = \"plan = 'pro'\"", ""))
    wait_until(lambda: not handoffs(shop, "?state=waiting"))


def test_a_company_that_somebody_has_is_given_to_them(shop: Served) -> None:
    """No route fits either; Maria is given one by hand, so she has others of its company."""
    routes_only(shop, "when = \"plan = 'pro'\"")
    of = {"email": "a@acme.example", "company_domain": "acme.example"}
    send(shop, known("ada", **of), act("ada", "Trial"), known("bob", **of), act("bob", "Trial"))
    assert [one["state"] for one in handoffs(shop)] == ["waiting"] * 2
    say(shop, 1, "reassign", to="maria")
    shop.due("2026-03-27T09:01:00Z")
    assert {one["owner"] for one in handoffs(shop, "?state=open")} == {"maria"}
    assert handoffs(shop, "?state=waiting") == []


def test_room_begins_anew_with_the_working_day(shop: Served) -> None:
    """One a day each: of five two are given out on Friday, two when its work ends at 17:00 in Berlin."""
    file = shop.workspace.root / "ripeline.toml"
    file.write_text(re.sub(r'(mail = "(?:maria|jon)@shop.example")', r"\1\ncapacity = 1", file.read_text()))
    crowd = [f"lead{number}" for number in range(5)]
    send(shop, *(known(lead) for lead in crowd), *(act(lead, "Trial") for lead in crowd))
    shop.due("2026-03-27T15:59:00Z")
    assert len(handoffs(shop, "?state=open")) == 2
    shop.due("2026-03-27T16:01:00Z")
    assert len(handoffs(shop, "?state=open")) == 4


def test_who_cannot_be_released_keeps_nobody_else_held(shop: Served, tmp_path: Path) -> None:
    """One a day; the two that are best fit no route."""
    routes_only(shop, "when = \"plan = 'pro'\"")
    rows = [f"c{n},Trial,2026-03-26" for n in (1, 2, 3)] + ["c1,Hit,2026-03-26", "c2,Hit,2026-03-26"]
    (tmp_path / "events.csv").write_text("\n".join(["lead,name,time", *rows]))
    (tmp_path / "leads.csv").write_text("id,company_size,plan\nc1,500,\nc2,500,\nc3,500,pro\n")
    folder = ("-w", shop.workspace.root)
    assert ripeline("import", "leads", tmp_path / "leads.csv", *folder, "--id", "id").returncode == 0
    columns = ("--lead", "lead", "--name", "name", "--time", "time")
    assert ripeline("import", "events", tmp_path / "events.csv", *folder, *columns).returncode == 0
    shop.due("2026-03-27T09:30:00Z")
    assert shop.ask("/api/release?per_day=1", b"", authorization=f"Bearer {shop.admin}").status == 200
    shop.due("2026-03-27T09:31:00Z")
    assert {one["lead"]: one["state"] for one in handoffs(shop)} == {"c1": "held", "c2": "held", "c3": "open"}


# ---- who knew a lead before -------------------------------------------------------------------------------


def test_a_lead_returns_to_whom_it_knew_under_another_name(shop: Served) -> None:
    """Maria rejects a device's handoff. Whose device it is turns out later: the dry run and the server say Maria."""
    at_device = {"userId": None, "anonymousId": "d1"}
    send(shop, known("d1") | at_device, act("d1", "Asked") | at_device)
    assert handoffs(shop)[0]["owner"] == "maria"
    say(shop, 1, "reject", reason="no_budget")
    shop.due("2026-03-30T08:00:00Z")
    send(shop, known("ada") | {"anonymousId": "d1"})
    told = shop.read("/api/leads/ada/route")
    assert told["owner"] == "maria"
    send(shop, act("ada", "Asked"))
    (new,) = handoffs(shop, "?state=open")
    assert (new["lead"], new["owner"]) == ("ada", "maria")
    assert new["why"].startswith("Maria had this lead before.")


# ---- one decides ------------------------------------------------------------------------------------------


def test_one_process_decides(shop: Served) -> None:
    """The command says that a server runs; once it is gone the command moves leads, and a server starts again."""
    send(shop, known("ada"), act("ada", "Asked"))
    folder = ("-w", shop.workspace.root, "--as-of", "2026-03-27T09:00:00Z")
    beside = ripeline("advance", *folder)
    assert (beside.returncode, beside.stdout) == (1, "")
    assert "does this already" in beside.stderr
    shop.stop()
    assert "0 moves" in ripeline("advance", *folder).stdout
    shop.start()
    assert [one["owner"] for one in handoffs(shop)] == ["maria"]


def test_who_gives_a_lead_away_has_not_let_it_lapse(shop: Served) -> None:
    send(shop, known("uma"), act("uma", "Trial"))
    given = say(shop, 1, "reassign").json
    assert (given["owner"], given["lapsed"]) == ("jon", [])
    assert given["why"] == "Team all (everybody): it is Jon's turn, with this one 1 today. Maria has it now."
