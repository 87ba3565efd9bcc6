"""The command line as a user meets it: what files may look like, and what is said when something is wrong."""

import csv
import gzip
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from subprocess import CompletedProcess

import duckdb
import pytest

from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.examples import ROOT, run
from tests.acceptance.examples import ripeline_here as ripeline

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

DEFINITION = """\
version: 1
name: shop
required: []
fit:
  criteria:
    pro: {when: "plan = 'pro'", points: 10}
  levels: {good: 10, poor: 0}
engagement:
  signals:
    hit: {event: Hit, points: 1}
    spent: {event: Hit, measure: sum(properties.price), points: 0.01}
    viewed: {type: page, points: 5}
  levels: {high: 5, low: 0}
matrix:
  good: {high: handoff, low: nurture}
  poor: {high: nurture, low: none}
  unknown: {high: nurture, low: none}
"""
EVENT_COLUMNS = ("--lead", "lead", "--name", "name", "--time", "time")
HEAVY = (
    "duckdb",
    "sqlglot",
    "pandas",
    "numpy",
    "sklearn",
    "pyarrow",
    "ruamel",
    "sqlite3",
    "phonenumbers",
    "httpcore",
    "aiosmtplib",
)
Done = CompletedProcess[str]
HUGE = "1" + "0" * 20
TELL_SETTINGS = ("handoffs", "intake", "outbox", "routing-and-clock")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "ripeline.toml").write_text(FIRST_SETTINGS, encoding="utf-8")
    (root / "qualification.yaml").write_text(DEFINITION, encoding="utf-8")
    return root


def fine(done: Done) -> str:
    """Return what a command printed that must succeed."""
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return " ".join(done.stdout.split())


def refused(done: Done) -> str:
    """Return the message of a command that must find fault with its input, and say so decently."""
    assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def written(file: Path, text: str | bytes) -> Path:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def imported(workspace: Path, what: str, file: Path, *options: object) -> tuple[int, int, int]:
    """Import a file; return how many rows were read, new and refused."""
    said = fine(ripeline("import", what, file, "-w", workspace, *options))
    words = said.replace(",", "").split()
    return (
        int(words[words.index("rows") - 1]),
        int(words[words.index("new") - 1]),
        int(words[words.index("refused.") - 1]),
    )


def scored(workspace: Path, *options: object, as_of: str = "2026-01-31") -> dict[str, tuple[Decimal, Decimal]]:
    """Return (fit, engagement) by lead."""
    file = workspace / "scores.csv"
    fine(ripeline("score", "-w", workspace, "--as-of", as_of, "-o", file, *options))
    with file.open(encoding="utf-8", newline="") as rows:
        return {row["lead"]: (Decimal(row["fit"]), Decimal(row["engagement"])) for row in csv.DictReader(rows)}


def engagement(workspace: Path, as_of: str = "2026-01-31") -> dict[str, Decimal]:
    return {lead: points for lead, (_, points) in scored(workspace, as_of=as_of).items()}


def with_criteria(workspace: Path, criteria: Mapping[str, str]) -> None:
    """Replace the one criterion of the definition by others: one point each, by name."""
    lines = "".join(f"    {name}: {{when: {json.dumps(when)}, points: 1}}\n" for name, when in criteria.items())
    text = DEFINITION.replace("    pro: {when: \"plan = 'pro'\", points: 10}\n", lines)
    text = text.replace("{good: 10, poor: 0}", "{good: 1, poor: 0}")
    (workspace / "qualification.yaml").write_text(text, encoding="utf-8")


def criteria_met(workspace: Path, lead: str) -> list[str]:
    done = ripeline("explain", lead, "-w", workspace, "--as-of", "2026-01-31", "--format", "json")
    return [line["name"] for line in json.loads(fine(done))["fit"]["contributions"]]


