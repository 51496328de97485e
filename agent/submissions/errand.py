"""When the child that brings records away runs: the resident agent's part, and all of it.

Owns the child's start, its pauses and its end. Reads no record and no answer, and imports nothing
of what the child does: a ring that changed, a question that lies there, the office's word that
there is news, or time. Called by the thread that has nothing else to do, about once a second.
"""

import logging
import os
import random
from collections.abc import Callable
from typing import Final, Protocol

LOOK_EVERY_S: Final = 1.0  # somebody may stand before the screen and wait
FIRST_WITHIN_S: Final = (5.0, 30.0)  # after a start: the screen comes first
WITHIN_S: Final = 3_600.0
PAUSE_S: Final = 10.0  # after a round that left something; doubles
PAUSE_MOST_S: Final = 900.0
ASKED_APART_S: Final = 2.0
NEWS_APART_S: Final = 3.0  # however often the office says that there is some
NEWS_AT_ONCE: Final = 12  # times so often, and from then on only each
NEWS_EACH_S: Final = 20.0
UP_WITHIN_S: Final = 20.0  # a fleet whose line is back does not come in one moment
MUST_ACT: Final = 2
_ASK: Final = ".ask"  # wire/local.py, which would bring its shapes along
_log = logging.getLogger("anjungan.submissions")


class Running(Protocol):
    """What the errand needs of a process."""

    def poll(self) -> int | None: ...
    def kill(self) -> None: ...


class Errand:
    """`start` gets the child's further words; None: not now, ask again soon.

    `trouble`: one sentence for a technician, or none.
    """

    def __init__(
        self,
        tray: str,
        asks: str,
        sync_s: float,
        start: Callable[[tuple[str, ...]], Running | None],
        *,
        monotonic: Callable[[], float],
        rng: random.Random,
    ) -> None:
        self._ring, self._asks, self._sync_s = f"{tray}/ring", asks, sync_s
        self._start, self._monotonic, self._rng = start, monotonic, rng
        self._running: Running | None = None
        self._kill_at = self._asked_at = 0.0
        self._sync_at = self._again_at = monotonic() + rng.uniform(*FIRST_WITHIN_S)
        self._rung = self._heard = self._rings()
        self._failures, self._left, self._up = 0, False, False
        self._new, self._new_at, self._spent = False, 0.0, 0.0
        self._owed = False  # the news was not fetched when it was meant to be
        self.trouble = ""

    def due(self) -> float:
        """When `tick` wants to be called, in monotonic seconds."""
        return self._monotonic() + LOOK_EVERY_S

    def tick(self, *, up: bool) -> None:
        """`up`: the office is heard, so a round is likely to reach it."""
        now = self._monotonic()
        if up and not self._up:
            self._again_at = min(self._again_at, now + self._rng.uniform(0.0, UP_WITHIN_S))
        self._up = up
        if self._running is not None:
            self._watch(self._running, now)
        elif words := self._reason(now):
            self._begin(words[1:], now)

    def news(self) -> bool:
        """The office has some: it is fetched soon, and not because somebody says so all the time.

        From any thread. True when it was not known yet: `tick` is wanted now.
        """
        known, self._new = self._new, True
        return not known

    def stop(self) -> None:
        """The child ends with the agent: wherever it is cut, it goes on from there."""
        if self._running is not None:
            self._running.kill()
            self._running = None

    def _reason(self, now: float) -> tuple[str, ...]:
        """Why it runs now, and the child's words; () when it does not."""
        if now >= self._sync_at or (self._new and now >= self._new_at):
            return ("news",)
        if now >= self._asked_at and self._asked():
            return ("asked", "--asked")
        self._rung = self._rings()
        waits = self._left or self._rung != self._heard
        if waits and (now >= self._again_at or not (self._left or self._failures)):
            return ("news",) if self._owed else ("rung", "--asked")
        return ()

    def _begin(self, words: tuple[str, ...], now: float) -> None:
        self._asked_at = now + ASKED_APART_S
        rings = self._rings()
        try:
            self._running = self._start(words)
        except OSError as error:
            self._ended(f"what brings records away cannot be started: {error}", now)
            self._sync_at = max(self._sync_at, self._again_at)
            return
        if self._running is None:
            return
        self._heard = rings
        self._owed |= not words
        if not words:
            self._fetched(now)
            self._sync_at = now + self._sync_s * self._rng.uniform(0.9, 1.1)
        self._kill_at = now + WITHIN_S

    def _fetched(self, now: float) -> None:
        if self._new:
            self._new = False
            self._spent = max(self._spent, now) + NEWS_EACH_S
            used_up = self._spent - NEWS_AT_ONCE * NEWS_EACH_S
            self._new_at = max(now + NEWS_APART_S, used_up)

    def _watch(self, running: Running, now: float) -> None:
        code = running.poll()
        if code is None:
            if now >= self._kill_at:
                _log.warning("what brings records away hangs and is ended")
                running.kill()
            return
        self._running = None
        self._left = code != 0
        self._owed &= self._left
        known = code in (0, 75)
        self._ended("" if known else self._why(code), now)

    def _why(self, code: int) -> str:
        if code == MUST_ACT:
            return "what citizens handed in cannot be brought away: somebody must act"
        return f"what brings records away ended with code {code}"

    def _ended(self, trouble: str, now: float) -> None:
        """A line that is gone is tried more and more seldom; one that comes back at once."""
        self._failures = self._failures + 1 if self._left or trouble else 0
        pause_s = min(PAUSE_S * 2.0 ** min(self._failures, 10), PAUSE_MOST_S, self._sync_s)
        self._again_at = now + pause_s * self._rng.uniform(0.8, 1.2)
        if trouble and trouble != self.trouble:
            _log.warning("%s", trouble)
        self.trouble = trouble

    def _asked(self) -> bool:
        try:
            return any(name.endswith(_ASK) for name in os.listdir(self._asks))  # noqa: PTH208 - 0.2 MiB
        except OSError:
            return False

    def _rings(self) -> int:
        """0 before the first ring."""
        try:
            return os.stat(self._ring).st_mtime_ns  # noqa: PTH116 - as above
        except OSError:
            return 0
