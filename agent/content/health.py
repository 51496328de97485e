"""Whether the kiosk is well with what it was just given: the portal's own word on it.

Owns the question to /healthz on 127.0.0.1 and what is made of the answer. What the browser really
shows is `light`. Never switches anything, never waits longer than it is told.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from agent.content.trouble import plain_words
from agent.probes import plain_http

HOST: Final = "127.0.0.1"
PATIENCE_S: Final = 3.0


class Unwell(Exception):  # noqa: N818 - says what it is
    """What was installed does not show as it should. `code` is for programs."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code, self.why = code, plain_words(why)


class Health(msgspec.Struct):
    """What /healthz says. `release`: of the portal itself; `content`: what is in use."""

    version: str = ""
    release: int = 0
    session: str = "unknown"
    content: int = 0
    content_ok: bool = True
    content_why: str = ""


class Portal:
    """`port` on 127.0.0.1. None is no answer from any portal."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(self) -> Health | None:
        try:
            answer = plain_http.get(HOST, self._port, "/healthz", PATIENCE_S)
            return msgspec.json.decode(answer.body, type=Health) if answer.status == 200 else None
        except (OSError, plain_http.NotHttp, msgspec.MsgspecError):
            return None


Until = Callable[[Callable[[], bool], float], bool]
"""Asks again until it is true or so many seconds are over; whether it became true."""


def shows(portal: Portal, seq: int, until: Until, within_s: float) -> None:
    """The portal has taken up release `seq` of content. Raises Unwell."""
    last: list[Health | None] = [None]

    def is_there() -> bool:
        last[0] = portal.ask()
        return last[0] is not None and last[0].content == seq

    if not until(is_there, within_s):
        if last[0] is None:
            raise Unwell("portal_silent", "the portal does not answer with this release")
        raise Unwell("portal_other", f"the portal goes on with release {last[0].content}")
    assert last[0] is not None
    if not last[0].content_ok:
        raise Unwell("portal_unwell", f"the portal cannot show it: {last[0].content_why}"[:300])


def runs(portal: Portal, seq: int, until: Until, within_s: float) -> None:
    """The portal itself runs from its release `seq`. Raises Unwell."""

    def is_there() -> bool:
        found = portal.ask()
        return found is not None and found.release == seq

    if not until(is_there, within_s):
        raise Unwell("portal_silent", f"release {seq} of the portal does not answer")
