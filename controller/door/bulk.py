"""What is larger than a question: what a command hands in, and bytes that measure the line.

The head of a request is enough to know who sends it, for the digest of its body is signed: nothing
of the body is read before. Then it has a seat (each may hold its most in memory), a budget by the
hour, a size and a time. Trusts no content type: the kind of the command says what may come.
"""

import hashlib
import os
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from limits import RateLimitItem
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from controller.door import handed
from controller.door.allowance import HANDED, SPEED, Allowance
from controller.door.caller import Caller, Callers
from controller.door.desk import Desk
from controller.door.protocol import LINE
from controller.door.refusals import Refused, json
from controller.door.signatures import Received, check_digest
from wire.door import MOST_SPEED, Stored

TIME_S: Final = 240.0  # of a kiosk that was recognised, for one of these
MOST_AT_ONCE: Final = 64
MOST_OF_ONE: Final = 2  # one may be a line that broke and is not known to have
_PIECE: Final = 64 * 1024
_COMMAND: Final = re.compile(rb"command=([0-9a-f]{32})")
_BYTES: Final = re.compile(rb"bytes=([1-9][0-9]{0,7})")


class Bulk:
    """`clock` gives milliseconds since 1970; `time_s` is what one request may take."""

    def __init__(
        self,
        desk: Desk,
        callers: Callers,
        allowance: Allowance,
        clock: Callable[[], int],
        *,
        time_s: float = TIME_S,
        most_at_once: int = MOST_AT_ONCE,
    ) -> None:
        self._desk, self._callers, self._allowance = desk, callers, allowance
        self._clock = clock
        self._time_s = time_s
        self._most_at_once = most_at_once
        self._seated: list[str] = []

    async def attach(self, request: Request) -> Response:
        """POST ?command=ID with the bytes -> Stored."""
        caller = await self.caller(request)
        name = _asked(request, _COMMAND, "?command= and 32 hex digits").decode()
        wanted = await self._desk.read(lambda conn: handed.wanted(conn, name, caller.kiosk))
        if request.headers.get("content-type", "") != wanted.type:
            raise Refused("type", f"this command hands in {wanted.type}")
        size = announced(request, wanted.most)
        with self._seat(request, caller):
            self._allowance.bulk(HANDED, caller.kiosk, size)
            body = bytearray()
            await read(request, wanted.most, body.extend)
            handed.check(bytes(body), wanted.type)
            stored = await self._desk.write(
                lambda conn: handed.keep(conn, wanted, bytes(body), self._clock())
            )
        return json(stored)

    async def down(self, request: Request) -> Response:
        """GET ?bytes=N -> so many bytes that nobody can make smaller."""
        caller = await self.caller(request)
        size = int(_asked(request, _BYTES, f"?bytes= and 1 to {MOST_SPEED}"))
        if size > MOST_SPEED:
            raise Refused("too_large", f"at most {MOST_SPEED} bytes")
        self._allowance.bulk(SPEED, caller.kiosk, size)
        self._check_seats(caller)
        headers = {"content-length": str(size), "cache-control": "no-store, no-transform"}
        noise = self._noise(request, caller, size)
        return StreamingResponse(noise, 200, headers, "application/octet-stream")

    async def up(self, request: Request) -> Response:
        """POST with N bytes, which are counted and forgotten -> Stored."""
        caller = await self.caller(request)
        size = announced(request, MOST_SPEED)
        self._allowance.bulk(SPEED, caller.kiosk, size)
        with self._seat(request, caller):
            sha256 = await read(request, MOST_SPEED, lambda _: None)
        return json(Stored(sha256, size))

    async def whole(
        self, request: Request, most: int, budget: RateLimitItem, rate: RateLimitItem
    ) -> tuple[Caller, bytes]:
        """Who sends it, and a body of at most `most` bytes within `budget` (kB). Raises Refused."""
        caller = await self.caller(request, rate)
        size = announced(request, most)
        with self._seat(request, caller):
            self._allowance.bulk(budget, caller.kiosk, size)
            body = bytearray()
            await read(request, most, body.extend)
        return caller, bytes(body)

    async def caller(self, request: Request, rate: RateLimitItem | None = None) -> Caller:
        scope = request.scope
        received = Received(
            request.method, scope["raw_path"], scope["query_string"], scope["headers"], None
        )
        return await self._callers.identify(received, self._clock(), rate)

    async def _noise(self, request: Request, caller: Caller, size: int) -> AsyncIterator[bytes]:
        with self._seat(request, caller):
            piece = os.urandom(_PIECE)
            for begin in range(0, size, _PIECE):
                yield piece[: size - begin]

    @contextmanager
    def _seat(self, request: Request, caller: Caller) -> Iterator[None]:
        """Raises Refused `busy`. In it the line is given the time a bad one needs."""
        self._check_seats(caller)
        self._seated.append(caller.kiosk)
        try:
            request.scope["state"][LINE].allow(self._time_s)
            yield
        finally:
            self._seated.remove(caller.kiosk)

    def _check_seats(self, caller: Caller) -> None:
        if len(self._seated) >= self._most_at_once:
            raise Refused("busy", "many hand in at once: ask again in a moment", 5)
        if self._seated.count(caller.kiosk) >= MOST_OF_ONE:
            raise Refused("busy", "this kiosk hands in twice already: one after the other", 15)


def _asked(request: Request, form: re.Pattern[bytes], what: str) -> bytes:
    """The one thing in the query, raw as it was signed. Raises Refused `malformed`."""
    found = form.fullmatch(request.scope["query_string"])
    if found is None:
        raise Refused("malformed", f"this path takes {what}")
    return bytes(found[1])


def announced(request: Request, most: int) -> int:
    """The length that was said. Raises Refused `malformed` without one, or `too_large`."""
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and 0 < len(length) < 12 and int(length)):
        raise Refused("malformed", "this path takes a body with a Content-Length")
    if int(length) > most:
        raise Refused("too_large", f"at most {most} bytes")
    return int(length)


async def read(request: Request, most: int, take: Callable[[bytes], object]) -> str:
    """SHA-256 of the body, which is the one that was signed. Raises Refused."""
    found, size = hashlib.sha256(), 0
    with _as_refusal():
        async for piece in request.stream():
            size += len(piece)
            if size > most:  # the server counts as well: this is for one that does not
                raise Refused("too_large", f"at most {most} bytes")
            found.update(piece)
            take(piece)
    digest = f"sha-256=:{b64encode(found.digest()).decode()}:"
    if "content-digest" in request.headers:  # all that is signed has one; see signatures.claim
        check_digest(request.headers["content-digest"], digest)
    return found.hexdigest()


@contextmanager
def _as_refusal() -> Iterator[None]:
    """Lines break: that is no mistake of ours, to be told with a traceback."""
    try:
        yield
    except ClientDisconnect:
        raise Refused("malformed", "the line broke before the body was whole") from None
