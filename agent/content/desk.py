"""What the resident agent has to do with releases: keep what is wanted, start the child, pass on.

Owns the child (`python -m agent.content`): when it runs, that it learns of something new, and that
it ends when it hangs. Owns what is said of releases: what is in use with each birth, how far one
is, and the child's reports as facts. Fetches nothing, switches nothing and imports none of it: that
is the child's, which is gone when its work is done.
Called from two threads: the line's (what is said and heard) and the process's own (`tick`).
"""

import logging
import math
import random
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from agent.content import told, wanted
from agent.content.progress import Progress, Way
from agent.content.taken import Taker
from agent.content.told import AGENT_NEW, DONE, LATER, MUST_ACT, Told, Trial
from wire.messages import Desired
from wire.policy import Time
from wire.wants import Want, Wants

FIRST_WITHIN_S: Final = (5.0, 30.0)  # after a start or a birth: the screen comes first
WATCH_EVERY_S: Final = 2.0
PAUSE_S: Final = 60.0  # after an end that was none; doubles
PAUSE_MOST_S: Final = 3600.0
RARELY_S: Final = 6 * 3600.0
DAILY_S: Final = 24 * 3600.0
LEAVE_WITHIN_S: Final = 900.0  # asked to, it leaves at its next safe point
SILENT_MOST_S: Final = 7200.0
AGAIN_APART_S: Final = 3600.0  # the same fact for an office that has forgotten it
_log = logging.getLogger("anjungan.content")


class Running(Protocol):
    """What the desk needs of a process."""

    def poll(self) -> int | None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


class Office(Protocol):
    """What the desk asks of those who know the office's keys and its time."""

    def open_wants(self, message: Desired) -> Wants | None: ...
    def office_keys(self) -> frozenset[str]:
        """Names of the keys by which the office is believed now."""
        ...

    def office_time(self) -> tuple[Time | None, int, float]:
        """What is known now, the floor (ms), and CLOCK_BOOTTIME (s)."""
        ...


class Installer(NamedTuple):
    """What the desk touches of the process around it. All return at once.

    `start` gets the line for the child's standard input; None: not now, ask again soon. `restart`
    wants another process of the agent; `wake` wants `tick` to be called soon. `release`: of the
    agent that runs, 0 for what was installed by hand.
    """

    start: Callable[[bytes], Running | None]
    restart: Callable[[], None]
    wake: Callable[[], None]
    release: int = 0


