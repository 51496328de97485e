"""The wall before the door: a body has a size, and only so many requests are inside at once.

What is larger by its nature (`bulk`) counts its own bytes, once it knows who sends them.
Plain ASGI. Speaks in wire.door.Refusal like everything behind it.
"""

from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from controller.api.guard import Guard
from controller.door.refusals import Refused, answer
from wire.door import ATTACHMENT_PATH, MOST_BODY, PHOTO_PATH, RECORDS_PATH, SPEED_PATH

MOST_AT_ONCE: Final = 1_500  # a district enrolled in one go waits inside for its signatures
BULK: Final = frozenset({ATTACHMENT_PATH, PHOTO_PATH, RECORDS_PATH, SPEED_PATH})


class Wall(Guard):
    """Wraps an app. `clock` gives milliseconds since 1970."""

    def __init__(
        self, app: ASGIApp, clock: Callable[[], int], most_at_once: int = MOST_AT_ONCE
    ) -> None:
        super().__init__(app, most_body=MOST_BODY)
        self._clock = clock
        self._most_at_once = most_at_once
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
        elif self._inside >= self._most_at_once:
            busy = Refused("busy", "too many requests at once: ask again in a moment", 5)
            await answer(busy, self._clock())(scope, receive, send)
        else:
            self._inside += 1
            passed = self._app if scope["path"] in BULK else super().__call__
            try:
                await passed(scope, receive, send)
            finally:
                self._inside -= 1

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = answer(Refused("too_large", f"at most {MOST_BODY} bytes"), self._clock())
        response.headers["connection"] = "close"
        await response(scope, receive, send)