# ---- exit codes and messages ----------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["score", "--help"], ["import", "leads", "--help"]])
def test_help_and_version_are_fine(words: Sequence[str]) -> None:
    assert fine(ripeline(*words))


@pytest.mark.parametrize(
    "words",
    [
        ["scoer"],
        ["score"],
        ["score", "-w", "shop", "--engine", "abacus"],
        ["score", "-w", "shop", "--frobnicate"],
        ["import", "leads", "leads.csv", "-w", "shop"],
        ["import", "people", "leads.csv"],
        ["explain", "-w", "shop"],
        ["stages", "-w", "shop", "--limit", "0", "--format", "json"],
        ["stages", "-w", "shop", "--limit", "-1"],
        ["stages", "-w", "shop", "--after", HUGE],
        ["handoffs", "show", "-w", "shop", "--", f"-{HUGE}"],
        ["handoffs", "accept", HUGE, "-w", "shop"],
        ["tasks", "done", HUGE, "-w", "shop"],
        ["outbox", "list", "-w", "shop", "--limit", HUGE],
        ["failed", "list", "-w", "shop", "--limit", "-1"],
        ["set-aside", "list", "-w", "shop", "--offset", "-1"],
        ["nurture", "list", "-w", "shop", "--limit", "0"],
        ["release", HUGE, "-w", "shop"],
        ["release", "-w", "shop", "--", "-1"],
        ["publish", "-w", "shop", "--release", HUGE],
        ["keys", "revoke", HUGE, "-w", "shop"],
        ["tokens", "create", "-w", "shop", "--scope", "read", "--person", "maria"],
    ],
)
def test_a_command_used_wrongly_ends_with_2(workspace: Path, words: Sequence[str]) -> None:
    done = ripeline(*words, folder=workspace.parent)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_the_exit_code_is_that_of_the_process(tmp_path: Path) -> None:
    assert run(["ripeline", "--version"]).returncode == 0
    assert run(["ripeline", "score", "-w", "nowhere"], tmp_path).returncode == 1
    assert run(["ripeline", "score"], tmp_path).returncode == 2


