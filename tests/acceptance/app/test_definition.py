"""The pages of a definition: what it says, how a draft is made of it, agreed to, published, and taken back."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.app.test_pages import ATTACKS
from tests.acceptance.app.test_people import accepted, invited
from tests.acceptance.app.visitors import Visitor, logged, set_up, shown
from tests.acceptance.live.served import Reply, Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import SALES, act, import_events, known, send

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

LARGE, TRIAL = "fit/criteria/large/points", "engagement/signals/trial/points"
DRAFT, REVIEW = "/definition/draft", "/definition/review"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("definition") / "shop", DEFINITION, FIRST_SETTINGS + SALES, START) as server:
        send(server, known("ada", company="Acme"), act("ada", "Trial"), act("ada", "Hit"))
        send(server, known("bob", company_size=5), act("bob", "Trial"))
        send(server, known("cat", company_size=20, plan="pro"), *(act("cat", "Hit", number) for number in range(3)))
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


@pytest.fixture(scope="module")
def mia(shop: Served, admin: Visitor) -> Visitor:
    """Marketing."""
    return accepted(shop, invited(admin, name="Mia", mail="mia@acme.example", role="marketing", person=""))


@pytest.fixture(scope="module")
def maria(shop: Served, admin: Visitor) -> Visitor:
    """Sales."""
    return accepted(shop, invited(admin))


@pytest.fixture(autouse=True)
def no_draft(shop: Served, mia: Visitor) -> Iterator[None]:
    yield
    if "Discard the draft" in mia.text(DRAFT):
        assert sent(mia, f"{DRAFT}/discard").status == 303


def sent(visitor: Visitor, path: str, of: str = "", **said: str) -> Reply:
    """Send one of the forms. of: the text that it was made from, as it is now where none is told."""
    page = visitor.see(REVIEW if "draft" not in path else DRAFT).body.decode()
    given = {"seal": visitor.seal(), "of": of or digest(page), "instead_of": live(page), **said}
    return visitor.send(path, given)


def digest(page: str) -> str:
    return page.partition('name="of" value="')[2].partition('"')[0]


def live(page: str) -> str:
    return page.partition('name="instead_of" value="')[2].partition('"')[0]


def text_of(visitor: Visitor) -> str:
    page = visitor.see(DRAFT).body.decode()
    return unescape(page.partition('<textarea id="yaml"')[2].partition(">")[2].partition("</textarea>")[0]).lstrip("\n")


def score(shop: Served, lead: str) -> dict[str, Any]:
    found = shop.read(f"/api/leads/{lead}")
    return {name: found[name] for name in ("fit", "engagement", "rating", "action", "meets_definition")}


# ---- in words ------------------------------------------------------------------------------------------------


def test_anyone_reads_what_an_mql_is(maria: Visitor) -> None:
    text = maria.text("/definition")
    assert "What is an MQL at shop?" in text
    assert "when it has good, fair or unknown fit with high interest or good fit with medium interest" in text
    assert "or asked for sales (Asked)." in text
    for line in (
        "Large +30 company_size > 100",
        "half is left after 2 days; 20 at most together",
        "good from 30 points",
    ):
        assert line in text, line
    assert "Left out altogether: staff." in text
    assert ">Edit</a>" not in maria.see("/definition").body.decode()


def test_home_tells_who_is_about_to_ripen_and_to_fall_and_what_nothing_triggers(shop: Served, mia: Visitor) -> None:
    """Fair fit is handed over from 20 points of interest on, good fit from 8."""
    points = {lead: Decimal(shop.read(f"/api/leads/{lead}")["engagement"]["points"]) for lead in ("ada", "cat")}
    assert (points["ada"] > 8, points["cat"] < 20) == (True, True)
    mia.text("/now")
    deadline = time.monotonic() + 20
    while "Rules that nothing triggers" not in (text := mia.text("/now")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert f"About to ripen cat {20 - points['cat']:.1f} points of interest are missing" in text
    assert f"About to fall ada {points['ada'] - 8:.1f} points above the line" in text
    assert 'no track called "Bought" was ever seen' in text
    assert 'no track called "Trial"' not in text
    assert "To answer" not in text


# ---- the workbench -------------------------------------------------------------------------------------------


def test_a_field_changes_the_draft_and_nothing_that_is_live(shop: Served, mia: Visitor) -> None:
    before = score(shop, "ada")
    assert text_of(mia) == DEFINITION
    assert sent(mia, f"{DRAFT}/fields", **{LARGE: "45", "fit/criteria/large/label": "Large & proud"}).status == 303
    assert text_of(mia) == DEFINITION.replace(
        'large: {when: "company_size > 100", points: 30}',
        'large: {when: "company_size > 100", points: 45, label: "Large & proud"}',
    )
    text = mia.text(DRAFT)
    assert "changed last by Mia" in text
    assert 'criterion "Large": label Large -> Large & proud criterion "Large": points 30 -> 45' in text
    assert score(shop, "ada") == before
    assert shop.read("/api/definitions/qualification/draft")["text"] == text_of(mia)


def test_what_cannot_be_is_told_and_nothing_that_was_written_is_lost(mia: Visitor) -> None:
    reply = sent(mia, f"{DRAFT}/fields", **{LARGE: "many", TRIAL: "12"})
    assert reply.status == 400
    page = reply.body.decode()
    assert "points of Large: &#34;many&#34; is no number" in page
    assert f'name="{LARGE}" value="many"' in page
    assert f'name="{TRIAL}" value="12"' in page
    assert text_of(mia) == DEFINITION


def test_rules_come_and_go(mia: Visitor) -> None:
    new = {"kind": "signal", "label": "Demo", "event": "Demo Seen", "points": "7", "decay": "fade", "days": "9"}
    assert sent(mia, f"{DRAFT}/add", **new).status == 303
    assert "    demo: {label: Demo, event: Demo Seen, points: 7, decay: {fade: 9d}}\n" in text_of(mia)
    assert 'new signal "Demo": 7 points' in mia.text(DRAFT)
    assert sent(mia, f"{DRAFT}/remove", place="engagement/signals/demo").status == 303
    assert text_of(mia) == DEFINITION
    assert "This is what is live." in mia.text(DRAFT)
    wrong = sent(mia, f"{DRAFT}/add", kind="criterion", label="New", when="a = ", points="1")
    assert wrong.status == 400
    assert b'value="a = "' in wrong.body
    assert b"something is missing" in wrong.body


def test_a_text_may_be_wrong_while_it_is_worked_on(mia: Visitor) -> None:
    wrong = DEFINITION.replace("points: 30", "pionts: 30")
    assert sent(mia, f"{DRAFT}/text", text=wrong.replace("\n", "\r\n")).status == 303
    assert text_of(mia) == wrong
    text = mia.text(DRAFT)
    assert "It has errors, so it cannot be published." in text
    assert "error line 7 :" in text
    assert 'did you mean "points"?' in text
    assert "the form comes back" in text
    assert "The draft has errors" in mia.text(REVIEW)
    assert mia.see("/definition/preview").status == 404
    assert sent(mia, f"{DRAFT}/fields", **{LARGE: "1"}).status == 409
    assert sent(mia, "/definition/publish", comment="x", unsigned="yes").status == 409


def test_two_people_who_work_on_it_do_not_write_over_each_other(admin: Visitor, mia: Visitor) -> None:
    opened = digest(mia.see(DRAFT).body.decode())
    assert sent(admin, f"{DRAFT}/fields", **{LARGE: "33"}).status == 303
    refused = sent(mia, f"{DRAFT}/fields", opened, **{LARGE: "44"})
    assert refused.status == 409
    assert b"Ada changed the draft meanwhile" in refused.body
    kept = sent(mia, f"{DRAFT}/text", opened, text="# mine\n" + DEFINITION)
    assert kept.status == 400
    page = kept.body.decode()
    assert "Ada changed the draft meanwhile. What you wrote stands here" in page
    assert "# mine" in page
    assert "points: 33" in text_of(mia)
    assert sent(mia, f"{DRAFT}/text", digest(page), text="# mine\n" + DEFINITION).status == 303
    assert text_of(mia).startswith("# mine\n")


def test_the_schema_is_what_editors_complete_by(mia: Visitor) -> None:
    reply = mia.see("/definition/schema.json")
    assert reply.headers["content-type"] == "application/json"
    assert reply.json["required"] == ["version", "fit", "engagement", "matrix"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_stands_in_a_draft_stays_text(mia: Visitor, attack: str) -> None:
    label = json.dumps(attack, ensure_ascii=False)
    text = DEFINITION.replace("trial: {event: Trial,", f"trial: {{event: {label}, label: {label},") + f"# {attack}\n"
    assert sent(mia, f"{DRAFT}/text", text=text).status == 303
    assert sent(mia, f"{DRAFT}/add", kind="criterion", label=attack, when=attack, points=attack).status in {400, 409}
    for path, scripts in ((DRAFT, 4), (REVIEW, 2)):
        html = mia.see(path).body.decode()
        assert html.count("<script") == scripts, path
        for harm in ("<img src=x", "<svg onload", ">49<", 'href="javascript'):
            assert harm not in html, (path, harm)


# ---- agreeing, publishing, and back ---------------------------------------------------------------------------


def previewed(visitor: Visitor) -> str:
    """Look at who would move until it is there."""
    deadline = time.monotonic() + 20
    while "Everybody is scored by both" in (text := visitor.text("/definition/preview")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return text


def test_marketing_and_sales_agree_then_scores_move_and_a_roll_back_restores_them(
    shop: Served, mia: Visitor, maria: Visitor
) -> None:
    before = {lead: score(shop, lead) for lead in ("ada", "bob")}
    assert before["bob"]["rating"] == "C2"
    assert sent(mia, f"{DRAFT}/fields", **{TRIAL: "25"}).status == 303
    text = previewed(maria)
    told = shop.ask("/api/definitions/qualification/preview", b"", "POST", authorization=f"Bearer {shop.admin}").json
    assert f"Of {told['leads']} leads {told['changed']} would have" in text
    assert told["changed"] == 2
    assert "medium to high 2 0 0" in text
    tried = maria.text("/definition/try?lead=bob")
    assert "What is live: rated C2 , so keep nurturing. The draft: rated C1 , so let a salesperson follow up." in tried
    assert "Trial 10.0 25.0 +15.0" in tried

    assert "signature is missing" not in maria.text("/")
    assert sent(mia, "/definition/sign", side="marketing").status == 303
    assert "Mia signed a draft of the definition, and your team's signature is missing." in maria.text("/")
    assert "signature is missing" not in mia.text("/")
    assert sent(mia, "/definition/sign", side="sales").status == 403
    without = sent(mia, "/definition/publish", comment="Trials matter more")
    assert without.status == 400
    assert b"Not signed by sales" in without.body
    assert b"Trials matter more" in without.body
    assert sent(maria, "/definition/publish", comment="x").status == 403
    assert sent(maria, "/definition/sign", side="sales").status == 303
    assert "signature is missing" not in maria.text("/")
    assert b"Say why" in sent(mia, "/definition/publish", comment=" ").body
    done = sent(mia, "/definition/publish", comment="Trials matter more")
    assert (done.status, done.headers["location"]) == (303, "/definition?definition=qualification&done=published")
    assert "Published. Everybody is scored by it now." in mia.text(done.headers["location"])

    after = score(shop, "bob")
    assert after["rating"] == "C1"
    assert after["engagement"]["points"] == "25"
    tells_of_both_versions(mia, maria)

    page = mia.see("/definition/history").body.decode()
    back = {"seal": mia.seal(), "number": "1", "comment": "Too many calls", "instead_of": live(page)}
    assert mia.send("/definition/rollback", back | {"instead_of": "0" * 16}).status == 409
    assert mia.send("/definition/rollback", back).status == 303
    assert {lead: score(shop, lead) for lead in ("ada", "bob")} == before
    assert "Version 3 live" in (history := mia.text("/definition/history"))
    assert "Too many calls" in history
    assert [one["by"] for one in shop.read("/api/definitions/qualification")["versions"]] == ["Mia", "Mia", None]


def tells_of_both_versions(mia: Visitor, maria: Visitor) -> None:
    history = mia.text("/definition/history")
    for said in (
        "Version 2 live",
        "Mia Trials matter more",
        'signal "Trial": points 10 -> 25',
        "signed for marketing by Mia; signed for sales by Maria.",
        "The first version.",
    ):
        assert said in history, said
    assert "Version 1: rated C2" in maria.text("/definition/try?lead=bob&version=1")
    assert "Nobody works on a draft" in mia.text(REVIEW)


@pytest.mark.slow
def test_a_year_is_looked_back_by_the_draft_and_by_what_is_live(mia: Visitor, maria: Visitor) -> None:
    sent(mia, f"{DRAFT}/fields", **{TRIAL: "25"})
    assert "Marketing may begin it." in maria.text("/definition/backtest")
    assert maria.see("/definition/backtest/report").status == 404
    assert sent(mia, "/definition/backtest/begin").status == 303
    deadline = time.monotonic() + 30
    while "Everybody is scored as of every week" in (text := maria.text("/definition/backtest")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert "Nobody was won in the period, so nothing tells which definition is better:" in text
    report = maria.see("/definition/backtest/report")
    assert report.status == 200
    assert "What two definitions would have done" in shown(report.body.decode())
    assert "sha256-" in report.headers["content-security-policy"]
    # It is of this draft alone.
    sent(mia, f"{DRAFT}/fields", **{TRIAL: "26"})
    assert "Look back over a year" in mia.text("/definition/backtest")


def test_a_signature_is_for_one_text_and_may_be_taken_back(mia: Visitor, admin: Visitor) -> None:
    sent(mia, f"{DRAFT}/fields", **{LARGE: "31"})
    sent(mia, "/definition/sign", side="marketing")
    assert "Marketing : signed by Mia" in mia.text(REVIEW)
    # Nobody signs for both, not even who may sign for either.
    assert sent(admin, "/definition/sign", side="sales").status == 303
    assert sent(admin, "/definition/sign", side="marketing").status == 409
    sent(mia, "/definition/sign", side="marketing", back="1")
    assert "Marketing : not signed yet" in mia.text(REVIEW)
    assert sent(mia, "/definition/sign", side="marketing", back="1").status == 409
    sent(mia, "/definition/sign", side="marketing")
    sent(mia, f"{DRAFT}/fields", **{LARGE: "32"})
    text = mia.text(REVIEW)
    assert "signed by" not in text
    assert text.count("not signed yet") == 2


def test_only_who_signed_and_administrators_take_a_signature_back(shop: Served, mia: Visitor, admin: Visitor) -> None:
    kai = accepted(shop, invited(admin, name="Kai", mail="kai@acme.example", role="marketing", person=""))
    before = logged(admin)
    sent(mia, f"{DRAFT}/fields", **{LARGE: "33"})
    for remover, by, whose in ((mia, "Mia", ""), (admin, "Ada", ", of Mia")):
        assert sent(mia, "/definition/sign", side="marketing").status == 303
        assert ("Take it back" in kai.text(REVIEW), "Take it back" in remover.text(REVIEW)) == (False, True)
        refused = sent(kai, "/definition/sign", side="marketing", back="1")
        assert (refused.status, "Mia signed this; they can take it back" in shown(refused.body.decode())) == (403, True)
        # Nor is it taken over by signing once more.
        assert sent(kai, "/definition/sign", side="marketing").status == 409
        assert "Marketing : signed by Mia" in kai.text(REVIEW)
        assert sent(remover, "/definition/sign", side="marketing", back="1").status == 303
        assert "Marketing : not signed yet" in kai.text(REVIEW)
        told = (
            ("Mia", "signed", "qualification, for marketing"),
            (by, "unsigned", f"qualification, for marketing{whose}"),
        )
        after = logged(admin)
        assert Counter(after) - Counter(before) == Counter(told)
        before = after


def test_who_publishes_without_a_signature_says_so(shop: Served, mia: Visitor) -> None:
    sent(mia, f"{DRAFT}/fields", **{LARGE: "35"})
    done = sent(mia, "/definition/publish", comment="No time", unsigned="yes")
    assert done.status == 303
    assert "not signed for marketing; not signed for sales" in mia.text("/definition/history")
    page = mia.see("/definition/history").body.decode()
    numbers = [int(part.partition("<")[0]) for part in page.split("<h2>Version ")[1:]]
    back = {"seal": mia.seal(), "number": str(numbers[1]), "instead_of": live(page)}
    assert mia.send("/definition/rollback", back).status == 303
    assert shop.read("/api/definitions/qualification")["text"] == DEFINITION


@pytest.mark.parametrize(
    ("path", "said", "status", "why"),
    [
        ("/definition/rollback", {"number": "99"}, 404, "no such version"),
        ("/definition/sign", {"side": "legal"}, 403, "does not sign for that team"),
        ("/definition/publish", {"comment": "x"}, 409, "no draft without errors"),
        ("/definition/draft/remove", {"place": "fit/levels"}, 400, "not there any more"),
    ],
)
def test_what_cannot_be_done_is_told(mia: Visitor, path: str, said: dict[str, str], status: int, why: str) -> None:
    reply = sent(mia, path, **said)
    assert reply.status == status
    assert why in shown(reply.body.decode())


@pytest.mark.parametrize(
    ("path", "status", "why"),
    [
        ("/definition?definition=other", 404, "no definition here"),
        ("/definition/try?lead=nobody", 404, "nobody"),
        ("/definition/try?lead=ada&version=77", 404, "no such version"),
        ("/definition/preview", 404, "no draft"),
    ],
)
def test_what_cannot_be_shown_is_told(mia: Visitor, path: str, status: int, why: str) -> None:
    reply = mia.see(path)
    assert reply.status == status
    assert why in shown(reply.body.decode())


# ---- thresholds ------------------------------------------------------------------------------------------------

THRESHOLDS = "/definition/thresholds"


def looked_back(visitor: Visitor, query: str = "") -> str:
    deadline = time.monotonic() + 20
    while "It is looked back once a day" in (text := visitor.text(THRESHOLDS + query)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return text


@pytest.mark.parametrize(
    "levels",
    [
        {"fit/levels/good": "35"},
        {"fit/levels/good": "9.5", "fit/levels/fair": "0.5"},
        {"engagement/levels/high": "9", "engagement/levels/medium": "2"},
        {"engagement/levels/high": "60", "engagement/levels/medium": "50"},
    ],
)
def test_thresholds_that_are_tried_move_whom_a_preview_moves(
    shop: Served, mia: Visitor, levels: dict[str, str]
) -> None:
    text = mia.text(f"{THRESHOLDS}?{urlencode(levels)}")
    reply = mia.send(THRESHOLDS, {"seal": mia.seal(), "definition": "qualification", **levels})
    assert (reply.status, reply.headers["location"]) == (303, f"{REVIEW}?definition=qualification")
    told = shop.ask("/api/definitions/qualification/preview", b"", "POST", authorization=f"Bearer {shop.admin}").json
    meets = told["meets_definition"]
    assert f"MQLs: {meets['before']['count']} now, {meets['after']['count']} with these" in text
    assert f"Would become MQLs: {meets['entering']['count']} " in text
    assert f"Would be none any more: {meets['leaving']['count']} " in text
    moved = sum(one["count"] for one in told["moves"]["rating"])
    assert f"{moved} leads would stand in another cell" in text
    assert moved


def test_thresholds_that_cannot_be_are_told(mia: Visitor) -> None:
    assert "good fit has to begin above fair" in mia.text(f"{THRESHOLDS}?fit/levels/good=1")
    assert "good begins: &#34;x&#34; is no number" in mia.see(f"{THRESHOLDS}?fit/levels/good=x").body.decode()
    refused = mia.send(THRESHOLDS, {"seal": mia.seal(), "definition": "", "fit/levels/good": "1"})
    assert refused.status == 400
    assert "draft" not in mia.text(DRAFT).split("This is what is live.")[0].split("Edit the definition")[1]


def test_weeks_behind_tell_who_met_it_at_their_ends(shop: Served, mia: Visitor, tmp_path: Path) -> None:
    """Weeks end on Thursdays, the last of them is the day before; what is imported was known when it happened."""
    import_events(shop, tmp_path, "w1,Asked,2026-03-25T10:00:00Z", "w2,Trial,2026-03-11T10:00:00Z")
    import_events(shop, tmp_path, "w3,Asked,2026-03-04T10:00:00Z", "w3,Asked,2026-03-18T10:00:00Z")
    shop.applied()
    shop.due(START.isoformat().replace("+00:00", "Z"))
    mia.text(f"{THRESHOLDS}?again=1")
    text = looked_back(mia)
    ends = [f"2026-{day}" for day in ("02-05", "02-12", "02-19", "02-26", "03-05", "03-12", "03-19", "03-26")]
    # Who asks for sales is an MQL for two days: w1 is one on the 26th, w3 on the 5th and again on the 19th.
    for day, mqls in zip(ends, (0, 0, 0, 0, 1, 0, 1, 1), strict=True):
        assert f"{day} {mqls} {mqls} 0 " in text, (day, text)
    assert "On average 0.4 0.4 0.0" in text
    # With a lower line w2's trial of 10 points is enough, and w3 is still one when it asks again.
    lower = looked_back(mia, "?engagement/levels/high=10&engagement/levels/medium=1")
    for told in ("2026-03-05 1 1 0", "2026-03-12 0 1 0", "2026-03-19 1 0 0", "2026-03-26 1 1 0"):
        assert told in lower
