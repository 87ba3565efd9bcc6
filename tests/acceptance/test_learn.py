"""`ripeline learn` finds again what was planted, sees no future, changes nothing, and its file means what it says.

Each company is invented, with a truth that is known: see learning_company. Where a test is slow, a quicker one like it
is beside it.
"""

import json
import os
import random
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.learning_cases import (
    UGLY_NAMES,
    UGLY_VALUES,
    alike,
    leaky,
    ordered,
    permuted,
    shop,
    shuffled,
    ugly,
)
from tests.acceptance.learning_company import BEGIN, NOISE, TRUTH, Act, Company, Row, Truth, at, invent
from tests.acceptance.learning_edits import (
    AS_OF,
    LOOKED,
    UNSEEN,
    Edit,
    another_past,
    new_names,
)
from tests.acceptance.learning_runs import (
    AFTER_ALL,
    SETTINGS,
    Learned,
    Score,
    bring_in,
    copied,
    empty_workspace,
    hashes,
    learn,
    learned,
    probes_of,
    run,
    scores,
    words_of,
    workspace_of,
    write_rows,
)
from tests.how_many import most

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

HALF_LIVES = (7, 14, 30, 60, 90, 180, None)
PLANTED = {
    "employees 200": "employees",
    "industry software": "industry",
    "industry banking": "industry",
    "industry education": "industry",
    "website None": "website",
    "Pricing Viewed in full": "Pricing Viewed",
    "Webinar Attended in full": "Webinar Attended",
    "Careers Viewed in full": "Careers Viewed",
}
"""Probes of what was planted, and what each is about."""

WEEKS = ("--win-within", "30d", "--score-at", "every:30d")


@dataclass(frozen=True)
class Study:
    """What was learned of a company, and how many points each probe has by it, and by the truth."""

    company: Company
    workspace: Path
    learned: Learned
    true: Mapping[str, float]
    found: Mapping[str, float]

    def off(self) -> dict[str, float]:
        """How far each planted thing is from the truth, in half intervals that the report states; whole points round.

        A file counts in a coin of its own: what a point of the truth is worth in it is told by all things together.
        """
        about, room = self.learned.about(), dict.fromkeys(PLANTED.values(), 0.5)
        for rule in self.learned.report["rules"]:
            if (thing := about[rule["name"]]) in room:
                room[thing] += (rule["interval"][1] - rule["interval"][0]) / 2
        found, true = (np.array([of[probe] for probe in PLANTED]) for of in (self.found, self.true))
        worth = float(found @ true / (true @ true))
        return {
            probe: abs(self.found[probe] - worth * self.true[probe]) / room[thing] for probe, thing in PLANTED.items()
        }

    def left_after(self, act: str, days: int) -> float:
        """How much of its points an act has after days."""
        return self.found[f"{act} {days} days ago"] / self.found[f"{act} 0 days ago"]


def study(folder: Path, leads: int, seed: int, truth: Truth = TRUTH) -> Study:
    company = invent(leads, seed, truth)
    workspace = workspace_of(company, folder / "company")
    found, probes = learned(workspace), probes_of(truth, folder / "probes")
    return Study(company, workspace, found, probes.true, probes.found(found.file))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study(tmp_path_factory.mktemp("planted"), 3_000, 4)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of a few hundred leads: enough to learn something."""
    return workspace_of(invent(400, 1), tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def small_learned(small: Path) -> Learned:
    return learned(small)


# ---- what was planted -----------------------------------------------------------------------------------


def test_what_was_planted_is_found_and_nothing_else(planted: Study) -> None:
    assert set(planted.learned.about().values()) == set(PLANTED.values())


def test_what_means_nothing_has_no_points(planted: Study) -> None:
    for probe, true in planted.true.items():
        if not true:
            assert planted.found[probe] == 0, probe


def test_points_are_as_planted_within_the_stated_intervals(planted: Study) -> None:
    assert max(planted.off().values()) <= 1, planted.off()


def test_points_are_in_the_order_of_the_truth(planted: Study) -> None:
    for one, other in combinations(PLANTED, 2):
        apart = planted.true[one] - planted.true[other]
        if abs(apart) >= 4:
            assert (planted.found[one] - planted.found[other]) * apart > 0, (one, other)


def assert_fades_alike(found: Study, act: Act) -> None:
    """What is left of it lies between what its half-life's neighbours in the list leave."""
    place = HALF_LIVES.index(act.half_life)
    faster, slower = HALF_LIVES[max(place - 1, 0)], HALF_LIVES[min(place + 1, len(HALF_LIVES) - 1)]
    days = 14 if (act.half_life or 30) <= 14 else 30
    least, most = (1.0 if one is None else 2 ** (-days / one) for one in (faster, slower))
    assert least - 0.01 <= found.left_after(act.name, days) <= most + 0.01, found.learned.signals


