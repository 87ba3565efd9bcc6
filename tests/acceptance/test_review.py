"""`ripeline review` as a user runs it, on an invented company whose truth is known; see review_company."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from ripeline.adapters.book.inbox import insert
from ripeline.adapters.engines.review import StoredReview
from ripeline.entry.bootstrap.book import book_connection, opened_server_book
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.review import in_use
from ripeline.entry.schemas import schema
from ripeline.entry.workspace import FIRST_SETTINGS, find_workspace
from ripeline.insight.in_use import Cells, Given
from ripeline.ports.handoffs import HandoffsAsked
from ripeline.ports.intake import Request
from ripeline.vocabulary.calendar import instant_of
from ripeline.vocabulary.people import Name
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.learning_company import at
from tests.acceptance.learning_runs import bring_in, run
from tests.acceptance.review_company import AS_OF, DEFINITION, HANDED, PUBLISHED, SALES, make, people

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("review"))


@pytest.fixture(scope="module")
def found(company: Path) -> dict[str, Any]:
    return reviewed(company, "--as-of", AS_OF)


def reviewed(workspace: Path, *options: object) -> dict[str, Any]:
    """What the command writes, held to its schema."""
    ran = ripeline("review", "-w", workspace, *options, "--format", "json")
    assert ran.returncode == 0, ran.stderr
    document = json.loads(ran.stdout)
    jsonschema.Draft202012Validator(schema("review")).validate(document)
    return dict(document)


def words(workspace: Path, *options: object) -> str:
    ran = ripeline("review", "-w", workspace, *options)
    assert ran.returncode == 0, ran.stderr
    return " ".join(ran.stdout.split())


def by(name: str, records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one[name]: one for one in records}


def test_what_is_there_is_found_and_nothing_else(found: dict[str, Any]) -> None:
    told = [(one["kind"], one["what"]) for one in found["proposals"]]
    assert told == [
        ("exclusion", "Never hand over: company_size < 80"),
        ("points", '"Took an e-book": lower its points, from 15 to 7'),
        ("drift", '"source": see whether rules and levels still fit'),
        ("dead", '"Has a fax": remove it'),
    ]
    ebook = found["proposals"][1]
    assert 'sent back as "no need"' in ebook["why"]
    assert "sales accepts fewer of those who have it" in ebook["why"]


def test_then_and_now(found: dict[str, Any]) -> None:
    assert (found["since"], found["since_is"]) == ("2026-06-01T08:00:00.000000Z", "published")
    assert found["leads"] == {"then": 400, "now": 800}
    drifts = by("name", found["stability"]["traits"])
    assert {name: one["verdict"] for name, one in drifts.items()} == {
        "source": "changed",
        "company_size": "stable",
        "industry": "stable",
        "fax": "stable",
    }
    bands = by("name", drifts["source"]["bands"])
    assert sum(one["then"] for one in bands.values()) == 400
    assert sum(one["now"] for one in bands.values()) == 800
    assert bands["web"]["then"] > 340
    assert {one["verdict"] for one in found["stability"]["scores"]} == {"stable"}


def test_scores_are_those_of_ripeline_score(company: Path, found: dict[str, Any], tmp_path: Path) -> None:
    for when, day in (("then", at(PUBLISHED)), ("now", AS_OF)):
        file = tmp_path / f"{when}.json"
        run("score", "-w", company, "--as-of", day, "--known-at", day, "-o", file)
        rows = json.loads(file.read_text())
        assert found["leads"][when] == len(rows)
        assert found["meeting"][when] == sum(row["meets_definition"] for row in rows)
        levels = by("name", found["stability"]["scores"])["levels of fit"]["bands"]
        assert {band["name"]: band[when] for band in levels if band[when]} == {
            level: sum(row["fit_level"] == level for row in rows) for level in {row["fit_level"] for row in rows}
        }


def test_rules_are_counted_as_leads_are(company: Path, found: dict[str, Any]) -> None:
    """By what the company was made of: its leads, what they did, and how sales answers each of them."""
    rules, old = by("name", found["rules"]), list(people(400, 0, PUBLISHED, 0.1))
    every = [*old, *people(400, 1, HANDED, 0.9)]
    for name, event in (("demo", "Demo"), ("ebook", "Ebook"), ("webinar", "Webinar")):
        counts = [sum(any(act["name"] == event for act in acts) for _, acts in made) for made in (old, every)]
        assert rules[name]["with_points"] == {"then": counts[0], "now": counts[1]}
        assert rules[name]["happened_since"] == counts[1] - counts[0]
    grown = [sum(lead["company_size"] >= 200 for lead, _ in made) for made in (old, every)]
    assert rules["grown"]["with_points"] == {"then": grown[0], "now": grown[1]}
    assert rules["grown"]["happened_since"] is None
    assert {name: (one["dead"], one["sales"]) for name, one in rules.items() if one["dead"]} == {
        "fax": ("nobody", "too_few")
    }
    assert [name for name, one in rules.items() if one["sales"] == "disagrees"] == ["ebook"]
    assert (rules["asked"]["happened_since"], rules["asked"]["dead"]) == (0, None)
    sla = json.loads(ripeline("sla", "-w", company, "--from", "2026-07-01", "--format", "json").stdout)["total"]
    assert found["handoffs"]["accepted"] == sla["states"]["accepted"]
    assert found["handoffs"]["sent_back"] == sla["states"]["rejected"]
    assert {one["reason"].replace(" ", "_"): one["count"] for one in found["reasons"]} == sla["rejected"]


def test_reasons(found: dict[str, Any]) -> None:
    """Whoever is too small has fewer than 80 people, since none has 45 to 80; "not now" is anybody."""
    reasons = by("reason", found["reasons"])
    assert {name: one["verdict"] for name, one in reasons.items()} == {
        "too small": "apart",
        "no need": "apart",
        "not now": "nothing",
    }
    assert {one["listed"] for one in reasons.values()} == {True}
    small = reasons["too small"]["apart"][0]
    assert small["what"] == "have company_size < 80"
    assert small["sent_back"]["count"] == small["sent_back"]["of"] == reasons["too small"]["count"]
    assert small["accepted"]["count"] == small["accepted_of_those"]["count"] == 0
    assert reasons["not now"]["tried"] > 50


def test_what_is_proposed_can_be_put_into_the_definition(found: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "changed.yaml"
    changes = [YAML(typ="safe").load(one["yaml"]) for one in found["proposals"] if one["yaml"]]
    assert len(changes) == 2
    for change in changes:
        definition, text = YAML(typ="safe").load(DEFINITION), StringIO()
        put_into(definition, change)
        YAML().dump(definition, text)
        file.write_text(text.getvalue(), encoding="utf-8")
        ran = ripeline("check", file)
        assert (ran.returncode, ran.stdout.split()[-1]) == (0, "fine."), ran.stdout


def put_into(definition: dict[str, Any], change: dict[str, Any]) -> None:
    """Change what is there, and add what is not."""
    for key, value in change.items():
        if isinstance(value, dict) and isinstance(definition.get(key), dict):
            put_into(definition[key], value)
        else:
            definition[key] = value


def test_people_can_read_it(company: Path) -> None:
    told = words(company, "--as-of", AS_OF)
    assert "Then: 2026-06-01 08:00 UTC, when this version was published. Now: 2026-07-31 21:59 UTC." in told
    assert "1. Never hand over: company_size < 80" in told
    assert 'suppress: too_small: when: "company_size < 80"' in told
    assert "It promises no likelihood" in told
    assert "none of" in told.partition("not now")[2]


def test_the_same_on_a_page_and_in_a_file(company: Path, found: dict[str, Any], tmp_path: Path) -> None:
    page, file = tmp_path / "review.html", tmp_path / "review.json"
    words(company, "--as-of", AS_OF, "--report", page, "--json", file)
    assert json.loads(file.read_text("utf-8")) == found
    text = page.read_text("utf-8")
    assert "4 proposals" in text.replace("\u00a0", " ")
    assert "  too_small:\n    when: &quot;company_size &lt; 80&quot;" in text
    assert schema("review") == json.loads((ROOT / "docs/schemas/review.schema.json").read_text())


def test_nothing_changes(company: Path) -> None:
    before = list(state(company))
    words(company, "--as-of", AS_OF)
    assert list(state(company)) == before


def state(workspace: Path) -> Iterator[str]:
    for file in sorted(workspace.rglob("*")):
        if file.is_file() and "book.sqlite" not in file.name:
            yield f"{file}: {sha256(file.read_bytes()).hexdigest()}"
    db = sqlite3.connect(workspace / "book.sqlite")
    yield from db.iterdump()
    db.close()


def test_what_was_not_known_then_is_not_looked_at(company: Path) -> None:
    """Before anything was handed over: answers, reasons and moves of later days do not exist yet."""
    early = reviewed(company, "--as-of", "2026-07-19")
    assert (early["handoffs"]["given"], early["reasons"]) == (0, [])
    assert {one["kind"] for one in early["proposals"]} <= {"drift", "dead"}
    late = reviewed(company, "--as-of", at(HANDED + timedelta(days=1)))
    assert late["handoffs"]["given"] == late["handoffs"]["open"] > 100


def test_leads_who_are_gone_or_one_by_now(company: Path, found: dict[str, Any], tmp_path: Path) -> None:
    """Of who was erased nothing is left; two who became one are one lead now, and both their answers stay."""
    copy = tmp_path / "copy"
    shutil.copytree(company, copy)
    with opened_server_book(find_workspace(copy)) as book:
        _, (gone, one, other, *_) = book.handoffs(HandoffsAsked({}, ("accepted",), 10_000))
    run("erase", gone.lead.value, "-w", copy, "--yes")
    run("merge", one.lead.value, other.lead.value, "-w", copy, "--yes")
    later = reviewed(copy)
    assert later["leads"]["now"] == found["leads"]["now"] - 2
    assert later["leads"]["then"] <= found["leads"]["then"]
    for name in ("given", "known", "accepted"):
        assert later["handoffs"][name] == found["handoffs"][name] - 1
    assert [one["kind"] for one in later["proposals"]] == ["exclusion", "points", "drift", "dead"]


# ---- workspaces in which there is less --------------------------------------------------------------------


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    run("init", tmp_path / "acme")
    return tmp_path / "acme"


def test_a_fresh_workspace(fresh: Path, tmp_path: Path) -> None:
    found = reviewed(fresh)
    assert (found["leads"], found["since_is"], found["proposals"]) == ({"then": 0, "now": 0}, "usual", [])
    told = words(fresh, "--report", tmp_path / "page.html")
    assert "30 days before, since it was never published here" in told
    assert "Nothing is clear enough to propose a change." in told
    assert "no move is logged yet" in told
    assert "Nothing was handed over since then" in told
    assert "Nothing was sent back" in told
    assert "outcomes are missing, undated or earlier" in told


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--definition", "qualifcation"), 1, 'did you mean "qualification"'),
        (("--since", "yesterday"), 1, '"yesterday" is no time'),
        (("--since", "2026-03-02", "--as-of", "2026-03-01"), 1, "say --since a moment before --as-of"),
        (("--report", "/nowhere/review.html"), 1, "there is no folder /nowhere"),
        (("--format", "xml"), 2, "format"),
    ],
)
def test_what_is_wrong_is_said(fresh: Path, options: tuple[str, ...], code: int, message: str) -> None:
    ran = ripeline("review", "-w", fresh, *options)
    assert (ran.returncode, "Traceback" in ran.stderr) == (code, False)
    assert message in " ".join((ran.stdout + ran.stderr).split())


# ---- leads as they were -----------------------------------------------------------------------------------


def test_leads_as_they_were_when_they_were_handed_over(fresh: Path) -> None:
    """What was stated later, or known later, is not there; a demo of the same day is. Traits have the kinds they had."""
    (fresh / "qualification.yaml").write_text(DEFINITION, encoding="utf-8")
    traits = {"paid": True, "seats": 5, "tags": ["a"], "since": "2026-05-01", "size": 7, "company_size": 500}
    other = {"paid": False, "size": "many"}
    told = [("a", traits, "2026-05-02"), ("b", other, "2026-05-02"), ("a", {"seats": 9}, "2026-06-02")]
    calls: list[dict[str, Any]] = [
        {"type": "identify", "userId": who, "traits": what, "timestamp": f"{day}T00:00:00Z", "messageId": f"{who}{day}"}
        for who, what, day in told
    ]
    calls.append({"type": "track", "userId": "a", "event": "Demo", "timestamp": at(PUBLISHED), "messageId": "d"})
    bring_in(fresh, calls=calls)
    bring_in(fresh, leads=[{"id": "b", "at": "2026-05-03", "known_at": "2026-06-02", "industry": "software"}])
    names = [Name("user", who) for who in ("a", "b", "gone")]
    given = [Given(name, instant_of(PUBLISHED), answer=None) for name in names]
    workspace = find_workspace(fresh)
    with opened_store(workspace) as store:
        found = StoredReview(store).handed(in_use(workspace, "qualification").plan, given)
    assert [one.lead.value for one in found.given] == ["a", "b"]
    assert found.points == [{("fit", "grown"): 10_000_000, ("engagement", "demo"): 20_000_000}, {}]
    assert found.traits["paid"] == Cells(("true", "false"), is_boolean=True)
    assert found.traits["seats"].numbers == (5_000_000, None)
    assert found.traits["size"] == Cells([" a number", "many"])
    assert list(found.traits["tags"].texts) == [" a list", None]
    assert (found.traits["since"].numbers, found.traits["since"].is_age) == ((31_000_000, None), True)
    assert list(found.traits["industry"].texts) == [None, None]
    assert list(found.traits["company_size_band"].texts) == ["201-500", None]


# ---- chances ----------------------------------------------------------------------------------------------

LEARNED = """\
learned:
  won_within: 20d
  likelihood:
    of: fit + engagement
    table: [[-100, 0.1], [30, {high}]]
