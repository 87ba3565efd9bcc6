"""Clients that never pause keep nothing from ending."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.acceptance.live.served import Served
from tests.acceptance.live.shop import DEFINITION

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

TOGETHER = 50


def test_what_is_due_is_done_while_events_keep_coming(tmp_path: Path) -> None:
    shop = Served(tmp_path / "shop", DEFINITION).start()
    done, sent = threading.Event(), list[int]()

    def send_on() -> None:
        while not done.is_set():
            number = len(sent)
            hits = [
                {"type": "track", "event": "Hit", "userId": f"u{number}-{one}", "messageId": f"m{number}-{one}"}
                for one in range(TOGETHER)
            ]
            sent.append(shop.send(*hits).status)
            time.sleep(0.01)  # some thousand new people a second, which is what is applied in that time

    sender = threading.Thread(target=send_on)
    sender.start()
    try:
        while not sent:
            time.sleep(0.01)
        before = len(sent)
        for _ in range(3):
            shop.due(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        assert len(sent) > before, "nothing came meanwhile, so this shows nothing"
    finally:
        done.set()
        sender.join()
    assert set(sent) == {200}
    shop.due(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    assert shop.read("/api/leads?limit=1")["total"] == TOGETHER * len(sent)
    shop.stop()
    assert not shop.defects()


def test_what_comes_after_the_instant_that_is_asked_for_is_not_forgotten(tmp_path: Path) -> None:
    """Applied already, it does not exist at an instant before it; at a later one it does."""
    shop = Served(tmp_path / "shop", DEFINITION).start()
    before = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    shop.due(before)
    shop.send({"type": "track", "event": "Hit", "userId": "ada", "messageId": "m1"})
    shop.due(before)
    shop.due(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    assert [lead["lead"] for lead in shop.read("/api/leads")["leads"]] == ["ada"]
    shop.stop()
    assert not shop.defects()
