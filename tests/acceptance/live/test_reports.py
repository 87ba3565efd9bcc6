"""What became of leads, over a real server, with answers over several days; expected values are worked out by hand.

The shop's clock begins on Friday 2026-03-27 at 09:00 UTC, which is 10:00 in Berlin; clocks change on the Sunday after it.
"""

import csv
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ripeline.entry.schemas import schema
from ripeline.insight.funnel import STEPS
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served
from tests.acceptance.live.test_handoffs import act, handoffs, known, say, send, wait_until
from tests.acceptance.live.test_handoffs import settings as settings  # noqa: PLC0414 - the same shop with salespeople

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


def told(shop: Served, *command: object) -> dict[str, Any]:
    """What a command writes, held to its schema."""
    ran = ripeline(*command, "-w", shop.workspace.root, "--format", "json")
    assert ran.returncode == 0, ran.stderr
    document = json.loads(ran.stdout)
    jsonschema.Draft202012Validator(schema(str(command[0]))).validate(document)
    return dict(document)


def words(shop: Served, *command: object) -> str:
    """What a command tells people."""
    return " ".join(ripeline(*command, "-w", shop.workspace.root).stdout.split())


def number(shop: Served, lead: str) -> int:
    return int(max(one["number"] for one in handoffs(shop) if one["lead"] == lead))


def test_how_sales_answers(shop: Served) -> None:
    """Seven leads ask on Friday at 10:00 in Berlin; promised are four hours to accept, so until 15:00.

    Maria has four: she accepts two at 11:00 and rejects one at 14:00; one lapses at 15:00 and goes to Jon. Jon's three
    lapse then and go to Maria, until Monday at 11:00: two hours are left on Friday, and two from 9:00 on. She accepts one
    on Friday at 16:00, one on Monday at 10:00, and one at 11:30, too late. Jon does not answer what he got.
    """
    leads = [f"lead{n}" for n in range(7)]
    send(shop, *(call for lead in leads for call in (known(lead), act(lead, "Asked"))))
    owners = {one["lead"]: one["owner"] for one in handoffs(shop)}
    maria, jon = (sorted(lead for lead, owner in owners.items() if owner == name) for name in ("maria", "jon"))
    assert (len(maria), len(jon)) == (4, 3)

    def says(at: str, verb: str, *leads: str, **said: str) -> None:
        shop.due(at)
        assert [say(shop, number(shop, lead), verb, **said).status for lead in leads] == [200] * len(leads)

    says("2026-03-27T10:00:00Z", "accept", *maria[:2])
    says("2026-03-27T13:00:00Z", "touch", maria[0])
    says("2026-03-27T13:00:00Z", "reject", maria[2], reason="too_small")
    shop.due("2026-03-27T14:00:00Z")
    says("2026-03-27T15:00:00Z", "accept", jon[0])
    says("2026-03-30T08:00:00Z", "accept", jon[1])
    says("2026-03-30T09:30:00Z", "accept", jon[2])

    report = shop.read("/api/sla?by=owner&from=2026-03-27&to=2026-03-30")
    total, groups = report["total"], {one["group"]: one for one in report["groups"]}
    assert (total["given"], total["states"]["accepted"], total["states"]["rejected"], total["still_open"]) == (
        7,
        5,
        1,
        1,
    )
    assert total["rejected"] == {"too_small": 1}
    assert (total["acceptance"]["count"], total["acceptance"]["of"], total["acceptance"]["share"]) == (5, 6, 0.8333)
    # After 1, 1, 1, 2 + 1 and 2 + 2.5 hours of Maria's work.
    assert total["time_to_accept"] == {"count": 5, "half_within_s": 3_600, "most_within_s": 16_200}
    # Kept: her two, what she rejected, and two of Jon's. Broken: four that lapsed, the late one, and Jon's last.
    kept = {name: (one["accepted_in_time"]["count"], one["accepted_in_time"]["of"]) for name, one in groups.items()}
    assert kept == {"maria": (5, 7), "jon": (0, 4)}
    assert (total["accepted_in_time"]["count"], total["accepted_in_time"]["of"]) == (5, 11)
    # In touch with one three hours of work later, and with the other not by Monday at 10:00, one working day later.
    assert (total["touched_in_time"]["count"], total["touched_in_time"]["of"]) == (1, 2)
    # Broken on the way: all four that lapsed, and that one; four were given to somebody else.
    assert (total["breached"], total["reassigned"], total["lapsed"]) == (5, 4, 4)
    assert {name: (one["given"], one["lapsed"]) for name, one in groups.items()} == {"maria": (6, 1), "jon": (1, 3)}

    by_signal = told(shop, "sla", "--by", "signal", "--from", "2026-03-27", "--to", "2026-03-30")
    assert [(one["group"], one["given"]) for one in by_signal["groups"]] == [("asked", 7)]
    assert by_signal["total"]["acceptance"] == total["acceptance"]
    assert told(shop, "sla", "--from", "2026-03-28", "--to", "2026-03-30")["total"]["given"] == 0
    shown = words(shop, "sla", "--from", "2026-03-27", "--to", "2026-03-30")
    broken = (
        "A promise was broken with 5 handoffs. Given to somebody else: 4 handoffs, 4 times because one was let lapse."
    )
    assert broken in shown


