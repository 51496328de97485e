"""The controller's loop: read, store, acknowledge, answer; and between them what time demands.

Owns the order of these, and what happens when one of them fails: nothing is acknowledged that is
not stored, a database that is away is tried again each second with the same batch, and storage
that forgets ends the process. One thread; never blocks longer than a connect to the broker.
"""

import signal
import sys
from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Engine

from controller import changes
from controller.bell import Listener
from controller.commands.desk import Desk, Said
from controller.commands.upkeep import Upkeep
from controller.effects import Row
from controller.ingest import Incoming, Ingest
from controller.leases import DEAF_MS, STOPPED, Leases
from controller.memory import Memory
from controller.metrics import Counters
from controller.nudges import Nudges
from controller.rollouts.desk import Desk as RolloutDesk
from controller.sessions import Link
from controller.store import failures
from controller.store.engine import upsert, writing
from controller.store.tables import controller
from controller.timers import Timers

BATCH = 500
GATHER_S = 0.05  # a batch waits so long for company
HURRY_S = 0.01  # somebody waits for a result: at once, but not more often than this
URGENT = "/result"
IDLE_S = 0.2
RENEW_S = 2.0
EACH_SECOND = 1.0
CERTIFICATES_S = 300.0  # they grow old in weeks, and the question is a long one
JUMP_MS = 2_000  # no turn of the wall clock against the steady one is so large by itself


class Clocks(NamedTuple):
    """`wall` in milliseconds since 1970, `monotonic` in seconds."""

    wall: Callable[[], int]
    monotonic: Callable[[], float]


class Parts(NamedTuple):
    """Everything the loop moves; built by __main__."""

    name: str
    broker: str
    engine: Engine
    memory: Memory
    leases: Leases
    link: Link
    ingest: Ingest
    timers: Timers
    desk: Desk
    rollouts: RolloutDesk
    nudges: Nudges
    upkeep: Upkeep
    bell: Listener
    counters: Counters
    clocks: Clocks


