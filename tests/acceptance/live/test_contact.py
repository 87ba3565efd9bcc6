"""Leads are contacted with consent and not too often: handoffs wait with the reason, and go out as soon as they may.

The shop's clock begins on Friday 2026-03-27 at 09:00 UTC, 10:00 in Berlin.
"""

from pathlib import Path
from typing import Any

import pytest

from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served
from tests.acceptance.live.test_handoffs import SALES, act, handoffs, known, say, send, steps, wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

RULES = 'touches_per_week = 2\nmails_per_week = 2\nneeds_consent = "consent_sales = true"\n'
UNKNOWN = "Consent is not known: consent_sales = true."
REFUSED = "Consent is not given: consent_sales = true."
WILLING = {"consent_sales": True}


@pytest.fixture(scope="module")
def settings() -> str:
    return FIRST_SETTINGS + SALES.replace("[sales]\n", f"[sales]\n{RULES}")


def says(lead: str, number: int = 1, **traits: object) -> dict[str, Any]:
    return {"type": "identify", "userId": lead, "messageId": f"says-{lead}-{number}", "traits": traits}


def mailed(lead: str, at: str, number: int = 1, event: str = "Email Delivered") -> dict[str, Any]:
    return act(lead, event, number) | {"timestamp": at}


def one(shop: Served, lead: str) -> dict[str, Any]:
    return next(one for one in handoffs(shop, f"?lead={lead}&limit=1"))


# ---- consent --------------------------------------------------------------------------------------------


def test_a_handoff_waits_for_consent(shop: Served) -> None:
    """The definition reads no trait of that name; what somebody says of themselves on a page is heard."""
    send(shop, known("ada"), act("ada", "Trial"))
    assert (one(shop, "ada")["state"], one(shop, "ada")["why"]) == ("waiting", UNKNOWN)
    assert shop.read("/api/leads/ada/route")["why"] == UNKNOWN
    for verb in ("accept", "reassign"):
        refused = say(shop, 1, verb)
        assert (refused.status, refused.json["code"]) == (409, "wrong_state")
        assert refused.json["message"] == f"handoff 1 can be given to nobody yet. {UNKNOWN}"
    send(shop, says("ada", consent_sales=False))
    assert one(shop, "ada")["why"] == REFUSED
    shop.send(says("ada", 2, **WILLING))
    shop.applied()
    # A page does not overrule what a server said.
    shop.due("2026-03-27T09:30:00Z")
    assert one(shop, "ada")["state"] == "waiting"
    send(shop, says("ada", 3, **WILLING))
    assert (one(shop, "ada")["state"], one(shop, "ada")["owner"]) == ("open", "maria")
    assert [what for what, _ in steps(shop, 1)] == ["waiting", "kept_back", "kept_back", "assigned"]


def test_a_lead_that_consented_is_handed_over_at_once(shop: Served) -> None:
    send(shop, known("ada", **WILLING), act("ada", "Trial"))
    assert [what for what, _ in steps(shop, 1)] == ["waiting", "assigned"]


def test_who_asks_is_answered_without(shop: Served) -> None:
    send(shop, known("ada"), act("ada", "Asked"))
    assert one(shop, "ada")["state"] == "open"


def test_who_asks_while_waiting_waits_no_longer(shop: Served) -> None:
    send(shop, known("ada"), act("ada", "Trial"))
    assert one(shop, "ada")["state"] == "waiting"
    send(shop, act("ada", "Asked"))
    assert (one(shop, "ada")["state"], one(shop, "ada")["hand_raise"]) == ("open", "asked")
    assert [what for what, _ in steps(shop, 1)] == ["waiting", "kept_back", "asked", "assigned"]


