"""The app full of the invented company: served by one command, which says how to sign in."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.app.visitors import Visitor
from tests.acceptance.live.served import Served

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow]


def test_whoever_follows_what_is_printed_is_in(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ripeline", "demo", str(tmp_path / "demo"), "--app", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            if line.startswith('{"url"'):
                break
            printed += line
        told = json.loads(line)
        assert "set_up" not in told
        found = re.search(r"password of all is (\S+)\.", printed)
        assert found
        served = Served.__new__(Served)
        served.url = told["url"]
        for mail in ("admin@demo.example", "anna@demo.example", "ben@demo.example"):
            assert f"{mail}" in printed
            visitor = Visitor(served)
            assert visitor.sign_in(mail, found[1]).headers["location"] == "/"
            assert "An invented company" in visitor.text("/")
            assert "To answer" in visitor.text("/queue")
            # The clock goes on from the end of the story: half an hour is promised, and minutes are left of it.
            assert "min" in visitor.text("/queue?whose=all")
    finally:
        process.terminate()
        _, log = process.communicate(timeout=30)
    assert "Traceback" not in log
