"""What is wrong with a workspace is said in words: each test breaks a real one in one way."""

import json
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pytest

from ripeline.entry.schemas import schema
from ripeline.entry.workspace import Workspace
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.upkeep import accept, copied, make_workspace

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

DAY_S = 86_400
SCHEMA = schema("doctor")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace whose requests are all applied."""
    workspace = make_workspace(tmp_path_factory.mktemp("sound") / "acme")
    sql(workspace, "UPDATE progress SET position = 15")
    return workspace


@pytest.fixture
def broken(sound: Workspace, tmp_path: Path) -> Workspace:
    """A copy to break."""
    return copied(sound, tmp_path / "acme")


def sql(workspace: Workspace, change: str) -> None:
    db = sqlite3.connect(workspace.book)
    db.executescript(change)
    db.close()


def only_file(workspace: Workspace, kind: str) -> Path:
    return min((workspace.root / "history" / kind).iterdir())


def looked_at(workspace: Workspace, *options: str) -> dict[str, Any]:
    """Return what the doctor says, after it was held against the schema and the exit code."""
    done = ripeline("doctor", "-w", workspace.root, *options, "--format", "json")
    assert "Traceback" not in done.stderr
    told = json.loads(done.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    assert done.returncode == (1 if told["errors"] else 0)
    return dict(told)


def found(workspace: Workspace, *options: str) -> list[tuple[str, str, str]]:
    """Return what the doctor finds: check, severity, message."""
    return [(one["check"], one["severity"], one["message"]) for one in looked_at(workspace, *options)["findings"]]


def test_a_sound_workspace_is_fine_and_unchanged(sound: Workspace) -> None:
    before = {
        path: path.read_bytes() for path in sound.root.rglob("*") if path.is_file() and path.suffix != ".sqlite-shm"
    }
    told = looked_at(sound, "--thorough")
    assert (told["findings"], told["not_checked"], len(told["checked"])) == ([], [], 12)
    after = {path: path.read_bytes() for path in before}
    assert after == before
    oldest = "2026-06-01T00:00:00.000000Z"
    assert told["inbox"] == {"accepted": 15, "applied": 15, "in_files": 10, "waiting": 5, "oldest_waiting": oldest}
    text = ripeline("doctor", "-w", sound.root).stdout
    assert f"15 accepted, 15 applied, 10 in files; 5 requests wait to become files, the oldest since {oldest}." in text
    assert "is fine" in text


def _text_for_a_book(workspace: Workspace) -> None:
    workspace.book.write_text("hello " * 1_000, encoding="utf-8")


def _page_overwritten(workspace: Workspace) -> None:
    """The pages of one table's rows, not the first ones, where SQLite would not open it at all."""
    sql(workspace, "PRAGMA journal_mode = DELETE")
    text = bytearray(workspace.book.read_bytes())
    place = text.index(b"Trial Downloaded")
    start = place - place % 4096
    text[start : start + 64] = b"\xff" * 64
    workspace.book.write_bytes(text)


BOOKS: dict[str, tuple[Callable[[Workspace], None], str]] = {
    "absent": (lambda w: w.book.unlink(), "does not exist"),
    "a text": (_text_for_a_book, "not a book"),
    "a page overwritten": (_page_overwritten, "the file is damaged"),
    "newer": (lambda w: sql(w, "PRAGMA user_version = 999"), "it is of form 999"),
    "changed by hand": (lambda w: sql(w, "DROP TABLE tokens"), "tokens"),
}


@pytest.mark.parametrize("what", BOOKS)
def test_a_book_that_is_not_right(broken: Workspace, what: str) -> None:
    """What asks the book is left out and named; the rest is looked at all the same."""
    change, said = BOOKS[what]
    change(broken)
    told = looked_at(broken)
    assert {one["check"] for one in told["findings"]} == {"book"}
    assert said in told["findings"][0]["message"]
    assert told["findings"][0]["advice"]
    assert set(told["not_checked"]) == {"files", "leftovers", "erasures", "inbox", "ids", "columns", "clock"}
    assert told["inbox"] is None


def test_an_older_book_is_a_warning(broken: Workspace) -> None:
    sql(broken, "PRAGMA user_version = 1")
    ((check, severity, message),) = found(broken)
    assert (check, severity, "of form 1, which is older" in message) == ("book", "warning", True)


def _rewritten(change: str) -> Callable[[Path], None]:
    """Write a file of history anew by another query over it."""

    def rewrite(file: Path) -> None:
        with duckdb.connect() as con:
            con.execute(f"CREATE TABLE t AS SELECT * FROM read_parquet('{file}')")
            con.execute(f"COPY ({change}) TO '{file}' (FORMAT parquet)")

    return rewrite


FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing": (lambda file: file.unlink(), "the file is missing"),
    "cut off": (lambda file: os.truncate(file, file.stat().st_size - 10), "it cannot be read"),
    "empty": (lambda file: os.truncate(file, 0), "it cannot be read"),
    "a row less": (_rewritten("FROM t OFFSET 1"), "rows, the book names"),
    "a column less": (
        _rewritten("SELECT * EXCLUDE (trusted) FROM t"),
        "columns are not those that the book names: trusted",
    ),
    "another type": (
        _rewritten("SELECT * REPLACE (CAST(ts AS VARCHAR) AS ts) FROM t"),
        "not those that the book names: ts",
    ),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_of_history_that_is_not_right(broken: Workspace, what: str) -> None:
    change, said = FILES[what]
    file = only_file(broken, "events")
    change(file)
    told = looked_at(broken)
    (finding,) = told["findings"]
    assert (finding["check"], finding["severity"]) == ("files", "error")
    assert finding["where"] == file.relative_to(broken.root).as_posix()
    assert said in finding["message"]
    assert told["not_checked"] == ["ids"]


@pytest.mark.parametrize("what", ["missing", "cut off", "empty"])
def test_who_reads_history_is_told_where_to_look(broken: Workspace, what: str) -> None:
    FILES[what][0](only_file(broken, "events"))
    lead = ("explain", "ada", "-w", broken.root)
    for command in (lead, ("score", "-w", broken.root), ("timeline", *lead[1:])):
        done = ripeline(*command)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
        assert "history/events/" in done.stderr
        assert "ripeline doctor" in done.stderr


def test_damage_inside_a_file_is_found_by_reading_all_of_it(broken: Workspace) -> None:
    file = only_file(broken, "events")
    text = bytearray(file.read_bytes())
    text[4:104] = b"\xff" * 100
    file.write_bytes(text)
    assert [(check, severity) for check, severity, _ in found(broken, "--thorough")] == [("files", "error")]


def test_leftovers_are_told_and_old_ones_removed(broken: Workspace) -> None:
    """A file that a manifest ever named stays, however old; one that is young may be in the making."""
    events = broken.root / "history" / "events"
    for name, age_s in (("00000099-0.parquet", 2 * DAY_S), ("00000099-1.parquet", 60)):
        (events / name).write_bytes(b"x" * 10)
        os.utime(events / name, (time.time() - age_s,) * 2)
    named = only_file(broken, "events")
    os.utime(named, (0, 0))
    (broken.root / "history" / "before.parquet").write_bytes(b"")
    os.utime(broken.root / "history" / "before.parquet", (0, 0))
    sql(broken, "INSERT INTO files VALUES (99, 'events', 'history/before.parquet', 0, NULL, '{}', 0, 1)")
    ((check, severity, message),) = found(broken)
    assert (check, severity) == ("leftovers", "warning")
    assert "no manifest names 2 of its files (20 bytes), 1 of them older than a day" in message
    told = looked_at(broken, "--tidy")
    assert told["removed"] == ["history/events/00000099-0.parquet"]
    assert "no manifest names 1 of its files" in told["findings"][0]["message"]
    assert named.exists()
    assert (broken.root / "history" / "before.parquet").exists()
    assert looked_at(broken, "--tidy")["removed"] == []


def test_nothing_is_tidied_by_a_book_that_cannot_be_read(broken: Workspace) -> None:
    broken.book.unlink()
    for file in (broken.root / "history").rglob("*.parquet"):
        os.utime(file, (0, 0))
    assert looked_at(broken, "--tidy")["removed"] == []


INBOXES = {
    "UPDATE progress SET position = 16": "positions run backwards",
    "DELETE FROM inbox WHERE position = 13": "1 accepted requests behind position 10 are neither here nor in files",
    "UPDATE inbox SET key_id = 77 WHERE position = 12": "1 requests came with a key that the book does not know",
}


@pytest.mark.parametrize("change", INBOXES)
def test_requests_that_are_lost(broken: Workspace, change: str) -> None:
    sql(broken, change)
    ((check, severity, message),) = found(broken)
    assert (check, severity, INBOXES[change] in message) == ("inbox", "error", True)


