"""Releases as plain files: metadata, indexes, chunks and packs, to anybody who asks. Reads only.

What is public needs no caller; it is signed, and whoever fetches it checks. Only names that a
release can have (wire/content.py) are looked for at all, so nothing can climb, and drafts are never
seen. One range of a file may be asked for. Each answer has a seat and a time, by its size: who does
not read is cut.
"""

import errno
import os
import re
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from controller.door.addresses import bucket
from controller.door.protocol import LINE
from controller.door.refusals import Refused
from wire.door import RELEASES_PATH

MOST_AT_ONCE: Final = 600
MOST_OF_ONE: Final = 64  # kiosks of a district may share one address
LEAST_S: Final = 60.0
SLOWEST: Final = 500  # bytes a second, below which nobody is waited for
LONGEST_S: Final = 2 * 3600.0  # whoever needs longer is cut, and goes on where it was
_PIECE: Final = 128 * 1024
_BUNDLE: Final = r"[a-z][a-z0-9-]{0,30}[a-z0-9]"
_NUMBER: Final = r"[0-9]{1,10}"
_NAMES: Final = re.compile(
    rf"metadata/(?:timestamp|{_NUMBER}\.(?:root|targets|snapshot|content|software))\.json"
    rf"|targets/(?:content|software)/[0-9a-f]{{64}}\.{_BUNDLE}-{_NUMBER}\.idx"
    rf"|chunks/([0-9a-f]{{2}})/\1[0-9a-f]{{62}}"
    rf"|packs/{_BUNDLE}-{_NUMBER}-{_NUMBER}\.pack",
    re.ASCII,
)
_RANGE: Final = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})", re.ASCII)
_FRESH: Final = "no-cache"  # the newest is asked for each time
_FOREVER: Final = "public, max-age=31536000, immutable, no-transform"


class Part(NamedTuple):
    """Bytes `begin` up to and without `end` of a file of `size`."""

    begin: int
    end: int
    size: int

    @property
    def whole(self) -> bool:
        return self.end - self.begin == self.size


class Files:
    """`folder` is the folder of releases; `address` names who asks."""

    def __init__(
        self,
        folder: Path,
        address: Callable[[Request], str],
        *,
        most_at_once: int = MOST_AT_ONCE,
        most_of_one: int = MOST_OF_ONE,
    ) -> None:
        self._folder = folder
        self._address = address
        self._most_at_once, self._most_of_one = most_at_once, most_of_one
        self._seated: list[str] = []

    async def give(self, request: Request) -> Response:
        """GET or HEAD of a path below RELEASES_PATH."""
        # Not the route's own: its pattern forgives a newline at the end.
        name = request.scope["path"].removeprefix(f"{RELEASES_PATH}/")
        if _NAMES.fullmatch(name) is None:
            raise Refused("not_found", "no file of a release is called so")
        who = bucket(self._address(request))
        self._check_seats(who)
        file = await run_in_threadpool(_opened, self._folder / name)
        try:
            return self._answer(request, name, file, who)
        except BaseException:
            file.close()
            raise

    def _answer(self, request: Request, name: str, file: IO[bytes], who: str) -> Response:
        about = os.fstat(file.fileno())
        tag = f'"{about.st_size:x}-{about.st_mtime_ns:x}"'
        fresh = _FRESH if name.startswith("metadata/") else _FOREVER
        headers = {"etag": tag, "cache-control": fresh, "accept-ranges": "bytes"}
        headers["x-content-type-options"] = "nosniff"
        if request.headers.get("if-none-match") == tag:
            file.close()
            return Response(None, 304, headers)
        part = _wanted(request, tag, about.st_size)
        if part is None:
            file.close()
            headers["content-range"] = f"bytes */{about.st_size}"
            return Response(None, 416, headers)
        headers["content-length"] = str(part.end - part.begin)
        if not part.whole:
            headers["content-range"] = f"bytes {part.begin}-{part.end - 1}/{part.size}"
        status = 200 if part.whole else 206
        body = self._pieces(request, file, part, who)
        return StreamingResponse(body, status, headers, "application/octet-stream")

    async def _pieces(
        self, request: Request, file: IO[bytes], part: Part, who: str
    ) -> AsyncIterator[bytes]:
        with file, self._seat(who):
            if request.method == "HEAD":
                return
            left = part.end - part.begin
            request.scope["state"][LINE].allow(min(LEAST_S + left / SLOWEST, LONGEST_S))
            file.seek(part.begin)
            while left and (piece := await run_in_threadpool(file.read, min(left, _PIECE))):
                left -= len(piece)
                yield piece

    @contextmanager
    def _seat(self, who: str) -> Iterator[None]:
        self._seated.append(who)
        try:
            yield
        finally:
            self._seated.remove(who)

    def _check_seats(self, who: str) -> None:
        if len(self._seated) >= self._most_at_once or self._seated.count(who) >= self._most_of_one:
            raise Refused("busy", "many fetch at once: ask again in a moment", 10)


def _opened(path: Path) -> IO[bytes]:
    """A regular file. Raises Refused `not_found`."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO):
            raise Refused("not_found", "there is no such file") from None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Refused("not_found", "there is no such file")
    return os.fdopen(handle, "rb")


def _wanted(request: Request, tag: str, size: int) -> Part | None:
    """The range that was asked for, else the whole; None when no byte of it exists."""
    found = _RANGE.fullmatch(request.headers.get("range", ""))
    if found is None or request.headers.get("if-range", tag) != tag:
        return Part(0, size, size)
    first, last = found.groups()
    if not first and not last:
        return Part(0, size, size)
    if not first:
        begin, end = max(0, size - int(last)), size
    else:
        begin, end = int(first), min(size, int(last) + 1 if last else size)
    return Part(begin, end, size) if begin < end else None