"""


@pytest.mark.parametrize(("high", "verdict"), [("0.5", "fine"), ("0.9", "off")])
def test_chances(fresh: Path, high: str, verdict: str) -> None:
    """Of leads with 30 points or more every second one is won within ten days, of the others each tenth.

    The others are won on the 25th day, too late for 20 days. Those who were won before are not asked.
    """
    (fresh / "qualification.yaml").write_text(DEFINITION + LEARNED.format(high=high), encoding="utf-8")
    leads = [
        {"id": f"l{number}", "created": "2026-05-01", "industry": "software" if number % 2 else "retail"}
        for number in range(400)
    ]
    outcomes = [{"lead": "l399", "outcome": "won", "time": "2026-05-20"}]
    for number in range(390):
        within = number % 4 == 1 if number % 2 else number % 20 == 0
        day = PUBLISHED + timedelta(days=10 if within else 25)
        outcomes.append({"lead": f"l{number}", "outcome": "won", "time": at(day)})
    bring_in(fresh, leads=leads, outcomes=outcomes)
    run("advance", "-w", fresh, "--as-of", at(PUBLISHED))
    early = reviewed(fresh, "--as-of", "2026-06-15")["calibration"]
    assert (early["verdict"], early["over_at"]) == ("early", "2026-06-21T08:00:00.000000Z")
    found = reviewed(fresh, "--as-of", AS_OF)
    groups = found["calibration"]["groups"]
    assert found["calibration"]["verdict"] == verdict
    assert [(one["foretold"], one["count"], one["of"]) for one in groups] == [(0.1, 20, 200), (float(high), 98, 199)]
    assert [one["kind"] for one in found["proposals"] if one["kind"] == "calibration"] == (
        ["calibration"] if verdict == "off" else []
    )
    won = {(one["fit"], one["engagement"]): one["won"] for one in found["cells"]}
    assert (won["good", "low"]["count"], won["good", "low"]["of"]) == (195, 199)
    assert ("learn again" in words(fresh, "--as-of", AS_OF).lower()) is (verdict == "off")


# ---- hostile text -----------------------------------------------------------------------------------------


def test_names_do_no_harm(tmp_path: Path) -> None:
    """Labels, traits and their values come from anywhere."""
    evil = "<script>alert(1)</script>"
    workspace = make_hostile(tmp_path, evil)
    page = tmp_path / "page.html"
    told = words(workspace, "--since", "2026-05-02", "--as-of", AS_OF, "--report", page)
    assert "\x1b" not in told
    text = page.read_text("utf-8")
    assert evil not in text
    assert "&lt;script&gt;" in text
    assert "\u202e" not in text


def make_hostile(folder: Path, evil: str) -> Path:
    run("init", folder / "acme")
    suppressed = f"when: '\"{evil}\" = ''partner'''"
    text = DEFINITION.replace("Has a fax", f'"{evil}"').replace("when: \"source = 'partner'\"", suppressed)
    (folder / "acme" / "qualification.yaml").write_text(text, encoding="utf-8")
    rows = [
        {
            "id": f"l{number}",
            "created": f"2026-0{5 if number < 50 else 6}-01",
            evil: f"\u202e{evil}\x1b[31m{number < 50}",
        }
        for number in range(100)
    ]
    bring_in(folder / "acme", leads=rows)
    return folder / "acme"


def test_more_mqls_than_sales_can_answer(fresh: Path) -> None:
    """Maria takes one a day, so seven a week; in two weeks 60 leads qualify by what they do."""
    (fresh / "qualification.yaml").write_text(DEFINITION, encoding="utf-8")
    (fresh / "ripeline.toml").write_text(FIRST_SETTINGS + SALES + "capacity = 1\n", encoding="utf-8")
    bring_in(fresh, leads=[{"id": f"l{n}", "created": "2026-05-01", "industry": "software"} for n in range(60)])
    run("advance", "-w", fresh, "--as-of", at(PUBLISHED))
    late = PUBLISHED + timedelta(days=13)
    calls = [{"type": "track", "event": "Demo", "userId": f"l{n}", "messageId": f"m{n}"} for n in range(60)]
    with book_connection(find_workspace(fresh)) as db:
        insert(db, Request(instant_of(late), 2, json.dumps({"batch": calls}).encode()))
    run("advance", "-w", fresh, "--as-of", at(late + timedelta(days=1)))
    # Logging began with the first move, so weeks are counted from there; the first of two has none.
    found = reviewed(fresh, "--as-of", at(PUBLISHED + timedelta(days=28)))
    assert (found["mqls"]["own"], found["mqls"]["quiet"], found["mqls"]["capacity_per_week"]) == (60, 0, 7)
    assert found["mqls"]["per_week"] == 30
    assert [one["kind"] for one in found["proposals"] if one["kind"] == "threshold"] == ["threshold"]
    assert "30.0 a week; sales can answer 7 a week" in words(fresh, "--as-of", at(PUBLISHED + timedelta(days=28)))