def test_requests_that_nobody_applies(broken: Workspace) -> None:
    """They were received in June; what was received just now is not late."""
    sql(broken, "UPDATE progress SET position = 12")
    ((check, severity, message),) = found(broken)
    assert (check, severity) == ("inbox", "warning")
    assert "accepted since 2026-06-01T00:00:00.000000Z is not applied (position 12 of 15)" in message
    sql(broken, "UPDATE progress SET position = 15")
    accept(broken, range(20, 22), time.time_ns() // 1_000)
    assert found(broken) == []


@pytest.mark.parametrize(("kind", "said"), [("events", "ids of events"), ("identifiers", "identifiers")])
def test_what_is_there_twice(broken: Workspace, kind: str, said: str) -> None:
    file = only_file(broken, kind)
    shutil.copy(file, file.with_name("00000098-0.parquet"))
    sql(
        broken,
        "INSERT INTO files (kind, path, rows, least_ts, columns, from_manifest) SELECT kind, "
        f"'history/{kind}/00000098-0.parquet', rows, least_ts, columns, from_manifest FROM files "
        f"WHERE path = 'history/{kind}/{file.name}'",
    )
    rows = {"events": 3, "identifiers": 2}[kind]  # of the import: three acts of two leads
    assert found(broken) == [("ids", "error", f"{rows} {said} are there more than once")]


def test_a_clock_that_went_back(broken: Workspace) -> None:
    accept(broken, range(20, 21), time.time_ns() // 1_000 + 3_600_000_000)
    sql(broken, "UPDATE progress SET position = 16")
    ((check, severity, message),) = found(broken)
    assert (check, severity, "something was received at" in message) == ("clock", "error", True)


def test_a_definition_with_mistakes(broken: Workspace) -> None:
    (broken.root / "definitions").mkdir()
    text = (broken.root / "qualification.yaml").read_text(encoding="utf-8")
    (broken.root / "definitions" / "north.yaml").write_text(text.replace("engagement:", "engagment:"), encoding="utf-8")
    told = looked_at(broken)
    assert {one["check"] for one in told["findings"]} == {"definitions"}
    assert told["errors"]
    assert all("definitions/north.yaml:" in one["where"] for one in told["findings"])
    assert any('did you mean "engagement"?' in one["advice"] for one in told["findings"])


def test_no_definition_at_all(broken: Workspace) -> None:
    (broken.root / "qualification.yaml").unlink()
    assert found(broken) == [("definitions", "error", "there is no definition")]


def test_salespeople_that_cannot_be_read_or_get_nothing(broken: Workspace) -> None:
    """A bare workspace has no salespeople, and nothing is wrong with that; see above."""
    settings = broken.root / "ripeline.toml"
    before, people = settings.read_text(), '\n[sales.people.maria]\nmail = "maria@acme.example"\n'
    settings.write_text(before + people + "weight = 0\n")
    assert found(broken) == [("sales", "error", "sales.people.maria.weight takes a whole number from 1 to 20")]
    route = '[[sales.routes]]\nteam = "a"\nwhen = "country = \'DE\'"\n'
    settings.write_text(before + people + '[sales.teams.a]\nmembers = ["maria"]\n' + route)
    assert found(broken) == [("sales", "warning", "a lead that no route fits has no owner")]


def test_a_book_and_a_backup_that_others_may_read(broken: Workspace) -> None:
    assert ripeline("backup", broken.root / "b.tar", "-w", broken.root).returncode == 0
    assert found(broken) == []
    for name in ("book.sqlite", "b.tar"):
        (broken.root / name).chmod(0o644)
    told = looked_at(broken)["findings"]
    assert {(one["check"], one["severity"]) for one in told} == {("permissions", "warning")}
    assert {Path(one["where"]).name for one in told} >= {"book.sqlite", "b.tar"}
    assert f"chmod 600 {broken.root / 'b.tar'}" in {one["advice"] for one in told}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root can mount a small disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=12m", "none", folder], check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_disk_without_room(small_disk: Path, sound: Workspace) -> None:
    ((check, severity, message),) = found(copied(sound, small_disk / "acme"))
    assert (check, severity) == ("disk", "error")
    assert "MiB are left" in message


def test_people_read_it(broken: Workspace) -> None:
    only_file(broken, "events").unlink()
    done = ripeline("doctor", "-w", broken.root)
    assert done.returncode == 1
    assert "error files: history/events/" in done.stdout
    assert "do: bring this file back from a backup" in done.stdout
    assert "ids: not looked at" in done.stdout


def test_what_is_no_workspace_is_said(tmp_path: Path) -> None:
    done = ripeline("doctor", "-w", tmp_path)
    assert (done.returncode, "is not a workspace" in done.stderr) == (1, True)