def test_the_help_of_a_command_tells_all_of_it_and_a_list_one_line_of_each() -> None:
    whole = fine(run(["ripeline", "removals", "confirm", "--help"]))
    assert "Backups" in whole
    assert "Each is looked at once more." in whole
    listed = fine(run(["ripeline", "removals", "--help"]))
    assert "confirm Remove leads of the list for good." in listed
    assert "once more" not in listed


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; from ripeline.entry.cli.app import main\n"
        "sys.argv = ['ripeline', '--help']\n"
        "try: main()\n"
        f"finally: print('loaded:', *[name for name in {HEAVY} if name in sys.modules])"
    )
    assert fine(run(["python", "-c", program])).endswith(" loaded:")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["import", "leads", "gone.csv", "--id", "id"], "gone.csv"),
        (["import", "leads", "leads.pdf", "--id", "id"], "what kind of file is this? Known are .csv"),
        (["import", "leads", "empty.csv", "--id", "id"], "the first line must name the columns"),
        (["import", "leads", "leads.csv", "--id", "idd"], 'no column "idd"; did you mean "id"?'),
        (["import", "leads", "leads.csv", "--id", "id", "--created", "creatd"], 'did you mean "created"?'),
        (["import", "leads", "leads.csv", "--id", "id", "--only", "paln"], 'did you mean "plan"?'),
        (["import", "leads", "leads.csv", "--id", "id", "--ignore", "paln"], 'did you mean "plan"?'),
        (["import", "leads", "leads.csv", "--id", "id", "--rename", "paln=tier"], 'did you mean "plan"?'),
        (["import", "leads", "leads.csv", "--id", "id", "--rename", "plan"], "write OLD=NEW"),
        (["import", "leads", "leads.csv", "--id", "id", "--timezone", "Europe/Berln"], '"Europe/Berlin"?'),
        (["import", "events", "leads.csv", "--lead", "id", "--name", "nmae", "--time", "created"], '"nmae"'),
        (["import", "outcomes", "leads.csv", "--lead", "id", "--won-when", "plan ="], "--won-when"),
        (
            ["import", "outcomes", "leads.csv", "--lead", "id", "--won-when", "paln = 'pro'"],
            'did you mean "plan"?',
        ),
        (["score", "--as-of", "yesterday"], '"yesterday" is no time; write a date such as'),
        (["score", "--as-of", "2026-02-30"], '"2026-02-30" is no time'),
        (["score", "--known-at", "later"], '"later" is no time'),
        (["score", "--definition", "qualificatoin"], 'did you mean "qualification"?'),
        (["score", "--definition", "broken.yaml"], "broken.yaml:6:"),
        (["score", "-o", "scores.xlsx"], ".csv, .json, .parquet"),
        (["score", "-o", "no/such/folder/scores.csv"], "scores.csv"),
        (["score", "--at", "gone.csv"], "gone.csv"),
        (["score", "--at", "leads.csv"], "it needs lead and as_of"),
        (["score", "--at", "moments.csv"], "line 3 of the file of moments"),
        (["score", "--at", "strangers.csv"], "stranger"),
        (["explain", "nobody"], '"nobody" is no identifier'),
        (["preview", "gone.yaml"], "gone.yaml"),
        (["sla", "--from", "0001-01-01"], "a period lies between 1900-01-01 and 2199-12-31, not 0001-01-01"),
        (["sla", "--to", "3000-01-01"], "a period lies between 1900-01-01 and 2199-12-31, not 3000-01-01"),
        (
            ["advance", "--as-of", "2999-01-01"],
            "--as-of 2999-01-01 means 2999-01-01T23:59:59.999999Z, which is still to come",
        ),
    ],
)
def test_faults_of_the_input_end_with_1_and_say_what_to_do(workspace: Path, words: Sequence[str], message: str) -> None:
    folder = workspace.parent
    written(folder / "leads.csv", "id,plan,created\nada,pro,2026-01-01\n")
    written(folder / "leads.pdf", "%PDF")
    written(folder / "empty.csv", "")
    written(folder / "broken.yaml", DEFINITION.replace('when: "plan', 'wehn: "plan'))
    written(folder / "moments.csv", "lead,as_of\nada,2026-01-02\nada,soon\n")
    written(folder / "strangers.csv", "lead,as_of\nstranger,2026-01-02\n")
    imported(workspace, "leads", folder / "leads.csv", "--id", "id", "--created", "created")
    done = ripeline(*words, "-w", workspace, folder=folder)
    assert message in refused(done)
    assert done.stdout == ""


def test_a_folder_that_is_no_workspace_is_named_with_the_way_out(tmp_path: Path) -> None:
    message = refused(ripeline("score", "-w", tmp_path))
    assert f"{tmp_path} is not a workspace" in message
    assert f"ripeline init {tmp_path}" in message


@pytest.mark.parametrize(
    "words",
    [
        ["queues"],
        ["release"],
        ["nurture", "list"],
        ["funnel"],
        ["shadow", "crm.csv"],
        ["route", "ada"],
        ["tasks", "done", "1"],
    ],
)
def test_before_anything_is_published_the_next_step_is_named(workspace: Path, words: Sequence[str]) -> None:
    message = refused(ripeline(*words, "-w", workspace))
    assert message.startswith("error nothing is published here yet")
    assert "`ripeline serve` publishes and begins, and where no server runs `ripeline advance`" in " ".join(
        message.split()
    )


