"""Plain files over HTTP: resumed where they were cut, never slower than agreed, never longer.

Owns one connection at a time and how often it is tried. Believes nothing about what it brings:
whoever asked compares hashes. A server that ignores ranges costs bytes, one that gives the wrong
range is asked for the whole.
"""

import http.client
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple
from urllib.parse import quote, urlsplit

from agent.content.answer import BEYOND, Cut, WrongRange, start
from agent.content.meter import Meter
from agent.content.trouble import LineFailing, NotThere, Untrusted
from agent.content.watched import Connection, Pace, Tally

PIECE: Final = 64 * 1024
TRIES: Final = 5  # in a row that were not worth what they cost
WORTH: Final = 4  # a try may cost so many times what it brought
PAUSE_S: Final = 0.5  # before the second try, doubled each time
_BROKEN: Final = (OSError, http.client.HTTPException)


class _Answer(NamedTuple):
    """`start`: the first byte of the file that the body has."""

    start: int
    response: http.client.HTTPResponse


class Line:
    """`url`: of the releases, http:// or https://. `tls`: whom https believes, None for all known.

    `least_kbit`: slower than this over `grace_s` seconds is no line. `used` says what it has cost.
    Raises ValueError for an address that is none.
    """

    def __init__(
        self,
        url: str,
        meter: Meter | None,
        *,
        least_kbit: float = 4.0,
        grace_s: float = 20.0,
        tls: ssl.SSLContext | None = None,
        tries: int = TRIES,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url}: releases are at https://HOST/... or http://HOST/...")
        if parts.scheme == "http":
            tls = None
        elif tls is None:
            tls = ssl.create_default_context()
        self.url = url
        self._base = parts.path.rstrip("/") + "/"
        self._meter, self._tries, self._pause = meter, tries, pause
        self.used = Tally(meter)
        pace = Pace(least_kbit * 125.0, grace_s, monotonic)
        self._connection = Connection(parts.hostname, parts.port, pace, self.used, tls)

    def read(self, path: str, most: int) -> bytes:
        """A small file whole. Raises LineFailing, NotThere, NotNow, and Untrusted when longer."""
        kept = bytearray()

        def attempt() -> None:
            kept.clear()
            for piece in self._pieces(self._open(path, 0, most), most):
                kept.extend(piece)

        try:
            self._persist(path, lambda: 0, attempt)
        finally:
            if self._meter:
                self._meter.save()
        return bytes(kept)

    def bring(
        self, path: str, part: Path, most: int, say: Callable[[int], None] = lambda _: None
    ) -> None:
        """Grow `part` until it is the whole file, going on where it ends. `say` hears how long.

        Raises as `read` does, and OSError of the disk.
        """

        def attempt() -> None:
            have = _size(part)
            try:
                answer = self._open(path, have, most)
            except WrongRange:
                part.unlink(missing_ok=True)
                raise
            if answer.response.status == BEYOND:
                return  # it was whole already
            with part.open("ab") as file:
                file.truncate(answer.start)
                self._pour(answer, file, most, say)

        self._persist(path, lambda: _size(part), attempt)

    def close(self) -> None:
        self._connection.close()
        if self._meter:
            self._meter.save()

    def _pour(self, answer: _Answer, file: BinaryIO, most: int, say: Callable[[int], None]) -> None:
        come = answer.start
        for piece in self._pieces(answer, most):
            file.write(piece)
            file.flush()  # what has come stays, wherever this ends
            come += len(piece)
            say(come)

    def _persist(self, path: str, length: Callable[[], int], attempt: Callable[[], None]) -> None:
        """Try until it is done, or until too many tries in a row have brought next to nothing.

        A single new byte is not enough, nor the same ones again: that could go on for ever.
        """
        tries = had = 0
        while True:
            had, spent = max(had, length()), self.used.bytes
            try:
                attempt()
            except Cut as cut:
                self._connection.close()
                worth = (length() - had) * WORTH > self.used.bytes - spent
                tries = 1 if worth else tries + 1
                if tries >= self._tries or cut.after_s is not None:
                    raise LineFailing(f"{path}: {cut}", again_s=cut.after_s) from cut
                self._pause(PAUSE_S * 2 ** (tries - 1))
            except NotThere:
                raise
            except BaseException:
                self._connection.close()  # with the rest of an answer that nobody will read
                raise
            else:
                return

    def _open(self, path: str, since: int, most: int) -> _Answer:
        if self._meter:
            self._meter.allow()
        known = self._connection.open
        try:
            response = self._ask(path, since, most, again=known)
            return _Answer(start(response, since, path), response)
        except _BROKEN as error:
            raise Cut(_spoken(error)) from error

    def _ask(self, path: str, since: int, most: int, *, again: bool) -> http.client.HTTPResponse:
        """A connection that had been left open may be closed by now: that is no failure."""
        where = self._base + quote(path)
        try:
            return self._connection.ask(where, since, most)
        except (ConnectionError, http.client.BadStatusLine):
            self._connection.close()
            if not again:
                raise
        return self._connection.ask(where, since, most)

    def _pieces(self, answer: _Answer, most: int) -> Iterator[bytes]:
        response, come = answer.response, answer.start
        end = None if response.length is None else come + response.length
        if (end or 0) > most:
            raise Untrusted(f"longer than the {most} bytes that it may be")
        # The response itself forgets to count what read1 takes (Python 3.11).
        while end is None or come < end:
            piece = _next(response, PIECE if end is None else min(PIECE, end - come))
            if not piece:
                break
            come += len(piece)
            if come > most:
                raise Untrusted(f"longer than the {most} bytes that it may be")
            yield piece
            if self._meter and come != end:
                self._meter.allow()
        if end is not None and come < end:
            raise Cut(f"it ended {end - come} bytes early")
        response.close()  # of use for the next question


def _next(response: http.client.HTTPResponse, size: int) -> bytes:
    try:
        return response.read1(size)
    except _BROKEN as error:
        raise Cut(_spoken(error)) from error


def _size(part: Path) -> int:
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0


def _spoken(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")