def test_consents_that_are_imported_let_handoffs_out(shop: Served, tmp_path: Path) -> None:
    send(shop, known("ada"), act("ada", "Trial"))
    assert one(shop, "ada")["state"] == "waiting"
    (tmp_path / "consents.csv").write_text("id,consent_sales\nada,true\n")
    done = ripeline("import", "leads", tmp_path / "consents.csv", "-w", shop.workspace.root, "--id", "id")
    assert done.returncode == 0, done.stderr
    shop.due("2026-03-27T09:30:00Z")
    assert one(shop, "ada")["state"] == "open"


def test_rules_that_are_taken_away_hold_nobody(shop: Served) -> None:
    send(shop, known("ada"), act("ada", "Trial"))
    file = shop.workspace.settings
    file.write_text(file.read_text().replace(RULES, ""))
    shop.due("2026-03-27T09:30:00Z")
    assert one(shop, "ada")["state"] == "open"


def test_who_lacks_consent_is_not_released_and_takes_nobodys_place(shop: Served, tmp_path: Path) -> None:
    """Two have a hit more than the third, so they would come first; one a day is released."""
    rows = [f"c{n},Trial,2026-03-26" for n in (1, 2, 3)] + ["c1,Hit,2026-03-26", "c2,Hit,2026-03-26"]
    (tmp_path / "events.csv").write_text("\n".join(["lead,name,time", *rows]))
    (tmp_path / "leads.csv").write_text("id,company_size,consent_sales\nc1,500,\nc2,500,false\nc3,500,true\n")
    folder = ("-w", shop.workspace.root)
    assert ripeline("import", "leads", tmp_path / "leads.csv", *folder, "--id", "id").returncode == 0
    columns = ("--lead", "lead", "--name", "name", "--time", "time")
    assert ripeline("import", "events", tmp_path / "events.csv", *folder, *columns).returncode == 0
    shop.due("2026-03-27T09:30:00Z")
    assert [one(shop, lead)["state"] for lead in ("c1", "c2", "c3")] == ["held"] * 3
    assert shop.ask("/api/release?per_day=1", b"", authorization=f"Bearer {shop.admin}").status == 200
    for minute in range(31, 35):
        shop.due(f"2026-03-27T09:{minute}:00Z")
    assert [one(shop, lead)["state"] for lead in ("c1", "c2", "c3")] == ["held", "held", "open"]
    assert one(shop, "c1")["why"] == UNKNOWN
    assert one(shop, "c2")["why"] == REFUSED


def test_nobody_else_is_given_who_consents_no_more(shop: Served) -> None:
    """Four hours of work from Friday 10:00 in Berlin end at 15:00: who let it lapse does not get it again."""
    send(shop, known("ada", **WILLING), act("ada", "Trial"))
    send(shop, says("ada", consent_sales=False))
    # Who has it sees that, and answers.
    assert (one(shop, "ada")["state"], one(shop, "ada")["owner"]) == ("open", "maria")
    shop.due("2026-03-27T14:30:00Z")
    left = one(shop, "ada")
    assert (left["state"], left["owner"], left["why"]) == ("waiting", None, REFUSED)
    assert [what for what, _ in steps(shop, 1)[1:]] == ["assigned", "warned", "breached", "kept_back"]
    assert shop.read("/api/queues")["places"]["waiting"] == 1
    send(shop, says("ada", 2, **WILLING))
    assert (one(shop, "ada")["state"], one(shop, "ada")["owner"]) == ("open", "jon")


def test_nobody_stands_in_for_whom_is_absent_without_consent(shop: Served) -> None:
    send(shop, known("ada", **WILLING), act("ada", "Trial"))
    send(shop, says("ada", consent_sales=False), known("bob"), act("bob", "Asked"))
    assert [(lead, one(shop, lead)["owner"]) for lead in ("ada", "bob")] == [("ada", "maria"), ("bob", "jon")]
    for person in ("maria", "jon"):
        assert shop.tell(f"/api/sales/people/{person}/absences", {"first": "2026-03-27"}).status == 200
    shop.due("2026-03-27T09:10:00Z")
    assert (one(shop, "ada")["state"], one(shop, "ada")["why"]) == ("waiting", REFUSED)
    # Who asked is answered without, and nobody else can take it: the promise goes on.
    assert (one(shop, "bob")["state"], one(shop, "bob")["owner"]) == ("open", "jon")