def test_bad_settings_of_a_workspace_are_named(workspace: Path) -> None:
    written(workspace / "ripeline.toml", '[engine]\nmemry_limit = "1GB"\n')
    assert 'did you mean "memory_limit"?' in refused(ripeline("score", "-w", workspace))


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{name}.md" for name in TELL_SETTINGS)])
def test_settings_that_the_docs_show_can_be_added_to_those_of_init(tmp_path: Path, page: str) -> None:
    fine(ripeline("init", "acme", folder=tmp_path))
    settings = (ROOT / page).read_text(encoding="utf-8").partition("\n```toml\n")[2].partition("```")[0]
    assert settings
    with (tmp_path / "acme" / "ripeline.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    fine(ripeline("sales", "-w", "acme", folder=tmp_path))


def test_scores_of_a_workspace_without_history_are_none(workspace: Path) -> None:
    assert scored(workspace) == {}


def test_check_shows_every_mistake_with_its_place(workspace: Path) -> None:
    text = (
        DEFINITION.replace("points: 5}", "point: 5}").replace("type: page", "type: pgae").replace("high: 5", "high: x")
    )
    file = written(workspace / "bad.yaml", text)
    done = ripeline("check", file, "--format", "json")
    assert done.returncode == 1
    found = json.loads(done.stdout)["issues"]
    assert {(issue["line"], issue["code"]) for issue in found} >= {
        (12, "unknown-key"),
        (12, "bad-value"),
        (13, "bad-value"),
    }
    assert all(issue["line"] and issue["column"] and issue["message"] for issue in found)
    assert f"{file}:12:" in fine_or_not(ripeline("check", file))


def fine_or_not(done: Done) -> str:
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_check_of_a_good_definition_is_fine(workspace: Path) -> None:
    assert "is fine" in fine(ripeline("check", written(workspace.parent / "alone.yaml", DEFINITION)))


# ---- rows that cannot be used ---------------------------------------------------------------------------

DIRTY = b"""\
lead,name,time,note
ada,Hit,2026-01-01,fine
,Hit,2026-01-02,no lead
bob,Hit,yesterday,bad time
cyd,Hit
dan,Hit,2026-01-03,x,too,many
eve,Hit,2026-01-04,\xff\xfe bad bytes
fay,Hit,2026-01-05,"two
lines"
,Hit,2026-01-06,no lead after a cell of two lines
gus,,2026-01-07,no name
hal,Hit,,no time
ida,Hit,2026-02-30,no such day
joe,Hit,2026-01-08,"says ""hi"", of course"

kim,Hit,2026-01-09,last
"""


@pytest.fixture
def dirty(workspace: Path) -> tuple[str, dict[str, str]]:
    """What the import of the dirty file printed, and its rejects: reason by line."""
    file = written(workspace.parent / "dirty.csv", DIRTY)
    said = fine(ripeline("import", "events", file, "-w", workspace, *EVENT_COLUMNS))
    (rejects,) = (workspace / "rejects").glob("*.csv")
    assert str(rejects) in said
    with rejects.open(encoding="utf-8", newline="") as rows:
        return said, {row["line"]: row["reason"] for row in csv.DictReader(rows)}


def test_bad_rows_are_refused_and_the_good_ones_stored(workspace: Path, dirty: tuple[str, dict[str, str]]) -> None:
    said, _ = dirty
    assert engagement(workspace) == dict.fromkeys(["ada", "fay", "joe", "kim"], Decimal(1))
    assert "13 rows read, 4 new, 9 refused." in said


def test_the_rejects_file_names_the_line_and_the_reason(dirty: tuple[str, dict[str, str]]) -> None:
    _, reasons = dirty
    assert list(reasons) == ["3", "4", "5", "6", "7", "10", "11", "12", "13"]
    assert "no lead" in reasons["3"]
    assert "yesterday" in reasons["4"]
    assert "olumns" in reasons["5"]
    assert "olumns" in reasons["6"]
    assert "unicode" in reasons["7"].lower() or "utf-8" in reasons["7"].lower()
    assert "no lead" in reasons["10"]
    assert "no event name" in reasons["11"]
    assert "no time" in reasons["12"]
    assert "2026-02-30" in reasons["13"]


def test_bad_lines_of_json_are_refused_with_their_lines(workspace: Path) -> None:
    lines = [
        '{"type": "track", "userId": "ada", "event": "Hit", "timestamp": "2026-01-01T00:00:00Z"}',
        "not json",
        '["a", "list"]',
        '{"type": "track", "event": "Hit", "timestamp": "2026-01-01T00:00:00Z"}',
        '{"type": "track", "userId": "bob", "event": "Hit", "timestamp": "soon"}',
        '{"type": "dance", "userId": "bob", "timestamp": "2026-01-01T00:00:00Z"}',
    ]
    file = written(workspace.parent / "calls.jsonl", "\n".join(lines) + "\n")
    assert "5 refused." in fine(ripeline("import", "events", file, "-w", workspace))
    (rejects,) = (workspace / "rejects").glob("*.csv")
    with rejects.open(encoding="utf-8", newline="") as rows:
        reasons = {row["line"]: row["reason"] for row in csv.DictReader(rows)}
    assert list(reasons) == ["2", "3", "4", "5", "6"]
    assert "soon" in reasons["5"]
    assert engagement(workspace) == {"ada": 1}


# ---- what files may look like ---------------------------------------------------------------------------

EVENTS = "lead,name,time,price\nada,Hit,2026-01-01,100\nbob,Hit,2026-01-02,\nada,Hit,2026-01-03,50.5\n"
EXPECTED = {"ada": Decimal("3.5"), "bob": Decimal(1)}  # two hits and 150 whole units at 0.01; one hit


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", EVENTS.encode()),
        ("marked.csv", b"\xef\xbb\xbf" + EVENTS.encode()),
        ("windows.csv", EVENTS.replace("\n", "\r\n").encode()),
        ("semicolon.csv", EVENTS.replace(",", ";").encode()),
        ("tabs.tsv", EVENTS.replace(",", "\t").encode()),
        ("packed.csv.gz", gzip.compress(EVENTS.encode())),
        ("last-line-open.csv", EVENTS.rstrip("\n").encode()),
        ("quoted.csv", EVENTS.replace("lead,name,time,price", '"lead","name","time","price"').encode()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_csv_as_programs_write_it(workspace: Path, name: str, content: bytes) -> None:
    file = written(workspace.parent / name, content)
    assert imported(workspace, "events", file, *EVENT_COLUMNS) == (3, 3, 0)
    assert engagement(workspace) == EXPECTED


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("events.parquet", "FORMAT parquet"),
        ("events.csv.zst", "FORMAT csv, COMPRESSION zstd"),
        ("events.jsonl", "FORMAT json"),
        ("events.jsonl.gz", "FORMAT json, COMPRESSION gzip"),
        ("events.jsonl.zst", "FORMAT json, COMPRESSION zstd"),
    ],
)
def test_other_formats_say_the_same(workspace: Path, name: str, options: str) -> None:
    source, file = written(workspace.parent / "source.csv", EVENTS), workspace.parent / name
    duckdb.connect().execute(f"COPY (FROM '{source}') TO '{file}' ({options})")
    assert imported(workspace, "events", file, *EVENT_COLUMNS) == (3, 3, 0)
    assert engagement(workspace) == EXPECTED


