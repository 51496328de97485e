"""One connection of the office to the broker: the session of one partition, or a scout.

The only office file that knows the MQTT client. Owns one connection from its knock to its end, and
how a message in it is acknowledged; `sessions` owns which there are, and when to connect again.
A session's name belongs to its partition, not to the controller: a successor inherits what its
predecessor had not acknowledged, and the broker itself ends a zombie's session.
"""

import os
import selectors
import socket
import ssl
from collections.abc import Callable
from typing import Any, NamedTuple

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from controller.ingest import Incoming
from wire.topics import office_filter

SCOUT = -1  # instead of a partition: reads nothing, only finds out whether the broker is there
TCP_S = 2.0
KEEPALIVE_S = 30
RECEIVE_MAXIMUM = 200
EXPIRY_S = 0xFFFFFFFF  # never by itself; why: docs/adr/0009
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
    """One connection for one partition (or SCOUT), never used again after it ended.

    A fresh client for each: the client's numbers of an old connection mean other messages in a
    new one. `up` once subscribed (a scout: once let in); `down` tells why it ended.
    `stands_since`: office milliseconds; whatever it brings was brought after that moment.
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
        self.stands_since = 0
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
        if self._partition != SCOUT:
            properties.SessionExpiryInterval = EXPIRY_S
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        try:
            self._client.connect(
                self._door.host,
                self._door.port,
                KEEPALIVE_S,
                clean_start=self._partition == SCOUT,
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
            client_id=_name(self._partition),
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
        self.stands_since = self._wall()
        self.behind()
        if self._partition == SCOUT:
            self._count += 1
            self.up = True
            return
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
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            # Small words must not wait for the answer to the word before.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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


def _name(partition: int) -> str:
    """A scout's name is nobody else's: two of one name would throw each other out."""
    return (
        f"office-scout-{os.urandom(4).hex()}" if partition == SCOUT else f"office-p{partition:02d}"
    )
