"""Looking for message ids by their hashes finds every one that is in files, of a few and of many."""

from pathlib import Path
from random import Random

import pytest

from ripeline.adapters.columnar.store import connect
from ripeline.adapters.history.seen import MOST_CONSTANTS, SeenIds
from ripeline.ports.history import Cut, HistoryFile

pytestmark = pytest.mark.engine_duckdb


def test_all_that_are_there_are_found(tmp_path: Path) -> None:
    rng, con = Random(1), connect(threads=1)
    ids = [f"{rng.getrandbits(128):032x}" for _ in range(3_000)]
    halves = {"events": ids[:1_500], "traits": ids[1_500:]}
    for kind, own in halves.items():
        column = "CAST(id AS UUID) AS id" if kind == "events" else "id AS digest"
        listed = ", ".join(f"('{one}')" for one in own)
        con.execute(f"COPY (SELECT {column} FROM (VALUES {listed}) v(id)) TO '{tmp_path / kind}.parquet'")
    seen = SeenIds(con, tmp_path)
    files = [HistoryFile(kind, f"{kind}.parquet", len(own), None, {}) for kind, own in halves.items()]
    seen.follow(Cut(1, tuple(files[:1])))
    assert seen.maybe(ids[1_500:1_510]) == []
    seen.follow(Cut(2, tuple(files)))
    others = [f"{rng.getrandbits(128):032x}" for _ in range(MOST_CONSTANTS)]
    for asked in (ids[:3], ids[:MOST_CONSTANTS], [*ids, *others], others, [ids[2_000], *others]):
        assert sorted(seen.maybe(asked)) == sorted({*asked} & {*ids})


def test_files_written_anew_again_and_again_do_not_pile_up(tmp_path: Path) -> None:
    con, own = connect(threads=1), "0" * 32
    seen = SeenIds(con, tmp_path)
    for number in range(9):
        con.execute(f"COPY (SELECT CAST('{own}' AS UUID) AS id) TO '{tmp_path}/{number}.parquet'")
        seen.follow(Cut(number, (HistoryFile("events", f"{number}.parquet", 1_000_000, None, {}),)))
        (held,) = con.execute("SELECT count(*) FROM seen_ids").fetchall()[0]
        assert held == 1
        assert seen.maybe([own]) == [own]