class Desk:
    """`folder` is <state_dir>/content; `in_use` tells what stands in the slots.

    `wake_line`: there is something to say. `trouble` is one sentence for a technician, or nothing.
    """

    def __init__(
        self,
        folder: Path,
        in_use: Callable[[], Mapping[str, int]],
        office: Office,
        taker: Taker,
        installer: Installer,
        *,
        wake_line: Callable[[], None],
        monotonic: Callable[[], float],
        rng: random.Random,
    ) -> None:
        self._folder = folder
        self._in_use = in_use
        self._office = office
        self._taker = taker
        self._installer = installer
        self._wake_line = wake_line
        self._monotonic = monotonic
        self._rng = rng
        self._lock = threading.Lock()
        self._kept = wanted.read(folder)
        self._progress = Progress(folder / "status.json")
        self._running: Running | None = None
        self._kill_at = math.inf
        idle = not self._kept.wants and not in_use()
        self._due = math.inf if idle else monotonic() + rng.uniform(*FIRST_WITHIN_S)
        self._look_at = math.inf
        self._anew = False
        self._failures = 0
        self._later = False
        self._reached = False
        self._forgotten: set[str] = set()
        self._not_again: dict[str, float] = {}
        self._unkept = ""
        self.trouble = ""

    # The line's thread.

    def in_use(self) -> dict[str, int]:
        """For a birth. Whoever connects may fetch, too: what waited for the network goes on."""
        with self._lock:
            if self._later:
                self._hurry(self._rng.uniform(*FIRST_WITHIN_S))
        return dict(self._in_use())

    def heard(self, message: Desired) -> None:
        """What the office desires, if it is the office that says so."""
        wants = self._office.open_wants(message)
        if wants is None:
            return
        with self._lock:
            before = self._kept
            believed = wanted.believed(before, self._office.office_keys())
            kept = wanted.merged(believed, wants, message.key)
            if kept != before and not self._keep(kept):
                return  # the office says it again until it hears of it
            for want in wants.wants:
                if want in kept.wants:
                    self._answer(want, fresh=want not in before.wants)
            if kept != before:
                self._hurry(0.0)
        self._installer.wake()

    def acknowledged(self) -> None:
        """The office has stored something that this process said."""
        with self._lock:
            first, self._reached = not self._reached, True
            if first and self._installer.release:  # perhaps on trial: this is what it has to prove
                self._hurry(0.0)

    @property
    def has_news(self) -> bool:
        return self._progress.has_news

    def take_news(self) -> Way | None:
        with self._lock:
            return self._progress.take()

    # The process's own thread.

    def due(self) -> float:
        """When `tick` has something to do although nothing happens (monotonic seconds)."""
        return min(self._due, self._look_at)

    def tick(self) -> None:
        """Starts the child, watches it, and passes on what it says."""
        with self._lock:
            now = self._monotonic()
            if self._running is not None:
                self._due = now + WATCH_EVERY_S
                self._watch(self._running, now)
            elif now >= self._due:
                self._start(now)
            self._look_at = math.inf
            forgotten, self._forgotten = self._forgotten, set()
        news = self._taker.take()
        for bundle in forgotten:
            news = self._taker.again(bundle) or news
        if news or self._progress.has_news:
            self._wake_line()

    def stop(self) -> None:
        """The child ends with the agent: wherever it is cut, it goes on from there."""
        with self._lock:
            running, self._running, self._due = self._running, None, math.inf
        if running is not None:
            running.kill()

    def _keep(self, kept: wanted.Kept) -> bool:
        try:
            wanted.write(self._folder, kept)
        except OSError as error:
            self._unkept = f"what the office desires cannot be kept: {error}"
            return False
        self._unkept = ""
        self._kept = kept
        return True

    def _answer(self, want: Want, *, fresh: bool) -> None:
        """So that the office need not ask again: how far it is, or once more how it ended."""
        last = self._taker.last.get(want.bundle)
        ended = last is not None and (last.seq, last.attempt) == (want.seq, want.attempt)
        if fresh or not ended:
            self._progress.heard(want)
        elif (now := self._monotonic()) >= self._not_again.get(want.bundle, -math.inf):
            self._not_again[want.bundle] = now + AGAIN_APART_S
            self._forgotten.add(want.bundle)
            self._look_at = now

    def _hurry(self, within_s: float) -> None:
        """A child that runs has read what was wanted before; it leaves, and comes again."""
        self._later = False
        now = self._monotonic()
        if self._running is None:
            self._due = min(self._due, now + within_s)
        elif not within_s:
            self._anew = True
            self._kill_at = min(self._kill_at, now + LEAVE_WITHIN_S)
            self._running.terminate()

    def _start(self, now: float) -> None:
        try:
            self._running = self._installer.start(self._told())
        except OSError as error:
            self._say(f"what installs releases cannot be started: {error}")
            self._failures += 1
            self._due = now + self._pause_s()
            return
        self._due = now + WATCH_EVERY_S  # also when it was refused a place just now
        self._kill_at = now + SILENT_MOST_S

    def _told(self) -> bytes:
        time, floor, t = self._office.office_time()
        return told.write(
            Told(
                time=(time.earliest, time.latest, t) if time else None,
                floor=floor,
                trial=Trial(self._installer.release, self._reached),
                taken=self._taker.number,
            )
        )

    def _watch(self, running: Running, now: float) -> None:
        code = running.poll()
        spoke = self._progress.look(now)  # after its end: its last word counts
        if code is not None:
            self._running, self._kill_at = None, math.inf
            self._ended(code, now)
        elif spoke and not self._anew:
            self._kill_at = now + SILENT_MOST_S
        elif now >= self._kill_at:
            _log.warning("what installs releases hangs and is ended")
            running.kill()

    def _ended(self, code: int, now: float) -> None:
        if code == AGENT_NEW:
            self._installer.restart()
        good = code in (DONE, LATER, AGENT_NEW) or self._anew
        self._failures = 0 if good else self._failures + 1
        self._later = code == LATER
        self._due = now if self._anew else now + self._rest_s(code) * self._rng.uniform(1.0, 1.1)
        self._anew = False
        self._say("" if good else self._why(code))

    def _rest_s(self, code: int) -> float:
        """Until the child runs again, by itself."""
        usual = {DONE: DAILY_S, LATER: PAUSE_S, MUST_ACT: RARELY_S, AGENT_NEW: RARELY_S}
        if code not in usual:
            return self._pause_s()
        status = self._progress.status
        if status is None or status.again_s is None:
            return usual[code]
        return min(max(status.again_s, 1.0), DAILY_S)

    def _why(self, code: int) -> str:
        status = self._progress.status
        if code == MUST_ACT:
            return f"releases: {status.why if status and status.why else 'somebody must act'}"
        return f"what installs releases ended with code {code}"

    def _pause_s(self) -> float:
        return float(min(PAUSE_S * 2.0 ** min(self._failures, 10), PAUSE_MOST_S))

    def _say(self, trouble: str) -> None:
        trouble = self._unkept or trouble
        if trouble and trouble != self.trouble:
            _log.warning("%s", trouble)
        self.trouble = trouble
