"""A citizen wants an officer: told to the office by way of the agent, and how that stands.

Owns the one call of this kiosk, in memory, and its two files in <asks> (wire/local.py). Repeated
touches are one call, and who plays with the button is braked. A call that no office answered is
said to be lost. Never tells what was typed: only on which page the citizen stands.
"""

import contextlib
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import msgspec

from portal.inquiry import put
from wire.citizen import Call, Coming
from wire.local import ANSWER, ASK, CALL

State = Literal["", "asking", "open", "taken", "over", "many", "away"]
WITHIN_S: Final = 40.0  # the office answers in, else nobody knows of the call
STANDS_S: Final = 600.0  # as at the office: then nobody came
SHOWN_S: Final = {"taken": 300.0, "over": 45.0, "many": 45.0, "away": 45.0}
APART_S: Final = 900.0  # in which so many may be begun
MOST: Final = 3
_PAGE: Final = re.compile(r"[a-z-]{1,24}", re.ASCII)


class Calling:
    """`clock` in seconds, steady. For one thread at a time."""

    def __init__(self, asks: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._answer = asks / f"{CALL}{ASK}", asks / f"{CALL}{ANSWER}"
        self._clock = clock
        self._id = ""
        self._state: State = ""
        self._since = 0.0
        self._begun: list[float] = []

    def ring(self, page: str, *, online: bool) -> State:
        """Somebody touched the button. `page`: the first word of its address."""
        now = self._clock()
        if self._state in ("asking", "open", "taken"):
            return self._state
        self._begun = [one for one in self._begun if now - one < APART_S]
        if not online:
            return self._is("away")
        if len(self._begun) >= MOST:
            return self._is("many")
        self._begun.append(now)
        self._id = secrets.token_hex(16)
        self._drop()
        call = Call(id=self._id, page=page if _PAGE.fullmatch(page) else "")
        try:
            put(self._ask, msgspec.json.encode(call))
        except OSError:
            return self._is("away")
        return self._is("asking")

    def state(self, told: Coming | None) -> State:
        """How it stands now. `told`: what the office last told of a call, whichever."""
        answered = self._answered()
        if answered is not None and self._state == "asking":
            self._id = answered.id  # perhaps that of one which stood there already
            self._is(answered.state)
        # The answer was lost on its way, or somebody has taken it on since.
        waits = self._state in ("asking", "open", "away")
        if told and told.id == self._id and waits and told.state != self._state:
            self._is(told.state)
        self._pass(self._clock() - self._since)
        return self._state

    def _pass(self, seconds: float) -> None:
        if self._state == "asking" and seconds > WITHIN_S:
            self._drop()
            self._is("away")
        elif self._state == "open" and seconds > STANDS_S:
            self._is("over")
        elif self._state in SHOWN_S and seconds > SHOWN_S[self._state]:
            self._is("")

    def _is(self, state: State) -> State:
        self._state, self._since = state, self._clock()
        return state

    def _answered(self) -> Coming | None:
        try:
            found = msgspec.json.decode(self._answer.read_bytes(), type=Coming)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        self._drop()
        return found

    def _drop(self) -> None:
        for path in (self._ask, self._answer):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