def test_columns_of_parquet_keep_their_types(workspace: Path) -> None:
    file = workspace.parent / "leads.parquet"
    columns = (
        "7 AS id",
        "DATE '2026-01-28' AS signed",
        "TIMESTAMP '2026-01-29 23:00:00' AS seen",
        "TIMESTAMPTZ '2026-01-30 23:30:00+00' AS called",
        "CAST(12.50 AS DECIMAL(10, 2)) AS price",
        "1e3 AS budget",
        "TRUE AS active",
        "FALSE AS gone",
        "['vip', 'north'] AS tags",
        "[1, 2] AS sizes",
        "'00123' AS postcode",
        "CAST(NULL AS VARCHAR) AS nothing",
    )
    duckdb.connect().execute(f"COPY (SELECT {', '.join(columns)}) TO '{file}'")
    with_criteria(
        workspace,
        {
            "a_date": "signed = '2026-01-28' and days_since(signed) = 3",
            "a_time": "days_since(seen) = 2",
            "a_time_with_zone": "days_since(called) = 1",
            "a_decimal": "price = 12.5",
            "a_double": "budget between 999 and 1001",
            "a_boolean": "active = true",
            "not_that_boolean": "gone = true",
            "a_list": "contains(tags, 'vip')",
            "not_in_the_list": "contains(tags, 'south')",
            "a_list_of_numbers": "contains(sizes, 2)",
            "a_postcode": "postcode = '00123'",
            "nothing_at_all": "nothing is null",
        },
    )
    assert imported(workspace, "leads", file, "--id", "id") == (1, 1, 0)
    expected = ["a_date", "a_time", "a_time_with_zone", "a_decimal", "a_double", "a_boolean"]
    assert criteria_met(workspace, "7") == [
        *expected,
        "a_list",
        "a_list_of_numbers",
        "a_postcode",
        "nothing_at_all",
    ]


