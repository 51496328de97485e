"""A broker, played, with the office's link to it: what each keeps, and what each loses when killed.

Owns what Mosquitto owns: the office's session (kept until acknowledged), each kiosk's session (kept
until its PUBACK), who is connected. `Cut` counts the moments at which something may be ended; the
broker's own moments are those at which it has just taken or is about to give a message. Knows
nothing of commands. The real Mosquitto is killed in tests/journeys/test_commands_office.py.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import partial
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Engine, event

from controller.bell import Listener
from controller.dispatch import Outgoing
from controller.ingest import Incoming
from controller.sessions import State
from wire import topics
from wire.codec import encode, kind_of
from wire.messages import Up

ALL: Final = frozenset(range(topics.PARTITIONS))
AWAY_TURNS: Final = 3
_HOUSEKEEPING: Final = ("lease", "telemetry", "controller")
Loss = Literal["lost", "kept", "old"]
"""What a killed broker has when it comes back: nothing, all, or an older copy of its queues."""


class Ended(BaseException):
    """Whoever was at it is dead at this very moment; as a kill, nothing in them holds it."""


class Cut:
    """Counts moments of the flow from `armed` on, and strikes at the `at`-th of them (from 1)."""

    def __init__(self, *at: int) -> None:
        self._at = at
        self.armed = False
        self.points: list[str] = []

    @property
    def struck(self) -> bool:
        return bool(self._at) and self._at[0] <= len(self.points)

    def strikes(self, what: str) -> bool:
        if not self.armed:
            return False
        self.points.append(what)
        return len(self.points) in self._at

    def at(self, what: str) -> None:
        """Raises Ended when this is the moment."""
        if self.strikes(what):
            raise Ended(what)


def watch(engine: Engine, who: str, cut: Callable[[], Cut]) -> None:
    """`cut` is asked before everything it writes about commands, and before commits of anything.

    A moment before a question is the same as the one before the next of these.
    """
    wrote: set[str] = set()  # one connection at a time

    def before(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        words = statement.split(None, 3)
        if words[0] in ("INSERT", "UPDATE", "DELETE"):
            wrote.add(table := words[1] if words[0] == "UPDATE" else words[2])
            if table not in _HOUSEKEEPING:
                cut().at(f"{who}: {words[0].lower()} {table}")

    def commit(_conn: Any) -> None:
        if wrote:
            cut().at(f"{who}: commit")

    event.listen(engine, "begin", lambda _conn: wrote.clear())
    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "commit", commit)


class Waiting(NamedTuple):
    """One message in the office's session."""

    number: int
    topic: str
    payload: bytes


class _Kept(NamedTuple):
    office: dict[int, Waiting]
    kiosks: dict[str, deque[Outgoing]]


class PlayedBroker:
    """`most`: how many messages wait for a kiosk that is away; more are dropped, as at Mosquitto.

    `old`: every so many messages it writes its queues down, for whoever kills it.
    """

    def __init__(self, cut: Cut | None = None, loss: Loss = "lost", most: int = 1000) -> None:
        self._cut, self._loss, self._most = cut or Cut(), loss, most
        self._kept = _Kept({}, defaultdict(deque))
        self._written = deepcopy(self._kept)
        self._number = 0
        self._away = 0
        self.here: set[str] = set()  # kiosks that are connected
        self.lives = 1

    @property
    def up(self) -> bool:
        return self._away == 0

    @property
    def quiet(self) -> bool:
        waiting = any(self._kept.kiosks[name] for name in self.here)
        return self.up and not self._kept.office and not waiting

    def turn(self) -> bool:
        """Whether it has just come back: everybody must connect again."""
        if self._away:
            self._away -= 1
            return self._away == 0
        return False

    def waiting(self) -> list[Waiting]:
        """All that the office has not acknowledged, in order."""
        return list(self._kept.office.values())

    def said(self, kiosk: str, messages: Iterable[Up]) -> None:
        for one in messages:
            if not self._stands(f"broker: {kind_of(one)} of a kiosk comes"):
                return
            self._number += 1
            topic = topics.up(kiosk, kind_of(one))
            self._kept.office[self._number] = Waiting(self._number, topic, encode(one))

    def acknowledged(self, number: int) -> None:
        if self._stands("broker: the office acknowledges"):
            self._kept.office.pop(number, None)

    def told(self, out: Outgoing) -> bool:
        kind = topics.kind_of_down(out.topic)
        if not self._stands(f"broker: {kind} of the office comes"):
            return False
        for name in self._addressed(out):
            queue = self._kept.kiosks[name]
            if name in self.here or (out.qos and len(queue) < self._most):
                queue.append(out)
        return True

    def give(self, kiosk: str, hear: Callable[[Outgoing], Iterable[Up]]) -> None:
        """Everything that waits for this kiosk; it answers, and then says that it has it."""
        queue = self._kept.kiosks[kiosk]
        while self.up and kiosk in self.here and queue:
            answers = list(hear(queue[0]))
            kind = topics.kind_of_down(queue[0].topic)
            if not self._stands(f"broker: a kiosk acknowledges {kind}"):
                return  # its answers go down with the connection
            queue.popleft()
            self.said(kiosk, answers)

    def _addressed(self, out: Outgoing) -> list[str]:
        name = out.topic.split("/")[3]
        if name != topics.EVERYONE:
            return [name]
        return [one for one in self._kept.kiosks if topics.partition_of(one) == out.partition]

    def join(self, kiosk: str) -> None:
        self.here.add(kiosk)
        self._kept.kiosks.setdefault(kiosk, deque())

    def _stands(self, what: str) -> bool:
        """Whether the broker is alive to do this; it may be killed at this moment."""
        if self.up and self._cut.strikes(what):
            self._die()
        elif self.up and self._number % 3 == 0:
            self._written = deepcopy(self._kept)
        return self.up

    def _die(self) -> None:
        self._away, self.lives = AWAY_TURNS, self.lives + 1
        self.here.clear()
        if self._loss == "lost":
            self._kept = _Kept({}, defaultdict(deque))
        elif self._loss == "old":
            self._kept = self._written


