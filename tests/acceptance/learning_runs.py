"""`ripeline learn` as a user runs it, on invented companies: from rows to a workspace, and from what it wrote to rules."""

import csv
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.learning_company import (
    BEGIN,
    COLOURS,
    INDUSTRIES,
    LOOK_DAYS,
    WITHIN_DAYS,
    Company,
    Row,
    Truth,
    at,
)

SETTINGS: Final = ("--win-within", f"{WITHIN_DAYS}d", "--score-at", f"created+{LOOK_DAYS}d")
AFTER_ALL: Final = ("--as-of", "2026-06-01")


def write_rows(file: Path, rows: Iterable[Row]) -> Path:
    """Write rows of like columns as CSV, None as an empty cell; return the file."""
    every = list(rows)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(every[0]))
        writer.writeheader()
        writer.writerows(every)
    return file


def write_calls(file: Path, calls: Iterable[Row]) -> Path:
    """Write what tracking clients send, a line each; return the file."""
    file.write_text("".join(json.dumps(call) + "\n" for call in calls), encoding="utf-8")
    return file


def run(*words: object) -> subprocess.CompletedProcess[str]:
    """Run a command that has to go well."""
    done = ripeline(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def empty_workspace(folder: Path) -> Path:
    """Make a workspace without any history inside a folder; return it."""
    run("init", folder / "acme")
    return folder / "acme"


def workspace_of(company: Company, folder: Path) -> Path:
    """Make a workspace of a company inside a folder; return it."""
    workspace = empty_workspace(folder)
    bring_in(workspace, leads=company.leads, events=company.events, outcomes=company.outcomes)
    return workspace


def bring_in(
    workspace: Path,
    *,
    leads: Sequence[Row] = (),
    events: Sequence[Row] = (),
    outcomes: Sequence[Row] = (),
    calls: Sequence[Row] = (),
) -> None:
    """Import rows: their columns say which options that takes."""
    told = {"leads": leads, "events": events, "outcomes": outcomes}
    for kind, rows in told.items():
        if rows:
            file = write_rows(workspace.parent / f"{kind}.csv", rows)
            run("import", kind, file, "-w", workspace, *_columns(kind, rows[0]))
    if calls:
        run("import", "events", write_calls(workspace.parent / "calls.jsonl", calls), "-w", workspace)


def _columns(kind: str, row: Row) -> list[str]:
    """Return the options that name columns: those of them that the rows have."""
    asked = {"leads": "id created at known_at", "events": "lead name time known_at", "outcomes": "lead outcome time"}
    named = [name for name in asked[kind].split() if name in row]
    return [word for name in named for word in (f"--{name.replace('_', '-')}", name)]


@dataclass(frozen=True)
class Learned:
    """What `ripeline learn` answered. text, report: of the files that it wrote, None where it wrote none."""

    done: subprocess.CompletedProcess[str]
    file: Path
    text: str | None
    report: Any

    @property
    def definition(self) -> dict[str, Any]:
        """The proposed definition as it was read from its file."""
        return dict(YAML(typ="safe").load(self.text))

    @property
    def criteria(self) -> Mapping[str, Row]:
        """The criteria of the file by name."""
        return dict(self.definition["fit"].get("criteria") or {})

    @property
    def signals(self) -> Mapping[str, Row]:
        """The signals of the file by name."""
        return dict(self.definition["engagement"].get("signals") or {})

    def about(self) -> dict[str, str]:
        """Return for each rule by its name of which trait or event it tells; "any" where it tells of all events."""
        traits = {name: _trait(one["when"]) for name, one in self.criteria.items()}
        return traits | {name: str(one.get("event", "any")) for name, one in self.signals.items()}


def _trait(condition: str) -> str:
    """Return the trait of a condition that has but one."""
    plain = re.sub(r"days_since\(([^)]*)\)", r"\1", condition)
    found = re.match(r'"((?:[^"]|"")*)"|([A-Za-z_][A-Za-z0-9_]*)', plain)
    assert found, condition
    return found[1].replace('""', '"') if found[1] is not None else found[2]


def words_of(settings: Sequence[str], options: Sequence[object]) -> list[object]:
    """Return settings, which are pairs, less those that options say anew; then the options."""
    pairs = zip(settings[::2], settings[1::2], strict=True)
    return [*(word for pair in pairs if pair[0] not in options for word in pair), *options]


def learn(workspace: Path, *options: object, settings: Sequence[str] = (*SETTINGS, *AFTER_ALL)) -> Learned:
    """Run `ripeline learn` into files beside the workspace; options overrule the settings."""
    file, report = workspace.parent / "learned.yaml", workspace.parent / "report.json"
    file.unlink(missing_ok=True)
    report.unlink(missing_ok=True)
    into = ("-o", str(file), "--json", str(report))
    done = ripeline("learn", "-w", workspace, *words_of((*settings, *into), options))
    assert "Traceback" not in done.stderr, done.stderr
    text = file.read_text(encoding="utf-8") if file.exists() else None
    return Learned(done, file, text, json.loads(report.read_text(encoding="utf-8")) if report.exists() else None)


def learned(workspace: Path, *options: object, settings: Sequence[str] = (*SETTINGS, *AFTER_ALL)) -> Learned:
    """Run `ripeline learn` where it has to find something."""
    found = learn(workspace, *options, settings=settings)
    assert found.done.returncode == 0, found.done.stderr
    assert found.report["verdict"] == "learned", found.done.stdout
    return found


@dataclass(frozen=True, slots=True)
class Score:
    """A row of a file of scores."""

    lead: str
    as_of: str
    points: float
    likelihood: float


def scores(workspace: Path, definition: Path, *options: object) -> list[Score]:
    """Return what `ripeline score` writes by a definition."""
    file = workspace.parent / "scores.csv"
    run("score", "-w", workspace, "--definition", definition, *options, "-o", file)
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    return [
        Score(row["lead"], row["as_of"], float(row["fit"]) + float(row["engagement"]), float(row["likelihood"]))
        for row in rows
    ]


def copied(workspace: Path, folder: Path) -> Path:
    """Return a copy of a workspace, inside a folder that is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(workspace, folder / workspace.name)
    return folder / workspace.name


def hashes(folder: Path) -> dict[str, str]:
    """Return a hash of every file, less what SQLite keeps beside its own."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.name.endswith(("-wal", "-shm"))]
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


PLAIN: Final[Row] = {
    "employees": 5000,
    "industry": "retail",
    "website": "known.example",
    "colour": "red",
    "shoe_size": 40,
}
PROBED: Final = BEGIN + timedelta(days=420)


@dataclass(frozen=True)
class Probes:
    """Leads that differ from a plain one in one thing. true: how many points each has more by the truth."""

    workspace: Path
    true: Mapping[str, float]

    def found(self, definition: Path) -> dict[str, float]:
        """Return how many points more each has by a definition."""
        every = scores(self.workspace, definition, "--as-of", PROBED.date())
        plain = next(one.points for one in every if one.lead == "plain")
        return {one.lead: one.points - plain for one in every}


def probes_of(truth: Truth, folder: Path) -> Probes:
    """Make a workspace of leads of which each tells of one trait, or of one act at one age, or of all of an act."""
    asked: dict[str, tuple[Row, Mapping[str, Sequence[int]]]] = {"plain": (PLAIN, {})}
    told = {"employees": [200], "industry": INDUSTRIES, "website": [None], "colour": COLOURS, "shoe_size": [36, 46]}
    asked |= {f"{name} {one}": ({**PLAIN, name: one}, {}) for name, values in told.items() for one in values}
    for act in truth.acts:
        asked |= {f"{act.name} {age} days ago": (PLAIN, {act.name: [age]}) for age in (0, 14, 30, 45)}
        asked[f"{act.name} in full"] = (PLAIN, {act.name: range(act.full)})
    created = at(PROBED - timedelta(days=LOOK_DAYS))
    plain = truth.points(PLAIN, {})
    workspace = empty_workspace(folder)
    bring_in(
        workspace,
        leads=[{"id": lead, "created": created, **traits} for lead, (traits, _) in asked.items()],
        events=[
            {"lead": lead, "name": name, "time": at(PROBED - timedelta(days=age))}
            for lead, (_, acts) in asked.items()
            for name, ages in acts.items()
            for age in ages
        ],
    )
    return Probes(workspace, {lead: truth.points(*of) - plain for lead, of in asked.items()})