class Worker:
    def __init__(self, parts: Parts, say: Callable[[str], None] | None = None) -> None:
        self._p = parts
        self._say = say or _to_stderr
        self._started = parts.clocks.wall()
        self._stopping = False
        self._gathering: float | None = None
        self._away: str | None = None  # why the database cannot be used
        self._due: dict[str, float] = {}
        self._heard = (0, False)  # connections lost so far, and whether the link is up
        self._slant = self._wall_less_monotonic()
        self._more = False  # the timers have more to do at once
        self._rung = 0  # bells answered
        self._look = False  # commands and releases are to be looked at now
        self._looked_over = 0  # messages of the inbox that were asked whether they are urgent
        self._urgent = False
        self._stored_at = 0.0
        self._link_state: tuple[bool, str] | None = None
        self._deaf_from: float | None = parts.clocks.monotonic()

    def stop(self, *_: Any) -> None:
        self._stopping = True

    def run(self) -> None:
        """Until `stop`. Raises StoreBroken when the process must not go on."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        while not self._stopping:
            self.turn()
        self.finish()

    def turn(self) -> None:
        """Once around."""
        link = self._p.link
        self._watch_clock()
        heard = (link.drops, link.state.up)
        if self._is_due("lease", RENEW_S) or heard != self._heard:
            self._heard = heard  # before knocking again: perhaps it is not ours any more
            self._guarded(self._renew)
        came_up = link.poll(self._timeout())
        for partition in sorted(came_up):
            now, since = self._p.clocks.wall(), link.stands_since(partition)
            call = self._p.timers.roll_calls.begin(partition, now, since=since)
            link.send([call])
        if link.inbox and self._ready():
            self._guarded(self._store)
        if self._away is None and (
            self._look or self._hears() or self._is_due("desk", EACH_SECOND)
        ):
            self._guarded(self._hand_out)
        if self._away is None and (self._more or self._is_due("timers", EACH_SECOND)):
            self._guarded(self._time)
        if self._is_due("status", EACH_SECOND):
            self._listen()
            self._guarded(self._status)

    def finish(self) -> None:
        """Store and acknowledge what is here, then give everything back."""
        while self._p.link.inbox and self._away is None:
            self._guarded(self._store)
        self._p.bell.close()
        self._p.link.watch(self._p.bell)
        self._p.link.flush(1.0)
        self._p.link.close()
        self._guarded(self._farewell)

    def _timeout(self) -> float:
        if self._p.link.inbox and self._away is None:
            if self._is_urgent():
                return HURRY_S / 4
            return 0.0 if len(self._p.link.inbox) >= BATCH else GATHER_S / 4
        return 0.0 if (self._more or self._look) and self._away is None else IDLE_S

    def _ready(self) -> bool:
        """A full batch, or one that has gathered for long enough; after a failure each second."""
        now = self._p.clocks.monotonic()
        if self._away is not None:
            return self._is_due("again", EACH_SECOND)
        if self._gathering is None:
            self._gathering = now
        if self._is_urgent() and now - self._stored_at >= HURRY_S:
            return True
        return len(self._p.link.inbox) >= BATCH or now - self._gathering >= GATHER_S

    def _is_urgent(self) -> bool:
        """Whether a result is among what waits. Each message is asked once."""
        inbox = self._p.link.inbox
        if self._looked_over > len(inbox):  # some were thrown away with their session
            self._looked_over, self._urgent = 0, False
        if not self._urgent and self._looked_over < len(inbox):
            fresh = islice(inbox, self._looked_over, None)
            self._urgent = any(one.topic.endswith(URGENT) for one in fresh)
        self._looked_over = len(inbox)
        return self._urgent

    def _store(self) -> None:
        link = self._p.link
        batch: list[Incoming] = list(islice(link.inbox, BATCH))
        done = self._p.ingest.take(batch)
        for _ in batch:
            link.inbox.popleft()
        self._gathering, self._urgent, self._looked_over = None, False, 0
        link.acknowledge(done.stored)
        link.send(done.mail)
        if done.lost:
            self._lose(done.lost)
        self._stored_at = self._p.clocks.monotonic()
        if done.born or done.answered:
            self._said(self._p.desk.greet(done.born, done.answered))
        if done.born:
            self._said(self._p.rollouts.greet(done.born))
        if len(link.inbox) >= BATCH:
            self._behind()

    def _hears(self) -> bool:
        return self._p.bell.rung != self._rung

    def _hand_out(self) -> None:
        """What is due, a slice of kiosks. While more is due, results have their turns."""
        rung = self._p.bell.rung
        self._p.counters.add("anjungan_bells_total", rung - self._rung)
        self._rung, self._look = rung, False
        for desk in (self._p.desk, self._p.rollouts, self._p.nudges):
            said = desk.look(self._p.link.up)
            self._said(said)
            self._look |= said.more

    def _said(self, said: Said) -> None:
        self._p.link.send(said.mail)
        if said.lost:
            self._lose(said.lost)

    def _time(self) -> None:
        self._more = self._p.timers.tick()
        if self._is_due("clerk", EACH_SECOND):
            self._look |= self._p.upkeep.tick()
            self._said(self._p.desk.tick(self._p.link.up))
            self._p.bell.tend()
            self._p.link.watch(self._p.bell)
        if self._is_due("prune", EACH_SECOND):
            self._p.timers.prune()
            self._p.upkeep.prune()
        if self._is_due("certificates", CERTIFICATES_S):
            self._p.timers.look_at_certificates()

    def _renew(self) -> None:
        p = self._p
        with writing(p.engine) as conn:
            renewal = p.leases.renew(conn, deaf=p.link.deaf_s * 1000 >= DEAF_MS)
        if renewal.lost:
            self._lose(renewal.lost)
        if renewal.excess:
            p.link.want(p.leases.held - renewal.excess)
            with writing(p.engine) as conn:
                p.leases.release(conn, renewal.excess)
            self._lose(renewal.excess)
        p.memory.forget_partitions(renewal.gained)
        p.link.want(p.leases.held)

    def _lose(self, partitions: frozenset[int]) -> None:
        self._p.link.want(self._p.leases.held)
        self._p.memory.forget_partitions(partitions)
        self._p.timers.roll_calls.drop(partitions)

    def _status(self, why: str | None = None) -> None:
        p, state = self._p, self._p.link.state
        with writing(p.engine, relaxed=True) as conn:  # said again in a second
            now = p.leases.now(conn)
            ago = p.clocks.wall() - state.since  # others compare it by the clock of the database
            row = {
                "name": p.name,
                "started_at": self._started,
                "heard_at": now,
                "link": "up" if state.up and why is None else "down",
                "link_why": why if why is not None else state.why,
                "link_since": now - ago if state.since else 0,
                "broker": p.broker[:120],
                "counters": self._counted(),
            }
            conn.execute(upsert(conn, controller, ("name",)), [row])
            if self._link_state != (state.up, state.why) or why is not None:
                changes.record(conn, "office", None, "link", now)
        self._link_state = (state.up, state.why)

    def _farewell(self) -> None:
        with writing(self._p.engine) as conn:
            self._p.leases.release(conn, self._p.leases.held)
        self._status(STOPPED)

    def _guarded(self, step: Callable[[], None]) -> None:
        """Run one step that needs the database; remember and say when it is away."""
        try:
            step()
        except Exception as error:  # noqa: BLE001 - sorted by what it means, raised when it is new
            self._gone(failures.absence(error))
            return
        # A lease fits where a batch does not: while messages wait, only storing them proves it.
        proof = self._store if self._p.link.inbox else self._renew
        if self._away is not None and step in (self._store, proof):
            self._back()

    def _gone(self, why: str) -> None:
        self._behind()
        if self._away is None:
            self._say(f"CANNOT STORE: {why}. Nothing is acknowledged; trying again each second.")
        self._away = why

    def _back(self) -> None:
        self._away = None
        self._behind()
        self._say("Storing again; nothing was lost.")

    def _behind(self) -> None:
        self._p.link.behind()
        self._p.timers.roll_calls.postpone(self._p.clocks.wall())

    def _watch_clock(self) -> None:
        """A clock that is set is no silence of the kiosks, nor a fault of their clocks."""
        slant = self._wall_less_monotonic()
        if abs(jump := slant - self._slant) > JUMP_MS:
            self._say(f"The office's clock jumped by {jump / 1000:+.0f} s.")
            self._p.counters.add("anjungan_clock_jumps_total")
            self._behind()
        self._slant = slant

    def _wall_less_monotonic(self) -> float:
        return self._p.clocks.wall() - self._p.clocks.monotonic() * 1000

    def _listen(self) -> None:
        """Count the time in which kiosks could say what they want and nobody would know."""
        now = self._p.clocks.monotonic()
        deaf = self._away is not None or not self._p.link.state.up
        if deaf and self._deaf_from is not None:
            self._p.counters.add("anjungan_deaf_seconds_total", now - self._deaf_from)
        self._deaf_from = now if deaf else None

    def _counted(self) -> Row:
        p = self._p
        p.counters.set("anjungan_leases", len(p.leases.held))
        p.counters.set("anjungan_sessions_up", len(p.link.up))
        p.counters.set("anjungan_kiosks_in_mind", len(p.memory))
        p.counters.set("anjungan_waiting_messages", len(p.link.inbox))
        return p.counters.snapshot()

    def _is_due(self, what: str, every_s: float) -> bool:
        now = self._p.clocks.monotonic()
        if now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + every_s
        return True


def _to_stderr(text: str) -> None:
    print(f"controller: {text}", file=sys.stderr, flush=True)  # noqa: T201 - its only voice