# ---- contact pressure -----------------------------------------------------------------------------------


def test_two_mails_a_week_are_enough(shop: Served) -> None:
    """Mails on 20 March at 13:00 and on 25 March: there is room again a week after the first of both."""
    mails = [mailed("ada", "2026-03-20T13:00:00Z"), mailed("ada", "2026-03-25T09:00:00Z", 2)]
    send(shop, *mails, known("ada", **WILLING), act("ada", "Trial"))
    assert (one(shop, "ada")["state"], one(shop, "ada")["why"]) == (
        "waiting",
        "Was sent 2 mails since 2026-03-20 13:00; from 2026-03-27 13:00 UTC on there is room again.",
    )
    shop.due("2026-03-27T12:59:00Z")
    assert one(shop, "ada")["state"] == "waiting"
    shop.due("2026-03-27T13:00:00Z")
    assert one(shop, "ada")["state"] == "open"


def test_mails_that_anybody_can_forge_do_not_count(shop: Served) -> None:
    shop.send(*(mailed("ada", "2026-03-25T09:00:00Z", number) for number in range(5)))
    send(shop, mailed("ada", "2026-03-26T09:00:00Z", 9), known("ada", **WILLING), act("ada", "Trial"))
    assert one(shop, "ada")["state"] == "open"


def test_mails_under_another_name_of_the_lead_count(shop: Served) -> None:
    """One mail went to the address that turns out to be theirs, one to the user."""
    address = {"userId": None, "anonymousId": "d1"}
    send(shop, mailed("x", "2026-03-25T09:00:00Z") | address, mailed("ada", "2026-03-26T09:00:00Z"))
    tied = says("ada", 5, **WILLING) | {"anonymousId": "d1"}
    send(shop, known("ada"), tied, act("ada", "Trial"))
    assert one(shop, "ada")["state"] == "waiting"


def test_two_touches_a_week_are_enough(shop: Served) -> None:
    """Accepted and touched at 09:00, touched again at 10:00: two touches, since the first stands for the acceptance."""
    send(shop, known("bob", plan="pro", **WILLING), act("bob", "Trial"))
    say(shop, 1, "accept")
    say(shop, 1, "touch")
    shop.due("2026-03-27T10:00:00Z")
    say(shop, 1, "touch")
    say(shop, 1, "recycle", until="2026-03-29")
    shop.due("2026-03-30T07:30:00Z")
    send(shop, act("bob", "Trial", 2))
    (new,) = handoffs(shop, "?state=waiting,open,held")
    assert (new["state"], new["why"]) == (
        "waiting",
        "Was contacted by sales 2 times since 2026-03-27 09:00; from 2026-04-03 09:00 UTC on there is room again.",
    )
    # Who asks is answered.
    send(shop, act("bob", "Asked"))
    assert [one["owner"] for one in handoffs(shop, "?state=open")] == ["maria"]


# ---- many who wait --------------------------------------------------------------------------------------


def test_many_who_wait_keep_nobody_else_waiting(shop: Served) -> None:
    """More than are looked at in one go, all before the one who consented: equal leads go by their number."""
    crowd = [f"lead{number:03}" for number in range(250)]
    send(shop, *(known(lead) for lead in crowd), *(act(lead, "Trial") for lead in crowd))
    send(shop, known("willing", **WILLING), act("willing", "Trial"))
    wait_until(lambda: one(shop, "willing")["state"] == "open")
    wait_until(lambda: {one["why"] for one in handoffs(shop, "?state=waiting&limit=1000")} == {UNKNOWN})
    assert shop.read("/api/handoffs?state=waiting&limit=1")["total"] == 250