def test_by_which_channel_leads_first_came(shop: Served) -> None:
    """Ada's device came from a search engine before anybody knew her, and by an advertisement later. Bob's first event
    tells of no page, his second one came from a mail. Of Cem no page is known.
    """

    def page(number: int, url: str, referrer: str = "", **whose: str) -> dict[str, Any]:
        said = {"type": "page", "messageId": f"page{number}", "context": {"page": {"url": url, "referrer": referrer}}}
        return said | whose

    send(shop, page(1, "https://shop.example/a", "https://www.google.com/", anonymousId="d1"))
    shop.due("2026-03-27T09:10:00Z")
    send(shop, page(2, "https://shop.example/b?utm_source=google&utm_medium=cpc", anonymousId="d1"), act("bob", "Hit"))
    send(shop, known("ada") | {"anonymousId": "d1"})
    shop.due("2026-03-27T09:20:00Z")
    send(shop, page(3, "https://shop.example/c?utm_source=news&utm_medium=email", userId="bob"))
    send(shop, *(act(lead, "Asked") for lead in ("ada", "bob", "cem")))
    report = shop.read("/api/sla?by=channel")
    assert {one["group"]: one["given"] for one in report["groups"]} == {"organic search": 1, "email": 1, None: 1}
    same = told(shop, "sla", "--by", "channel", "--from", "2026-03-27", "--to", "2026-03-27")
    assert {one["group"]: one["given"] for one in same["groups"]} == {"organic search": 1, "email": 1, None: 1}


def test_what_nobody_was_given_is_told(shop: Served) -> None:
    """A trial and a fit known: by the matrix, as 10 points of the trial outweigh 3 of a hit. One more is held back."""
    send(shop, known("ada"), act("ada", "Hit"), act("ada", "Trial"))
    (one,) = shop.read("/api/sla?by=signal")["groups"]
    assert (one["group"], one["given"]) == ("trial", 1)
    assert [one["group"] for one in shop.read("/api/sla?by=way")["groups"]] == ["matrix"]
    lower = (shop.workspace.root / "qualification.yaml").read_text().replace("levels: {high: 20", "levels: {high: 10")
    send(shop, act("dan", "Trial"))
    reply = shop.ask("/api/definitions/qualification/publish", lower.encode(), authorization=f"Bearer {shop.admin}")
    assert reply.status == 200
    wait_until(lambda: len(handoffs(shop)) > 1)
    assert shop.read("/api/sla")["not_given"] == {"held": 1, "waiting": 0}
    assert shop.read("/api/sla")["total"]["given"] == 1


