"""The resident agent's small chore: looks at its identity, and has it renewed when it is time.

Owns when `anjungan renew` runs and when the line connects anew; renews nothing itself and never
imports cryptography. Called every half minute or so by the thread that has nothing else to do.
A kiosk that only a new code can help asks once a day, and a fleet the broker refuses does not
storm the door: every try has its jitter and every failure its pause.
"""

import logging
import random
from collections.abc import Callable
from typing import Final, Protocol

from agent.identity import plan, root
from agent.identity.slots import Slot, Slots

LOOK_EVERY_S: Final = 3600.0
WITHIN_S: Final = 600.0  # for one run of the renewal
ANEW_WITHIN_S: Final = 600.0  # a renewed fleet does not come back in one moment
CALM_WITHIN_S: Final = 600.0  # and then so long at most until nothing is on its way
REFUSED_TIMES: Final = 2
REFUSED_JITTER_S: Final = 60.0
_log = logging.getLogger("anjungan.identity")


class Running(Protocol):
    """What the chore needs of a process."""

    def poll(self) -> int | None: ...
    def kill(self) -> None: ...


class Chore:
    """`trouble` is one sentence for the log and the office, empty when all is well."""

    def __init__(
        self,
        slots: Slots,
        start: Callable[[], Running],
        *,
        monotonic: Callable[[], float],
        wall_ms: Callable[[], int],
        rng: random.Random,
    ) -> None:
        self._slots, self._start = slots, start
        self._monotonic, self._wall_ms, self._rng = monotonic, wall_ms, rng
        self._running: Running | None = None
        self._kill_at = self._look_at = self._try_at = self._root_at = 0.0
        self._anew_at: float | None = None
        self._failures = 0
        self._refused = False
        self._serial = slots.serial()
        self.trouble = ""
        self._begin()

    def tick(self, *, up: bool, mistrusted: int, calm: bool) -> bool:
        """Whether the line should connect anew, now.

        `up`: whether it is connected; `mistrusted`: how often in a row the broker or we refused the
        other; `calm`: nothing that was sent waits for its acknowledgement.
        """
        now = self._monotonic()
        self._notice_refusal(now, refused=mistrusted >= REFUSED_TIMES)
        if self._running is not None:
            self._watch(self._running, now)
        elif now >= self._look_at:
            self._look(now)
        self._notice_change(now, up=up)
        if self._anew_at is None or now < self._anew_at:
            return False
        if not calm and now < self._anew_at + CALM_WITHIN_S:
            return False
        self._anew_at = None
        return True

    def stop(self) -> None:
        if self._running is not None:
            self._running.kill()

    def _begin(self) -> None:
        """What an earlier life was told to wait for, this one waits for too."""
        state = self._slots.state()
        if state.needs_code:
            waited_s = (self._wall_ms() - state.tried_at) / 1000
            self._try_at = self._monotonic() + min(max(plan.DAY_S - waited_s, 0.0), plan.DAY_S)

    def _notice_refusal(self, now: float, *, refused: bool) -> None:
        if refused and not self._refused:
            self._look_at = min(self._look_at, now + self._rng.random() * REFUSED_JITTER_S)
            if not self._slots.state().needs_code:
                self._try_at = min(self._try_at, self._look_at)
        self._refused = refused

    def _notice_change(self, now: float, *, up: bool) -> None:
        """Somebody has put another identity there: our own renewal, or a technician.

        A line that is down may be waiting for minutes; somebody stands there and looks.
        """
        serial = self._slots.serial()
        if serial == self._serial:
            return
        self._serial = serial
        self._anew_at = now + self._rng.random() * ANEW_WITHIN_S if up else now
        self._look_at, self._try_at, self._failures = now, 0.0, 0

    def _look(self, now: float) -> None:
        self._look_at = now + LOOK_EVERY_S
        slot = self._slots.current()
        if slot is None:
            self._say("no identity, or a damaged one: a technician must type anjungan join")
            return
        reason = self._reason(slot) or self._lacks_root(now)
        if not reason:
            self._say("")
        elif now < self._try_at:
            self._look_at = min(self._look_at, self._try_at)
            self._say_state()
        else:
            _log.info("asking the office: %s", reason)
            self._running = self._start()
            self._kill_at = now + WITHIN_S

    def _reason(self, slot: Slot) -> str:
        state, about = self._slots.state(), slot.about
        if state.needs_code:
            return "perhaps the office has changed its mind"
        used = state.used == about.serial
        now = self._wall_ms() + state.clock_off_ms
        seen = plan.Seen(about.kiosk, about.not_before, about.not_after, used, now)
        reason = plan.reason_to_ask(seen, refused=self._refused)
        if not reason and not slot.policy.exists():
            return "no policy for commands has come with our identity"
        return reason

    def _lacks_root(self, now: float) -> str:
        """An office that has no releases is asked for its root once a day."""
        if now < self._root_at or root.path_of(self._slots.state_dir).exists():
            return ""
        self._root_at = now + plan.DAY_S
        return "no root of releases has come with our identity"

    def _watch(self, running: Running, now: float) -> None:
        if running.poll() is None and now >= self._kill_at:
            _log.warning("the renewal did not end within %.0f s", WITHIN_S)
            running.kill()
        code = running.poll()
        if code is None:
            return
        self._running = None
        # A broker that refuses us although the office does not: asked about more and more seldom.
        self._failures = self._failures + 1 if code or self._refused else 0
        self._say_state()
        self._try_at = now + self._pause_s()
        self._look_at = now if self._serial != self._slots.serial() else self._try_at

    def _pause_s(self) -> float:
        if self._slots.state().needs_code:
            return plan.DAY_S * self._rng.uniform(0.9, 1.1)
        if not self._failures:
            return LOOK_EVERY_S
        return plan.pause_s(self._failures, urgent=self._refused, jitter=self._rng.random())

    def _say_state(self) -> None:
        state = self._slots.state()
        if state.needs_code:
            self._say(f"this identity is over, a technician must bring a new code: {state.why}")
        else:
            self._say(state.why and f"the identity could not be renewed: {state.why}")

    def _say(self, trouble: str) -> None:
        if trouble and trouble != self.trouble:
            _log.warning("%s", trouble)
        self.trouble = trouble
