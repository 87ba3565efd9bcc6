"""The receivers of tests hear what was said, and nothing that was cut off on its way."""

import socket

import pytest

from tests.acceptance.live.receivers import web

pytestmark = pytest.mark.acceptance


def test_what_was_cut_off_was_not_heard() -> None:
    head = b"POST /crm HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n"
    with web() as crm:
        for body in (b"", b"half", b"all of it!"):
            with socket.create_connection(("127.0.0.1", crm.port)) as sent:
                sent.sendall(head + body)
                sent.shutdown(socket.SHUT_WR)
                while sent.recv(1_000):
                    pass
        assert [one.body for one in crm.heard] == [b"all of it!"]