def test_our_mqls_beside_the_crms(shop: Served, tmp_path: Path) -> None:
    """Ada and Bob ask on Friday; Cem asks on Monday. The CRM has Ada on Saturday, by her address and accepted, Bob on
    Thursday, Dan, who is known here and never was an MQL, and Eve, whom nobody knows. Bob buys on Monday.
    """
    send(shop, known("ada", email="ada@corp.example"), act("ada", "Asked"), known("bob"), act("bob", "Asked"))
    send(shop, known("dan"))
    shop.due("2026-03-30T09:00:00Z")
    send(shop, known("cem"), act("cem", "Asked"))
    assert say(shop, number(shop, "bob"), "accept").status == 200
    assert say(shop, number(shop, "bob"), "won").status == 200
    theirs = [
        {"lead": "ada@corp.example", "time": "2026-03-28", "accepted": True},
        {"lead": "bob", "time": "2026-03-26T12:00:00Z"},
        {"lead": "dan", "time": "2026-03-30", "accepted": False},
        {"lead": "eve", "time": "2026-03-28"},
    ]
    stages = shop.read("/api/stages")
    reply = shop.ask("/api/shadow", json.dumps({"mqls": theirs}).encode(), authorization=f"Bearer {shop.token}")
    assert reply.status == 200, reply
    groups = reply.json["groups"]
    assert {name: [one["lead"] for one in group["examples"]] for name, group in groups.items()} == {
        "ours": ["bob", "ada", "cem"],
        "theirs": ["bob", "ada", "dan"],
        "both": ["bob", "ada"],
        "only_ours": ["cem"],
        "only_theirs": ["dan"],
    }
    assert reply.json["unknown"] == {"count": 1, "first": ["eve"]}
    assert groups["only_ours"]["examples"][0]["why"] == "Asked to talk to sales (asked)."
    # Ada by the CRM's word, Bob by what he was here, Dan not; and Bob's deal.
    assert [groups["theirs"]["accepted"][name] for name in ("count", "of", "share")] == [2, 3, None]
    assert [groups["ours"]["won"][name] for name in ("count", "of")] == [1, 3]
    # Friday to Saturday for Ada; Thursday to Friday for Bob.
    told_earlier = {"compared": 2, "ours": 1, "theirs": 1, "same_day": 0, "median_days": None}
    assert reply.json["earlier"] == told_earlier
    assert shop.read("/api/stages") == stages

    rows = [
        "Contact,Became MQL,SAL",
        "ada@corp.example,2026-03-28,yes",
        "bob,2026-03-26T12:00:00Z,",
        "dan,2026-03-30,no",
    ]
    (tmp_path / "mqls.csv").write_text("\n".join([*rows, "eve,2026-03-28,", "eve,,", ",2026-03-28,"]))
    columns = ("--lead", "Contact", "--time", "Became MQL", "--accepted", "SAL")
    record = told(shop, "shadow", tmp_path / "mqls.csv", *columns)
    assert (record["rows"], record["groups"], record["unknown"]) == (6, groups, {"count": 1, "first": ["eve"]})
    assert [one["where"] for one in record["refused"]["first"]] == ["line 6", "line 7"]
    shown = words(shop, "shadow", tmp_path / "mqls.csv", *columns)
    assert "we were earlier with 1, the CRM with 1, and both on the same day with 0." in shown


def test_how_far_mqls_come(shop: Served, tmp_path: Path) -> None:
    """Five ask on Friday, 27 March; four are accepted the day after, and two won on 2 April, after six days. One more
    asks on 31 March; on 6 April their week has not had its seven days, which end on the 12th. One came by import.
    """
    five = [f"lead{n}" for n in range(5)]
    send(shop, *(call for lead in five for call in (known(lead), act(lead, "Asked"))))
    shop.due("2026-03-28T09:00:00Z")
    for lead in five[:4]:
        assert say(shop, number(shop, lead), "accept").status == 200
    shop.due("2026-03-31T09:00:00Z")
    send(shop, known("late"), act("late", "Asked"))
    (tmp_path / "events.csv").write_text("lead,name,time\nold,Asked,2026-03-30\n")
    columns = ("--lead", "lead", "--name", "name", "--time", "time")
    assert ripeline("import", "events", tmp_path / "events.csv", "-w", shop.workspace.root, *columns).returncode == 0
    shop.due("2026-03-31T10:00:00Z")
    shop.due("2026-04-02T09:00:00Z")
    for lead in five[:2]:
        assert say(shop, number(shop, lead), "won").status == 200
    shop.due("2026-04-06T09:00:00Z")
    found = shop.read("/api/funnel?by=week&within=7d&from=2026-03-27")
    first, second = found["cohorts"]
    assert [(one["first"], one["last"], one["over"], one["leads"]) for one in (first, second)] == [
        ("2026-03-23", "2026-03-29", True, 5),
        ("2026-03-30", "2026-04-05", False, 1),
    ]
    steps = {step: (first[step]["count"], first[step]["of"], first[step]["share"]) for step in STEPS}
    assert steps == {"sales_accepted": (4, 5, 0.8), "sales_qualified": (0, 5, 0.0), "customer": (2, 5, 0.4)}
    assert first["sales_accepted"]["median_days"] is None
    assert (second["sales_accepted"]["share"], found["total"]["leads"], found["left_out"]) == (None, 5, 1)
    within_five = shop.read("/api/funnel?by=week&within=5d&from=2026-03-27")["cohorts"][0]
    assert (within_five["customer"]["count"], within_five["sales_accepted"]["count"]) == (0, 4)
    # The command looks from today on, when both weeks are over.
    ran = told(shop, "funnel", "--by", "week", "--within", "7d", "--from", "2026-03-27", "--to", "2026-04-05")
    assert [(one["over"], one["leads"]) for one in ran["cohorts"]] == [(True, 5), (True, 1)]
    why = "Left out: 1 lead, first an MQL by an import, a definition or a merge, on a day that says nothing."
    assert why in words(shop, "funnel", "--from", "2026-03-27")


