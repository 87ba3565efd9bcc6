"""`ripeline learn --starting-from`: a definition is corrected where deals clearly say otherwise, and nowhere else."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from ripeline.adapters.engines.past import StoredPast
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.workspace import Workspace, text_of
from ripeline.usecases.learn import learn as study
from ripeline.usecases.learn_asked import learn_asked
from ripeline.usecases.learn_told import LearnTold
from ripeline.usecases.load_plan import load_plan
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.learning_company import LOOK_DAYS, WITHIN_DAYS, invent
from tests.acceptance.learning_runs import AFTER_ALL, Learned, learned, run, workspace_of

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

MINE: Final = """\
# What marketing and sales agreed on.
version: 1
name: agreed
fit:
  min_known: 0
  criteria:
    midsize:   {label: 50 to 499 people, when: "employees >= 50 and employees < 500", points: 12}
    schools:
      label: Education
      when: industry = 'education'
      points: -9
    tech:
      label: Software or banking  # they pay well
      when: industry in ('software', 'banking')
      points: 30
    no_site: {label: Has no website, when: website is null, points: -8}
    giants:   {label: More people than there are, when: employees > 100000000, points: 5}
  levels: {good: 12, poor: -20}
engagement:
  signals:
    pricing:
      label: Pricing
      event: Pricing Viewed
      points: 10
      decay: {half_life: 14d}
      cap: 20
    webinar:   {label: Webinar, event: Webinar Attended, points: 14, cap: 14}
    careers:
      label: Careers page
      event: Careers Viewed
      points: 14
      decay: {half_life: 60d}
      cap: 14
    demo: {label: Wants a demo, event: Demo Requested, points: 20, hand_raise: true}
  levels: {high: 20, low: -40}
matrix:
  good: {high: {action: handoff}, low: {action: nurture}}
  poor: {high: {action: follow_up}, low: {action: nurture}}
  unknown: {high: {action: follow_up}, low: {action: nurture}}
"""
"""As the truth of learning_company, but for `tech`, which has three times its points, and for `careers`, which scares."""

LEADS: Final = 2_500
RIGHT: Final = ("midsize", "schools", "no_site", "pricing", "webinar")


@dataclass(frozen=True)
class Refined:
    """What came of it. mine: the file that was started from."""

    workspace: Path
    mine: Path
    learned: Learned

    def points(self) -> dict[str, float]:
        """Return the points of every rule of the file."""
        every = {**self.learned.criteria, **self.learned.signals}
        return {name: float(one["points"]) for name, one in every.items()}


@pytest.fixture(scope="module")
def refined(tmp_path_factory: pytest.TempPathFactory) -> Refined:
    folder = tmp_path_factory.mktemp("refined")
    workspace, mine = workspace_of(invent(LEADS, 4), folder), folder / "mine.yaml"
    mine.write_text(MINE)
    return Refined(workspace, mine, learned(workspace, "--starting-from", mine, "--max-rules", 12))


@pytest.mark.parametrize("name", RIGHT)
def test_what_deals_do_not_contradict_stays(refined: Refined, name: str) -> None:
    before = YAML(typ="safe").load(MINE)
    given = {**before["fit"]["criteria"], **before["engagement"]["signals"]}[name]["points"]
    assert refined.points()[name] == given


def test_too_many_points_are_made_fewer(refined: Refined) -> None:
    """To what they are in truth, beside the others' points, within the stated interval."""
    (rule,) = (one for one in refined.learned.report["rules"] if one["name"] == "tech")
    assert (rule["was"], rule["points"]) == (30, refined.points()["tech"])
    assert rule["interval"][0] <= 9 <= rule["interval"][1]


def test_what_scares_no_longer_speaks_for_anybody(refined: Refined) -> None:
    """It is turned round, or taken out and found anew."""
    about = refined.learned.about()
    assert all(refined.points()[name] < 0 for name, what in about.items() if what == "Careers Viewed")
    assert "Careers Viewed" in about.values()