def call(kind: str, time: str, **fields: object) -> str:
    return json.dumps({"type": kind, "timestamp": f"2026-01-{time}", **fields}) + "\n"


def test_calls_of_a_tracker_are_read_without_column_names_and_stitched(workspace: Path) -> None:
    file = written(
        workspace.parent / "calls.jsonl",
        call("page", "01T10:00:00Z", anonymousId="d1", name="Home", messageId="m1")
        + call("track", "01T10:01:00Z", anonymousId="d1", event="Hit", properties={"price": 100}, messageId="m2")
        + call("track", "01T10:01:00Z", anonymousId="d1", event="Hit", properties={"price": 100}, messageId="m2")
        + call("identify", "02T10:00:00Z", anonymousId="d1", userId="ada", traits={"plan": "pro"}, messageId="m3")
        + call("track", "03T10:00:00Z", userId="ada", event="Hit", messageId="m4")
        + call("page", "03T10:00:00Z", anonymousId="d2", name="Home", messageId="m5"),
    )
    fine(ripeline("import", "events", file, "-w", workspace))
    stitched = {"ada": (Decimal(10), Decimal(8)), "d2": (Decimal(0), Decimal(5))}  # 5 + 2 x 1 + 100 x 0.01
    assert scored(workspace) == stitched
    assert scored(workspace, "--engine", "python") == stitched
    assert scored(workspace, "--known-only") == {"ada": stitched["ada"]}
    assert scored(workspace, as_of="2026-01-01") == {
        "d1": (Decimal(0), Decimal(7))
    }  # nobody knew yet whose device it was
    told = json.loads(fine(ripeline("explain", "d1", "-w", workspace, "--as-of", "2026-01-31", "--format", "json")))
    assert told["lead"] == "ada"
    assert "0 events" in fine(ripeline("import", "events", file, "-w", workspace))
    assert scored(workspace) == stitched


@pytest.mark.parametrize("time", ["1767268800", "1767268800000", "1767268800000000", "2026-01-01T13:00:00+01:00"])
def test_epochs_and_times_with_a_zone_are_the_instant_they_say(workspace: Path, time: str) -> None:
    file = written(workspace.parent / "events.csv", f"lead,name,time\nada,Hit,{time}\n")
    assert imported(workspace, "events", file, *EVENT_COLUMNS) == (1, 1, 0)
    assert engagement(workspace, "2026-01-01T11:59:59.999999Z") == {}
    assert engagement(workspace, "2026-01-01T12:00:00Z") == {"ada": 1}