def test_the_log_of_stages_as_a_file(shop: Served, tmp_path: Path) -> None:
    """Everything that the API tells, line by line; a visitor's name that is a formula is none in the file."""
    send(shop, known("=1+1"), act("=1+1", "Asked"), known("bob"), act("bob", "Asked"))
    assert say(shop, number(shop, "bob"), "accept").status == 200
    lines = shop.read("/api/stages")["stages"]
    assert len(lines) == 3
    folder = ("-w", shop.workspace.root)
    assert ripeline("stages", *folder, "-o", tmp_path / "log.json").returncode == 0
    assert json.loads((tmp_path / "log.json").read_text("utf-8")) == lines
    assert ripeline("stages", *folder, "-o", tmp_path / "log.csv").returncode == 0
    with (tmp_path / "log.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["number"], row["at"], row["to"]) for row in rows] == [
        (str(one["number"]), one["at"], one["to"]) for one in lines
    ]
    assert sorted({row["lead"] for row in rows}) == ["'=1+1", "bob"]
    assert ripeline("stages", "bob", *folder, "--limit", "1", "-o", tmp_path / "bob.json").returncode == 0
    assert [one["lead"] for one in json.loads((tmp_path / "bob.json").read_text("utf-8"))] == ["bob"]
    refused = ripeline("stages", *folder, "-o", tmp_path / "log.xlsx")
    assert (refused.returncode, "written as .csv or .json" in refused.stderr) == (1, True)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"mqls": []}, "mqls"),
        ({"mqls": [{"lead": "ada"}]}, "time"),
        ({"mqls": [{"lead": "ada", "time": "2026-03-28", "stage": "mql"}]}, "stage"),
        ({"mqls": [{"lead": "ada", "time": "soon"}]}, "nothing to compare"),
        ("\ud800", "send"),
    ],
)
def test_a_list_that_is_wrong_is_refused(standing_shop: Served, body: object, message: str) -> None:
    reply = standing_shop.ask("/api/shadow", json.dumps(body).encode(), authorization=f"Bearer {standing_shop.token}")
    assert reply.status == 400
    assert message in reply.json["message"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("sla?by=ownr", 'did you mean "owner"'),
        ("sla?from=yesterday", '"yesterday" is no time'),
        ("sla?from=2026-03-02&to=2026-03-01", "before it begins"),
        ("funnel?by=day", "week"),
        ("funnel?within=3w", "90d"),
        ("funnel?cohort=week", "is no parameter"),
        ("sla?form=2026-03-02", 'did you mean "from"'),
        ("sla?by=channel&from=0001-01-01", "between 1900-01-01 and 2199-12-31, not 0001-01-01"),
        ("funnel?from=0001-01-01", "between 1900-01-01 and 2199-12-31, not 0001-01-01"),
        ("stages?limit=99999999999999999999", "limit takes a whole number from 0 to 999,999,999,999,999"),
        ("outbox?before=9999999999999999999", "before takes a whole number from 0 to 999,999,999,999,999"),
    ],
)
def test_what_is_asked_wrongly_is_told(standing_shop: Served, query: str, message: str) -> None:
    reply = standing_shop.ask(f"/api/{query}", authorization=f"Bearer {standing_shop.token}")
    assert reply.status == 400
    assert message in reply.json["message"]