def test_what_nobody_has_and_raised_hands_stay(refined: Refined) -> None:
    assert refined.learned.report["starting_from"]["not_corrected"] == ["giants", "demo"]
    assert (refined.points()["giants"], refined.points()["demo"]) == (5, 20)


def test_every_other_character_stays(refined: Refined) -> None:
    """Comments and layout too; what changed says why in a comment."""
    text = refined.learned.text
    assert text is not None
    gone = [line for line in MINE.splitlines() if line not in text.splitlines()]
    assert gone == ["      points: 30", "      points: 14", "      cap: 14"]
    assert "# they pay well" in text
    (corrected,) = (line for line in text.splitlines() if "# was 30; won: " in line)
    assert corrected.strip().startswith(f"points: {refined.points()['tech']:g} ")


def test_what_changes_is_told(refined: Refined) -> None:
    """As `diff` tells it, in the report and on screen."""
    told = [one["text"] for one in refined.learned.report["starting_from"]["changes"]]
    assert any(one.startswith('criterion "Software or banking": points 30 -> ') for one in told)
    diff = run("diff", refined.mine, refined.learned.file, "--format", "json")
    assert [one["text"] for one in YAML(typ="safe").load(diff.stdout)["changes"]] == told
    assert "What deals would change" in refined.learned.done.stdout


def test_it_is_better_than_what_it_was_started_from(refined: Refined) -> None:
    evaluation = refined.learned.report["evaluation"]
    assert evaluation["card"]["log_loss"]["value"] < evaluation["rule_score"]["log_loss"]["value"]
    assert evaluation["card"]["auc"]["value"] > evaluation["rule_score"]["auc"]["value"]


def test_the_file_passes_the_check_and_is_used(refined: Refined) -> None:
    """It has a likelihood for every lead, and says of each why."""
    run("check", refined.learned.file)
    file = refined.workspace.parent / "scores.csv"
    run("score", "-w", refined.workspace, "--definition", refined.learned.file, "-o", file)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == LEADS
    assert all(0 < float(row["likelihood"]) < 1 for row in rows)


def test_scores_are_as_learning_reckons_them(refined: Refined) -> None:
    """Of the learned card and of the file, at every snapshot: caps, limits and all."""
    told = LearnTold(
        win_within=f"{WITHIN_DAYS}d", score_at=f"created+{LOOK_DAYS}d", as_of="2026-06-01", most=12, starts=True
    )
    plan, new = (
        load_plan(text_of(file), file.stem, str(file), references()) for file in (refined.mine, refined.learned.file)
    )
    with opened_store(Workspace(refined.workspace)) as store:
        past = StoredPast(store)
        found: Any = study(
            past, plan, learn_asked(told, plan.zone, 0, lambda _: pytest.fail("no file")), lambda *_: None
        )
        assert past.scored(new, found.looked.snapshots).points == pytest.approx(
            found.study.card.totals(found.looked.sample), abs=1e-5
        )


def test_the_same_again_is_the_same(refined: Refined) -> None:
    again = learned(refined.workspace, "--starting-from", refined.mine, "--max-rules", 12)
    assert again.text == refined.learned.text


def test_few_deals_change_nothing(tmp_path: Path) -> None:
    """What a company agreed on is believed until deals clearly say otherwise."""
    workspace, mine = workspace_of(invent(150, 4), tmp_path), tmp_path / "mine.yaml"
    mine.write_text(
        MINE.replace("points: 30", "points: 9")
        .replace("points: 14\n", "points: -14\n")
        .replace("cap: 14\n", "floor: -14\n")
    )
    found = learned(workspace, "--starting-from", mine)
    assert {one["subject"] for one in found.report["starting_from"]["changes"]} == {"likelihood"}
    assert "The definition stands" in found.done.stdout


def test_a_file_that_is_not_there_is_said(refined: Refined) -> None:
    done = ripeline(
        "learn", "-w", refined.workspace, *AFTER_ALL, "--starting-from", refined.mine.with_name("gone.yaml")
    )
    assert (done.returncode, "gone.yaml" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