def test_times_without_a_zone_are_utc_or_what_the_user_says(workspace: Path) -> None:
    file = written(workspace.parent / "events.csv", "lead,name,time\nada,Hit,2026-01-01 00:30:00\n")
    imported(workspace, "events", file, *EVENT_COLUMNS, "--source", "utc")
    imported(workspace, "events", file, *EVENT_COLUMNS, "--source", "berlin", "--timezone", "Europe/Berlin")
    assert engagement(workspace, "2025-12-31T23:29:59Z") == {}
    assert engagement(workspace, "2025-12-31T23:30:00Z") == {"ada": 1}
    assert engagement(workspace, "2026-01-01T00:30:00Z") == {"ada": 2}


# ---- which columns become traits, and several imports ---------------------------------------------------

LEADS = "id,tier,plan,city\nada,pro,free,Bonn\n"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["free", "city"]),
        (["--rename", "tier=plan", "--ignore", "plan"], ["pro", "city"]),
        (["--rename", "tier=level", "--rename", "city=town"], ["free", "level", "town"]),
        (["--only", "plan"], ["free"]),
        (["--only", "plan,city"], ["free", "city"]),
        (["--ignore", "plan", "--ignore", "tier"], ["city"]),
    ],
)
def test_columns_can_be_chosen_and_renamed(workspace: Path, options: Sequence[str], expected: Sequence[str]) -> None:
    with_criteria(
        workspace,
        {
            "pro": "plan = 'pro'",
            "free": "plan = 'free'",
            "level": "level = 'pro'",
            "city": "city = 'Bonn'",
            "town": "town = 'Bonn'",
        },
    )
    imported(workspace, "leads", written(workspace.parent / "leads.csv", LEADS), "--id", "id", *options)
    assert criteria_met(workspace, "ada") == expected


def test_several_imports_add_up_and_overlapping_exports_count_once(workspace: Path) -> None:
    folder = workspace.parent
    (folder / "later").mkdir()
    january = written(folder / "events.csv", EVENTS)
    overlap = EVENTS.partition("\n")[0] + "\nada,Hit,2026-01-03,50.5\nada,Hit,2026-01-04,\n"
    assert imported(workspace, "events", january, *EVENT_COLUMNS) == (3, 3, 0)
    assert imported(workspace, "events", january, *EVENT_COLUMNS) == (3, 0, 0)
    assert imported(workspace, "events", written(folder / "later/events.csv", overlap), *EVENT_COLUMNS) == (
        2,
        1,
        0,
    )
    assert engagement(workspace) == {"ada": Decimal("4.5"), "bob": Decimal(1)}
    crm = written(folder / "crm.csv", "id,plan\nada,pro\ncyd,pro\n")
    assert imported(workspace, "leads", crm, "--id", "id") == (2, 2, 0)
    assert imported(workspace, "leads", crm, "--id", "id") == (2, 0, 0)
    assert scored(workspace) == {
        "ada": (Decimal(10), Decimal("4.5")),
        "bob": (Decimal(0), Decimal(1)),
        "cyd": (Decimal(10), Decimal(0)),
    }


def test_equal_rows_of_one_file_are_so_many_events(workspace: Path) -> None:
    file = written(workspace.parent / "events.csv", "lead,name,time\n" + "ada,Hit,2026-01-01\n" * 3)
    assert imported(workspace, "events", file, *EVENT_COLUMNS) == (3, 3, 0)
    assert imported(workspace, "events", file, *EVENT_COLUMNS) == (3, 0, 0)
    assert engagement(workspace) == {"ada": 3}


def test_given_ids_count_once_whatever_the_row_says(workspace: Path) -> None:
    rows = "id,lead,name,time\ne1,ada,Hit,2026-01-01\ne1,ada,Hit,2026-01-02\ne2,ada,Hit,2026-01-03\n"
    imported(workspace, "events", written(workspace.parent / "events.csv", rows), *EVENT_COLUMNS, "--id", "id")
    assert engagement(workspace) == {"ada": 2}