@pytest.mark.parametrize("act", [act for act in TRUTH.acts if act.points], ids=lambda act: act.name)
def test_acts_fade_as_planted(planted: Study, act: Act) -> None:
    assert_fades_alike(planted, act)


@pytest.mark.slow
@pytest.mark.parametrize("half_life", HALF_LIVES)
def test_every_half_life_is_found_again(half_life: int | None, tmp_path: Path) -> None:
    act = Act("Trial Used", 3.0, 25, half_life, full=2)
    assert_fades_alike(study(tmp_path, 3_000, 5, Truth((act, *NOISE), level=-2.5)), act)


@pytest.mark.slow
@pytest.mark.parametrize("full", [1, 2])  # a longer rise is told by one step in some companies
def test_every_cap_is_found_again(full: int, tmp_path: Path) -> None:
    """Half as often has half the points, and twice as often no more."""
    truth = Truth((Act("Trial Used", float(full), 25, None, full), *NOISE), level=-2.5)
    file = learned(workspace_of(invent(3_000, 5, truth), tmp_path / "company")).file
    workspace, counts = empty_workspace(tmp_path / "counted"), sorted({0, full // 2, full, 2 * full})
    bring_in(
        workspace,
        leads=[{"id": f"n{count}", "created": at(BEGIN), "colour": "red"} for count in counts],
        events=[
            {"lead": f"n{count}", "name": "Trial Used", "time": at(BEGIN + timedelta(days=day))}
            for count in counts
            for day in range(count)
        ],
    )
    points = {one.lead: one.points for one in scores(workspace, file, "--as-of", "2025-02-01")}
    for count in counts:
        part = (points[f"n{count}"] - points["n0"]) / (points[f"n{full}"] - points["n0"])
        assert part == pytest.approx(min(count / full, 1), abs=0.15), points


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> list[Study]:
    """Eight companies of one truth."""
    return [study(tmp_path_factory.mktemp("several"), 2_000, seed) for seed in range(8)]


@pytest.mark.slow
def test_stated_intervals_hold_the_truth_of_most_companies(several: list[Study]) -> None:
    assert np.mean([off <= 1 for each in several for off in each.off().values()]) >= 0.95


@pytest.mark.slow
def test_what_was_planted_is_found_in_every_company(several: list[Study]) -> None:
    for each in several:
        assert set(PLANTED.values()) <= set(each.learned.about().values())


@pytest.mark.slow
def test_what_means_nothing_is_hardly_ever_taken(several: list[Study]) -> None:
    """Of two traits, two acts, and acts in general, one in twenty is taken by chance."""
    about = [set(each.learned.about().values()) - set(PLANTED.values()) for each in several]
    assert sum(map(len, about)) <= 5 * len(several) / 20, about


# ---- the file -------------------------------------------------------------------------------------------


def assert_well_written(found: Learned, most: int) -> None:
    assert found.text is not None
    run("check", found.file)
    rules = {**found.criteria, **found.signals}
    assert 1 <= len(rules) == len(found.report["rules"]) <= most
    for name, rule in rules.items():
        assert isinstance(rule["points"], int), rule
        assert -20 <= rule["points"] <= 30, rule
        assert len(rule["label"]) <= 60
        (evidence,) = re.findall(rf"^    {re.escape(name)}:  # (.+)$", found.text, re.MULTILINE)
        assert re.search(r"won: .+; else .+; between -?[\d.]+ and -?[\d.]+ points", evidence), evidence
    fading = {signal["decay"]["half_life"] for signal in found.signals.values() if "decay" in signal}
    assert fading <= {f"{days}d" for days in HALF_LIVES if days}


@pytest.mark.parametrize("most", [3, 8])
def test_a_file_has_at_most_as_many_rules_as_are_wanted(small: Path, most: int) -> None:
    assert_well_written(learned(small, "--max-rules", most), most)


def test_a_file_is_readable(planted: Study, small_learned: Learned) -> None:
    assert_well_written(planted.learned, 15)
    assert_well_written(small_learned, 15)


def test_the_check_has_nothing_to_say_of_a_file(planted: Study) -> None:
    assert run("check", planted.learned.file).stdout.strip().endswith(" is fine.")


@pytest.mark.xfail(strict=True, reason="of few leads two signals count the same event, and `check` warns of each pair")
def test_the_check_has_nothing_to_say_of_a_file_of_few_leads(small_learned: Learned) -> None:
    assert run("check", small_learned.file).stdout.strip().endswith(" is fine.")


def test_a_file_carries_its_evidence(planted: Study) -> None:
    told = planted.learned.definition["learned"]
    assert (told["leads"], told["won_within"], told["score_at"]) == (3_000, "14d", "created+60d")
    assert set(told["intervals"]) == {**planted.learned.criteria, **planted.learned.signals}.keys()
    for value, low, high in told["figures"].values():
        assert low <= value <= high
    assert told["calibration"]


def assert_means_what_is_said(found: Learned, every: Sequence[Score]) -> None:
    """As many leads have so many points by the engine as the report says. every: of all moments learned from."""
    most: dict[object, float] = {}
    for place, one in enumerate(every):
        # Who is won again and again is told of at each moment anew.
        lead = place if found.report["asked"]["repeat"] else one.lead
        most[lead] = max(most.get(lead, -np.inf), one.points)
    assert found.report["data"]["snapshots"] == len(every)
    assert len(found.report["capacity"]) > 1
    for step in found.report["capacity"]:
        assert sum(points >= step["points"] - 1e-6 for points in most.values()) == step["leads"], step


@pytest.fixture(scope="module")
def still(planted: Study, tmp_path_factory: pytest.TempPathFactory) -> list[Score]:
    """Every look, by the file with a level that stays where it was learned."""
    folder = tmp_path_factory.mktemp("still")
    lines = planted.learned.file.read_text("utf-8").splitlines()
    file = folder / "still.yaml"
    file.write_text("\n".join(line for line in lines if not line.startswith("    follows: ")), encoding="utf-8")
    assert len(file.read_text("utf-8").splitlines()) == len(lines) - 1
    return scores(planted.workspace, file, "--at", write_rows(folder / "looks.csv", planted.company.looks))


def test_scores_by_the_file_are_as_the_report_says(planted: Study, still: list[Score]) -> None:
    assert_means_what_is_said(planted.learned, still)
    table = dict(planted.learned.report["likelihood"])
    for one in still:
        assert 0 < one.likelihood < 1
        assert one.likelihood == pytest.approx(table[int(np.floor(one.points + 1e-6))], abs=1e-6)


@pytest.mark.slow
def test_all_likelihoods_of_a_day_follow_what_became_of_leads(
    planted: Study, still: list[Score], tmp_path: Path
) -> None:
    """By the file as it is odds are one number of times those of the table, another one when another week is over."""
    moments = write_rows(tmp_path / "looks.csv", planted.company.looks)
    followed = scores(planted.workspace, planted.learned.file, "--at", moments)
    by_day = defaultdict[str, list[float]](list)
    for one, other in zip(followed, still, strict=True):
        assert (one.lead, one.as_of, one.points) == (other.lead, other.as_of, other.points)
        odds = [each.likelihood / (1 - each.likelihood) for each in (one, other)]
        by_day[one.as_of[:10]].append(odds[0] / odds[1])
    assert all(max(times) == pytest.approx(min(times), rel=1e-3) for times in by_day.values())
    levels = {round(times[0], 3) for times in by_day.values()}
    assert len(levels) > 5
    assert 0.5 < min(levels) < 1 < max(levels) < 2


def test_explanations_by_the_file_add_up(planted: Study) -> None:
    for lead in ("L00000", "L00007", "L01234"):
        asked = ("explain", lead, "-w", planted.workspace, "--definition", planted.learned.file)
        told = json.loads(run(*asked, "--as-of", "2025-12-31", "--format", "json").stdout)
        for part in ("fit", "engagement"):
            lines = [float(line["points"]) for line in told[part]["contributions"]]
            assert sum(lines) == pytest.approx(float(told[part]["points"]), abs=1e-9)
        assert 0 < float(told["likelihood"]) < 1


@dataclass(frozen=True)
class Later:
    """Leads that came after everything that was learned from: their true chances, and likelihoods by the file."""

    true: npt.NDArray[np.float64]
    foretold: npt.NDArray[np.float64]

    def calibration_error(self, groups: int = 10) -> float:
        parts = np.array_split(np.argsort(self.foretold), groups)
        return float(np.mean([abs(self.foretold[part].mean() - self.true[part].mean()) for part in parts]))

    def slope(self) -> float:
        """How much the true log odds rise with those foretold: above 1 where likelihoods are too timid."""
        foretold, true = (np.log(each / (1 - each)) for each in (self.foretold, self.true))
        return float(np.polyfit(foretold, true, 1)[0])


def later(file: Path, folder: Path, seed: int) -> Later:
    company = invent(1_500, seed, begin=BEGIN + timedelta(days=365))
    workspace = workspace_of(company, folder)
    every = scores(workspace, file, "--at", write_rows(folder / "looks.csv", company.looks))
    return Later(np.array([company.chances[one.lead] for one in every]), np.array([one.likelihood for one in every]))


@pytest.mark.slow
def test_likelihoods_of_later_leads_are_near_the_truth(planted: Study, tmp_path: Path) -> None:
    of = later(planted.learned.file, tmp_path, 99)
    assert of.calibration_error() <= 0.04
    assert np.corrcoef(of.true, of.foretold)[0, 1] >= 0.95


@pytest.mark.slow
def test_likelihoods_are_neither_too_sure_nor_too_timid(several: list[Study], tmp_path: Path) -> None:
    slopes = [later(each.learned.file, tmp_path / str(seed), 50 + seed).slope() for seed, each in enumerate(several)]
    assert np.mean(slopes) == pytest.approx(1, abs=0.1)


def without_numpy(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run `ripeline` where numpy is not installed."""
    (folder / "numpy").mkdir(parents=True, exist_ok=True)
    lacking = "raise ModuleNotFoundError(\"No module named 'numpy'\", name='numpy')\n"
    (folder / "numpy" / "__init__.py").write_text(lacking, encoding="utf-8")
    places = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    command, env = [sys.executable, "-m", "ripeline", *map(str, words)], os.environ | {"PYTHONPATH": places}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_a_file_is_used_without_numpy(planted: Study, tmp_path: Path) -> None:
    use = ("-w", planted.workspace, "--definition", planted.learned.file, "--as-of", "2025-11-01")
    done = without_numpy(tmp_path / "none", "score", *use, "-o", tmp_path / "scores.csv")
    assert done.returncode == 0, done.stderr
    run("score", *use, "-o", tmp_path / "with.csv")
    assert (tmp_path / "scores.csv").read_bytes() == (tmp_path / "with.csv").read_bytes()
    for words in (("explain", "L00007", *use), ("check", planted.learned.file)):
        assert without_numpy(tmp_path / "none", *words).returncode == 0


def test_without_numpy_it_is_said_what_to_install(small: Path, tmp_path: Path) -> None:
    done = without_numpy(tmp_path / "none", "learn", "-w", small)
    assert done.returncode == 1
    assert "ripeline[learn]" in done.stderr
    assert "Traceback" not in done.stderr


# ---- nothing of the future ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace, part of whose history lies after AS_OF already."""
    return workspace_of(invent(500, 3), tmp_path_factory.mktemp("known"))


@pytest.fixture(scope="module")
def known_learned(known: Path) -> dict[str, str | None]:
    return learned_then(known)


def learned_then(workspace: Path) -> dict[str, str | None]:
    """Return the files of both ways to look; whatever the verdict is, the company has enough to learn from."""
    return {name: learned(workspace, settings=asked).text for name, asked in LOOKED.items()}


def edited(workspace: Path, folder: Path, *edits: Edit, seed: int = 1) -> Path:
    copy, chance = copied(workspace, folder / "edited"), random.Random(seed)
    for edit in edits:
        edit(copy, chance)
    return copy


def test_the_future_changes_nothing(known: Path, known_learned: dict[str, str | None], tmp_path: Path) -> None:
    assert learned_then(edited(known, tmp_path, *UNSEEN)) == known_learned


@pytest.mark.slow
@settings(max_examples=most(6), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), edits=st.permutations(UNSEEN), many=st.integers(1, len(UNSEEN)))
def test_no_future_changes_anything(
    known: Path, known_learned: dict[str, str | None], tmp_path: Path, seed: int, edits: list[Edit], many: int
) -> None:
    assert learned_then(edited(known, tmp_path, *edits[:many], seed=seed)) == known_learned


@pytest.mark.slow
@pytest.mark.parametrize("edit", UNSEEN, ids=lambda edit: edit.__name__)
def test_each_kind_of_future_changes_nothing(
    known: Path, known_learned: dict[str, str | None], tmp_path: Path, edit: Edit
) -> None:
    assert learned_then(edited(known, tmp_path, edit)) == known_learned


def test_first_events_of_the_future_do_not_change_the_usual_moments(tmp_path: Path) -> None:
    workspace, asked = workspace_of(replace(invent(500, 3), events=[]), tmp_path), ("--as-of", AS_OF)
    before = learn(workspace, settings=asked)
    new_names(workspace, random.Random(1))
    assert learn(workspace, settings=asked).report["asked"] == before.report["asked"]


def test_the_past_does_change_what_is_learned(
    known: Path, known_learned: dict[str, str | None], tmp_path: Path
) -> None:
    """Else the tests above would say nothing."""
    workspace, name = edited(known, tmp_path, another_past), "once"
    assert learned(workspace, settings=LOOKED[name]).text != known_learned[name]


# ---- the same again -------------------------------------------------------------------------------------


def test_the_same_again_is_the_same(small: Path, small_learned: Learned) -> None:
    again = learned(small)
    assert (again.text, again.report) == (small_learned.text, small_learned.report)


def test_rows_in_another_order_are_the_same(small_learned: Learned, tmp_path: Path) -> None:
    assert learned(workspace_of(shuffled(invent(400, 1)), tmp_path)).text == small_learned.text


@pytest.mark.slow
def test_rows_in_another_order_are_the_same_by_the_calendar(small: Path, tmp_path: Path) -> None:
    workspace, asked = workspace_of(shuffled(invent(400, 1)), tmp_path), (*WEEKS, *AFTER_ALL)
    assert learned(workspace, settings=asked).text == learned(small, settings=asked).text


def test_files_in_another_order_are_the_same(small_learned: Learned, tmp_path: Path) -> None:
    company, workspace = invent(400, 1), empty_workspace(tmp_path)
    bring_in(workspace, outcomes=company.outcomes[200:])
    bring_in(workspace, events=company.events[500:], leads=company.leads[300:])
    bring_in(workspace, leads=company.leads[:300], events=company.events[:500], outcomes=company.outcomes[:200])
    assert learned(workspace).text == small_learned.text


def test_nothing_of_the_workspace_changes(small: Path, small_learned: Learned) -> None:
    run("score", "-w", small, "-o", small.parent / "before.csv")  # who reads first leaves a lock to be found
    before = hashes(small)
    for options in ((), ("--repeat",), ("--ignore", "industry"), ("--ignore", "no such trait")):
        learn(small, *options)
    assert hashes(small) == before


# ---- verdicts -------------------------------------------------------------------------------------------


def assert_nothing_proposed(found: Learned, verdict: str, said: str) -> None:
    assert found.done.returncode == 0, found.done.stderr
    assert found.text is None
    assert (found.report["verdict"], found.report["rules"], found.report["definition"]) == (verdict, [], None)
    assert said in found.done.stdout


@pytest.mark.parametrize("seed", [0, 1])
def test_permuted_outcomes_are_no_signal(tmp_path: Path, seed: int) -> None:
    found = learn(workspace_of(permuted(600, seed), tmp_path))
    assert_nothing_proposed(found, "no_signal", "No signal here")
    gain = found.report["gain"]
    assert gain["z"] < 2
    assert gain["log_loss"] or not gain["z"]  # what is nothing but rounding is nothing


@pytest.mark.slow
def test_permuted_outcomes_are_hardly_ever_a_signal(tmp_path: Path) -> None:
    """Two standard errors are passed by chance in one company of forty."""
    found = [learn(workspace_of(permuted(300, seed), tmp_path / str(seed))).report["verdict"] for seed in range(30)]
    assert found.count("learned") <= 2


def test_five_leads_are_not_enough(tmp_path: Path) -> None:
    assert_nothing_proposed(learn(workspace_of(invent(5, 1), tmp_path)), "not_enough", "Not enough evidence")


@pytest.mark.parametrize(
    ("end", "asked"), [("won", SETTINGS), ("won", ()), ("lost", SETTINGS), ("lost", ()), ("lost", WEEKS)]
)
def test_leads_that_all_ended_alike_are_not_enough(tmp_path: Path, end: str, asked: Sequence[str]) -> None:
    found = learn(workspace_of(alike(200, end), tmp_path), settings=(*asked, *AFTER_ALL))
    assert_nothing_proposed(found, "not_enough", "Not enough evidence")


@pytest.mark.parametrize("leads", [0, 200])
def test_no_outcomes_are_not_enough(tmp_path: Path, leads: int) -> None:
    found = learn(workspace_of(replace(invent(leads, 1), outcomes=[]), tmp_path), settings=AFTER_ALL)
    assert_nothing_proposed(found, "not_enough", "Not enough evidence")


@pytest.mark.parametrize("asked", [SETTINGS, WEEKS], ids=["once", "by the calendar"])
def test_no_outcomes_are_not_enough_with_moments(tmp_path: Path, asked: Sequence[str]) -> None:
    found = learn(workspace_of(replace(invent(200, 1), outcomes=[]), tmp_path), settings=(*asked, *AFTER_ALL))
    assert_nothing_proposed(found, "not_enough", "Not enough evidence")


@pytest.mark.parametrize("asked", [SETTINGS, WEEKS], ids=["once", "by the calendar"])
def test_nothing_at_all_is_not_enough_with_moments(tmp_path: Path, asked: Sequence[str]) -> None:
    found = learn(empty_workspace(tmp_path), settings=(*asked, *AFTER_ALL))
    assert_nothing_proposed(found, "not_enough", "Not enough evidence")


def test_no_outcomes_by_then_are_not_enough(small: Path) -> None:
    assert_nothing_proposed(learn(small, "--as-of", "2025-02-01"), "not_enough", "Not enough evidence")


# ---- what knows the outcome -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def leaking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace_of(leaky(), tmp_path_factory.mktemp("leaking"))


@pytest.fixture(scope="module")
def leaking_learned(leaking: Path) -> Learned:
    return learned(leaking)


def leaks(found: Learned) -> dict[str, Row]:
    return {leak["name"]: leak for leak in found.report["leaks"]}


@pytest.mark.parametrize("name", ["contract_number", "Contract Signed"])
def test_what_knows_the_outcome_is_left_out_with_its_reason(leaking_learned: Learned, name: str) -> None:
    leak = leaks(leaking_learned)[name]
    assert (leak["kind"], leak["kept"]) == ("block", False)
    assert leak["reason"].endswith(".")
    assert name in leaking_learned.done.stdout
    assert name not in leaking_learned.about().values()
    assert f"{name}: {leak['reason']}" in leaking_learned.definition["learned"]["left_out"]


def test_honest_fields_are_no_leaks(leaking_learned: Learned, planted: Study) -> None:
    assert leaks(leaking_learned).keys() == {"contract_number", "Contract Signed"}
    assert planted.learned.report["leaks"] == []


def test_what_is_kept_is_used(leaking: Path) -> None:
    found = learned(leaking, "--keep", "contract_number")
    assert leaks(found)["contract_number"]["kept"]
    assert "contract_number" in found.about().values()


def test_what_is_ignored_is_left_out(leaking: Path) -> None:
    found = learned(leaking, "--ignore", "employees, Webinar Attended", "--ignore", "website")
    assert not {"employees", "Webinar Attended", "website"} & set(found.about().values())


@pytest.mark.parametrize("others", [(), NOISE], ids=["alone", "beside others"])
def test_what_is_ignored_has_no_points_as_any_act_either(tmp_path: Path, others: Sequence[Act]) -> None:
    truth = Truth((Act("Pricing Viewed", 2.0, 30, 14, 2), *others))
    workspace, probes = workspace_of(invent(1_000, 1, truth), tmp_path / "a"), probes_of(truth, tmp_path / "b")
    found = learned(workspace, "--ignore", "Pricing Viewed")
    assert probes.found(found.file)["Pricing Viewed in full"] == 0, found.done.stdout


def test_a_name_with_a_comma_is_ignored(leaking: Path) -> None:
    assert learn(leaking, "--ignore", "sector, own words").done.returncode == 0


@pytest.mark.parametrize("option", ["--ignore", "--keep"])
@pytest.mark.parametrize(
    ("name", "hint"), [("contract_numbr", "contract_number"), ("contract signed", "Contract Signed")]
)
def test_an_unknown_name_gets_a_hint(leaking: Path, option: str, name: str, hint: str) -> None:
    found = learn(leaking, option, name)
    assert found.done.returncode == 1
    assert f'did you mean "{hint}"' in found.done.stderr
    assert found.text is None


# ---- what is asked wrongly ------------------------------------------------------------------------------

NO_DAYS = "is no number of days; write such as 30d"
NO_MOMENT = "is no moment to score at; write such as every:4d, created+1h, handoffs, or a file"
NO_LEADS = "is no number of leads a week; write such as 40/week"
NO_TIME = "is no time; write a date such as"


WRONG = [
    ("--win-within", "0d", NO_DAYS),
    ("--win-within", "abc", NO_DAYS),
    ("--win-within", "1.5d", NO_DAYS),
    ("--win-within", "-3d", "--win-within"),
    ("--win-within", "99999d", "36500"),
    ("--score-at", "every:0d", NO_MOMENT),
    ("--score-at", "every:4w", NO_MOMENT),
    ("--score-at", "created+x", NO_MOMENT),
    ("--score-at", "created", NO_MOMENT),
    ("--score-at", "missing.csv", "missing.csv is not a file"),
    ("--score-at", "no_columns.csv", "it needs lead and as_of"),
    ("--score-at", "unknown_lead.csv", '"NOBODY" is no identifier'),
    ("--score-at", "no_time.csv", NO_TIME),
    ("--score-at", "nothing.csv", "is empty"),
    ("--score-at", "no_rows.csv", "has no rows"),
    ("--as-of", "nonsense", NO_TIME),
    ("--as-of", "2025-13-01", NO_TIME),
    ("--capacity", "0/week", NO_LEADS),
    ("--capacity", "many", NO_LEADS),
    ("--capacity", "40/day", NO_LEADS),
    ("--max-rules", "0", "Must be >= 1"),
    ("--max-rules", "26", "Must be <= 25"),
    ("--max-rules", "ten", "--max-rules"),
    ("--seed", "abc", "--seed"),
    ("--seed", "-1", "--seed"),
    ("--definition", "nope", "known here: qualification"),
    ("-o", "missing/learned.yaml", "cannot be written"),
    ("--json", "missing/report.json", "cannot be written"),
]


@pytest.fixture(scope="module")
def wronged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workspace with files of moments beside it, each of which is wrong."""
    workspace = workspace_of(invent(40, 1), tmp_path_factory.mktemp("wronged"))
    wrong = {
        "no_columns": "who,when\nL00001,2025-10-01\n",
        "unknown_lead": "lead,as_of\nL00001,2025-10-01\nNOBODY,2025-10-01\n",
        "no_time": "lead,as_of\nL00001,soon\n",
        "nothing": "",
        "no_rows": "lead,as_of\n",
    }
    for name, text in wrong.items():
        (workspace.parent / f"{name}.csv").write_text(text, encoding="utf-8")
    run("score", "-w", workspace, "-o", workspace.parent / "before.csv")
    return workspace


@pytest.mark.parametrize(("option", "value", "said"), WRONG)
def test_what_is_asked_wrongly_is_said_in_words(wronged: Path, option: str, value: str, said: str) -> None:
    into, before = ("-o", "learned.yaml", "--json", "report.json"), hashes(wronged.parent)
    words = words_of((*SETTINGS, *AFTER_ALL, *into), (option, value))
    done = ripeline("learn", "-w", wronged, *words, folder=wronged.parent)
    plain = " ".join(re.sub("[│╭╮╰╯─]", " ", done.stderr).split())
    assert said in plain
    assert "Traceback" not in plain
    assert done.returncode in (1, 2)
    assert hashes(wronged.parent) == before


@pytest.fixture(scope="module")
def undated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of which nothing has a time."""
    company, workspace = invent(600, 1), empty_workspace(tmp_path_factory.mktemp("undated"))
    bring_in(
        workspace,
        leads=[{name: value for name, value in row.items() if name != "created"} for row in company.leads],
        outcomes=[{"lead": row["lead"], "outcome": row["outcome"]} for row in company.outcomes],
    )
    return workspace


@pytest.mark.parametrize("asked", [("--win-within", "14d"), ("--score-at", "every:4d"), ("--score-at", "created+1h")])
def test_outcomes_without_times_have_no_days(undated: Path, asked: Sequence[str]) -> None:
    found = learn(undated, settings=asked)
    assert found.done.returncode == 1
    assert "outcomes have no times" in found.done.stderr
    assert f"leave out {asked[0]}" in found.done.stderr
    assert (found.text, found.report) == (None, None)


# ---- names and texts that hurt --------------------------------------------------------------------------


def assert_ugly_is_fine(folder: Path, names: Sequence[str], values: Sequence[str]) -> Learned:
    (company, calls), workspace = ugly(names, values), empty_workspace(folder)
    bring_in(workspace, calls=calls, outcomes=company.outcomes)
    found = learned(workspace, "--max-rules", 25)
    assert_well_written(found, 25)
    moments = write_rows(folder / "looks.csv", company.looks)
    assert_means_what_is_said(found, scores(workspace, found.file, "--at", moments))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("begin", [0, 8, 16])
def test_ugly_names_and_texts_are_written_as_they_are(tmp_path: Path, begin: int) -> None:
    names, values = (every[begin : begin + 8] for every in (UGLY_NAMES, UGLY_VALUES))
    found = assert_ugly_is_fine(tmp_path, names, values)
    taken = set(found.about().values()) & set(names)
    assert len(taken) >= 6
    labels = " ".join(rule["label"] for rule in found.report["rules"])
    assert all(name[:40] in labels for name in taken)


@pytest.mark.slow
@pytest.mark.parametrize("value", ["null", "no"])
def test_rules_have_names_that_every_reader_of_yaml_takes_for_text(tmp_path: Path, value: str) -> None:
    """A trait in letters that names leave out: only the value is left."""
    found = assert_ugly_is_fine(tmp_path, ["价格", "other", "third"], [value, "b", "c"])
    words = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
    assert not words & {*found.criteria, *found.signals}


@pytest.mark.slow
def test_names_that_do_not_show_are_left_out(tmp_path: Path) -> None:
    found = assert_ugly_is_fine(tmp_path, ["two\nlines", "con\x01trol", "plain"], ["a", "b", "c"])
    assert set(found.about().values()) <= {"plain", "any"}


@pytest.mark.parametrize("stem", ["a" * 80, "q3@2025", 'the "good" one'], ids=["long", "at", "quotes"])
def test_a_file_of_any_name_passes_the_check(small: Path, tmp_path: Path, stem: str) -> None:
    learned(small, "-o", tmp_path / f"{stem}.yaml")
    run("check", tmp_path / f"{stem}.yaml")


# ---- companies of other kinds ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bought(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace_of(shop(), tmp_path_factory.mktemp("bought"))


def test_where_wins_repeat_the_winning_event_is_no_leak(bought: Path) -> None:
    asked = ("--win-within", "28d", "--score-at", "every:28d", "--as-of", "2025-09-01")
    found = learned(bought, "--repeat", settings=asked)
    assert found.report["leaks"] == []
    assert {"Purchase"} <= set(found.about().values()) <= {"Purchase", "any"}
    assert found.report["data"]["snapshots"] > learn(bought, settings=asked).report["data"]["snapshots"]


def test_given_moments_are_looked_at(bought: Path) -> None:
    rows = [{"lead": f"C{lead:04d}", "as_of": f"2025-0{month}-15"} for lead in range(500) for month in (4, 5, 6)]
    moments = write_rows(bought.parent / "moments.csv", rows)
    asked = ("--win-within", "28d", "--score-at", str(moments), "--as-of", "2025-09-01")
    found = learned(bought, "--repeat", settings=asked)
    assert (found.report["data"]["from"], found.report["data"]["to"]) == ("2025-04-15", "2025-06-15")
    assert_means_what_is_said(found, scores(bought, found.file, "--at", moments))


def test_days_are_those_of_the_zone(small: Path, tmp_path: Path) -> None:
    """Moments at any hour, far from UTC: what is learned is what the engines score."""
    workspace, chance = copied(small, tmp_path / "far"), random.Random(1)
    file = workspace / "qualification.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"(?m)^timezone: \S+", "timezone: Pacific/Auckland", text), encoding="utf-8")
    rows = [
        {"lead": row["id"], "as_of": at(datetime.fromisoformat(row["created"]) + timedelta(days=chance.uniform(0, 60)))}
        for row in invent(400, 1).leads
        for _ in range(3)
    ]
    moments = write_rows(tmp_path / "moments.csv", rows)
    found = learned(workspace, "--score-at", moments, "--win-within", "60d", "--max-rules", 25)
    assert found.definition["timezone"] == "Pacific/Auckland"
    assert_means_what_is_said(found, scores(workspace, found.file, "--at", moments))


@pytest.mark.parametrize("asked", [(), ("--win-within", "90d")], ids=["ever", "in time"])
def test_traits_alone_are_enough(tmp_path: Path, asked: Sequence[str]) -> None:
    workspace = workspace_of(replace(invent(600, 1), events=[]), tmp_path)
    found = learned(workspace, settings=(*asked, *AFTER_ALL))
    assert found.report["asked"]["score_at"] == "created+1h"
    assert set(found.about().values()) <= {"employees", "industry", "website"}


def test_acts_alone_are_enough(tmp_path: Path) -> None:
    found = learned(workspace_of(replace(invent(600, 1), leads=[]), tmp_path), settings=AFTER_ALL)
    assert found.criteria == {}
    assert found.signals


def test_leads_without_times_are_parted_by_lot(undated: Path) -> None:
    found = learned(undated, settings=())
    assert found.report["split"]["kind"] == "random"
    assert set(found.report["undated"]) >= {"employees", "industry", "website"}
    assert "Undated" in found.done.stdout


def test_ordered_leads_are_judged_on_those_imported_last(tmp_path: Path) -> None:
    """Whoever learns from the first three quarters is worse than chance on the last."""
    found = learned(workspace_of(ordered(1_200), tmp_path), "--ordered", settings=())
    assert found.report["split"]["kind"] == "order"
    assert found.report["evaluation"]["card"]["auc"]["value"] < 0.3
