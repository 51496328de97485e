"""The kiosk's page and its browser through the debugging port: ask, and do.

Owns sessions of a few seconds, one question at a time, each with its limit. Knows what a page that
hangs looks like (Silent), and never takes the browser's word that it did something for a proof.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import msgspec

from agent.actions.base import Context, Failed
from agent.actions.masking import mask
from agent.probes import cdp, plain_http, websocket
from agent.probes.browser import BEAT, is_under

PATIENCE_S: Final = 3.0
BEAT_WITHIN_S: Final = 10.0  # a slow machine that has just loaded it
MOST_EVENTS: Final = 2000


class Silent(Exception):  # noqa: N818 - says what happened
    """No answer in time: the page hangs, or has crashed."""


class Gone(Exception):  # noqa: N818
    """The browser is not there, or has closed the session."""


class Said(Exception):  # noqa: N818
    """The browser answered with an error."""


class Place(NamedTuple):
    """`expected` is how the address of the kiosk's page begins."""

    port: int
    expected: str


class Version(msgspec.Struct):
    browser: str = msgspec.field(default="", name="Browser")
    path: str = msgspec.field(default="", name="webSocketDebuggerUrl")

    @property
    def id(self) -> str:
        """Changes with every start of the browser."""
        return self.path.rpartition("/")[2]


def place_of(context: Context) -> Place:
    port = context.device("browser", "port")
    return Place(int(port), str(context.device("browser", "expected")))


def version(port: int, within_s: float = PATIENCE_S) -> Version:
    """Raises Gone."""
    try:
        answer = plain_http.get(cdp.HOST, port, "/json/version", within_s)
        return msgspec.json.decode(answer.body, type=Version)
    except (OSError, plain_http.NotHttp, msgspec.DecodeError) as error:
        raise Gone(f"no browser answers at its debugging port: {error}") from error


class Target(NamedTuple):
    """`path` is the address of its session."""

    id: str
    url: str
    path: str


def target(place: Place, within_s: float = PATIENCE_S) -> Target:
    """The kiosk's page, else any page. Raises Gone."""
    try:
        pages = cdp.pages(place.port, within_s)
    except (OSError, plain_http.NotHttp) as error:
        raise Gone(f"no browser answers at its debugging port: {error}") from error
    if not pages:
        raise Gone("the browser has no page open")
    found = next((one for one in pages if is_under(one.url, place.expected)), pages[0])
    return Target(found.path.rpartition("/")[2], found.url, found.path)


class Talk:
    """One session, with a page or with the browser itself."""

    def __init__(self, port: int, url: str, within_s: float = PATIENCE_S) -> None:
        path = "/" + url.partition("://")[2].partition("/")[2]
        self._number = 0
        try:
            self._socket = websocket.Socket(cdp.HOST, port, path, within_s)
        except (OSError, websocket.Broken) as error:
            raise Gone(str(error)) from error

    def close(self) -> None:
        self._socket.close()

    def call(self, method: str, within_s: float = PATIENCE_S, **params: object) -> dict[str, Any]:
        """The result. Raises Silent, Gone, Said."""
        self._number += 1
        question = {"id": self._number, "method": method, "params": params}
        try:
            self._socket.send(msgspec.json.encode(question))
            return self._answer(time.monotonic() + within_s, method)
        except (OSError, websocket.Broken, msgspec.DecodeError) as error:
            raise Gone(str(error)) from error

    def evaluate(self, expression: str, within_s: float = PATIENCE_S) -> Any:
        """The value of `expression` in the page. Raises Silent, Gone, Said."""
        answer = self.call(
            "Runtime.evaluate", within_s, expression=expression, returnByValue=True, silent=True
        )
        if "exceptionDetails" in answer:
            raise Said("the page raised an error")
        return answer.get("result", {}).get("value")

    def _answer(self, deadline: float, method: str) -> dict[str, Any]:
        for _ in range(MOST_EVENTS):
            text = self._socket.receive(max(deadline - time.monotonic(), 0))
            if text is None:
                break
            message = msgspec.json.decode(text, type=dict[str, Any])
            if message.get("id") != self._number:
                continue
            if "error" in message:
                raise Said(f"{method}: {message['error'].get('message', '')}")
            return dict(message.get("result", {}))
        raise Silent(f"{method}: no answer")


@contextmanager
def session(place: Place, within_s: float = PATIENCE_S) -> Iterator[Talk]:
    """With the kiosk's page. Raises Gone."""
    talk = Talk(place.port, target(place, within_s).path, within_s)
    try:
        yield talk
    finally:
        talk.close()


@contextmanager
def browser_session(port: int, within_s: float = PATIENCE_S) -> Iterator[Talk]:
    """With the browser, which answers also when its pages hang. Raises Gone."""
    talk = Talk(port, version(port, within_s).path, within_s)
    try:
        yield talk
    finally:
        talk.close()


def alive(context: Context, place: Place, talk: Talk) -> str:
    """The address of a page that is well. Raises Failed unless it beats, is seen and is ours."""
    began = time.monotonic()
    look = _beat(talk)
    seen = {"page": bare(look["page"])}
    if not is_under(look["page"], place.expected):
        raise Failed("wrong_page", "the browser shows another page than the kiosk's", seen)
    if not look["visible"]:
        raise Failed("hidden", "the page is not in front", seen)

    def beats() -> bool:
        # The first look may have started the beat: one must have come since.
        return bool(_beat(talk)["age"] < time.monotonic() - began - 0.1)

    context.stop.wait(1.0)
    if not context.stop.until(beats, BEAT_WITHIN_S):
        raise Failed("hung", "the page does not beat", seen)
    return bare(look["page"])


def bare(url: str) -> str:
    """Without what a citizen may have put into it, also where a page has it in its path."""
    return mask(url.partition("?")[0].partition("#")[0]).text[:300]


def _beat(talk: Talk) -> dict[str, Any]:
    try:
        look = msgspec.json.decode(str(talk.evaluate(BEAT)), type=dict[str, Any])
        return {"age": float(look["age"]), "visible": look["visible"], "page": str(look["page"])}
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise Said(f"the page answers what no page of ours does: {error}") from error
