"""The office's connections to the broker: one session for each partition it reads.

The only office file that knows the MQTT client. Owns the sessions, what was received and is not
yet acknowledged, and when to connect again. All sessions are served by one selector in the
caller's thread. A session's name belongs to its partition, not to the controller: a successor
inherits what its predecessor had not acknowledged, and the broker itself ends a zombie's session.
"""

import selectors
import ssl
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from controller.dispatch import Outgoing
from controller.ingest import Incoming
from wire.topics import office_filter

MOST_WAITING = 4_000  # what is not read stays with the broker
AT_ONCE = 200  # read from one session before the others have their turn
RETRY_S = (0.25, 3.0)
CONNECT_S = 5.0
TCP_S = 2.0
KEEPALIVE_S = 30
RECEIVE_MAXIMUM = 200
EXPIRY_S = 7 * 86_400
LATE_MS = 10_000  # so long after a silence a message may be older than it looks


class Door(NamedTuple):
    """Where the broker is. `tls` None: only for a broker on this machine."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    user: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Token(NamedTuple):
    """By which one message is acknowledged. Worthless once its session has ended."""

    session: "Session"
    mid: int
    qos: int


class Session:
    """One connection for one partition, never used again after it ended.

    A fresh client for each: the client's numbers of an old connection mean other messages in a
    new one. `up` once subscribed; `down` tells why it ended.
    """

    def __init__(
        self,
        partition: int,
        door: Door,
        selector: selectors.BaseSelector,
        deliver: Callable[[Incoming], None],
        wall: Callable[[], int],
    ) -> None:
        self.up = False
        self.down: str | None = None
        self.wants_write = False
        self._partition = partition
        self._door = door
        self._selector = selector
        self._deliver = deliver
        self._wall = wall
        self._paused = False
        self._socket: Any = None
        self._deadline = 0.0
        self._fresh_at = 0
        self._client = self._new_client()

    def connect(self, deadline: float) -> None:
        """Knock. Sets `down` when nobody is there; otherwise `up` follows, or `judge` ends it."""
        self._deadline = deadline
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = EXPIRY_S
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        try:
            self._client.connect(
                self._door.host,
                self._door.port,
                KEEPALIVE_S,
                clean_start=False,
                properties=properties,
            )
        except (OSError, ValueError) as error:
            self.down = f"cannot connect: {error}"

    def read(self, most: int) -> None:
        """Read until nothing comes. TLS may hold back what the selector cannot see."""
        for _ in range(most):
            before = self._count
            self._client.loop_read()
            sock = self._socket
            hidden = sock is not None and isinstance(sock, ssl.SSLSocket) and sock.pending()
            if self._count == before and not hidden:
                return

    def write(self) -> None:
        self._client.loop_write()

    def misc(self) -> None:
        """Keep-alive. Once a second."""
        self._client.loop_misc()

    def judge(self, now: float) -> None:
        if not self.up and self.down is None and now > self._deadline:
            self.down = "the broker does not answer"

    def acknowledge(self, mid: int, qos: int) -> None:
        if self.up and self.down is None:
            self._client.ack(mid, qos)

    def publish(self, topic: str, payload: bytes, qos: int) -> bool:
        return self._client.publish(topic, payload, qos).rc == 0

    def behind(self) -> None:
        self._fresh_at = self._wall() + LATE_MS

    def pause(self, *, paused: bool) -> None:
        """Stop or resume reading: what is not read stays with the broker."""
        self._paused = paused
        self._watch()

    def close(self) -> None:
        """End the connection; the broker keeps the session for whoever reads the partition next."""
        was_up, self.up = self.up, False
        self.down = self.down or "closed"
        if was_up:
            self._client.disconnect()
            self._client.loop_write()
        self._client.on_disconnect = None
        sock = self._client.socket()
        if sock is not None:
            self._forget(None, None, sock)
            sock.close()

    _count = 0

    def _new_client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"office-p{self._partition:02d}",
            protocol=MQTTProtocolVersion.MQTTv5,
            manual_ack=True,
        )
        client.connect_timeout = TCP_S
        if self._door.user:
            client.username_pw_set(self._door.user)
        if self._door.tls is not None:
            client.tls_set_context(self._door.tls)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_socket_open = self._on_socket
        client.on_socket_close = self._forget
        client.on_socket_register_write = self._on_want_write
        client.on_socket_unregister_write = self._on_written
        return client

    def _on_connect(
        self, client: Client, _data: Any, _flags: Any, code: ReasonCode, _props: Any
    ) -> None:
        if code.is_failure:
            self.down = f"the broker refuses us: {code}"
            return
        self.behind()
        # Always again, also when the broker says it remembers: some forget subscriptions.
        client.subscribe(office_filter(self._partition), qos=1)

    def _on_subscribe(
        self, _client: Client, _data: Any, _mid: int, codes: list[ReasonCode], _props: Any
    ) -> None:
        self._count += 1
        refused = [code for code in codes if code.is_failure]
        if refused:
            self.down = f"the broker refuses our subscription: {refused[0]}"
        else:
            self.up = True

    def _on_disconnect(
        self, _client: Client, _data: Any, _flags: Any, code: ReasonCode, _props: Any
    ) -> None:
        self.up = False
        self.down = self.down or f"disconnected: {code}"

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        """Never raises: an exception in a callback would end the client without a word."""
        self._count += 1
        received = self._wall()
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        token = Token(self, message.mid, message.qos)
        late = received < self._fresh_at
        self._deliver(Incoming(topic, bytes(message.payload), received, late, token))

    def _on_socket(self, _client: Client, _data: Any, sock: Any) -> None:
        self._socket = sock
        self._watch()

    def _forget(self, _client: Any, _data: Any, _sock: Any) -> None:
        if self._socket is not None and self._events():
            self._selector.unregister(self._socket)
        self._socket = None

    def _on_want_write(self, _client: Client, _data: Any, _sock: Any) -> None:
        self.wants_write = True
        self._watch()

    def _on_written(self, _client: Client, _data: Any, _sock: Any) -> None:
        self.wants_write = False
        self._watch()

    def _events(self) -> int:
        known = self._selector.get_map().get(self._socket)
        return known.events if known is not None else 0

    def _watch(self) -> None:
        if self._socket is None:
            return
        reads = 0 if self._paused else selectors.EVENT_READ
        wanted = reads | (selectors.EVENT_WRITE if self.wants_write else 0)
        watched = self._events()
        if wanted == watched:
            return
        if not watched:
            self._selector.register(self._socket, wanted, self)
        elif not wanted:
            self._selector.unregister(self._socket)
        else:
            self._selector.modify(self._socket, wanted, self)


@dataclass
class State:
    """`since` in office milliseconds."""

    up: bool
    why: str
    since: int


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
        self._wanted: frozenset[int] = frozenset()
        self._sessions: dict[int, Session] = {}
        self._retry_at = 0.0
        self._delay = RETRY_S[0]
        self._misc_at = 0.0
        self._paused = False
        self.inbox: deque[Incoming] = deque()
        self.drops = 0
        self.state = State(up=False, why="not connected yet", since=wall())

    @property
    def up(self) -> frozenset[int]:
        return frozenset(p for p, session in self._sessions.items() if session.up)

    def want(self, partitions: frozenset[int]) -> None:
        """Read these partitions and no others. Sessions of others are closed at once."""
        self._wanted = partitions
        gone = [p for p in self._sessions if p not in partitions]
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
            session: Session = key.data
            if events & selectors.EVENT_READ:
                session.read(AT_ONCE)
            if events & selectors.EVENT_WRITE:
                session.write()
        self._look_after()
        return self.up - before

    def acknowledge(self, stored: Iterable[Incoming]) -> None:
        """Tell the broker these are ours now. What came by a session that ended is left to it."""
        for one in stored:
            one.token.session.acknowledge(one.token.mid, one.token.qos)

    def send(self, mail: Iterable[Outgoing]) -> int:
        """How many were handed to a session that is up; the rest is dropped, kiosks ask again."""
        sent = 0
        for one in mail:
            session = self._sessions.get(one.partition)
            if session is not None and session.up:
                sent += session.publish(one.topic, one.payload, one.qos)
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
        self.want(frozenset())
        self._selector.close()

    def _connect(self) -> None:
        """One knocks, the others follow when it was let in: a dead address costs one wait."""
        now = self._monotonic()
        if self._paused or now < self._retry_at:
            return
        missing = sorted(self._wanted - self._sessions.keys())
        for partition in missing if self.up else missing[:1]:
            if not self.up and self._sessions:
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
        if self.up == self._wanted and not self.state.up:
            self._delay = RETRY_S[0]
            self.state = State(up=True, why="", since=self._wall())

    def _lost(self, partition: int, why: str) -> None:
        self._sessions.pop(partition).close()
        self.drops += 1
        self._retry_at = self._monotonic() + self._delay
        self._delay = min(self._delay * 2, RETRY_S[1])
        if self.state.up or self.state.why != why:
            since = self._wall() if self.state.up else self.state.since
            self.state = State(up=False, why=why[:300], since=since)

    def _pause(self, *, paused: bool) -> None:
        if paused != self._paused:
            self._paused = paused
            for session in self._sessions.values():
                session.pause(paused=paused)
