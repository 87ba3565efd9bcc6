"""Of what goes wrong the log tells kind and place, never a message: it may hold what somebody sent."""

import json
import subprocess
import sys

import pytest

from ripeline.entry.log import place_of

NOTING = """
import asyncio, logging, threading
from ripeline.entry.log import note_error, start_log
from ripeline.vocabulary.calendar import instant_text

start_log("warning")

def fail():
    instant_text("secret")

def note_it():
    try:
        fail()
    except Exception as error:
        note_error("a test", error)
        logging.getLogger("library").exception("it said %s", "secret")

async def lose_it():
    task = asyncio.create_task(asyncio.to_thread(fail))
    await asyncio.sleep(0.1)
    del task

note_it()
logging.getLogger("library").warning("it said %s\\nand secret", "secret")
logging.getLogger("library").info("of no interest")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
asyncio.run(lose_it())
"""


def test_no_message_is_ever_told() -> None:
    """Of our errors, of libraries' lines, of threads and of tasks that nobody waits for."""
    done = subprocess.run([sys.executable, "-c", NOTING], capture_output=True, text=True, check=True)
    assert "secret" not in done.stderr
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["what"], line["level"]) for line in lines] == [
        ("a test", "error"),
        ("defect", "error"),
        ("library: it said %s", "warning"),
        ("a thread ended", "error"),
        ("defect", "error"),
    ]
    failed = [line for line in lines if line["what"] != "library: it said %s"]
    assert {line["error"] for line in failed} == {"TypeError"}
    assert all(line["place"].startswith("vocabulary/calendar.py:") for line in failed)


def test_a_place_is_ours_or_none() -> None:
    with pytest.raises(ValueError, match="Expecting") as raised:
        json.loads("{")
    assert place_of(raised.tb) is None
    assert place_of(None) is None
