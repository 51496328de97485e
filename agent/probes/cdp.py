"""Chromium by its debugging port: list its pages, keep one session open, evaluate in it.

It owns the session and what the browser tells in passing (the page crashed, it came back). It
never enables domains that make the browser talk much, and never leaves more than one question
open: a page that hangs for a day would otherwise answer ten thousand at once when it wakes.
"""

import time
from typing import Any, Final

import msgspec

from agent.probes import plain_http, websocket

HOST: Final = "127.0.0.1"
MOST_EVENTS: Final = 1000  # a look; a page that reloads in a circle must not hold the probe
CHROME: Final = ".top-chrome/"  # the browser's own bars and lists call themselves pages, too
CRASHES: Final = {"Inspector.targetCrashed": True, "Inspector.targetReloadedAfterCrash": False}


class Silent(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """The page did not answer in time: its event loop is busy or dead."""


class Crashed(Exception):  # noqa: N818
    """The browser says the page's process has died."""


class Refused(Exception):  # noqa: N818
    """The browser answered with an error, e.g. because the page is just changing."""


class Target(msgspec.Struct):
    """One row of /json/list."""

    type: str
    url: str = ""
    path: str = msgspec.field(default="", name="webSocketDebuggerUrl")


class _Message(msgspec.Struct):
    id: int = 0
    method: str = ""
    result: msgspec.Raw = msgspec.Raw(b"{}")
    error: msgspec.Raw = msgspec.Raw(b"")


class _Value(msgspec.Struct):
    value: Any = None


class _Evaluated(msgspec.Struct):
    result: _Value


def pages(port: int, timeout_s: float) -> list[Target]:
    """Open pages. Raises OSError (nobody listens, TimeoutError) or plain_http.NotHttp."""
    answer = plain_http.get(HOST, port, "/json/list", timeout_s)
    try:
        targets = msgspec.json.decode(answer.body, type=list[Target])
    except msgspec.DecodeError as error:
        raise plain_http.NotHttp(f"no list of pages: {error}") from None
    return [one for one in targets if one.type == "page" and CHROME not in one.url]


class Session:
    """A session with one page. Raises websocket.Broken or OSError when it is lost."""

    def __init__(self, target: Target, port: int, timeout_s: float, script: str) -> None:
        path = "/" + target.path.partition("://")[2].partition("/")[2]
        self._socket = websocket.Socket(HOST, port, path, timeout_s)
        self._number = 0
        self._open = 0  # the number of the question not yet answered, 0 when there is none
        self._crashed = False
        # Nobody waits for these: a hung page would not answer, and what hangs is to be told.
        self._send("Inspector.enable")
        self._send("Page.enable")
        self._send("Page.addScriptToEvaluateOnNewDocument", source=script)

    def evaluate(self, expression: str, timeout_s: float) -> Any:
        """The value of `expression` in the page. Raises Silent, Crashed or Refused."""
        deadline = time.monotonic() + timeout_s
        self._hear(deadline)  # a question that is still open is waited for, not asked again
        self._check()
        self._open = self._send(
            "Runtime.evaluate", expression=expression, returnByValue=True, silent=True
        )
        answer = self._hear(deadline)
        self._check()
        if answer is None or answer.error:
            raise Refused("the page is changing")
        try:
            return msgspec.json.decode(answer.result, type=_Evaluated).result.value
        except msgspec.DecodeError as error:
            raise Refused(str(error)) from None

    def close(self) -> None:
        self._socket.close()

    def _check(self) -> None:
        if self._crashed:
            raise Crashed("the browser says the page has crashed")
        if self._open:
            raise Silent("the page does not answer")

    def _hear(self, deadline: float) -> _Message | None:
        """The answer to the open question; with none open, only what has come in already."""
        for _ in range(MOST_EVENTS):
            text = self._socket.receive(max(deadline - time.monotonic(), 0) if self._open else 0)
            if text is None:
                return None
            try:
                message = msgspec.json.decode(text, type=_Message)
            except msgspec.DecodeError as error:
                raise websocket.Broken(f"not the debugging protocol: {error}") from None
            if message.method in CRASHES:
                self._crashed, self._open = CRASHES[message.method], 0
            elif message.id and message.id == self._open:
                self._open = 0
                return message
        raise websocket.Broken("the browser does not stop talking")

    def _send(self, method: str, **params: object) -> int:
        self._number += 1
        question = {"id": self._number, "method": method, "params": params}
        self._socket.send(msgspec.json.encode(question))
        return self._number
