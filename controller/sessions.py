"""All connections of this controller to the broker: one session for each partition it reads.

Owns which sessions there are, what was received and is not yet acknowledged, and when to connect
again. All are served by one selector in the caller's thread. A controller that reads no partition
keeps a scout at the door, so that it knows whether it could.
"""

import contextlib
import math
import selectors
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from controller.dispatch import Outgoing
from controller.ingest import Incoming
from controller.link import SCOUT, Door, Session

MOST_WAITING = 4_000  # what is not read stays with the broker
AT_ONCE = 200  # read from one session before the others have their turn
RETRY_S = (0.25, 3.0)
CONNECT_S = 5.0


@dataclass
class State:
    """`since` in office milliseconds; 0 before the broker was first reached."""

    up: bool
    why: str
    since: int


class Ear(Protocol):
    """Something else that wakes the loop, e.g. the bell. `fileno` may change, -1 for none."""

    def fileno(self) -> int: ...
    def read(self, most: int) -> None: ...


class Link:
    """`wall` gives office milliseconds, `monotonic` seconds."""

    def __init__(
        self,
        door: Door,
        wall: Callable[[], int],
        monotonic: Callable[[], float],
        *,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._door = door
        self._wall = wall
        self._monotonic = monotonic
        self._most = most_waiting
        self._selector = selectors.DefaultSelector()
        self._wanted = frozenset({SCOUT})
        self._sessions: dict[int, Session] = {}
        self._retry_at = 0.0
        self._delay = RETRY_S[0]
        self._misc_at = 0.0
        self._paused = False
        self.inbox: deque[Incoming] = deque()
        self.drops = 0
        self.state = State(up=False, why="not connected yet", since=0)
        self._deaf_from = -math.inf
        self._ears: dict[int, Ear] = {}

    @property
    def up(self) -> frozenset[int]:
        """The partitions that are heard."""
        return self._up - {SCOUT}

    @property
    def deaf_s(self) -> float:
        """For how long we have not heard the broker; for ever before it was first reached."""
        return 0.0 if self.state.up else self._monotonic() - self._deaf_from

    def want(self, partitions: frozenset[int]) -> None:
        """Read these partitions and no others. Sessions of others are closed at once."""
        self._wanted = partitions or frozenset({SCOUT})
        gone = [p for p in self._sessions if p not in self._wanted]
        for partition in gone:
            self._sessions.pop(partition).close()
        if gone:
            left = [one for one in self.inbox if one.token.session.down is None]
            self.inbox.clear()  # the same deque: sessions deliver into it
            self.inbox.extend(left)

    def poll(self, timeout_s: float) -> frozenset[int]:
        """Read and write what can be, for at most so long. Returns who came up meanwhile."""
        before = self.up
        self._pause(paused=len(self.inbox) >= self._most)
        self._connect()
        for key, events in self._selector.select(timeout_s):
            if events & selectors.EVENT_READ:
                key.data.read(AT_ONCE)
            if events & selectors.EVENT_WRITE:
                key.data.write()
        for ear in set(self._ears.values()):  # one that broke gave its number back
            self.watch(ear)
        self._look_after()
        return self.up - before

    def watch(self, ear: Ear) -> None:
        """Wake up for this one, too. Called again when its `fileno` may have changed."""
        number = ear.fileno()
        for known in [known for known, one in self._ears.items() if one is ear and known != number]:
            del self._ears[known]
            with contextlib.suppress(KeyError, ValueError, OSError):
                self._selector.unregister(known)
        if number >= 0 and number not in self._ears:
            self._selector.register(number, selectors.EVENT_READ, ear)
            self._ears[number] = ear

    def stands_since(self, partition: int) -> int:
        """The moment before the first message of this partition's session, by the wall clock."""
        session = self._sessions.get(partition)
        return session.stands_since if session is not None else self._wall()

    def acknowledge(self, stored: Iterable[Incoming]) -> None:
        """Tell the broker these are ours now. What came by a session that ended is left to it."""
        for one in stored:
            one.token.session.acknowledge(one.token.mid, one.token.qos)

    def send(self, mail: Iterable[Outgoing]) -> int:
        """How many were handed to a session that is up; the rest is dropped, kiosks ask again.

        Written as far as the sockets take it: what the loop does next may last, and kiosks wait.
        """
        sent, told = 0, set()
        for one in mail:
            session = self._sessions.get(one.partition)
            if session is not None and session.up:
                sent += session.publish(one.topic, one.payload, one.qos)
                told.add(session)
        for session in told:
            session.write()
        return sent

    def behind(self) -> None:
        """What arrives in the next seconds may have waited for the office."""
        for session in self._sessions.values():
            session.behind()

    def flush(self, within_s: float) -> None:
        """Write out what was acknowledged, before the end."""
        deadline = self._monotonic() + within_s
        self._pause(paused=True)
        while any(s.wants_write for s in self._sessions.values()) and (
            self._monotonic() < deadline
        ):
            for key, events in self._selector.select(0.05):
                if events & selectors.EVENT_WRITE:
                    key.data.write()

    def close(self) -> None:
        for session in self._sessions.values():
            session.close()
        self._sessions.clear()
        self.inbox.clear()
        self._selector.close()

    @property
    def _up(self) -> frozenset[int]:
        return frozenset(p for p, session in self._sessions.items() if session.up)

    def _connect(self) -> None:
        """One knocks, the others follow when it was let in: a dead address costs one wait."""
        now = self._monotonic()
        if self._paused or now < self._retry_at:
            return
        missing = sorted(self._wanted - self._sessions.keys())
        for partition in missing if self._up else missing[:1]:
            if not self._up and self._sessions:
                return
            session = Session(
                partition, self._door, self._selector, self.inbox.append, self._wall
            )  # fmt: skip
            self._sessions[partition] = session
            session.connect(self._monotonic() + CONNECT_S)
            if session.down is not None:
                self._lost(partition, session.down)
                return

    def _look_after(self) -> None:
        now = self._monotonic()
        if now >= self._misc_at:
            self._misc_at = now + 1.0
            for session in self._sessions.values():
                session.misc()
        for partition, session in list(self._sessions.items()):
            session.judge(now)
            if session.down is not None:
                self._lost(partition, session.down)
        if self._up == self._wanted and not self.state.up:
            self._delay = RETRY_S[0]
            self.state = State(up=True, why="", since=self._wall())

    def _lost(self, partition: int, why: str) -> None:
        self._sessions.pop(partition).close()
        self.drops += 1
        self._retry_at = self._monotonic() + self._delay
        self._delay = min(self._delay * 2, RETRY_S[1])
        if self.state.up:
            self._deaf_from = self._monotonic()
        if self.state.up or self.state.why != why:
            since = self._wall() if self.state.up else self.state.since
            self.state = State(up=False, why=why[:300], since=since)

    def _pause(self, *, paused: bool) -> None:
        if paused != self._paused:
            self._paused = paused
            for session in self._sessions.values():
                session.pause(paused=paused)
