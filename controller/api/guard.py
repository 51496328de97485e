"""The wall before the API: bodies have a size, and the office answers to its own names only.

Plain ASGI. A host that is not listed is how a hostile page reaches an office on a private
network (DNS rebinding); a body without end is how memory is filled. Files of a draft are large:
they have an address of their own, whose bodies go to the disk as they come. Service packs and
tables that are handed in are larger than other forms.
"""

import re
from collections.abc import Collection
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from controller.api.problems import problem, said
from wire.content import MOST_UNPACKED

MOST_BODY: Final = 64 * 1024
MOST_FILE: Final = MOST_UNPACKED
MOST_TABLE: Final = 2 * 1024 * 1024  # a service pack, as a form or as a file; visits, a list
MOST_DROPPED: Final = 32 * 1024 * 1024  # taken and thrown away, so that the refusal can be read
_TABLES: Final = re.compile(
    r"(/api/v1)?/services(/[a-z0-9/]{1,60})?|/visits/import|/invitations", re.ASCII
)
_FILES: Final = re.compile(r"(/api/v1)?/releases/[0-9]{1,19}/files", re.ASCII)


class _TooLarge(Exception):  # noqa: N818 - says what happened
    pass


class Guard:
    """Wraps an app. `hosts` are names without port; empty means any."""

    def __init__(
        self, app: ASGIApp, *, hosts: Collection[str] = (), most_body: int = MOST_BODY
    ) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._most = most_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if self._hosts and _name(headers.get("host", "")) not in self._hosts:
            await problem(421, "ask the office by its own name")(scope, receive, send)
        elif self._announced(headers) > self._room(scope):
            await self._refuse(scope, receive, send)
        else:
            await self._pass(scope, receive, send)

    def _room(self, scope: Scope) -> int:
        """Bytes of body that may come here."""
        is_file = scope["method"] == "PUT" and _FILES.fullmatch(scope["path"])
        if is_file:
            return MOST_FILE
        return MOST_TABLE if _TABLES.fullmatch(scope["path"]) else self._most

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A body may come without a length: it is counted as it comes."""
        read, started, most = 0, False, self._room(scope)

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            if read <= most:  # else the app speaks of an error of its own: ours is told
                started = True
                await send(message)

        with suppress(_TooLarge):
            await self._app(scope, counted, noted)
        if read > most and not started:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As the application answers what it refuses itself: a person gets a page."""
        if self._room(scope) < self._announced(Headers(scope=scope)) <= MOST_DROPPED:
            await _drop(receive)
        close = {"connection": "close"}
        error = HTTPException(413, f"at most {self._room(scope)} bytes", close)
        handlers = scope["app"].exception_handlers if "app" in scope else {}
        answers = handlers.get(HTTPException, said)
        answer = await run_in_threadpool(answers, Request(scope), error)
        await answer(scope, receive, send)

    def _announced(self, headers: Headers) -> int:
        length = headers.get("content-length", "0")
        sane = length.isascii() and length.isdigit() and len(length) < 16
        return int(length) if sane else MOST_FILE + 1


async def _drop(receive: Receive) -> None:
    """A browser that is still sending when it is answered shows no answer."""
    while True:
        message = await receive()
        if not message.get("more_body"):
            return


def _name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""
