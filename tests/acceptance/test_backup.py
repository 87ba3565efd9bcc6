"""A backup is the workspace of one moment, and a restore is that workspace or nothing."""

import json
import shutil
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from ripeline.adapters.book.snapshot import copy_book
from ripeline.entry.workspace import Workspace
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.upkeep import AS_OF, RECEIVED_US, Packing, accept, accepted, copied, make_workspace, scores

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("original") / "acme")


@pytest.fixture(scope="module")
def packed(original: Workspace) -> Path:
    """A backup of it."""
    file = original.root.parent / "acme.tar"
    done = ripeline("backup", file, "-w", original.root, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["position"] == 15
    return file


@pytest.fixture
def restored(packed: Path, tmp_path: Path) -> Workspace:
    done = ripeline("restore", packed, "-w", tmp_path / "again")
    assert done.returncode == 0, done.stderr
    return Workspace(tmp_path / "again")


def test_scores_and_what_is_waiting_are_the_same(original: Workspace, restored: Workspace, tmp_path: Path) -> None:
    """Also a reason and the refused row; and both tell the same once the same was sent to both."""
    before = scores(original.root, tmp_path / "before.csv")
    assert before.count(b"\n") == 1 + 2 + 15
    assert scores(restored.root, tmp_path / "after.csv") == before
    told = [ripeline("explain", "u12", "-w", one.root, *AS_OF).stdout for one in (original, restored)]
    assert told[0] == told[1] != ""
    assert [file.name for file in (restored.root / "rejects").iterdir()] == ["events-0001.csv"]
    twin = copied(original, tmp_path / "twin")
    for one in (twin, restored):
        accept(one, range(14, 20))  # m14 a second time
    assert accepted(restored) == 15 + 6, "positions go on where they were"
    later = [scores(one.root, tmp_path / f"{one.root.name}.csv") for one in (twin, restored)]
    assert later[0] == later[1]
    assert later[0].count(b"\n") == 1 + 2 + 20


def test_keys_go_with_it_and_its_owner_alone_may_read_it(
    packed: Path, original: Workspace, restored: Workspace
) -> None:
    assert stat.S_IMODE(packed.stat().st_mode) == 0o600
    assert stat.S_IMODE(restored.book.stat().st_mode) == 0o600
    listed = [ripeline("keys", "list", "-w", one.root, "--format", "json").stdout for one in (original, restored)]
    assert listed[0] == listed[1]
    assert len(json.loads(listed[0])["keys"]) == 3
    with tarfile.open(packed) as tar:
        assert {(member.uid, member.uname, member.mode) for member in tar} == {(0, "", 0o600)}, "it names nobody"


def test_languages_of_a_workspace_go_with_it(original: Workspace, tmp_path: Path) -> None:
    there, back = copied(original, tmp_path / "there"), tmp_path / "back"
    file = Path("locale/pt_BR/LC_MESSAGES/ripeline.po")
    (there.root / file).parent.mkdir(parents=True)
    (there.root / file).write_text('msgid "Home"\nmsgstr "Início"\n', "utf-8")
    assert ripeline("backup", tmp_path / "b.tar", "-w", there.root).returncode == 0
    assert ripeline("restore", tmp_path / "b.tar", "-w", back).returncode == 0
    assert (back / file).read_bytes() == (there.root / file).read_bytes()


def test_nothing_is_left_beside_it(packed: Path) -> None:
    assert not [path for path in packed.parent.iterdir() if path.name.startswith(".")]


def test_writers_go_on_while_the_book_is_copied(original: Workspace, tmp_path: Path) -> None:
    """After every stretch of pages somebody else writes, without waiting at all; the copy is of the moment before."""
    busy = copied(original, tmp_path / "busy")
    accept(busy, range(100, 3_100))
    writer = sqlite3.connect(busy.book, isolation_level=None, timeout=0)
    writer.execute("INSERT INTO inbox (received_us, key_id, retried, body) VALUES (0, 1, 0, zeroblob(20000000))")
    last, written = accepted(busy), []

    def write(what: str, done: float | None) -> None:
        writer.execute("INSERT INTO inbox (received_us, key_id, retried, body) VALUES (0, 1, 0, x'')")
        written.append(done)

    copy_book(busy.book, tmp_path / "copy.sqlite", write)
    writer.close()
    assert len(written) > 2
    assert accepted(busy) == last + len(written)
    copy = sqlite3.connect(tmp_path / "copy.sqlite")
    assert copy.execute("SELECT max(position), count(*) FROM inbox").fetchone() == (last, last - 10)
    assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    copy.close()


def test_a_backup_replaces_nothing(packed: Path, original: Workspace) -> None:
    before = packed.read_bytes()
    done = ripeline("backup", packed, "-w", original.root)
    assert (done.returncode, "exists already" in done.stderr) == (1, True)
    assert packed.read_bytes() == before


def test_a_damaged_workspace_is_not_backed_up(original: Workspace, tmp_path: Path) -> None:
    broken = copied(original, tmp_path / "broken")
    next((broken.root / "history" / "events").iterdir()).unlink()
    done = ripeline("backup", tmp_path / "b.tar", "-w", broken.root)
    assert (done.returncode, "is missing; see: ripeline doctor" in done.stderr.replace("\n", " ")) == (1, True)
    assert not (tmp_path / "b.tar").exists()


def test_a_folder_that_cannot_be_written_is_said(original: Workspace, tmp_path: Path) -> None:
    done = ripeline("backup", tmp_path / "nowhere" / "b.tar", "-w", original.root)
    assert (done.returncode, "cannot be written" in done.stderr) == (1, True)


def test_only_an_empty_folder_is_filled(packed: Path, original: Workspace, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert ripeline("restore", packed, "-w", tmp_path / "empty").returncode == 0
    for target in (original.root, tmp_path / "empty", packed):
        done = ripeline("restore", packed, "-w", target)
        assert (done.returncode, "is not empty" in done.stderr) == (1, True)


# What may come as a backup


def _special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def _with_book(change: str) -> Callable[[Packing], Packing]:
    """Change the book by SQL, and the list with it."""

    def changed(text: bytes) -> bytes:
        db = sqlite3.connect(":memory:", isolation_level=None)
        db.deserialize(text)
        db.executescript(change)
        text = db.serialize()
        db.close()
        return text

    return lambda packing: packing.change("book.sqlite", changed)


def _without(name: str) -> Callable[[Packing], Packing]:
    def left_out(packing: Packing) -> Packing:
        packing.members = [one for one in packing.members if one[0].name != name]
        return packing

    return left_out


def _twice(packing: Packing) -> Packing:
    return packing.first(*next(one for one in packing.members if one[0].name == "qualification.yaml"))


def _byte_changed(packing: Packing) -> Packing:
    name = next(member.name for member, _ in packing.members if member.name.startswith("history/events/"))
    packing.members = [
        (member, text[:100] + bytes([text[100] ^ 1]) + text[101:] if member.name == name else text)
        for member, text in packing.members
    ]
    return packing


UNSAFE: dict[str, tuple[Callable[[Packing], Packing], str]] = {
    "outside": (lambda p: p.first(tarfile.TarInfo("../outside"), b"x"), "does not belong"),
    "outside by a detour": (lambda p: p.first(tarfile.TarInfo("definitions/../../x.yaml"), b"x"), "does not belong"),
    "absolute": (lambda p: p.first(tarfile.TarInfo("/tmp/outside"), b"x"), "does not belong"),
    "something else": (lambda p: p.first(tarfile.TarInfo("run.sh"), b"x"), "does not belong"),
    "a link": (lambda p: p.first(_special("definitions/a.yaml", tarfile.SYMTYPE, "/etc/passwd")), "no plain file"),
    "a folder as link": (lambda p: p.first(_special("history", tarfile.SYMTYPE, "/tmp")), "no plain file"),
    "a hard link": (lambda p: p.first(_special("definitions/a.yaml", tarfile.LNKTYPE, "/etc/passwd")), "no plain file"),
    "a device": (lambda p: p.first(_special("definitions/a.yaml", tarfile.CHRTYPE)), "no plain file"),
    "a pipe": (lambda p: p.first(_special("definitions/a.yaml", tarfile.FIFOTYPE)), "no plain file"),
    "a folder": (lambda p: p.first(_special("definitions", tarfile.DIRTYPE)), "no plain file"),
    "the same twice": (_twice, "does not belong"),
    "one more file": (lambda p: p.first(tarfile.TarInfo("definitions/more.yaml"), b"x"), "list does not name"),
    "one file less": (_without("qualification.yaml"), "qualification.yaml is missing"),
    "no list": (_without("backup.json"), "is not whole"),
    "no book": (lambda p: _without("book.sqlite")(p).listed(), "lacks book.sqlite"),
    "a byte changed": (_byte_changed, "is not what was packed"),
    "no list but a word": (lambda p: p.listed({"files": "all"}), "cannot be read"),
    "another format": (lambda p: p.listed({"format": 2}), "format 2"),
    "another moment": (lambda p: p.listed({"position": 14}), "not of the moment"),
    "no book but a text": (lambda p: p.change("book.sqlite", lambda _: b"hello" * 1_000), "not a book"),
    "a newer book": (_with_book("PRAGMA user_version = 999"), "newer Ripeline"),
    "a book that names files outside": (
        _with_book("UPDATE files SET path = '../../' || path WHERE kind = 'events'"),
        "which the backup does not hold",
    ),
    "a book with a trigger": (
        _with_book("CREATE TRIGGER evil AFTER INSERT ON manifests BEGIN DELETE FROM inbox; END"),
        "not as form",
    ),
    "a book with another table": (_with_book("CREATE TABLE more (x)"), "more"),
    "a book without its last requests": (
        _with_book("DELETE FROM inbox WHERE position = 15"),
        "neither here nor in files",
    ),
    "a book with other rows": (_with_book("UPDATE files SET rows = rows + 1"), "rows, the book names"),
    "a book with broken words": (_with_book("UPDATE files SET columns = '{'"), "not sound"),
}


@pytest.mark.parametrize("what", UNSAFE)
def test_an_unsafe_or_damaged_backup_is_refused(packed: Path, tmp_path: Path, what: str) -> None:
    """With a sentence, and nothing is left: neither where it should go nor anywhere else."""
    change, said = UNSAFE[what]
    bad = change(Packing.of(packed)).pack(tmp_path / "bad.tar")
    done = ripeline("restore", bad, "-w", tmp_path / "new")
    assert done.returncode == 1, done.stderr
    assert said in done.stderr.replace("\n", " ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.tar"]


def test_a_sparse_file_is_refused(packed: Path, tmp_path: Path) -> None:
    """A few bytes that would fill the disk: a hole of a terabyte before the end."""
    hole = tarfile.TarInfo("definitions/hole.yaml")
    hole.pax_headers = {
        "GNU.sparse.major": "0",
        "GNU.sparse.minor": "1",
        "GNU.sparse.size": str(2**40),
        "GNU.sparse.numblocks": "1",
        "GNU.sparse.map": f"{2**40 - 512},512",
        "GNU.sparse.name": "definitions/hole.yaml",
    }
    bad = Packing.of(packed).first(hole, b"x" * 512).pack(tmp_path / "bad.tar")
    done = ripeline("restore", bad, "-w", tmp_path / "new")
    assert (done.returncode, "no plain file" in done.stderr.replace("\n", " ")) == (1, True)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("kind", ["absent", "a folder", "empty", "text", "packed with gzip"])
def test_what_is_no_tar_is_refused(packed: Path, tmp_path: Path, kind: str) -> None:
    bad = tmp_path / "bad.tar"
    if kind == "a folder":
        bad.mkdir()
    elif kind != "absent":
        bad.write_bytes({"empty": b"", "text": b"hello " * 500}.get(kind, b"\x1f\x8b" + packed.read_bytes()))
    done = ripeline("restore", bad, "-w", tmp_path / "new")
    assert (done.returncode, done.stderr.startswith("error ")) == (1, True)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("seed", range(4))
def test_any_damage_is_found(packed: Path, tmp_path: Path, seed: int) -> None:
    """Bytes changed and ends cut off anywhere: the same workspace, or a sentence and nothing."""
    rng, whole = Random(seed), packed.read_bytes()
    headers = [member.offset for member, _ in Packing.of(packed).members]
    for turn in range(40):
        text = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            place = rng.choice(headers) + rng.randrange(512) if turn % 2 else rng.randrange(len(text))
            text[place] = rng.randrange(256)
        bad, new = tmp_path / "bad.tar", tmp_path / "new"
        bad.write_bytes(text[: rng.randrange(len(text))] if turn % 5 == 0 else text)
        done = ripeline("restore", bad, "-w", new)
        assert done.returncode in {0, 1}, done.stderr
        assert new.exists() == (done.returncode == 0)
        if new.exists():
            book = sqlite3.connect(new / "book.sqlite")
            assert book.execute("SELECT max(position), max(received_us) FROM inbox").fetchone() == (15, RECEIVED_US)
            book.close()
            shutil.rmtree(new)
