"""A form with a file is read in whatever pieces it comes, and nothing that it says becomes a path."""

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from starlette.requests import Request

from ripeline.entry.bootstrap.uploads import Uploads
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.pages.upload import SentForm
from ripeline.entry.workspace import Workspace
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.issues import InputError

HEAD = b'--xX\r\nContent-Disposition: form-data; name="seal"\r\n\r\nsealed\r\n--xX\r\nContent-Disposition: form-data; '
FILE = b'name="file"; filename="a \xc3\xa4.csv"\r\nContent-Type: text/csv\r\n\r\n'
END = b"\r\n--xX--\r\n"


def sent(pieces: Sequence[bytes], **headers: str) -> Request:
    left = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    left.append({"type": "http.request", "body": b"", "more_body": False})
    told = {"content-type": "multipart/form-data; boundary=xX", **headers}
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in told.items()]

    async def receive() -> dict[str, object]:
        return left.pop(0)

    return Request({"type": "http", "method": "POST", "path": "/", "headers": pairs}, receive)


def read(request: Request, target: Path, most_mb: int = 1) -> tuple[dict[str, str], str, bytes]:
    async def go() -> tuple[dict[str, str], str, int]:
        form = SentForm(request, most_mb)
        return form.fields, await form.file_name(), await form.save(target)

    fields, name, size = asyncio.run(go())
    assert size == target.stat().st_size
    return fields, name, target.read_bytes()


def test_pieces_may_end_anywhere(tmp_path: Path) -> None:
    body = b"id,a\r\n1,\r\n--x\r\n--xY\r\n\r\n" * 20
    whole, rng = HEAD + FILE + body + END, random.Random(7)
    for _ in range(50):
        cuts = sorted(rng.sample(range(len(whole)), 8))
        pieces = [whole[one:other] for one, other in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
        assert read(sent(pieces), tmp_path / "file") == ({"seal": "sealed"}, "a ä.csv", body)


@pytest.mark.parametrize(
    "body",
    [b"", b"--xX--\r\n", HEAD + FILE + b"id\r\n1", HEAD + b"\r\n\r\nx" + END, b"x" * 100_000, HEAD + b'name="file'],
)
def test_what_breaks_off_is_refused(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(ApiError, match="did not arrive"):
        read(sent([body]), tmp_path / "file")


def test_what_is_too_much_is_refused(tmp_path: Path) -> None:
    body = [HEAD + FILE, *([b"x" * 2**19] * 3), END]
    with pytest.raises(ApiError, match="more than 1 MB"):
        read(sent(body), tmp_path / "file")
    with pytest.raises(ApiError, match="more than 1 MB"):
        read(sent([], content_length=str(2**21)), tmp_path / "file")
    with pytest.raises(ApiError, match="did not arrive"):
        read(sent([], content_type="text/plain"), tmp_path / "file")


def test_an_upload_stays_in_its_folder_for_a_day(tmp_path: Path) -> None:
    uploads = Uploads(Workspace(tmp_path))
    one = uploads.begin("../../etc/<b>leads.CSV", 0, "Ada")
    assert uploads.file(one).relative_to(tmp_path / "uploads") == Path(one.key) / "file.csv"
    assert uploads.find(one.key) == one
    assert uploads.find("../" + one.key) is uploads.find("") is None
    with pytest.raises(InputError, match="choose CSV"):
        uploads.begin("leads.xlsx", 0, "Ada")
    uploads.clean(DAY_US)
    assert uploads.find(one.key) == one
    uploads.clean(DAY_US + 1)
    assert uploads.find(one.key) is None
    assert list((tmp_path / "uploads").iterdir()) == []