class PlayedLink:
    """The office's link, as controller/sessions.py has it, to a played broker.

    `buffered`: what was sent or acknowledged since the last poll goes down with the machine.
    """

    def __init__(
        self,
        broker: PlayedBroker,
        cut: Cut,
        wall: Callable[[], int],
        *,
        buffered: bool = False,
    ) -> None:
        self._broker, self._cut, self._wall = broker, cut, wall
        self._buffer: list[Callable[[], Any]] | None = [] if buffered else None
        self._life = 0
        self._seen = 0  # the last message taken in
        self._wanted: frozenset[int] = frozenset()
        self._bell: Listener | None = None
        self.up: frozenset[int] = frozenset()
        self.inbox: deque[Incoming] = deque()
        self.drops = 0
        self.state = State(up=False, why="not connected yet", since=0)

    @property
    def deaf_s(self) -> float:
        return 0.0

    def poll(self, _timeout_s: float) -> frozenset[int]:
        for act in self._buffer or ():
            act()
        if self._buffer:
            self._buffer.clear()
        before = self.up
        if self._life != self._broker.lives or not self._broker.up:
            self._lose()
            before = frozenset()
        if self._broker.up:
            self._life = self._broker.lives
            self.up = self._wanted
            self.state = State(up=bool(self.up), why="", since=self._wall())
            self._take_in()
        if self._bell is not None:
            self._bell.read()
        return self.up - before

    def acknowledge(self, stored: Iterable[Incoming]) -> None:
        for one in stored:
            self._cut.at("office: acknowledge")
            life, number = one.token
            if life == self._broker.lives:
                self._do(partial(self._broker.acknowledged, number))

    def send(self, mail: Iterable[Outgoing]) -> int:
        sent = 0
        for one in mail:
            self._cut.at(f"office: send {topics.kind_of_down(one.topic)}")
            if one.partition in self.up and self._life == self._broker.lives:
                self._do(partial(self._broker.told, one))
                sent += 1
        return sent

    def want(self, partitions: frozenset[int]) -> None:
        self._wanted = partitions
        self.up &= partitions

    def watch(self, ear: Listener) -> None:
        self._bell = ear

    def stands_since(self, _partition: int) -> int:
        return self._wall()

    def behind(self) -> None:
        """Nothing here is late."""

    def _do(self, act: Callable[[], Any]) -> None:
        if self._buffer is None:
            act()
        else:
            self._buffer.append(act)

    def _lose(self) -> None:
        if self.up:
            self.drops += 1
        self.up, self._seen = frozenset(), 0
        self.inbox.clear()
        self.state = State(up=False, why="the broker is away", since=self._wall())

    def _take_in(self) -> None:
        for one in self._broker.waiting():
            if one.number > self._seen and topics.parse_up(one.topic).partition in self.up:
                token = (self._life, one.number)
                letter = Incoming(one.topic, one.payload, self._wall(), late=False, token=token)
                self.inbox.append(letter)
                self._seen = one.number