def test_a_type_for_all_rows_and_a_type_from_a_column(workspace: Path) -> None:
    rows = "lead,name,time,kind\nada,Home,2026-01-01,page\nbob,Hit,2026-01-01,track\n"
    file = written(workspace.parent / "events.csv", rows)
    imported(workspace, "events", file, *EVENT_COLUMNS, "--type", "kind")
    assert engagement(workspace) == {"ada": 5, "bob": 1}
    imported(workspace, "events", file, *EVENT_COLUMNS, "--type", "page", "--source", "pages")
    assert engagement(workspace) == {"ada": 10, "bob": 6}


def test_history_known_later_is_left_out_when_the_past_is_asked(workspace: Path) -> None:
    rows = "lead,name,time,got\nada,Hit,2026-01-01,2026-01-01\nada,Hit,2026-01-02,2026-01-20\n"
    file = written(workspace.parent / "events.csv", rows)
    imported(workspace, "events", file, *EVENT_COLUMNS, "--known-at", "got")
    assert scored(workspace) == {"ada": (Decimal(0), Decimal(2))}
    assert scored(workspace, "--known-at", "2026-01-10") == {"ada": (Decimal(0), Decimal(1))}


def test_a_score_needs_no_file(workspace: Path) -> None:
    imported(workspace, "events", written(workspace.parent / "events.csv", EVENTS), *EVENT_COLUMNS)
    assert "2 leads" in fine(ripeline("score", "-w", workspace, "--as-of", "2026-01-31"))


@pytest.mark.parametrize("engine", ["duckdb", "python"])
def test_names_that_differ_in_case_alone_stay_apart(workspace: Path, tmp_path: Path, engine: str) -> None:
    definition = DEFINITION.replace("plan = 'pro'", "Plan = 'pro' and plan = 'x' and line = '7'")
    definition = definition.replace("sum(properties.price)", "sum(properties.Price)")
    (workspace / "qualification.yaml").write_text(definition, encoding="utf-8")
    leads = written(tmp_path / "leads.csv", "lead,Plan,plan,line,rowid\na,pro,x,7,1\nb,x,pro,7,2\n")
    assert imported(workspace, "leads", leads, "--id", "lead") == (2, 2, 0)
    events = "lead,name,time,Price,price,LINE\na,Hit,2026-01-01,300,9,1\n"
    assert imported(workspace, "events", written(tmp_path / "events.csv", events), *EVENT_COLUMNS) == (1, 1, 0)
    call = {"type": "track", "event": "Hit", "userId": "b", "timestamp": "2026-01-01", "messageId": "m"}
    calls = json.dumps(call | {"properties": {"price": 300, "Price": 200}})
    assert imported(workspace, "events", written(tmp_path / "calls.jsonl", calls)) == (1, 1, 0)
    found = scored(workspace, "--engine", engine, as_of="2026-01-02")
    assert found == {"a": (Decimal(10), Decimal(4)), "b": (Decimal(0), Decimal(3))}


def test_two_imports_at_once_wait_for_each_other(workspace: Path, tmp_path: Path) -> None:
    files = [written(tmp_path / f"{name}.csv", f"lead,plan\n{name},pro\nboth,pro\n") for name in "abcd"]
    command = [sys.executable, "-m", "ripeline", "import", "leads"]
    running = [
        subprocess.Popen(
            [*command, file, "-w", workspace, "--id", "lead"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for file in files
    ]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()
    assert {lead: fit for lead, (fit, _) in scored(workspace).items()} == dict.fromkeys([*"abcd", "both"], Decimal(10))


@pytest.mark.parametrize("where", ["crm.csv", "crm.csv/demo"])
def test_a_demo_is_made_where_a_folder_can_be(tmp_path: Path, where: str) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("id\n1\n", encoding="utf-8")
    done = ripeline("demo", tmp_path / where)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert where in done.stderr.replace("\n", "")
    assert file.read_text(encoding="utf-8") == "id\n1\n"
