"""A file that a form sends: taken from the request piece by piece, never held as a whole."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from starlette.requests import ClientDisconnect, Request

from ripeline.entry.server.answers import ApiError

LONGEST_HEAD: Final = 16 * 1024
WRITTEN_TOGETHER: Final = 2**20
_BOUNDARY = re.compile(r'multipart/form-data;.*?boundary="?([^";]{1,200})"?', re.IGNORECASE)
_NAME = re.compile(rb'\bname="([^"]*)"')
_FILE = re.compile(rb'\bfilename="([^"]*)"')


class SentForm:
    """A form with one file, read in order: its fields, then the file."""

    def __init__(self, request: Request, most_mb: int) -> None:
        """Take the request; ApiError where it is no such form, or says itself that it is too much."""
        found = _BOUNDARY.match(request.headers.get("content-type", ""))
        if found is None:
            raise _broken()
        self._most, self._mb = most_mb * 2**20, most_mb
        length = request.headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self._most + LONGEST_HEAD:
            raise self._too_much()
        # The first boundary has no line before it.
        self._mark, self._held = b"\r\n--" + found[1].encode(), b"\r\n"
        self._stream: AsyncIterator[bytes] = request.stream()
        self.fields = dict[str, str]()

    async def file_name(self) -> str:
        """Read the fields before the file; return what the file is called, "" where none was chosen."""
        await self._until(self._mark)
        while await self._until(b"\r\n") == b"":
            head = await self._until(b"\r\n\r\n")
            name, file = _NAME.search(head), _FILE.search(head)
            if name is None:
                break
            if file is not None:
                return file[1].decode("utf-8", "replace")
            self.fields[name[1].decode("utf-8", "replace")] = (await self._until(self._mark)).decode("utf-8", "replace")
        raise _broken()

    async def save(self, target: Path) -> int:
        """Write the file; return how many bytes it has. ApiError where it is too much, or breaks off."""
        size, gathered = 0, bytearray()
        out = await asyncio.to_thread(target.open, "wb")
        with out:
            async for piece in self._pieces():
                size += len(piece)
                if size > self._most:
                    raise self._too_much()
                gathered += piece
                if len(gathered) >= WRITTEN_TOGETHER:
                    await asyncio.to_thread(out.write, bytes(gathered))
                    gathered.clear()
            out.write(gathered)
        if size == 0:
            raise ApiError(400, "empty", "the file is empty")
        return size

    async def _until(self, mark: bytes) -> bytes:
        """Return what stands before a mark, and go behind it."""
        while mark not in self._held:
            if len(self._held) > LONGEST_HEAD:
                raise _broken()
            await self._more()
        before, _, self._held = self._held.partition(mark)
        return before

    async def _pieces(self) -> AsyncIterator[bytes]:
        """Yield what stands before the next boundary."""
        kept = len(self._mark) - 1
        while self._mark not in self._held:
            if len(self._held) > kept:
                yield self._held[:-kept]
                self._held = self._held[-kept:]
            await self._more()
        yield self._held.partition(self._mark)[0]

    async def _more(self) -> None:
        try:
            self._held += await anext(self._stream)
        except (StopAsyncIteration, ClientDisconnect) as error:
            raise _broken() from error

    def _too_much(self) -> ApiError:
        told = f"that is more than {self._mb} MB: pack it with gzip, split it, or import it by `ripeline import`"
        return ApiError(413, "too_much", told)


def _broken() -> ApiError:
    return ApiError(400, "bad_form", "the file did not arrive as a whole; send it once more")
